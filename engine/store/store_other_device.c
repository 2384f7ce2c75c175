/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_other_device.c: second devices as rows. Judges none of them.
 */
#include "engine/store/store_other_device.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LIST,
	SQL_AGAIN,
	SQL_INSERT,
	SQL_TRIM,
	SQL_DROP,
	SQL_FORGET,
	SQL_PRUNE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT hardware_id, platform, address, device_key,"
		     " first_at, last_at, tries FROM other_device"
		     "  WHERE client = ?1"
		     "  ORDER BY last_at DESC, hardware_id",
	/* A key, once shown, is not lost by a request without one. */
	[SQL_AGAIN] = "UPDATE other_device SET platform = ?3, address = ?4,"
		      " device_key = ifnull(?5, device_key), last_at = ?6,"
		      " tries = tries + 1"
		      "  WHERE client = ?1 AND hardware_id = ?2",
	[SQL_INSERT] = "INSERT INTO other_device (client, hardware_id,"
		       " platform, address, device_key, first_at, last_at,"
		       " tries)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)",
	[SQL_TRIM] = "DELETE FROM other_device WHERE client = ?1"
		     "  AND hardware_id <> ?2 AND hardware_id NOT IN"
		     "  (SELECT hardware_id FROM other_device"
		     "    WHERE client = ?1 AND hardware_id <> ?2"
		     "    ORDER BY last_at DESC, hardware_id LIMIT ?3)",
	[SQL_DROP] = ("DELETE FROM other_device"
		      "  WHERE client = ?1 AND hardware_id = ?2"),
	[SQL_FORGET] = "DELETE FROM other_device WHERE client = ?1",
	[SQL_PRUNE] = "DELETE FROM other_device WHERE last_at <= ?1",
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct other_device_row *row = item;

	row->hardware_id = statement_text(arena, statement, 0);
	row->platform = statement_text(arena, statement, 1);
	row->address = statement_text(arena, statement, 2);
	row->has_device_key = statement_blob(
	    row->device_key, sizeof(row->device_key), statement, 3);
	row->first_at = statement_int(statement, 4);
	row->last_at = statement_int(statement, 5);
	row->tries = statement_int(statement, 6);
	return FAULT_NONE;
}

enum fault
store_other_device_list(struct other_device_row **out, size_t *count,
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

enum fault
store_other_device_note(bool *is_new, struct store *store, int64_t client,
    const struct other_device_row *row)
{
	const void *key;
	enum fault fault;

	assert(is_new && store && row && row->hardware_id);
	key = row->has_device_key ? row->device_key : NULL;
	*is_new = false;
	fault = statement_run(store, sql[SQL_AGAIN], "itttbi", client,
	    row->hardware_id, row->platform, row->address, key,
	    sizeof(row->device_key), row->last_at);
	if (fault || statement_changes(store) > 0)
		return fault;
	*is_new = true;
	if ((fault = statement_run(store, sql[SQL_INSERT], "itttbi", client,
		 row->hardware_id, row->platform, row->address, key,
		 sizeof(row->device_key), row->last_at)))
		return fault;
	return statement_run(store, sql[SQL_TRIM], "iti", client,
	    row->hardware_id, (int64_t)STORE_OTHER_DEVICE_MAX - 1);
}

enum fault
store_other_device_drop(
    struct store *store, int64_t client, const char *hardware_id)
{
	assert(store && hardware_id);
	return statement_run(store, sql[SQL_DROP], "it", client, hardware_id);
}

enum fault
store_other_device_forget(struct store *store, int64_t client)
{
	assert(store);
	return statement_run(store, sql[SQL_FORGET], "i", client);
}

enum fault
store_other_device_prune(struct store *store, int64_t now)
{
	assert(store);
	return statement_run(
	    store, sql[SQL_PRUNE], "i", now - STORE_OTHER_DEVICE_KEEP_SECONDS);
}
