/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_auto_lease.h: units that a license client took by itself while it
 * could not reach its server, kept until they were reported to it.
 */
#ifndef LEASEHOLD_STORE_STORE_LINK_AUTO_LEASE_H
#define LEASEHOLD_STORE_STORE_LINK_AUTO_LEASE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/auto_lease.h"
#include "engine/store/store_link.h"

struct link_auto_lease_row {
	int64_t id;
	const char *feature;
	int64_t units;
	int64_t from, to;	/* by the server's clock; "to" 0 = still in use */
	int64_t taken_at;	/* "from", or that of the row which this is the rest of */
};

/* By id: the order in which they are reported. */
enum fault store_link_auto_lease_list(struct link_auto_lease_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* What decides whether more may be taken of a feature, and for how long what was taken counts. "feature" with all its parts, expired ones too (server_now 0). */
struct auto_lease_contact store_link_auto_lease_contact(const struct link_row *link, const struct link_feature_row *feature);
/* Units in use of a feature. */
int64_t store_link_auto_lease_units(const struct link_auto_lease_row *rows, size_t count, const char *feature);

/* Inside this room only: written for the ledger. */
enum fault store_link_auto_lease_insert(struct store *store, const struct link_auto_lease_row *row) MUST_CHECK;
/* More units for one that began at this very instant. */
enum fault store_link_auto_lease_grow(struct store *store, int64_t id, int64_t units) MUST_CHECK;
/* Ends one; it is deleted when it never lasted. */
enum fault store_link_auto_lease_end(struct store *store, const struct link_auto_lease_row *row, int64_t to) MUST_CHECK;
/* Those that were reported. */
enum fault store_link_auto_lease_forget(struct store *store, int64_t last_id) MUST_CHECK;
enum fault store_link_auto_lease_delete_all(struct store *store) MUST_CHECK;

#endif
