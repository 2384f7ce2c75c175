/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_revocation.c: rows. Believes nobody.
 */
#include "engine/store/store_revocation.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_HAS,
	SQL_NEWEST,
	SQL_SET_NEWEST,
	SQL_INSERT,
	SQL_MARK,
	SQL_LIST,
	SQL_ISSUED,
	SQL_TAKE_BACK,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_HAS] = "SELECT count(*) FROM revocation"
		    " WHERE issuer = ?1 AND serial = ?2",
	[SQL_NEWEST] = "SELECT revocations_at FROM appliance",
	[SQL_SET_NEWEST] = "UPDATE appliance SET revocations_at = ?1",
	[SQL_INSERT] = "INSERT OR IGNORE INTO revocation (issuer, serial,"
		       " since) VALUES (?1, ?2, ?3)",
	[SQL_MARK] = "UPDATE license SET revoked_at = ?1"
		     " WHERE revoked_at = 0 AND EXISTS (SELECT 1"
		     " FROM revocation r WHERE r.issuer = license.issuer"
		     " AND r.serial = license.serial)",
	[SQL_LIST] = "SELECT issuer, serial, since FROM revocation"
		     " ORDER BY issuer, serial",
	[SQL_ISSUED] = ("SELECT serial FROM issued WHERE revoked_at > 0"
			" ORDER BY id"),
	[SQL_TAKE_BACK] = "UPDATE issued SET revoked_at = ?2, revoked_why = ?3"
			  " WHERE serial = ?1 AND revoked_at = 0",
};

enum fault
store_revocation_has(bool *out, struct store *store, const char *issuer,
    const char *serial)
{
	int64_t count;
	enum fault fault;

	assert(out && store && issuer && serial);
	fault = statement_number(
	    &count, 0, store, sql[SQL_HAS], "tt", issuer, serial);
	*out = !fault && count > 0;
	return fault;
}

enum fault
store_revocation_newest(int64_t *out, struct store *store)
{
	assert(out && store);
	return statement_number(out, 0, store, sql[SQL_NEWEST], "");
}

enum fault
store_revocation_set_newest(struct store *store, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_SET_NEWEST], "i", at);
}

enum fault
store_revocation_insert(bool *is_new, struct store *store, const char *issuer,
    const char *serial, int64_t now)
{
	enum fault fault;

	assert(is_new && store && issuer && serial);
	fault = statement_run(
	    store, sql[SQL_INSERT], "tti", issuer, serial, now);
	*is_new = !fault && statement_changes(store) > 0;
	return fault;
}

enum fault
store_revocation_mark(struct store *store, int64_t now)
{
	assert(store && now > 0);
	return statement_run(store, sql[SQL_MARK], "i", now);
}

static enum fault
read_revocation(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct revocation_row *row = item;

	row->issuer = statement_text(arena, statement, 0);
	row->serial = statement_text(arena, statement, 1);
	row->since = statement_int(statement, 2);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_revocation_list(struct revocation_row **out, size_t *count,
    struct arena *arena, struct store *store)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_revocation, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

static enum fault
read_serial(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	*(const char **)item = statement_text(arena, statement, 0);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_revocation_issued(const char ***out, size_t *count, struct arena *arena,
    struct store *store)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_serial, sql[SQL_ISSUED], "");
	*out = rows;
	return fault;
}

enum fault
store_revocation_take_back(bool *is_there, struct store *store,
    const char *serial, const char *why, int64_t now)
{
	enum fault fault;

	assert(is_there && store && serial && why);
	fault = statement_run(
	    store, sql[SQL_TAKE_BACK], "tit", serial, now, why);
	*is_there = !fault && statement_changes(store) > 0;
	return fault;
}

enum fault
store_revocation_count(int64_t *out, struct store *store)
{
	assert(out && store);
	return statement_number(out, 0, store,
	    "SELECT count(*) FROM license WHERE revoked_at > 0", "");
}
