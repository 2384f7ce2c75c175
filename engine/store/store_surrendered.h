/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_surrendered.h: licenses of clients that count on this server, as rows
 * (rules.md 8). What may be done with one is for the rules to say.
 */
#ifndef LEASEHOLD_STORE_STORE_SURRENDERED_H
#define LEASEHOLD_STORE_STORE_SURRENDERED_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/surrender.h"
#include "engine/store/store.h"

struct surrendered_row {
	int64_t id, client;
	const char *issuer, *serial, *sku, *feature, *statement;
	int64_t units;
	enum surrender_row state;	/* never _NONE */
	int64_t since;			/* the client's instant of its last surrender or recall */
	int64_t accepted_at, changed_at;
	int64_t distrusted_at;		/* 0 = its key is believed */
	bool is_unheard;		/* a recovery ended before its client was heard of: it counts nowhere until then */
	/* Of the client, read only: */
	const char *client_name, *hardware_id;
	bool is_client_deleted;
};

/* Why its units are in no total, as a sentence; NULL when they count. */
const char *store_surrendered_uncounted(const struct surrendered_row *row);
/* Those that count here or are being recalled, by client and serial; "client" 0 = of all. */
enum fault store_surrendered_list(struct surrendered_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
/* The same for one device, under whatever Client IDs, deleted ones too; "hardware_id" is not empty. */
enum fault store_surrendered_list_device(struct surrendered_row **out, size_t *count, struct arena *arena, struct store *store, const char *hardware_id) MUST_CHECK;
/* Returned ones, too. FAULT_NOT_FOUND when it never was here. */
enum fault store_surrendered_load(struct surrendered_row *out, struct arena *arena, struct store *store, const char *issuer, const char *serial) MUST_CHECK;
/* By serial, of whatever issuer: the client's own, or one of another client of that device, deleted or not. One that counts here comes before a returned one. FAULT_NOT_FOUND. */
enum fault store_surrendered_of(struct surrendered_row *out, struct arena *arena, struct store *store, int64_t client, const char *hardware_id, const char *serial) MUST_CHECK;
/* Units of a feature that count here, and those of them that are being recalled. */
enum fault store_surrendered_units(int64_t *units, int64_t *recalling, struct store *store, const char *feature) MUST_CHECK;
/* Sum of the Reserved Counts of configurations that are live at "now". */
enum fault store_surrendered_reserved(int64_t *out, struct store *store, const char *feature, int64_t now) MUST_CHECK;
/* Whose reservations of a feature are largest. */
struct surrendered_reserve { const char *client; int64_t units; };
enum fault store_surrendered_reserves(struct surrendered_reserve **out, size_t *count, struct arena *arena, struct store *store, const char *feature, size_t most, int64_t now) MUST_CHECK;

/* Inserts a row (id 0), or writes its client, statement, state and instants. */
enum fault store_surrendered_save(struct store *store, const struct surrendered_row *row) MUST_CHECK;
/* A recovery ends: what clients not heard of in this epoch surrendered counts no more; and one row counts again. */
enum fault store_surrendered_unheard(struct store *store) MUST_CHECK;
enum fault store_surrendered_heard(struct store *store, int64_t id) MUST_CHECK;
/* 0 = believed again. */
enum fault store_surrendered_distrust(struct store *store, int64_t id, int64_t at) MUST_CHECK;
/* No surrender of that license by that client up to "since" counts any more. */
enum fault store_surrendered_close(struct store *store, int64_t client, const char *serial, int64_t since) MUST_CHECK;
/* Up to when that was said to the client, or to its device under another Client ID, deleted or not; INT64_MIN = never. */
enum fault store_surrendered_closed(int64_t *since, struct store *store, int64_t client, const char *hardware_id, const char *serial) MUST_CHECK;

#endif
