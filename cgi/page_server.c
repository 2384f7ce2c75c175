/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server.c: Configure Server: which license server this client leases
 * from, and what it last said.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/page_link.h"
#include "cgi/page_server.h"
#include "cgi/page_server_leave.h"
#include "cgi/page_server_network.h"
#include "cgi/page_server_trial.h"
#include "engine/base/password.h"
#include "engine/base/text.h"
#include "engine/store/ledger_link_trial.h"

#define LINK_ID_MAX 32768
/* A silent license server must not keep the console busy; the agent goes on. */
#define PULL_SECONDS 5

static const struct form_field fields[] = {
	{ "server", FORM_TEXT, false, 255, 0, 0, "License server" },
	{ "unique_id", FORM_TEXT, false, LINK_ID_MAX, 0, 0, "Unique ID" },
	{ "password", FORM_SECRET, false, PASSWORD_MAX_BYTES, 0, 0,
	    "Password" },
	{ "password2", FORM_SECRET, false, PASSWORD_MAX_BYTES, 0, 0,
	    "Confirm password" },
	{ "network", FORM_TEXT, false, 16, 0, 0, "Preferred Network" },
	{ "verify", FORM_FLAG, false, 0, 0, 0, "Verify SSL Certificate" },
	{ "trial", FORM_NUMBER, false, 0, 60, 600,
	    "Trial of a changed connection" },
	{ "leave", FORM_FLAG, false, 0, 0, 0, "Leave the license server" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
	{ "save", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "test", FORM_BUTTON, false, 0, 0, 0, "" },
};
const struct form_table page_server_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

static const struct form_field pin_fields[] = {
	{ "pin", FORM_HIDDEN, true, 128, 0, 0, "public key" },
};
const struct form_table page_server_pin_form = { pin_fields, 1 };

/* Values as saved; what was typed replaces them afterwards. */
static enum fault
preset(const char **network, int64_t *version, struct request *request)
{
	struct link_row link;
	enum fault fault = store_link_load(
	    &link, &request->arena, request->store);

	*network = "internal";
	if (fault == FAULT_NOT_FOUND) {
		view_flag(request->view, "form.verify.checked", true);
		return FAULT_NONE;
	}
	if (fault)
		return fault;
	form_preset(request->view, "server", link.server);
	form_preset(request->view, "unique_id", link.client_name);
	view_flag(request->view, "form.verify.checked", link.verify);
	view_format(
	    request->view, "form.ver.value", "%" PRId64, link.row_version);
	*network = link.network;
	*version = link.row_version;
	return FAULT_NONE;
}

static enum fault
fill(struct request *request, bool is_typed)
{
	struct form nothing = { 0 };
	struct page_link_contact contact;
	const char *network;
	int64_t version = 0;
	enum fault fault = preset(&network, &version, request);

	if (fault || (fault = page_server_trial_show(request)))
		return fault;
	form_show(request->view, &page_server_form,
	    is_typed ? &request->form : &nothing, &request->mistakes);
	if (is_typed) {
		view_text(request->view, "form.verify.checked",
		    form_has(&request->form, "verify") ? "1" : "");
		network = form_text(&request->form, "network");
	}
	if ((fault = page_server_network_show(request, network)) ||
	    (fault = page_server_leave_show(request)))
		return fault;
	/* Once the other's values were shown, saving again is meant. */
	if (is_typed && page_has_conflict(request)) {
		view_format(
		    request->view, "form.ver.value", "%" PRId64, version);
		view_flag(request->view, "conflict", true);
	}
	fault = page_link_show(&contact, request);
	view_flag(request->view, "has_server", contact.has_server);
	return fault ? fault : page_link_ladder_show(request, &contact);
}

enum fault
page_server_get(struct request *request)
{
	enum fault fault = fill(request, false);

	return fault ? fault : page_show(request, "page_server", 200);
}

enum fault
page_server_again(struct request *request)
{
	enum fault fault = fill(request, true);

	return fault ? fault : page_show_again(request, "page_server");
}

enum fault
page_server_refused(struct request *request)
{
	enum fault fault = fill(request, false);

	return fault ? fault : page_show_again(request, "page_server");
}

enum fault
page_server_tested(struct request *request)
{
	enum fault fault = fill(request, form_has(&request->form, "server"));

	return fault ? fault : page_show(request, "page_server", 200);
}

void
page_server_input(struct link_input *out, const struct request *request)
{
	const char *password = form_text(&request->form, "password");

	*out = (struct link_input){
		.server = form_text(&request->form, "server"),
		.client_name = form_text(&request->form, "unique_id"),
		.password = *password ? password : NULL,
		.network = form_text(&request->form, "network"),
		.verify = form_has(&request->form, "verify"),
		.leaves_licenses = form_has(&request->form, "leave"),
	};
}

enum fault
page_server_check(struct ledger *ledger, struct request *request,
    const struct link_input *input)
{
	bool is_kept;

	return page_end(
	    &is_kept, ledger, request, ledger_link_check(ledger, input));
}

/* How long it is on trial counts for this change already. */
static enum fault
save_both(bool *is_tried, struct ledger *ledger, const struct link_input *input,
    const struct request *request)
{
	const struct link_moment moment = page_server_trial_moment(request);
	int64_t seconds = form_number(&request->form, "trial", 0);
	enum fault fault = seconds ? ledger_link_trial_time(ledger, seconds)
				   : FAULT_NONE;

	if (!fault)
		fault = page_server_leave_check(ledger, request, input);
	return fault
	    ? fault
	    : ledger_link_trial_save(is_tried, ledger, input, true, &moment);
}

static enum fault
save(bool *is_kept, bool *is_tried, struct request *request)
{
	struct link_input input;
	struct ledger ledger;
	enum fault fault;

	page_server_input(&input, request);
	if (!text_parse_int64(&input.row_version,
		form_text(&request->form, "ver"), 1, INT64_MAX))
		input.row_version = 0;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = save_both(is_tried, &ledger, &input, request);
	return page_end(is_kept, &ledger, request, fault);
}

/* What became of the first contact, as far as it is known by now. */
static enum notice
contact_notice(enum fault fault, const json_t *answer, enum notice good)
{
	const char *code = json_text(answer, "code");

	if (fault == FAULT_NOT_FOUND)
		return NOTICE_LINK_SAVED_LATER;
	if (fault)
		return NOTICE_LINK_SAVED_WAITS;
	if (json_bool(answer, "ok", false))
		return good;
	if (code && !strcmp(code, "pin_unconfirmed"))
		return NOTICE_LINK_SAVED_CONFIRM;
	return json_text(answer, "text") ? NOTICE_LINK_SAVED_FAILED
					 : NOTICE_LINK_SAVED_WAITS;
}

/* The page itself shows what becomes of a trial. */
static enum notice
trial_notice(enum fault fault)
{
	return fault == FAULT_NOT_FOUND ? NOTICE_LINK_TRIED_LATER
					: NOTICE_LINK_TRIED;
}

static enum fault
first_contact(struct request *request, enum notice good)
{
	json_t *answer;
	enum fault fault = page_link_ask(&answer, request, NULL, PULL_SECONDS);

	if (fault != FAULT_MEMORY)
		fault = page_done(request, "/licensing/server",
		    good == NOTICE_LINK_TRIED
			? trial_notice(fault)
			: contact_notice(fault, answer, good),
		    json_text(answer, "text"), NULL);
	json_decref(answer);
	return fault;
}

enum fault
page_server_post(struct request *request)
{
	bool is_kept = false, is_tried = false;
	enum fault fault;

	if (strcmp(form_text(&request->form, "password"),
		form_text(&request->form, "password2")))
		mistake_add(&request->mistakes, "password2",
		    MISTAKE_PASSWORD_DIFFERS, NULL, NULL);
	if (!request->mistakes.count &&
	    (fault = save(&is_kept, &is_tried, request)))
		return fault;
	if (!is_kept)
		return page_server_again(request);
	return first_contact(
	    request, is_tried ? NOTICE_LINK_TRIED : NOTICE_LINK_SAVED);
}

enum fault
page_server_pin_post(struct request *request)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if (request->mistakes.count)
		return page_server_again(request);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_link_confirm_pin(
	    &ledger, form_text(&request->form, "pin"));
	if (!fault && !ledger.mistakes.count)
		fault = page_server_trial_again(&ledger, request);
	fault = page_end(&is_kept, &ledger, request, fault);
	/* The server was removed meanwhile: the page shows that. */
	if (fault == FAULT_NOT_FOUND)
		return page_done(
		    request, "/licensing/server", NOTICE_NONE, NULL, NULL);
	if (fault)
		return fault;
	if (is_kept)
		return first_contact(request, NOTICE_PIN_CONFIRMED);
	return page_server_refused(request);
}

