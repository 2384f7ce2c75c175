/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_guess.c: counts wrong passwords. Decides no waiting time.
 */
#include "engine/store/store_guess.h"

#include "engine/rules/instant.h"
#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LOAD,
	SQL_ADD,
	SQL_FORGET,
	SQL_CLEAR,
	SQL_CLEAR_NAME,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT failures, failed_at FROM guess"
		     " WHERE name = ?1 AND address = ?2",
	[SQL_ADD] = "INSERT INTO guess (name, address, failures, failed_at)"
		    " VALUES (?1, ?2, 1, ?3)"
		    " ON CONFLICT (name, address) DO UPDATE"
		    "  SET failures = failures + 1, failed_at = ?3",
	[SQL_FORGET] = "DELETE FROM guess WHERE failed_at <= ?1",
	[SQL_CLEAR] = "DELETE FROM guess WHERE name = ?1 AND address = ?2",
	[SQL_CLEAR_NAME] = "DELETE FROM guess WHERE name = ?1",
};

enum fault
store_guess_load(struct guess_row *out, struct store *store, const char *name,
    const char *address)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && store && name && address);
	*out = (struct guess_row){ 0 };
	fault = statement_row(&row, store, sql[SQL_LOAD], "tt", name, address);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	out->failures = statement_int(row, 0);
	out->failed_at = statement_int(row, 1);
	statement_done(row);
	return FAULT_NONE;
}

enum fault
store_guess_add(
    struct store *store, const char *name, const char *address, int64_t now)
{
	enum fault fault = statement_run(
	    store, sql[SQL_FORGET], "i", instant_add(now, -SECONDS_PER_DAY));

	if (fault)
		return fault;
	return statement_run(store, sql[SQL_ADD], "tti", name, address, now);
}

enum fault
store_guess_clear(struct store *store, const char *name, const char *address)
{
	return statement_run(store, sql[SQL_CLEAR], "tt", name, address);
}

enum fault
store_guess_clear_name(struct store *store, const char *name)
{
	return statement_run(store, sql[SQL_CLEAR_NAME], "t", name);
}
