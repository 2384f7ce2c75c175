/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heartbeat_task.h: a virtual license server's heartbeats: one soon after the
 * start, then every 8 hours, sooner again where one failed; or at a wish.
 */
#ifndef LEASEHOLD_AGENT_HEARTBEAT_TASK_H
#define LEASEHOLD_AGENT_HEARTBEAT_TASK_H

#include "agent/operation.h"

struct heartbeat_task;

/* {"op":"heartbeat"}: sends one and answers its number as "run". */
json_t *heartbeat_task_run(struct operation *out, struct agent *agent, json_t *request);
/* {"op":"heartbeat_state"}: the number of the last one since the agent started, whether it is over, and "text", why it failed. */
json_t *heartbeat_task_state_run(struct operation *out, struct agent *agent, json_t *request);
/* Each minute. */
void heartbeat_task_minute(struct agent *agent, int64_t elapsed_ms);
/* False when one would not end in time. Accepts NULL. */
bool heartbeat_task_close(struct heartbeat_task **task);

#endif
