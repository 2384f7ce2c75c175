/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_denial.c: denials of the last sync as rows.
 */
#include "engine/store/store_denial.h"

#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LIST,
	SQL_SAVE,
	SQL_DELETE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT feature, code, text, wanted, available, at,"
		     " holders"
		     "  FROM denial WHERE client = ?1 ORDER BY feature",
	[SQL_SAVE] = "INSERT INTO denial"
		     " (client, feature, code, text, wanted, available, at,"
		     "  holders)"
		     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		     " ON CONFLICT (client, feature) DO UPDATE SET"
		     " code = excluded.code, text = excluded.text,"
		     " wanted = excluded.wanted,"
		     " available = excluded.available, at = excluded.at,"
		     " holders = excluded.holders",
	[SQL_DELETE] = "DELETE FROM denial WHERE client = ?1 AND feature = ?2",
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct denial_row *row = item;

	row->feature = statement_text(arena, statement, 0);
	row->code = statement_text(arena, statement, 1);
	row->text = statement_text(arena, statement, 2);
	row->wanted = statement_int(statement, 3);
	row->available = statement_int(statement, 4);
	row->at = statement_int(statement, 5);
	row->holders = statement_text(arena, statement, 6);
	return FAULT_NONE;
}

enum fault
store_denial_list(struct denial_row **out, size_t *count, struct arena *arena,
    struct store *store, int64_t client)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "i", client);
	*out = rows;
	return fault;
}

const struct denial_row *
store_denial_of(
    const struct denial_row *rows, size_t count, const char *feature)
{
	assert((rows || count == 0) && feature);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return &rows[i];
	return NULL;
}

enum fault
store_denial_save(
    struct store *store, int64_t client, const struct denial_row *row)
{
	assert(store && row && row->feature && row->code && row->text);
	assert(row->holders);
	return statement_run(store, sql[SQL_SAVE], "itttiiit", client,
	    row->feature, row->code, row->text, row->wanted, row->available,
	    row->at, row->holders);
}

enum fault
store_denial_delete(struct store *store, int64_t client, const char *feature)
{
	assert(store && feature);
	return statement_run(store, sql[SQL_DELETE], "it", client, feature);
}
