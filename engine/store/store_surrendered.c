/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_surrendered.c: rows of licenses that clients surrendered. Decides
 * nothing.
 */
#include "engine/store/store_surrendered.h"

#include "engine/store/statement.h"
#include <assert.h>

/* Of one client, so that nobody fills the store with recalls of what never was. */
#define CLOSED_MAX 1000

#define ROW                                                                    \
	"SELECT s.id, s.client, s.issuer, s.serial, s.sku, s.feature,"         \
	" s.statement, s.units, s.state, s.since, s.accepted_at,"              \
	" s.changed_at, s.distrusted_at, c.name, c.hardware_id,"               \
	" c.deleted_at > 0, s.unheard"                                         \
	"  FROM surrendered s JOIN client c ON c.id = s.client "

enum {
	SQL_ALL,
	SQL_OF_CLIENT,
	SQL_OF_DEVICE,
	SQL_LOAD,
	SQL_BY_SERIAL,
	SQL_UNITS,
	SQL_RESERVED,
	SQL_RESERVES,
	SQL_INSERT,
	SQL_UPDATE,
	SQL_DISTRUST,
	SQL_CLOSE,
	SQL_CLOSE_TRIM,
	SQL_CLOSED,
	SQL_UNHEARD,
	SQL_HEARD,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_ALL] = ROW "WHERE s.state < 3 ORDER BY c.folded, s.client,"
			" s.serial, s.id",
	[SQL_OF_CLIENT] = ROW "WHERE s.client = ?1 AND s.state < 3"
			      "  ORDER BY s.serial, s.id",
	[SQL_OF_DEVICE] = ROW "WHERE c.hardware_id = ?1 AND s.state < 3"
			      "  ORDER BY s.serial, s.id",
	[SQL_LOAD] = ROW "WHERE s.issuer = ?1 AND s.serial = ?2",
	[SQL_BY_SERIAL] = ROW
	"WHERE s.serial = ?2 AND (s.client = ?1 OR c.hardware_id = ?3)"
	"  ORDER BY s.state = 3, s.since DESC, s.id LIMIT 1",
	[SQL_UNITS] = "SELECT sum(units), sum(units * (state = 2))"
		      "  FROM surrendered"
		      "  WHERE feature = ?1 AND state < 3"
		      "  AND distrusted_at = 0 AND unheard = 0",
	[SQL_RESERVED] = "SELECT sum(a.reserved) FROM allocation a"
			 "  JOIN client c ON c.id = a.client"
			 "  WHERE a.feature = ?1 AND c.deleted_at = 0"
			 "  AND c.expires > ?2",
	[SQL_RESERVES] = "SELECT c.name, a.reserved FROM allocation a"
			 "  JOIN client c ON c.id = a.client"
			 "  WHERE a.feature = ?1 AND a.reserved > 0"
			 "  AND c.deleted_at = 0 AND c.expires > ?2"
			 "  ORDER BY a.reserved DESC, c.folded LIMIT ?3",
	[SQL_INSERT] = "INSERT INTO surrendered (client, issuer, serial, sku,"
		       " feature, units, statement, state, since,"
		       " accepted_at, changed_at)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		       " ?11)",
	[SQL_UPDATE] = "UPDATE surrendered SET client = ?2, statement = ?3,"
		       " state = ?4, since = ?5, accepted_at = ?6,"
		       " changed_at = ?7,"
		       " unheard = unheard AND ?4 < 3 WHERE id = ?1",
	[SQL_DISTRUST] =
	    "UPDATE surrendered SET distrusted_at = ?2 WHERE id = ?1",
	[SQL_CLOSE] = "INSERT INTO surrender_closed (client, serial, since)"
		      " VALUES (?1, ?2, ?3)"
		      " ON CONFLICT (client, serial) DO UPDATE SET"
		      " since = max(since, excluded.since)",
	[SQL_CLOSE_TRIM] =
	    "DELETE FROM surrender_closed WHERE client = ?1"
	    "  AND serial IN (SELECT serial FROM surrender_closed"
	    "   WHERE client = ?1 ORDER BY since DESC LIMIT -1 OFFSET ?2)",
	/* A device that has a key is not spoken for by clients that showed none. */
	[SQL_CLOSED] =
	    "SELECT max(k.since) FROM client c"
	    "  JOIN surrender_closed k ON k.client = c.id"
	    "  WHERE k.serial = ?2 AND (c.id = ?1 OR (c.hardware_id = ?3"
	    "   AND (c.device_key IS NOT NULL OR (SELECT device_key"
	    "    FROM client WHERE id = ?1) IS NULL)))",
	[SQL_UNHEARD] = "UPDATE surrendered SET unheard = 1 WHERE state < 3"
			"  AND client IN (SELECT c.id FROM client c"
			"   LEFT JOIN client_contact k ON k.client = c.id"
			"   WHERE c.deleted_at = 0 AND ifnull(k.epoch, 0) <"
			"    (SELECT epoch FROM appliance))",
	[SQL_HEARD] = "UPDATE surrendered SET unheard = 0 WHERE id = ?1",
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct surrendered_row *row = item;

	row->id = statement_int(statement, 0);
	row->client = statement_int(statement, 1);
	row->issuer = statement_text(arena, statement, 2);
	row->serial = statement_text(arena, statement, 3);
	row->sku = statement_text(arena, statement, 4);
	row->feature = statement_text(arena, statement, 5);
	row->statement = statement_text(arena, statement, 6);
	row->units = statement_int(statement, 7);
	row->state = (enum surrender_row)statement_int(statement, 8);
	row->since = statement_int(statement, 9);
	row->accepted_at = statement_int(statement, 10);
	row->changed_at = statement_int(statement, 11);
	row->distrusted_at = statement_int(statement, 12);
	row->client_name = statement_text(arena, statement, 13);
	row->hardware_id = statement_text(arena, statement, 14);
	row->is_client_deleted = statement_int(statement, 15) != 0;
	row->is_unheard = statement_int(statement, 16) != 0;
	return FAULT_NONE;
}

