/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * begin.c: from a question to a place in the table. A session counts from the
 * decision on; the yes leaves when the store has it.
 */
#include "agent/begin.h"

#include "agent/answer.h"
#include "agent/auto_leasing.h"
#include "agent/present.h"
#include "agent/question.h"
#include "agent/usage.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/store/ledger.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define ID_RANDOM_BYTES 16
#define MS              1000
#define BEYOND_SYNC_MS  10000

/* ---- capacity ---- */

/* A license that was added shows within a second. */
enum fault
begin_measure(struct agent *agent, bool is_fresh)
{
	int64_t now = clock_now();
	enum fault fault;

	if (!is_fresh && agent->measured_at == now)
		return FAULT_NONE;
	fault = admission_measure(
	    &agent->admission, &agent->appliance, &agent->scratch);
	agent->measured_at = fault ? 0 : now;
	return fault;
}

/* Measures again before it says no, and lets go who was not renewed. */
static enum fault
check_room(struct admission_answer *out, struct agent *agent, bool is_rdp)
{
	enum fault fault;

	if ((fault = begin_measure(agent, false)))
		return fault;
	admission_check(out, &agent->admission, &agent->sessions, is_rdp);
	if (out->verdict == VERDICT_OK)
		return FAULT_NONE;
	if ((fault = begin_measure(agent, true)))
		return fault;
	present_end_over(agent, clock_elapsed_ms());
	admission_check(out, &agent->admission, &agent->sessions, is_rdp);
	return FAULT_NONE;
}

/* ---- the question ---- */

struct begin {
	struct session_row row;
	char made_id[2 * ID_RANDOM_BYTES + 1];
	bool is_rdp;
};

static json_t *
read_feature(
    struct begin *out, const struct agent *agent, const json_t *request)
{
	const struct feature *feature;
	const char *name = question_text(request, "feature");

	out->row.feature = "";
	if (name && !*name)
		return NULL;
	feature = name ? catalogue_feature(&agent->appliance.catalogue, name)
		       : NULL;
	if (!feature ||
	    (feature->kind != FEATURE_USERS && feature->kind != FEATURE_RDP))
		return answer_refusal(ANSWER_FEATURE_INVALID);
	out->is_rdp = feature->kind == FEATURE_RDP;
	/* Users are counted together, whatever serves them. */
	if (out->is_rdp)
		out->row.feature = feature->name;
	return NULL;
}

/* The refusal, or NULL with *out filled. */
static json_t *
read_begin(struct begin *out, const struct agent *agent, const json_t *request)
{
	const json_t *timeout = json_object_get(request, "timeout");
	struct session_row *row = &out->row;

	row->user = json_text(request, "user");
	row->id = question_text(request, "id");
	row->gateway = question_text(request, "gateway");
	if (!question_is_user(row->user))
		return answer_refusal(ANSWER_USER_MISSING);
	if (!row->id || (*row->id && !question_is_id(row->id)))
		return answer_refusal(ANSWER_ID_INVALID);
	if (!row->gateway ||
	    (*row->gateway && !question_is_gateway(row->gateway)))
		return answer_refusal(ANSWER_GATEWAY_INVALID);
	if (timeout && !json_is_null(timeout) &&
	    !json_int64(&row->timeout, request, "timeout", 0,
		LEDGER_SESSION_TIMEOUT_MAX))
		return answer_refusal(ANSWER_TIMEOUT_INVALID);
	return read_feature(out, agent, request);
}

json_t *
begin_answer(const char *id)
{
	return json_pack("{s:b, s:s}", "ok", 1, "id", id);
}

static json_t *
wait_for_commit(struct operation *out, const char *id)
{
	/* The request goes: what it says is in the table. */
	json_decref(out->request);
	memset(out, 0, sizeof(*out));
	out->wait = OPERATION_WAIT_COMMIT;
	out->deadline_ms = INT64_MAX;
	memcpy(out->id, id, strlen(id) + 1);
	return NULL;
}

/* ---- the answer ---- */

/* The same question again is answered the same, and renews. False when the ID is new. */
static bool
is_repeat(json_t **answer, struct operation *out, struct agent *agent,
    const struct begin *begin)
{
	const struct session_row *row = &begin->row;
	struct session *session;

	*answer = NULL;
	if (!*row->id || !(session = sessions_find(&agent->sessions, row->id)))
		return false;
	if (session->is_leaving) {
		group_commit(agent);
		if (!(session = sessions_find(&agent->sessions, row->id)))
			return false;
	}
	if (strcmp(session->user, row->user) != 0 ||
	    strcmp(session->feature, row->feature) != 0 ||
	    strcmp(session->gateway, row->gateway) != 0) {
		*answer = answer_refusal(ANSWER_ID_IN_USE);
		return true;
	}
	sessions_renew(session, clock_now(), clock_elapsed_ms());
	*answer = session->is_pending ? wait_for_commit(out, session->id)
				      : begin_answer(session->id);
	return true;
}

