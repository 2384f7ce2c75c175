/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_cluster.c: the leaders of clusters as rows. A cluster itself is
 * nothing but clients that name it.
 */
#include "engine/store/store_cluster.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LOAD,
	SQL_HAS_OTHERS,
	SQL_SAVE,
	SQL_DELETE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT l.id, l.name, c.until"
		     "  FROM cluster c JOIN client l ON l.id = c.leader"
		     "  WHERE c.name = ?1 AND l.cluster = ?1"
		     "  AND l.deleted_at = 0",
	[SQL_HAS_OTHERS] = "SELECT EXISTS (SELECT 1 FROM client"
			   "  WHERE cluster = ?1 AND cluster <> ''"
			   "  AND deleted_at = 0 AND id <> ?2)",
	[SQL_SAVE] = "INSERT INTO cluster (name, leader, until)"
		     " VALUES (?1, ?2, ?3)"
		     " ON CONFLICT (name) DO UPDATE SET"
		     " leader = excluded.leader, until = excluded.until",
	[SQL_DELETE] = "DELETE FROM cluster WHERE name = ?1",
};

enum fault
store_cluster_load(struct cluster_row *out, struct arena *arena,
    struct store *store, const char *name)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && name);
	*out = (struct cluster_row){ .leader_name = "" };
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "t", name)))
		return fault;
	out->leader = statement_int(row, 0);
	out->leader_name = statement_text(arena, row, 1);
	out->until = statement_int(row, 2);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_cluster_has_others(
    bool *out, struct store *store, const char *name, int64_t except)
{
	int64_t found = 0;
	enum fault fault;

	assert(out && store && name);
	fault = statement_number(
	    &found, 0, store, sql[SQL_HAS_OTHERS], "ti", name, except);
	*out = found != 0;
	return fault;
}

enum fault
store_cluster_save(
    struct store *store, const char *name, int64_t leader, int64_t until)
{
	assert(store && name && *name && leader > 0);
	return statement_run(store, sql[SQL_SAVE], "tii", name, leader, until);
}

enum fault
store_cluster_delete(struct store *store, const char *name)
{
	assert(store && name);
	return statement_run(store, sql[SQL_DELETE], "t", name);
}
