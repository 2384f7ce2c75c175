/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_watch.c: the one row of what watches over a license server. Decides
 * nothing.
 */
#include "engine/store/store_watch.h"

#include "engine/rules/recovery.h"
#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LOAD,
	SQL_MARK,
	SQL_CLOCK,
	SQL_PENALTY,
	SQL_RECOVERING,
	SQL_HALTED,
	SQL_SAMPLED,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT clock_mark, clock_behind_at, penalty_until,"
		     " penalty_client, penalty_text, recovering_at, halted_at,"
		     " halted_text, sampled_at FROM watch",
	[SQL_MARK] = "SELECT clock_mark FROM watch",
	[SQL_CLOCK] = "UPDATE watch SET clock_mark = ?1, clock_behind_at = ?2",
	[SQL_PENALTY] = ("UPDATE watch SET penalty_until = ?1,"
			 " penalty_client = ?2, penalty_text = ?3"),
	[SQL_RECOVERING] = "UPDATE watch SET recovering_at = ?1",
	[SQL_HALTED] = "UPDATE watch SET halted_at = ?1, halted_text = ?2",
	[SQL_SAMPLED] = "UPDATE watch SET sampled_at = ?1",
};

enum fault
store_watch_load(
    struct watch_row *out, struct arena *arena, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct watch_row){
		.penalty_client = "", .penalty_text = "", .halted_text = ""
	};
	fault = statement_row(&row, store, sql[SQL_LOAD], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_DAMAGED : fault;
	out->clock_mark = statement_int(row, 0);
	out->clock_behind_at = statement_int(row, 1);
	out->penalty_until = statement_int(row, 2);
	out->penalty_client = statement_text(arena, row, 3);
	out->penalty_text = statement_text(arena, row, 4);
	out->recovering_at = statement_int(row, 5);
	out->halted_at = statement_int(row, 6);
	out->halted_text = statement_text(arena, row, 7);
	out->sampled_at = statement_int(row, 8);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_watch_now(int64_t *out, struct store *store, int64_t system)
{
	enum fault fault;
	int64_t mark;

	assert(out && store);
	fault = statement_number(&mark, 0, store, sql[SQL_MARK], "");
	*out = fault ? system : recovery_clock(mark, system);
	return fault;
}

enum fault
store_watch_clock(struct store *store, int64_t mark, int64_t behind_at)
{
	assert(store);
	return statement_run(store, sql[SQL_CLOCK], "ii", mark, behind_at);
}

enum fault
store_watch_penalty(
    struct store *store, int64_t until, const char *client, const char *text)
{
	assert(store && client && text);
	return statement_run(
	    store, sql[SQL_PENALTY], "itt", until, client, text);
}

enum fault
store_watch_recovering(struct store *store, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_RECOVERING], "i", at);
}

enum fault
store_watch_halted(struct store *store, int64_t at, const char *text)
{
	assert(store && text);
	return statement_run(store, sql[SQL_HALTED], "it", at, text);
}

enum fault
store_watch_sampled(struct store *store, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_SAMPLED], "i", at);
}
