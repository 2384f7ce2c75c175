/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay.h: other nodes of the cluster wait at this one's door, whose requests
 * the next sync takes along.
 */
#ifndef LEASEHOLD_AGENT_RELAY_H
#define LEASEHOLD_AGENT_RELAY_H

#include "agent/operation.h"

/* {"op":"relay"}: waits for the next sync, as pull_run does, but leaves others time to come along. */
json_t *relay_run(struct operation *out, struct agent *agent, json_t *request);

#endif
