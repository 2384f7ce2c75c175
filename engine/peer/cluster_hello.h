/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_hello.h: nodes of a cluster tell each other which units of their
 * own they have, from time to time (docs/decisions/0028):
 *
 *	POST /cluster/v1/hello {"protocol":1,"node":"gw1","units":{"CONSEC":100}}
 *
 * answered by the same from the other side.
 */
#ifndef LEASEHOLD_PEER_CLUSTER_HELLO_H
#define LEASEHOLD_PEER_CLUSTER_HELLO_H

#include "engine/peer/http.h"
#include "engine/store/ledger_cluster.h"

#define CLUSTER_HELLO_PROTOCOL 1
#define CLUSTER_HELLO_FEATURES_MAX 64

/* What one side says. */
struct cluster_hello {
	const char *node;
	struct cluster_node_units *units;
	size_t count;
};

/* What this node says now: its own units alone, none of those that it uses for others. The text in the arena. */
enum fault cluster_hello_make(const char **out, struct arena *arena, struct store *store, const struct appliance *appliance, const struct link_row *link) MUST_CHECK;
/* Reads what another said; *reason says what does not fit, NULL when all does. */
enum fault cluster_hello_read(struct cluster_hello *out, const char **reason, struct arena *arena, const char *text, size_t bytes) MUST_CHECK;
/*
 * Says hello to every other node, one after the other, stores what came of
 * each and which are lost by now. Without a cluster or a password it does
 * nothing. "ledger" is only initialized: each act is committed by itself.
 */
enum fault cluster_hello_round(struct ledger *ledger, struct http *http) MUST_CHECK;

#endif
