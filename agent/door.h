/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * door.h: the agent's Unix socket and the programs connected to it: lines in,
 * lines out, in order, each bounded.
 */
#ifndef LEASEHOLD_AGENT_DOOR_H
#define LEASEHOLD_AGENT_DOOR_H

#include "agent/agent.h"
#include "engine/peer/link_sync.h"
#include <poll.h>
#include <stddef.h>

#define DOOR_CONNECTIONS_MAX 256
#define DOOR_LINE_MAX 4096
/* From its first byte to its end. */
#define DOOR_LINE_MS 30000

struct door;

/* Listens at the inherited descriptor, or (-1) makes STATE/run/agent.sock, mode 0660. */
enum fault door_open(struct door **out, struct agent *agent, int inherited) MUST_CHECK;
/* Removes the socket if it made it. */
void door_close(struct door **door);
/* Fills "items" (room for DOOR_CONNECTIONS_MAX + 1) with what to poll for; answers how many. */
size_t door_prepare(struct pollfd *items, const struct door *door);
/* Handles what poll found for those items. */
void door_serve(struct door *door, const struct pollfd *items, size_t count);
/* Answers those who wait and now can be answered, in the order in which they came. "outcome" NULL when no sync was done. */
void door_settle(struct door *door, const struct worker_outcome *outcome);
/* Answers those whose time is over, and hangs up on those who do not end their line. */
void door_expire(struct door *door, int64_t elapsed_ms);
/* Elapsed time at which the next wait is over; INT64_MAX when nobody waits. */
int64_t door_deadline(const struct door *door);
/* Adds who waits to be admitted. */
void door_count_waiting(struct link_sync_input *input, const struct door *door);
/* Refuses who still waits, sends what is left, briefly. */
void door_end(struct door *door);

#endif
