/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_allocation.c: counts per client and feature as rows. Does not judge
 * them.
 */
#include "engine/store/store_allocation.h"

#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LIST,
	SQL_SAVE,
	SQL_DELETE,
	SQL_DELETE_ALL,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT feature, reserved, increment, maximum"
		     "  FROM allocation WHERE client = ?1 ORDER BY feature",
	[SQL_SAVE] = "INSERT INTO allocation"
		     " (client, feature, reserved, increment, maximum)"
		     " VALUES (?1, ?2, ?3, ?4, ?5)"
		     " ON CONFLICT (client, feature) DO UPDATE SET"
		     " reserved = excluded.reserved,"
		     " increment = excluded.increment,"
		     " maximum = excluded.maximum",
	[SQL_DELETE] = "DELETE FROM allocation"
		       "  WHERE client = ?1 AND feature = ?2",
	[SQL_DELETE_ALL] = "DELETE FROM allocation WHERE client = ?1",
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct allocation_row *row = item;

	row->feature = statement_text(arena, statement, 0);
	row->allocation.reserved = statement_int(statement, 1);
	row->allocation.increment = statement_int(statement, 2);
	row->allocation.maximum = statement_int(statement, 3);
	return FAULT_NONE;
}

enum fault
store_allocation_list(struct allocation_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t client)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "i", client);
	*out = rows;
	return fault;
}

struct allocation
store_allocation_of(
    const struct allocation_row *rows, size_t count, const char *feature)
{
	assert((rows || count == 0) && feature);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return rows[i].allocation;
	return (struct allocation){ 0 };
}

enum fault
store_allocation_save(struct store *store, int64_t client, const char *feature,
    const struct allocation *allocation)
{
	assert(store && feature && allocation);
	if (allocation->reserved == 0 && allocation->increment == 0 &&
	    allocation->maximum == 0)
		return statement_run(
		    store, sql[SQL_DELETE], "it", client, feature);
	return statement_run(store, sql[SQL_SAVE], "itiii", client, feature,
	    allocation->reserved, allocation->increment, allocation->maximum);
}

enum fault
store_allocation_delete_all(struct store *store, int64_t client)
{
	assert(store);
	return statement_run(store, sql[SQL_DELETE_ALL], "i", client);
}
