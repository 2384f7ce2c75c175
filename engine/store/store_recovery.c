/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_recovery.c: rows that a restore from a copy changes or is judged by.
 * Decides nothing.
 */
#include "engine/store/store_recovery.h"

#include "engine/store/statement.h"
#include <assert.h>

/* ?1 epoch, ?2 its beginning, ?3 now, ?4 the client left out. */
#define SILENT                                                                 \
	"SELECT count(*) FROM client c"                                        \
	"  LEFT JOIN client_contact k ON k.client = c.id"                      \
	"  WHERE c.deleted_at = 0"                                             \
	"  AND (c.expires > ?3 OR c.changed_at >= ?2 OR EXISTS"                \
	"   (SELECT 1 FROM surrendered s"                                      \
	"    WHERE s.client = c.id AND s.state < 3))"                          \
	"  AND ifnull(k.epoch, 0) < ?1 AND c.made_at <= ?2 AND c.id <> ?4"     \
	"  AND (c.changed_at >= ?2 OR EXISTS"

enum {
	SQL_LOAD,
	SQL_EPOCH,
	SQL_WATCH,
	SQL_UNPROVEN,
	SQL_ANSWERS,
	SQL_END,
	SQL_RAISE_EPOCH,
	SQL_RAISE_MARK,
	SQL_MARKS,
	SQL_FORGET_LINK,
	SQL_FORGET_PARTS,
	SQL_SILENT,
	SQL_SILENT_OF,
	SQL_DROP_LEASE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT a.epoch, w.epoch_at, w.recovering_at"
		     "  FROM appliance a, watch w",
	[SQL_EPOCH] = "UPDATE appliance SET epoch = epoch + 1",
	[SQL_WATCH] = "UPDATE watch SET recovering_at = ?1, epoch_at = ?1",
	[SQL_UNPROVEN] =
	    "UPDATE client_contact SET unproven = 0 WHERE unproven <> 0",
	[SQL_ANSWERS] = "DELETE FROM sync_answer",
	[SQL_END] = "UPDATE watch SET recovering_at = 0",
	[SQL_RAISE_EPOCH] = "UPDATE appliance SET epoch = max(epoch, ?1)",
	[SQL_RAISE_MARK] = "UPDATE watch SET clock_mark = max(clock_mark, ?1)",
	[SQL_MARKS] = "SELECT a.epoch, w.clock_mark FROM appliance a, watch w",
	/* No wall clock is at this mark: only a sync tells the time again. */
	[SQL_FORGET_LINK] =
	    "UPDATE link SET number = 0, document = '',"
	    " anchor_boot = 'restored', anchor_wall = 9223372036854775807,"
	    " next_sync = 0",
	[SQL_FORGET_PARTS] = "DELETE FROM link_part",
	[SQL_SILENT] = SILENT
	"  (SELECT 1 FROM allocation a WHERE a.client = c.id AND a.maximum > 0)"
	" OR EXISTS (SELECT 1 FROM lease_part p"
	"  WHERE p.client = c.id AND p.expires > ?3)"
	" OR EXISTS (SELECT 1 FROM surrendered s"
	"  WHERE s.client = c.id AND s.state < 3))",
	[SQL_SILENT_OF] = SILENT
	"  (SELECT 1 FROM allocation a WHERE a.client = c.id"
	"   AND a.feature = ?5 AND a.maximum > 0)"
	" OR EXISTS (SELECT 1 FROM lease_part p WHERE p.client = c.id"
	"   AND p.feature = ?5 AND p.expires > ?3)"
	" OR EXISTS (SELECT 1 FROM surrendered s WHERE s.client = c.id"
	"   AND s.feature = ?5 AND s.state < 3))",
	[SQL_DROP_LEASE] = "DELETE FROM lease_part WHERE client = ?1",
};

enum fault
store_recovery_load(struct recovery_row *out, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && store);
	*out = (struct recovery_row){ 0 };
	fault = statement_row(&row, store, sql[SQL_LOAD], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_DAMAGED : fault;
	out->epoch = statement_int(row, 0);
	out->epoch_at = statement_int(row, 1);
	out->recovering_at = statement_int(row, 2);
	statement_done(row);
	return FAULT_NONE;
}

enum fault
store_recovery_begin(struct store *store, int64_t now)
{
	enum fault fault;

	assert(store && now > 0);
	if ((fault = statement_run(store, sql[SQL_EPOCH], "")) ||
	    (fault = statement_run(store, sql[SQL_WATCH], "i", now)) ||
	    (fault = statement_run(store, sql[SQL_UNPROVEN], "")))
		return fault;
	return statement_run(store, sql[SQL_ANSWERS], "");
}

enum fault
store_recovery_end(struct store *store)
{
	assert(store);
	return statement_run(store, sql[SQL_END], "");
}

enum fault
store_recovery_raise(struct store *store, int64_t epoch, int64_t clock_mark)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_RAISE_EPOCH], "i", epoch)))
		return fault;
	return statement_run(store, sql[SQL_RAISE_MARK], "i", clock_mark);
}

enum fault
store_recovery_marks(int64_t *epoch, int64_t *clock_mark, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(epoch && clock_mark && store);
	*epoch = *clock_mark = 0;
	fault = statement_row(&row, store, sql[SQL_MARKS], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_DAMAGED : fault;
	*epoch = statement_int(row, 0);
	*clock_mark = statement_int(row, 1);
	statement_done(row);
	return FAULT_NONE;
}

enum fault
store_recovery_forget_lease(struct store *store)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_FORGET_LINK], "")))
		return fault;
	return statement_run(store, sql[SQL_FORGET_PARTS], "");
}

enum fault
store_recovery_silent(int64_t *out, struct store *store,
    const struct recovery_row *recovery, const char *feature, int64_t but,
    int64_t now)
{
	assert(out && store && recovery);
	if (!feature)
		return statement_number(out, 0, store, sql[SQL_SILENT], "iiii",
		    recovery->epoch, recovery->epoch_at, now, but);
	return statement_number(out, 0, store, sql[SQL_SILENT_OF], "iiiit",
	    recovery->epoch, recovery->epoch_at, now, but, feature);
}

enum fault
store_recovery_drop_lease(struct store *store, int64_t client)
{
	assert(store && client > 0);
	return statement_run(store, sql[SQL_DROP_LEASE], "i", client);
}
