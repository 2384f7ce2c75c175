/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_nodes.h: requests of other nodes that a leader sends along with its own
 * (protocol.md 3 "on_behalf"), each to the letter, and the answers that go
 * back to them, unread: only the node itself can tell whether one is genuine.
 */
#ifndef LEASEHOLD_PEER_SYNC_NODES_H
#define LEASEHOLD_PEER_SYNC_NODES_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Of a server's 64 KiB. */
#define SYNC_NODES_BODY_MAX_BYTES ((size_t)62 * 1024)

struct sync_node {
	const char *id;			/* in the spool */
	const char *authorization, *device;	/* header values; NULL = none */
	const char *request;		/* its body, to the byte */
	bool is_sent;
};

struct sync_nodes {
	struct sync_node *nodes;
	size_t count;
};

/* What waits in the spool now. */
enum fault sync_nodes_load(struct sync_nodes *out, struct arena *arena, const char *state_directory) MUST_CHECK;
/* Adds to "body" those that fit beside what is there; marks them as sent. False without memory. */
bool sync_nodes_add(json_t *body, struct sync_nodes *nodes);
bool sync_nodes_are_sent(const struct sync_nodes *nodes);
/* "text" is the server's answer with status 200: gives each node that was sent its own, and forgets them. */
enum fault sync_nodes_give(struct sync_nodes *nodes, struct arena *arena, const char *state_directory, const char *text, size_t bytes) MUST_CHECK;

#endif
