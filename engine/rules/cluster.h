/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster.h: one node asks for all, and what a survivor may use (rules.md 7).
 */
#ifndef LEASEHOLD_RULES_CLUSTER_H
#define LEASEHOLD_RULES_CLUSTER_H

#include "engine/rules/instant.h"
#include "engine/rules/verdict.h"
#include <stdbool.h>
#include <stddef.h>

#define CLUSTER_SURVIVOR_SECONDS (240 * SECONDS_PER_HOUR)

struct cluster_leader {
	int64_t client;		/* 0 = none was named */
	instant until;
};

/*
 * "asker" of that cluster syncs. The one named last stays for as long as it
 * asks in time, which gives it three renewal intervals more: a slow leader is
 * not replaced by accident. When its time is over, the next that asks and
 * "offers" to lead follows, which may be itself; until then it stays named.
 * Writes who leads from now on.
 */
void cluster_lead(struct cluster_leader *leader, int64_t asker, bool offers, int64_t interval, instant now);
/* May "asker" ask for "subject"? Both by their cluster's name, "" = in none. VERDICT_OK, or CLUSTER_MISMATCH before CLUSTER_NOT_LEADER. */
enum verdict cluster_check(const char *asker_cluster, const char *subject_cluster, bool is_leader);
/*
 * What a node may use: min(old_total, 2 x own) until 10 days after "lost_at"
 * (half-open), then its own; never less than its own. INSTANT_NEVER = nobody
 * was lost: "old_total", the caller's sum over all nodes.
 */
int64_t cluster_survivor_units(int64_t old_total, int64_t own, instant lost_at, instant now);

/*
 * Of the units that a node without the license server wishes to take by
 * itself: what its leader, without it too, permits (rules.md 6.6). Whoever was
 * in contact last knows better: the leader's right to take any ends at
 * "leader_ends", half-open; a node that was in contact as late as the leader
 * knows its own right.
 */
int64_t cluster_permit(int64_t wish, instant node_success, instant leader_success, instant leader_ends, instant now);

/* Another node, as it was heard of last. */
struct cluster_node {
	int64_t units;		/* own units of one feature */
	instant lost_at;	/* INSTANT_NEVER = it is there */
};

struct cluster_surplus {
	int64_t units;		/* beyond its own */
	instant until;		/* as many as these at the longest; INSTANT_NEVER = there are none */
};

/*
 * What this node, with "own" units, may use beyond them. Units of nodes lost
 * less than 10 days ago are shared by those that are there, each by its own
 * part of their units, rounded down: two that survive a third never use more
 * than the old total together. With one survivor it is the rule of
 * cluster_survivor_units, which bounds each share too.
 */
void cluster_surplus_find(struct cluster_surplus *out, int64_t own, const struct cluster_node *nodes, size_t count, instant now);
/* What "count" nodes with "units" each may use together for ten days from when the one at index "gone" fails. */
int64_t cluster_units_without(const int64_t *units, size_t count, size_t gone);

#endif
