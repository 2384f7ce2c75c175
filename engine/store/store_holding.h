/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_holding.h: who holds what: every part of every lease that runs, and
 * of documents that are being given back.
 */
#ifndef LEASEHOLD_STORE_STORE_HOLDING_H
#define LEASEHOLD_STORE_STORE_HOLDING_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/lease.h"
#include "engine/store/store.h"

struct holding_row {
	int64_t client;
	const char *client_name, *feature;
	struct lease_part part;
	bool is_releasing;	/* given back, but a document that the client may hold still has it */
	bool is_client_deleted;
	bool is_device_replaced;	/* then the client goes on with another one; this row of it is deleted */
};

struct holding_filter {
	const char *client;	/* part of the Client ID, in any case; "" = all */
	const char *feature;	/* "" = all */
	int64_t offset, limit;
};

/* By client, feature, kind and age; *matching is how many there are in all. */
enum fault store_holding_list(struct holding_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct holding_filter *filter, int64_t now) MUST_CHECK;

#endif
