/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_password.c: one's own password, whatever one's role. Who sits at a desk
 * that somebody else left must know the present one, and waits like any guesser.
 */
#include "cgi/page_password.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/guesses.h"
#include "cgi/page.h"
#include "cgi/pages.h"
#include "cgi/session.h"
#include "engine/base/password.h"
#include "engine/store/store_admin.h"

static const struct form_field fields[] = {
	{ "present", FORM_SECRET, true, PASSWORD_MAX_BYTES, 0, 0,
	    "Present password" },
	{ "password", FORM_SECRET, true, PASSWORD_MAX_BYTES, 0, 0,
	    "New password" },
	{ "password2", FORM_SECRET, true, PASSWORD_MAX_BYTES, 0, 0,
	    "Confirm new password" },
};
const struct form_table page_password_form = { fields, 3 };

enum fault
page_password_read(const char **out, struct request *request)
{
	const char *password = form_text(&request->form, "password");
	char *hash;

	*out = NULL;
	if (strlen(password) < PASSWORD_ADMIN_LEAST)
		mistake_add(&request->mistakes, "password",
		    MISTAKE_PASSWORD_SHORT, PASSWORD_ADMIN_LEAST_TEXT, NULL);
	else if (strcmp(password, form_text(&request->form, "password2")))
		mistake_add(&request->mistakes, "password2",
		    MISTAKE_PASSWORD_DIFFERS, NULL, NULL);
	if (request->mistakes.count)
		return FAULT_NONE;
	*out = hash = arena_alloc(&request->arena, PASSWORD_HASH_MAX);
	return hash ? password_hash(hash, PASSWORD_ADMIN, password)
		    : FAULT_MEMORY;
}

static enum fault
show(struct request *request, int status)
{
	form_show(request->view, &page_password_form, &request->form,
	    &request->mistakes);
	return page_show(request, "page_password", status);
}

enum fault
page_password_get(struct request *request)
{
	return show(request, 200);
}

static enum fault
refuse_waiting(struct request *request, int64_t seconds)
{
	mistake_add(&request->mistakes, "present", MISTAKE_SIGN_IN_WAIT,
	    arena_format(&request->arena, "%" PRId64, seconds), NULL);
	request->response.retry_after = seconds;
	return show(request, 429);
}

static enum fault
refuse_wrong(struct request *request)
{
	struct ledger ledger;
	enum fault fault = page_begin(&ledger, request);
	bool is_kept;

	if (fault)
		return fault;
	fault = ledger_sign_password_failed(
	    &ledger, request->sign_in.admin.name);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	mistake_add(&request->mistakes, "present", MISTAKE_PASSWORD_PRESENT,
	    NULL, NULL);
	return show(request, 422);
}

/* All sign-ins with the old one end, and this one begins anew. */
static enum fault
save(bool *is_kept, struct request *request, const struct admin_row *admin,
    const char *hash)
{
	uint8_t digest[DIGEST_BYTES];
	char csrf[33];
	struct ledger ledger;
	enum fault fault;

	*is_kept = false;
	if ((fault = session_start(digest, csrf, request)) ||
	    (fault = page_begin(&ledger, request)))
		return fault;
	if (!(fault = ledger_admin_password_own(
		  &ledger, admin->id, admin->password_hash, hash)) &&
	    !ledger.mistakes.count)
		fault = ledger_sign_in(&ledger, admin->id, digest, csrf);
	if ((fault = page_end(is_kept, &ledger, request, fault)) || !*is_kept)
		return fault;
	return store_sign_in_notice(request->store, digest,
	    notice_text(&request->arena, NOTICE_PASSWORD_CHANGED, NULL, NULL));
}

static enum fault
change(struct request *request, const struct admin_row *admin, const char *hash)
{
	bool is_kept;
	enum fault fault = save(&is_kept, request, admin, hash);

	/* The cookie that the browser has is still the one that counts. */
	if (!is_kept)
		request->response.set_cookie = NULL;
	if (fault)
		return fault;
	if (!is_kept)
		return show(request, 422);
	response_redirect(&request->response, "/");
	return FAULT_NONE;
}

enum fault
page_password_post(struct request *request)
{
	struct admin_row admin;
	const char *hash;
	int64_t wait;
	bool is_right;
	enum fault fault;

	if (request->mistakes.count)
		return show(request, 422);
	if ((fault = guesses_wait(&wait, request, request->sign_in.admin.name)))
		return fault;
	if (wait)
		return refuse_waiting(request, wait);
	if ((fault = store_admin_load_id(&admin, &request->arena,
		 request->store, request->sign_in.admin.id)) ||
	    (fault = password_verify(&is_right, PASSWORD_ADMIN,
		 admin.password_hash, form_text(&request->form, "present"))))
		return fault;
	if (!is_right)
		return refuse_wrong(request);
	if (strcmp(form_text(&request->form, "present"),
		form_text(&request->form, "password")) == 0)
		mistake_add(&request->mistakes, "password",
		    MISTAKE_PASSWORD_SAME, NULL, NULL);
	if ((fault = page_password_read(&hash, request)))
		return fault;
	return hash ? change(request, &admin, hash) : show(request, 422);
}
