/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * operation.h: what can be asked of the agent, and what it answers
 * (docs/session-socket.md). Does not know how a question came.
 */
#ifndef LEASEHOLD_AGENT_OPERATION_H
#define LEASEHOLD_AGENT_OPERATION_H

#include "agent/agent.h"
#include <jansson.h>
#include <stddef.h>

enum operation_wait { OPERATION_NO_WAIT, OPERATION_WAIT_BEGIN, OPERATION_WAIT_SYNC };

/* A question that waits for a sync before it is answered. */
struct operation {
	enum operation_wait wait;
	json_t *request;	/* owned while waiting */
	bool is_rdp;
	int64_t generation;	/* of the sync that decides it */
	int64_t deadline_ms;	/* elapsed time */
};

/* The answer to one line, a new reference (NULL without memory); or NULL with out->wait set. */
json_t *operation_run(struct operation *out, struct agent *agent, const char *line, size_t length);
/* After a sync or when room grew: the answer to one that waits, or NULL with "wait" still set. "outcome" NULL when no sync was done. */
json_t *operation_settle(struct operation *operation, struct agent *agent, const struct worker_outcome *outcome);
/* Its time is over, or the agent's when "is_ending". */
json_t *operation_expire(struct operation *operation, struct agent *agent, bool is_ending);
/* Forgets one that waits, unanswered; accepts a cleared one. */
void operation_clear(struct operation *operation);

#endif
