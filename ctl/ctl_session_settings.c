/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_session_settings.c: how a license client admits its users, as its page
 * Users has it, shown and changed from a shell.
 */
#include "ctl/commands.h"

#include "engine/base/text.h"
#include "engine/peer/link_clock.h"
#include "engine/store/store_admission.h"
#include "engine/store/store_link.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MODE_ENFORCING  "enforcing"
#define MODE_MONITORING "monitoring"
#define OF_PLATFORM     "platform"

struct words {
	const char *mode, *wait, *ahead, *timeout, *allowance, *default_users;
	bool yes;
};

/* The ledger looks at the bounds. */
static bool
take_number(
    struct command *command, int64_t *out, const char *name, const char *text)
{
	if (!text || text_parse_int64(out, text, 0, INT32_MAX))
		return true;
	command->status = command_usage(
	    command, "--%s must be a whole number", name);
	return false;
}

static bool
take_mode(struct command *command, int64_t *out, const char *text)
{
	if (!text)
		return true;
	*out = strcmp(text, MODE_MONITORING) ? ADMISSION_ENFORCING
					     : ADMISSION_MONITORING;
	if (*out == ADMISSION_MONITORING || !strcmp(text, MODE_ENFORCING))
		return true;
	command->status = command_usage(
	    command, "--mode must be " MODE_ENFORCING " or " MODE_MONITORING);
	return false;
}

static bool
take_allowance(struct command *command, int64_t *out, const char *text)
{
	if (!text || strcmp(text, OF_PLATFORM))
		return take_number(command, out, "allowance", text);
	*out = ADMISSION_PLATFORM;
	return true;
}

static bool
take(struct command *command, struct admission_input *input,
    const struct words *words)
{
	return take_mode(command, &input->mode, words->mode) &&
	    take_number(command, &input->wait, "wait", words->wait) &&
	    take_number(command, &input->ahead, "ahead", words->ahead) &&
	    take_number(command, &input->timeout, "timeout", words->timeout) &&
	    take_allowance(command, &input->allowance, words->allowance) &&
	    take_number(command, &input->default_users, "default-users",
		words->default_users);
}

static int
show(struct command *command, const struct admission_input *now)
{
	const char *mode = now->mode == ADMISSION_MONITORING ? MODE_MONITORING
							     : MODE_ENFORCING;

	if (command->json)
		return command_print(command,
		    json_pack("{s:s, s:I, s:I, s:I, s:o, s:I}", "mode", mode,
			"wait", (json_int_t)now->wait, "ahead",
			(json_int_t)now->ahead, "timeout",
			(json_int_t)now->timeout, "allowance",
			now->allowance == ADMISSION_PLATFORM
			    ? json_null()
			    : json_integer(now->allowance),
			"default_users", (json_int_t)now->default_users));
	(void)printf("Mode:                    %s\n", mode);
	(void)printf("Wait for capacity:       %" PRId64 " s\n", now->wait);
	(void)printf("Ask ahead:               %" PRId64 " %%\n", now->ahead);
	(void)printf("Session timeout:         %" PRId64 " s\n", now->timeout);
	if (now->allowance == ADMISSION_PLATFORM)
		(void)printf("Over-capacity allowance: " OF_PLATFORM "\n");
	else
		(void)printf("Over-capacity allowance: %" PRId64 " %%\n",
		    now->allowance);
	(void)printf(
	    "Users without a license: %" PRId64 "\n", now->default_users);
	return command_flush(command);
}

/* How many who are here would be refused by the settings as they are in this transaction. */
static enum fault
count_refused(int64_t *out, struct command *command)
{
	struct store *store = command->appliance.store;
	struct admission_limits limits;
	struct link_row link;
	enum fault fault = store_link_load(&link, &command->arena, store);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	fault = store_admission_limits(&limits, &command->arena, store,
	    &command->appliance, command->now,
	    fault ? INT64_MAX : link_clock_now(&link));
	*out = instant_units_add(
	    demand_beyond(limits.users_here, &limits.users),
	    demand_beyond(limits.rdp_here, &limits.rdp));
	return fault;
}

/* Found out by doing it, and taken back. */
static int
warn(struct command *command, const struct admission_input *input)
{
	int64_t refused = 0;
	enum fault fault;

	if (!command_begin(command))
		return command->status;
	fault = ledger_session_settings(&command->ledger, input);
	if (fault || command->ledger.mistakes.count)
		return command_end(command, fault);
	fault = count_refused(&refused, command);
	store_rollback(command->appliance.store);
	if (fault)
		return command_fault(command, fault);
	return command_fail(command,
	    "enforcing would refuse %" PRId64
	    " of the users who are here now when they come again; "
	    "nothing was changed, add --yes to switch",
	    refused);
}

static int
change(struct command *command, const struct admission_input *before,
    const struct words *words)
{
	struct admission_input input = *before;

	if (!take(command, &input, words))
		return command->status;
	if (before->mode == ADMISSION_MONITORING &&
	    input.mode == ADMISSION_ENFORCING && !words->yes)
		return warn(command, &input);
	if (!command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_session_settings(&command->ledger, &input));
}

int
ctl_session_settings(struct command *command)
{
	struct words words = { 0 };
	const struct options_row rows[] = {
		{ .name = "mode", .text = &words.mode },
		{ .name = "wait", .text = &words.wait },
		{ .name = "ahead", .text = &words.ahead },
		{ .name = "timeout", .text = &words.timeout },
		{ .name = "allowance", .text = &words.allowance },
		{ .name = "default-users", .text = &words.default_users },
		{ .name = "yes", .flag = &words.yes },
	};
	struct admission_input now;
	enum fault fault;

	if (!command_open_role(command, ROLE_CLIENT, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if ((fault = store_admission_settings(&now, command->appliance.store)))
		return command_fault(command, fault);
	if (words.mode || words.wait || words.ahead || words.timeout ||
	    words.allowance || words.default_users)
		return change(command, &now, &words);
	return show(command, &now);
}
