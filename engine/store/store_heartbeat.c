/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_heartbeat.c: see store_heartbeat.h. Sends nothing.
 */
#include "engine/store/store_heartbeat.h"

#include "engine/rules/heartbeat.h"
#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LOAD,
	SQL_SAVE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT instance, sequence, accepted_at, run_seconds,"
		     " tried_at, failure, duplicate_since, missed_told,"
		     " stopped_told FROM heartbeat",
	[SQL_SAVE] = "INSERT INTO heartbeat (id, instance, sequence,"
		     " accepted_at, run_seconds, tried_at, failure,"
		     " duplicate_since, missed_told, stopped_told)"
		     " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
		     " ON CONFLICT (id) DO UPDATE SET sequence = ?2,"
		     " accepted_at = ?3, run_seconds = ?4, tried_at = ?5,"
		     " failure = ?6, duplicate_since = ?7, missed_told = ?8,"
		     " stopped_told = ?9",
};

enum fault
store_heartbeat_load(
    struct heartbeat_row *out, struct arena *arena, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct heartbeat_row){ .instance = "", .failure = "" };
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "")))
		return fault;
	out->instance = statement_text(arena, row, 0);
	out->sequence = statement_int(row, 1);
	out->accepted_at = statement_int(row, 2);
	out->run_seconds = statement_int(row, 3);
	out->tried_at = statement_int(row, 4);
	out->failure = statement_text(arena, row, 5);
	out->duplicate_since = statement_int(row, 6);
	out->missed_told = statement_int(row, 7) != 0;
	out->stopped_told = statement_int(row, 8) != 0;
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_heartbeat_save(struct store *store, const struct heartbeat_row *row)
{
	assert(store && row && row->instance && row->failure);
	return statement_run(store, sql[SQL_SAVE], "tiiiitiii", row->instance,
	    row->sequence, row->accepted_at, row->run_seconds, row->tried_at,
	    row->failure, row->duplicate_since, (int64_t)row->missed_told,
	    (int64_t)row->stopped_told);
}

int64_t
store_heartbeat_silent_since(const struct heartbeat_row *row, int64_t now)
{
	assert(row);
	return heartbeat_silent_since(row->accepted_at, row->run_seconds, now);
}
