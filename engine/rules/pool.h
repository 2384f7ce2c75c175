/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.h: the units of one feature that a server may lend (rules.md 3). A
 * snapshot of sums, so that a decision never scans clients.
 */
#ifndef LEASEHOLD_RULES_POOL_H
#define LEASEHOLD_RULES_POOL_H

#include "engine/rules/instant.h"
#include <stdbool.h>
#include <stddef.h>

/* A foreseen fall of the total: at "at" it becomes "total". */
struct pool_fall {
	instant at;
	int64_t total;
	int64_t outlasting_others;	/* units of other clients that any document they may still hold is signed to give beyond "at" */
};

struct pool {
	int64_t total;		/* T now */
	int64_t held;		/* sum of held_i over all clients, this one included */
	int64_t held_own;	/* this client's share of "held"; 0 when nobody asks */
	int64_t leased_others;	/* sum of L over other clients, or of the most units of a document it may still hold, parts already not extended left out */
	const struct pool_fall *falls;	/* ascending by "at", borrowed */
	size_t fall_count;
	/* All 0 where they do not apply: */
	int64_t documented_others;	/* sum over other clients of the most units that any document they may still hold gives them; leased_others if that is more */
	int64_t kept_others;	/* sum over other clients of what they hold when every part already not extended ran out: max(R, L without those); leased_others if that is more */
	int64_t former_own;	/* of what the others hold: units that devices which this client had before may still use; its reservation covers them */
	int64_t recalling;	/* part of T that a recall waits for: not for new or extended quanta (rules.md 8.3) */
	/* Where units come from (rules.md 5): */
	int64_t subscription;	/* of T: units of subscription licenses; the rest is permanent */
	int64_t subscription_others;	/* units of other clients' unexpired live parts that draw on those */
	int64_t permanent_others;	/* and on the rest */
};

/* One client's held units now: max(R, most units of any lease document it may still hold); an expired configuration holds only what its documents still give. */
int64_t pool_held(int64_t reserved, int64_t documented, bool is_expired);
/* What of R is held beside "former" units that the client's replaced devices may still use: together they are never less than R. */
int64_t pool_reserved_beside(int64_t reserved, int64_t former);
/* T - sum of held; negative when over-allocated. */
int64_t pool_available(const struct pool *pool);
/* What this client's form may reserve: T - sum of held of the others, its own replaced devices not among them. */
int64_t pool_reservable(const struct pool *pool);
/* What of that could come from subscriptions, where only those are for the client. */
int64_t pool_reservable_subscription(const struct pool *pool);
/* What another device could lease at once in this client's place, while the present one may still use "documented" units; 0 when that is none. */
int64_t pool_replaceable(const struct pool *pool, int64_t documented);

#endif
