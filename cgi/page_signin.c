/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_signin.c: sign in and out. The same sentence, time and waits for an
 * unknown name and a wrong password.
 */
#include "cgi/guesses.h"
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/session.h"
#include "engine/base/calendar.h"
#include "engine/base/password.h"

static const struct form_field query_fields[] = {
	{ "next", FORM_HIDDEN, false, 0, 0, 0, "" },
};
const struct form_table page_signin_query = { query_fields, 1 };

static const struct form_field fields[] = {
	{ "username", FORM_TEXT, true, 64, 0, 0, "User name" },
	{ "password", FORM_SECRET, true, PASSWORD_MAX_BYTES, 0, 0, "Password" },
	{ "next", FORM_HIDDEN, false, 0, 0, 0, "" },
};
const struct form_table page_signin_form = { fields, 3 };

static void
fill(struct request *request)
{
	form_show(request->view, &page_signin_form, &request->form,
	    &request->mistakes);
	view_text(request->view, "form.next.value",
	    form_text(&request->form, "next"));
	view_text(request->view, "signin.csrf", session_guest_csrf(request));
}

enum fault
page_signin_get(struct request *request)
{
	if (request->is_signed_in) {
		response_redirect(&request->response,
		    session_next(form_text(&request->form, "next")));
		return FAULT_NONE;
	}
	fill(request);
	return page_show(request, "page_signin", 200);
}

static enum fault
show_again(struct request *request, int status)
{
	fill(request);
	return page_show(request, "page_signin", status);
}

static enum fault
refuse_waiting(struct request *request, int64_t seconds)
{
	const char *text = arena_format(&request->arena, "%" PRId64, seconds);

	mistake_add(
	    &request->mistakes, "username", MISTAKE_SIGN_IN_WAIT, text, NULL);
	request->response.retry_after = seconds;
	return show_again(request, 429);
}

static enum fault
refuse_wrong(struct request *request, const char *name)
{
	struct ledger ledger;
	enum fault fault = page_begin(&ledger, request);
	bool is_kept;

	if (fault)
		return fault;
	fault = ledger_sign_in_failed(&ledger, name);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	mistake_add(
	    &request->mistakes, "username", MISTAKE_SIGN_IN_WRONG, NULL, NULL);
	return show_again(request, 422);
}

/* Today's parameters for a hash made with others. */
static enum fault
renew_hash(struct request *request, const struct admin_row *admin,
    const char *password)
{
	char hash[PASSWORD_HASH_MAX];
	enum fault fault;

	if (!password_is_outdated(PASSWORD_ADMIN, admin->password_hash))
		return FAULT_NONE;
	if ((fault = password_hash(hash, PASSWORD_ADMIN, password)))
		return fault;
	return store_admin_hash_save(request->store, admin->id, hash);
}

static enum fault
greet(struct request *request, const struct admin_row *admin,
    const uint8_t digest[DIGEST_BYTES])
{
	char when[CALENDAR_TEXT_MAX];
	const char *notice;

	if (!admin->last_sign_in_at)
		return FAULT_NONE;
	calendar_format(when, admin->last_sign_in_at);
	notice = notice_text(&request->arena, NOTICE_LAST_SIGN_IN, when,
	    admin->last_sign_in_from);
	return notice ? store_sign_in_notice(request->store, digest, notice)
		      : FAULT_MEMORY;
}

static enum fault
let_in(struct request *request, const struct admin_row *admin)
{
	uint8_t digest[DIGEST_BYTES];
	char csrf[33];
	struct ledger ledger;
	enum fault fault;
	bool is_kept;

	if ((fault = session_start(digest, csrf, request)) ||
	    (fault = page_begin(&ledger, request)))
		return fault;
	ledger.actor.name = admin->name;
	fault = ledger_sign_in(&ledger, admin->id, digest, csrf);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if ((fault = greet(request, admin, digest)))
		return fault;
	response_redirect(&request->response,
	    session_next(form_text(&request->form, "next")));
	return FAULT_NONE;
}

enum fault
page_signin_post(struct request *request)
{
	const char *name = form_text(&request->form, "username");
	const char *password = form_text(&request->form, "password");
	struct admin_row admin;
	int64_t wait;
	bool is_known, is_right;
	enum fault fault;

	if (request->mistakes.count)
		return show_again(request, 422);
	if ((fault = guesses_wait(&wait, request, name)))
		return fault;
	if (wait)
		return refuse_waiting(request, wait);
	fault = store_admin_load(&admin, &request->arena, request->store, name);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	is_known = !fault;
	if ((fault = password_verify(&is_right, PASSWORD_ADMIN,
		 is_known ? admin.password_hash : NULL, password)))
		return fault;
	if (!is_right)
		return refuse_wrong(request, name);
	if ((fault = renew_hash(request, &admin, password)))
		return fault;
	return let_in(request, &admin);
}

enum fault
page_signin_out_post(struct request *request)
{
	struct ledger ledger;
	enum fault fault = page_begin(&ledger, request);
	bool is_kept;

	if (fault)
		return fault;
	fault = ledger_sign_out(&ledger, request->sign_in_digest);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	session_end(request);
	response_redirect(&request->response, "/signin");
	return FAULT_NONE;
}
