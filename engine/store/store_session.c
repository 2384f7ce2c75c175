/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_session.c: the users that this gateway admitted, as rows. Does not
 * know how many it may admit.
 */
#include "engine/store/store_session.h"

#include "engine/store/statement.h"
#include <assert.h>

#define SESSION                                                                \
	"SELECT id, user, feature, gateway, began_at, timeout, seen_at,"       \
	" over_at FROM session "

#define MATCHES                                                                \
	"(?1 = '' OR instr(lower(user), lower(?1)) > 0"                        \
	" OR instr(lower(id), lower(?1)) > 0"                                  \
	" OR instr(lower(gateway), lower(?1)) > 0)"

enum {
	SQL_LIST,
	SQL_LIST_GATEWAY,
	SQL_FIND,
	SQL_FIND_COUNT,
	SQL_LAST,
	SQL_COUNT,
	SQL_LOAD,
	SQL_SAVE,
	SQL_DELETE,
	SQL_DELETE_GATEWAY,
	SQL_SEEN,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = SESSION "ORDER BY began_at, id",
	[SQL_LIST_GATEWAY] = SESSION "WHERE gateway = ?1 ORDER BY began_at, id",
	[SQL_FIND] = SESSION "WHERE " MATCHES " ORDER BY began_at DESC, id DESC"
			     " LIMIT ?3 OFFSET ?2",
	[SQL_FIND_COUNT] = "SELECT count(*) FROM session WHERE " MATCHES,
	[SQL_LAST] = SESSION "WHERE (feature <> '') = ?1"
			     " ORDER BY began_at DESC, id DESC LIMIT ?2",
	[SQL_COUNT] = "SELECT count(*),"
		      " count(CASE WHEN feature <> '' THEN 1 END) FROM session",
	[SQL_LOAD] = SESSION "WHERE id = ?1",
	[SQL_SAVE] =
	    "INSERT INTO session (id, user, feature, gateway, began_at,"
	    " timeout, seen_at, over_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	    " ON CONFLICT (id) DO UPDATE SET user = excluded.user,"
	    " feature = excluded.feature, gateway = excluded.gateway,"
	    " timeout = excluded.timeout, seen_at = excluded.seen_at,"
	    " over_at = excluded.over_at",
	[SQL_DELETE] = "DELETE FROM session WHERE id = ?1",
	[SQL_DELETE_GATEWAY] = "DELETE FROM session WHERE gateway = ?1",
	[SQL_SEEN] = "UPDATE session SET seen_at = ?2, over_at = ?3"
		     " WHERE id = ?1",
};

static enum fault
read_session(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct session_row *row = item;

	row->id = statement_text(arena, statement, 0);
	row->user = statement_text(arena, statement, 1);
	row->feature = statement_text(arena, statement, 2);
	row->gateway = statement_text(arena, statement, 3);
	row->began_at = statement_int(statement, 4);
	row->timeout = statement_int(statement, 5);
	row->seen_at = statement_int(statement, 6);
	row->over_at = statement_int(statement, 7);
	return FAULT_NONE;
}

enum fault
store_session_list(struct session_row **out, size_t *count, struct arena *arena,
    struct store *store, const char *gateway)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = gateway
	    ? statement_all(&rows, count, arena, store, sizeof(**out),
		  read_session, sql[SQL_LIST_GATEWAY], "t", gateway)
	    : statement_all(&rows, count, arena, store, sizeof(**out),
		  read_session, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

enum fault
store_session_find(struct session_row **out, size_t *count, int64_t *matching,
    struct arena *arena, struct store *store,
    const struct session_filter *filter)
{
	void *rows;
	enum fault fault;

	assert(out && count && matching && arena && store && filter);
	*out = NULL;
	*count = 0;
	if ((fault = statement_number(
		 matching, 0, store, sql[SQL_FIND_COUNT], "t", filter->find)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_session, sql[SQL_FIND], "tii", filter->find, filter->offset,
	    filter->limit);
	*out = rows;
	return fault;
}

enum fault
store_session_last(struct session_row **out, size_t *count, struct arena *arena,
    struct store *store, bool is_rdp, int64_t limit)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && limit >= 0);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_session, sql[SQL_LAST], "ii", (int64_t)is_rdp, limit);
	*out = rows;
	return fault;
}

enum fault
store_session_count(int64_t *users, int64_t *rdp, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(users && rdp && store);
	*users = *rdp = 0;
	if ((fault = statement_row(&row, store, sql[SQL_COUNT], "")))
		return fault;
	*rdp = statement_int(row, 1);
	*users = statement_int(row, 0) - *rdp;
	statement_done(row);
	return FAULT_NONE;
}

enum fault
store_session_load(struct session_row *out, struct arena *arena,
    struct store *store, const char *id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && id);
	*out = (struct session_row){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "t", id)))
		return fault;
	fault = read_session(out, arena, row);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : fault;
}

enum fault
store_session_save(struct store *store, const struct session_row *row)
{
	assert(store && row && row->id && row->user && row->feature);
	assert(row->gateway && row->timeout >= 0);
	return statement_run(store, sql[SQL_SAVE], "ttttiiii", row->id,
	    row->user, row->feature, row->gateway, row->began_at, row->timeout,
	    row->seen_at, row->over_at);
}

enum fault
store_session_delete(struct store *store, const char *id)
{
	enum fault fault;

	assert(store && id);
	if ((fault = statement_run(store, sql[SQL_DELETE], "t", id)))
		return fault;
	return statement_changes(store) > 0 ? FAULT_NONE : FAULT_NOT_FOUND;
}

enum fault
store_session_delete_gateway(struct store *store, const char *gateway)
{
	assert(store && gateway);
	return statement_run(store, sql[SQL_DELETE_GATEWAY], "t", gateway);
}

enum fault
store_session_seen(
    struct store *store, const char *id, int64_t seen_at, int64_t over_at)
{
	assert(store && id);
	return statement_run(store, sql[SQL_SEEN], "tii", id, seen_at, over_at);
}
