/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * act.h: one act of the ledger by the agent, in a transaction of its own.
 */
#ifndef LEASEHOLD_AGENT_ACT_H
#define LEASEHOLD_AGENT_ACT_H

#include "agent/agent.h"
#include "engine/store/ledger.h"

/*
 * Begins, does "work" with "with", ends; in the agent's scratch arena, which is
 * cleared first and last. "actor" NULL = the system. A fault of the work rolls
 * back. Where it is not known whether it was committed the agent is to end:
 * that is found out at its next start.
 */
enum fault act_run(struct agent *agent, const struct actor *actor, enum fault (*work)(struct ledger *ledger, void *with), void *with);

#endif
