/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * operation.c: begin, end, list, sync, status. A session counts once the
 * store has it; the yes leaves after that.
 */
#include "agent/operation.h"

#include "agent/answer.h"
#include "agent/auto_leasing.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/base/text.h"
#include "engine/peer/agent_call.h"
#include "engine/store/ledger.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define USER_MAX_BYTES      1024
#define USER_MAX_CHARACTERS 256
#define ID_MAX_BYTES        128
#define ID_RANDOM_BYTES     16
#define MS                  1000
/* A bit less than a caller waits by default. */
#define SYNC_WAIT_MS ((AGENT_CALL_SECONDS - 5) * MS)

static const struct actor system_actor = { "System", "" };

/* ---- reading a question ---- */

/* Characters up to "most"; 0 when empty, too long, or not printable. */
static size_t
printable(const char *text, size_t most_bytes)
{
	size_t bytes = text ? strnlen(text, most_bytes + 1) : 0, step, i;
	size_t characters = 0;

	if (bytes > most_bytes)
		return 0;
	for (i = 0; i < bytes; i += step, characters++) {
		step = text_utf8_sequence(text + i, bytes - i);
		/* Controls, those of Latin 1 too. */
		if (!step || (unsigned char)text[i] < 0x20 || text[i] == 0x7f ||
		    (step == 2 && (unsigned char)text[i] == 0xc2 &&
			(unsigned char)text[i + 1] < 0xa0))
			return 0;
	}
	return characters;
}

static bool
is_user(const char *text)
{
	size_t characters = printable(text, USER_MAX_BYTES);

	return characters > 0 && characters <= USER_MAX_CHARACTERS;
}

static bool
is_id(const char *text)
{
	return printable(text, ID_MAX_BYTES) > 0 && !strpbrk(text, " ");
}

/* An absent member reads as ""; one of another type is no text. */
static const char *
optional(const json_t *request, const char *name)
{
	const json_t *value = json_object_get(request, name);

	return value && !json_is_null(value) ? json_text(request, name) : "";
}

/* ---- faults ---- */

