/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client_status.c: a license client's own side, as JSON and as text. Decides
 * nothing.
 */
#include "ctl/client_status.h"

#include "engine/peer/link_clock.h"
#include <stdio.h>

/* Of the cluster: who is lost, and what is used in its place. */
static enum fault
load_surplus(struct client_status *out, struct command *command)
{
	const struct appliance *appliance = &command->appliance;
	enum fault fault = store_cluster_node_list(
	    &out->nodes, &out->node_count, &command->arena, appliance->store);

	if (fault || out->node_count == 0)
		return fault;
	return store_link_demand(&out->demands, &out->demand_count,
	    &command->arena, appliance->store, &appliance->catalogue,
	    appliance->product, command->now, out->server_now);
}

static enum fault
load_borrowed(struct client_status *out, struct command *command)
{
	struct store *store = command->appliance.store;
	enum fault fault;

	out->server_now = link_clock_now(&out->link);
	if ((fault = store_link_features(&out->features, &out->feature_count,
		 &command->arena, store, out->server_now)) ||
	    (fault = load_surplus(out, command)))
		return fault;
	return store_link_auto_lease_list(
	    &out->taken, &out->taken_count, &command->arena, store);
}

enum fault
client_status_load(struct client_status *out, struct command *command)
{
	struct store *store = command->appliance.store;
	enum fault fault = store_link_load(&out->link, &command->arena, store);

	out->has_link = !fault;
	if (!fault)
		fault = load_borrowed(out, command);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if ((fault = store_license_list(&out->licenses, &out->license_count,
		 &command->arena, store, command->now)))
		return fault;
	return store_session_count(&out->users, &out->rdp_users, store);
}

/* Units that count now, and when they end at the latest (0 = none do). */
static int64_t
auto_leased(int64_t *until, const struct client_status *status,
    const struct link_feature_row *row)
{
	struct auto_lease_contact contact = store_link_auto_lease_contact(
	    &status->link, row);
	instant ends = auto_lease_ends(&contact);
	int64_t units = status->server_now < ends
	    ? store_link_auto_lease_units(
		  status->taken, status->taken_count, row->feature)
	    : 0;

	*until = units > 0 ? ends : 0;
	return units;
}

/* ---- as JSON ----------------------------------------------------------- */

static json_t *
feature_to_json(
    const struct client_status *status, const struct link_feature_row *row)
{
	int64_t until, units = auto_leased(&until, status, row);

	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:I, s:o,"
			 " s:s, s:s}",
	    "feature", row->feature, "reserved", (json_int_t)row->reserved,
	    "increment", (json_int_t)row->increment, "maximum",
	    (json_int_t)row->maximum, "leased", (json_int_t)row->leased,
	    "expires", command_json_instant(row->expires), "reserved_expires",
	    command_json_instant(row->reserved_expires), "auto_lease",
	    row->auto_lease, "auto_leased", (json_int_t)units,
	    "auto_leased_until", command_json_instant(until), "denied_code",
	    row->denied_code, "denied_text", row->denied_text);
}

static json_t *
features_to_json(const struct client_status *status)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < status->feature_count; i++)
		(void)json_array_append_new(
		    list, feature_to_json(status, &status->features[i]));
	return list;
}

static json_t *
surplus_to_json(const struct client_status *status)
{
	json_t *units = json_object();
	size_t i;

	for (i = 0; i < status->demand_count; i++)
		if (status->demands[i].surplus > 0)
			(void)json_object_set_new(units,
			    status->demands[i].feature->name,
			    json_integer(status->demands[i].surplus));
	return units;
}

/* Until when a lost node is stood in for. */
static int64_t
surplus_ends(const struct cluster_node_row *node)
{
	return instant_add(node->lost_at, CLUSTER_SURVIVOR_SECONDS);
}

static json_t *
lost_nodes_to_json(const struct client_status *status)
{
	const struct cluster_node_row *node;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < status->node_count; i++) {
		node = &status->nodes[i];
		if (node->lost_at)
			(void)json_array_append_new(list,
			    json_pack("{s:s, s:o, s:o}", "node",
				node->client_name, "lost_at",
				command_json_instant(node->lost_at),
				"surplus_until",
				command_json_instant(surplus_ends(node))));
	}
	return list;
}

static json_t *
licenses_to_json(const struct client_status *status)
{
	const struct license_row *row;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < status->license_count; i++) {
		row = &status->licenses[i];
		(void)json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:I, s:s, s:o, s:s}", "serial",
			row->serial, "sku", row->sku, "feature", row->feature,
			"units", (json_int_t)row->license.units, "state",
			license_state_word(row->state), "surrender_since",
			command_json_instant(
			    row->license.surrender == SURRENDER_NONE
				? 0
				: row->surrender_at),
			"surrender_text", row->surrender_text));
	}
	return list;
}

/* JSON that the server said; null should it be none. */
static json_t *
said_to_json(const char *text)
{
	json_t *said = json_loads(text, 0, NULL);

	return said ? said : json_null();
}

static json_t *
link_to_json(const struct client_status *status)
{
	const struct link_row *link = &status->link;

	if (!status->has_link)
		return json_null();
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:s,"
			 " s:b, s:s, s:o, s:o, s:o}",
	    "server", link->server, "client_id", link->client_name,
	    "last_success", command_json_instant(link->last_success),
	    "last_attempt", command_json_instant(link->last_attempt),
	    "next_sync", command_json_instant(link->next_sync), "failure_code",
	    link->failure_code, "failure_text", link->failure_text, "lost_at",
	    command_json_instant(link->lost_at), "penalty_until",
	    command_json_instant(link->penalty_until), "cluster", link->cluster,
	    "offers_to_lead", link->offers_to_lead, "leader", link->leader,
	    "leader_until", command_json_instant(link->leader_until), "notices",
	    said_to_json(link->notices), "compliance",
	    said_to_json(link->compliance));
}

