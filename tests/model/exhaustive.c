/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhaustive.c: small worlds of at most three clients, six units and four
 * instants, each explored breadth-first: every step from every state that can
 * be reached, on the shipped rules and on the plain model, with all
 * invariants. FULL=1 in the environment explores the large ones, too.
 *
 * Two states are the same when nothing that follows could tell them apart:
 * documents and rows count by their place, not by their number, and clients
 * may change places.
 */
#include "tests/model/duel.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS_MAX 3
#define UNITS_MAX   6
#define COUNTS_MAX  4
#define INSTANTS    4
#define BLOB_MAX    4096
#define STEPS_MAX   64

struct counts {
	int64_t reserved, increment, maximum;
};

struct world {
	const char *name;
	bool is_large;
	size_t clients;
	int64_t
	    lost; /* answers of one client that may be lost one after the other */
	int64_t permanent,
	    subscription; /* units; the latter end for good at the third instant */
	int64_t hours[INSTANTS];
	size_t count_count;
	struct counts counts[COUNTS_MAX];
	bool is_all_permanent; /* the second license, too */
	bool may_change, may_delete, may_lose, may_recall, is_strict;
};

static const struct world worlds[] = {
	{ .name = "one client, counts that change, deleted and added again",
	    .clients = 1,
	    .lost = 1,
	    .permanent = 6,
	    .hours = { 0, 24, 48, 264 },
	    .count_count = 2,
	    .counts = { { 2, 2, 6 }, { 0, 3, 6 } },
	    .may_change = true,
	    .may_delete = true },
	{ .name = "one client, surrenders, recalls and lost licenses",
	    .clients = 1,
	    .lost = 1,
	    .permanent = 2,
	    .subscription = 2,
	    .hours = { 0, 24, 48, 264 },
	    .count_count = 1,
	    .counts = { { 2, 2, 6 } },
	    .may_lose = true,
	    .may_recall = true },
	{ .name = "two clients, a license that ends",
	    .clients = 2,
	    .lost = 1,
	    .permanent = 3,
	    .subscription = 2,
	    .hours = { 0, 24, 48, 72 },
	    .count_count = 1,
	    .counts = { { 1, 2, 5 } } },
	{ .name = "two clients, a license that is lost",
	    .clients = 2,
	    .lost = 1,
	    .permanent = 2,
	    .subscription = 2,
	    .is_all_permanent = true,
	    .hours = { 0, 12, 24, 36 },
	    .count_count = 1,
	    .counts = { { 0, 2, 4 } },
	    .may_lose = true },
	{ .name = "three clients, two units",
	    .clients = 3,
	    .lost = 1,
	    .permanent = 2,
	    .hours = { 0, 24, 48, 240 },
	    .count_count = 1,
	    .counts = { { 0, 1, 1 } } },
	{ .name = "one client, counts that change, two answers lost",
	    .is_large = true,
	    .clients = 1,
	    .lost = 2,
	    .permanent = 6,
	    .hours = { 0, 24, 48, 264 },
	    .count_count = 2,
	    .counts = { { 2, 2, 6 }, { 0, 3, 6 } },
	    .may_change = true,
	    .may_delete = true },
	{ .name = "one client, surrenders, recalls, lost licenses and answers",
	    .is_large = true,
	    .clients = 1,
	    .lost = 2,
	    .permanent = 2,
	    .subscription = 2,
	    .hours = { 0, 24, 48, 264 },
	    .count_count = 1,
	    .counts = { { 2, 2, 6 } },
	    .may_lose = true,
	    .may_recall = true },
	{ .name = "two clients, counts that change",
	    .is_large = true,
	    .clients = 2,
	    .lost = 1,
	    .permanent = 4,
	    .hours = { 0, 24, 48, 240 },
	    .count_count = 2,
	    .counts = { { 2, 2, 4 }, { 0, 2, 4 } },
	    .may_change = true },
	{ .name = "two clients, six units, strict membership",
	    .is_large = true,
	    .clients = 2,
	    .lost = 1,
	    .permanent = 3,
	    .subscription = 3,
	    .hours = { 0, 24, 48, 264 },
	    .count_count = 2,
	    .counts = { { 0, 3, 6 }, { 2, 2, 4 } },
	    .is_strict = true },
	{ .name = "two clients, licenses that are lost, counts that change",
	    .is_large = true,
	    .clients = 2,
	    .lost = 1,
	    .permanent = 2,
	    .subscription = 2,
	    .hours = { 0, 12, 24, 36 },
	    .count_count = 2,
	    .counts = { { 0, 2, 4 }, { 2, 0, 2 } },
	    .may_change = true,
	    .may_lose = true },
	{ .name = "two clients, surrenders and recalls",
	    .is_large = true,
	    .clients = 2,
	    .lost = 1,
	    .permanent = 2,
	    .hours = { 0, 24, 48, 240 },
	    .count_count = 1,
	    .counts = { { 1, 1, 3 } },
	    .may_recall = true },
	{ .name = "three clients",
	    .is_large = true,
	    .clients = 3,
	    .lost = 1,
	    .permanent = 3,
	    .hours = { 0, 24, 48, 240 },
	    .count_count = 1,
	    .counts = { { 1, 1, 2 } } },
};

