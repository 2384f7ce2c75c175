/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * group.c: begins, ends and refusals wait here for the end of the turn. Does
 * not know who is to be answered.
 */
#include "agent/group.h"

#include "agent/act.h"
#include "engine/base/log.h"
#include "engine/rules/session.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct group_refusal {
	struct group_refusal *next;
	char *user, *text;
};

/* ---- what is to be stored ---- */

void
group_begin(struct agent *agent, struct session *session)
{
	struct group *group = &agent->group;

	assert(!session->is_pending && !session->is_leaving);
	session->is_pending = true;
	session->together = NULL;
	if (group->begun)
		group->begun_last->together = session;
	else
		group->begun = session;
	group->begun_last = session;
}

void
group_end(struct agent *agent, struct session *session)
{
	assert(!session->is_pending && !session->is_leaving);
	session->is_leaving = true;
	session->together = agent->group.ended;
	agent->group.ended = session;
}

static void
free_refusal(struct group_refusal *refusal)
{
	free(refusal->user);
	free(refusal->text);
	free(refusal);
}

void
group_refuse(struct agent *agent, const char *user, const char *text)
{
	struct group *group = &agent->group;
	struct group_refusal *refusal;

	if (group->refused_count >= GROUP_REFUSALS_MAX ||
	    !(refusal = calloc(1, sizeof(*refusal))))
		return;
	refusal->user = strdup(user);
	refusal->text = strdup(text);
	if (!refusal->user || !refusal->text) {
		free_refusal(refusal);
		return;
	}
	refusal->next = group->refused;
	group->refused = refusal;
	group->refused_count++;
}

bool
group_is_empty(const struct agent *agent)
{
	const struct group *group = &agent->group;

	return !group->begun && !group->ended && !group->refused;
}

static void
forget_refusals(struct group *group)
{
	struct group_refusal *next;

	for (; group->refused; group->refused = next) {
		next = group->refused->next;
		free_refusal(group->refused);
	}
	group->refused_count = 0;
}

void
group_clear(struct group *group)
{
	forget_refusals(group);
	memset(group, 0, sizeof(*group));
}

/* ---- storing it ---- */

/* One whom the ledger does not take must not keep the others out. */
static enum fault
store_begun(struct ledger *ledger, struct agent *agent)
{
	struct session *session;
	struct session_row row;
	enum fault fault = FAULT_NONE;

	for (session = agent->group.begun; session && !fault;
	     session = session->together) {
		row = sessions_row(session);
		row.over_at = admission_over_at(
		    &agent->admission, session, ledger->now);
		if ((fault = store_savepoint(ledger->store)) ||
		    (fault = ledger_session_begin(ledger, &row)))
			return fault;
		session->is_pending = ledger->mistakes.count > 0;
		if (!session->is_pending) {
			session->began_at = session->seen_at = ledger->now;
			fault = store_keep(ledger->store);
			continue;
		}
		log_line(LOG_SEVERITY_ERROR, "session not stored: %s",
		    ledger->mistakes.items[0].text);
		mistake_init(&ledger->mistakes, ledger->arena);
		fault = ledger_undo(ledger);
	}
	return fault;
}

static enum fault
store_ended(struct ledger *ledger, const struct group *group)
{
	const struct session *session;
	enum fault fault;

	for (session = group->ended; session; session = session->together) {
		fault = ledger_session_end(ledger, session->id);
		/* Gone from the store already: gone it is. */
		if (fault && fault != FAULT_NOT_FOUND)
			return fault;
	}
	return FAULT_NONE;
}

static enum fault
store_refused(struct ledger *ledger, const struct group *group)
{
	const struct group_refusal *refusal;
	enum fault fault = FAULT_NONE;

	for (refusal = group->refused; refusal && !fault;
	     refusal = refusal->next)
		fault = ledger_session_refused(
		    ledger, refusal->user, refusal->text);
	return fault;
}

static enum fault
store_all(struct ledger *ledger, void *with)
{
	struct agent *agent = with;
	enum fault fault;

	if ((fault = store_ended(ledger, &agent->group)) ||
	    (fault = store_begun(ledger, agent)))
		return fault;
	return store_refused(ledger, &agent->group);
}

static void
settle_begun(struct agent *agent, bool is_stored)
{
	struct session *session, *next;

	for (session = agent->group.begun; session; session = next) {
		next = session->together;
		session->together = NULL;
		if (!is_stored || session->is_pending) {
			sessions_remove(&agent->sessions, session->id);
			agent->has_room_grown = true;
		}
	}
}

static void
settle_ended(struct agent *agent, bool is_stored)
{
	struct session *session, *next;

	for (session = agent->group.ended; session; session = next) {
		next = session->together;
		session->together = NULL;
		session->is_leaving = false;
		if (is_stored) {
			sessions_remove(&agent->sessions, session->id);
			agent->has_room_grown = true;
		}
	}
}

void
group_commit(struct agent *agent)
{
	enum fault fault;

	if (group_is_empty(agent))
		return;
	fault = act_run(agent, NULL, store_all, agent);
	settle_begun(agent, fault == FAULT_NONE);
	settle_ended(agent, fault == FAULT_NONE);
	group_clear(&agent->group);
}