void
client_status_to_json(json_t *out, const struct client_status *status)
{
	(void)json_object_set_new(out, "users", json_integer(status->users));
	(void)json_object_set_new(
	    out, "rdp_users", json_integer(status->rdp_users));
	(void)json_object_set_new(out, "link", link_to_json(status));
	(void)json_object_set_new(out, "borrowed", features_to_json(status));
	(void)json_object_set_new(out, "surplus", surplus_to_json(status));
	(void)json_object_set_new(
	    out, "lost_nodes", lost_nodes_to_json(status));
	(void)json_object_set_new(out, "licenses", licenses_to_json(status));
}

/* ---- as text ----------------------------------------------------------- */

/* The sentence of each, where it has one. */
static void
print_said(struct command *command, const char *label, const char *text)
{
	json_t *said = json_loads(text, 0, NULL);
	const char *sentence;
	size_t i;

	for (i = 0; i < json_array_size(said); i++) {
		sentence = json_string_value(
		    json_object_get(json_array_get(said, i), "text"));
		if (sentence)
			(void)printf("%-19s%s\n", label,
			    command_shown(command, sentence));
	}
	json_decref(said);
}

static void
print_cluster(struct command *command, const struct link_row *link)
{
	if (!*link->cluster)
		return;
	(void)printf(
	    "Cluster:           %s, ", command_shown(command, link->cluster));
	if (*link->leader)
		(void)printf("leader %s until %s\n",
		    command_shown(command, link->leader),
		    command_instant(command, link->leader_until));
	else
		(void)printf("no leader\n");
}

static void
print_contact(struct command *command, const struct link_row *link)
{
	(void)printf("License server:    %s as %s\n",
	    command_shown(command, link->server),
	    command_shown(command, link->client_name));
	(void)printf("Last success:      %s\n",
	    command_instant(command, link->last_success));
	(void)printf("Next sync:         %s\n",
	    command_instant(command, link->next_sync));
	if (*link->failure_code)
		(void)printf("Last attempt:      %s\n",
		    command_shown(command, link->failure_text));
	if (link->lost_at)
		(void)printf("Out of reach:      since %s\n",
		    command_instant(command, link->lost_at));
	if (link->penalty_until > command->now)
		(void)printf("Auto-leasing:      off for all until %s\n",
		    command_instant(command, link->penalty_until));
	print_cluster(command, link);
	print_said(command, "Notice:", link->notices);
	print_said(command, "Compliance:", link->compliance);
}

static void
print_borrowed(struct command *command, const struct client_status *status)
{
	const struct link_feature_row *row;
	int64_t until, units;
	size_t i;

	if (status->feature_count)
		(void)printf("\n%-16s%12s%12s%12s  %-14s%s\n", "Borrowed",
		    "Leased", "Auto-leased", "Maximum", "Auto-leasing",
		    "Auto-leased until");
	for (i = 0; i < status->feature_count; i++) {
		row = &status->features[i];
		units = auto_leased(&until, status, row);
		(void)printf("%-16s%12lld%12lld%12lld  %-14s%s\n",
		    command_shown(command, row->feature),
		    (long long)row->leased, (long long)units,
		    (long long)row->maximum, row->auto_lease ? "on" : "off",
		    command_instant(command, until));
	}
}

/* Apart from what is borrowed: no sum of issued units holds it. */
static void
print_surplus(struct command *command, const struct client_status *status)
{
	const struct cluster_node_row *node;
	size_t i;

	for (i = 0; i < status->node_count; i++) {
		node = &status->nodes[i];
		if (node->lost_at)
			(void)printf("Lost node:         %s since %s, stood in "
				     "for until %s\n",
			    command_shown(command, node->client_name),
			    command_instant(command, node->lost_at),
			    command_instant(command, surplus_ends(node)));
	}
	for (i = 0; i < status->demand_count; i++)
		if (status->demands[i].surplus > 0)
			(void)printf("In their place:    %lld %s\n",
			    (long long)status->demands[i].surplus,
			    status->demands[i].feature->name);
}

static void
print_surrendered(struct command *command, const struct client_status *status)
{
	const struct license_row *row;
	size_t i;

	for (i = 0; i < status->license_count; i++) {
		row = &status->licenses[i];
		if (row->license.surrender == SURRENDER_NONE &&
		    !*row->surrender_text)
			continue;
		(void)printf("License %s %s: %s%s%s\n",
		    command_shown(command, row->serial),
		    command_shown(command, row->sku),
		    license_state_word(row->state),
		    !*row->surrender_text ? ""
			: row->license.surrender == SURRENDER_ACCEPTED
			? "; if it were recalled: "
			: "; ",
		    *row->surrender_text
			? command_shown(command, row->surrender_text)
			: "");
	}
}

void
client_status_print(struct command *command, const struct client_status *status)
{
	(void)printf("Users:             %lld, RDP %lld\n",
	    (long long)status->users, (long long)status->rdp_users);
	if (status->has_link)
		print_contact(command, &status->link);
	else
		(void)printf("License server:    none\n");
	print_surplus(command, status);
	print_surrendered(command, status);
	print_borrowed(command, status);
}
