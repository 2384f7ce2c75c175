/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_link.c: Configure Server of a license client, for scripts.
 */
#include "ctl/commands.h"

#include "ctl/ctl_link_ladder.h"
#include "ctl/ctl_link_trial.h"
#include "engine/base/json.h"
#include "engine/base/text.h"
#include "engine/peer/link_clock.h"
#include "engine/peer/link_network.h"
#include "engine/peer/link_probe.h"
#include "engine/store/ledger_link_trial.h"
#include "engine/store/store_link.h"
#include "engine/store/store_link_leave.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct form {
	const char *server, *client_name, *password_file, *network, *verify,
	    *pin, *cluster, *lead, *trial_seconds;
	bool asks_password, is_tried, leaves;
};

/* Which server and how to speak to it: what "set" changes and "test" tries. */
#define SERVER_OPTIONS(form) \
	{ .name = "server", .text = &(form).server }, \
	    { .name = "client-id", .text = &(form).client_name }, \
	    { .name = "password-file", .text = &(form).password_file }, \
	    { .name = "password", .flag = &(form).asks_password }, \
	    { .name = "network", .text = &(form).network }, \
	    { .name = "verify", .text = &(form).verify }

static bool
load(struct command *command, struct link_row *row, bool *is_there)
{
	enum fault fault = store_link_load(
	    row, &command->arena, command->appliance.store);

	*is_there = !fault;
	if (!fault || fault == FAULT_NOT_FOUND)
		return true;
	command->status = command_fault(command, fault);
	return false;
}

/* One may be changed without the other. */
static bool
take_cluster(struct command *command, struct link_input *input,
    const struct form *form, const struct link_row *row)
{
	if (!form->cluster && !form->lead)
		return true;
	input->cluster = form->cluster ? form->cluster : row->cluster;
	input->offers_to_lead = row->offers_to_lead;
	return command_switch(
	    command, &input->offers_to_lead, "lead", form->lead);
}

/*
 * A first link needs one. Later, standard input is looked at where another
 * server or ID is named and a script may have put one there; nothing keeps it.
 */
static bool
take_password(struct command *command, struct link_input *input,
    const struct form *form, bool is_there)
{
	bool may_come = (form->server || form->client_name) &&
	    !isatty(STDIN_FILENO);

	if (is_there && !form->password_file && !form->asks_password &&
	    !may_come)
		return true;
	input->password = command_secret(
	    command, form->password_file, "Client password");
	if (!input->password)
		return false;
	if (is_there && !*input->password)
		input->password = NULL;
	return true;
}

/* What is not named stays as it is; a first link verifies and goes by the internal network. */
static bool
fill_input(
    struct command *command, struct link_input *input, const struct form *form)
{
	struct link_row row = { .cluster = "" };
	bool is_there;

	if (!load(command, &row, &is_there))
		return false;
	if (!is_there)
		row.cluster = "";
	input->leaves_licenses = form->leaves;
	input->server = is_there ? row.server : "";
	input->client_name = is_there ? row.client_name : "";
	input->network = is_there ? row.network : "internal";
	input->verify = is_there ? row.verify : true;
	input->row_version = is_there ? row.row_version : 0;
	if (form->server)
		input->server = form->server;
	if (form->client_name)
		input->client_name = form->client_name;
	if (form->network)
		input->network = form->network;
	if (!command_switch(command, &input->verify, "verify", form->verify) ||
	    !take_cluster(command, input, form, &row))
		return false;
	return take_password(command, input, form, is_there);
}

static bool
changes_link(const struct form *form)
{
	return form->server || form->client_name || form->password_file ||
	    form->network || form->verify || form->asks_password ||
	    form->cluster || form->lead;
}

/* Scripts have their change at once unless they ask for a trial. */
static enum fault
save_link(struct command *command, const struct form *form,
    const struct link_input *input)
{
	const struct link_moment moment = ctl_link_trial_moment();
	struct ledger *ledger = &command->ledger;
	bool is_on_trial;

	return form->is_tried ? ledger_link_trial_save(
				    &is_on_trial, ledger, input, false, &moment)
			      : ledger_link_save(ledger, input);
}

static enum fault
save_pin(struct command *command, const char *pin)
{
	const struct link_moment moment = ctl_link_trial_moment();
	struct ledger *ledger = &command->ledger;
	enum fault fault = ledger_link_confirm_pin(ledger, pin);

	if (fault || ledger->mistakes.count)
		return fault;
	return ledger_link_trial_again(ledger, &moment);
}

