/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_issued.c: license keys made here. Does not know what they are worth
 * where they are installed.
 */
#include "engine/store/store_issued.h"

#include "engine/base/jws.h"
#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

#define ISSUED                                                                 \
	"SELECT serial, hardware_id, sku, start_date, end_date, statement,"    \
	" actor, at, ifnull(entitlement, 0), revoked_at, revoked_why"          \
	" FROM issued "

enum {
	SQL_LIST,
	SQL_OF_DEVICE,
	SQL_LOAD,
	SQL_HEADERS,
	SQL_INSERT,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = ISSUED "ORDER BY id DESC LIMIT ?1",
	/* By itself: "any or this one" would read all that was ever issued. */
	[SQL_OF_DEVICE] = ISSUED "WHERE hardware_id = ?2"
				 " ORDER BY id DESC LIMIT ?1",
	[SQL_LOAD] = ISSUED "WHERE serial = ?1",
	[SQL_HEADERS] = "SELECT min(statement), count(*) FROM issued"
			" WHERE revoked_at = 0 GROUP BY"
			" substr(statement, 1, instr(statement, '.'))",
	[SQL_INSERT] = "INSERT INTO issued (serial, hardware_id, sku,"
		       "  start_date, end_date, statement, actor, at,"
		       "  entitlement)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
		       "  nullif(?9, 0))",
};

static enum fault
read_issued(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct issued_row *out = item;

	out->serial = statement_text(arena, statement, 0);
	out->hardware_id = statement_text(arena, statement, 1);
	out->sku = statement_text(arena, statement, 2);
	out->start_date = statement_text(arena, statement, 3);
	out->end_date = statement_text(arena, statement, 4);
	out->statement = statement_text(arena, statement, 5);
	out->actor = statement_text(arena, statement, 6);
	out->at = statement_int(statement, 7);
	out->entitlement = statement_int(statement, 8);
	out->revoked_at = statement_int(statement, 9);
	out->revoked_why = statement_text(arena, statement, 10);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* One statement of each header, and how many have it. */
struct header {
	const char *statement;
	int64_t count;
};

static enum fault
read_header(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct header *header = item;

	header->statement = statement_text(arena, statement, 0);
	header->count = statement_int(statement, 1);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_issued_count(int64_t *out, struct arena *arena, struct store *store,
    const char *kid)
{
	struct header *headers;
	size_t count;
	void *rows;
	enum fault fault;

	assert(out && arena && store && kid);
	*out = 0;
	if ((fault = statement_all(&rows, &count, arena, store,
		 sizeof(*headers), read_header, sql[SQL_HEADERS], "")))
		return fault;
	headers = rows;
	for (size_t i = 0; i < count; i++) {
		const char *text = headers[i].statement;
		struct jws jws;

		if (jws_parse(&jws, arena, text, strlen(text), NULL) != JWS_OK)
			continue;
		if (strcmp(jws.kid, kid) == 0)
			*out += headers[i].count;
		jws_clear(&jws);
	}
	return FAULT_NONE;
}

enum fault
store_issued_load(struct issued_row *out, struct arena *arena,
    struct store *store, const char *serial)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && serial);
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "t", serial)))
		return fault;
	fault = read_issued(out, arena, row);
	statement_done(row);
	return fault;
}

enum fault
store_issued_list(struct issued_row **out, size_t *count, struct arena *arena,
    struct store *store, const char *hardware_id, int64_t limit)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store && limit >= 0);
	fault = hardware_id
	    ? statement_all(&rows, count, arena, store, sizeof(**out),
		  read_issued, sql[SQL_OF_DEVICE], "it", limit, hardware_id)
	    : statement_all(&rows, count, arena, store, sizeof(**out),
		  read_issued, sql[SQL_LIST], "i", limit);
	*out = rows;
	return fault;
}

enum fault
store_issued_insert(struct store *store, const struct issued_row *row)
{
	assert(store && row && row->serial && row->hardware_id && row->sku);
	return statement_run(store, sql[SQL_INSERT], "tttttttii", row->serial,
	    row->hardware_id, row->sku, row->start_date, row->end_date,
	    row->statement, row->actor, row->at, row->entitlement);
}
