/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client_status.h: what a license client has of its own, has borrowed and has
 * lent, at a glance.
 */
#ifndef LEASEHOLD_CTL_CLIENT_STATUS_H
#define LEASEHOLD_CTL_CLIENT_STATUS_H

#include "ctl/command.h"
#include "engine/store/store_cluster_node.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link_auto_lease.h"

struct client_status {
	int64_t users, rdp_users;
	bool has_link;
	struct link_row link;
	int64_t server_now; /* INT64_MAX = not known */
	struct link_feature_row *features;
	size_t feature_count;
	struct link_auto_lease_row *taken;
	size_t taken_count;
	struct demand_feature *demands; /* of each feature: own and surplus */
	size_t demand_count;
	struct cluster_node_row *nodes;
	size_t node_count;
	struct license_row *licenses;
	size_t license_count;
};

enum fault client_status_load(
    struct client_status *out, struct command *command) MUST_CHECK;
/* Adds to what is said of every appliance. */
void client_status_to_json(json_t *out, const struct client_status *status);
void client_status_print(
    struct command *command, const struct client_status *status);

#endif
