/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster.h: one node asks for all, and what a survivor may use (rules.md 7).
 */
#ifndef LEASEHOLD_RULES_CLUSTER_H
#define LEASEHOLD_RULES_CLUSTER_H

#include "engine/rules/instant.h"
#include "engine/rules/verdict.h"
#include <stdbool.h>

#define CLUSTER_SURVIVOR_SECONDS (240 * SECONDS_PER_HOUR)

struct cluster_leader {
	int64_t client;		/* 0 = none was named */
	instant until;
};

/*
 * "asker" of that cluster syncs. The one named last stays for as long as it
 * asks in time; when its time is over, the next that asks (and "offers" to
 * lead) follows. Writes who leads from now on; the time is a multiple of the
 * renewal interval, so that a slow leader is not replaced by accident.
 */
void cluster_lead(struct cluster_leader *leader, int64_t asker, bool offers, int64_t interval, instant now);
/* May "asker" ask for "subject"? Both by their cluster's name, "" = in none. CLUSTER_MISMATCH or CLUSTER_NOT_LEADER. */
enum verdict cluster_check(const char *asker_cluster, const char *subject_cluster, bool is_leader);
/* min(old total, 2 x own) for 10 days from "lost_at", then own (half-open). INSTANT_NEVER = nobody was lost: own + others' stay the caller's sum "old_total". */
int64_t cluster_survivor_units(int64_t old_total, int64_t own, instant lost_at, instant now);

#endif
