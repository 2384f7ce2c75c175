/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * present.h: the users who are here: renewed, ended, listed, and those whom
 * nobody renewed.
 */
#ifndef LEASEHOLD_AGENT_PRESENT_H
#define LEASEHOLD_AGENT_PRESENT_H

#include "agent/operation.h"

json_t *present_renew_run(struct operation *out, struct agent *agent, json_t *request);
json_t *present_end_run(struct operation *out, struct agent *agent, json_t *request);
json_t *present_list_run(struct operation *out, struct agent *agent, json_t *request);

/* Ends those whose timeout is over, each with an event. */
void present_end_over(struct agent *agent, int64_t elapsed_ms);
/* The same, and tells the store who was renewed. Once a second. */
void present_second(struct agent *agent, int64_t elapsed_ms);

#endif
