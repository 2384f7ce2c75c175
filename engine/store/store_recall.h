/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_recall.h: on the server: may a surrendered license go back now, and
 * what of other clients stands in its way. One answer for the sync, the pages
 * and the command line.
 */
#ifndef LEASEHOLD_STORE_STORE_RECALL_H
#define LEASEHOLD_STORE_STORE_RECALL_H

#include "engine/store/store_pool.h"
#include "engine/store/store_surrendered.h"

struct recall_state {
	enum verdict verdict;	/* OK, RECALL_WAITS or RECALL_WAITS_RESERVED (rules/surrender.h) */
	struct verdict_numbers numbers;
	/* RECALL_WAITS_RESERVED: whose reservations are largest. RECALL_WAITS: the next units that come free when nobody renews. */
	struct surrendered_reserve *reserves;
	struct pool_free *frees;
	size_t reserve_count, free_count;
	const char *text;	/* all of that in sentences; "" when OK */
};

/* Names in a sentence, as many as it bears. */
#define RECALL_NAMES_MAX 5

/* Of a row that counts here or is being recalled; one that counts nowhere is in nobody's way. */
enum fault store_recall_load(struct recall_state *out, struct arena *arena, struct store *store, const struct surrendered_row *row, int64_t now) MUST_CHECK;

#endif
