/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.h: how this appliance does, for programs.
 */
#ifndef LEASEHOLD_AGENT_STATUS_H
#define LEASEHOLD_AGENT_STATUS_H

#include "agent/operation.h"

json_t *status_run(struct operation *out, struct agent *agent, json_t *request);

#endif