/* "CONSEC 50 before, 75 now, ACCESS …" */
static const char *
describe_changes(struct request *request, const json_t *answer)
{
	const json_t *changes = json_object_get(answer, "changes");
	const char *text = "";
	size_t index;
	json_t *change;

	json_array_foreach(changes, index, change)
	{
		int64_t before = 0, after = 0;
		char was[32], is[32];

		if (!json_int64(&before, change, "before", 0, INT64_MAX) ||
		    !json_int64(&after, change, "after", 0, INT64_MAX) ||
		    !json_text(change, "feature"))
			continue;
		text_format_thousands(was, before);
		text_format_thousands(is, after);
		text = arena_format(&request->arena, "%s%s%s %s \u2192 %s",
		    text, *text ? ", " : "", json_text(change, "feature"), was,
		    is);
		if (!text)
			return NULL;
	}
	return text;
}

static enum fault
show_pulled(struct request *request, const json_t *answer)
{
	const char *changes, *text = json_text(answer, "text");

	if (!json_bool(answer, "ok", false))
		return page_done(request, "/licensing/server",
		    text && *text ? NOTICE_PULL_FAILED
				  : NOTICE_PULL_FAILED_UNSAID,
		    text, NULL);
	changes = describe_changes(request, answer);
	if (!changes)
		return FAULT_MEMORY;
	return page_done(request, "/licensing/server",
	    *changes ? NOTICE_STATE_PULLED_CHANGED : NOTICE_STATE_PULLED,
	    changes, NULL);
}

enum fault
page_server_pull_post(struct request *request)
{
	json_t *answer;
	enum fault fault = page_link_ask(
	    &answer, request, request->sign_in.admin.name, PULL_SECONDS);

	if (fault == FAULT_NOT_FOUND)
		return page_done(request, "/licensing/server",
		    NOTICE_AGENT_DOWN, NULL, NULL);
	if (fault == FAULT_BUSY || fault == FAULT_IO)
		return page_done(
		    request, "/licensing/server", NOTICE_PULL_RUNS, NULL, NULL);
	if (!fault)
		fault = show_pulled(request, answer);
	json_decref(answer);
	return fault;
}
