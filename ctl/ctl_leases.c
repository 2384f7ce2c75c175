/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_leases.c: who holds what, and when the next units come free, as the page
 * Leases says it.
 */
#include "ctl/commands.h"

#include "engine/base/text.h"
#include "engine/store/store_holding.h"
#include "engine/store/store_pool.h"
#include <inttypes.h>
#include <stdio.h>

#define NEXT_MAX 5

static const char *
kind_word(const struct holding_row *row)
{
	return row->part.kind == LEASE_PART_RESERVED ? "reserved" : "quantum";
}

static const char *
state_word(const struct holding_row *row)
{
	if (row->is_releasing)
		return "releasing";
	return row->part.is_lapsing ? "not extended" : "leased";
}

static json_t *
part_to_json(const struct holding_row *row)
{
	json_int_t units = instant_units_times(row->part.size, row->part.count);

	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:s}",
	    "client", row->client_name, "feature", row->feature, "kind",
	    kind_word(row), "units", units, "size", (json_int_t)row->part.size,
	    "count", (json_int_t)row->part.count, "subscription",
	    (json_int_t)row->part.subscription, "granted",
	    command_json_instant(row->part.granted), "expires",
	    command_json_instant(row->part.expires), "state", state_word(row));
}

static enum fault
next_to_json(json_t *out, struct command *command, const char *feature)
{
	struct pool_free *rows;
	size_t count;
	enum fault fault = store_pool_next_free(&rows, &count, &command->arena,
	    command->appliance.store, feature, 0, NEXT_MAX, command->now);

	for (size_t i = 0; !fault && i < count; i++)
		(void)json_array_append_new(out,
		    json_pack("{s:s, s:s, s:I, s:o}", "feature", feature,
			"client", rows[i].client, "units",
			(json_int_t)rows[i].units, "at",
			command_json_instant(rows[i].at)));
	return fault;
}

static enum fault
all_next(json_t *out, struct command *command)
{
	struct pool_row *pools;
	size_t count;
	enum fault fault = store_pool_list(&pools, &count, &command->arena,
	    command->appliance.store, &command->appliance.catalogue,
	    command->now);

	for (size_t i = 0; !fault && i < count; i++)
		fault = next_to_json(out, command, pools[i].feature);
	return fault;
}

static int
print_json(
    struct command *command, const struct holding_row *rows, size_t count)
{
	json_t *parts = json_array(), *next = json_array(), *out;
	enum fault fault = all_next(next, command);

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(parts, part_to_json(&rows[i]));
	out = json_pack("{s:o, s:o}", "parts", parts, "next_free", next);
	if (!fault)
		return command_print(command, out);
	json_decref(out);
	return command_fault(command, fault);
}

static void
print_row(struct command *command, const struct holding_row *row)
{
	char units[32];

	text_format_thousands(
	    units, instant_units_times(row->part.size, row->part.count));
	(void)printf("%-24s %-12s %-9s %12s  %-26s %s\n",
	    command_shown(command, row->client_name),
	    command_shown(command, row->feature), kind_word(row), units,
	    command_instant(command, row->part.expires), state_word(row));
}

int
ctl_leases_run(struct command *command)
{
	const char *client = NULL, *feature = NULL;
	const struct options_row options[] = {
		{ .name = "client", .text = &client },
		{ .name = "feature", .text = &feature },
	};
	struct holding_filter filter = { "", "", 0, INT64_MAX };
	struct holding_row *rows;
	int64_t matching;
	enum fault fault;
	size_t count;

	if (!command_open_role(command, ROLE_SERVER, options, 2, 0, 0))
		return command->status;
	filter.client = client ? client : "";
	filter.feature = feature ? feature : "";
	if ((fault = store_holding_list(&rows, &count, &matching,
		 &command->arena, command->appliance.store, &filter,
		 command->now)))
		return command_fault(command, fault);
	if (command->json)
		return print_json(command, rows, count);
	for (size_t i = 0; i < count; i++)
		print_row(command, &rows[i]);
	return command_flush(command);
}