static enum fault
finish_row(struct surrendered_row *out, struct arena *arena, sqlite3_stmt *row)
{
	enum fault fault = read_row(out, arena, row);

	statement_done(row);
	return arena->failed ? FAULT_MEMORY : fault;
}

/* What SQL_UNITS leaves out. */
const char *
store_surrendered_uncounted(const struct surrendered_row *row)
{
	assert(row);
	if (row->distrusted_at)
		return "its key is not believed: the issuer is not trusted "
		       "any more, or it was revoked";
	if (row->is_unheard)
		return "this server was restored from a copy, and its client "
		       "was not heard of since";
	return NULL;
}

enum fault
store_surrendered_list(struct surrendered_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t client)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = client == 0
	    ? statement_all(&rows, count, arena, store, sizeof(**out), read_row,
		  sql[SQL_ALL], "")
	    : statement_all(&rows, count, arena, store, sizeof(**out), read_row,
		  sql[SQL_OF_CLIENT], "i", client);
	*out = rows;
	return fault;
}

enum fault
store_surrendered_list_device(struct surrendered_row **out, size_t *count,
    struct arena *arena, struct store *store, const char *hardware_id)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && hardware_id && *hardware_id);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_OF_DEVICE], "t", hardware_id);
	*out = rows;
	return fault;
}

enum fault
store_surrendered_load(struct surrendered_row *out, struct arena *arena,
    struct store *store, const char *issuer, const char *serial)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && issuer && serial);
	*out = (struct surrendered_row){ 0 };
	if ((fault = statement_row(
		 &row, store, sql[SQL_LOAD], "tt", issuer, serial)))
		return fault;
	return finish_row(out, arena, row);
}

enum fault
store_surrendered_of(struct surrendered_row *out, struct arena *arena,
    struct store *store, int64_t client, const char *hardware_id,
    const char *serial)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && hardware_id && serial);
	*out = (struct surrendered_row){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_BY_SERIAL], "itt",
		 client, serial, hardware_id)))
		return fault;
	return finish_row(out, arena, row);
}

enum fault
store_surrendered_units(int64_t *units, int64_t *recalling, struct store *store,
    const char *feature)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(units && recalling && store && feature);
	*units = *recalling = 0;
	if ((fault = statement_row(&row, store, sql[SQL_UNITS], "t", feature)))
		return fault;
	*units = statement_int(row, 0);
	*recalling = statement_int(row, 1);
	statement_done(row);
	return FAULT_NONE;
}

enum fault
store_surrendered_unheard(struct store *store)
{
	assert(store);
	return statement_run(store, sql[SQL_UNHEARD], "");
}

enum fault
store_surrendered_heard(struct store *store, int64_t id)
{
	assert(store);
	return statement_run(store, sql[SQL_HEARD], "i", id);
}

enum fault
store_surrendered_reserved(
    int64_t *out, struct store *store, const char *feature, int64_t now)
{
	assert(out && store && feature);
	return statement_number(
	    out, 0, store, sql[SQL_RESERVED], "ti", feature, now);
}

static enum fault
read_reserve(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct surrendered_reserve *reserve = item;

	reserve->client = statement_text(arena, statement, 0);
	reserve->units = statement_int(statement, 1);
	return FAULT_NONE;
}

enum fault
store_surrendered_reserves(struct surrendered_reserve **out, size_t *count,
    struct arena *arena, struct store *store, const char *feature, size_t most,
    int64_t now)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && feature);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_reserve, sql[SQL_RESERVES], "tii", feature, now,
	    (int64_t)most);
	*out = rows;
	return fault;
}

enum fault
store_surrendered_save(struct store *store, const struct surrendered_row *row)
{
	assert(store && row && row->client > 0 && row->statement);
	assert(row->state != SURRENDER_ROW_NONE);
	if (row->id == 0)
		return statement_run(store, sql[SQL_INSERT],
		    "itttti"
		    "tiiii",
		    row->client, row->issuer, row->serial, row->sku,
		    row->feature, row->units, row->statement,
		    (int64_t)row->state, row->since, row->accepted_at,
		    row->changed_at);
	return statement_run(store, sql[SQL_UPDATE], "iitiiii", row->id,
	    row->client, row->statement, (int64_t)row->state, row->since,
	    row->accepted_at, row->changed_at);
}

enum fault
store_surrendered_distrust(struct store *store, int64_t id, int64_t at)
{
	assert(store && id > 0);
	return statement_run(store, sql[SQL_DISTRUST], "ii", id, at);
}

enum fault
store_surrendered_close(
    struct store *store, int64_t client, const char *serial, int64_t since)
{
	enum fault fault;

	assert(store && client > 0 && serial);
	if ((fault = statement_run(
		 store, sql[SQL_CLOSE], "iti", client, serial, since)))
		return fault;
	return statement_run(
	    store, sql[SQL_CLOSE_TRIM], "ii", client, (int64_t)CLOSED_MAX);
}

enum fault
store_surrendered_closed(
    int64_t *since, struct store *store, int64_t client,
    const char *hardware_id, const char *serial)
{
	assert(since && store && hardware_id && serial);
	return statement_number(since, INT64_MIN, store, sql[SQL_CLOSED],
	    "itt", client, serial, hardware_id);
}