static struct duel duel;
static const struct world *world;

/* ---- a state as bytes ---- */

struct blob {
	uint8_t bytes[BLOB_MAX];
	size_t size;
};

static void
put(struct blob *blob, int64_t value)
{
	assert(value >= -128 && value < 128 && blob->size < BLOB_MAX);
	blob->bytes[blob->size++] = (uint8_t)(int8_t)value;
}

static int64_t
get(const struct blob *blob, size_t *at)
{
	return (int8_t)blob->bytes[(*at)++];
}

/* Instants are whole twelves of hours. */
static int64_t
half_days(int64_t at)
{
	assert((at - DUEL_START) % (12 * MODEL_HOUR) == 0);
	return (at - DUEL_START) / (12 * MODEL_HOUR);
}

static int64_t
from_half_days(int64_t half)
{
	return DUEL_START + half * 12 * MODEL_HOUR;
}

/* A sheet by its rank among those of its client, 0 = none. */
static int64_t
rank_of(const struct model_client *c, int64_t sheet)
{
	int64_t seen[MODEL_PIECES], rank = 1;
	size_t count = 0;

	for (size_t i = 0; i < c->document_count; i++)
		for (size_t n = 0; n < c->documents[i].lease.count; n++) {
			int64_t other = c->documents[i].lease.pieces[n].sheet;
			size_t k = 0;

			while (k < count && seen[k] != other)
				k++;
			if (k < count)
				continue;
			seen[count++] = other;
			rank += other < sheet;
		}
	return rank;
}

static void
put_lease(struct blob *blob, const struct model_client *c,
    const struct model_lease *lease)
{
	put(blob, (int64_t)lease->count);
	for (size_t i = 0; i < lease->count; i++) {
		const struct model_piece *piece = &lease->pieces[i];

		put(blob, piece->is_reserved + 2 * piece->is_lapsing);
		put(blob, piece->units + 8 * piece->subscription);
		put(blob, half_days(piece->granted));
		put(blob, half_days(piece->expires));
		put(blob, half_days(piece->believed));
		put(blob, rank_of(c, piece->sheet));
	}
}

static void
get_lease(struct model_lease *lease, const struct blob *blob, size_t *at)
{
	lease->count = (size_t)get(blob, at);
	for (size_t i = 0; i < lease->count; i++) {
		struct model_piece *piece = &lease->pieces[i];
		int64_t flags = get(blob, at), units = get(blob, at);

		*piece = (struct model_piece){
			.is_reserved = flags & 1,
			.is_lapsing = flags & 2,
			.units = units & 7,
			.subscription = units >> 3,
		};
		piece->granted = from_half_days(get(blob, at));
		piece->expires = from_half_days(get(blob, at));
		piece->believed = from_half_days(get(blob, at));
		piece->sheet = get(blob, at);
	}
}

