/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_holding.c: the running parts of all leases, a page at a time. Lends
 * nothing.
 */
#include "engine/store/store_holding.h"

#include "engine/store/statement.h"
#include <assert.h>

#define MATCHING                                                               \
	"  FROM lease_part p JOIN client c ON c.id = p.client"                 \
	"  WHERE p.expires > ?1 AND (?2 = '' OR p.feature = ?2)"               \
	"  AND instr(c.folded, lower(?3)) > 0"

enum {
	SQL_LIST,
	SQL_COUNT,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] =
	    "SELECT p.client, c.name, p.feature, p.id, p.kind, p.size,"
	    " p.count, p.granted, p.expires, p.lapsing, p.subscription,"
	    " p.last IS NOT NULL, c.deleted_at > 0, c.successor > 0" MATCHING
	    "  ORDER BY c.folded, p.client, p.feature, p.kind, p.granted, p.id"
	    "  LIMIT ?4 OFFSET ?5",
	[SQL_COUNT] = "SELECT count(*)" MATCHING,
};

static enum fault
read_holding(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct holding_row *row = item;

	row->client = statement_int(statement, 0);
	row->client_name = statement_text(arena, statement, 1);
	row->feature = statement_text(arena, statement, 2);
	row->part.id = statement_int(statement, 3);
	row->part.kind = statement_int(statement, 4) == 0 ? LEASE_PART_RESERVED
							  : LEASE_PART_QUANTUM;
	row->part.size = statement_int(statement, 5);
	row->part.count = statement_int(statement, 6);
	row->part.granted = statement_int(statement, 7);
	row->part.expires = statement_int(statement, 8);
	row->part.is_lapsing = statement_int(statement, 9) != 0;
	row->part.subscription = statement_int(statement, 10);
	row->is_releasing = statement_int(statement, 11) != 0;
	row->is_client_deleted = statement_int(statement, 12) != 0;
	row->is_device_replaced = statement_int(statement, 13) != 0;
	return FAULT_NONE;
}

enum fault
store_holding_list(struct holding_row **out, size_t *count, int64_t *matching,
    struct arena *arena, struct store *store,
    const struct holding_filter *filter, int64_t now)
{
	void *rows;
	enum fault fault;

	assert(out && count && matching && arena && store && filter);
	*out = NULL;
	*count = 0;
	if ((fault = statement_number(matching, 0, store, sql[SQL_COUNT], "itt",
		 now, filter->feature, filter->client)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_holding, sql[SQL_LIST], "ittii", now, filter->feature,
	    filter->client, filter->limit, filter->offset);
	*out = rows;
	return fault;
}