static json_t *
admit(struct operation *out, struct agent *agent, struct begin *begin,
    const struct admission_answer *found)
{
	struct session *session;

	if (!*begin->row.id) {
		if (random_hex(begin->made_id, ID_RANDOM_BYTES))
			return answer_refusal(ANSWER_STORE);
		begin->row.id = begin->made_id;
	}
	if (sessions_reserve(&session, &agent->sessions, &begin->row))
		return answer_refusal(ANSWER_STORE);
	sessions_add(&agent->sessions, session, clock_elapsed_ms());
	group_begin(agent, session);
	usage_admitted(agent, begin->is_rdp, found->seat);
	/* Beyond what there are units for: perhaps the server has more. */
	if (found->seat != DEMAND_WITHIN)
		renewal_hasten(
		    &agent->renewal, clock_elapsed_ms(), BEYOND_SYNC_MS);
	return wait_for_commit(out, session->id);
}

static json_t *
refuse(struct agent *agent, const struct begin *begin,
    const struct admission_answer *found)
{
	const char *text;
	json_t *answer;

	arena_clear(&agent->scratch);
	text = mistake_verdict_text(&agent->scratch, found->verdict,
	    begin->row.feature, &found->numbers);
	answer = text ? answer_refusal_text(verdict_code(found->verdict), text)
		      : NULL;
	usage_refused(agent, begin->is_rdp);
	/* The refusal stands even if nobody can write it down. */
	if (text)
		group_refuse(agent, begin->row.user, text);
	arena_clear(&agent->scratch);
	return answer;
}

/* Without a server, units that it left to be taken alone may serve one more. */
static enum fault
check_alone(struct admission_answer *out, struct agent *agent, bool is_rdp)
{
	const struct link_sync_input users = { agent->sessions.users + !is_rdp,
		agent->sessions.rdp_users + is_rdp };
	enum fault fault;

	if ((fault = auto_leasing_watch(agent, &users)) ||
	    (fault = begin_measure(agent, true)))
		return fault;
	admission_check_unguarded(
	    out, &agent->admission, &agent->sessions, is_rdp);
	return FAULT_NONE;
}

/* Would it be admitted, were no sync under way? */
static bool
has_room_unguarded(const struct agent *agent, bool is_rdp)
{
	struct admission_answer found;

	admission_check_unguarded(
	    &found, &agent->admission, &agent->sessions, is_rdp);
	return found.verdict == VERDICT_OK;
}

/* One sync decides: the one under way, when only that stands in the way, else the next. */
static json_t *
wait_for_room(struct operation *out, struct agent *agent,
    const struct begin *begin, json_t *request, int64_t wait_ms)
{
	out->wait = OPERATION_WAIT_BEGIN;
	out->request = json_incref(request);
	out->is_rdp = begin->is_rdp;
	out->deadline_ms = clock_elapsed_ms() + wait_ms;
	if (agent->admission.is_guarded &&
	    has_room_unguarded(agent, begin->is_rdp))
		out->generation = agent->renewal.generation;
	else
		out->generation = renewal_want(&agent->renewal, false);
	return NULL;
}

static int64_t
capacity_wait_ms(struct agent *agent)
{
	int64_t seconds;

	if (!agent->admission.has_server)
		return 0;
	if (store_setting_load(
		&seconds, agent->appliance.store, SETTING_CAPACITY_WAIT))
		seconds = setting_rows[SETTING_CAPACITY_WAIT].value;
	return seconds * MS;
}

json_t *
begin_run(struct operation *out, struct agent *agent, json_t *request)
{
	struct admission_answer found;
	struct begin begin = { 0 };
	enum fault fault;
	json_t *answer;
	int64_t wait_ms;

	if ((answer = read_begin(&begin, agent, request)) ||
	    is_repeat(&answer, out, agent, &begin))
		return answer;
	if ((fault = check_room(&found, agent, begin.is_rdp)))
		return answer_fault(agent, fault);
	if (found.verdict != VERDICT_OK && agent->is_lost &&
	    !agent->admission.is_guarded &&
	    (fault = check_alone(&found, agent, begin.is_rdp)))
		return answer_fault(agent, fault);
	if (found.verdict == VERDICT_OK)
		return admit(out, agent, &begin, &found);
	if ((wait_ms = capacity_wait_ms(agent)) > 0)
		return wait_for_room(out, agent, &begin, request, wait_ms);
	return refuse(agent, &begin, &found);
}

/* "is_late": the wait is over, though a sync may not be. */
json_t *
begin_settle(struct operation *operation, struct agent *agent, bool is_last,
    bool is_late)
{
	struct admission_answer found;
	struct begin begin = { 0 };
	json_t *answer;

	if ((answer = read_begin(&begin, agent, operation->request)) ||
	    is_repeat(&answer, operation, agent, &begin))
		return answer;
	/* The store's trouble may pass before the wait is over. */
	if (check_room(&found, agent, begin.is_rdp))
		return is_last ? answer_refusal(ANSWER_STORE) : NULL;
	/* A server that was out of reach before is still: nobody is kept out for the sake of an answer that does not come. */
	if (found.verdict != VERDICT_OK && is_late && agent->is_lost &&
	    check_alone(&found, agent, begin.is_rdp))
		return answer_refusal(ANSWER_STORE);
	if (found.verdict == VERDICT_OK)
		return admit(operation, agent, &begin, &found);
	return is_last ? refuse(agent, &begin, &found) : NULL;
}
