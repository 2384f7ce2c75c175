/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * group.h: what came up in one turn of the loop, stored in one transaction:
 * when many users come at once they share one wait for the disk. Nobody hears
 * a yes before that (decision 0025).
 */
#ifndef LEASEHOLD_AGENT_GROUP_H
#define LEASEHOLD_AGENT_GROUP_H

#include "agent/sessions.h"
#include "engine/base/fault.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Refusals beyond this in one turn are answered, and not written down. */
#define GROUP_REFUSALS_MAX 256

struct agent;

struct group {
	struct session *begun, *begun_last;	/* in the order in which they came */
	struct session *ended;
	struct group_refusal *refused;
	size_t refused_count;
};

/* Admitted: it is in the table, and counts from now on. */
void group_begin(struct agent *agent, struct session *session);
/* It stays in the table, and counts, until that is stored. */
void group_end(struct agent *agent, struct session *session);
/* "text" says why. */
void group_refuse(struct agent *agent, const char *user, const char *text);
bool group_is_empty(const struct agent *agent);
/* Stores all of it. On a fault those who began are out of the table again, and those who ended are still in it. */
void group_commit(struct agent *agent);
void group_clear(struct group *group);

#endif
