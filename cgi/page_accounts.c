/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_accounts.c: who may sign in here and as what: the list, one more, a
 * new password for one of them, and one who leaves.
 */
#include "cgi/page_password.h"
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "engine/base/password.h"
#include "engine/base/text.h"
#include "engine/store/store_admin.h"

#define HERE "/maintenance/accounts"

static const struct form_field fields[] = {
	{ "name", FORM_TEXT, true, 64, 0, 0, "User name" },
	{ "role", FORM_TEXT, true, 32, 0, 0, "Role" },
	{ "customer", FORM_TEXT, false, 512, 0, 0, "Customer" },
	{ "password", FORM_SECRET, true, PASSWORD_MAX_BYTES, 0, 0, "Password" },
	{ "password2", FORM_SECRET, true, PASSWORD_MAX_BYTES, 0, 0,
	    "Confirm password" },
};
const struct form_table page_accounts_form = { fields, 5 };
const struct form_table page_accounts_password_form = { fields + 3, 2 };

static bool
is_center(const struct request *request)
{
	return request->appliance->role == ROLE_CENTER;
}

static void
show_account(struct request *request, struct view place,
    const struct admin_row *row)
{
	view_format(place, "id", "%" PRId64, row->id);
	view_text(place, "name", row->name);
	view_text(place, "role", store_admin_role_word(row->role));
	view_text(place, "customer", row->customer_name);
	view_text(place, "from", row->last_sign_in_from);
	view_instant(place, "last", row->last_sign_in_at, request->now);
	view_flag(place, "is_own", row->id == request->sign_in.admin.id);
}

static void
show_roles(struct request *request, const char *chosen)
{
	size_t shown = 0;

	for (int role = 0; role < ADMIN_ROLES; role++) {
		const char *word = store_admin_role_word((enum admin_role)role);
		struct view row;

		if (!store_admin_role_fits(
			(enum admin_role)role, is_center(request)))
			continue;
		row = view_row(request->view, "roles", shown++);
		view_text(row, "word", word);
		view_flag(row, "chosen", !strcmp(word, chosen));
	}
}

static enum fault
fill(struct request *request)
{
	struct admin_row *rows;
	size_t count;
	enum fault fault = store_admin_list(
	    &rows, &count, &request->arena, request->store);

	if (fault)
		return fault;
	for (size_t i = 0; i < count; i++)
		show_account(request, view_row(request->view, "accounts", i),
		    &rows[i]);
	show_roles(request, form_text(&request->form, "role"));
	form_show(request->view, &page_accounts_form, &request->form,
	    &request->mistakes);
	return FAULT_NONE;
}

enum fault
page_accounts_get(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault : page_show(request, "page_accounts", 200);
}

static enum fault
show_again(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault : page_show_again(request, "page_accounts");
}

static enum fault
add(bool *is_kept, struct request *request, const char *hash)
{
	enum admin_role role;
	struct ledger ledger;
	enum fault fault;

	*is_kept = false;
	if (!store_admin_role_parse(&role, form_text(&request->form, "role"))) {
		mistake_add(&request->mistakes, "role", MISTAKE_ADMIN_ROLE,
		    "that", appliance_role_word(request->appliance->role));
		return FAULT_NONE;
	}
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_admin_add_for(&ledger,
	    form_text(&request->form, "name"), hash, role,
	    form_text(&request->form, "customer"));
	return page_end(is_kept, &ledger, request, fault);
}

enum fault
page_accounts_post(struct request *request)
{
	const char *hash = NULL;
	bool is_kept = false;
	enum fault fault;

	if (!request->mistakes.count &&
	    (fault = page_password_read(&hash, request)))
		return fault;
	if (hash && (fault = add(&is_kept, request, hash)))
		return fault;
	return is_kept ? page_done(request, HERE, NOTICE_ACCOUNT_ADDED,
			     form_text(&request->form, "name"), NULL)
		       : show_again(request);
}

/* ---- one of them ---- */

/* A page of 404 was made when there is none. */
static enum fault
find(struct admin_row *out, struct request *request)
{
	enum fault fault = FAULT_NOT_FOUND;
	int64_t id;

	if (text_parse_int64(&id, request->argument, 1, INT64_MAX))
		fault = store_admin_load_id(
		    out, &request->arena, request->store, id);
	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_account", request->argument);
	return fault;
}

static enum fault
show_one(struct request *request, const struct admin_row *row,
    const char *template, bool is_again)
{
	show_account(request, view_child(request->view, "account"), row);
	form_show(request->view, &page_accounts_password_form, &request->form,
	    &request->mistakes);
	return is_again ? page_show_again(request, template)
			: page_show(request, template, 200);
}

static enum fault
get_one(struct request *request, const char *template)
{
	struct admin_row row;
	enum fault fault = find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show_one(request, &row, template, false);
}

enum fault
page_accounts_password_get(struct request *request)
{
	return get_one(request, "page_accounts_password");
}

enum fault
page_accounts_remove_get(struct request *request)
{
	return get_one(request, "page_accounts_remove");
}

enum fault
page_accounts_password_post(struct request *request)
{
	struct admin_row row;
	struct ledger ledger;
	const char *hash = NULL;
	bool is_kept = false;
	enum fault fault = find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (!request->mistakes.count &&
	    (fault = page_password_read(&hash, request)))
		return fault;
	if (hash) {
		if ((fault = page_begin(&ledger, request)))
			return fault;
		fault = ledger_admin_password(&ledger, row.name, hash);
		if ((fault = page_end(&is_kept, &ledger, request, fault)))
			return fault;
	}
	if (!is_kept)
		return show_one(request, &row, "page_accounts_password", true);
	/* The notice of whoever changed the own one would have nobody to show it to. */
	if (row.id == request->sign_in.admin.id) {
		response_redirect(&request->response, "/signin");
		return FAULT_NONE;
	}
	return page_done(
	    request, HERE, NOTICE_ACCOUNT_PASSWORD, row.name, NULL);
}

enum fault
page_accounts_remove_post(struct request *request)
{
	struct admin_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return show_one(request, &row, "page_accounts_remove", true);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_admin_remove(&ledger, row.name);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_one(request, &row, "page_accounts_remove", true);
	if (row.id == request->sign_in.admin.id) {
		response_redirect(&request->response, "/signin");
		return FAULT_NONE;
	}
	return page_done(
	    request, HERE, NOTICE_ACCOUNT_REMOVED, row.name, NULL);
}
