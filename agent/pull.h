/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pull.h: Pull State from Server, for programs, the console and the shell.
 */
#ifndef LEASEHOLD_AGENT_PULL_H
#define LEASEHOLD_AGENT_PULL_H

#include "agent/operation.h"

json_t *pull_run(struct operation *out, struct agent *agent, json_t *request);
/* After the sync that was waited for. */
json_t *pull_answer(struct agent *agent, const json_t *request, const struct worker_outcome *outcome);

#endif
