/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_predecessor.c: whose place this appliance took, as rows.
 */
#include "engine/store/store_predecessor.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_IS,
	SQL_ADD,
	SQL_BECOME,
	SQL_DISTRUST,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_IS] = "SELECT count(*) FROM predecessor WHERE hardware_id = ?1",
	[SQL_ADD] = "INSERT OR REPLACE INTO predecessor"
		    "  SELECT hardware_id, ?1 FROM appliance",
	[SQL_BECOME] = "UPDATE appliance SET hardware_id = ?1, hostname = ?2,"
		       "  listen = ?3, redirect = ?4, platform = ?5,"
		       "  version = ?6, verified_digest = ''",
	[SQL_DISTRUST] = "UPDATE license SET distrusted_at = ?1"
			 "  WHERE distrusted_at = 0",
};

enum fault
store_predecessor_is(bool *out, struct store *store, const char *hardware_id)
{
	int64_t found = 0;
	enum fault fault;

	assert(out && store && hardware_id);
	fault = statement_number(
	    &found, 0, store, sql[SQL_IS], "t", hardware_id);
	*out = found != 0;
	return fault;
}

enum fault
store_predecessor_become(
    struct store *store, const struct appliance *own, int64_t now)
{
	enum fault fault;

	assert(store && own);
	if ((fault = statement_run(store, sql[SQL_ADD], "i", now)) ||
	    (fault = statement_run(store, sql[SQL_BECOME], "tttttt",
		 own->hardware_id, own->hostname, own->listen, own->redirect,
		 own->platform, own->version)))
		return fault;
	return statement_run(store, sql[SQL_DISTRUST], "i", now);
}
