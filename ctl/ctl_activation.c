/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_activation.c: license keys where there is no way out: activation file,
 * key file, and what came of it.
 */
#include "ctl/commands.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/peer/link_files.h"
#include "engine/store/activation_file.h"
#include <stdio.h>

static int
print_line(struct command *command, const char *text)
{
	(void)printf("%s\n", text);
	return command_flush(command);
}

/* ---- on the appliance ---- */

int
ctl_activation_request(struct command *command)
{
	const char *file = NULL, *codes = "", *text, *wrong;
	bool asks = false;
	const struct options_row rows[] = {
		{ .name = "code-file", .text = &file },
		{ .name = "code", .flag = &asks },
	};
	struct keypair *device = NULL;
	enum fault fault;

	if (!command_read(command, rows, 2, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	if ((file || asks) &&
	    !(codes = command_secret(command, file, "Authentication code(s)")))
		return command->status;
	if ((fault = link_files_device(
		 &device, command->appliance.state_directory)))
		return command_fault(command, fault);
	fault = activation_file_make(&text, &wrong, &command->arena,
	    &command->appliance, device, clock_now(), codes);
	keypair_free(&device);
	if (fault)
		return command_fault(command, fault);
	if (wrong)
		return command_fail(command, "%s",
		    mistake_text(&command->arena, MISTAKE_AUTHCODE_SHAPE, NULL,
			NULL));
	return print_line(command, text);
}

static void
print_answer(struct command *command, const struct activation_answer *answer,
    bool *is_good)
{
	for (size_t i = 0; i < answer->result_count; i++) {
		*is_good &= answer->results[i].is_good;
		(void)printf("%s: %s\n",
		    command_shown(command, answer->results[i].ends_in),
		    command_shown(command, answer->results[i].text));
	}
	for (size_t i = 0; i < answer->key_count; i++) {
		*is_good &= answer->keys[i].is_installed ||
		    answer->keys[i].is_duplicate;
		(void)printf("%s: %s\n",
		    command_shown(command, answer->keys[i].shown),
		    command_shown(command, answer->keys[i].text));
	}
}

int
ctl_activation_install(struct command *command)
{
	const char *file = NULL;
	const struct options_row rows[] = { { .name = "file", .text = &file } };
	struct activation_answer answer;
	bool is_good = true;
	size_t bytes;
	char *text;
	int status;
	enum fault fault;

	if (!command_read(command, rows, 1, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	if (!file)
		return command_usage(command, "--file is needed");
	if ((fault = file_read(&text, &bytes, &command->arena, file,
		 ACTIVATION_FILE_MAX)))
		return command_fail(
		    command, "%s cannot be read: %s", file, fault_text(fault));
	if (!command_begin(command))
		return command->status;
	status = command_end(command,
	    activation_file_install(&answer, &command->ledger, text));
	if (status != COMMAND_DONE)
		return status;
	if (answer.why)
		return command_fail(command, "%s", answer.why);
	print_answer(command, &answer, &is_good);
	return is_good && !fflush(stdout)
	    ? COMMAND_DONE
	    : command_fail(command, "not all of it could be installed");
}

/* ---- at the center ---- */

static enum fault
begin(struct ledger *ledger, void *with)
{
	struct command *command = with;

	ledger_init(ledger, command->appliance.store, &command->appliance,
	    &command->arena, &command->actor, command->now);
	return ledger_begin(ledger);
}

int
ctl_activation_answer(struct command *command)
{
	const char *file = NULL, *out;
	const struct options_row rows[] = { { .name = "file", .text = &file } };
	struct activation_file asked;
	enum activation_file_state state;
	struct issuer_keys issuers;
	size_t bytes;
	char *text;
	enum fault fault;

	if (!command_open_role(command, ROLE_CENTER, rows, 1, 0, 0))
		return command->status;
	if (!file)
		return command_usage(command, "--file is needed");
	if ((fault = file_read(&text, &bytes, &command->arena, file,
		 ACTIVATION_FILE_MAX)))
		return command_fail(
		    command, "%s cannot be read: %s", file, fault_text(fault));
	if ((state = activation_file_read(&asked, &command->arena, text,
		 command->now)) == ACTIVATION_FILE_AHEAD)
		return command_fail(command, "%s",
		    mistake_text(
			&command->arena, MISTAKE_ACTIVATION_AHEAD, NULL, NULL));
	if (state != ACTIVATION_FILE_GOOD)
		return command_fail(command,
		    "%s is no activation file, or not the device that it names "
		    "signed it; make it anew with leasehold download request",
		    file);
	if ((fault = issuer_keys_load(
		 &issuers, &command->arena, command->state_directory)))
		return command_fault(command, fault);
	fault = activation_file_answer(
	    &out, &command->arena, begin, command, &issuers, &asked);
	issuer_keys_free(&issuers);
	return fault ? command_fault(command, fault) : print_line(command, out);
}
