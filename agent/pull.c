/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pull.c: a sync that somebody asked for, and what came of it.
 */
#include "agent/pull.h"

#include "agent/answer.h"
#include "agent/question.h"
#include "engine/base/clock.h"
#include "engine/peer/agent_call.h"
#include "engine/store/ledger.h"

#define MS 1000
/* A bit less than a caller waits by default. */
#define SYNC_WAIT_MS ((AGENT_CALL_SECONDS - 5) * MS)

json_t *
pull_run(struct operation *out, struct agent *agent, json_t *request)
{
	out->wait = OPERATION_WAIT_SYNC;
	out->request = json_incref(request);
	out->deadline_ms = clock_elapsed_ms() + SYNC_WAIT_MS;
	out->generation = renewal_want(&agent->renewal, true);
	return NULL;
}

/* An administrator's wish is one for the admin log. */
static void
write_pull_event(struct agent *agent, const json_t *request)
{
	struct actor actor = { question_text(request, "actor"),
		question_text(request, "address") };
	struct store *store = agent->appliance.store;
	struct link_row link;
	enum fault fault;

	if (!actor.name || !*actor.name || !actor.address || store_begin(store))
		return;
	arena_clear(&agent->scratch);
	fault = store_link_load(&link, &agent->scratch, store);
	if (!fault)
		fault = store_event_append(store, EVENT_PULL_STATE, &actor,
		    link.server, NULL, NULL, NULL, NULL, clock_now());
	if (fault)
		store_rollback(store);
	else if (store_commit(store) == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	arena_clear(&agent->scratch);
}

static json_t *
list_changes(const struct link_sync_result *result)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < result->change_count; i++)
		if (json_array_append_new(list,
			json_pack("{s:s, s:I, s:I}", "feature",
			    result->changes[i].feature, "before",
			    (json_int_t)result->changes[i].before, "after",
			    (json_int_t)result->changes[i].after))) {
			json_decref(list);
			list = NULL;
		}
	return list;
}

json_t *
pull_answer(struct agent *agent, const json_t *request,
    const struct worker_outcome *outcome)
{
	const struct link_sync_result *result = &outcome->result;

	if (outcome->fault)
		return answer_refusal(ANSWER_STORE);
	if (*result->code)
		return json_pack("{s:b, s:s, s:s, s:I}", "ok", 0, "code",
		    result->code, "text", result->text, "next_sync",
		    (json_int_t)result->next_sync);
	write_pull_event(agent, request);
	return json_pack("{s:b, s:o, s:I}", "ok", 1, "changes",
	    list_changes(result), "next_sync", (json_int_t)result->next_sync);
}
