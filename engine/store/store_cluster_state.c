/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_cluster_state.c: the parts of a cluster put together.
 */
#include "engine/store/store_cluster_state.h"

#include "engine/store/store_setting.h"
#include <assert.h>

enum fault
store_cluster_state_load(struct cluster_state *out, struct arena *arena,
    const struct appliance *appliance, const struct link_row *link, int64_t now,
    int64_t server_now)
{
	struct store *store = appliance->store;
	enum fault fault;

	assert(out && arena && link);
	*out = (struct cluster_state){ .link = *link, .password = "" };
	if ((fault = store_cluster_node_password(
		 &out->password, arena, store)) ||
	    (fault = store_cluster_node_list(
		 &out->nodes, &out->node_count, arena, store)) ||
	    (fault = store_cluster_node_units_list(
		 &out->units, &out->unit_count, arena, store)) ||
	    (fault = store_setting_load(
		 &out->hello_interval, store, SETTING_HELLO_INTERVAL)))
		return fault;
	return store_link_demand(&out->features, &out->feature_count, arena,
	    store, &appliance->catalogue, appliance->product, now, server_now);
}
