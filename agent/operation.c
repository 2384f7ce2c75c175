/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * operation.c: from a line to whoever answers it. What each does stands in
 * begin.c, present.c, pull.c and status.c.
 */
#include "agent/operation.h"

#include "agent/answer.h"
#include "agent/begin.h"
#include "agent/present.h"
#include "agent/download_task.h"
#include "agent/heartbeat_task.h"
#include "agent/probe.h"
#include "agent/pull.h"
#include "agent/relay.h"
#include "agent/status.h"
#include "engine/base/json.h"
#include <assert.h>
#include <string.h>

#define OPERATION(name, function, is_client_only)                              \
	{ name, function, is_client_only },
static const struct {
	const char *name;
	json_t *(*run)(
	    struct operation *out, struct agent *agent, json_t *request);
	bool is_client_only;
} operations[] = {
#include "agent/operations.tbl"
};
#undef OPERATION

static json_t *
dispatch(struct operation *out, struct agent *agent, json_t *request)
{
	const char *op = json_text(request, "op");
	size_t i, count = sizeof(operations) / sizeof(operations[0]);

	for (i = 0; op && i < count; i++) {
		if (strcmp(op, operations[i].name) != 0)
			continue;
		if (operations[i].is_client_only &&
		    agent->appliance.role != ROLE_CLIENT)
			return answer_refusal(ANSWER_WRONG_ROLE);
		return operations[i].run(out, agent, request);
	}
	return answer_refusal(ANSWER_UNKNOWN_OP);
}

json_t *
operation_run(
    struct operation *out, struct agent *agent, const char *line, size_t length)
{
	json_t *request, *answer;

	assert(out && agent && line);
	memset(out, 0, sizeof(*out));
	request = json_load_object(line, length, NULL, 0);
	if (!request)
		return answer_refusal(ANSWER_NOT_JSON);
	answer = dispatch(out, agent, request);
	json_decref(request);
	return answer;
}

static json_t *
settled(struct operation *operation, json_t *answer)
{
	if (answer)
		operation_clear(operation);
	return answer;
}

json_t *
operation_settle(struct operation *operation, struct agent *agent,
    const struct worker_outcome *outcome)
{
	bool is_last = outcome &&
	    operation->generation <= agent->renewal.generation;

	assert(operation->wait);
	if (operation->wait == OPERATION_WAIT_BEGIN)
		return settled(
		    operation, begin_settle(operation, agent, is_last, false));
	if (operation->wait == OPERATION_WAIT_SYNC && is_last)
		return settled(
		    operation, pull_answer(agent, operation->request, outcome));
	return NULL;
}

json_t *
operation_stored(struct operation *operation, struct agent *agent)
{
	bool is_there;

	assert(operation->wait == OPERATION_WAIT_COMMIT);
	is_there = sessions_find(&agent->sessions, operation->id) != NULL;
	if (is_there == operation->is_end)
		return settled(operation, answer_refusal(ANSWER_STORE));
	return settled(operation,
	    operation->is_end ? answer_ok() : begin_answer(operation->id));
}

json_t *
operation_expire(
    struct operation *operation, struct agent *agent, bool is_ending)
{
	json_t *answer;

	assert(operation->wait);
	if (is_ending)
		answer = answer_refusal(ANSWER_ENDING);
	else if (operation->wait == OPERATION_WAIT_BEGIN)
		answer = begin_settle(operation, agent, true, true);
	else
		answer = answer_refusal(ANSWER_SLOW);
	return settled(operation, answer);
}

void
operation_clear(struct operation *operation)
{
	json_decref(operation->request);
	memset(operation, 0, sizeof(*operation));
}
