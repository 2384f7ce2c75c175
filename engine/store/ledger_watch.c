/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch.c: what a license server looks at every minute: its sums, the
 * history of its pools, the switches of auto-leasing, the end of a penalty.
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/rules/auto_lease.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_guard.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_pool_change.h"
#include <assert.h>

/* Nothing was decided here, so nothing is undone: only granting stops. */
static enum fault
check(struct ledger *ledger, const struct pool_row *row)
{
	enum fault fault = ledger_guard_pool(ledger, row);

	return fault && ledger->broken ? ledger_guard_halt(ledger) : fault;
}

static enum fault
prune(struct ledger *ledger, const char *feature)
{
	instant from = ledger->now - AUTO_LEASE_KEEP_SECONDS;
	enum fault fault;

	if ((fault = store_pool_change_prune(ledger->store, feature, from)))
		return fault;
	return store_auto_lease_prune(ledger->store, feature, from);
}

static enum fault
watch_pool(struct ledger *ledger, const struct watch_row *watch,
    const struct pool_row *row)
{
	enum fault fault;

	if ((fault = check(ledger, row)) ||
	    (fault = ledger_watch_pool_note(ledger, row->feature, ledger->now,
		 row->installed, row->held)) ||
	    (fault = ledger_watch_auto_judge(ledger, watch, row)) ||
	    (fault = ledger_watch_sample(ledger, watch->sampled_at, row)))
		return fault;
	return prune(ledger, row->feature);
}

enum fault
ledger_watch(struct ledger *ledger)
{
	struct watch_row watch;
	struct pool_row *rows;
	size_t count;
	enum fault fault;

	assert(ledger);
	if (!appliance_lends(ledger->appliance))
		return FAULT_NONE;
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    (fault = ledger_watch_auto_end(ledger, &watch)) ||
	    (fault = ledger_recovery_sweep(ledger)) ||
	    (fault = store_pool_list(&rows, &count, ledger->arena,
		 ledger->store, &ledger->appliance->catalogue, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = watch_pool(ledger, &watch, &rows[i])))
			return fault;
	return store_watch_sampled(ledger->store, ledger->now);
}

enum fault
ledger_watch_resume(struct ledger *ledger)
{
	struct watch_row watch;
	enum fault fault;

	assert(ledger);
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    watch.halted_at == 0)
		return fault;
	if ((fault = store_watch_halted(ledger->store, 0, "")))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_RESUMED, "", NULL, NULL, NULL, NULL);
}
