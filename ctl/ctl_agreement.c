/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_agreement.c: the license agreement, read and accepted from the shell.
 */
#include "ctl/commands.h"

#include "engine/store/agreement_file.h"
#include "engine/store/store_agreement.h"
#include <stdio.h>
#include <string.h>

struct agreement {
	struct agreement_text text;
	bool is_accepted; /* this very text */
	struct agreement_row row;
};

static bool
load(struct command *command, struct agreement *agreement)
{
	const struct appliance *appliance = &command->appliance;
	enum fault fault = agreement_file_load(
	    &agreement->text, &command->arena, appliance->vendor_directory);

	if (!fault)
		fault = store_agreement_load(&agreement->row, &command->arena,
		    appliance->store, agreement->text.digest);
	agreement->is_accepted = !fault;
	if (!fault || fault == FAULT_NOT_FOUND)
		return true;
	command->status = command_fault(command, fault);
	return false;
}

int
ctl_agreement_show(struct command *command)
{
	struct agreement agreement = { .is_accepted = false };

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false) || !load(command, &agreement))
		return command->status;
	if (command->json)
		return command_print(command,
		    json_pack("{s:s, s:s, s:b, s:s, s:o, s:s}", "version",
			agreement.text.version, "digest", agreement.text.digest,
			"accepted", agreement.is_accepted, "accepted_by",
			agreement.is_accepted ? agreement.row.actor : "",
			"accepted_at",
			command_json_instant(
			    agreement.is_accepted ? agreement.row.at : 0),
			"text", agreement.text.body));
	(void)printf(
	    "%s\nVersion %s, ", agreement.text.body, agreement.text.version);
	if (agreement.is_accepted)
		(void)printf("accepted by %s on %s\n",
		    command_shown(command, agreement.row.actor),
		    command_instant(command, agreement.row.at));
	else
		(void)printf("not accepted yet\n");
	return command_flush(command);
}

int
ctl_agreement_accept(struct command *command)
{
	struct agreement agreement = { .is_accepted = false };
	const char *version = NULL;
	bool yes = false;
	const struct options_row rows[] = { { .name = "version",
						.text = &version },
		{ .name = "yes", .flag = &yes } };

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_open(command, false) || !load(command, &agreement))
		return command->status;
	if (!version && !yes)
		return command_usage(command,
		    "read it with leasehold agreement show, then accept it "
		    "with --version %s",
		    agreement.text.version);
	if (version && strcmp(version, agreement.text.version) != 0)
		return command_fail(command,
		    "the license agreement is version %s now, not %s; read it "
		    "with leasehold agreement show",
		    agreement.text.version, version);
	if (agreement.is_accepted)
		return COMMAND_DONE;
	if (!command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_agreement_accept(&command->ledger, agreement.text.digest));
}
