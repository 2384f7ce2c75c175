/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_download.c: license keys from the center: those of authentication codes,
 * or all that this appliance has.
 */
#include "ctl/commands.h"

#include "ctl/ctl_key.h"
#include "engine/base/authcode.h"
#include "engine/peer/center_ask.h"
#include "engine/peer/link_files.h"
#include "engine/store/ledger_download.h"
#include "engine/store/mistake.h"
#include <stdio.h>
#include <string.h>

struct download {
	struct command *command;
	struct center_ask ask;
	struct http *http;
	struct keypair *device;
	const char *keys; /* that came, one a line */
	size_t failed;
};

static bool
open_download(struct download *out, struct command *command)
{
	enum fault fault;

	*out = (struct download){ .command = command, .keys = "" };
	fault = link_files_device(&out->device, command->state_directory);
	if (!fault)
		fault = http_open(&out->http, NULL);
	out->ask = (struct center_ask){ .appliance = &command->appliance,
		.http = out->http,
		.device = out->device };
	if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

static void
close_download(struct download *download)
{
	http_close(&download->http);
	keypair_free(&download->device);
}

static const char *
use_text(enum center_code_use use)
{
	switch (use) {
	case CENTER_CODE_USED:
		return "The code was used.";
	case CENTER_CODE_UNSURE:
		return "Whether the code was used is not known; sent again, it "
		       "gives the same license keys.";
	case CENTER_CODE_UNUSED:
		break;
	}
	return "The code was not used.";
}

static enum fault
take(struct download *download, const struct center_answer *answer)
{
	download->keys = arena_format(&download->command->arena, "%s%s",
	    download->keys, answer->keys);
	return download->keys ? FAULT_NONE : FAULT_MEMORY;
}

static void
complain(struct download *download, const char *text, const char *more)
{
	struct command *command = download->command;

	download->failed++;
	command->status = command_fail(command, "%s%s%s", text,
	    *more ? " " : "", more);
}

/* Each code by itself: one that is refused does not stand in the way of the others. */
static enum fault
run_code(struct download *download, const char *text)
{
	struct arena *arena = &download->command->arena;
	struct center_answer answer;
	char code[AUTHCODE_SIZE];
	enum authcode_state state = authcode_read(code, text);
	enum fault fault;

	if (state != AUTHCODE_OK) {
		complain(download,
		    mistake_text(arena,
			state == AUTHCODE_CHECK ? MISTAKE_AUTHCODE_CHECK
						: MISTAKE_AUTHCODE_SHAPE,
			NULL, NULL),
		    "Nothing was sent.");
		return FAULT_NONE;
	}
	if ((fault = center_ask_code(&answer, arena, &download->ask, code)))
		return fault;
	if (!answer.text)
		return take(download, &answer);
	complain(download, answer.text, use_text(answer.use));
	return FAULT_NONE;
}

static enum fault
run_codes(struct download *download, char *text)
{
	enum fault fault = FAULT_NONE;
	char *rest = NULL;

	for (char *code = strtok_r(text, " \t\r\n,;", &rest); !fault && code;
	     code = strtok_r(NULL, " \t\r\n,;", &rest))
		fault = run_code(download, code);
	return fault;
}

static enum fault
run_all(struct download *download)
{
	struct center_answer answer;
	enum fault fault = center_ask_keys(
	    &answer, &download->command->arena, &download->ask);

	if (fault)
		return fault;
	if (!answer.text)
		return take(download, &answer);
	complain(download, answer.text, "");
	return FAULT_NONE;
}

/* A refused code is a failure, whatever the others brought. */
static int
install(struct download *download)
{
	struct command *command = download->command;
	int status = COMMAND_DONE;

	if (*download->keys)
		status = ctl_key_install(command, download->keys);
	else if (!download->failed)
		(void)printf("The center has no license keys for this "
			     "appliance.\n");
	return download->failed ? COMMAND_FAILED : status;
}

/* The address is kept, so that it is named once. */
static bool
save_center(struct command *command, const char *url)
{
	int status;

	if (!url)
		return true;
	if (!command_begin(command))
		return false;
	status = command_end(
	    command, ledger_download_center(&command->ledger, url));
	command->appliance.center_url = url;
	command->status = status;
	return status == COMMAND_DONE;
}

int
ctl_download_run(struct command *command)
{
	const char *file = NULL, *center = NULL;
	bool asks = false;
	const struct options_row rows[] = {
		{ .name = "code-file", .text = &file },
		{ .name = "code", .flag = &asks },
		{ .name = "center", .text = &center },
	};
	struct download download;
	const char *text = NULL;
	enum fault fault;
	int status;

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_open(command, false) || !save_center(command, center))
		return command->status;
	if ((file || asks) &&
	    !(text = command_secret(
		  command, file, "Authentication code(s)")))
		return command->status;
	if (!open_download(&download, command)) {
		close_download(&download);
		return command->status;
	}
	fault = text
	    ? run_codes(&download, arena_text(&command->arena, text))
	    : run_all(&download);
	status = fault ? command_fault(command, fault) : install(&download);
	close_download(&download);
	return status;
}
