/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay_spool.h: requests of nodes on their way through their leader, from the
 * door at which they came to the sync that takes them along, and the answers
 * back: files of STATE/run/relay, for this appliance's own user alone. One
 * request of each node at a time.
 */
#ifndef LEASEHOLD_PEER_RELAY_SPOOL_H
#define LEASEHOLD_PEER_RELAY_SPOOL_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"

#define RELAY_SPOOL_ID_SIZE 65
/* Of one request, as JSON; a leader sends 64 KiB in all. */
#define RELAY_SPOOL_MAX_BYTES ((size_t)40 * 1024)

struct relay_spool_entry {
	const char *id;
	const char *text;
	size_t bytes;
};

/* Puts down one request; its ID is made of the node's name. FAULT_BUSY when one of that node waits. */
enum fault relay_spool_put(char id[RELAY_SPOOL_ID_SIZE], struct arena *arena, const char *state_directory, const char *node, const char *text) MUST_CHECK;
/* The answer; FAULT_NOT_FOUND when there is none. */
enum fault relay_spool_get(char **out, struct arena *arena, const char *state_directory, const char *id) MUST_CHECK;
/* Takes request and answer away. */
void relay_spool_drop(struct arena *arena, const char *state_directory, const char *id);
/* What waits, "most" at most. */
enum fault relay_spool_list(struct relay_spool_entry **out, size_t *count, struct arena *arena, const char *state_directory, size_t most) MUST_CHECK;
/* Nothing when the request was taken away meanwhile. */
enum fault relay_spool_answer(struct arena *arena, const char *state_directory, const char *id, const char *text) MUST_CHECK;
/* Makes the folder and empties it: what is there is of a process that ended. */
enum fault relay_spool_open(struct arena *arena, const char *state_directory) MUST_CHECK;

#endif
