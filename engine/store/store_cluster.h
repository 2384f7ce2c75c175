/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_cluster.h: clusters of clients: who asks for all nodes of one, and
 * whether anybody is in it.
 */
#ifndef LEASEHOLD_STORE_STORE_CLUSTER_H
#define LEASEHOLD_STORE_STORE_CLUSTER_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stdint.h>

struct cluster_row {
	int64_t leader;			/* client row */
	const char *leader_name;
	int64_t until;
};

/* FAULT_NOT_FOUND when nobody was named, or the one that was is in it no more. */
enum fault store_cluster_load(struct cluster_row *out, struct arena *arena, struct store *store, const char *name) MUST_CHECK;
/* Is any client but "except" in it? */
enum fault store_cluster_has_others(bool *out, struct store *store, const char *name, int64_t except) MUST_CHECK;

/* For the ledger only: */
enum fault store_cluster_save(struct store *store, const char *name, int64_t leader, int64_t until) MUST_CHECK;
enum fault store_cluster_delete(struct store *store, const char *name) MUST_CHECK;

#endif
