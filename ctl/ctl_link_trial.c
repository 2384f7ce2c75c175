/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_link_trial.c: a changed connection is kept or left by a script, and
 * shown.
 */
#include "ctl/ctl_link_trial.h"

#include "ctl/commands.h"
#include "engine/base/clock.h"
#include "engine/store/ledger_link_trial.h"
#include "engine/store/store_setting.h"
#include <inttypes.h>
#include <stdio.h>

struct link_moment
ctl_link_trial_moment(void)
{
	return (struct link_moment){ clock_boot_id(), clock_elapsed_ms() };
}

enum fault
ctl_link_trial_load(struct ctl_link_trial *out, struct command *command,
    const struct link_row *link)
{
	const struct link_moment moment = ctl_link_trial_moment();
	struct store *store = command->appliance.store;
	enum fault fault;

	*out = (struct ctl_link_trial){ .link = link };
	if ((fault = store_setting_load(
		 &out->seconds, store, SETTING_LINK_TRIAL)))
		return fault;
	fault = store_link_trial_load(&out->row, &command->arena, store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	out->is_there = true;
	out->left = store_link_trial_left(&out->row, &moment, command->now);
	return FAULT_NONE;
}

static json_t *
trial_to_json(const struct ctl_link_trial *trial)
{
	const struct link_row *before = &trial->row.before.row;

	if (!trial->is_there)
		return json_null();
	return json_pack(
	    "{s:o, s:I, s:s, s:s, s:{s:s, s:s, s:s, s:b, s:s, s:s}}",
	    "began_at", command_json_instant(trial->row.began_at),
	    "seconds_left", (json_int_t)trial->left, "by", trial->row.actor,
	    "outcome", store_link_trial_outcome_name(trial->link), "before",
	    "server", before->server, "client_id", before->client_name,
	    "network", before->network, "verify", before->verify, "pin",
	    before->pin, "cluster", before->cluster);
}

json_t *
ctl_link_trial_add(json_t *link, const struct ctl_link_trial *trial)
{
	if (link &&
	    (json_object_set_new(link, "trial", trial_to_json(trial)) ||
		json_object_set_new(
		    link, "trial_seconds", json_integer(trial->seconds)))) {
		json_decref(link);
		return NULL;
	}
	return link;
}

void
ctl_link_trial_print(
    struct command *command, const struct ctl_link_trial *trial)
{
	const struct link_row *before = &trial->row.before.row;

	if (!trial->is_there)
		return;
	if (trial->left > 0)
		(void)printf("On trial:               %" PRId64
			     " s more, by %s; %s\n",
		    trial->left, command_shown(command, trial->row.actor),
		    store_link_trial_outcome_name(trial->link));
	else
		(void)printf("On trial:               over; the connection of "
			     "before comes back when the agent runs\n");
	(void)printf("Before the trial:       %s, Unique ID %s, network %s, "
		     "Verify SSL Certificate %s\n",
	    command_shown(command, before->server),
	    command_shown(command, before->client_name),
	    command_shown(command, before->network),
	    before->verify ? "on" : "off");
}

/* ---- kept, or left ---- */

static bool
open_trial(struct command *command)
{
	return command_read(command, NULL, 0, 0, 0) &&
	    command_open(command, false) &&
	    command_needs_role(command, ROLE_CLIENT) && command_begin(command);
}

/* Kept all the same: the person may know more than this client. */
static void
warn(struct command *command, const struct link_row *link)
{
	if (store_link_trial_outcome(link) != LINK_TRIAL_CONNECTED)
		(void)fprintf(stderr,
		    "leasehold: warning: kept without contact%s%s\n",
		    *link->failure_text ? ": " : " so far",
		    *link->failure_text
			? command_shown(command, link->failure_text)
			: "");
}

int
ctl_link_trial_keep(struct command *command)
{
	const struct link_moment moment = ctl_link_trial_moment();
	struct link_row link;
	enum fault fault, absent;
	int status;

	if (!open_trial(command))
		return command->status;
	absent = store_link_load(
	    &link, &command->arena, command->appliance.store);
	fault = absent == FAULT_NOT_FOUND ? FAULT_NONE : absent;
	if (!fault)
		fault = ledger_link_trial_keep(&command->ledger, &moment, 0);
	status = command_end(command, fault);
	if (status == COMMAND_DONE && !absent)
		warn(command, &link);
	return status;
}

int
ctl_link_trial_revert(struct command *command)
{
	if (!open_trial(command))
		return command->status;
	return command_end(command, ledger_link_trial_leave(&command->ledger));
}
