/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_heartbeat.c: a virtual license server shows its center that it is there,
 * now; and at the center, who does.
 */
#include "ctl/commands.h"

#include "engine/base/json.h"
#include "engine/store/ledger_instance.h"
#include "engine/store/store_heartbeat.h"
#include "engine/store/store_instance.h"
#include <poll.h>
#include <stdio.h>

#define POLL_MS	     100
#define POLLS	     600

static int
await(struct command *command)
{
	for (int i = 0; i < POLLS; i++) {
		json_t *answer = command_ask(
		    command, json_pack("{s:s}", "op", "heartbeat_state"));
		bool is_done = answer && json_bool(answer, "done", true);

		if (!answer)
			return command->status;
		if (is_done && *json_text(answer, "text"))
			command->status = command_fail(
			    command, "%s", json_text(answer, "text"));
		json_decref(answer);
		if (is_done)
			return command->status;
		(void)poll(NULL, 0, POLL_MS);
	}
	return command_fail(command,
	    "the center has not answered yet; see leasehold status in a "
	    "minute");
}

static int
show(struct command *command)
{
	struct heartbeat_row row;
	enum fault fault = store_heartbeat_load(
	    &row, &command->arena, command->appliance.store);

	if (fault)
		return command_fault(command, fault);
	if (command->json)
		return command_print(command,
		    json_pack("{s:o, s:b}", "accepted_at",
			command_json_instant(row.accepted_at), "duplicate",
			row.duplicate_since != 0));
	(void)printf("The center accepted the heartbeat.\n");
	if (row.duplicate_since)
		(void)printf("Another virtual license server uses the "
			     "hardware ID of this one.\n");
	return command_flush(command);
}

int
ctl_heartbeat_run(struct command *command)
{
	json_t *answer;

	if (!command_open_role(command, ROLE_VIRTUAL_SERVER, NULL, 0, 0, 0) ||
	    !(answer = command_ask(
		  command, json_pack("{s:s}", "op", "heartbeat"))))
		return command->status;
	json_decref(answer);
	return await(command) == COMMAND_DONE ? show(command)
					      : command->status;
}

/* ---- at the center ---- */

static json_t *
to_json(const struct instance_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:b, s:b, s:o, s:o}",
	    "hardware_id", row->hardware_id, "customer", row->customer_name,
	    "instance", row->instance, "boot", row->boot, "address",
	    row->address, "sequence", (json_int_t)row->sequence, "last",
	    row->superseded_at == 0, "duplicate", row->duplicate_since != 0,
	    "first_at", command_json_instant(row->first_at), "last_at",
	    command_json_instant(row->last_at));
}

int
ctl_heartbeat_instances(struct command *command)
{
	const char *hardware_id = NULL;
	const struct options_row options[] = { { .name = "hwid",
	    .text = &hardware_id } };
	struct instance_row *rows;
	json_t *list;
	size_t count;
	enum fault fault;

	if (!command_open_role(command, ROLE_CENTER, options, 1, 0, 0))
		return command->status;
	if ((fault = store_instance_list(&rows, &count, &command->arena,
		 command->appliance.store, hardware_id, INT64_MAX)))
		return command_fault(command, fault);
	list = json_array();
	for (size_t i = 0; i < count; i++) {
		if (command->json)
			(void)json_array_append_new(list, to_json(&rows[i]));
		else
			(void)printf("%s%s  %s  last %s  from %s\n",
			    rows[i].hardware_id,
			    rows[i].duplicate_since ? "  DUPLICATE" : "",
			    command_shown(command, rows[i].customer_name),
			    command_instant(command, rows[i].last_at),
			    rows[i].address);
	}
	return command_end_list(command, list);
}

int
ctl_heartbeat_clear(struct command *command)
{
	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 1, 1) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_instance_clear(&command->ledger, command->operands[0]));
}
