/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * act.c: begin, work, end. Does not know what is done.
 */
#include "agent/act.h"

#include "engine/base/clock.h"
#include <assert.h>

static const struct actor system_actor = { "System", "" };

enum fault
act_run(struct agent *agent, const struct actor *actor,
    enum fault (*work)(struct ledger *ledger, void *with), void *with)
{
	struct ledger ledger;
	enum fault fault;

	assert(agent && work);
	arena_clear(&agent->scratch);
	ledger_init(&ledger, agent->appliance.store, &agent->appliance,
	    &agent->scratch, actor ? actor : &system_actor, clock_now());
	if (!(fault = ledger_begin(&ledger)))
		fault = ledger_end(&ledger, work(&ledger, with));
	arena_clear(&agent->scratch);
	if (fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	return fault;
}
