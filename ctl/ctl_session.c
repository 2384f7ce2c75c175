/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_session.c: the gateway's side of a client, and Pull State from Server.
 * All of it goes through the running agent, which alone decides.
 */
#include "ctl/commands.h"

#include "engine/base/json.h"
#include "engine/base/text.h"
#include <stdint.h>
#include <stdio.h>

/* As many IDs of full length as surely fit into one line. */
#define RENEW_AT_ONCE ((size_t)15)

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
	return command_flush(command);
}

/*
 * The agent knows its role and its store. A gateway that may connect to the
 * socket needs no right to read either, and nobody waits for a store to open.
 */
static bool
begins(struct command *command, const struct options_row *rows,
    size_t row_count, size_t least, size_t most)
{
	return command_read(command, rows, row_count, least, most) &&
	    command_needs_state(command);
}

int
ctl_session_sync(struct command *command)
{
	json_t *answer;

	if (!begins(command, NULL, 0, 0, 0))
		return command->status;
	answer = command_ask(command, json_pack("{s:s}", "op", "sync"));
	return answer ? print_answer(command, answer, "text") : command->status;
}

static bool
take_timeout(struct command *command, int64_t *out, const char *text)
{
	*out = 0;
	if (!text || text_parse_int64(out, text, 0, LEDGER_SESSION_TIMEOUT_MAX))
		return true;
	command->status = command_usage(command,
	    "--timeout must be seconds from 0 to %d",
	    LEDGER_SESSION_TIMEOUT_MAX);
	return false;
}

int
ctl_session_begin(struct command *command)
{
	const char *user = NULL, *id = NULL, *feature = NULL, *gateway = NULL,
		   *timeout = NULL;
	const struct options_row rows[] = {
		{ .name = "user", .text = &user },
		{ .name = "id", .text = &id },
		{ .name = "feature", .text = &feature },
		{ .name = "gateway", .text = &gateway },
		{ .name = "timeout", .text = &timeout },
	};
	json_t *request, *answer;
	int64_t seconds;

	if (!begins(command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !take_timeout(command, &seconds, timeout))
		return command->status;
	if (!user)
		return command_usage(command, "--user is missing");
	request = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:I}", "op", "begin",
	    "user", user, "id", id, "feature", feature, "gateway", gateway,
	    "timeout", (json_int_t)seconds);
	if (!request)
		return command_usage(command,
		    "user, ID, feature and gateway must be text (UTF-8)");
	answer = command_ask(command, request);
	return answer ? print_answer(command, answer, "id") : command->status;
}

/* Adds to "unknown" those of "count" operands that the agent does not know. */
static bool
renew_some(
    struct command *command, json_t *unknown, char **operands, size_t count)
{
	json_t *ids = json_array(), *answer;
	bool is_text = ids != NULL;

	for (size_t i = 0; i < count && is_text; i++)
		is_text = !json_array_append_new(ids, json_string(operands[i]));
	if (!is_text) {
		json_decref(ids);
		command->status = command_fail(
		    command, "an ID must be text (UTF-8)");
		return false;
	}
	answer = command_ask(
	    command, json_pack("{s:s, s:o}", "op", "renew", "id", ids));
	if (!answer)
		return false;
	(void)json_array_extend(unknown, json_object_get(answer, "unknown"));
	json_decref(answer);
	return true;
}

static int
print_renewed(struct command *command, json_t *unknown)
{
	size_t missing = json_array_size(unknown);
	const char *id;

	if (command->json) {
		(void)command_print(command,
		    json_pack("{s:b, s:I, s:O}", "ok", missing == 0, "renewed",
			(json_int_t)(command->operand_count - missing),
			"unknown", unknown));
	} else {
		for (size_t i = 0; i < missing; i++) {
			id = json_string_value(json_array_get(unknown, i));
			(void)command_fail(command, "there is no session %s",
			    command_shown(command, id));
		}
	}
	json_decref(unknown);
	return missing ? COMMAND_FAILED : COMMAND_DONE;
}

int
ctl_session_renew(struct command *command)
{
	json_t *unknown;
	size_t done, step;

	if (!begins(command, NULL, 0, 1, SIZE_MAX))
		return command->status;
	if (!(unknown = json_array()))
		return command_fault(command, FAULT_MEMORY);
	for (done = 0; done < command->operand_count; done += step) {
		step = command->operand_count - done;
		step = step < RENEW_AT_ONCE ? step : RENEW_AT_ONCE;
		if (!renew_some(
			command, unknown, command->operands + done, step)) {
			json_decref(unknown);
			return command->status;
		}
	}
	return print_renewed(command, unknown);
}

static int
end_gateway(struct command *command, const char *gateway, bool all)
{
	json_t *answer;

	if (!gateway || !all || command->operand_count)
		return command_usage(command,
		    "name the ID of a session, or --gateway NAME and --all");
	answer = command_ask(command,
	    json_pack(
		"{s:s, s:s, s:b}", "op", "end", "gateway", gateway, "all", 1));
	return answer ? print_answer(command, answer, NULL) : command->status;
}

int
ctl_session_end(struct command *command)
{
	const char *gateway = NULL;
	bool all = false;
	const struct options_row rows[] = {
		{ .name = "gateway", .text = &gateway },
		{ .name = "all", .flag = &all },
	};
	json_t *answer;

	if (!begins(command, rows, sizeof(rows) / sizeof(rows[0]), 0, 1))
		return command->status;
	if (gateway || all || !command->operand_count)
		return end_gateway(command, gateway, all);
	answer = command_ask(command,
	    json_pack("{s:s, s:s}", "op", "end", "id", command->operands[0]));
	return answer ? print_answer(command, answer, NULL) : command->status;
}

static json_t *
session_to_json(const struct session_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o}", "id",
	    row->id, "user", row->user, "feature", row->feature, "gateway",
	    row->gateway, "began_at", (json_int_t)row->began_at, "seen_at",
	    (json_int_t)row->seen_at, "timeout", (json_int_t)row->timeout,
	    "over_at", command_json_instant(row->over_at));
}

static void
print_session(struct command *command, const struct session_row *row)
{
	(void)printf("%-36s  %-24s %-12s %-12s %s  %s\n",
	    command_shown(command, row->id), command_shown(command, row->user),
	    command_shown(command, row->feature),
	    command_shown(command, row->gateway),
	    command_instant(command, row->began_at),
	    command_instant(command, row->over_at));
}

int
ctl_session_list(struct command *command)
{
	const char *gateway = NULL;
	const struct options_row rows[] = {
		{ .name = "gateway", .text = &gateway },
	};
	struct session_row *sessions = NULL;
	size_t i, count = 0;
	json_t *out;
	enum fault fault;

	if (!begins(command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_open(command, false) ||
	    !command_needs_role(command, ROLE_CLIENT))
		return command->status;
	/* The list stands in the store, whether an agent runs or not. */
	fault = store_session_list(&sessions, &count, &command->arena,
	    command->appliance.store, gateway);
	if (fault)
		return command_fault(command, fault);
	if (command->json) {
		out = json_array();
		for (i = 0; i < count; i++)
			(void)json_array_append_new(
			    out, session_to_json(&sessions[i]));
		return command_print(command, out);
	}
	for (i = 0; i < count; i++)
		print_session(command, &sessions[i]);
	return command_flush(command);
}
