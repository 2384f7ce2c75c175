/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * present.c: whoever was admitted, up to the end. Ends are stored before they
 * are answered; renewals are not, since a lost one is given back at the start
 * of the agent (decision 0024).
 */
#include "agent/present.h"

#include "agent/act.h"
#include "agent/answer.h"
#include "agent/question.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/rules/instant.h"
#include "engine/rules/session.h"
#include "engine/store/ledger.h"
#include <stdlib.h>
#include <string.h>

/* A gateway that crashed with thousands of users must not stop everybody else. */
#define OVER_AT_ONCE_MAX    256
#define RENEWED_AT_ONCE_MAX 4096
#define MS                  1000

/* ---- renew ---- */

/* False when there is none (any more). */
static bool
renew(struct agent *agent, const char *id)
{
	struct session *session = sessions_find(&agent->sessions, id);

	if (!session || session->is_leaving)
		return false;
	sessions_renew(session, clock_now(), clock_elapsed_ms());
	return true;
}

static json_t *
renew_list(struct agent *agent, const json_t *ids)
{
	json_t *unknown = json_array(), *id;
	json_int_t renewed = 0;
	size_t i;

	json_array_foreach(ids, i, id)
	{
		if (renew(agent, json_string_value(id)))
			renewed++;
		else if (json_array_append(unknown, id))
			break;
	}
	return json_pack(
	    "{s:b, s:I, s:o}", "ok", 1, "renewed", renewed, "unknown", unknown);
}

static bool
are_ids(const json_t *ids)
{
	const json_t *id;
	size_t i;

	json_array_foreach(ids, i, id) if (!json_is_string(id) ||
	    !question_is_id(json_string_value(id))) return false;
	return json_array_size(ids) > 0;
}

json_t *
present_renew_run(struct operation *out, struct agent *agent, json_t *request)
{
	const json_t *ids = json_object_get(request, "id");

	(void)out;
	if (json_is_array(ids) && are_ids(ids))
		return renew_list(agent, ids);
	if (!json_is_string(ids) || !question_is_id(json_string_value(ids)))
		return answer_refusal(ANSWER_IDS_MISSING);
	return renew(agent, json_string_value(ids))
	    ? answer_ok()
	    : answer_refusal(ANSWER_SESSION_UNKNOWN);
}

/* ---- end ---- */

static enum fault
dismiss(struct ledger *ledger, void *id)
{
	return ledger_session_dismiss(ledger, *(const char **)id);
}

/* By an administrator, whose name goes into the admin log. */
static json_t *
end_for(struct agent *agent, const char *id, const struct actor *actor)
{
	enum fault fault;

	group_commit(agent);
	if (!sessions_find(&agent->sessions, id))
		return answer_refusal(ANSWER_SESSION_UNKNOWN);
	fault = act_run(agent, actor, dismiss, &id);
	/* Gone from the store already: gone it is. */
	if (fault && fault != FAULT_NOT_FOUND)
		return answer_fault(agent, fault);
	sessions_remove(&agent->sessions, id);
	agent->has_room_grown = true;
	return answer_ok();
}

static json_t *
end_one(struct operation *out, struct agent *agent, const char *id)
{
	struct session *session = sessions_find(&agent->sessions, id);

	if (session && (session->is_pending || session->is_leaving)) {
		group_commit(agent);
		session = sessions_find(&agent->sessions, id);
	}
	if (!session)
		return answer_refusal(ANSWER_SESSION_UNKNOWN);
	group_end(agent, session);
	out->wait = OPERATION_WAIT_COMMIT;
	out->deadline_ms = INT64_MAX;
	out->is_end = true;
	memcpy(out->id, session->id, strlen(session->id) + 1);
	return NULL;
}

/* Removes them from the table; answers how many there were. */
static json_int_t
forget_gateway(struct agent *agent, const char *gateway)
{
	struct session *session, *next;
	json_int_t count = 0;

	for (session = sessions_next(&agent->sessions, NULL); session;
	     session = next) {
		next = sessions_next(&agent->sessions, session);
		if (strcmp(session->gateway, gateway) != 0)
			continue;
		sessions_remove(&agent->sessions, session->id);
		count++;
	}
	return count;
}

static enum fault
store_end_gateway(struct ledger *ledger, void *gateway)
{
	return ledger_session_end_gateway(ledger, *(const char **)gateway);
}

static json_t *
end_gateway(struct agent *agent, const char *gateway)
{
	json_int_t count;
	enum fault fault;

	group_commit(agent);
	fault = act_run(agent, NULL, store_end_gateway, &gateway);
	if (fault)
		return answer_fault(agent, fault);
	count = forget_gateway(agent, gateway);
	agent->has_room_grown |= count > 0;
	return json_pack("{s:b, s:I}", "ok", 1, "ended", count);
}

json_t *
present_end_run(struct operation *out, struct agent *agent, json_t *request)
{
	const char *id = question_text(request, "id");
	const char *gateway = question_text(request, "gateway");
	const struct actor actor = { question_text(request, "actor"),
		question_text(request, "address") };

	if (id && *id)
		return actor.name && *actor.name ? end_for(agent, id, &actor)
						 : end_one(out, agent, id);
	if (!id || !gateway || !*gateway || !json_bool(request, "all", false))
		return answer_refusal(ANSWER_ID_MISSING);
	if (!question_is_gateway(gateway))
		return answer_refusal(ANSWER_GATEWAY_INVALID);
	return end_gateway(agent, gateway);
}

