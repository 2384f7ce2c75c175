/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_throttle.h: slows down whoever guesses passwords, per client ID and
 * per address, and who is let in but asks without end, in memory of a fixed
 * size. Safe to call from many threads.
 */
#ifndef LEASEHOLD_CGI_LEASE_THROTTLE_H
#define LEASEHOLD_CGI_LEASE_THROTTLE_H

#include "engine/base/fault.h"
#include <pthread.h>
#include <stdint.h>

/* Failures that cost nothing: a client's own are slowed later than an address's, so that one guesser does not slow the client elsewhere. */
#define LEASE_THROTTLE_FREE_ADDRESS 10
#define LEASE_THROTTLE_FREE_CLIENT  30
/* The longest wait after a failure, and how long failures are remembered. */
#define LEASE_THROTTLE_WAIT_MAX_MS 60000
#define LEASE_THROTTLE_MEMORY_MS   900000

/* Whoever is answered, right or wrong: so many requests at once, then one in each such time. */
#define LEASE_THROTTLE_BURST   60
#define LEASE_THROTTLE_PACE_MS 1000

#define LEASE_THROTTLE_SETS 512
#define LEASE_THROTTLE_WAYS 8

enum lease_throttle_kind {
	LEASE_THROTTLE_CLIENT,
	LEASE_THROTTLE_ADDRESS, /* IPv6 by its /64 */
	/* For lease_throttle_spend() alone: of a client, or of an address. */
	LEASE_THROTTLE_PACE,
	LEASE_THROTTLE_PACE_ADDRESS,
	LEASE_THROTTLE__COUNT
};

struct lease_throttle_slot {
	uint64_t key;
	int64_t failed_ms; /* the last failure; of a pace, when its burst is whole again */
	int64_t failures;  /* 0 = unused */
};

struct lease_throttle {
	pthread_mutex_t lock;
	uint8_t secret[32]; /* so that nobody can aim at a slot */
	struct lease_throttle_slot slots[LEASE_THROTTLE__COUNT]
					[LEASE_THROTTLE_SETS]
					[LEASE_THROTTLE_WAYS];
};

enum fault lease_throttle_init(struct lease_throttle *throttle) MUST_CHECK;
void lease_throttle_clear(struct lease_throttle *throttle);
/* Milliseconds until the next attempt is welcome; 0 = now. "now_ms" is elapsed time. */
int64_t lease_throttle_wait(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms);
void lease_throttle_failed(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms);
/* One more request of that name, by its kind of pace: 0, or milliseconds until it is welcome, and then nothing is spent. */
int64_t lease_throttle_spend(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms);
/* Forgets the failures of that name. */
void lease_throttle_succeeded(struct lease_throttle *throttle,
    enum lease_throttle_kind kind, const char *name, int64_t now_ms);

#endif
