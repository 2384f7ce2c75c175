/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center_report.c: the license report from the shell.
 */
#include "ctl/commands.h"

#include "engine/base/clock.h"
#include "engine/store/license_report.h"
#include <stdio.h>

static int
print_csv(struct command *command, const struct center_filter *filter)
{
	struct csv csv = { .text = NULL };
	enum fault fault = license_report_csv(
	    &csv, &command->appliance, filter, clock_now());

	return command_print_csv(command, &csv, fault);
}

static int
print_sums(struct command *command, const struct license_report_sum *sums,
    size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		if (command->json)
			(void)json_array_append_new(list,
			    json_pack("{s:s, s:s, s:I, s:I, s:I}", "customer",
				sums[i].customer, "feature", sums[i].feature,
				"units", (json_int_t)sums[i].units, "keys",
				(json_int_t)sums[i].keys, "devices",
				(json_int_t)sums[i].devices));
		else
			(void)printf("%s: %s, units: %lld, keys: %lld,"
				     " devices: %lld\n",
			    *sums[i].customer
				? command_shown(command, sums[i].customer)
				: "(nobody known)",
			    sums[i].feature, (long long)sums[i].units,
			    (long long)sums[i].keys,
			    (long long)sums[i].devices);
	}
	return command_end_list(command, list);
}

int
ctl_center_report(struct command *command)
{
	struct center_filter filter = { .find = NULL };
	bool is_csv = false;
	const struct options_row rows[] = {
		{ .name = "find", .text = &filter.find },
		{ .name = "csv", .flag = &is_csv },
	};
	struct license_report_sum *sums;
	size_t count;
	enum fault fault;

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!filter.find)
		filter.find = "";
	if (is_csv)
		return print_csv(command, &filter);
	fault = license_report_sums(&sums, &count, &command->arena,
	    &command->appliance, &filter, clock_now());
	return fault ? command_fault(command, fault)
		     : print_sums(command, sums, count);
}
