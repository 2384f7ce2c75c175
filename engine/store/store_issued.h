/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_issued.h: a center's own record of the license keys it made.
 */
#ifndef LEASEHOLD_STORE_STORE_ISSUED_H
#define LEASEHOLD_STORE_STORE_ISSUED_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stddef.h>
#include <stdint.h>

struct issued_row {
	const char *serial, *hardware_id, *sku;
	const char *start_date, *end_date;	/* "" when absent */
	const char *statement, *actor;
	int64_t at;
	int64_t entitlement;	/* 0 = issued by hand */
	int64_t revoked_at;	/* 0 = it is good */
	const char *revoked_why;	/* "" likewise */
};

/* Newest first; "hardware_id" NULL = of all appliances. */
enum fault store_issued_list(struct issued_row **out, size_t *count, struct arena *arena, struct store *store, const char *hardware_id, int64_t limit) MUST_CHECK;
/* FAULT_NOT_FOUND when none has that serial. */
enum fault store_issued_load(struct issued_row *out, struct arena *arena, struct store *store, const char *serial) MUST_CHECK;
/* How many good ones are signed by that key. */
enum fault store_issued_count(int64_t *out, struct arena *arena, struct store *store, const char *kid) MUST_CHECK;
/* For ledger_issue.c. */
enum fault store_issued_insert(struct store *store, const struct issued_row *row) MUST_CHECK;

#endif
