/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_reset.c: see store_reset.h.
 */
#include "engine/store/store_reset.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_IS_NEW,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_IS_NEW] =
	    "SELECT EXISTS (SELECT 1 FROM event WHERE code = ?1)"
	    " AND NOT EXISTS (SELECT 1 FROM license)"
	    " AND NOT EXISTS (SELECT 1 FROM client)"
	    " AND NOT EXISTS (SELECT 1 FROM link)",
};

enum fault
store_reset_is_new(bool *out, struct store *store, const char *code)
{
	int64_t is_new = 0;
	enum fault fault;

	assert(out && store && code);
	fault = statement_number(&is_new, 0, store, sql[SQL_IS_NEW], "t", code);
	*out = is_new != 0;
	return fault;
}
