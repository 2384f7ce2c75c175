/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trial.c: looks whether a trial is over. What comes back then, and what of
 * the leases counts, the ledger says; what fails is tried again a second later.
 */
#include "agent/trial.h"

#include "agent/act.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/store/ledger_link_trial.h"

static enum fault
lapse(struct ledger *ledger, void *with)
{
	return ledger_link_trial_lapse(ledger, with);
}

/* A trial that cannot be read is over for nobody: it was logged where it was found. */
static bool
is_over(struct agent *agent, const struct link_moment *moment)
{
	struct link_trial_row trial;
	bool is_there;

	if (store_link_trial_is_there(&is_there, agent->appliance.store) ||
	    !is_there)
		return false;
	arena_clear(&agent->scratch);
	return !store_link_trial_load(
		   &trial, &agent->scratch, agent->appliance.store) &&
	    store_link_trial_left(&trial, moment, clock_now()) == 0;
}

void
trial_second(struct agent *agent, int64_t elapsed_ms)
{
	struct link_moment moment = { clock_boot_id(), elapsed_ms };

	if (!is_over(agent, &moment) || act_run(agent, NULL, lapse, &moment))
		return;
	log_line(LOG_SEVERITY_NOTICE,
	    "nobody kept the changed connection: the one of before is back");
	agent->measured_at = 0;
}