static void
put_rows(struct blob *blob, const struct book_client *b, int64_t oldest)
{
	put(blob, (int64_t)b->row_count);
	for (size_t i = 0; i < b->row_count; i++) {
		const struct book_row *row = &b->rows[i];
		const struct lease_part *part = &row->part;

		put(blob, part->kind + 2 * part->is_lapsing);
		put(blob, part->size);
		put(blob, part->count);
		put(blob, part->subscription);
		put(blob, half_days(part->granted));
		put(blob, half_days(part->expires));
		put(blob,
		    (row->first > oldest ? row->first : oldest) - b->number);
		put(blob, row->last == BOOK_LIVE ? 2 : row->last - b->number);
	}
}

static void
get_rows(struct book_client *b, const struct blob *blob, size_t *at)
{
	b->row_count = (size_t)get(blob, at);
	for (size_t i = 0; i < b->row_count; i++) {
		struct book_row *row = &b->rows[i];
		int64_t flags = get(blob, at);

		row->part = (struct lease_part){
			.id = (int64_t)i + 1,
			.kind = flags & 1 ? LEASE_PART_QUANTUM
					  : LEASE_PART_RESERVED,
			.is_lapsing = flags & 2,
		};
		row->part.size = get(blob, at);
		row->part.count = get(blob, at);
		row->part.subscription = get(blob, at);
		row->part.granted = from_half_days(get(blob, at));
		row->part.expires = from_half_days(get(blob, at));
		row->first = b->number + get(blob, at);
		row->last = get(blob, at);
		row->last = row->last == 2 ? BOOK_LIVE : b->number + row->last;
	}
}

/* Which of the world's counts a client has. */
static int64_t
counts_of(const struct model_client *c)
{
	for (size_t i = 0; i < world->count_count; i++)
		if (world->counts[i].reserved == c->reserved &&
		    world->counts[i].increment == c->increment &&
		    world->counts[i].maximum == c->maximum)
			return (int64_t)i;
	return 0;
}

/* Numbers start anew where the next to be told apart is 9. */
#define NUMBER 8

static void
put_client(struct blob *blob, size_t who)
{
	const struct model_client *c = &duel.model.clients[who];
	const struct book_client *b = &duel.book.clients[who];
	int64_t stored = duel.stored[who] - c->number;

	put(blob, c->is_there);
	if (!c->is_there)
		return;
	put(blob, c->is_deleted);
	put(blob, counts_of(c));
	/* Nothing stored is as good as what was never numbered. */
	put(blob, duel.stored[who] == 0 ? -NUMBER : stored);
	put_lease(blob, c, &c->lease);
	put(blob, (int64_t)c->document_count);
	for (size_t i = 0; i < c->document_count; i++) {
		put(blob, c->documents[i].number - c->number);
		put_lease(blob, c, &c->documents[i].lease);
	}
	put_rows(blob, b, duel.confirmed[who]);
	put(blob,
	    duel.confirmed[who] == 0 ? -NUMBER
				     : duel.confirmed[who] - c->number);
}

static void
get_client(const struct blob *blob, size_t *at, size_t who)
{
	struct model_client *c = &duel.model.clients[who];
	struct book_client *b = &duel.book.clients[who];
	const struct counts *counts;

	c->is_there = b->is_there = get(blob, at);
	if (!c->is_there)
		return;
	c->is_deleted = b->is_deleted = get(blob, at);
	c->is_member = b->is_member = false;
	counts = &world->counts[get(blob, at)];
	c->reserved = counts->reserved;
	c->increment = counts->increment;
	c->maximum = counts->maximum;
	b->allocation = (struct allocation){ c->reserved, c->increment,
		c->maximum };
	c->expires = b->expires = MODEL_NEVER;
	c->number = b->number = NUMBER;
	duel.stored[who] = NUMBER + get(blob, at);
	get_lease(&c->lease, blob, at);
	c->document_count = (size_t)get(blob, at);
	for (size_t i = 0; i < c->document_count; i++) {
		c->documents[i].number = NUMBER + get(blob, at);
		get_lease(&c->documents[i].lease, blob, at);
	}
	get_rows(b, blob, at);
	duel.confirmed[who] = NUMBER + get(blob, at);
}

