/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_leader.h: a node hands its own complete, signed request to the leader
 * of its cluster, whom the license server named last (rules.md 7):
 *
 *	POST /cluster/v1/relay {"protocol":1,"node":"gw2",
 *	    "authorization":"Bearer …","device":"…","request":"<the body>"}
 *
 * What comes back is the node's element of the server's "on_behalf".
 */
#ifndef LEASEHOLD_PEER_SYNC_LEADER_H
#define LEASEHOLD_PEER_SYNC_LEADER_H

#include "engine/peer/http.h"
#include "engine/peer/sync_ask.h"
#include "engine/store/store_cluster_node.h"

struct sync_leader {
	bool is_self;	/* this node leads: it takes others along */
	bool may_ask;	/* another leads, and can be asked as far as is known */
	struct cluster_node_row node;
	const char *password;
};

/* By what the server and the node said last. */
enum fault sync_leader_find(struct sync_leader *out, struct arena *arena, struct store *store, const struct link_row *link) MUST_CHECK;
/* *is_answered: *out is what the server said, status and body. Else the server has to be asked directly, by the same request. */
enum fault sync_leader_ask(struct http_answer *out, bool *is_answered, const struct sync_leader *leader, struct http *http, struct arena *arena, const struct sync_ask_input *input, const struct sync_ask *ask) MUST_CHECK;

#endif
