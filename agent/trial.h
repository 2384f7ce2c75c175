/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trial.h: a changed connection that nobody kept in time gives way to the one
 * of before.
 */
#ifndef LEASEHOLD_AGENT_TRIAL_H
#define LEASEHOLD_AGENT_TRIAL_H

#include "agent/agent.h"
#include <stdint.h>

/* Each second of a license client, before its link is looked at. */
void trial_second(struct agent *agent, int64_t elapsed_ms);

#endif
