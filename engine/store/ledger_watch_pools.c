/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_pools.c: what follows when an administrator changed pools:
 * their sums are checked and noted, their switches judged.
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_guard.h"
#include <assert.h>

static enum fault
settle(struct ledger *ledger, const struct watch_row *watch,
    const struct pool_row *row)
{
	enum fault fault;

	if ((fault = ledger_watch_pool_note(
		 ledger, row->feature, ledger->now, row->installed, row->held)))
		return fault;
	return ledger_watch_auto_judge(ledger, watch, row);
}

enum fault
ledger_watch_pools_changed(struct ledger *ledger, const char *feature)
{
	struct watch_row watch;
	struct pool_row row;
	enum fault fault;

	assert(ledger && feature);
	if (!appliance_lends(ledger->appliance) ||
	    !ledger_act_is_counted(ledger, feature))
		return FAULT_NONE;
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    (fault = store_pool_feature(
		 &row, ledger->store, feature, ledger->now)) ||
	    (fault = ledger_guard_pool(ledger, &row)))
		return fault;
	return settle(ledger, &watch, &row);
}

enum fault
ledger_watch_pools_all(struct ledger *ledger)
{
	struct watch_row watch;
	struct pool_row *rows;
	size_t count;
	enum fault fault;

	assert(ledger);
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    (fault = store_pool_list(&rows, &count, ledger->arena,
		 ledger->store, &ledger->appliance->catalogue, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = settle(ledger, &watch, &rows[i])))
			return fault;
	return FAULT_NONE;
}
