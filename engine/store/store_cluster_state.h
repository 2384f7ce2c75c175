/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_cluster_state.h: on a license client: all of its cluster, as people
 * are shown it.
 */
#ifndef LEASEHOLD_STORE_STORE_CLUSTER_STATE_H
#define LEASEHOLD_STORE_STORE_CLUSTER_STATE_H

#include "engine/store/appliance.h"
#include "engine/store/store_cluster_node.h"
#include "engine/store/store_link.h"

struct cluster_state {
	struct link_row link;
	const char *password;			/* "" = none was entered */
	struct cluster_node_row *nodes;
	size_t node_count;
	struct cluster_node_units *units;	/* of those nodes */
	size_t unit_count;
	struct demand_feature *features;	/* of this one */
	size_t feature_count;
	int64_t hello_interval;			/* seconds */
};

/* Of the client with that link; "server_now" INT64_MAX = not known. All in the arena. */
enum fault store_cluster_state_load(struct cluster_state *out, struct arena *arena, const struct appliance *appliance, const struct link_row *link, int64_t now, int64_t server_now) MUST_CHECK;

#endif
