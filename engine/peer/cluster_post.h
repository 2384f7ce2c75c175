/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_post.h: one request from node to node, over HTTPS to a certificate
 * that verifies or to the one public key that a person confirmed. Before that
 * nothing but the handshake leaves, to learn the key there is.
 */
#ifndef LEASEHOLD_PEER_CLUSTER_POST_H
#define LEASEHOLD_PEER_CLUSTER_POST_H

#include "engine/peer/cluster_failure.h"
#include "engine/store/store_cluster_node.h"

#define CLUSTER_POST_HELLO "/cluster/v1/hello"
#define CLUSTER_POST_RELAY "/cluster/v1/relay"
#define CLUSTER_POST_PERMIT "/cluster/v1/permit"
/* A hello is small and comes again. A relay waits for the license server. */
#define CLUSTER_POST_HELLO_SECONDS 5
#define CLUSTER_POST_RELAY_SECONDS 25

struct cluster_post {
	const struct cluster_node_row *node;
	const char *state_directory;
	const char *cluster, *password;
	const char *path;
	const char *body;
	int seconds;
};

/* "name:password" as the nodes show it, in the arena; NULL without memory. */
const char *cluster_post_credentials(struct arena *arena, const char *cluster, const char *password);
/* *failure CLUSTER_FAILURE_NONE: *out is an answer with status 200. Else out->seen_pin is the key met, if any, and out->detail what happened. */
enum fault cluster_post_send(struct http_answer *out, enum cluster_failure *failure, struct http *http, struct arena *arena, const struct cluster_post *post) MUST_CHECK;

#endif
