/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chores.h: what the agent does by itself, each second and each minute.
 */
#ifndef LEASEHOLD_AGENT_CHORES_H
#define LEASEHOLD_AGENT_CHORES_H

#include "agent/agent.h"
#include <stdint.h>

/* A client looks at its server's row and at its lease. */
void chores_second(struct agent *agent, int64_t elapsed_ms);
/* Licenses that begin or end, issuers that are trusted; a server takes back what ran out. */
void chores_minute(struct agent *agent, int64_t elapsed_ms);

#endif
