/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clustering.c: the cluster of a license client: its name and password,
 * its nodes, and what becomes of capacity when one of them fails.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "engine/base/password.h"
#include "engine/base/text.h"
#include "engine/store/ledger_cluster.h"
#include "engine/store/store_cluster_state.h"

#define HERE "/system/clustering"

static const struct form_field fields[] = {
	{ "name", FORM_TEXT, false, 255, 0, 0, "Cluster name" },
	{ "password", FORM_SECRET, false, PASSWORD_MAX_BYTES, 0, 0,
	    "Cluster password" },
	{ "password2", FORM_SECRET, false, PASSWORD_MAX_BYTES, 0, 0,
	    "Confirm cluster password" },
	{ "hello", FORM_NUMBER, true, 0, 2, 3600, "Hello interval" },
	{ "lead", FORM_FLAG, false, 0, 0, 0, "Offer to lead" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
};
const struct form_table page_clustering_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

static const struct form_field node_fields[] = {
	{ "node", FORM_TEXT, false, 32768, 0, 0, "Unique ID of the node" },
	{ "address", FORM_TEXT, false, 255, 0, 0, "Address" },
	{ "verify", FORM_FLAG, false, 0, 0, 0, "Verify SSL Certificate" },
};
const struct form_table page_clustering_node_form = { node_fields,
	sizeof(node_fields) / sizeof(node_fields[0]) };

static const struct form_field pin_fields[] = {
	{ "node", FORM_HIDDEN, true, 32768, 0, 0, "node" },
	{ "pin", FORM_HIDDEN, true, 128, 0, 0, "public key" },
};
const struct form_table page_clustering_pin_form = { pin_fields, 2 };

static const struct form_field remove_fields[] = {
	{ "node", FORM_HIDDEN, true, 32768, 0, 0, "node" },
};
const struct form_table page_clustering_remove_form = { remove_fields, 1 };

static enum fault
load(struct cluster_state *out, struct request *request)
{
	struct link_row link;
	int64_t server_now = INT64_MAX;
	enum fault fault = store_link_load(
	    &link, &request->arena, request->store);

	view_flag(request->view, "has_server", !fault);
	if (fault == FAULT_NOT_FOUND)
		link = (struct link_row){
			.client_name = "", .cluster = "", .leader = ""
		};
	else if (fault)
		return fault;
	else if (!store_link_server_now(&server_now, &link, request->boot_id,
		     request->elapsed_ms, request->now))
		server_now = INT64_MAX;
	return store_cluster_state_load(out, &request->arena,
	    request->appliance, &link, request->now, server_now);
}

/* ---- nodes ---- */

static const char *
add_units(
    struct arena *arena, const char *text, const char *feature, int64_t units)
{
	char number[32];

	if (!text || units <= 0)
		return text;
	text_format_thousands(number, units);
	return arena_format(
	    arena, "%s%s%s %s", text, *text ? ", " : "", feature, number);
}

static void
show_self(struct request *request, const struct cluster_state *cluster)
{
	struct view row = view_row(request->view, "nodes", 0);
	const char *units = "", *surplus = "";

	for (size_t i = 0; i < cluster->feature_count; i++) {
		const struct demand_feature *one = &cluster->features[i];

		units = add_units(
		    &request->arena, units, one->feature->name, one->own);
		surplus = add_units(
		    &request->arena, surplus, one->feature->name, one->surplus);
	}
	view_text(row, "name", cluster->link.client_name);
	view_flag(row, "is_self", true);
	view_flag(row, "leads",
	    !strcmp(cluster->link.leader, cluster->link.client_name));
	view_text(row, "units", units);
	view_text(row, "surplus", surplus);
	view_text(request->view, "surplus", surplus);
}

static void
show_node(struct request *request, const struct cluster_state *cluster,
    const struct cluster_node_row *node, size_t index)
{
	struct view row = view_row(request->view, "nodes", index);
	const char *units = "";

	for (size_t i = 0; i < cluster->unit_count; i++)
		if (!strcmp(cluster->units[i].client_name, node->client_name))
			units = add_units(&request->arena, units,
			    cluster->units[i].feature, cluster->units[i].units);
	view_text(row, "name", node->client_name);
	view_text(row, "address", node->address);
	view_flag(row, "verify", node->verify);
	view_flag(
	    row, "leads", !strcmp(cluster->link.leader, node->client_name));
	view_text(row, "units", units);
	view_text(row, "pin", node->pin);
	view_text(row, "seen_pin", node->seen_pin);
	view_text(row, "failure_text", node->failure_text);
	view_instant(row, "seen", node->seen_at, request->now);
	view_instant(row, "lost", node->lost_at, request->now);
	if (node->lost_at)
		view_instant(row, "until",
		    instant_add(node->lost_at, CLUSTER_SURVIVOR_SECONDS),
		    request->now);
}

/* ---- what if one fails ---- */

static int64_t
units_of(
    const struct cluster_state *cluster, const char *node, const char *feature)
{
	for (size_t i = 0; i < cluster->unit_count; i++)
		if (!strcmp(cluster->units[i].client_name, node) &&
		    !strcmp(cluster->units[i].feature, feature))
			return cluster->units[i].units;
	return 0;
}

static const char *
name_of(const struct cluster_state *cluster, size_t index)
{
	return index ? cluster->nodes[index - 1].client_name
		     : cluster->link.client_name;
}

/* One row for each node that has units of the feature; *shown counts on. */
static void
show_failures(struct request *request, const struct cluster_state *cluster,
    const struct demand_feature *feature, size_t *shown)
{
	int64_t units[CLUSTER_NODES_MAX + 1] = { 0 }, total;
	size_t count = cluster->node_count + 1;

	units[0] = total = feature->own;
	for (size_t i = 1; i < count && i <= CLUSTER_NODES_MAX; i++) {
		units[i] = units_of(
		    cluster, name_of(cluster, i), feature->feature->name);
		total = instant_units_add(total, units[i]);
		if (units[i] != units[0])
			view_flag(request->view, "is_uneven", true);
	}
	for (size_t i = 0; i < count && i <= CLUSTER_NODES_MAX; i++) {
		struct view row;

		if (!units[i])
			continue;
		row = view_row(request->view, "failures", (*shown)++);
		view_text(row, "feature", feature->feature->name);
		view_text(row, "node", name_of(cluster, i));
		view_number(row, "now", total);
		view_number(
		    row, "days", cluster_units_without(units, count, i));
		view_number(row, "after", instant_units_less(total, units[i]));
	}
}

static void
show_cluster(struct request *request, const struct cluster_state *cluster)
{
	size_t shown = 0;

	view_text(request->view, "cluster.name", cluster->link.cluster);
	view_text(request->view, "cluster.leader", cluster->link.leader);
	view_flag(request->view, "cluster.has_password", *cluster->password);
	if (!*cluster->link.cluster)
		return;
	show_self(request, cluster);
	for (size_t i = 0; i < cluster->node_count; i++)
		show_node(request, cluster, &cluster->nodes[i], i + 1);
	for (size_t i = 0; i < cluster->feature_count && cluster->node_count;
	     i++)
		show_failures(request, cluster, &cluster->features[i], &shown);
}

/* ---- the page ---- */

static void
preset(struct request *request, const struct cluster_state *cluster)
{
	const char *seconds = arena_format(
	    &request->arena, "%" PRId64, cluster->hello_interval);

	form_preset(request->view, "name", cluster->link.cluster);
	form_preset(request->view, "hello", seconds ? seconds : "");
	view_flag(
	    request->view, "form.lead.checked", cluster->link.offers_to_lead);
	view_flag(request->view, "form.verify.checked", true);
	view_format(request->view, "form.ver.value", "%" PRId64,
	    cluster->link.row_version);
}

/* "typed" is the form that was sent, NULL when none was. */
static enum fault
fill(struct request *request, const struct form_table *typed)
{
	struct form nothing = { 0 };
	struct cluster_state cluster;
	enum fault fault = load(&cluster, request);
	const struct form *form = &request->form;

	if (fault)
		return fault;
	preset(request, &cluster);
	form_show(request->view, &page_clustering_form,
	    typed == &page_clustering_form ? form : &nothing,
	    &request->mistakes);
	form_show(request->view, &page_clustering_node_form,
	    typed == &page_clustering_node_form ? form : &nothing,
	    &request->mistakes);
	if (typed == &page_clustering_form)
		view_text(request->view, "form.lead.checked",
		    form_has(form, "lead") ? "1" : "");
	if (typed == &page_clustering_node_form)
		view_text(request->view, "form.verify.checked",
		    form_has(form, "verify") ? "1" : "");
	show_cluster(request, &cluster);
	return FAULT_NONE;
}

enum fault
page_clustering_get(struct request *request)
{
	enum fault fault = fill(request, NULL);

	return fault ? fault : page_show(request, "page_clustering", 200);
}

static enum fault
show_again(struct request *request, const struct form_table *typed)
{
	enum fault fault = fill(request, typed);

	return fault ? fault : page_show_again(request, "page_clustering");
}

static enum fault
save(struct ledger *ledger, struct request *request)
{
	const char *password = form_text(&request->form, "password");
	struct cluster_input input = {
		.name = form_text(&request->form, "name"),
		.password = *password ? password : NULL,
		.offers_to_lead = form_has(&request->form, "lead"),
		.hello_interval = form_number(&request->form, "hello", 0),
	};

	if (!text_parse_int64(&input.row_version,
		form_text(&request->form, "ver"), 1, INT64_MAX))
		input.row_version = 0;
	return ledger_cluster_save(ledger, &input);
}

enum fault
page_clustering_post(struct request *request)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if (strcmp(form_text(&request->form, "password"),
		form_text(&request->form, "password2")))
		mistake_add(&request->mistakes, "password2",
		    MISTAKE_PASSWORD_DIFFERS, NULL, NULL);
	if (request->mistakes.count)
		return show_again(request, &page_clustering_form);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = save(&ledger, request);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, HERE, NOTICE_CLUSTER_SAVED, NULL, NULL)
	    : show_again(request, &page_clustering_form);
}