static json_t *
answer_fault(struct agent *agent, enum fault fault)
{
	/* Whether it happened is found out from the store at the next start. */
	if (fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	return answer_refusal(ANSWER_STORE);
}

static enum fault
open_act(struct ledger *ledger, struct agent *agent, int64_t now)
{
	struct store *store = agent->appliance.store;

	arena_clear(&agent->scratch);
	ledger_init(ledger, store, &agent->appliance, &agent->scratch,
	    &system_actor, now);
	return ledger_begin(ledger);
}

/* ---- capacity ---- */

/* A license that was added shows within a second. */
static enum fault
measure(struct agent *agent, bool is_fresh)
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

/* Measures again before it says no. */
static enum fault
check_room(enum verdict *verdict, struct verdict_numbers *numbers,
    struct agent *agent, bool is_rdp)
{
	enum fault fault;

	if ((fault = measure(agent, false)))
		return fault;
	*verdict = admission_check(
	    numbers, &agent->admission, &agent->sessions, is_rdp);
	if (*verdict == VERDICT_OK)
		return FAULT_NONE;
	if ((fault = measure(agent, true)))
		return fault;
	*verdict = admission_check(
	    numbers, &agent->admission, &agent->sessions, is_rdp);
	return FAULT_NONE;
}

/* ---- begin ---- */

struct begin {
	const char *user, *id, *feature;
	char made_id[2 * ID_RANDOM_BYTES + 1];
	bool is_rdp;
};

/* The refusal, or NULL with *out filled. */
static json_t *
read_begin(struct begin *out, const struct agent *agent, const json_t *request)
{
	const struct feature *feature;
	const char *name = optional(request, "feature");

	out->user = json_text(request, "user");
	out->id = optional(request, "id");
	out->feature = "";
	out->is_rdp = false;
	if (!is_user(out->user))
		return answer_refusal(ANSWER_USER_MISSING);
	if (!out->id || (*out->id && !is_id(out->id)))
		return answer_refusal(ANSWER_ID_INVALID);
	if (name && !*name)
		return NULL;
	feature = name ? catalogue_feature(&agent->appliance.catalogue, name)
		       : NULL;
	if (!feature ||
	    (feature->kind != FEATURE_USERS && feature->kind != FEATURE_RDP))
		return answer_refusal(ANSWER_FEATURE_INVALID);
	out->is_rdp = feature->kind == FEATURE_RDP;
	/* Users are counted together, whatever serves them. */
	out->feature = out->is_rdp ? feature->name : "";
	return NULL;
}

static json_t *
answer_session(const char *id)
{
	return json_pack("{s:b, s:s}", "ok", 1, "id", id);
}

/* The same question again is answered the same; NULL when the ID is new. */
static json_t *
answer_repeat(const struct agent *agent, const struct begin *begin)
{
	const struct session *session;

	if (!*begin->id ||
	    !(session = sessions_find(&agent->sessions, begin->id)))
		return NULL;
	if (strcmp(session->user, begin->user) != 0 ||
	    strcmp(session->feature, begin->feature) != 0)
		return answer_refusal(ANSWER_ID_IN_USE);
	return answer_session(session->id);
}

static json_t *
answer_mistake(const struct ledger *ledger)
{
	return answer_refusal_text(mistake_code(ledger->mistakes.items[0].kind),
	    ledger->mistakes.items[0].text);
}

static json_t *
store_session(
    struct agent *agent, const struct begin *begin, struct session *session)
{
	struct ledger ledger;
	int64_t now = clock_now();
	enum fault fault;
	json_t *answer;

	fault = open_act(&ledger, agent, now);
	if (fault)
		return answer_fault(agent, fault);
	fault = ledger_session_begin(
	    &ledger, session->id, begin->user, begin->feature);
	fault = ledger_end(&ledger, fault);
	if (fault)
		return answer_fault(agent, fault);
	if (ledger.mistakes.count) {
		answer = answer_mistake(&ledger);
		arena_clear(&agent->scratch);
		return answer;
	}
	sessions_add(&agent->sessions, session, begin->is_rdp, now);
	return answer_session(session->id);
}

static json_t *
admit(struct agent *agent, struct begin *begin)
{
	struct session *session;
	json_t *answer;

	if (!*begin->id) {
		if (random_hex(begin->made_id, ID_RANDOM_BYTES))
			return answer_refusal(ANSWER_STORE);
		begin->id = begin->made_id;
	}
	if (sessions_reserve(&session, &agent->sessions, begin->id, begin->user,
		begin->feature))
		return NULL;
	answer = store_session(agent, begin, session);
	if (!sessions_find(&agent->sessions, begin->id))
		sessions_release(&session);
	return answer;
}

static json_t *
refuse(struct agent *agent, const struct begin *begin, enum verdict verdict,
    const struct verdict_numbers *numbers)
{
	struct ledger ledger;
	const char *text;
	json_t *answer;
	enum fault fault;

	fault = open_act(&ledger, agent, clock_now());
	if (fault)
		return answer_fault(agent, fault);
	text = mistake_verdict_text(
	    &agent->scratch, verdict, begin->feature, numbers);
	fault = text ? ledger_session_refused(&ledger, begin->user, text)
		     : FAULT_MEMORY;
	answer = text ? answer_refusal_text(verdict_code(verdict), text) : NULL;
	/* The refusal stands even if nobody could write it down. */
	fault = ledger_end(&ledger, fault);
	if (fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	arena_clear(&agent->scratch);
	return answer;
}

/* Without a server, units that it left to be taken alone may serve one more. */
static enum fault
check_alone(enum verdict *verdict, struct verdict_numbers *numbers,
    struct agent *agent, bool is_rdp)
{
	const struct link_sync_input users = { agent->sessions.users + !is_rdp,
		agent->sessions.rdp_users + is_rdp };
	enum fault fault;

	if ((fault = auto_leasing_watch(agent, &users)) ||
	    (fault = measure(agent, true)))
		return fault;
	*verdict = admission_check_unguarded(
	    numbers, &agent->admission, &agent->sessions, is_rdp);
	return FAULT_NONE;
}

/* One sync decides: the one under way, when only that stands in the way, else the next. */
static json_t *
wait_for_room(struct operation *out, struct agent *agent,
    const struct begin *begin, json_t *request, int64_t wait_ms)
{
	struct verdict_numbers numbers;

	out->wait = OPERATION_WAIT_BEGIN;
	out->request = json_incref(request);
	out->is_rdp = begin->is_rdp;
	out->deadline_ms = clock_elapsed_ms() + wait_ms;
	if (agent->admission.is_guarded &&
	    admission_check_unguarded(&numbers, &agent->admission,
		&agent->sessions, begin->is_rdp) == VERDICT_OK)
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

static json_t *
run_begin(struct operation *out, struct agent *agent, json_t *request)
{
	struct verdict_numbers numbers;
	struct begin begin = { 0 };
	enum verdict verdict;
	enum fault fault;
	json_t *answer;
	int64_t wait_ms;

	if ((answer = read_begin(&begin, agent, request)) ||
	    (answer = answer_repeat(agent, &begin)))
		return answer;
	if ((fault = check_room(&verdict, &numbers, agent, begin.is_rdp)))
		return answer_fault(agent, fault);
	if (verdict != VERDICT_OK && agent->is_lost &&
	    !agent->admission.is_guarded &&
	    (fault = check_alone(&verdict, &numbers, agent, begin.is_rdp)))
		return answer_fault(agent, fault);
	if (verdict == VERDICT_OK)
		return admit(agent, &begin);
	if ((wait_ms = capacity_wait_ms(agent)) > 0)
		return wait_for_room(out, agent, &begin, request, wait_ms);
	return refuse(agent, &begin, verdict, &numbers);
}

/* "is_late": the wait is over, though a sync may not be. */
static json_t *
settle_begin(struct operation *operation, struct agent *agent, bool is_last,
    bool is_late)
{
	struct verdict_numbers numbers;
	struct begin begin = { 0 };
	enum verdict verdict;
	json_t *answer;

	if ((answer = read_begin(&begin, agent, operation->request)) ||
	    (answer = answer_repeat(agent, &begin)))
		return answer;
	/* The store's trouble may pass before the wait is over. */
	if (check_room(&verdict, &numbers, agent, begin.is_rdp))
		return is_last ? answer_refusal(ANSWER_STORE) : NULL;
	/* A server that was out of reach before is still: nobody is kept out for the sake of an answer that does not come. */
	if (verdict != VERDICT_OK && is_late && agent->is_lost &&
	    check_alone(&verdict, &numbers, agent, begin.is_rdp))
		return answer_refusal(ANSWER_STORE);
	if (verdict == VERDICT_OK)
		return admit(agent, &begin);
	return is_last ? refuse(agent, &begin, verdict, &numbers) : NULL;
}

/* ---- end, list, status ---- */

static json_t *
run_end(struct agent *agent, const json_t *request)
{
	const char *id = json_text(request, "id");
	struct ledger ledger;
	enum fault fault;

	if (!id || !*id)
		return answer_refusal(ANSWER_ID_MISSING);
	if (!sessions_find(&agent->sessions, id))
		return answer_refusal(ANSWER_SESSION_UNKNOWN);
	fault = open_act(&ledger, agent, clock_now());
	if (fault)
		return answer_fault(agent, fault);
	fault = ledger_session_end(&ledger, id);
	/* Gone from the store already: gone it is. */
	fault = ledger_end(
	    &ledger, fault == FAULT_NOT_FOUND ? FAULT_NONE : fault);
	arena_clear(&agent->scratch);
	if (fault)
		return answer_fault(agent, fault);
	sessions_remove(&agent->sessions, id);
	agent->has_room_grown = true;
	return answer_ok();
}

static json_t *
run_list(const struct agent *agent)
{
	const struct session **sorted = sessions_sorted(&agent->sessions);
	json_t *list = json_array();
	size_t i;

	for (i = 0; sorted && list && i < agent->sessions.count; i++)
		if (json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:I}", "id", sorted[i]->id,
			    "user", sorted[i]->user, "feature",
			    sorted[i]->feature, "began_at",
			    (json_int_t)sorted[i]->began_at))) {
			json_decref(list);
			list = NULL;
		}
	if (!sorted) {
		json_decref(list);
		list = NULL;
	}
	free(sorted);
	return json_pack("{s:b, s:o}", "ok", 1, "sessions", list);
}

