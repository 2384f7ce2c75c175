/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center.c: the vendor's side from the shell.
 */
#include "ctl/commands.h"

#include "engine/base/keypair.h"
#include <limits.h>
#include <stdio.h>

static bool
load_issuer(struct command *command, struct keypair **out)
{
	char path[PATH_MAX];
	enum fault fault = FAULT_IO;

	if (appliance_path(
		path, sizeof(path), command->state_directory, "issuer.key"))
		fault = keypair_load(out, path);
	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(command,
		    "%s is missing; without it no license key can be issued",
		    path);
	else if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

static int
issue(struct command *command, const struct issue_input *input)
{
	struct keypair *issuer = NULL;
	const char *key = NULL;
	enum fault fault;
	int status;

	if (!load_issuer(command, &issuer))
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
	return fflush(stdout)
	    ? command_fail(command, "the output could not be written")
	    : COMMAND_DONE;
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

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_open(command, false) ||
	    !command_needs_role(command, ROLE_CENTER))
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
