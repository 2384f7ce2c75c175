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

#define OPERATION_ID_MAX 128

enum operation_wait {
	OPERATION_NO_WAIT,
	OPERATION_WAIT_BEGIN,	/* for a sync, or for somebody to leave */
	OPERATION_WAIT_SYNC,	/* for a sync */
	OPERATION_WAIT_COMMIT	/* for the end of this turn: group.h */
};

/* A question that waits before it is answered. */
struct operation {
	enum operation_wait wait;
	json_t *request;	/* owned while waiting */
	bool is_rdp;
	int64_t generation;	/* of the sync that decides it */
	int64_t deadline_ms;	/* elapsed time */
	char id[OPERATION_ID_MAX + 1];	/* of the session that is being stored */
	bool is_end;		/* it is being ended */
};

/* The answer to one line, a new reference (NULL without memory); or NULL with out->wait set. */
json_t *operation_run(struct operation *out, struct agent *agent, const char *line, size_t length);
/* After a sync or when room grew: the answer to one that waits, or NULL with "wait" still set. "outcome" NULL when no sync was done. */
json_t *operation_settle(struct operation *operation, struct agent *agent, const struct worker_outcome *outcome);
/* After group_commit(): the answer to one that waited for it. */
json_t *operation_stored(struct operation *operation, struct agent *agent);
/* Its time is over, or the agent's when "is_ending". */
json_t *operation_expire(struct operation *operation, struct agent *agent, bool is_ending);
/* Forgets one that waits, unanswered; accepts a cleared one. */
void operation_clear(struct operation *operation);

#endif