/* All in one transaction: a link without the confirmation asked for would be half of it. */
static int
save(struct command *command, const struct form *form)
{
	struct link_input input = { .password = NULL };
	enum fault fault = FAULT_NONE;
	int64_t seconds = 0;

	if (form->trial_seconds &&
	    !text_parse_int64(&seconds, form->trial_seconds, 0, INT64_MAX))
		return command_usage(
		    command, "--trial-seconds takes a whole number");

	if (changes_link(form) && !fill_input(command, &input, form))
		return command->status;
	if (!command_begin(command))
		return command->status;
	if (form->trial_seconds)
		fault = ledger_link_trial_time(&command->ledger, seconds);
	if (!fault && changes_link(form))
		fault = save_link(command, form, &input);
	if (!fault && form->pin && !command->ledger.mistakes.count)
		fault = save_pin(command, form->pin);
	return command_end(command, fault);
}

int
ctl_link_set(struct command *command)
{
	struct form form = { .server = NULL };
	const struct options_row rows[] = {
		SERVER_OPTIONS(form),
		{ .name = "cluster", .text = &form.cluster },
		{ .name = "lead", .text = &form.lead },
		{ .name = "confirm-pin", .text = &form.pin },
		{ .name = "leave-licenses", .flag = &form.leaves },
		{ .name = "trial", .flag = &form.is_tried },
		{ .name = "trial-seconds", .text = &form.trial_seconds },
	};

	if (!command_open_role(command, ROLE_CLIENT, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!changes_link(&form) && !form.pin && !form.trial_seconds)
		return command_usage(command, "say what to change");
	return save(command, &form);
}

/* Nobody gives them back: who lent them learns nothing of it. */
static int
print_left(struct command *command, const struct link_row *row,
    const struct link_leave *left)
{
	for (size_t i = 0; i < left->leased_count; i++)
		(void)printf("%s: %" PRId64
			     " units leased from %s end here; they stay held"
			     " there until %s.\n",
		    left->leased[i].feature, left->leased[i].leased,
		    command_shown(command, row->server),
		    command_instant(command, left->leased[i].expires));
	for (size_t i = 0; i < left->license_count; i++)
		(void)printf("%s stays surrendered to %s and counts nowhere"
			     " here.\n",
		    command_shown(command, left->licenses[i].serial),
		    command_shown(command, row->server));
	return command_flush(command);
}

int
ctl_link_remove(struct command *command)
{
	bool is_there, leaves = false;
	const struct options_row rows[] = {
		{ .name = "leave-licenses", .flag = &leaves },
	};
	struct link_leave left;
	struct link_row row;
	enum fault fault;
	int status;

	if (!command_open_role(command, ROLE_CLIENT, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !load(command, &row, &is_there))
		return command->status;
	if (!is_there)
		return command_fail(command,
		    "no license server is configured, so there is none to remove");
	if (!command_begin(command))
		return command->status;
	fault = store_link_leave_load(&left, &command->arena,
	    command->appliance.store, command->now, link_clock_now(&row));
	if (!fault)
		fault = ledger_link_remove(&command->ledger, leaves);
	status = command_end(command, fault);
	return status || command->json ? status
				       : print_left(command, &row, &left);
}

/* Which network is used now, and in which state the preferred one is. */
static json_t *
network_to_json(const struct link_network *networks, const char *preferred)
{
	const struct link_network *used = link_network_used(
	    networks, preferred);
	const struct link_network *wanted = link_network_find(
	    networks, preferred);

	return json_pack("{s:s, s:s?, s:s, s:s?}", "used", used->name, "local",
	    used->local, "preferred_state",
	    link_network_state_name(wanted ? wanted->state : used->state),
	    "preferred_local", wanted ? wanted->local : NULL);
}

static json_t *
link_to_json(const struct link_row *row, const struct link_network *networks)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:I, s:o, s:o, s:o,"
			 " s:s, s:s, s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o}",
	    "server", row->server, "client_id", row->client_name, "network",
	    row->network, "verify", row->verify, "pin", row->pin, "seen_pin",
	    row->seen_pin, "number", (json_int_t)row->number, "last_success",
	    command_json_instant(row->last_success), "last_attempt",
	    command_json_instant(row->last_attempt), "next_sync",
	    command_json_instant(row->next_sync), "failure_code",
	    row->failure_code, "failure_text", row->failure_text,
	    "network_used", row->network_used, "cluster", row->cluster,
	    "offers_to_lead", row->offers_to_lead, "leader", row->leader,
	    "leader_until", command_json_instant(row->leader_until),
	    "penalty_until", command_json_instant(row->penalty_until),
	    "lost_at", command_json_instant(row->lost_at), "network_now",
	    network_to_json(networks, row->network));
}

static void
print_network(struct command *command, const struct link_network *networks,
    const char *preferred)
{
	static const char *const why[] = { "", "is not configured",
		"is not there", "is down" };
	const struct link_network *used = link_network_used(
	    networks, preferred);
	const struct link_network *wanted = link_network_find(
	    networks, preferred);

	(void)printf(
	    "Preferred Network:      %s\n", command_shown(command, preferred));
	(void)printf("Network in use now:     %s", used->name);
	if (wanted && wanted != used)
		(void)printf(", because %s %s", preferred, why[wanted->state]);
	(void)printf("\n");
}

