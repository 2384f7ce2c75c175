/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * download_task.h: Download and Install, one at a time, in a thread of its own:
 * at a wish, or when the schedule says so (rules.md 10).
 */
#ifndef LEASEHOLD_AGENT_DOWNLOAD_TASK_H
#define LEASEHOLD_AGENT_DOWNLOAD_TASK_H

#include "agent/operation.h"

struct download_task;

/* {"op":"download","codes":"…","actor":"…","address":"…"}: begins one and answers its number as "run". */
json_t *download_task_run(struct operation *out, struct agent *agent, json_t *request);
/* {"op":"download_state"}: the number of the last one (0 = none since the agent started), and its report as it is by now (engine/peer/download.h). */
json_t *download_task_state_run(struct operation *out, struct agent *agent, json_t *request);
/* Each minute: begins one by itself when it is due. */
void download_task_minute(struct agent *agent);
/* Stops one under way; false when it would not end in time. Accepts NULL. */
bool download_task_close(struct download_task **task);

#endif
