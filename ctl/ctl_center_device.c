/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center_device.c: the devices that a center knows: whose they are, and how
 * long they are under contract and warranty.
 */
#include "ctl/commands.h"

#include "engine/store/ledger_center.h"
#include <stdio.h>

static const char *const states[] = {
	[DEVICE_IN_SERVICE] = "in service",
	[DEVICE_SPARE] = "spare",
	[DEVICE_REPLACED] = "replaced",
};

static int
save(struct command *command,
    enum fault (*act)(struct ledger *, const struct center_device_input *))
{
	struct center_device_input input = { .hardware_id = NULL };
	const struct options_row rows[] = {
		{ .name = "hwid", .text = &input.hardware_id },
		{ .name = "serial", .text = &input.serial },
		{ .name = "customer", .text = &input.customer },
		{ .name = "platform", .text = &input.platform },
		{ .name = "warranty-ends", .text = &input.warranty_ends },
		{ .name = "contract-ends", .text = &input.contract_ends },
	};

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!input.hardware_id)
		return command_usage(command, "--hwid is needed");
	if (!command_begin(command))
		return command->status;
	return command_end(command, act(&command->ledger, &input));
}

int
ctl_center_device_add(struct command *command)
{
	return save(command, ledger_center_device_add);
}

int
ctl_center_device_set(struct command *command)
{
	return save(command, ledger_center_device_set);
}

static json_t *
to_json(const struct center_device_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "hwid",
	    row->hardware_id, "serial", row->serial, "customer",
	    row->customer_name, "platform", row->platform, "warranty_ends",
	    row->warranty_ends, "contract_ends", row->contract_ends, "state",
	    states[row->state], "last_contact",
	    command_json_instant(row->contact_at));
}

static int
print(struct command *command, const struct center_device_row *rows,
    size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		if (command->json)
			(void)json_array_append_new(list, to_json(&rows[i]));
		else
			(void)printf("%s  %-10s  %s  serial %s  contract until "
				     "%s  last contact %s\n",
			    rows[i].hardware_id, states[rows[i].state],
			    command_shown(command, rows[i].customer_name),
			    command_shown(command, rows[i].serial),
			    command_shown(command, rows[i].contract_ends),
			    command_instant(command, rows[i].contact_at));
	}
	return command_end_list(command, list);
}

int
ctl_center_device_list(struct command *command)
{
	const struct center_filter all = { .find = "", .limit = INT64_MAX };
	struct center_device_row *rows;
	enum fault fault;
	int64_t matching;
	size_t count;

	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 0, 0))
		return command->status;
	fault = store_center_device_list(&rows, &count, &matching,
	    &command->arena, command->appliance.store, &all);
	return fault ? command_fault(command, fault)
		     : print(command, rows, count);
}
