/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_holdings.c: see store_holdings.h. Does not know what a SKU is worth.
 */
#include "engine/store/store_holdings.h"

#include "engine/store/statement.h"
#include <assert.h>

/* As much as one row may take. */
#define ROW_BYTES 65536

#define HOLDINGS                                                               \
	" FROM issued i LEFT JOIN device d ON d.hardware_id = i.hardware_id"   \
	" LEFT JOIN customer c ON c.id = d.customer"                           \
	" WHERE i.revoked_at = 0"                                              \
	" AND (instr(ifnull(c.folded, ''), lower(?1)) > 0"                     \
	"  OR instr(lower(i.hardware_id), lower(?1)) > 0"                      \
	"  OR instr(lower(i.sku), lower(?1)) > 0)"                             \
	" AND (?2 = 0 OR d.customer = ?2 OR d.customer"                        \
	"  IN (SELECT id FROM customer WHERE partner = ?2)) "

enum {
	SQL_LIST,
	SQL_COUNT_ALL,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] =
	    "SELECT ifnull(c.name, ''), i.hardware_id, ifnull(d.platform, ''),"
	    " ifnull(d.contact_at, 0), i.serial, i.sku, i.start_date,"
	    " i.end_date, d.id IS NOT NULL" HOLDINGS
	    "ORDER BY c.folded IS NULL, c.folded, i.hardware_id, i.sku, i.id"
	    " LIMIT ?3 OFFSET ?4",
	[SQL_COUNT_ALL] = ("SELECT count(*)" HOLDINGS),
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct holdings_row *row = item;

	row->customer = statement_text(arena, statement, 0);
	row->hardware_id = statement_text(arena, statement, 1);
	row->platform = statement_text(arena, statement, 2);
	row->contact_at = statement_int(statement, 3);
	row->serial = statement_text(arena, statement, 4);
	row->sku = statement_text(arena, statement, 5);
	row->start_date = statement_text(arena, statement, 6);
	row->end_date = statement_text(arena, statement, 7);
	row->is_known = statement_int(statement, 8) != 0;
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_holdings_list(struct holdings_row **out, size_t *count, int64_t *matching,
    struct arena *arena, struct store *store,
    const struct center_filter *filter)
{
	enum fault fault;
	void *rows;

	assert(out && count && matching && arena && store && filter);
	if ((fault = statement_number(matching, 0, store, sql[SQL_COUNT_ALL],
		 "ti", filter->find, filter->scope)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "tiii", filter->find, filter->scope,
	    filter->limit, filter->offset);
	*out = rows;
	return fault;
}

/* One row after another: no more memory than for one. */
static enum fault
take_all(enum fault (*take)(void *with, const struct holdings_row *row),
    void *with, sqlite3_stmt *statement)
{
	struct holdings_row row;
	struct arena arena;
	enum fault fault;
	bool has_row;

	arena_init(&arena, ROW_BYTES);
	while (!(fault = statement_step(&has_row, statement)) && has_row) {
		if ((fault = read_row(&row, &arena, statement)) ||
		    (fault = take(with, &row))) {
			statement_done(statement);
			break;
		}
		arena_clear(&arena);
	}
	arena_clear(&arena);
	return fault;
}

enum fault
store_holdings_each(
    enum fault (*take)(void *with, const struct holdings_row *row), void *with,
    struct store *store, const struct center_filter *filter)
{
	sqlite3_stmt *statement;
	enum fault fault;

	assert(take && store && filter);
	fault = statement_start(&statement, store, sql[SQL_LIST], "tiii",
	    filter->find, filter->scope, INT64_C(-1), INT64_C(0));
	return fault ? fault : take_all(take, with, statement);
}