static int
compare_blobs(const void *a, const void *b)
{
	const struct blob *left = a, *right = b;
	int order = memcmp(left->bytes, right->bytes,
	    left->size < right->size ? left->size : right->size);

	return order ? order
		     : (left->size > right->size) - (left->size < right->size);
}

static void
put_state(struct blob *out)
{
	struct blob clients[CLIENTS_MAX];

	for (size_t i = 0; i < world->clients; i++) {
		clients[i].size = 0;
		put_client(&clients[i], i);
	}
	qsort(clients, world->clients, sizeof(clients[0]), compare_blobs);
	out->size = 0;
	put(out, half_days(duel.model.now));
	put(out, half_days(duel.loss_over));
	put(out, duel.model.recalling + 8 * duel.model.surrendered);
	put(out, duel.is_unsettled);
	put(out, duel.model.licenses[0].is_there);
	put(out, duel.model.licenses[1].is_there);
	for (size_t i = 0; i < world->clients; i++) {
		assert(out->size + clients[i].size <= BLOB_MAX);
		memcpy(
		    out->bytes + out->size, clients[i].bytes, clients[i].size);
		out->size += clients[i].size;
	}
}

/* ---- worlds ---- */

static const struct duel_step lose_permanent = { DUEL_LOSE, 0, 0, 0, 0, 0 };
static const struct duel_step lose_subscription = { DUEL_LOSE, 1, 0, 0, 0, 0 };

/* The licenses of a new world. */
static struct {
	struct model_license model[MODEL_LICENSES];
	struct license book[BOOK_LICENSES];
	size_t count;
} fresh;

/* A new world, with its licenses. The subscription's grace ends at the third instant. */
static void
begin(void)
{
	const int64_t days = world->hours[2] / 24;
	const struct duel_step permanent = {
		.kind = DUEL_LICENSE, .a = world->permanent, .b = -1
	};
	const struct duel_step subscription = { .kind = DUEL_LICENSE,
		.who = 1,
		.a = world->subscription,
		.b = days - 41,
		.c = 10,
		.d = !world->is_all_permanent };

	duel_init(&duel);
	if (!duel_step(&duel, &permanent) ||
	    (world->subscription > 0 && !duel_step(&duel, &subscription)))
		abort();
	duel.model.is_strict = duel.book.is_strict = world->is_strict;
	memcpy(fresh.model, duel.model.licenses, sizeof(fresh.model));
	memcpy(fresh.book, duel.book.licenses, sizeof(fresh.book));
	fresh.count = duel.book.license_count;
}

static void
set_state(const struct blob *blob)
{
	bool has_permanent, has_subscription;
	size_t at = 0;
	int64_t units;

	memcpy(duel.model.licenses, fresh.model, sizeof(fresh.model));
	memcpy(duel.book.licenses, fresh.book, sizeof(fresh.book));
	duel.book.license_count = fresh.count;
	duel.model.now = duel.book.now = from_half_days(get(blob, &at));
	duel.loss_over = from_half_days(get(blob, &at));
	units = get(blob, &at);
	duel.model.recalling = duel.book.recalling = units & 7;
	duel.model.surrendered = duel.book.surrendered = units >> 3;
	duel.is_unsettled = get(blob, &at);
	has_permanent = get(blob, &at);
	has_subscription = get(blob, &at);
	if (!has_permanent)
		duel_lose(&duel, 0);
	if (!has_subscription)
		duel_lose(&duel, 1);
	for (size_t i = 0; i < world->clients; i++)
		get_client(blob, &at, i);
	duel.model.sheets = duel.book.ids = MODEL_PIECES;
	assert(at == blob->size);
}

