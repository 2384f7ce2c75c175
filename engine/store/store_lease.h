/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_lease.h: inside this room only: the parts of leases as rows, and what
 * the lease documents made of them give a client (rules.md 3).
 *
 * Document number d of a client holds the rows with first <= d <= last; a row
 * without "last" is live: it stands in the newest document and in the next.
 * Closed rows that no document from the confirmed one on holds are deleted.
 */
#ifndef LEASEHOLD_STORE_STORE_LEASE_H
#define LEASEHOLD_STORE_STORE_LEASE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/lease.h"
#include "engine/store/store.h"

#define STORE_LEASE_LIVE INT64_MAX

struct lease_row {
	const char *feature;
	struct lease_part part;
	int64_t first;
	int64_t last;		/* STORE_LEASE_LIVE or the last document that holds it */
};

/* All rows of a client, expired ones too, by feature and age. */
enum fault store_lease_list(struct lease_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
/* The rows of one feature, a slice of such a list. */
const struct lease_row *store_lease_of(size_t *count, const struct lease_row *rows, size_t row_count, const char *feature);
/* L: units of live rows of one feature that have not expired. */
int64_t store_lease_units(const struct lease_row *rows, size_t count, int64_t now);
/* The most units of one feature that any document the client may still hold gives it at "now". */
int64_t store_lease_documented(const struct lease_row *rows, size_t count, int64_t now);

enum fault store_lease_insert(struct store *store, int64_t client, const char *feature, const struct lease_part *part, int64_t first) MUST_CHECK;
/* Takes the expiry of "part", which only ever grows, whether it lapses, and where its units come from. */
enum fault store_lease_extend(struct store *store, int64_t id, const struct lease_part *part) MUST_CHECK;
/* The clock stood still at "mark" and then leapt by so many seconds: who was told the time then counts from there on, so what was signed runs as much longer. */
enum fault store_lease_prolong(struct store *store, int64_t mark, int64_t seconds) MUST_CHECK;
/* The newest document, number "last", is the last that holds it. */
enum fault store_lease_close(struct store *store, int64_t id, int64_t last) MUST_CHECK;
enum fault store_lease_close_all(struct store *store, int64_t client, int64_t last) MUST_CHECK;
/* The client holds document "confirmed" and will never use an older one. */
enum fault store_lease_confirm(struct store *store, int64_t client, int64_t confirmed) MUST_CHECK;
/* Rows that ran out give nothing in any document. */
enum fault store_lease_delete_expired(struct store *store, int64_t client, int64_t now) MUST_CHECK;
/* At most "most" clients with rows that ran out. */
enum fault store_lease_expired_clients(int64_t **out, size_t *count, struct arena *arena, struct store *store, int64_t most, int64_t now) MUST_CHECK;

#endif
