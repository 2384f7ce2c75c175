/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_cluster_node.h: on a license client: the other nodes of its cluster,
 * as programs read them (docs/decisions/0027). Their instants are by the
 * license server's clock, as this client knows it.
 */
#ifndef LEASEHOLD_STORE_STORE_CLUSTER_NODE_H
#define LEASEHOLD_STORE_STORE_CLUSTER_NODE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/cluster.h"
#include "engine/store/store.h"

/* As many as a leader may ask for beside itself and still fit into a request. */
#define CLUSTER_NODES_MAX 31

struct cluster_node_row {
	const char *client_name;	/* its Unique ID on the license server */
	const char *address;
	bool verify;
	const char *pin, *seen_pin;	/* "" = none */
	int64_t row_version;
	int64_t seen_at;		/* last heard of; 0 = never */
	int64_t lost_at;		/* 0 = it is there, or was never heard of */
	const char *failure_text;	/* why it could not be reached last; "" = it was */
};

/* Own units of one feature of one node, as it said last. */
struct cluster_node_units {
	const char *client_name, *feature;
	int64_t units;
};

/* By name. */
enum fault store_cluster_node_list(struct cluster_node_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* FAULT_NOT_FOUND when there is none. */
enum fault store_cluster_node_load(struct cluster_node_row *out, struct arena *arena, struct store *store, const char *client_name) MUST_CHECK;
/* Of all nodes, by feature and name. */
enum fault store_cluster_node_units_list(struct cluster_node_units **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* The cluster password; "" when none was entered. */
enum fault store_cluster_node_password(const char **out, struct arena *arena, struct store *store) MUST_CHECK;
/* What this node may use beyond its "own" units of a feature at "server_now"; none when that is INT64_MAX (not known). */
enum fault store_cluster_node_surplus(struct cluster_surplus *out, struct arena *arena, struct store *store, const char *feature, int64_t own, int64_t server_now) MUST_CHECK;

/* ---- for the ledger ---- */

enum fault store_cluster_node_save(struct store *store, const struct cluster_node_row *row) MUST_CHECK;
enum fault store_cluster_node_delete(struct store *store, const char *client_name) MUST_CHECK;
/* In place of what the node said before. */
enum fault store_cluster_node_units_save(struct store *store, const char *client_name, const struct cluster_node_units *units, size_t count) MUST_CHECK;
enum fault store_cluster_node_password_save(struct store *store, const char *password) MUST_CHECK;
/* What was heard of the nodes: another license server has another clock, and may know them by other names. */
enum fault store_cluster_node_forget_heard(struct store *store) MUST_CHECK;
/* Every node and the password. */
enum fault store_cluster_node_delete_all(struct store *store) MUST_CHECK;

#endif
