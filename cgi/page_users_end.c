/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_users_end.c: ends the session of one user, after a page that says what
 * that does and what it does not. The agent ends it: it counts the users.
 */
#include "cgi/page_users.h"

#include <string.h>

#include "cgi/page.h"
#include "cgi/pages.h"
#include "engine/base/json.h"
#include "engine/peer/agent_call.h"

#define ID_MAX_BYTES 128
#define END_SECONDS  5

static const struct form_field fields[] = {
	{ "id", FORM_HIDDEN, true, ID_MAX_BYTES, 0, 0, "Session ID" },
};
const struct form_table page_users_end_query = { fields, 1 };

/* FAULT_NOT_FOUND after the redirect that says so. */
static enum fault
find(struct session_row *out, struct request *request)
{
	enum fault fault = store_session_load(out, &request->arena,
	    request->store, form_text(&request->form, "id"));

	if (fault != FAULT_NOT_FOUND)
		return fault;
	fault = page_done(
	    request, "/status/users", NOTICE_SESSION_GONE, NULL, NULL);
	return fault ? fault : FAULT_NOT_FOUND;
}

enum fault
page_users_end_get(struct request *request)
{
	struct session_row row;
	enum fault fault;

	request->mistakes.count = 0;
	if ((fault = find(&row, request)))
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	page_users_show_session(
	    view_child(request->view, "session"), request, &row);
	return page_show(request, "page_users_end", 200);
}

static enum fault
ask(json_t **answer, struct request *request, const char *id)
{
	json_t *question = json_pack("{s:s, s:s, s:s, s:s}", "op", "end", "id",
	    id, "actor", request->sign_in.admin.name, "address",
	    request->address);
	enum fault fault;

	*answer = NULL;
	if (!question)
		return FAULT_MEMORY;
	fault = agent_call(
	    answer, request->appliance->state_directory, question, END_SECONDS);
	json_decref(question);
	return fault;
}

static enum fault
show_ended(struct request *request, const struct session_row *row,
    const json_t *answer)
{
	const char *code = json_text(answer, "code");

	if (json_bool(answer, "ok", false))
		return page_done(request, "/status/users", NOTICE_SESSION_ENDED,
		    row->user, *row->gateway ? row->gateway : "The gateway");
	if (code && !strcmp(code, "session_unknown"))
		return page_done(
		    request, "/status/users", NOTICE_SESSION_GONE, NULL, NULL);
	return page_done(request, "/status/users", NOTICE_SESSION_NOT_ENDED,
	    json_text(answer, "text"), NULL);
}

enum fault
page_users_end_post(struct request *request)
{
	struct session_row row;
	json_t *answer;
	enum fault fault;

	request->mistakes.count = 0;
	if ((fault = find(&row, request)))
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fault = ask(&answer, request, row.id);
	if (fault == FAULT_NOT_FOUND)
		return page_done(
		    request, "/status/users", NOTICE_AGENT_DOWN, NULL, NULL);
	if (fault == FAULT_BUSY || fault == FAULT_IO)
		return page_done(request, "/status/users",
		    NOTICE_SESSION_NOT_ENDED, "", NULL);
	if (!fault)
		fault = show_ended(request, &row, answer);
	json_decref(answer);
	return fault;
}