/* Leased or auto-leased units of each feature that has some. */
static json_t *
borrowed_now(const struct admission *admission, bool is_auto)
{
	const struct demand_feature *feature;
	json_t *borrowed = json_object();
	int64_t units;
	size_t i;

	for (i = 0; borrowed && i < admission->feature_count; i++) {
		feature = &admission->features[i];
		units = is_auto ? feature->auto_leased : feature->leased;
		if (units > 0 &&
		    json_object_set_new(borrowed, feature->feature->name,
			json_integer(units))) {
			json_decref(borrowed);
			borrowed = NULL;
		}
	}
	return borrowed;
}

static json_t *
run_status(struct agent *agent)
{
	const struct admission *admission = &agent->admission;
	bool is_client = agent->appliance.role == ROLE_CLIENT;
	enum fault fault;

	if (is_client && (fault = measure(agent, true)))
		return answer_fault(agent, fault);
	return json_pack(
	    "{s:b, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:b, s:b, s:I}",
	    "ok", 1, "role", appliance_role_word(agent->appliance.role),
	    "capacity", (json_int_t)admission->users, "users",
	    (json_int_t)agent->sessions.users, "rdp_capacity",
	    (json_int_t)admission->rdp_users, "rdp_users",
	    (json_int_t)agent->sessions.rdp_users, "leased",
	    borrowed_now(admission, false), "auto_leased",
	    borrowed_now(admission, true), "is_lost", (int)agent->is_lost,
	    "has_server", (int)admission->has_server, "is_syncing",
	    (int)agent->renewal.is_under_way, "next_sync",
	    (json_int_t)(agent->renewal.has_server ? agent->renewal.seen_next
						   : 0));
}

