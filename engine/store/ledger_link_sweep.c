/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_sweep.c: leases that ran out unrenewed on a license client. They
 * count nowhere from their instant on; this tells of it, once.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_link_edit.h"
#include <assert.h>
#include <string.h>

/* What of one feature lapsed since it was last looked at. */
struct lapse {
	int64_t before, now; /* units */
	int64_t quanta_now;
	bool had_quanta;
};

static void
add_part(
    struct lapse *lapse, const struct link_part_row *part, int64_t server_now)
{
	bool is_running = part->expires > server_now;

	if (part->is_told && !is_running)
		return;
	lapse->before = instant_units_add(lapse->before, part->units);
	if (is_running)
		lapse->now = instant_units_add(lapse->now, part->units);
	if (part->kind == LEASE_PART_QUANTUM) {
		lapse->had_quanta = true;
		if (is_running)
			lapse->quanta_now += part->units;
	}
}

/* Per feature what was cut, then what it means for all of them. */
static enum fault
tell_lapses(struct ledger *ledger, const char *server,
    const struct link_part_row *parts, size_t count, int64_t server_now)
{
	struct lapse all = { 0 }, one = { 0 };
	enum fault fault;

	for (size_t i = 0; i < count; i++) {
		add_part(&all, &parts[i], server_now);
		add_part(&one, &parts[i], server_now);
		if (i + 1 < count &&
		    strcmp(parts[i].feature, parts[i + 1].feature) == 0)
			continue;
		if (one.now < one.before &&
		    (fault = ledger_act_event(ledger, EVENT_LINK_CAPACITY_CUT,
			 server, parts[i].feature,
			 ledger_act_units(ledger, one.before),
			 ledger_act_units(ledger, one.now), NULL)))
			return fault;
		one = (struct lapse){ 0 };
	}
	if (all.before > 0 && all.now == 0)
		return ledger_act_event(ledger, EVENT_LINK_ALL_LAPSED, server,
		    NULL, NULL, NULL, NULL);
	if (all.had_quanta && all.quanta_now == 0)
		return ledger_act_event(ledger, EVENT_LINK_QUANTA_LAPSED,
		    server, NULL, NULL, NULL, NULL);
	return FAULT_NONE;
}

enum fault
ledger_link_sweep(struct ledger *ledger, int64_t server_now)
{
	struct link_row row;
	struct link_part_row *parts;
	enum fault fault;
	size_t count;

	assert(ledger);
	/* Where the server's clock is not known nothing counts, but nothing is over either. */
	if (server_now == INSTANT_NEVER)
		return FAULT_NONE;
	fault = store_link_load(&row, ledger->arena, ledger->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_link_parts(
		 &parts, &count, ledger->arena, ledger->store)))
		return fault;
	if ((fault = tell_lapses(ledger, row.server, parts, count, server_now)))
		return fault;
	return store_link_edit_mark_lapsed(ledger->store, server_now);
}
