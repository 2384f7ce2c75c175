/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_pool.h: the pool of a feature as sums (rules.md 3).
 */
#ifndef LEASEHOLD_STORE_STORE_POOL_H
#define LEASEHOLD_STORE_STORE_POOL_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/catalogue.h"
#include "engine/rules/pool.h"
#include "engine/store/store.h"

struct pool_row {
	const char *feature;
	int64_t installed;	/* T now, surrendered units included */
	int64_t reserved;	/* sum of R of live configurations */
	int64_t leased;		/* sum of L */
	int64_t held;		/* sum of held_i */
	int64_t available;	/* to lease: T - held, may be negative */
	int64_t unallocated;	/* unallocated maximum */
	int64_t clients;	/* with an allocation */
	int64_t surrendered;	/* of T: units of licenses that clients surrendered */
	int64_t recalling;	/* of those: units that a recall waits for */
	int64_t subscription;	/* of T: units of subscription licenses; the rest is permanent */
	int64_t subscription_drawn, permanent_drawn;	/* of L: where its units come from */
};

/* Every counted feature that has a license, an allocation or a lease, in catalogue order. */
enum fault store_pool_list(struct pool_row **out, size_t *count, struct arena *arena, struct store *store, const struct catalogue *catalogue, int64_t now) MUST_CHECK;
/* One of them, whether anything is there of it or not. "feature" is borrowed. */
enum fault store_pool_feature(struct pool_row *out, struct store *store, const char *feature, int64_t now) MUST_CHECK;
/* Snapshot for a decision about "client" (0 = nobody's, a new form). */
enum fault store_pool_load(struct pool *out, struct arena *arena, struct store *store, const char *feature, int64_t client, int64_t now) MUST_CHECK;
/* Who holds most of it, for a denial. */
struct pool_holder { const char *client; int64_t units; int64_t expires; };
enum fault store_pool_holders(struct pool_holder **out, size_t *count, struct arena *arena, struct store *store, const char *feature, int64_t client, size_t most, int64_t now) MUST_CHECK;
/* store_pool_next.c: the first "most" instants after "now" at which units come free when nobody renews: parts and configurations that run out, of everyone but "client" (0 = of all). */
struct pool_free { const char *client; int64_t at, units; };
enum fault store_pool_next_free(struct pool_free **out, size_t *count, struct arena *arena, struct store *store, const char *feature, int64_t client, size_t most, int64_t now) MUST_CHECK;

#endif