static void
print_cluster(struct command *command, const struct link_row *row)
{
	if (!*row->cluster)
		return;
	(void)printf("Cluster:                %s%s\n",
	    command_shown(command, row->cluster),
	    row->offers_to_lead ? ", offers to lead" : "");
	if (*row->leader)
		(void)printf("Leader:                 %s, until %s\n",
		    command_shown(command, row->leader),
		    command_instant(command, row->leader_until));
	else
		(void)printf("Leader:                 none\n");
}

static void
print_link(struct command *command, const struct link_row *row,
    const struct link_network *networks)
{
	(void)printf("License server:         %s\n",
	    command_shown(command, row->server));
	(void)printf("Unique ID:              %s\n",
	    command_shown(command, row->client_name));
	print_network(command, networks, row->network);
	(void)printf(
	    "Verify SSL Certificate: %s\n", row->verify ? "on" : "off");
	(void)printf(
	    "Confirmed public key:   %s\n", command_shown(command, row->pin));
	(void)printf("Public key last met:    %s\n",
	    command_shown(command, row->seen_pin));
	(void)printf("Last success:           %s\n",
	    command_instant(command, row->last_success));
	(void)printf("Last attempt:           %s\n",
	    command_instant(command, row->last_attempt));
	(void)printf("Outcome:                %s\n",
	    *row->failure_code ? command_shown(command, row->failure_text)
			       : "-");
	(void)printf("Next sync:              %s\n",
	    command_instant(command, row->next_sync));
	if (row->lost_at)
		(void)printf("Out of reach since:     %s\n",
		    command_instant(command, row->lost_at));
	if (row->penalty_until > command->now)
		(void)printf("No auto-leasing until:  %s\n",
		    command_instant(command, row->penalty_until));
	print_cluster(command, row);
}

int
ctl_link_show(struct command *command)
{
	struct link_network networks[LINK_NETWORK_COUNT];
	struct ctl_link_trial trial;
	struct link_ladder ladder;
	struct link_row row;
	enum fault fault;
	bool is_there;

	if (!command_open_role(command, ROLE_CLIENT, NULL, 0, 0, 0) ||
	    !load(command, &row, &is_there))
		return command->status;
	if (!is_there)
		return command_fail(command,
		    "no license server is configured; use leasehold link set");
	if ((fault = link_network_list(
		 networks, &command->arena, command->state_directory)))
		return command_fault(command, fault);
	if ((fault = ctl_link_trial_load(&trial, command, &row)))
		return command_fault(command, fault);
	if ((fault = ctl_link_ladder_load(&ladder, command, &row)))
		return command_fault(command, fault);
	if (command->json)
		return command_print(command,
		    ctl_link_ladder_add(
			ctl_link_trial_add(
			    link_to_json(&row, networks), &trial),
			&ladder));
	print_link(command, &row, networks);
	ctl_link_trial_print(command, &trial);
	ctl_link_ladder_print(command, &ladder);
	return command_flush(command);
}

/* ---- Test connection ---- */

/* A password that is not saved for them is asked for. */
static bool
fill_trial(struct command *command, struct link_row *row,
    const struct link_row *saved, const struct form *form)
{
	struct link_probe_wish wish = { .server = form->server,
		.client_name = form->client_name,
		.network = form->network,
		.has_verify = form->verify != NULL };

	if (!command_switch(command, &wish.verify, "verify", form->verify))
		return false;
	link_probe_target(row, saved, &wish);
	if (form->password_file || form->asks_password || !*row->password)
		row->password = command_secret(
		    command, form->password_file, "Client password");
	return row->password != NULL;
}

static int
print_trial(struct command *command, json_t *report)
{
	const json_t *steps = json_object_get(report, "steps");
	bool is_well = true;
	size_t index;
	json_t *step;

	json_array_foreach(steps, index, step)
	{
		const char *state = json_text(step, "state");
		const char *text = json_text(step, "text");

		is_well = is_well && state && !strcmp(state, "ok");
		if (!command->json)
			(void)printf("%-8s %-12s %s\n", json_text(step, "step"),
			    state, command_shown(command, text));
	}
	if (command_end_list(command, report))
		return COMMAND_FAILED;
	return is_well ? COMMAND_DONE : COMMAND_FAILED;
}

int
ctl_link_test(struct command *command)
{
	struct form form = { .server = NULL };
	const struct options_row rows[] = {
		SERVER_OPTIONS(form),
	};
	struct link_row saved, row;
	json_t *report;
	enum fault fault;
	bool is_there;

	if (!command_open_role(command, ROLE_CLIENT, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !load(command, &saved, &is_there) ||
	    !fill_trial(command, &row, is_there ? &saved : NULL, &form))
		return command->status;
	if (!*row.server)
		return command_usage(command, "say --server HOST[:PORT]");
	fault = link_probe_report(&report, &command->appliance, &row, NULL);
	return fault ? command_fault(command, fault)
		     : print_trial(command, report);
}
