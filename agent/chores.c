/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chores.c: timed work. What fails is tried again the next time; it was logged
 * where it arose.
 */
#include "agent/chores.h"

#include "agent/act.h"
#include "agent/begin.h"
#include "agent/download_task.h"
#include "agent/heartbeat_task.h"
#include "agent/present.h"
#include "agent/trial.h"
#include "agent/usage.h"
#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/peer/link_clock.h"
#include "engine/store/ledger_transfer_audit.h"

#define MINUTE_MS 60000
/* After a lapse the client asks again within a random minute (rules.md 5.6). */
#define LAPSE_MS 60000

static void
note(struct agent *agent, enum fault fault)
{
	if (fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
}

struct chore {
	enum fault (*run)(struct ledger *ledger);
};

static enum fault
run_chore(struct ledger *ledger, void *with)
{
	const struct chore *chore = with;

	return chore->run(ledger);
}

static void
act(struct agent *agent, enum fault (*run)(struct ledger *ledger))
{
	struct chore chore = { run };

	(void)act_run(agent, NULL, run_chore, &chore);
}

static enum fault
anchor_clock(struct ledger *ledger)
{
	return ledger_link_anchor(ledger, clock_boot_id(), clock_elapsed_ms());
}

/* The server's clock is carried over a reboot, once, and on from hour to hour. */
static enum fault
keep_clock(struct link_row *link, struct agent *agent)
{
	struct link_row moved = *link;

	if (!store_link_wants_anchor(
		link, clock_boot_id(), clock_elapsed_ms()) ||
	    !store_link_anchor(
		&moved, clock_boot_id(), clock_elapsed_ms(), clock_now()))
		return FAULT_NONE;
	act(agent, anchor_clock);
	agent->measured_at = 0;
	return store_link_load(link, &agent->scratch, agent->appliance.store);
}

/* Parts that ran out are told of, and asked for again; so are those that run again. */
static enum fault
has_lapsed(bool *out, struct agent *agent, int64_t server_now)
{
	struct link_part_row *parts;
	size_t count;
	enum fault fault = store_link_parts(
	    &parts, &count, &agent->scratch, agent->appliance.store);

	*out = false;
	for (size_t i = 0; !fault && i < count; i++)
		*out |= parts[i].is_told != (parts[i].expires <= server_now);
	return fault;
}

static enum fault
sweep_lease(struct ledger *ledger)
{
	struct link_row link;
	enum fault fault = store_link_load(&link, ledger->arena, ledger->store);

	if (fault || (fault = ledger_link_sweep(ledger, link_clock_now(&link))))
		return fault;
	/* With the mark at the lapse, no reboot brings back what is over. */
	return anchor_clock(ledger);
}

static void
watch_lease(
    struct agent *agent, const struct link_row *link, int64_t elapsed_ms)
{
	int64_t server_now = link_clock_now(link);
	bool is_cut, was_lost = agent->is_clock_lost;

	/* No lease counts until the server tells the time: it is asked at once. */
	agent->is_clock_lost = server_now == INT64_MAX && link->server_time > 0;
	if (agent->is_clock_lost && !was_lost)
		renewal_hasten(&agent->renewal, elapsed_ms, 0);
	if (server_now == INT64_MAX || has_lapsed(&is_cut, agent, server_now) ||
	    !is_cut)
		return;
	act(agent, sweep_lease);
	agent->measured_at = 0;
	renewal_hasten(&agent->renewal, elapsed_ms, random_below(LAPSE_MS));
}

void
chores_second(struct agent *agent, int64_t elapsed_ms)
{
	struct link_row link;
	enum fault fault;

	if (!agent->worker)
		return;
	trial_second(agent, elapsed_ms);
	arena_clear(&agent->scratch);
	fault = store_link_load(&link, &agent->scratch, agent->appliance.store);
	if (!fault || fault == FAULT_NOT_FOUND) {
		agent->is_lost = !fault && link.lost_at > 0;
		agent->has_failed = !fault && *link.failure_code;
		renewal_look(&agent->renewal, fault ? NULL : &link, clock_now(),
		    elapsed_ms);
		if (!fault && !keep_clock(&link, agent))
			watch_lease(agent, &link, elapsed_ms);
	}
	arena_clear(&agent->scratch);
	if (begin_measure(agent, false))
		return;
	present_second(agent, elapsed_ms);
	usage_second(agent, elapsed_ms);
}

void
chores_minute(struct agent *agent, int64_t elapsed_ms)
{
	if (elapsed_ms < agent->minute_ms)
		return;
	agent->minute_ms = elapsed_ms + MINUTE_MS;
	note(agent, appliance_refresh_trust(&agent->appliance, clock_now()));
	act(agent, ledger_license_sweep);
	if (agent->appliance.role == ROLE_CENTER)
		act(agent, ledger_transfer_audit_minute);
	download_task_minute(agent);
	heartbeat_task_minute(agent, elapsed_ms);
	if (agent->worker)
		usage_minute(agent);
	if (!appliance_lends(&agent->appliance))
		return;
	act(agent, ledger_watch);
	act(agent, ledger_reclaim);
}
