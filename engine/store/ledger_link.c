/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link.c: a license client's server as a person enters it, and the
 * public key that the person confirms. Speaks with nobody itself.
 */
#include "engine/store/ledger_act.h"

#include "engine/base/password.h"
#include "engine/base/text.h"
#include "engine/store/ledger_link_leave.h"
#include "engine/store/ledger_link_trial.h"
#include "engine/store/server_address.h"
#include "engine/store/store_link_edit.h"
#include <assert.h>
#include <string.h>

/* Characters; as many as a license server takes. */
#define CLUSTER_MAX 64

static const char *const networks[] = { "internal", "external", "management" };

static void
add(struct ledger *ledger, const char *field, enum mistake_kind kind)
{
	mistake_add(&ledger->mistakes, field, kind, NULL, NULL);
}

static bool
is_same_server(const struct link_row *row, const struct link_input *input)
{
	return store_link_is_with(row, input->server, input->client_name);
}

/* A saved password goes to no server, and for no ID, that it was not entered for. */
static void
check_password(struct ledger *ledger, const struct link_input *input,
    const struct link_row *before)
{
	const char *password = input->password;

	if (password ? !*password : !*before->password)
		add(ledger, "password", MISTAKE_PASSWORD_MISSING);
	else if (!password && !is_same_server(before, input))
		add(ledger, "password", MISTAKE_LINK_PASSWORD_MISSING);
	else if (password && strlen(password) > PASSWORD_MAX_BYTES)
		add(ledger, "password", MISTAKE_PASSWORD_LONG);
}

static bool
is_network(const char *name)
{
	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		if (name && strcmp(name, networks[i]) == 0)
			return true;
	return false;
}

static void
check_input(struct ledger *ledger, const struct link_input *input,
    const struct link_row *before)
{
	if (!input->server || !*input->server)
		add(ledger, "server", MISTAKE_SERVER_MISSING);
	else if (!server_address_is_valid(input->server))
		add(ledger, "server", MISTAKE_SERVER_INVALID);
	if (!input->client_name || !*input->client_name)
		add(ledger, "unique_id", MISTAKE_CLIENT_ID_MISSING);
	else if (!text_is_alphanumeric(input->client_name))
		add(ledger, "unique_id", MISTAKE_CLIENT_ID_CHARACTERS);
	if (input->server && input->client_name)
		check_password(ledger, input, before);
	if (!is_network(input->network))
		add(ledger, "network", MISTAKE_NETWORK_UNKNOWN);
	if (input->cluster && *input->cluster &&
	    !ledger_act_is_printable(input->cluster, CLUSTER_MAX))
		add(ledger, "cluster", MISTAKE_CLUSTER_NAME);
	if (input->row_version != 0 &&
	    input->row_version != before->row_version)
		add(ledger, "", MISTAKE_EDIT_CONFLICT);
}

/* The row, or an empty one before the first. */
static enum fault
load_or_empty(struct link_row *out, struct ledger *ledger)
{
	enum fault fault = store_link_load(out, ledger->arena, ledger->store);

	if (fault != FAULT_NOT_FOUND)
		return fault;
	*out = (struct link_row){
		.server = "",
		.client_name = "",
		.password = "",
		.network = "",
		.pin = "",
		.seen_pin = "",
		.server_id = "",
		.token = "",
		.document = "",
		.failure_code = "",
		.failure_text = "",
		.network_used = "",
		.anchor_boot = "",
		.cluster = "",
		.leader = "",
		.notices = "[]",
		.compliance = "[]",
	};
	return FAULT_NONE;
}

/* Nothing that the server said counts with another. */
static enum fault
forget_server(struct ledger *ledger, struct link_row *row)
{
	row->pin = row->seen_pin = row->server_id = row->token = "";
	row->document = row->failure_code = row->failure_text = "";
	row->network_used = row->anchor_boot = "";
	row->has_server_key = false;
	row->epoch = row->number = 0;
	row->last_success = row->last_attempt = row->server_time = 0;
	row->anchor_elapsed_ms = row->anchor_wall = 0;
	row->leader = "";
	row->leader_until = row->penalty_until = 0;
	row->success_time = row->lost_at = 0;
	row->notices = row->compliance = "[]";
	return store_link_edit_delete(ledger->store);
}

