/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center.c: the vendor's side from the shell.
 */
#include "ctl/commands.h"
#include "ctl/issuer.h"

#include "engine/base/keypair.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/store_issued.h"
#include <stdio.h>

static int
issue(struct command *command, const struct issue_input *input)
{
	struct keypair *issuer = NULL;
	const char *key = NULL;
	enum fault fault;
	int status;

	if (!issuer_load(command, &issuer))
		return command->status;
	if (command_begin(command)) {
		fault = ledger_issue(&key, &command->ledger, issuer, input);
		status = command_end(command, fault);
	} else
		status = command->status;
	keypair_free(&issuer);
	if (status != COMMAND_DONE)
		return status;
	if (command->json)
		return command_print(command, json_pack("{s:s}", "key", key));
	(void)puts(key);
	return command_flush(command);
}

int
ctl_center_issue(struct command *command)
{
	struct issue_input input = { .hardware_id = NULL };
	const struct options_row rows[] = {
		{ .name = "hwid", .text = &input.hardware_id },
		{ .name = "sku", .text = &input.sku },
		{ .name = "start", .text = &input.start_date },
		{ .name = "end", .text = &input.end_date },
		{ .name = "org", .text = &input.org },
	};

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!input.hardware_id || !input.sku)
		return command_usage(command, "--hwid and --sku are needed");
	if (!input.start_date)
		input.start_date = "";
	if (!input.end_date)
		input.end_date = "";
	if (!input.org)
		input.org = "";
	return issue(command, &input);
}

/* ---- what was issued, and taken back ---- */

int
ctl_center_revoke(struct command *command)
{
	const char *why = NULL;
	const struct options_row rows[] = {
		{ .name = "why", .text = &why },
	};

	if (!command_open_role(command, ROLE_CENTER, rows, 1, 1, 1))
		return command->status;
	if (!why)
		return command_usage(command, "--why is needed");
	if (!command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_revocation_take_back(
		&command->ledger, command->operands[0], why));
}

static json_t *
key_to_json(const struct issued_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:s}",
	    "serial", row->serial, "hwid", row->hardware_id, "sku", row->sku,
	    "start", row->start_date, "end", row->end_date, "issued_at",
	    command_json_instant(row->at), "issued_by", row->actor,
	    "revoked_at", command_json_instant(row->revoked_at), "why",
	    row->revoked_why);
}

static int
print_keys(
    struct command *command, const struct issued_row *rows, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		if (command->json)
			(void)json_array_append_new(list, key_to_json(&rows[i]));
		else
			(void)printf("%s  %s  %s  %s%s%s\n", rows[i].serial,
			    rows[i].hardware_id, rows[i].sku,
			    command_instant(command, rows[i].at),
			    rows[i].revoked_at ? "  revoked: " : "",
			    rows[i].revoked_at
				? command_shown(command, rows[i].revoked_why)
				: "");
	}
	return command_end_list(command, list);
}

int
ctl_center_list(struct command *command)
{
	const char *hardware_id = NULL;
	const struct options_row options[] = {
		{ .name = "hwid", .text = &hardware_id },
	};
	struct issued_row *rows;
	enum fault fault;
	size_t count;

	if (!command_open_role(command, ROLE_CENTER, options, 1, 0, 0))
		return command->status;
	fault = store_issued_list(&rows, &count, &command->arena,
	    command->appliance.store, hardware_id, INT64_MAX);
	return fault ? command_fault(command, fault)
		     : print_keys(command, rows, count);
}
