/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_auto_lease.c: auto-leased units as rows. What may be taken, and
 * until when, the rules say.
 */
#include "engine/store/store_link_auto_lease.h"

#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LIST,
	SQL_INSERT,
	SQL_GROW,
	SQL_END,
	SQL_DELETE,
	SQL_FORGET,
	SQL_DELETE_ALL,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT id, feature, units, from_at, to_at, taken_at"
		     "  FROM link_auto_lease ORDER BY id",
	[SQL_INSERT] = "INSERT INTO link_auto_lease"
		       " (feature, units, from_at, to_at, taken_at)"
		       " VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_GROW] = "UPDATE link_auto_lease SET units = units + ?2"
		     " WHERE id = ?1",
	[SQL_END] = "UPDATE link_auto_lease SET to_at = ?2"
		    " WHERE id = ?1 AND to_at = 0",
	[SQL_DELETE] = "DELETE FROM link_auto_lease WHERE id = ?1",
	[SQL_FORGET] = "DELETE FROM link_auto_lease WHERE id <= ?1",
	[SQL_DELETE_ALL] = "DELETE FROM link_auto_lease",
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct link_auto_lease_row *row = item;

	row->id = statement_int(statement, 0);
	row->feature = statement_text(arena, statement, 1);
	row->units = statement_int(statement, 2);
	row->from = statement_int(statement, 3);
	row->to = statement_int(statement, 4);
	row->taken_at = statement_int(statement, 5);
	return FAULT_NONE;
}

enum fault
store_link_auto_lease_list(struct link_auto_lease_row **out, size_t *count,
    struct arena *arena, struct store *store)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

struct auto_lease_contact
store_link_auto_lease_contact(
    const struct link_row *link, const struct link_feature_row *feature)
{
	assert(link && feature);
	return (struct auto_lease_contact){
		.was_on = feature->auto_lease && link->lost_at > 0,
		.last_success = link->success_time,
		.reserved = feature->reserved,
		.reserved_expires = feature->reserved_expires,
	};
}

int64_t
store_link_auto_lease_units(
    const struct link_auto_lease_row *rows, size_t count, const char *feature)
{
	int64_t units = 0;

	assert(feature);
	for (size_t i = 0; i < count; i++)
		if (rows[i].to == 0 && strcmp(rows[i].feature, feature) == 0)
			units = instant_units_add(units, rows[i].units);
	return units;
}

enum fault
store_link_auto_lease_insert(
    struct store *store, const struct link_auto_lease_row *row)
{
	assert(store && row && row->feature && row->units > 0);
	return statement_run(store, sql[SQL_INSERT], "tiiii", row->feature,
	    row->units, row->from, row->to, row->taken_at);
}

enum fault
store_link_auto_lease_grow(struct store *store, int64_t id, int64_t units)
{
	assert(store && id > 0 && units > 0);
	return statement_run(store, sql[SQL_GROW], "ii", id, units);
}

enum fault
store_link_auto_lease_end(
    struct store *store, const struct link_auto_lease_row *row, int64_t to)
{
	assert(store && row && row->id > 0);
	if (to <= row->from)
		return statement_run(store, sql[SQL_DELETE], "i", row->id);
	return statement_run(store, sql[SQL_END], "ii", row->id, to);
}

enum fault
store_link_auto_lease_forget(struct store *store, int64_t last_id)
{
	assert(store);
	return statement_run(store, sql[SQL_FORGET], "i", last_id);
}

enum fault
store_link_auto_lease_delete_all(struct store *store)
{
	assert(store);
	return statement_run(store, sql[SQL_DELETE_ALL], "");
}