static size_t
add_step(struct duel_step *steps, size_t count, struct duel_step step)
{
	assert(count < STEPS_MAX);
	steps[count] = step;
	return count + 1;
}

static size_t
steps_of_client(struct duel_step *steps, size_t count, size_t who)
{
	const struct model_client *c = &duel.model.clients[who];

	if (!c->is_there || world->may_change)
		for (size_t i = 0; i < world->count_count; i++)
			count = add_step(steps, count,
			    (struct duel_step){ DUEL_SAVE, who,
				world->counts[i].reserved,
				world->counts[i].increment,
				world->counts[i].maximum, 0 });
	if (!c->is_there || c->is_deleted)
		return count;
	for (int64_t users = 0; users <= UNITS_MAX; users++) {
		count = add_step(steps, count,
		    (struct duel_step){ DUEL_ASK, who, users, 0, 0, 0 });
		if (c->number - duel.stored[who] < world->lost ||
		    (duel.stored[who] <= 0 &&
			(int64_t)c->document_count < world->lost))
			count = add_step(steps, count,
			    (struct duel_step){
				DUEL_ASK, who, users, 1, 0, 0 });
	}
	if (duel.stored[who] != c->number && c->document_count > 0)
		count = add_step(steps, count,
		    (struct duel_step){ DUEL_REPEAT, who, 0, 0, 0, 0 });
	if (world->may_delete)
		count = add_step(steps, count,
		    (struct duel_step){ DUEL_DELETE, who, 0, 0, 0, 0 });
	return count;
}

static size_t
all_steps(struct duel_step *steps)
{
	int64_t hour = (duel.model.now - DUEL_START) / MODEL_HOUR;
	size_t count = 0;

	for (size_t i = 0; i + 1 < INSTANTS; i++)
		if (world->hours[i] == hour)
			count = add_step(steps, count,
			    (struct duel_step){ DUEL_PASS, 0,
				(world->hours[i + 1] - hour) * MODEL_HOUR, 0, 0,
				0 });
	for (size_t i = 0; i < world->clients; i++)
		count = steps_of_client(steps, count, i);
	if (world->may_lose) {
		count = add_step(steps, count, lose_permanent);
		count = add_step(steps, count, lose_subscription);
	}
	if (world->may_recall && duel.model.surrendered > 0) {
		count = add_step(steps, count,
		    (struct duel_step){ DUEL_RECALL, 0,
			duel.model.recalling ? 0 : 2, 0, 0, 0 });
		count = add_step(steps, count,
		    (struct duel_step){ DUEL_RETURN, 0, 0, 0, 0, 0 });
	} else if (world->may_recall) {
		count = add_step(steps, count,
		    (struct duel_step){ DUEL_SURRENDER, 0, 2, 0, 0, 0 });
	}
	return count;
}

/* ---- states seen, and those still to be explored ---- */

static struct {
	uint64_t (*slots)[2];
	size_t size, count;
} seen;

/* Blobs one behind the other, each after its size. */
struct queue {
	uint8_t *bytes;
	size_t used, size;
};

static void
digest(uint64_t out[2], const struct blob *blob)
{
	uint64_t a = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t b = UINT64_C(0xc2b2ae3d27d4eb4f);

	for (size_t i = 0; i < blob->size; i++) {
		a = (a ^ blob->bytes[i]) * UINT64_C(0x100000001b3);
		b = (b + blob->bytes[i]) * UINT64_C(0xff51afd7ed558ccd);
		b ^= b >> 29;
	}
	out[0] = (a ^ (a >> 31)) | 1;
	out[1] = b;
}

static uint64_t *
slot_of(const uint64_t key[2])
{
	size_t i = key[0] % seen.size;

	while (seen.slots[i][0] != 0 &&
	    memcmp(seen.slots[i], key, sizeof(seen.slots[i])) != 0)
		i = (i + 1) % seen.size;
	return seen.slots[i];
}

