/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_failure.h: why a node of the cluster was not reached
 * (cluster_failures.tbl).
 */
#ifndef LEASEHOLD_PEER_CLUSTER_FAILURE_H
#define LEASEHOLD_PEER_CLUSTER_FAILURE_H

#include "engine/peer/http.h"

#define CLUSTER_FAILURE(symbol, sentence) CLUSTER_FAILURE_##symbol,
enum cluster_failure {
#include "engine/peer/cluster_failures.tbl"
	CLUSTER_FAILURE__COUNT
};
#undef CLUSTER_FAILURE

/* Of what came of a request: CLUSTER_FAILURE_NONE at status 200. */
enum cluster_failure cluster_failure_of(const struct http_answer *answer);
/* The sentence in the arena; NULL without memory. */
char *cluster_failure_text(struct arena *arena, enum cluster_failure failure, const char *node, const char *detail);

#endif
