/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_session.c: the gateway's side of a client, and Pull State from Server.
 * All of it goes through the running agent, which alone decides.
 */
#include "ctl/commands.h"

#include "engine/peer/agent_call.h"
#include "engine/base/json.h"
#include <stdio.h>

/* NULL after a message; the caller releases the answer. Releases "request". */
static json_t *
ask(struct command *command, json_t *request)
{
	json_t *answer = NULL;
	const char *text;
	enum fault fault = request
	    ? agent_call(&answer, command->state_directory, request,
		  AGENT_CALL_SECONDS)
	    : FAULT_MEMORY;

	json_decref(request);
	if (!fault && json_bool(answer, "ok", false))
		return answer;
	text = fault ? NULL : json_text(answer, "text");
	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(command,
		    "this appliance is not running; start it with leasehold "
		    "serve");
	else if (fault == FAULT_BUSY)
		command->status = command_fail(
		    command, "the agent did not answer in time; try again");
	else if (fault)
		command->status = command_fault(command, fault);
	else
		command->status = command_fail(
		    command, "%s", text ? text : "refused without a reason");
	json_decref(answer);
	return NULL;
}

/* As JSON whole, else the member "shown" alone (NULL = nothing). Releases "answer". */
static int
print_answer(struct command *command, json_t *answer, const char *shown)
{
	const char *text = shown ? json_text(answer, shown) : NULL;

	if (command->json)
		return command_print(command, answer);
	if (text)
		(void)printf("%s\n", command_shown(command, text));
	json_decref(answer);
	return fflush(stdout)
	    ? command_fail(command, "the output could not be written")
	    : COMMAND_DONE;
}

static bool
begins(struct command *command, const struct options_row *rows,
    size_t row_count, size_t operands)
{
	return command_read(command, rows, row_count, operands, operands) &&
	    command_open(command, false) &&
	    command_needs_role(command, ROLE_CLIENT);
}

int
ctl_session_sync(struct command *command)
{
	json_t *answer;

	if (!begins(command, NULL, 0, 0))
		return command->status;
	answer = ask(command, json_pack("{s:s}", "op", "sync"));
	return answer ? print_answer(command, answer, "text") : command->status;
}

int
ctl_session_begin(struct command *command)
{
	const char *user = NULL, *id = NULL, *feature = NULL;
	const struct options_row rows[] = {
		{ .name = "user", .text = &user },
		{ .name = "id", .text = &id },
		{ .name = "feature", .text = &feature },
	};
	json_t *request, *answer;

	if (!begins(command, rows, sizeof(rows) / sizeof(rows[0]), 0))
		return command->status;
	if (!user)
		return command_usage(command, "--user is missing");
	request = json_pack("{s:s, s:s, s:s*, s:s*}", "op", "begin", "user",
	    user, "id", id, "feature", feature);
	if (!request)
		return command_fail(
		    command, "user, ID and feature must be text (UTF-8)");
	answer = ask(command, request);
	return answer ? print_answer(command, answer, "id") : command->status;
}

int
ctl_session_end(struct command *command)
{
	json_t *answer;

	if (!begins(command, NULL, 0, 1))
		return command->status;
	answer = ask(command,
	    json_pack("{s:s, s:s}", "op", "end", "id", command->operands[0]));
	return answer ? print_answer(command, answer, NULL) : command->status;
}

static json_t *
session_to_json(const struct session_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:I}", "id", row->id, "user",
	    row->user, "feature", row->feature, "began_at",
	    (json_int_t)row->began_at);
}

int
ctl_session_list(struct command *command)
{
	struct session_row *rows = NULL;
	size_t i, count = 0;
	json_t *out;
	enum fault fault;

	if (!begins(command, NULL, 0, 0))
		return command->status;
	/* The list stands in the store, whether an agent runs or not. */
	fault = store_session_list(
	    &rows, &count, &command->arena, command->appliance.store);
	if (fault)
		return command_fault(command, fault);
	if (command->json) {
		out = json_array();
		for (i = 0; i < count; i++)
			(void)json_array_append_new(
			    out, session_to_json(&rows[i]));
		return command_print(command, out);
	}
	for (i = 0; i < count; i++)
		(void)printf("%-36s  %-24s %-12s %s\n",
		    command_shown(command, rows[i].id),
		    command_shown(command, rows[i].user),
		    command_shown(command, rows[i].feature),
		    command_instant(command, rows[i].began_at));
	return fflush(stdout)
	    ? command_fail(command, "the output could not be written")
	    : COMMAND_DONE;
}
