/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_license_seen.c: remembers licenses that were ever installed here.
 */
#include "engine/store/store_license_seen.h"

#include "engine/store/statement.h"
#include <assert.h>

static const char sql_insert[] =
    "INSERT OR IGNORE INTO license_seen (issuer, serial, first_at)"
    " VALUES (?1, ?2, ?3)";

enum fault
store_license_seen(bool *before, struct store *store, const char *issuer,
    const char *serial, int64_t now)
{
	enum fault fault;

	assert(before && store && issuer && serial);
	fault = statement_run(store, sql_insert, "tti", issuer, serial, now);
	*before = !fault && statement_changes(store) == 0;
	return fault;
}
