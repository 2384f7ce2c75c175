/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_allocation.h: inside this room only: counts per client and feature,
 * and what the last sync denied. A row of zeros is no row.
 */
#ifndef LEASEHOLD_STORE_STORE_ALLOCATION_H
#define LEASEHOLD_STORE_STORE_ALLOCATION_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/allocation.h"
#include "engine/store/store.h"

struct allocation_row {
	const char *feature;
	struct allocation allocation;
};

/* By feature. */
enum fault store_allocation_list(struct allocation_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
/* The counts of one feature in such a list; zeros when it has none. */
struct allocation store_allocation_of(const struct allocation_row *rows, size_t count, const char *feature);
enum fault store_allocation_save(struct store *store, int64_t client, const char *feature, const struct allocation *allocation) MUST_CHECK;
enum fault store_allocation_delete_all(struct store *store, int64_t client) MUST_CHECK;

#endif
