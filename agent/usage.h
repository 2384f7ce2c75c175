/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage.h: what comes of the users in figures: the most at once and how many
 * were refused, for the history; and more than there is capacity for, while
 * that is only monitored (rules.md 9.1).
 */
#ifndef LEASEHOLD_AGENT_USAGE_H
#define LEASEHOLD_AGENT_USAGE_H

#include "engine/base/fault.h"
#include "engine/rules/demand.h"
#include <stdbool.h>
#include <stdint.h>

struct agent;

enum { USAGE_USERS, USAGE_RDP, USAGE__COUNT };

struct usage {
	int64_t most;		/* at once, since the last note */
	int64_t denials;	/* since the last note */
	bool is_beyond;		/* one came in beyond capacity since the last look */
	int64_t beyond_since;	/* 0 = nobody is beyond; as stored */
	int64_t beyond_most, beyond_capacity;	/* as stored */
	int64_t within_ms;	/* elapsed time since when nobody is; 0 = somebody is */
};

/* What the store knows of it, at the start. */
enum fault usage_load(struct agent *agent) MUST_CHECK;
/* One was added to the table. */
void usage_admitted(struct agent *agent, bool is_rdp, enum demand_seat seat);
void usage_refused(struct agent *agent, bool is_rdp);
/* Notes that more are here than may be, or that they are not any more, which takes a minute of it. */
void usage_second(struct agent *agent, int64_t elapsed_ms);
/* Into the history. */
void usage_minute(struct agent *agent);

#endif
