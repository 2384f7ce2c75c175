/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_lease.c: parts of leases as rows, and the documents they stand in.
 * Does not know why a part is granted or taken back.
 */
#include "engine/store/store_lease.h"

#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LIST,
	SQL_INSERT,
	SQL_EXTEND,
	SQL_PROLONG,
	SQL_CLOSE,
	SQL_CLOSE_ALL,
	SQL_CONFIRM,
	SQL_DELETE_EXPIRED,
	SQL_EXPIRED_CLIENTS,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT id, feature, kind, size, count, granted, expires,"
		     " lapsing, first, last, subscription"
		     "  FROM lease_part WHERE client = ?1"
		     "  ORDER BY feature, id",
	[SQL_INSERT] = "INSERT INTO lease_part (client, feature, kind, size,"
		       " count, granted, expires, lapsing, first, subscription)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[SQL_EXTEND] = "UPDATE lease_part SET expires = ?2, lapsing = ?3,"
		       " subscription = ?4"
		       "  WHERE id = ?1 AND expires <= ?2",
	[SQL_PROLONG] = "UPDATE lease_part SET expires = expires + ?2"
			"  WHERE expires > ?1 AND client IN"
			"  (SELECT client FROM client_contact"
			"   WHERE last_contact >= ?1)",
	[SQL_CLOSE] = "UPDATE lease_part SET last = ?2"
		      "  WHERE id = ?1 AND last IS NULL",
	[SQL_CLOSE_ALL] = "UPDATE lease_part SET last = ?2"
			  "  WHERE client = ?1 AND last IS NULL",
	[SQL_CONFIRM] =
	    "DELETE FROM lease_part WHERE client = ?1 AND last < ?2",
	[SQL_DELETE_EXPIRED] = "DELETE FROM lease_part"
			       "  WHERE client = ?1 AND expires <= ?2",
	[SQL_EXPIRED_CLIENTS] = "SELECT DISTINCT client FROM lease_part"
				"  WHERE expires <= ?1 LIMIT ?2",
};

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct lease_row *row = item;

	row->part.id = statement_int(statement, 0);
	row->feature = statement_text(arena, statement, 1);
	row->part.kind = statement_int(statement, 2) ? LEASE_PART_QUANTUM
						     : LEASE_PART_RESERVED;
	row->part.size = statement_int(statement, 3);
	row->part.count = statement_int(statement, 4);
	row->part.granted = statement_int(statement, 5);
	row->part.expires = statement_int(statement, 6);
	row->part.is_lapsing = statement_int(statement, 7);
	row->first = statement_int(statement, 8);
	row->last = statement_is_null(statement, 9)
	    ? STORE_LEASE_LIVE
	    : statement_int(statement, 9);
	row->part.subscription = statement_int(statement, 10);
	return FAULT_NONE;
}

static enum fault
read_id(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	(void)arena;
	*(int64_t *)item = statement_int(statement, 0);
	return FAULT_NONE;
}

/* Units that document number "document" gives at "now". */
static int64_t
units_in(
    const struct lease_row *rows, size_t count, int64_t document, int64_t now)
{
	int64_t units = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].first <= document && rows[i].last >= document)
			units = instant_units_add(
			    units, lease_units(&rows[i].part, 1, now));
	return units;
}

enum fault
store_lease_list(struct lease_row **out, size_t *count, struct arena *arena,
    struct store *store, int64_t client)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "i", client);
	*out = rows;
	return fault;
}

const struct lease_row *
store_lease_of(size_t *count, const struct lease_row *rows, size_t row_count,
    const char *feature)
{
	size_t first = 0, end;

	assert(count && (rows || row_count == 0) && feature);
	while (first < row_count && strcmp(rows[first].feature, feature) != 0)
		first++;
	end = first;
	while (end < row_count && strcmp(rows[end].feature, feature) == 0)
		end++;
	*count = end - first;
	return *count > 0 ? &rows[first] : NULL;
}

int64_t
store_lease_units(const struct lease_row *rows, size_t count, int64_t now)
{
	assert(rows || count == 0);
	return units_in(rows, count, STORE_LEASE_LIVE, now);
}

int64_t
store_lease_documented(const struct lease_row *rows, size_t count, int64_t now)
{
	int64_t most = store_lease_units(rows, count, now);

	/*
	 * From one document to the next, units go only where rows close: so the
	 * most is given by the last document of some closed row, or by the newest.
	 * An expiry grows in place, so an older document may seem to give more
	 * than it does: an error on the safe side, over when the closed row is.
	 */
	for (size_t i = 0; i < count; i++)
		if (rows[i].last != STORE_LEASE_LIVE &&
		    rows[i].part.expires > now)
			most = instant_later(
			    most, units_in(rows, count, rows[i].last, now));
	return most;
}

enum fault
store_lease_insert(struct store *store, int64_t client, const char *feature,
    const struct lease_part *part, int64_t first)
{
	assert(store && feature && part && first > 0);
	assert(part->size > 0 && part->count > 0);
	return statement_run(store, sql[SQL_INSERT], "itiiiiiiii", client,
	    feature, (int64_t)(part->kind == LEASE_PART_QUANTUM), part->size,
	    part->count, part->granted, part->expires,
	    (int64_t)part->is_lapsing, first, part->subscription);
}

enum fault
store_lease_extend(
    struct store *store, int64_t id, const struct lease_part *part)
{
	enum fault fault;

	assert(store && id > 0 && part);
	fault = statement_run(store, sql[SQL_EXTEND], "iiii", id, part->expires,
	    (int64_t)part->is_lapsing, part->subscription);
	assert(fault || statement_changes(store) == 1);
	return fault;
}

enum fault
store_lease_prolong(struct store *store, int64_t mark, int64_t seconds)
{
	assert(store && seconds > 0);
	return statement_run(store, sql[SQL_PROLONG], "ii", mark, seconds);
}

enum fault
store_lease_close(struct store *store, int64_t id, int64_t last)
{
	assert(store && id > 0 && last > 0);
	return statement_run(store, sql[SQL_CLOSE], "ii", id, last);
}

enum fault
store_lease_close_all(struct store *store, int64_t client, int64_t last)
{
	assert(store);
	return statement_run(store, sql[SQL_CLOSE_ALL], "ii", client, last);
}

enum fault
store_lease_confirm(struct store *store, int64_t client, int64_t confirmed)
{
	assert(store);
	return statement_run(store, sql[SQL_CONFIRM], "ii", client, confirmed);
}

enum fault
store_lease_delete_expired(struct store *store, int64_t client, int64_t now)
{
	assert(store);
	return statement_run(store, sql[SQL_DELETE_EXPIRED], "ii", client, now);
}

enum fault
store_lease_expired_clients(int64_t **out, size_t *count, struct arena *arena,
    struct store *store, int64_t most, int64_t now)
{
	void *ids;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&ids, count, arena, store, sizeof(**out), read_id,
	    sql[SQL_EXPIRED_CLIENTS], "ii", now, most);
	*out = ids;
	return fault;
}
