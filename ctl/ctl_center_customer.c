/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center_customer.c: who buys at the center, and which partners may stock
 * spares.
 */
#include "ctl/commands.h"

#include "engine/store/ledger_center.h"
#include <stdio.h>

struct form {
	const char *name, *partner, *spares, *of;
};

/* What is not named stays as it is. */
static bool
fill(struct command *command, struct center_customer_input *input,
    const struct form *form)
{
	struct center_customer_row row;
	enum fault fault = store_center_customer_load(&row, &command->arena,
	    command->appliance.store, form->name);

	if (fault && fault != FAULT_NOT_FOUND) {
		command->status = command_fault(command, fault);
		return false;
	}
	*input = (struct center_customer_input){ .name = form->name,
		.is_partner = row.is_partner,
		.stocks_spares = row.stocks_spares,
		.partner = form->of };
	return command_switch(
		   command, &input->is_partner, "partner", form->partner) &&
	    command_switch(
		command, &input->stocks_spares, "spares", form->spares);
}

static bool
read_form(struct command *command, struct form *form)
{
	const struct options_row rows[] = {
		{ .name = "name", .text = &form->name },
		{ .name = "partner", .text = &form->partner },
		{ .name = "spares", .text = &form->spares },
		{ .name = "looked-after-by", .text = &form->of },
	};

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return false;
	if (form->name)
		return true;
	command->status = command_usage(command, "--name is needed");
	return false;
}

int
ctl_center_customer_add(struct command *command)
{
	struct form form = { .name = NULL };
	struct center_customer_input input;

	if (!read_form(command, &form) || !fill(command, &input, &form) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_center_customer_add(NULL, &command->ledger, &input));
}

int
ctl_center_customer_set(struct command *command)
{
	struct form form = { .name = NULL };
	struct center_customer_input input;

	if (!read_form(command, &form) || !fill(command, &input, &form) ||
	    !command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_center_customer_set(&command->ledger, &input));
}

static json_t *
to_json(const struct center_customer_row *row)
{
	return json_pack("{s:s, s:b, s:b, s:s, s:I, s:I, s:o}", "name", row->name,
	    "partner", row->is_partner, "spares", row->stocks_spares,
	    "looked_after_by", row->partner_name,
	    "devices", (json_int_t)row->devices, "authcodes",
	    (json_int_t)row->codes, "made_at",
	    command_json_instant(row->made_at));
}

static int
print(struct command *command, const struct center_customer_row *rows,
    size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		if (command->json)
			(void)json_array_append_new(list, to_json(&rows[i]));
		else
			(void)printf("%s%s, devices: %lld, codes: %lld\n",
			    command_shown(command, rows[i].name),
			    rows[i].stocks_spares  ? " (partner, stocks spares)"
				: rows[i].is_partner ? " (partner)"
						     : "",
			    (long long)rows[i].devices,
			    (long long)rows[i].codes);
	}
	return command_end_list(command, list);
}

int
ctl_center_customer_list(struct command *command)
{
	const struct center_filter all = { .find = "", .limit = INT64_MAX };
	struct center_customer_row *rows;
	enum fault fault;
	int64_t matching;
	size_t count;

	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 0, 0))
		return command->status;
	fault = store_center_customer_list(&rows, &count, &matching,
	    &command->arena, command->appliance.store, &all);
	return fault ? command_fault(command, fault)
		     : print(command, rows, count);
}