enum fault
page_clustering_node_post(struct request *request)
{
	const char *node = form_text(&request->form, "node");
	const struct cluster_node_input input = {
		.client_name = node,
		.address = form_text(&request->form, "address"),
		.verify = form_has(&request->form, "verify"),
		.is_new = true,
	};
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if (request->mistakes.count)
		return show_again(request, &page_clustering_node_form);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_cluster_node_save(&ledger, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, HERE,
		  input.verify ? NOTICE_NODE_ADDED : NOTICE_NODE_ADDED_CONFIRM,
		  node, NULL)
	    : show_again(request, &page_clustering_node_form);
}

enum fault
page_clustering_pin_post(struct request *request)
{
	const char *node = form_text(&request->form, "node");
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if (request->mistakes.count)
		return show_again(request, NULL);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_cluster_node_confirm(
	    &ledger, node, form_text(&request->form, "pin"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, HERE, NOTICE_NODE_CONFIRMED, node, NULL)
	    : show_again(request, NULL);
}

/* ---- what cannot be undone ---- */

enum fault
page_clustering_remove_get(struct request *request)
{
	struct cluster_node_row node;
	enum fault fault = store_cluster_node_load(&node, &request->arena,
	    request->store, form_text(&request->form, "node"));

	if (fault == FAULT_NOT_FOUND) {
		page_error(request, 404, "not_found", NULL);
		return FAULT_NONE;
	}
	if (fault)
		return fault;
	view_text(request->view, "node.name", node.client_name);
	if (node.lost_at)
		view_instant(request->view, "node.until",
		    instant_add(node.lost_at, CLUSTER_SURVIVOR_SECONDS),
		    request->now);
	return page_show(request, "page_clustering_remove", 200);
}

enum fault
page_clustering_remove_post(struct request *request)
{
	const char *node = form_text(&request->form, "node");
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_cluster_node_remove(&ledger, node);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return page_done(request, HERE,
	    is_kept ? NOTICE_NODE_REMOVED : NOTICE_NONE, node, NULL);
}

enum fault
page_clustering_leave_get(struct request *request)
{
	struct cluster_state cluster;
	enum fault fault = load(&cluster, request);

	if (fault)
		return fault;
	show_cluster(request, &cluster);
	return page_show(request, "page_clustering_leave", 200);
}

enum fault
page_clustering_leave_post(struct request *request)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_cluster_leave(&ledger);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return page_done(request, HERE,
	    is_kept ? NOTICE_CLUSTER_LEFT : NOTICE_NONE, NULL, NULL);
}
