/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_former.h: devices that a client had and that were replaced (decision
 * 0032). Each goes on as a deleted client of the same Client ID, which holds
 * what the documents signed for it still give, until they run out.
 */
#ifndef LEASEHOLD_STORE_STORE_FORMER_H
#define LEASEHOLD_STORE_STORE_FORMER_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include "engine/store/store_client.h"
#include <stddef.h>
#include <stdint.h>

/* What a replaced device may still use of one feature. */
struct former_row {
	const char *hardware_id;
	int64_t replaced_at;
	const char *feature;
	int64_t units;	/* more than 0 */
	int64_t until;	/* when the last of them runs out */
};
/* Of one client, by device and feature; those that have nothing left are not in it. */
enum fault store_former_list(struct former_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client, int64_t now) MUST_CHECK;

/* ---- inside this room only ---- */

/* The documents of one replaced device, as lease rows by feature. */
struct lease_row;
struct former_lease {
	struct lease_row *rows;
	size_t row_count;
};
/* Of every replaced device of one client. */
enum fault store_former_leases(struct former_lease **out, size_t *count, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
/* The most units of one feature that all of them together may use at "at". */
int64_t store_former_units(const struct former_lease *leases, size_t count, const char *feature, int64_t at);

/* The row of the device of that hardware ID; FAULT_NOT_FOUND when that is none, or nothing is left of it. */
enum fault store_former_find(int64_t *out, struct store *store, int64_t client, const char *hardware_id) MUST_CHECK;
/* A row for the client's present device, which holds nothing yet. */
enum fault store_former_insert(int64_t *out, struct store *store, int64_t client, int64_t now) MUST_CHECK;
/* Lease rows and surrendered licenses of one client are another's from now on. */
enum fault store_former_move(struct store *store, int64_t from, int64_t to) MUST_CHECK;
/* Writes the hardware ID and device key of "row", registered at row->changed_at; what the client wanted and was denied is forgotten. */
enum fault store_former_bind(struct store *store, const struct client_row *row) MUST_CHECK;

#endif