/* ---- list ---- */

static json_t *
session_json(const struct session *session)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "id",
	    session->id, "user", session->user, "feature", session->feature,
	    "gateway", session->gateway, "began_at",
	    (json_int_t)session->began_at, "seen_at",
	    (json_int_t)session->seen_at, "timeout",
	    (json_int_t)session->timeout);
}

json_t *
present_list_run(struct operation *out, struct agent *agent, json_t *request)
{
	const char *gateway = question_text(request, "gateway");
	const struct session **sorted;
	json_t *list;
	size_t i;

	(void)out;
	if (!gateway || (*gateway && !question_is_gateway(gateway)))
		return answer_refusal(ANSWER_GATEWAY_INVALID);
	group_commit(agent);
	sorted = sessions_sorted(&agent->sessions);
	list = sorted ? json_array() : NULL;
	for (i = 0; list && i < agent->sessions.count; i++) {
		if (*gateway && strcmp(sorted[i]->gateway, gateway) != 0)
			continue;
		if (json_array_append_new(list, session_json(sorted[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	free(sorted);
	return json_pack("{s:b, s:o}", "ok", 1, "sessions", list);
}

/* ---- each second ---- */

/* INT64_MAX for one that is about to come or go. */
static int64_t
over_ms_of(const struct agent *agent, const struct session *session)
{
	if (session->is_pending || session->is_leaving)
		return INT64_MAX;
	return session_over_ms(session->heard_ms,
	    session_timeout(
		session->timeout, agent->admission.session_timeout));
}

/* Up to so many that are over; notes before when no other is. One that begins meanwhile lasts a second at least. */
static size_t
find_over(struct session **out, struct agent *agent, int64_t elapsed_ms)
{
	int64_t over_ms, next_ms = instant_add(elapsed_ms, MS);
	struct session *session = NULL;
	size_t count = 0;

	while ((session = sessions_next(&agent->sessions, session))) {
		over_ms = over_ms_of(agent, session);
		if (over_ms <= elapsed_ms && count < OVER_AT_ONCE_MAX)
			out[count++] = session;
		else if (over_ms < next_ms)
			next_ms = over_ms;
	}
	agent->over_ms = next_ms;
	return count;
}

/* Sessions that are over. */
struct over {
	struct session *sessions[OVER_AT_ONCE_MAX];
	size_t count;
	int64_t setting;
};

static enum fault
store_over(struct ledger *ledger, void *with)
{
	const struct over *over = with;
	enum fault fault;

	for (size_t i = 0; i < over->count; i++) {
		struct session_row row = sessions_row(over->sessions[i]);

		fault = ledger_session_timed_out(
		    ledger, &row, session_timeout(row.timeout, over->setting));
		if (fault && fault != FAULT_NOT_FOUND)
			return fault;
	}
	return FAULT_NONE;
}

void
present_end_over(struct agent *agent, int64_t elapsed_ms)
{
	struct over over = { .setting = agent->admission.session_timeout };

	if (elapsed_ms >= agent->over_ms)
		over.count = find_over(over.sessions, agent, elapsed_ms);
	if (!over.count)
		return;
	if (act_run(agent, NULL, store_over, &over)) {
		agent->over_ms = 0;
		return;
	}
	for (size_t i = 0; i < over.count; i++)
		sessions_remove(&agent->sessions, over.sessions[i]->id);
	agent->has_room_grown = true;
}

static enum fault
store_renewed(struct ledger *ledger, void *with)
{
	struct agent *agent = with;
	struct session *session = NULL;
	size_t count = 0;
	enum fault fault;

	while (count < RENEWED_AT_ONCE_MAX &&
	    (session = sessions_next(&agent->sessions, session))) {
		if (!session->is_renewed || session->is_pending)
			continue;
		session->is_renewed = false;
		count++;
		if ((fault = ledger_session_seen(ledger, session->id,
			 session->seen_at,
			 admission_over_at(
			     &agent->admission, session, ledger->now))))
			return fault;
	}
	return FAULT_NONE;
}

static bool
has_renewed(const struct agent *agent)
{
	const struct session *session = NULL;

	while ((session = sessions_next(&agent->sessions, session)))
		if (session->is_renewed && !session->is_pending)
			return true;
	return false;
}

/* What people are shown may be behind: a fault here is no loss. */
static void
show_renewed(struct agent *agent)
{
	if (has_renewed(agent))
		(void)act_run(agent, NULL, store_renewed, agent);
}

/* A changed setting counts from now on: nobody is over for a time in which it did not hold. */
static void
watch_setting(struct agent *agent, int64_t elapsed_ms)
{
	struct session *session = NULL;

	if (agent->noted_timeout == agent->admission.session_timeout)
		return;
	agent->noted_timeout = agent->admission.session_timeout;
	while ((session = sessions_next(&agent->sessions, session))) {
		if (session->timeout)
			continue;
		session->heard_ms = elapsed_ms;
		session->is_renewed = true;
	}
	agent->over_ms = 0;
}

void
present_second(struct agent *agent, int64_t elapsed_ms)
{
	if (!agent->worker)
		return;
	watch_setting(agent, elapsed_ms);
	present_end_over(agent, elapsed_ms);
	show_renewed(agent);
}
