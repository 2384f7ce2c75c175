/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_accept.c: an administrator takes the system's clock as right,
 * though it is behind what was decided already (decision 0015).
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/rules/auto_lease.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_admin.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_client_edit.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_pool_change.h"
#include "engine/store/store_sample.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <inttypes.h>

/* Everything that ran out by the mark is swept at the mark, so that it stays ended. */
static enum fault
sweep(struct ledger *ledger)
{
	int64_t *ids;
	size_t count;
	enum fault fault;

	if ((fault = ledger_license_sweep(ledger)))
		return fault;
	do {
		if ((fault = ledger_reclaim(ledger)) ||
		    (fault = store_lease_expired_clients(&ids, &count,
			 ledger->arena, ledger->store, 1, ledger->now)))
			return fault;
	} while (count > 0);
	return FAULT_NONE;
}

/* What bears an instant that has not come yet, by the clock that is right now. */
static enum fault
forget_future(struct ledger *ledger, const struct watch_row *watch)
{
	struct store *store = ledger->store;
	int64_t now = ledger->now;
	enum fault fault;

	if ((fault = store_client_edit_end(store, watch->clock_mark, now)) ||
	    (fault = store_pool_change_forget(store, now)) ||
	    (fault = store_sample_forget(store, now)) ||
	    (fault = store_auto_lease_forget(store, now)) ||
	    (fault = store_contact_answer_forget(store, now)) ||
	    (fault = store_sign_in_forget(store, now)))
		return fault;
	if (watch->penalty_until > auto_lease_penalty_until(now) &&
	    (fault = store_watch_penalty(store, auto_lease_penalty_until(now),
		 watch->penalty_client, watch->penalty_text)))
		return fault;
	if (watch->recovering_at > now &&
	    (fault = store_watch_recovering(store, now)))
		return fault;
	if (watch->sampled_at > now &&
	    (fault = store_watch_sampled(store, now)))
		return fault;
	return watch->halted_at > now
	    ? store_watch_halted(store, now, watch->halted_text)
	    : FAULT_NONE;
}

static enum fault
accept(struct ledger *ledger, const struct watch_row *watch, int64_t system_now)
{
	enum fault fault;

	ledger->now = watch->clock_mark;
	if ((fault = sweep(ledger)))
		return fault;
	ledger->now = system_now;
	if ((fault = forget_future(ledger, watch)) ||
	    (fault = store_watch_clock(ledger->store, system_now, 0)) ||
	    (fault = ledger_watch_pools_all(ledger)))
		return fault;
	return ledger_act_event(ledger, EVENT_CLOCK_ACCEPTED, "",
	    arena_format(
		ledger->arena, "%" PRId64, watch->clock_mark - system_now),
	    NULL, NULL, NULL);
}

enum fault
ledger_watch_accept_clock(struct ledger *ledger, int64_t system_now)
{
	struct watch_row watch;
	enum fault fault;

	assert(ledger && ledger->store);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)))
		return fault;
	if (system_now >= watch.clock_mark) {
		mistake_add(
		    &ledger->mistakes, "", MISTAKE_CLOCK_RIGHT, NULL, NULL);
		return FAULT_NONE;
	}
	return accept(ledger, &watch, system_now);
}
