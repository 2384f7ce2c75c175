/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_clock.c: the instant at which an act of a license server
 * happens: never before one at which anything was decided (decision 0015).
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/rules/recovery.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <inttypes.h>

/*
 * Whoever waits for the lock of the store reads the clock before, and a time
 * source sets a clock back by a second: that is no news.
 */
#define TOLERANCE_SECONDS SECONDS_PER_MINUTE

static const char *
seconds_text(struct ledger *ledger, int64_t seconds)
{
	return arena_format(ledger->arena, "%" PRId64, seconds);
}

/* ---- at the beginning of every act ---- */

/* Since when the system's clock is seen to be behind; 0 when it is not. */
static int64_t
behind_at(const struct watch_row *watch, int64_t system)
{
	if (system >= watch->clock_mark)
		return 0;
	if (watch->clock_behind_at != 0)
		return watch->clock_behind_at;
	return watch->clock_mark - system >= TOLERANCE_SECONDS ? system : 0;
}

static enum fault
tell(struct ledger *ledger, const struct watch_row *watch, int64_t behind,
    int64_t system)
{
	if ((behind != 0) == (watch->clock_behind_at != 0))
		return FAULT_NONE;
	if (behind == 0)
		return ledger_act_event(
		    ledger, EVENT_CLOCK_RIGHT, "", NULL, NULL, NULL, NULL);
	return ledger_act_event(ledger, EVENT_CLOCK_BEHIND, "",
	    seconds_text(ledger, watch->clock_mark - system), NULL, NULL, NULL);
}

/*
 * Time goes on after it stood still. What was signed meanwhile was dated with
 * the mark, and its clients count on from there: they end it later than a
 * clock that leapt.
 */
static enum fault
go_on(struct ledger *ledger, const struct watch_row *watch, int64_t behind)
{
	int64_t leap = ledger->now - watch->clock_mark;
	enum fault fault;

	if (watch->clock_mark == 0 || leap <= 0)
		return FAULT_NONE;
	if (watch->clock_behind_at != 0 && behind == 0 &&
	    (fault = store_lease_prolong(
		 ledger->store, watch->clock_mark, leap)))
		return fault;
	return ledger_watch_pool_elapsed(ledger, watch->clock_mark);
}

enum fault
ledger_watch_clock(struct ledger *ledger)
{
	struct watch_row watch;
	int64_t system, behind;
	enum fault fault;

	assert(ledger && ledger->store);
	if (!appliance_lends(ledger->appliance))
		return FAULT_NONE;
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)))
		return fault;
	system = ledger->now;
	ledger->now = recovery_clock(watch.clock_mark, system);
	behind = behind_at(&watch, system);
	if (ledger->now == watch.clock_mark && behind == watch.clock_behind_at)
		return FAULT_NONE;
	if ((fault = go_on(ledger, &watch, behind)) ||
	    (fault = tell(ledger, &watch, behind, system)))
		return fault;
	return store_watch_clock(ledger->store, ledger->now, behind);
}
