/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_auto.c: the switch of auto-leasing: judged, told of when it
 * flips, and off for all while a penalty lasts (rules.md 6).
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/rules/auto_lease.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_pool_change.h"
#include <assert.h>
#include <string.h>

static enum fault
judge(struct auto_lease_row *out, struct ledger *ledger,
    const struct watch_row *watch, const struct feature *feature,
    int64_t unallocated)
{
	struct auto_lease_change *changes;
	size_t count;
	enum fault fault;

	if ((fault = store_pool_change_list(&changes, &count, ledger->arena,
		 ledger->store, feature->name,
		 ledger->now - AUTO_LEASE_WINDOW_SECONDS)))
		return fault;
	out->verdict = auto_lease_judge(
	    &out->numbers, feature, changes, count, unallocated, ledger->now);
	if (watch->penalty_until > ledger->now &&
	    out->verdict != VERDICT_AUTO_LEASE_NOT_ELIGIBLE) {
		out->verdict = VERDICT_AUTO_LEASE_PENALTY;
		out->numbers.client = watch->penalty_client;
		out->numbers.until = ledger_act_instant(
		    ledger, watch->penalty_until);
	}
	out->is_on = out->verdict == VERDICT_AUTO_LEASE_ON;
	return FAULT_NONE;
}

static enum fault
tell(struct ledger *ledger, const struct auto_lease_row *row)
{
	return ledger_act_event(ledger, EVENT_AUTO_LEASE_SWITCHED, row->feature,
	    row->is_on ? "on" : "off",
	    mistake_verdict_text(
		ledger->arena, row->verdict, row->feature, &row->numbers),
	    NULL, NULL);
}

static bool
is_same(const struct auto_lease_row *a, const struct auto_lease_row *b)
{
	return a->is_on == b->is_on && a->verdict == b->verdict &&
	    a->numbers.average == b->numbers.average &&
	    a->numbers.unallocated == b->numbers.unallocated &&
	    a->numbers.seconds == b->numbers.seconds;
}

static enum fault
save(struct ledger *ledger, struct auto_lease_row *row)
{
	const struct auto_lease_row *old;
	struct auto_lease_row *rows;
	size_t count;
	enum fault fault;
	bool was_on;

	if ((fault = store_auto_lease_list(
		 &rows, &count, ledger->arena, ledger->store)))
		return fault;
	old = store_auto_lease_of(rows, count, row->feature);
	if (old && is_same(old, row))
		return FAULT_NONE;
	was_on = old && old->is_on;
	if (old && was_on == row->is_on)
		row->changed_at = old->changed_at;
	if (was_on != row->is_on && (fault = tell(ledger, row)))
		return fault;
	return store_auto_lease_save(ledger->store, row);
}

enum fault
ledger_watch_auto_judge(struct ledger *ledger, const struct watch_row *watch,
    const struct pool_row *pool)
{
	const struct feature *feature;
	struct auto_lease_row row = { 0 };
	enum fault fault;

	assert(ledger && watch && pool && pool->feature);
	feature = catalogue_feature(
	    &ledger->appliance->catalogue, pool->feature);
	if (!feature)
		return FAULT_NONE;
	row.feature = pool->feature;
	row.judged_at = row.changed_at = ledger->now;
	if ((fault = judge(&row, ledger, watch, feature, pool->unallocated)))
		return fault;
	return save(ledger, &row);
}

/* ---- penalties ---- */

enum fault
ledger_watch_auto_end(struct ledger *ledger, const struct watch_row *watch)
{
	enum fault fault;

	assert(ledger && watch);
	if (watch->penalty_until == 0 || watch->penalty_until > ledger->now)
		return FAULT_NONE;
	if ((fault = ledger_act_event(ledger, EVENT_PENALTY_OVER,
		 watch->penalty_client, NULL, NULL, NULL, NULL)))
		return fault;
	return store_watch_penalty(ledger->store, 0, "", "");
}

enum fault
ledger_watch_auto_punish(
    struct ledger *ledger, const char *client, const char *text)
{
	struct watch_row watch;
	instant until;
	enum fault fault;

	assert(ledger && client && text);
	until = auto_lease_penalty_until(ledger->now);
	/* One that ran out since the last minute is told first. */
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    (fault = ledger_watch_auto_end(ledger, &watch)) ||
	    (fault = store_watch_penalty(ledger->store, until, client, text)) ||
	    (fault = ledger_act_event(ledger, EVENT_PENALTY_BEGAN, client, text,
		 ledger_act_instant(ledger, until), NULL, NULL)))
		return fault;
	return ledger_watch_pools_all(ledger);
}

enum fault
ledger_watch_auto_forgive(
    struct ledger *ledger, const char *sku, const char *serial)
{
	struct watch_row watch;
	enum fault fault;

	assert(ledger && sku && serial);
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    watch.penalty_until <= ledger->now)
		return fault;
	if ((fault = ledger_act_event(ledger, EVENT_PENALTY_ENDED, serial, sku,
		 serial, NULL, NULL)) ||
	    (fault = store_watch_penalty(ledger->store, 0, "", "")))
		return fault;
	return ledger_watch_pools_all(ledger);
}
