/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client_edit.c: rows of clients written. Decides nothing.
 */
#include "engine/store/store_client_edit.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_INSERT,
	SQL_UPDATE,
	SQL_DELETE,
	SQL_DELETE_USERS,
	SQL_REGISTER,
	SQL_CLUSTER,
	SQL_SAME_NAME,
	SQL_EXPIRED,
	SQL_ANNOUNCE,
	SQL_PURGE_RETURNED,
	SQL_END,
	SQL_PURGE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_INSERT] = "INSERT INTO client (name, folded, password_hash,"
		       " expires_date, expires, platform, product, made_at,"
		       " changed_at)"
		       " VALUES (?1, lower(?1), ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
	[SQL_UPDATE] = "UPDATE client SET name = ?2, folded = lower(?2),"
		       " password_hash = ?3, password_version = ?4,"
		       " expires_date = ?5, expires = ?6, platform = ?7,"
		       " product = ?8, changed_at = ?9,"
		       " row_version = row_version + 1"
		       "  WHERE id = ?1",
	[SQL_DELETE] = "UPDATE client SET deleted_at = ?2,"
		       " row_version = row_version + 1"
		       "  WHERE id = ?1 AND deleted_at = 0",
	/* What it holds runs out; what it wanted is over at once. */
	[SQL_DELETE_USERS] = "DELETE FROM client_users WHERE client = ?1",
	[SQL_REGISTER] = "UPDATE client SET hardware_id = ?2,"
			 " device_key = ?3, registered_at = ?4"
			 "  WHERE id = ?1",
	[SQL_CLUSTER] = "UPDATE client SET cluster = ?2 WHERE id = ?1",
	[SQL_SAME_NAME] = "SELECT name, id FROM client"
			  "  WHERE folded = lower(?1) AND deleted_at = 0",
	[SQL_EXPIRED] = "SELECT id FROM client"
			"  WHERE expires <= ?1 AND announced_expiry <> expires"
			"  AND deleted_at = 0 LIMIT ?2",
	[SQL_ANNOUNCE] = "UPDATE client SET announced_expiry = expires"
			 "  WHERE id = ?1",
	/* Nobody can send a late copy of a surrender under a deleted ID. */
	[SQL_PURGE_RETURNED] =
	    "DELETE FROM surrendered WHERE state = 3 AND client IN"
	    " (SELECT id FROM client WHERE deleted_at > 0)",
	[SQL_END] = "UPDATE client SET expires = ?2, announced_expiry = ?2"
		    "  WHERE expires <= ?1 AND expires > ?2",
	[SQL_PURGE] =
	    "DELETE FROM client WHERE deleted_at > 0 AND NOT EXISTS"
	    " (SELECT 1 FROM lease_part p WHERE p.client = client.id)"
	    " AND NOT EXISTS"
	    " (SELECT 1 FROM surrendered s WHERE s.client = client.id)",
};

static enum fault
read_id(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	(void)arena;
	*(int64_t *)item = statement_int(statement, 0);
	return FAULT_NONE;
}

enum fault
store_client_edit_insert(
    int64_t *out, struct store *store, const struct client_row *row)
{
	enum fault fault;

	assert(out && store && row && row->password_hash);
	*out = 0;
	if ((fault = statement_run(store, sql[SQL_INSERT], "tttitii", row->name,
		 row->password_hash, row->expires_date, row->expires,
		 row->platform, (int64_t)row->product, row->made_at)))
		return fault;
	*out = statement_inserted(store);
	return FAULT_NONE;
}

enum fault
store_client_edit_update(struct store *store, const struct client_row *row)
{
	assert(store && row && row->id > 0);
	return statement_run(store, sql[SQL_UPDATE], "ittititii", row->id,
	    row->name, row->password_hash, row->password_version,
	    row->expires_date, row->expires, row->platform,
	    (int64_t)row->product, row->changed_at);
}

enum fault
store_client_edit_delete(struct store *store, int64_t id, int64_t now)
{
	enum fault fault;

	assert(store && id > 0 && now > 0);
	if ((fault = statement_run(store, sql[SQL_DELETE_USERS], "i", id)))
		return fault;
	return statement_run(store, sql[SQL_DELETE], "ii", id, now);
}

enum fault
store_client_edit_register(struct store *store, const struct client_row *row)
{
	assert(store && row && row->id > 0);
	return statement_run(store, sql[SQL_REGISTER], "itbi", row->id,
	    row->hardware_id,
	    (const void *)(row->has_device_key ? row->device_key : NULL),
	    (size_t)KEYPAIR_PUBLIC_BYTES, row->registered_at);
}

enum fault
store_client_edit_cluster(struct store *store, int64_t id, const char *cluster)
{
	assert(store && id > 0 && cluster);
	return statement_run(store, sql[SQL_CLUSTER], "it", id, cluster);
}

enum fault
store_client_edit_same_name(const char **name, int64_t *id, struct arena *arena,
    struct store *store, const char *wanted)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(name && id && arena && store && wanted);
	*name = NULL;
	*id = 0;
	if ((fault = statement_row(
		 &row, store, sql[SQL_SAME_NAME], "t", wanted)))
		return fault;
	*name = statement_text(arena, row, 0);
	*id = statement_int(row, 1);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_client_edit_expired(int64_t **out, size_t *count, struct arena *arena,
    struct store *store, int64_t most, int64_t now)
{
	void *ids;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&ids, count, arena, store, sizeof(**out), read_id,
	    sql[SQL_EXPIRED], "ii", now, most);
	*out = ids;
	return fault;
}

enum fault
store_client_edit_announce(struct store *store, int64_t id)
{
	assert(store && id > 0);
	return statement_run(store, sql[SQL_ANNOUNCE], "i", id);
}

enum fault
store_client_edit_end(struct store *store, int64_t mark, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_END], "ii", mark, at);
}

enum fault
store_client_edit_purge(struct store *store)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_PURGE_RETURNED], "")))
		return fault;
	return statement_run(store, sql[SQL_PURGE], "");
}
