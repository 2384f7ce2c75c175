/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_cluster.c: a license client's cluster as a person enters it. Speaks
 * with no node itself.
 */
#include "engine/store/ledger_cluster.h"

#include "engine/base/password.h"
#include "engine/base/text.h"
#include "engine/store/ledger_act.h"
#include "engine/store/server_address.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define NAME_MAX_CHARACTERS 64

static void
add(struct ledger *ledger, const char *field, enum mistake_kind kind)
{
	mistake_add(&ledger->mistakes, field, kind, NULL, NULL);
}

/* ---- the cluster ---- */

static enum fault
check_input(struct ledger *ledger, const struct cluster_input *input,
    const struct link_row *link)
{
	const struct setting_row *hello = &setting_rows[SETTING_HELLO_INTERVAL];
	const char *password = input->password, *saved;
	enum fault fault;

	if ((fault = store_cluster_node_password(
		 &saved, ledger->arena, ledger->store)))
		return fault;
	if (!input->name ||
	    !ledger_act_is_printable(input->name, NAME_MAX_CHARACTERS))
		add(ledger, "name", MISTAKE_CLUSTER_NAME);
	if (password ? !*password : !*saved)
		add(ledger, "password", MISTAKE_CLUSTER_PASSWORD_MISSING);
	else if (password && strlen(password) > PASSWORD_MAX_BYTES)
		add(ledger, "password", MISTAKE_PASSWORD_LONG);
	if (input->hello_interval &&
	    (input->hello_interval < hello->low ||
		input->hello_interval > hello->high))
		add(ledger, "hello", MISTAKE_HELLO_INTERVAL);
	if (input->row_version && input->row_version != link->row_version)
		add(ledger, "", MISTAKE_EDIT_CONFLICT);
	return FAULT_NONE;
}

/* The name and the offer stand with the license server: they go along with each request. */
static enum fault
save_link(struct ledger *ledger, const struct link_row *link, const char *name,
    bool offers_to_lead)
{
	const struct link_input input = {
		.server = link->server,
		.client_name = link->client_name,
		.network = link->network,
		.verify = link->verify,
		.cluster = name,
		.offers_to_lead = offers_to_lead,
	};

	return ledger_link_save(ledger, &input);
}

static enum fault
save_rest(struct ledger *ledger, const struct cluster_input *input)
{
	enum fault fault = FAULT_NONE;

	if (input->password)
		fault = store_cluster_node_password_save(
		    ledger->store, input->password);
	if (!fault && input->hello_interval)
		fault = store_setting_save(ledger->store,
		    SETTING_HELLO_INTERVAL, input->hello_interval);
	return fault;
}

/* Nodes of another cluster are not heard of in this one. */
static enum fault
forget_others(struct ledger *ledger)
{
	struct cluster_node_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = store_cluster_node_list(
		 &rows, &count, ledger->arena, ledger->store)))
		return fault;
	for (size_t i = 0; i < count && !fault; i++)
		fault = store_cluster_node_delete(
		    ledger->store, rows[i].client_name);
	return fault;
}

enum fault
ledger_cluster_save(struct ledger *ledger, const struct cluster_input *input)
{
	struct link_row link;
	enum fault fault;

	assert(ledger && input);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	fault = store_link_load(&link, ledger->arena, ledger->store);
	if (fault == FAULT_NOT_FOUND) {
		add(ledger, "name", MISTAKE_CLUSTER_NO_SERVER);
		return FAULT_NONE;
	}
	if (fault || (fault = check_input(ledger, input, &link)) ||
	    ledger->mistakes.count > 0)
		return fault;
	if (strcmp(link.cluster, input->name) != 0 && *link.cluster &&
	    (fault = forget_others(ledger)))
		return fault;
	if ((fault = save_link(
		 ledger, &link, input->name, input->offers_to_lead)) ||
	    ledger->mistakes.count > 0 || (fault = save_rest(ledger, input)))
		return fault;
	return ledger_act_event(ledger, EVENT_CLUSTER_SAVED, input->name,
	    input->offers_to_lead ? "yes" : "no",
	    input->password ? "entered" : "kept", NULL, NULL);
}

enum fault
ledger_cluster_leave(struct ledger *ledger)
{
	struct link_row link;
	enum fault fault;

	assert(ledger);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	fault = store_link_load(&link, ledger->arena, ledger->store);
	if (fault == FAULT_NOT_FOUND || (!fault && !*link.cluster)) {
		add(ledger, "name", MISTAKE_CLUSTER_NONE);
		return FAULT_NONE;
	}
	if (fault || (fault = save_link(ledger, &link, "", false)) ||
	    ledger->mistakes.count > 0 ||
	    (fault = store_cluster_node_delete_all(ledger->store)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_CLUSTER_QUIT, link.cluster, NULL, NULL, NULL, NULL);
}

/* ---- one node ---- */

static enum fault
check_count(struct ledger *ledger)
{
	struct cluster_node_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = store_cluster_node_list(
		 &rows, &count, ledger->arena, ledger->store)))
		return fault;
	if (count >= CLUSTER_NODES_MAX)
		add(ledger, "node", MISTAKE_NODES_MANY);
	return FAULT_NONE;
}

