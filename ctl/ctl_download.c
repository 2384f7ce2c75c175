/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_download.c: license keys from the center: those of authentication codes,
 * or all that this appliance has.
 */
#include "ctl/commands.h"

#include "engine/base/json.h"
#include "engine/peer/download.h"
#include "engine/store/ledger_download.h"
#include <stdio.h>
#include <string.h>

static void
print_list(struct command *command, const json_t *list, const char *name)
{
	size_t index;
	json_t *item;

	json_array_foreach(list, index, item)
	{
		const char *what = json_text(item, name);

		(void)printf("%s%s%s\n",
		    what && *what ? command_shown(command, what) : "",
		    what && *what ? ": " : "",
		    command_shown(command, json_text(item, "text")));
	}
}

/* Takes the report over. */
static int
print(struct command *command, json_t *report)
{
	bool is_good = json_bool(report, "good", false);
	int status = COMMAND_DONE;

	if (command->json)
		status = command_print(command, json_incref(report));
	else {
		print_list(command, json_object_get(report, "codes"), "ends_in");
		print_list(command, json_object_get(report, "keys"), "shown");
		if (is_good)
			(void)printf("%s\n", json_text(report, "text"));
		if (json_array_size(json_object_get(report, "issuers")))
			(void)printf("The center offers issuer keys that are "
				     "not trusted here yet: see leasehold "
				     "issuer fetch.\n");
		if (*json_text(report, "offer"))
			(void)printf("%s\n",
			    command_shown(command, json_text(report, "offer")));
	}
	if (!is_good)
		status = command_fail(
		    command, "%s", json_text(report, "text"));
	else if (!status)
		status = command_flush(command);
	json_decref(report);
	return status;
}

/* The address and the rest are kept, so that they are named once. */
static bool
save(struct command *command, const struct download_input *input)
{
	if (!input->center && !input->network && !input->is_enabled &&
	    !input->proxy && !input->proxy_user && !input->proxy_password)
		return true;
	if (!command_begin(command))
		return false;
	command->status = command_end(
	    command, ledger_download_save(&command->ledger, input));
	return command->status == COMMAND_DONE;
}

static int
run(struct command *command, const char *codes)
{
	const struct download_wish wish = { .appliance = &command->appliance,
		.store = command->appliance.store,
		.codes = codes,
		.actor = command->actor };
	json_t *report;
	enum fault fault = download_run(&report, &wish);

	return fault ? command_fault(command, fault) : print(command, report);
}

int
ctl_download_run(struct command *command)
{
	struct download_input input = { .center = NULL };
	const char *file = NULL, *enabled = NULL, *codes = "";
	const char *password_file = NULL;
	bool asks = false, only_settings = false, is_enabled = true;
	const struct options_row rows[] = {
		{ .name = "code-file", .text = &file },
		{ .name = "code", .flag = &asks },
		{ .name = "center", .text = &input.center },
		{ .name = "network", .text = &input.network },
		{ .name = "proxy", .text = &input.proxy },
		{ .name = "proxy-user", .text = &input.proxy_user },
		{ .name = "proxy-password-file", .text = &password_file },
		{ .name = "enabled", .text = &enabled },
		{ .name = "settings", .flag = &only_settings },
	};

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_open(command, false) ||
	    !command_switch(command, &is_enabled, "enabled", enabled))
		return command->status;
	if (enabled)
		input.is_enabled = &is_enabled;
	if (password_file &&
	    !(input.proxy_password = command_secret(
		  command, password_file, "Password of the proxy")))
		return command->status;
	if (!save(command, &input))
		return command->status;
	if (only_settings)
		return COMMAND_DONE;
	if ((file || asks) &&
	    !(codes = command_secret(command, file, "Authentication code(s)")))
		return command->status;
	return run(command, codes);
}
