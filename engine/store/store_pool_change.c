/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_pool_change.c: the history of every pool as rows, and what ended by
 * itself and so belongs there. Decides nothing.
 */
#include "engine/store/store_pool_change.h"

#include "engine/store/statement.h"
#include <assert.h>

/* The row that held at an instant: the newest at it or before. */
#define HELD_AT                                                                \
	"ifnull((SELECT max(n.at) FROM pool_change n"                          \
	" WHERE n.feature = ?1 AND n.at <= ?2), ?2)"

enum {
	SQL_NEWEST,
	SQL_LIST,
	SQL_SAVE,
	SQL_PRUNE,
	SQL_FORGET,
	SQL_ENDS,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_NEWEST] = "SELECT at, total, held FROM pool_change"
		       "  WHERE feature = ?1 ORDER BY at DESC LIMIT 1",
	[SQL_LIST] = "SELECT at, total, held FROM pool_change"
		     "  WHERE feature = ?1 AND at >= " HELD_AT " ORDER BY at",
	[SQL_SAVE] = "INSERT INTO pool_change (feature, at, total, held)"
		     " VALUES (?1, ?2, ?3, ?4)"
		     " ON CONFLICT (feature, at) DO UPDATE"
		     "  SET total = excluded.total, held = excluded.held",
	[SQL_PRUNE] = "DELETE FROM pool_change"
		      "  WHERE feature = ?1 AND at < " HELD_AT,
	[SQL_FORGET] = "DELETE FROM pool_change WHERE at > ?1",
	[SQL_ENDS] =
	    "SELECT e.feature, e.client, ifnull(a.reserved, 0), c.expires FROM"
	    " (SELECT p.feature, iif(o.id IS NULL, p.client, o.id) AS client"
	    "   FROM lease_part p JOIN client d ON d.id = p.client"
	    "   LEFT JOIN client o ON d.successor > 0 AND o.id = d.successor"
	    "   WHERE p.expires > ?1 AND p.expires <= ?2"
	    "  UNION SELECT a.feature, a.client"
	    "   FROM client c JOIN allocation a ON a.client = c.id"
	    "   WHERE c.expires > ?1 AND c.expires <= ?2) e"
	    " JOIN client c ON c.id = e.client"
	    " LEFT JOIN allocation a"
	    "  ON a.client = e.client AND a.feature = e.feature"
	    " ORDER BY e.feature, e.client",
};

enum fault
store_pool_change_newest(struct auto_lease_change *out, bool *found,
    struct store *store, const char *feature)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && found && store && feature);
	*out = (struct auto_lease_change){ 0 };
	fault = statement_row(&row, store, sql[SQL_NEWEST], "t", feature);
	*found = !fault;
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	out->at = statement_int(row, 0);
	out->total = statement_int(row, 1);
	out->held = statement_int(row, 2);
	statement_done(row);
	return FAULT_NONE;
}

static enum fault
read_change(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct auto_lease_change *change = item;

	(void)arena;
	change->at = statement_int(statement, 0);
	change->total = statement_int(statement, 1);
	change->held = statement_int(statement, 2);
	return FAULT_NONE;
}

enum fault
store_pool_change_list(struct auto_lease_change **out, size_t *count,
    struct arena *arena, struct store *store, const char *feature, int64_t from)
{
	void *changes;
	enum fault fault;

	assert(out && count && arena && store && feature);
	fault = statement_all(&changes, count, arena, store, sizeof(**out),
	    read_change, sql[SQL_LIST], "ti", feature, from);
	*out = changes;
	return fault;
}

enum fault
store_pool_change_save(struct store *store, const char *feature,
    const struct auto_lease_change *change)
{
	assert(store && feature && change);
	return statement_run(store, sql[SQL_SAVE], "tiii", feature, change->at,
	    change->total, change->held);
}

enum fault
store_pool_change_prune(struct store *store, const char *feature, int64_t from)
{
	assert(store && feature);
	return statement_run(store, sql[SQL_PRUNE], "ti", feature, from);
}

enum fault
store_pool_change_forget(struct store *store, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_FORGET], "i", at);
}

static enum fault
read_end(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct pool_end *end = item;

	end->feature = statement_text(arena, statement, 0);
	end->client = statement_int(statement, 1);
	end->reserved = statement_int(statement, 2);
	end->expires = statement_int(statement, 3);
	return FAULT_NONE;
}

enum fault
store_pool_change_ends(struct pool_end **out, size_t *count,
    struct arena *arena, struct store *store, int64_t after, int64_t until)
{
	void *ends;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&ends, count, arena, store, sizeof(**out),
	    read_end, sql[SQL_ENDS], "ii", after, until);
	*out = ends;
	return fault;
}
