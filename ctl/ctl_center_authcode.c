/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center_authcode.c: authentication codes made, listed and revoked. A code
 * is printed once, when it is made.
 */
#include "ctl/commands.h"

#include "engine/base/text.h"
#include "engine/store/ledger_center.h"
#include <stdio.h>

static int
print_code(struct command *command, const char *code)
{
	if (command->json)
		return command_print(
		    command, json_pack("{s:s}", "authcode", code));
	(void)puts(code);
	return command_flush(command);
}

int
ctl_center_authcode_make(struct command *command)
{
	struct center_entitlement_input worth[OPTIONS_REPEATED_MAX];
	struct options_texts skus = { .count = 0 };
	const char *customer = NULL, *start = "", *end = "";
	const struct options_row rows[] = {
		{ .name = "customer", .text = &customer },
		{ .name = "sku", .texts = &skus },
		{ .name = "start", .text = &start },
		{ .name = "end", .text = &end },
	};
	char code[AUTHCODE_SIZE];
	int status;

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!customer)
		return command_usage(command, "--customer is needed");
	for (size_t i = 0; i < skus.count; i++)
		worth[i] = (struct center_entitlement_input){ skus.items[i],
			start, end };
	if (!command_begin(command))
		return command->status;
	status = command_end(command,
	    ledger_center_authcode_make(
		code, &command->ledger, customer, worth, skus.count));
	return status == COMMAND_DONE ? print_code(command, code) : status;
}

static const char *
state_of(const struct center_authcode_row *row)
{
	if (row->revoked_at)
		return "revoked";
	return row->used_at ? "used" : "free";
}

static json_t *
to_json(struct command *command, const struct center_authcode_row *row)
{
	struct center_entitlement_row *worth;
	json_t *list = json_array();
	size_t count;

	if (store_center_entitlement_list(&worth, &count, &command->arena,
		command->appliance.store, row->id))
		count = 0;
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s}", "sku", worth[i].sku,
			"start", worth[i].start_date, "end", worth[i].end_date,
			"serial", worth[i].serial));
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:o}",
	    "number", (json_int_t)row->id, "ends_in", row->tail, "customer",
	    row->customer_name, "state", state_of(row), "hwid",
	    row->hardware_id, "made_at", command_json_instant(row->made_at),
	    "used_at", command_json_instant(row->used_at), "made_by",
	    row->made_by, "worth", list);
}

static int
print(struct command *command, const struct center_authcode_row *rows,
    size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		if (command->json)
			(void)json_array_append_new(
			    list, to_json(command, &rows[i]));
		else
			(void)printf("%lld  ...-%s  %-7s  %s  %s  made %s\n",
			    (long long)rows[i].id, rows[i].tail,
			    state_of(&rows[i]),
			    command_shown(command, rows[i].customer_name),
			    command_shown(command, rows[i].hardware_id),
			    command_instant(command, rows[i].made_at));
	}
	return command_end_list(command, list);
}

int
ctl_center_authcode_list(struct command *command)
{
	const struct center_filter all = { .find = "", .limit = INT64_MAX };
	struct center_authcode_row *rows;
	enum fault fault;
	int64_t matching;
	size_t count;

	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 0, 0))
		return command->status;
	fault = store_center_authcode_list(&rows, &count, &matching,
	    &command->arena, command->appliance.store, &all);
	return fault ? command_fault(command, fault)
		     : print(command, rows, count);
}

int
ctl_center_authcode_revoke(struct command *command)
{
	int64_t number;

	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 1, 1))
		return command->status;
	if (!text_parse_int64(&number, command->operands[0], 1, INT64_MAX))
		return command_usage(
		    command, "NUMBER is the one of center authcode list");
	if (!command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_center_authcode_revoke(&command->ledger, number));
}
