/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_pool_change.h: the history of every pool: T and what is held of it,
 * from each instant on (decision 0016).
 */
#ifndef LEASEHOLD_STORE_STORE_POOL_CHANGE_H
#define LEASEHOLD_STORE_STORE_POOL_CHANGE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/auto_lease.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stddef.h>

/* The newest row; *found false when there is none. */
enum fault store_pool_change_newest(struct auto_lease_change *out, bool *found, struct store *store, const char *feature) MUST_CHECK;
/* Ascending, from the one that held at "from" on. */
enum fault store_pool_change_list(struct auto_lease_change **out, size_t *count, struct arena *arena, struct store *store, const char *feature, int64_t from) MUST_CHECK;
/* One row per instant: the last one stands. */
enum fault store_pool_change_save(struct store *store, const char *feature, const struct auto_lease_change *change) MUST_CHECK;
/* Drops what was before the row that held at "from". */
enum fault store_pool_change_prune(struct store *store, const char *feature, int64_t from) MUST_CHECK;
/* Drops what lies behind "at", of every feature: the clock went back. */
enum fault store_pool_change_forget(struct store *store, int64_t at) MUST_CHECK;

/* A client of whose units something ended by itself within a span. */
struct pool_end {
	const char *feature;
	int64_t client;
	int64_t reserved;	/* R; 0 without an allocation */
	int64_t expires;	/* of its configuration */
};
/* Parts and configurations that ended in ("after", "until"], by feature; parts of a replaced device are those of the client that had it. */
enum fault store_pool_change_ends(struct pool_end **out, size_t *count, struct arena *arena, struct store *store, int64_t after, int64_t until) MUST_CHECK;

#endif