static bool
is_same_cluster(const struct link_row *row, const struct link_input *input)
{
	return !input->cluster ||
	    (strcmp(row->cluster, input->cluster) == 0 &&
		row->offers_to_lead == input->offers_to_lead);
}

static bool
is_unchanged(const struct link_row *row, const struct link_input *input)
{
	return strcmp(row->server, input->server) == 0 &&
	    is_same_server(row, input) && row->verify == input->verify &&
	    strcmp(row->network, input->network) == 0 &&
	    (!input->password || strcmp(row->password, input->password) == 0) &&
	    is_same_cluster(row, input);
}

static void
take_input(struct link_row *row, const struct link_input *input)
{
	row->server = input->server;
	row->client_name = input->client_name;
	row->network = input->network;
	row->verify = input->verify;
	if (input->password && strcmp(row->password, input->password) != 0) {
		row->password = input->password;
		row->token = "";
	}
	if (input->cluster) {
		row->cluster = input->cluster;
		row->offers_to_lead = input->offers_to_lead;
	}
	row->next_sync = 0;
	row->row_version++;
}

static enum fault
tell_changed(struct ledger *ledger, const struct link_row *row)
{
	const char *verify = row->verify ? "on" : "off";

	if (*row->cluster)
		verify = arena_format(ledger->arena, "%s, cluster %s%s", verify,
		    row->cluster,
		    row->offers_to_lead ? ", offers to lead" : "");
	return verify
	    ? ledger_act_event(ledger, EVENT_LINK_CHANGED, row->server,
		  row->server, row->client_name, row->network, verify)
	    : FAULT_MEMORY;
}

/* The row before, and what is wrong with the input; of an appliance that borrows nothing that alone. */
static enum fault
load_checked(
    struct link_row *out, struct ledger *ledger, const struct link_input *input)
{
	enum fault fault;

	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	if (!(fault = load_or_empty(out, ledger)))
		check_input(ledger, input, out);
	return fault;
}

enum fault
ledger_link_check(struct ledger *ledger, const struct link_input *input)
{
	struct link_row row;

	assert(ledger && input);
	return load_checked(&row, ledger, input);
}

enum fault
ledger_link_save(struct ledger *ledger, const struct link_input *input)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && input);
	if ((fault = load_checked(&row, ledger, input)))
		return fault;
	if (ledger->mistakes.count > 0 || is_unchanged(&row, input))
		return FAULT_NONE;
	if ((fault = ledger_link_trial_refuse(ledger, "")) ||
	    ledger->mistakes.count > 0)
		return fault;
	if (!is_same_server(&row, input)) {
		if ((fault = ledger_link_leave(
			 ledger, &row, input->leaves_licenses)) ||
		    ledger->mistakes.count > 0)
			return fault;
		if ((fault = forget_server(ledger, &row)))
			return fault;
	}
	take_input(&row, input);
	if ((fault = store_link_edit_save(ledger->store, &row)))
		return fault;
	return tell_changed(ledger, &row);
}

enum fault
ledger_link_remove(struct ledger *ledger, bool leaves_licenses)
{
	struct link_row row;
	enum fault fault;

	assert(ledger);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	if ((fault = ledger_link_leave(ledger, &row, leaves_licenses)) ||
	    ledger->mistakes.count > 0)
		return fault;
	/* Nothing comes back to a client that is to have no server. */
	if ((fault = store_link_trial_delete(ledger->store)) ||
	    (fault = store_link_edit_delete(ledger->store)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_LINK_REMOVED, row.server, NULL, NULL, NULL, NULL);
}

enum fault
ledger_link_confirm_pin(struct ledger *ledger, const char *pin)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && pin);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	/* Confirmed twice is confirmed. */
	if (*pin && strcmp(row.pin, pin) == 0 && !*row.seen_pin)
		return FAULT_NONE;
	if (!*pin || strcmp(row.seen_pin, pin) != 0) {
		add(ledger, "pin", MISTAKE_PIN_CHANGED);
		return FAULT_NONE;
	}
	row.pin = row.seen_pin;
	row.seen_pin = "";
	row.next_sync = 0;
	row.row_version++;
	if ((fault = store_link_edit_save(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_LINK_PIN_CONFIRMED, row.server,
	    row.pin, NULL, NULL, NULL);
}
