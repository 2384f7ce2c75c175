/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_guard.c: compares sums before and after a decision, and stops
 * granting when they do not add up. Does not know what was decided.
 */
#include "engine/store/ledger_guard.h"

#include "engine/base/log.h"
#include "engine/store/ledger_act.h"
#include "engine/store/sentence.h"
#include "engine/store/store_pool_change.h"
#include "engine/store/store_watch.h"
#include <assert.h>

static const char *
explain(struct ledger *ledger, enum invariant invariant,
    const struct invariant_figures *figures)
{
	const struct sentence_value values[] = {
		{ "total", ledger_act_units(ledger, figures->total) },
		{ "leased", ledger_act_units(ledger, figures->leased) },
		{ "held", ledger_act_units(ledger, figures->held) },
	};
	const char *text = sentence_fill(
	    ledger->arena, invariant_sentence(invariant), values, 3);

	return text ? text : invariant_sentence(invariant);
}

enum fault
ledger_guard_check(struct ledger *ledger, const char *feature,
    const struct invariant_figures *before,
    const struct invariant_figures *after)
{
	enum invariant invariant;

	assert(ledger && feature && before && after);
	if ((invariant = invariant_check(before, after)) == INVARIANT_NONE)
		return FAULT_NONE;
	ledger->broken = explain(ledger, invariant, after);
	ledger->broken_feature = feature;
	log_line(LOG_SEVERITY_ERROR, "%s: %s Granting stops.", feature,
	    ledger->broken);
	return FAULT_DAMAGED;
}

enum fault
ledger_guard_pool(struct ledger *ledger, const struct pool_row *row)
{
	struct auto_lease_change note;
	struct invariant_figures before, after;
	enum fault fault;
	bool found;

	assert(ledger && row && row->feature);
	if ((fault = store_pool_change_newest(
		 &note, &found, ledger->store, row->feature)) ||
	    !found)
		return fault;
	/* The note does not say what of the held units is leased, nor from where. */
	before = (struct invariant_figures){ .total = note.total,
		.leased = note.held,
		.held = note.held,
		.permanent_drawn = note.held };
	after = (struct invariant_figures){ .total = row->installed,
		.leased = row->leased,
		.held = row->held,
		.permanent_drawn = row->leased };
	return ledger_guard_check(ledger, row->feature, &before, &after);
}

enum fault
ledger_guard_halt(struct ledger *ledger)
{
	const char *text = ledger->broken, *feature = ledger->broken_feature;
	const char *whole;
	struct watch_row watch;
	enum fault fault;

	assert(ledger && text && feature);
	ledger->broken = ledger->broken_feature = NULL;
	if ((fault = store_watch_load(&watch, ledger->arena, ledger->store)) ||
	    watch.halted_at != 0)
		return fault;
	whole = arena_format(ledger->arena, "%s: %s", feature, text);
	if (!whole)
		return FAULT_MEMORY;
	if ((fault = store_watch_halted(ledger->store, ledger->now, whole)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_HALTED, feature, text, NULL, NULL, NULL);
}
