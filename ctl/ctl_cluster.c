/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_cluster.c: the cluster of a license client, for scripts.
 */
#include "ctl/commands.h"

#include "engine/base/text.h"
#include "engine/peer/link_clock.h"
#include "engine/store/ledger_cluster.h"
#include "engine/store/store_cluster_state.h"
#include <stdio.h>
#include <string.h>

static bool
open_client(struct command *command)
{
	return command_open(command, false) &&
	    command_needs_role(command, ROLE_CLIENT);
}

/* ---- show ---- */

static enum fault
load(struct cluster_state *out, struct command *command)
{
	struct link_row link;
	enum fault fault = store_link_load(
	    &link, &command->arena, command->appliance.store);

	return fault ? fault
		     : store_cluster_state_load(out, &command->arena,
			   &command->appliance, &link, command->now,
			   link_clock_now(&link));
}

static json_t *
units_to_json(const struct cluster_state *cluster, const char *node)
{
	json_t *units = json_object();
	size_t i;

	for (i = 0; i < cluster->unit_count; i++)
		if (!strcmp(cluster->units[i].client_name, node))
			(void)json_object_set_new(units,
			    cluster->units[i].feature,
			    json_integer(cluster->units[i].units));
	return units;
}

static json_t *
node_to_json(
    const struct cluster_state *cluster, const struct cluster_node_row *row)
{
	int64_t until = row->lost_at
	    ? instant_add(row->lost_at, CLUSTER_SURVIVOR_SECONDS)
	    : 0;

	return json_pack("{s:s, s:s, s:b, s:s, s:s, s:b, s:o, s:o, s:o, s:s,"
			 " s:o}",
	    "node", row->client_name, "address", row->address, "verify",
	    (int)row->verify, "pin", row->pin, "seen_pin", row->seen_pin,
	    "leads", !strcmp(row->client_name, cluster->link.leader), "seen_at",
	    command_json_instant(row->seen_at), "lost_at",
	    command_json_instant(row->lost_at), "surplus_until",
	    command_json_instant(until), "failure_text", row->failure_text,
	    "units", units_to_json(cluster, row->client_name));
}

static json_t *
own_to_json(const struct cluster_state *cluster, bool is_surplus)
{
	json_t *units = json_object();
	size_t i;

	for (i = 0; i < cluster->feature_count; i++) {
		int64_t count = is_surplus ? cluster->features[i].surplus
					   : cluster->features[i].own;

		if (count > 0)
			(void)json_object_set_new(units,
			    cluster->features[i].feature->name,
			    json_integer(count));
	}
	return units;
}

static json_t *
cluster_to_json(const struct cluster_state *cluster)
{
	const struct link_row *link = &cluster->link;
	json_t *nodes = json_array();
	size_t i;

	for (i = 0; i < cluster->node_count; i++)
		(void)json_array_append_new(
		    nodes, node_to_json(cluster, &cluster->nodes[i]));
	return json_pack("{s:s, s:s, s:b, s:b, s:s, s:b, s:o, s:I, s:o, s:o,"
			 " s:o}",
	    "cluster", link->cluster, "node", link->client_name,
	    "offers_to_lead", (int)link->offers_to_lead, "has_password",
	    *cluster->password != '\0', "leader", link->leader, "leads",
	    *link->leader && !strcmp(link->leader, link->client_name),
	    "leader_until", command_json_instant(link->leader_until),
	    "hello_interval", (json_int_t)cluster->hello_interval, "units",
	    own_to_json(cluster, false), "surplus", own_to_json(cluster, true),
	    "nodes", nodes);
}

static const char *
state_of(struct command *command, const struct cluster_node_row *row)
{
	if (row->lost_at)
		return arena_format(&command->arena, "lost since %s",
		    command_instant(command, row->lost_at));
	if (*row->failure_text)
		return command_shown(command, row->failure_text);
	return row->seen_at ? "reachable" : "not heard of yet";
}

static void
print_node(struct command *command, const struct cluster_state *cluster,
    const struct cluster_node_row *row)
{
	size_t i;

	(void)printf("\nNode:                   %s%s\n",
	    command_shown(command, row->client_name),
	    strcmp(row->client_name, cluster->link.leader) ? "" : ", leads");
	(void)printf("Address:                %s\n",
	    command_shown(command, row->address));
	(void)printf(
	    "Verify SSL Certificate: %s\n", row->verify ? "on" : "off");
	(void)printf(
	    "Confirmed public key:   %s\n", command_shown(command, row->pin));
	if (*row->seen_pin)
		(void)printf("Public key last met:    %s\n",
		    command_shown(command, row->seen_pin));
	(void)printf("State:                  %s\n", state_of(command, row));
	(void)printf("Last heard of:          %s\n",
	    command_instant(command, row->seen_at));
	for (i = 0; i < cluster->unit_count; i++)
		if (!strcmp(cluster->units[i].client_name, row->client_name))
			(void)printf("Own units:              %lld %s\n",
			    (long long)cluster->units[i].units,
			    command_shown(command, cluster->units[i].feature));
}

