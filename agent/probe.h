/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h: Test connection for the console, whose processes do not talk to
 * other machines: one at a time, in a thread of its own, so that nobody who
 * wants to be admitted waits for it.
 */
#ifndef LEASEHOLD_AGENT_PROBE_H
#define LEASEHOLD_AGENT_PROBE_H

#include "agent/operation.h"

struct probe;

/* {"op":"test"}: begins one and answers its number. What the question does not name is as saved; the password and the pin only where server and ID are. */
json_t *probe_test_run(struct operation *out, struct agent *agent, json_t *request);
/* {"op":"test_result","test":N}: whether it is done, and then what link_probe_to_json() says. */
json_t *probe_result_run(struct operation *out, struct agent *agent, json_t *request);
/* Stops one under way; false when it would not end in time. Accepts NULL. */
bool probe_close(struct probe **probe);

#endif