static void
grow_seen(void)
{
	uint64_t(*old)[2] = seen.slots;
	size_t size = seen.size;

	seen.size = size ? 2 * size + 1 : 65537;
	seen.slots = calloc(seen.size, sizeof(*seen.slots));
	if (!seen.slots)
		abort();
	for (size_t i = 0; i < size; i++)
		if (old[i][0] != 0)
			memcpy(slot_of(old[i]), old[i], sizeof(old[i]));
	free(old);
}

static bool
is_new(const struct blob *blob)
{
	uint64_t key[2], *slot;

	if (3 * seen.count >= 2 * seen.size)
		grow_seen();
	digest(key, blob);
	slot = slot_of(key);
	if (slot[0] != 0)
		return false;
	memcpy(slot, key, sizeof(key));
	seen.count++;
	return true;
}

static void
push(struct queue *queue, const struct blob *blob)
{
	uint16_t size = (uint16_t)blob->size;

	if (queue->used + blob->size + sizeof(size) > queue->size) {
		queue->size = 2 * queue->size + 1048576;
		queue->bytes = realloc(queue->bytes, queue->size);
		if (!queue->bytes)
			abort();
	}
	memcpy(queue->bytes + queue->used, &size, sizeof(size));
	memcpy(
	    queue->bytes + queue->used + sizeof(size), blob->bytes, blob->size);
	queue->used += blob->size + sizeof(size);
}

static size_t
pull(struct blob *blob, const struct queue *queue, size_t at)
{
	uint16_t size;

	memcpy(&size, queue->bytes + at, sizeof(size));
	blob->size = size;
	memcpy(blob->bytes, queue->bytes + at + sizeof(size), size);
	return at + sizeof(size) + size;
}

/* ---- exploring ---- */

static uint64_t transitions;

/* False when a step failed: it stands in *step, the state in "blob". */
static bool
explore_state(
    struct duel_step *step, struct queue *next, const struct blob *blob)
{
	struct duel_step steps[STEPS_MAX];
	struct blob after;
	size_t count;

	set_state(blob);
	count = all_steps(steps);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			set_state(blob);
		transitions++;
		if (!duel_step(&duel, &steps[i])) {
			*step = steps[i];
			return false;
		}
		put_state(&after);
		if (is_new(&after))
			push(next, &after);
	}
	return true;
}

/* Breadth-first, one round of steps after the other. */
static bool
explore(struct duel_step *failed, struct blob *where)
{
	struct queue now = { 0 }, next = { 0 };
	bool is_good = true;

	transitions = 0;
	begin();
	put_state(where);
	(void)is_new(where);
	push(&now, where);
	while (is_good && now.used > 0) {
		struct queue other = now;

		for (size_t at = 0; is_good && at < now.used;) {
			at = pull(where, &now, at);
			is_good = explore_state(failed, &next, where);
		}
		now = next;
		next = other;
		next.used = 0;
	}
	free(now.bytes);
	free(next.bytes);
	return is_good;
}

static void
forget_seen(void)
{
	free(seen.slots);
	memset(&seen, 0, sizeof(seen));
}

int
main(void)
{
	const char *full = getenv("FULL");
	bool is_full = full && *full == '1';
	struct duel_step failed;
	struct blob where;
	int tests = 0, bad = 0;

	for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
		bool is_good;

		world = &worlds[i];
		if (world->is_large && !is_full)
			continue;
		is_good = explore(&failed, &where);
		printf("%s %d - %s: %zu states, %" PRIu64 " transitions\n",
		    is_good ? "ok" : "not ok", ++tests, world->name, seen.count,
		    transitions);
		if (!is_good) {
			bad++;
			printf("# %s\n# after ", duel.why);
			duel_print(stdout, &failed);
		}
		(void)fflush(stdout);
		forget_seen();
	}
	printf("1..%d\n", tests);
	return bad ? 1 : 0;
}
