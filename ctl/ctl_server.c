/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_server.c: Enable Licensing server and the Advanced Settings.
 */
#include "ctl/commands.h"

#include "engine/base/text.h"
#include "engine/store/store_setting.h"
#include <stdio.h>
#include <string.h>

#define HOURS_MAX 1000000

static enum fault
load(struct server_input *out, bool *is_strict, struct command *command)
{
	struct store *store = command->appliance.store;
	int64_t enabled = 0, strict = 0;
	enum fault fault = store_setting_load(
	    &enabled, store, SETTING_SERVER_ENABLED);

	out->is_enabled = enabled != 0;
	if (!fault)
		fault = store_setting_load(
		    &out->duration, store, SETTING_LEASE_DURATION);
	if (!fault)
		fault = store_setting_load(
		    &out->interval, store, SETTING_RENEWAL_INTERVAL);
	if (!fault)
		fault = store_setting_load(
		    &strict, store, SETTING_STRICT_MEMBERSHIP);
	*is_strict = strict != 0;
	return fault;
}

/* Whole hours as seconds; an option that was not given changes nothing. */
static bool
take_hours(struct command *command, int64_t *seconds, const char *name,
    const char *text)
{
	int64_t hours;

	if (!text)
		return true;
	if (text_parse_int64(&hours, text, 0, HOURS_MAX)) {
		*seconds = hours * SECONDS_PER_HOUR;
		return true;
	}
	command->status = command_usage(
	    command, "--%s must be a whole number of hours", name);
	return false;
}

static enum fault
save(struct command *command, const struct server_input *input, bool is_strict)
{
	enum fault fault = ledger_server_save(&command->ledger, input);

	return fault ? fault
		     : ledger_server_strict(&command->ledger, is_strict);
}

int
ctl_server_set(struct command *command)
{
	const char *enabled = NULL, *duration = NULL, *interval = NULL,
		   *strict = NULL;
	const struct options_row rows[] = {
		{ .name = "enabled", .text = &enabled },
		{ .name = "duration-hours", .text = &duration },
		{ .name = "interval-hours", .text = &interval },
		{ .name = "strict-membership", .text = &strict },
	};
	struct server_input input = { .is_enabled = false };
	bool is_strict = false;
	enum fault fault;

	if (!command_open_role(command, ROLE_SERVER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!enabled && !duration && !interval && !strict)
		return command_usage(command, "say what to change");
	fault = load(&input, &is_strict, command);
	if (fault)
		return command_fault(command, fault);
	if (!command_switch(command, &input.is_enabled, "enabled", enabled) ||
	    !command_switch(command, &is_strict, "strict-membership", strict) ||
	    !take_hours(command, &input.duration, "duration-hours", duration) ||
	    !take_hours(command, &input.interval, "interval-hours", interval) ||
	    !command_begin(command))
		return command->status;
	return command_end(command, save(command, &input, is_strict));
}

int
ctl_server_show(struct command *command)
{
	struct server_input now = { .is_enabled = false };
	bool is_strict = false;
	enum fault fault;

	if (!command_open_role(command, ROLE_SERVER, NULL, 0, 0, 0))
		return command->status;
	fault = load(&now, &is_strict, command);
	if (fault)
		return command_fault(command, fault);
	if (command->json)
		return command_print(command,
		    json_pack("{s:b, s:I, s:I, s:b}", "enabled", now.is_enabled,
			"duration", (json_int_t)now.duration, "interval",
			(json_int_t)now.interval, "strict_membership",
			is_strict));
	(void)printf(
	    "Enable Licensing server:    %s\n", now.is_enabled ? "on" : "off");
	(void)printf("Incremental Lease Duration: %lld h\n",
	    (long long)(now.duration / SECONDS_PER_HOUR));
	(void)printf("Lease Renewal Interval:     %lld h\n",
	    (long long)(now.interval / SECONDS_PER_HOUR));
	(void)printf(
	    "Strict membership:          %s\n", is_strict ? "on" : "off");
	return command_flush(command);
}
