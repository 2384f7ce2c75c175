/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_instance.c: see store_instance.h. Judges nothing.
 */
#include "engine/store/store_instance.h"

#include "engine/store/statement.h"
#include <assert.h>

#define KEPT 200

#define INSTANCE                                                               \
	"SELECT i.id, i.hardware_id, i.instance, i.boot, i.address,"           \
	" i.sequence, i.sent_at, i.superseded_at, i.first_at, i.last_at,"      \
	" ifnull(u.since, 0), ifnull(c.name, '')"                              \
	" FROM instance i"                                                     \
	" LEFT JOIN duplicate u ON u.hardware_id = i.hardware_id"              \
	" LEFT JOIN device d ON d.hardware_id = i.hardware_id"                 \
	" LEFT JOIN customer c ON c.id = d.customer "

enum {
	SQL_LOAD,
	SQL_INSERT,
	SQL_UPDATE,
	SQL_SUPERSEDE,
	SQL_TRIM,
	SQL_LIST,
	SQL_LIST_OF,
	SQL_DUPLICATE,
	SQL_MARK,
	SQL_CLEAR,
	SQL_FORGET,
	SQL_REVOKED,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = INSTANCE "WHERE i.hardware_id = ?1 AND i.boot = ?2",
	[SQL_INSERT] = "INSERT INTO instance (hardware_id, instance, boot,"
		       " sequence, sent_at, first_at, last_at, address)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
	[SQL_UPDATE] = "UPDATE instance SET sequence = ?3, sent_at = ?4,"
		       " superseded_at = 0, last_at = ?5, address = ?6"
		       " WHERE hardware_id = ?1 AND boot = ?2",
	[SQL_SUPERSEDE] = "UPDATE instance SET superseded_at = ?3"
			  " WHERE hardware_id = ?1 AND boot <> ?2"
			  "  AND superseded_at = 0",
	[SQL_TRIM] = "DELETE FROM instance WHERE hardware_id = ?1 AND id <="
		     " (SELECT id FROM instance WHERE hardware_id = ?1"
		     "  ORDER BY id DESC LIMIT 1 OFFSET ?2)",
	[SQL_LIST] = INSTANCE "WHERE i.superseded_at = 0"
			      " ORDER BY u.since IS NULL, i.last_at DESC"
			      " LIMIT ?1",
	[SQL_LIST_OF] = INSTANCE "WHERE i.hardware_id = ?2"
				 " ORDER BY i.last_at DESC, i.id DESC LIMIT ?1",
	[SQL_DUPLICATE] = "SELECT since FROM duplicate WHERE hardware_id = ?1",
	[SQL_MARK] = "INSERT OR IGNORE INTO duplicate (hardware_id, since)"
		     " VALUES (?1, ?2)",
	[SQL_CLEAR] = "DELETE FROM duplicate WHERE hardware_id = ?1",
	[SQL_FORGET] = "DELETE FROM instance WHERE hardware_id = ?1",
	[SQL_REVOKED] = "SELECT serial FROM issued"
			" WHERE hardware_id = ?1 AND revoked_at > 0"
			" ORDER BY id",
};

static enum fault
read_instance(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct instance_row *row = item;

	row->id = statement_int(statement, 0);
	row->hardware_id = statement_text(arena, statement, 1);
	row->instance = statement_text(arena, statement, 2);
	row->boot = statement_text(arena, statement, 3);
	row->address = statement_text(arena, statement, 4);
	row->sequence = statement_int(statement, 5);
	row->sent_at = statement_int(statement, 6);
	row->superseded_at = statement_int(statement, 7);
	row->first_at = statement_int(statement, 8);
	row->last_at = statement_int(statement, 9);
	row->duplicate_since = statement_int(statement, 10);
	row->customer_name = statement_text(arena, statement, 11);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_instance_load(struct instance_row *out, struct arena *arena,
    struct store *store, const char *hardware_id, const char *boot)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && hardware_id && boot);
	*out = (struct instance_row){ .instance = "" };
	if ((fault = statement_row(
		 &row, store, sql[SQL_LOAD], "tt", hardware_id, boot)))
		return fault;
	fault = read_instance(out, arena, row);
	statement_done(row);
	return fault;
}

enum fault
store_instance_save(struct store *store, const struct instance_row *row)
{
	enum fault fault;

	assert(store && row && row->hardware_id && row->boot && row->address);
	if ((fault = statement_run(store, sql[SQL_SUPERSEDE], "tti",
		 row->hardware_id, row->boot, row->sent_at)))
		return fault;
	if (row->id)
		return statement_run(store, sql[SQL_UPDATE], "ttiiit",
		    row->hardware_id, row->boot, row->sequence, row->sent_at,
		    row->last_at, row->address);
	if ((fault = statement_run(store, sql[SQL_INSERT], "tttiiit",
		 row->hardware_id, row->instance, row->boot, row->sequence,
		 row->sent_at, row->last_at, row->address)))
		return fault;
	return statement_run(
	    store, sql[SQL_TRIM], "ti", row->hardware_id, (int64_t)KEPT);
}

enum fault
store_instance_list(struct instance_row **out, size_t *count,
    struct arena *arena, struct store *store, const char *hardware_id,
    int64_t limit)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = hardware_id
	    ? statement_all(&rows, count, arena, store, sizeof(**out),
		  read_instance, sql[SQL_LIST_OF], "it", limit, hardware_id)
	    : statement_all(&rows, count, arena, store, sizeof(**out),
		  read_instance, sql[SQL_LIST], "i", limit);
	*out = rows;
	return fault;
}

enum fault
store_instance_duplicate(
    int64_t *since, struct store *store, const char *hardware_id)
{
	assert(since && store && hardware_id);
	return statement_number(
	    since, 0, store, sql[SQL_DUPLICATE], "t", hardware_id);
}

enum fault
store_instance_mark(
    struct store *store, const char *hardware_id, int64_t since)
{
	enum fault fault;

	assert(store && hardware_id && since >= 0);
	if (since)
		return statement_run(
		    store, sql[SQL_MARK], "ti", hardware_id, since);
	if ((fault = statement_run(store, sql[SQL_CLEAR], "t", hardware_id)))
		return fault;
	return statement_run(store, sql[SQL_FORGET], "t", hardware_id);
}

static enum fault
read_serial(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	const char **serial = item;

	*serial = statement_text(arena, statement, 0);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_instance_revoked(const char ***out, size_t *count, struct arena *arena,
    struct store *store, const char *hardware_id)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store && hardware_id);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_serial, sql[SQL_REVOKED], "t", hardware_id);
	*out = rows;
	return fault;
}