/* Another node, not this one, in a cluster that there is. */
static enum fault
check_place(struct ledger *ledger, const char *client_name)
{
	struct link_row link;
	enum fault fault = store_link_load(&link, ledger->arena, ledger->store);

	if (fault == FAULT_NOT_FOUND || (!fault && !*link.cluster))
		add(ledger, "node", MISTAKE_CLUSTER_NONE);
	else if (!fault && strcmp(link.client_name, client_name) == 0)
		add(ledger, "node", MISTAKE_NODE_SELF);
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static enum fault
check_node(struct ledger *ledger, const struct cluster_node_input *input,
    const struct cluster_node_row *before, bool is_there)
{
	const char *name = input->client_name;

	if (!*name)
		add(ledger, "node", MISTAKE_CLIENT_ID_MISSING);
	else if (!text_is_alphanumeric(name))
		add(ledger, "node", MISTAKE_CLIENT_ID_CHARACTERS);
	if (!input->address || !server_address_is_valid(input->address))
		add(ledger, "address", MISTAKE_NODE_ADDRESS);
	if (is_there == input->is_new)
		mistake_add(&ledger->mistakes, "node",
		    is_there ? MISTAKE_NODE_KNOWN : MISTAKE_NODE_UNKNOWN, name,
		    NULL);
	if (is_there && input->row_version &&
	    input->row_version != before->row_version)
		add(ledger, "", MISTAKE_EDIT_CONFLICT);
	if (ledger->mistakes.count > 0)
		return FAULT_NONE;
	return is_there ? FAULT_NONE : check_count(ledger);
}

static enum fault
load_or_empty(struct cluster_node_row *out, bool *is_there,
    struct ledger *ledger, const char *client_name)
{
	enum fault fault = store_cluster_node_load(
	    out, ledger->arena, ledger->store, client_name);

	*is_there = !fault;
	if (fault == FAULT_NOT_FOUND)
		*out = (struct cluster_node_row){ .client_name = client_name,
			.address = "",
			.pin = "",
			.seen_pin = "",
			.failure_text = "" };
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault
ledger_cluster_node_save(
    struct ledger *ledger, const struct cluster_node_input *input)
{
	struct cluster_node_row row;
	enum fault fault;
	bool is_there;

	assert(ledger && input && input->client_name);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	if ((fault = check_place(ledger, input->client_name)) ||
	    ledger->mistakes.count > 0 ||
	    (fault = load_or_empty(
		 &row, &is_there, ledger, input->client_name)) ||
	    (fault = check_node(ledger, input, &row, is_there)) ||
	    ledger->mistakes.count > 0)
		return fault;
	if (!text_equals_ignoring_case(row.address, input->address))
		row.pin = row.seen_pin = "";
	row.address = input->address;
	row.verify = input->verify;
	row.failure_text = "";
	row.row_version++;
	if ((fault = store_cluster_node_save(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_NODE_SAVED, row.client_name,
	    row.address, row.verify ? "on" : "off", NULL, NULL);
}

/* FAULT_NONE and a mistake when there is no such node. */
static enum fault
load_known(
    struct cluster_node_row *out, struct ledger *ledger, const char *name)
{
	enum fault fault = store_cluster_node_load(
	    out, ledger->arena, ledger->store, name);

	if (fault != FAULT_NOT_FOUND)
		return fault;
	mistake_add(
	    &ledger->mistakes, "node", MISTAKE_NODE_UNKNOWN, name, NULL);
	return FAULT_NONE;
}

enum fault
ledger_cluster_node_remove(struct ledger *ledger, const char *client_name)
{
	struct cluster_node_row row;
	enum fault fault;

	assert(ledger && client_name);
	if ((fault = load_known(&row, ledger, client_name)) ||
	    ledger->mistakes.count > 0)
		return fault;
	if ((fault = store_cluster_node_delete(ledger->store, client_name)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_NODE_REMOVED, client_name, NULL, NULL, NULL, NULL);
}

enum fault
ledger_cluster_node_confirm(
    struct ledger *ledger, const char *client_name, const char *pin)
{
	struct cluster_node_row row;
	enum fault fault;

	assert(ledger && client_name && pin);
	if ((fault = load_known(&row, ledger, client_name)) ||
	    ledger->mistakes.count > 0)
		return fault;
	/* Confirmed twice is confirmed. */
	if (*pin && strcmp(row.pin, pin) == 0 && !*row.seen_pin)
		return FAULT_NONE;
	if (!*pin || strcmp(row.seen_pin, pin) != 0) {
		add(ledger, "pin", MISTAKE_NODE_PIN_CHANGED);
		return FAULT_NONE;
	}
	row.pin = row.seen_pin;
	row.seen_pin = row.failure_text = "";
	row.row_version++;
	if ((fault = store_cluster_node_save(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_NODE_PIN_CONFIRMED, client_name,
	    row.pin, NULL, NULL, NULL);
}

enum fault
ledger_cluster_permitted(struct ledger *ledger, const char *client_name,
    const char *feature, int64_t units)
{
	assert(ledger && client_name && feature && units > 0);
	return ledger_act_event(ledger, EVENT_CLUSTER_PERMITTED, client_name,
	    ledger_act_units(ledger, units), feature, NULL, NULL);
}
