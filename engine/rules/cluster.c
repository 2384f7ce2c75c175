/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster.c: who asks for a cluster, for whom it may ask, and how far one
 * that lost its partner goes on. Does not know how nodes find each other.
 */
#include "engine/rules/cluster.h"
#include <string.h>

/* A leader that misses two renewals in a row, but not the third, stays. */
#define LEAD_INTERVALS 3

void
cluster_lead(struct cluster_leader *leader, int64_t asker, bool offers,
    int64_t interval, instant now)
{
	bool is_in_time = leader->client != 0 && now < leader->until;
	instant until = instant_add(
	    now, instant_units_times(instant_units(interval), LEAD_INTERVALS));

	if (asker == 0)
		return;
	if (is_in_time && asker == leader->client) {
		leader->until = instant_later(leader->until, until);
	} else if (!is_in_time && offers) {
		leader->client = asker;
		leader->until = until;
	}
}

enum verdict
cluster_check(
    const char *asker_cluster, const char *subject_cluster, bool is_leader)
{
	if (asker_cluster[0] == '\0' ||
	    strcmp(asker_cluster, subject_cluster) != 0)
		return VERDICT_CLUSTER_MISMATCH;
	return is_leader ? VERDICT_OK : VERDICT_CLUSTER_NOT_LEADER;
}

int64_t
cluster_survivor_units(
    int64_t old_total, int64_t own, instant lost_at, instant now)
{
	int64_t twice;

	own = instant_units(own);
	old_total = instant_later(instant_units(old_total), own);
	if (lost_at == INSTANT_NEVER)
		return old_total;
	if (now >= instant_add(lost_at, CLUSTER_SURVIVOR_SECONDS))
		return own;
	twice = instant_units_add(own, own);
	return instant_earlier(old_total, twice);
}