static void
print_cluster(struct command *command, const struct cluster_state *cluster)
{
	const struct link_row *link = &cluster->link;
	const struct demand_feature *feature;
	size_t i;

	(void)printf("Cluster:                %s\n",
	    command_shown(command, link->cluster));
	(void)printf("Cluster password:       %s\n",
	    *cluster->password ? "entered" : "missing");
	(void)printf("This node:              %s%s\n",
	    command_shown(command, link->client_name),
	    link->offers_to_lead ? ", offers to lead" : "");
	(void)printf("Leader:                 %s, until %s\n",
	    command_shown(command, link->leader),
	    command_instant(command, link->leader_until));
	(void)printf("Hello interval:         %lld s\n",
	    (long long)cluster->hello_interval);
	for (i = 0; i < cluster->feature_count; i++) {
		feature = &cluster->features[i];
		if (feature->own > 0 || feature->surplus > 0)
			(void)printf("Own units:              %lld %s, and "
				     "%lld in place of lost nodes\n",
			    (long long)feature->own, feature->feature->name,
			    (long long)feature->surplus);
	}
	for (i = 0; i < cluster->node_count; i++)
		print_node(command, cluster, &cluster->nodes[i]);
}

int
ctl_cluster_show(struct command *command)
{
	struct cluster_state cluster;
	enum fault fault;

	if (!command_read(command, NULL, 0, 0, 0) || !open_client(command))
		return command->status;
	fault = load(&cluster, command);
	if (fault && fault != FAULT_NOT_FOUND)
		return command_fault(command, fault);
	if (fault || !*cluster.link.cluster)
		return command_fail(command,
		    "this client is in no cluster; use leasehold cluster set");
	if (command->json)
		return command_print(command, cluster_to_json(&cluster));
	print_cluster(command, &cluster);
	return command_flush(command);
}

/* ---- set and leave ---- */

struct form {
	const char *name, *password_file, *lead, *hello;
	bool asks_password;
};

static bool
fill_input(struct command *command, struct cluster_input *input,
    const struct form *form)
{
	struct link_row link;
	enum fault fault = store_link_load(
	    &link, &command->arena, command->appliance.store);

	if (fault && fault != FAULT_NOT_FOUND) {
		command->status = command_fault(command, fault);
		return false;
	}
	input->name = form->name ? form->name : fault ? "" : link.cluster;
	input->offers_to_lead = !fault && link.offers_to_lead;
	if (form->hello &&
	    !text_parse_int64(
		&input->hello_interval, form->hello, 1, INT32_MAX)) {
		command->status = command_usage(
		    command, "--hello-interval must be a number of seconds");
		return false;
	}
	if (!command_switch(
		command, &input->offers_to_lead, "lead", form->lead))
		return false;
	if (!form->password_file && !form->asks_password)
		return true;
	input->password = command_secret(
	    command, form->password_file, "Cluster password");
	return input->password != NULL;
}

int
ctl_cluster_set(struct command *command)
{
	struct cluster_input input = { .password = NULL };
	struct form form = { .name = NULL };
	const struct options_row rows[] = {
		{ .name = "name", .text = &form.name },
		{ .name = "password-file", .text = &form.password_file },
		{ .name = "password", .flag = &form.asks_password },
		{ .name = "lead", .text = &form.lead },
		{ .name = "hello-interval", .text = &form.hello },
	};

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !open_client(command) || !fill_input(command, &input, &form) ||
	    !command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_cluster_save(&command->ledger, &input));
}

int
ctl_cluster_leave(struct command *command)
{
	if (!command_read(command, NULL, 0, 0, 0) || !open_client(command) ||
	    !command_begin(command))
		return command->status;
	return command_end(command, ledger_cluster_leave(&command->ledger));
}

/* ---- nodes ---- */

static int
save_node(struct command *command, struct cluster_node_input *input)
{
	if (!command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_cluster_node_save(&command->ledger, input));
}

int
ctl_cluster_node_add(struct command *command)
{
	struct cluster_node_input input = { .verify = true, .is_new = true };
	const char *address = NULL, *verify = NULL;
	const struct options_row rows[] = {
		{ .name = "address", .text = &address },
		{ .name = "verify", .text = &verify },
	};

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 1, 1) ||
	    !open_client(command) ||
	    !command_switch(command, &input.verify, "verify", verify))
		return command->status;
	input.client_name = command->operands[0];
	input.address = address ? address : "";
	return save_node(command, &input);
}

/* What is not named stays as it is. */
static bool
load_node(struct command *command, struct cluster_node_row *out)
{
	enum fault fault = store_cluster_node_load(out, &command->arena,
	    command->appliance.store, command->operands[0]);

	if (fault == FAULT_NOT_FOUND)
		*out = (struct cluster_node_row){ .address = "" };
	else if (fault)
		command->status = command_fault(command, fault);
	return !fault || fault == FAULT_NOT_FOUND;
}

int
ctl_cluster_node_set(struct command *command)
{
	const char *address = NULL, *verify = NULL;
	struct cluster_node_input input = { .is_new = false };
	struct cluster_node_row row;
	const struct options_row rows[] = {
		{ .name = "address", .text = &address },
		{ .name = "verify", .text = &verify },
	};

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 1, 1) ||
	    !open_client(command) || !load_node(command, &row))
		return command->status;
	if (!address && !verify)
		return command_usage(command, "say what to change");
	input.client_name = command->operands[0];
	input.address = address ? address : row.address;
	input.verify = row.verify;
	if (!command_switch(command, &input.verify, "verify", verify))
		return command->status;
	return save_node(command, &input);
}

int
ctl_cluster_node_remove(struct command *command)
{
	if (!command_read(command, NULL, 0, 1, 1) || !open_client(command) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_cluster_node_remove(&command->ledger, command->operands[0]));
}

int
ctl_cluster_confirm(struct command *command)
{
	if (!command_read(command, NULL, 0, 2, 2) || !open_client(command) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_cluster_node_confirm(
		&command->ledger, command->operands[0], command->operands[1]));
}
