/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_cluster_node.c: nodes of a cluster as rows. Decides nothing.
 */
#include "engine/store/store_cluster_node.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LIST,
	SQL_LOAD,
	SQL_UNITS,
	SQL_PASSWORD,
	SQL_LOST,
	SQL_SAVE,
	SQL_DELETE,
	SQL_UNITS_DELETE,
	SQL_UNITS_INSERT,
	SQL_PASSWORD_SAVE,
	SQL_FORGET_HEARD,
	SQL_FORGET_UNITS,
	SQL_DELETE_ALL,
	SQL_PASSWORD_DELETE,
	SQL__COUNT
};

#define COLUMNS                                                                \
	"client_name, address, verify, pin, seen_pin, row_version, seen_at,"   \
	" lost_at, failure_text"

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT " COLUMNS
		     " FROM cluster_node ORDER BY client_name",
	[SQL_LOAD] = "SELECT " COLUMNS
		     " FROM cluster_node WHERE client_name = ?1",
	[SQL_UNITS] = "SELECT client_name, feature, units"
		      " FROM cluster_node_units ORDER BY feature, client_name",
	[SQL_PASSWORD] = "SELECT password FROM cluster_secret",
	[SQL_LOST] = "SELECT u.units, n.lost_at FROM cluster_node_units u"
		     " JOIN cluster_node n USING (client_name)"
		     " WHERE u.feature = ?1",
	[SQL_SAVE] = "INSERT INTO cluster_node (" COLUMNS ")"
		     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
		     " ON CONFLICT (client_name) DO UPDATE SET"
		     " address = ?2, verify = ?3, pin = ?4, seen_pin = ?5,"
		     " row_version = ?6, seen_at = ?7, lost_at = ?8,"
		     " failure_text = ?9",
	[SQL_DELETE] = "DELETE FROM cluster_node WHERE client_name = ?1",
	[SQL_UNITS_DELETE] = "DELETE FROM cluster_node_units"
			     " WHERE client_name = ?1",
	[SQL_UNITS_INSERT] = "INSERT INTO cluster_node_units"
			     " (client_name, feature, units)"
			     " VALUES (?1, ?2, ?3)",
	[SQL_PASSWORD_SAVE] = "INSERT OR REPLACE INTO cluster_secret"
			      " (id, password) VALUES (1, ?1)",
	[SQL_FORGET_HEARD] = "UPDATE cluster_node SET seen_at = 0, lost_at = 0",
	[SQL_FORGET_UNITS] = "DELETE FROM cluster_node_units",
	[SQL_DELETE_ALL] = "DELETE FROM cluster_node",
	[SQL_PASSWORD_DELETE] = "DELETE FROM cluster_secret",
};

static enum fault
read_node(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct cluster_node_row *row = item;

	row->client_name = statement_text(arena, statement, 0);
	row->address = statement_text(arena, statement, 1);
	row->verify = statement_int(statement, 2);
	row->pin = statement_text(arena, statement, 3);
	row->seen_pin = statement_text(arena, statement, 4);
	row->row_version = statement_int(statement, 5);
	row->seen_at = statement_int(statement, 6);
	row->lost_at = statement_int(statement, 7);
	row->failure_text = statement_text(arena, statement, 8);
	return FAULT_NONE;
}

enum fault
store_cluster_node_list(struct cluster_node_row **out, size_t *count,
    struct arena *arena, struct store *store)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_node, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

enum fault
store_cluster_node_load(struct cluster_node_row *out, struct arena *arena,
    struct store *store, const char *client_name)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && client_name);
	*out = (struct cluster_node_row){ 0 };
	if ((fault = statement_row(
		 &row, store, sql[SQL_LOAD], "t", client_name)))
		return fault;
	fault = read_node(out, arena, row);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : fault;
}

static enum fault
read_units(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct cluster_node_units *row = item;

	row->client_name = statement_text(arena, statement, 0);
	row->feature = statement_text(arena, statement, 1);
	row->units = statement_int(statement, 2);
	return FAULT_NONE;
}

enum fault
store_cluster_node_units_list(struct cluster_node_units **out, size_t *count,
    struct arena *arena, struct store *store)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_units, sql[SQL_UNITS], "");
	*out = rows;
	return fault;
}

enum fault
store_cluster_node_password(
    const char **out, struct arena *arena, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = "";
	fault = statement_row(&row, store, sql[SQL_PASSWORD], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	*out = statement_text(arena, row, 0);
	statement_done(row);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
read_lost(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct cluster_node *node = item;
	int64_t lost_at = statement_int(statement, 1);

	(void)arena;
	node->units = statement_int(statement, 0);
	node->lost_at = lost_at ? lost_at : INSTANT_NEVER;
	return FAULT_NONE;
}

enum fault
store_cluster_node_surplus(struct cluster_surplus *out, struct arena *arena,
    struct store *store, const char *feature, int64_t own, int64_t server_now)
{
	void *nodes;
	enum fault fault;
	size_t count;

	assert(out && arena && store && feature);
	*out = (struct cluster_surplus){ 0, INSTANT_NEVER };
	if (server_now == INSTANT_NEVER)
		return FAULT_NONE;
	if ((fault = statement_all(&nodes, &count, arena, store,
		 sizeof(struct cluster_node), read_lost, sql[SQL_LOST], "t",
		 feature)))
		return fault;
	cluster_surplus_find(out, own, nodes, count, server_now);
	return FAULT_NONE;
}

enum fault
store_cluster_node_save(struct store *store, const struct cluster_node_row *row)
{
	assert(store && row && row->client_name && row->address);
	return statement_run(store, sql[SQL_SAVE], "ttittiiit",
	    row->client_name, row->address, (int64_t)row->verify, row->pin,
	    row->seen_pin, row->row_version, row->seen_at, row->lost_at,
	    row->failure_text);
}

enum fault
store_cluster_node_delete(struct store *store, const char *client_name)
{
	assert(store && client_name);
	return statement_run(store, sql[SQL_DELETE], "t", client_name);
}

enum fault
store_cluster_node_units_save(struct store *store, const char *client_name,
    const struct cluster_node_units *units, size_t count)
{
	enum fault fault;

	assert(store && client_name && (units || count == 0));
	if ((fault = statement_run(
		 store, sql[SQL_UNITS_DELETE], "t", client_name)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = statement_run(store, sql[SQL_UNITS_INSERT], "tti",
			 client_name, units[i].feature, units[i].units)))
			return fault;
	return FAULT_NONE;
}

enum fault
store_cluster_node_password_save(struct store *store, const char *password)
{
	assert(store && password);
	return statement_run(store, sql[SQL_PASSWORD_SAVE], "t", password);
}

enum fault
store_cluster_node_forget_heard(struct store *store)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_FORGET_HEARD], "")))
		return fault;
	return statement_run(store, sql[SQL_FORGET_UNITS], "");
}

enum fault
store_cluster_node_delete_all(struct store *store)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_DELETE_ALL], "")))
		return fault;
	return statement_run(store, sql[SQL_PASSWORD_DELETE], "");
}
