/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_agreement.c: acceptances of the license agreement. Does not know its
 * text.
 */
#include "engine/store/store_agreement.h"

#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LOAD,
	SQL_INSERT,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT version, digest, actor, address, at FROM agreement"
		     " WHERE ?1 IS NULL OR digest = ?1"
		     " ORDER BY id DESC LIMIT 1",
	[SQL_INSERT] = "INSERT INTO agreement (version, digest, actor, address,"
		       "  at) VALUES (?1, ?2, ?3, ?4, ?5)",
};

enum fault
store_agreement_load(struct agreement_row *out, struct arena *arena,
    struct store *store, const char *digest)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	memset(out, 0, sizeof(*out));
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "t", digest)))
		return fault;
	out->version = statement_text(arena, row, 0);
	out->digest = statement_text(arena, row, 1);
	out->actor = statement_text(arena, row, 2);
	out->address = statement_text(arena, row, 3);
	out->at = statement_int(row, 4);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_agreement_insert(struct store *store, const struct agreement_row *row)
{
	assert(store && row && row->version && row->digest && row->actor);
	return statement_run(store, sql[SQL_INSERT], "tttti", row->version,
	    row->digest, row->actor, row->address, row->at);
}
