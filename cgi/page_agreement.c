/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_agreement.c: the license agreement, which blocks everything until it
 * is accepted (rules.md 2.6) and can be read again at any time.
 */
#include "cgi/pages.h"

#include <string.h>

#include "cgi/page.h"
#include "cgi/session.h"
#include "engine/store/store_agreement.h"

static const struct form_field query_fields[] = {
	{ "next", FORM_HIDDEN, false, 0, 0, 0, "" },
};
const struct form_table page_agreement_query = { query_fields, 1 };

static const struct form_field fields[] = {
	{ "digest", FORM_HIDDEN, true, 64, 0, 0, "license agreement" },
	{ "accept", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "reject", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "next", FORM_HIDDEN, false, 0, 0, 0, "" },
};
const struct form_table page_agreement_form = { fields, 4 };

/* One paragraph; a line that begins with "# " heads what follows it. */
static void
show_part(struct view row, char *text)
{
	char *rest = NULL;

	if (!strncmp(text, "# ", 2)) {
		rest = strchr(text, '\n');
		if (rest)
			*rest++ = '\0';
		view_text(row, "heading", text + 2);
		text = rest;
	}
	if (text)
		view_text(row, "text", text);
}

/* Paragraphs of the text, one row each. */
static enum fault
show_text(struct request *request)
{
	char *text = arena_text(
	    &request->arena, request->console->agreement.body);
	size_t count = 0;

	if (!text)
		return FAULT_MEMORY;
	while (*text) {
		char *end = strstr(text, "\n\n");

		if (end)
			*end = '\0';
		show_part(
		    view_row(request->view, "agreement.parts", count++), text);
		if (!end)
			break;
		text = end + 2 + strspn(end + 2, "\n");
	}
	return FAULT_NONE;
}

static enum fault
show(struct request *request, int status)
{
	struct agreement_row accepted;
	enum fault fault = store_agreement_load(&accepted, &request->arena,
	    request->store, request->console->agreement.digest);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!fault) {
		view_text(
		    request->view, "agreement.accepted_by", accepted.actor);
		view_instant(request->view, "agreement.accepted_at",
		    accepted.at, request->now);
	}
	view_text(request->view, "agreement.version",
	    request->console->agreement.version);
	view_text(request->view, "agreement.digest",
	    request->console->agreement.digest);
	view_text(request->view, "agreement.next",
	    session_next(form_text(&request->form, "next")));
	if ((fault = show_text(request)))
		return fault;
	return page_show(request, "page_agreement", status);
}

enum fault
page_agreement_get(struct request *request)
{
	return show(request, 200);
}

static enum fault
reject(struct request *request)
{
	return page_signin_out_post(request);
}

enum fault
page_agreement_post(struct request *request)
{
	struct ledger ledger;
	enum fault fault;
	bool is_kept;

	if (form_has(&request->form, "reject"))
		return reject(request);
	if (!route_allows(request->sign_in.admin.role, CAPABILITY_ADMINISTER)) {
		page_error(request, 403, "capability", request->route->help);
		return FAULT_NONE;
	}
	if (request->mistakes.count)
		return show(request, 422);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_agreement_accept(
	    &ledger, form_text(&request->form, "digest"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show(request, 422);
	return page_done(request,
	    session_next(form_text(&request->form, "next")),
	    NOTICE_AGREEMENT_ACCEPTED, NULL, NULL);
}
