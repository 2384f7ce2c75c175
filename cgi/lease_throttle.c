/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_throttle.c: a small set-associative table of failures. A full set
 * forgets the name with the fewest, so that a flood of names that fail once
 * does not push out one that fails all the time.
 */
#include "cgi/lease_throttle.h"

#include "engine/base/digest.h"
#include "engine/base/random.h"
#include "engine/base/secret.h"
#include <arpa/inet.h>
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define FIRST_WAIT_MS    1000
#define DOUBLINGS_MAX    16
#define NETWORK_V6_BYTES 8
#define ADDRESS_V6_BYTES 16
#define ADDRESS_V4_BYTES 4

struct place {
	struct lease_throttle_slot *set; /* of LEASE_THROTTLE_WAYS */
	uint64_t key;
};

enum fault
lease_throttle_init(struct lease_throttle *throttle)
{
	assert(throttle);
	memset(throttle, 0, sizeof(*throttle));
	if (pthread_mutex_init(&throttle->lock, NULL))
		return FAULT_MEMORY;
	return random_bytes(throttle->secret, sizeof(throttle->secret));
}

void
lease_throttle_clear(struct lease_throttle *throttle)
{
	assert(throttle);
	pthread_mutex_destroy(&throttle->lock);
	secret_wipe(throttle, sizeof(*throttle));
}

/* The bytes that stand for an address; 0 when it is none. */
static size_t
address_bytes(uint8_t out[ADDRESS_V6_BYTES], const char *text)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET, text, out) == 1)
		return ADDRESS_V4_BYTES;
	if (inet_pton(AF_INET6, text, out) != 1)
		return 0;
	if (memcmp(out, mapped, sizeof(mapped)) == 0) {
		memmove(out, out + sizeof(mapped), ADDRESS_V4_BYTES);
		return ADDRESS_V4_BYTES;
	}
	return NETWORK_V6_BYTES;
}

static bool
is_of_addresses(enum lease_throttle_kind kind)
{
	return kind == LEASE_THROTTLE_ADDRESS ||
	    kind == LEASE_THROTTLE_PACE_ADDRESS;
}

static struct place
place_of(struct lease_throttle *throttle, enum lease_throttle_kind kind,
    const char *name)
{
	uint8_t address[ADDRESS_V6_BYTES], digest[DIGEST_BYTES];
	struct place place = { throttle->slots[kind][0], 0 };
	const void *data = name;
	size_t bytes = 0;

	if (is_of_addresses(kind) &&
	    (bytes = address_bytes(address, name)))
		data = address;
	if (!bytes)
		bytes = strlen(name);
	if (digest_hmac(digest, throttle->secret, sizeof(throttle->secret),
		data, bytes))
		return place;
	memcpy(&place.key, digest, sizeof(place.key));
	place.set = throttle->slots[kind][place.key % LEASE_THROTTLE_SETS];
	return place;
}

static struct lease_throttle_slot *
find(const struct place *place, int64_t now_ms)
{
	struct lease_throttle_slot *slot;

	for (slot = place->set; slot < place->set + LEASE_THROTTLE_WAYS; slot++)
		if (slot->failures && slot->key == place->key &&
		    now_ms - slot->failed_ms < LEASE_THROTTLE_MEMORY_MS)
			return slot;
	return NULL;
}

/* The slot that is missed least. */
static struct lease_throttle_slot *
choose(const struct place *place, int64_t now_ms)
{
	struct lease_throttle_slot *slot, *best = place->set;

	for (slot = place->set; slot < place->set + LEASE_THROTTLE_WAYS;
	     slot++) {
		if (now_ms - slot->failed_ms >= LEASE_THROTTLE_MEMORY_MS)
			slot->failures = 0;
		if (slot->failures < best->failures ||
		    (slot->failures == best->failures &&
			slot->failed_ms < best->failed_ms))
			best = slot;
	}
	*best = (struct lease_throttle_slot){ .key = place->key };
	return best;
}

static int64_t
wait_after(enum lease_throttle_kind kind, int64_t failures)
{
	int64_t over = failures -
	    (kind == LEASE_THROTTLE_CLIENT ? LEASE_THROTTLE_FREE_CLIENT
					   : LEASE_THROTTLE_FREE_ADDRESS);
	int64_t wait;

	if (over < 0)
		return 0;
	if (over > DOUBLINGS_MAX)
		over = DOUBLINGS_MAX;
	wait = (int64_t)FIRST_WAIT_MS << over;
	return wait < LEASE_THROTTLE_WAIT_MAX_MS ? wait
						 : LEASE_THROTTLE_WAIT_MAX_MS;
}

int64_t
lease_throttle_wait(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms)
{
	struct lease_throttle_slot *slot;
	struct place place;
	int64_t left = 0;

	assert(throttle && kind < LEASE_THROTTLE__COUNT && name);
	place = place_of(throttle, kind, name);
	pthread_mutex_lock(&throttle->lock);
	if ((slot = find(&place, now_ms)))
		left = slot->failed_ms + wait_after(kind, slot->failures) -
		    now_ms;
	pthread_mutex_unlock(&throttle->lock);
	return left > 0 ? left : 0;
}

void
lease_throttle_failed(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms)
{
	struct lease_throttle_slot *slot;
	struct place place;

	assert(throttle && kind < LEASE_THROTTLE__COUNT && name);
	place = place_of(throttle, kind, name);
	pthread_mutex_lock(&throttle->lock);
	if (!(slot = find(&place, now_ms)))
		slot = choose(&place, now_ms);
	if (slot->failures < INT64_MAX)
		slot->failures++;
	slot->failed_ms = now_ms;
	pthread_mutex_unlock(&throttle->lock);
}

int64_t
lease_throttle_spend(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms)
{
	const int64_t most = (int64_t)LEASE_THROTTLE_BURST *
	    LEASE_THROTTLE_PACE_MS;
	struct lease_throttle_slot *slot;
	struct place place;
	int64_t whole_ms, wait;

	assert(throttle && name &&
	    (kind == LEASE_THROTTLE_PACE ||
		kind == LEASE_THROTTLE_PACE_ADDRESS));
	place = place_of(throttle, kind, name);
	pthread_mutex_lock(&throttle->lock);
	slot = find(&place, now_ms);
	whole_ms = slot && slot->failed_ms > now_ms ? slot->failed_ms : now_ms;
	whole_ms += LEASE_THROTTLE_PACE_MS;
	wait = whole_ms - now_ms - most;
	if (wait <= 0) {
		if (!slot)
			slot = choose(&place, now_ms);
		slot->failures = 1;
		slot->failed_ms = whole_ms;
	}
	pthread_mutex_unlock(&throttle->lock);
	return wait > 0 ? wait : 0;
}

void
lease_throttle_succeeded(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms)
{
	struct lease_throttle_slot *slot;
	struct place place;

	assert(throttle && kind < LEASE_THROTTLE__COUNT && name);
	place = place_of(throttle, kind, name);
	pthread_mutex_lock(&throttle->lock);
	if ((slot = find(&place, now_ms)))
		slot->failures = 0;
	pthread_mutex_unlock(&throttle->lock);
}
