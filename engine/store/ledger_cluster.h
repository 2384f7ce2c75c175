/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_cluster.h: the cluster of a license client: its name, its password,
 * its other nodes, and what was heard of them (rules.md 7; docs/decisions/0027
 * and 0028). Acts of the ledger like those of ledger.h.
 */
#ifndef LEASEHOLD_STORE_LEDGER_CLUSTER_H
#define LEASEHOLD_STORE_LEDGER_CLUSTER_H

#include "engine/store/ledger.h"
#include "engine/store/store_cluster_node.h"

/* A node is lost when it was not heard of for so many hellos. */
#define LEDGER_CLUSTER_HELLOS_LOST 3

struct cluster_input {
	const char *name;
	const char *password;	/* NULL = keep */
	bool offers_to_lead;
	int64_t hello_interval;	/* seconds; 0 = keep */
	int64_t row_version;	/* of the link; 0 = do not compare */
};
/* Field names of mistakes: name password hello. Another name than before forgets the nodes. */
enum fault ledger_cluster_save(struct ledger *ledger, const struct cluster_input *input) MUST_CHECK;
/* Out of the cluster; the nodes and the password are forgotten. */
enum fault ledger_cluster_leave(struct ledger *ledger) MUST_CHECK;

struct cluster_node_input {
	const char *client_name, *address;
	bool verify;
	bool is_new;		/* one of that name is a mistake; else none is */
	int64_t row_version;	/* 0 = do not compare */
};
/* Field names of mistakes: node address. Another address forgets the keys. */
enum fault ledger_cluster_node_save(struct ledger *ledger, const struct cluster_node_input *input) MUST_CHECK;
/* With it goes what this node may use in its place. */
enum fault ledger_cluster_node_remove(struct ledger *ledger, const char *client_name) MUST_CHECK;
/* The admin confirms the public key last met. Field names of mistakes: node pin. */
enum fault ledger_cluster_node_confirm(struct ledger *ledger, const char *client_name, const char *pin) MUST_CHECK;

/* This node leads, and lets another one take units by itself: one event. */
enum fault ledger_cluster_permitted(struct ledger *ledger, const char *client_name, const char *feature, int64_t units) MUST_CHECK;

/* ---- hellos ---- */

/* A node said which units of its own it has. "server_now" INT64_MAX = not known. FAULT_NOT_FOUND when it is none of ours. */
enum fault ledger_cluster_hello_heard(struct ledger *ledger, const char *client_name, const struct cluster_node_units *units, size_t count, int64_t server_now) MUST_CHECK;
/* It could not be reached: why, and the public key met (NULL or "" = none). */
enum fault ledger_cluster_hello_unreached(struct ledger *ledger, const char *client_name, const char *text, const char *seen_pin) MUST_CHECK;
/* After each round of hellos: which nodes are lost by now; one event each. INT64_MAX does nothing. */
enum fault ledger_cluster_hello_watch(struct ledger *ledger, int64_t server_now) MUST_CHECK;

#endif