/* ---- sync ---- */

static json_t *
run_sync(struct operation *out, struct agent *agent, json_t *request)
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
	struct actor actor = { optional(request, "actor"),
		optional(request, "address") };
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

static json_t *
answer_sync(struct agent *agent, const json_t *request,
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

/* ---- all of them ---- */

static json_t *
dispatch(struct operation *out, struct agent *agent, json_t *request)
{
	const char *op = json_text(request, "op");
	bool is_client = agent->appliance.role == ROLE_CLIENT;

	if (!op)
		return answer_refusal(ANSWER_UNKNOWN_OP);
	if (strcmp(op, "status") == 0)
		return run_status(agent);
	if (strcmp(op, "begin") != 0 && strcmp(op, "end") != 0 &&
	    strcmp(op, "list") != 0 && strcmp(op, "sync") != 0)
		return answer_refusal(ANSWER_UNKNOWN_OP);
	if (!is_client)
		return answer_refusal(ANSWER_WRONG_ROLE);
	if (strcmp(op, "begin") == 0)
		return run_begin(out, agent, request);
	if (strcmp(op, "end") == 0)
		return run_end(agent, request);
	return strcmp(op, "list") == 0 ? run_list(agent)
				       : run_sync(out, agent, request);
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
		    operation, settle_begin(operation, agent, is_last, false));
	return is_last ? settled(operation,
			     answer_sync(agent, operation->request, outcome))
		       : NULL;
}

json_t *
operation_expire(
    struct operation *operation, struct agent *agent, bool is_ending)
{
	json_t *answer;

	assert(operation->wait);
	if (is_ending)
		answer = answer_refusal(ANSWER_ENDING);
	else if (operation->wait == OPERATION_WAIT_SYNC)
		answer = answer_refusal(ANSWER_SLOW);
	else
		answer = settle_begin(operation, agent, true, !is_ending);
	operation_clear(operation);
	return answer;
}

void
operation_clear(struct operation *operation)
{
	json_decref(operation->request);
	memset(operation, 0, sizeof(*operation));
}
