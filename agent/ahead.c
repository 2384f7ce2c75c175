/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahead.c: from free seats to a sync. A denial stops it by itself: then nothing
 * can grow, until a timed renewal hears something else.
 */
#include "agent/ahead.h"

#include "agent/agent.h"

/* A server that neither grants nor denies is not asked over and over. */
#define PAUSE_MS 60000

static void
look(struct demand_ahead *users, struct demand_ahead *rdp,
    const struct admission *admission, const struct link_sync_input *present)
{
	demand_ahead(users, admission->features, admission->feature_count,
	    FEATURE_USERS, present->users, admission->ahead);
	demand_ahead(rdp, admission->features, admission->feature_count,
	    FEATURE_RDP, present->rdp_users, admission->ahead);
}

static bool
is_due(const struct admission *admission, const struct link_sync_input *present)
{
	struct demand_ahead users, rdp;

	look(&users, &rdp, admission, present);
	return users.is_due || rdp.is_due;
}

static int64_t
leased(const struct admission *admission)
{
	int64_t units = 0;

	for (size_t i = 0; i < admission->feature_count; i++)
		units = instant_units_add(
		    units, instant_units(admission->features[i].leased));
	return units;
}

void
ahead_begin(struct agent *agent, struct link_sync_input *users)
{
	struct demand_ahead more, more_rdp;

	look(&more, &more_rdp, &agent->admission, users);
	users->users = instant_units_add(users->users, more.seats);
	users->rdp_users = instant_units_add(users->rdp_users, more_rdp.seats);
	agent->ahead.leased = leased(&agent->admission);
	agent->ahead.is_asked = more.is_due || more_rdp.is_due;
}

void
ahead_watch(struct agent *agent, const struct link_sync_input *users,
    int64_t elapsed_ms)
{
	const struct renewal *renewal = &agent->renewal;

	if (!renewal->has_server || renewal->is_under_way ||
	    renewal->is_wanted || agent->has_failed ||
	    elapsed_ms < agent->ahead.after_ms)
		return;
	if (is_due(&agent->admission, users))
		(void)renewal_want(&agent->renewal, false);
}

void
ahead_end(struct agent *agent, const struct link_sync_input *users,
    int64_t elapsed_ms)
{
	bool has_grown = leased(&agent->admission) > agent->ahead.leased;

	agent->ahead.after_ms = 0;
	if (agent->ahead.is_asked && !has_grown &&
	    is_due(&agent->admission, users))
		agent->ahead.after_ms = elapsed_ms + PAUSE_MS;
}
