/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_usage.c: the history of use, as the console's page Usage shows it.
 */
#include "ctl/commands.h"

#include "engine/store/store_client.h"
#include "engine/store/usage_report.h"
#include <stdio.h>

static bool
read_client(
    struct usage_series *series, struct command *command, const char *name)
{
	struct client_row row;
	enum fault fault = store_client_load(
	    &row, &command->arena, command->appliance.store, name);

	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(
		    command, "there is no client %s", name);
	else if (fault)
		command->status = command_fault(command, fault);
	else
		series->client = row.id;
	return !fault;
}

static int
print(struct command *command, const struct usage_series *series)
{
	json_t *list = json_array();
	struct sample *points;
	size_t count;
	enum fault fault = usage_report_points(&points, &count, &command->arena,
	    command->appliance.store, series, command->now);

	if (fault) {
		json_decref(list);
		return command_fault(command, fault);
	}
	for (size_t i = 0; i < count; i++)
		if (command->json)
			(void)json_array_append_new(list,
			    json_pack("{s:o, s:I, s:I, s:I, s:I, s:I}", "from",
				command_json_instant(points[i].at), "installed",
				(json_int_t)points[i].total, "leased",
				(json_int_t)points[i].leased, "users",
				(json_int_t)points[i].users, "available",
				(json_int_t)points[i].available, "denials",
				(json_int_t)points[i].denials));
		else
			(void)printf("%s  leased %lld of %lld, users %lld, "
				     "denied %lld\n",
			    command_instant(command, points[i].at),
			    (long long)points[i].leased,
			    (long long)points[i].total,
			    (long long)points[i].users,
			    (long long)points[i].denials);
	return command_end_list(command, list);
}

int
ctl_usage(struct command *command)
{
	struct usage_series series = { .feature = NULL, .range = USAGE_MONTH };
	const char *client = NULL, *range = NULL;
	struct csv csv = { .text = NULL };
	bool is_csv = false;
	const struct options_row rows[] = {
		{ .name = "feature", .text = &series.feature },
		{ .name = "client", .text = &client },
		{ .name = "range", .text = &range },
		{ .name = "csv", .flag = &is_csv },
	};
	enum fault fault;

	if (!command_open_role(command, ROLE_SERVER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!series.feature)
		return command_usage(command, "--feature is missing");
	if (range && !usage_report_parse(&series.range, range))
		return command_usage(
		    command, "--range %s must be 24h, 30d or 13m", range);
	if (client && !read_client(&series, command, client))
		return command->status;
	if (!is_csv)
		return print(command, &series);
	fault = usage_report_csv(
	    &csv, command->appliance.store, &series, command->now);
	return command_print_csv(command, &csv, fault);
}
