/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster.c: who asks for a cluster, for whom it may ask, and how far one
 * that lost its partner goes on. Does not know how nodes find each other.
 */
#include "engine/rules/cluster.h"
#include "engine/rules/wide.h"
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

/* Of "lost" units, the part of one with "own" among "present"; the product may be beyond int64. */
static int64_t
share_of(int64_t lost, int64_t own, int64_t present)
{
	if (own == 0)
		return 0;
	return (int64_t)((wide)lost * own / present);
}

void
cluster_surplus_find(struct cluster_surplus *out, int64_t own,
    const struct cluster_node *nodes, size_t count, instant now)
{
	int64_t present, lost = 0;
	instant last = INT64_MIN, over;

	own = present = instant_units(own);
	*out = (struct cluster_surplus){ 0, INSTANT_NEVER };
	for (size_t i = 0; i < count; i++) {
		int64_t units = instant_units(nodes[i].units);

		if (nodes[i].lost_at == INSTANT_NEVER) {
			present = instant_units_add(present, units);
			continue;
		}
		over = instant_add(nodes[i].lost_at, CLUSTER_SURVIVOR_SECONDS);
		if (now >= over || units == 0)
			continue;
		lost = instant_units_add(lost, units);
		last = instant_later(last, nodes[i].lost_at);
		out->until = instant_earlier(out->until, over);
	}
	out->units = cluster_survivor_units(
			 instant_units_add(own, share_of(lost, own, present)),
			 own, last, now) -
	    own;
	if (out->units == 0)
		out->until = INSTANT_NEVER;
}

int64_t
cluster_units_without(const int64_t *units, size_t count, size_t gone)
{
	int64_t present = 0, sum = 0, own, lost = 0;

	for (size_t i = 0; i < count; i++) {
		own = instant_units(units[i]);
		if (i == gone)
			lost = own;
		else
			present = instant_units_add(present, own);
	}
	for (size_t i = 0; i < count; i++) {
		own = i == gone ? 0 : instant_units(units[i]);
		sum = instant_units_add(sum,
		    cluster_survivor_units(
			instant_units_add(own, share_of(lost, own, present)),
			own, 0, 0));
	}
	return sum;
}

int64_t
cluster_permit(int64_t wish, instant node_success, instant leader_success,
    instant leader_ends, instant now)
{
	if (node_success >= leader_success)
		return wish;
	return now < leader_ends ? wish : 0;
}
