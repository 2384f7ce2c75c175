/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_codes.c: authentication codes and what they are worth: the list,
 * a new one, which is shown once, and one made worthless.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"
#include "engine/store/ledger_center.h"

static const struct form_field fields[] = {
	{ "customer", FORM_TEXT, true, 512, 0, 0, "Customer" },
	{ "sku", FORM_AREA, true, 4096, 0, 0, "SKUs" },
	{ "start", FORM_TEXT, false, 10, 0, 0, "From" },
	{ "end", FORM_TEXT, false, 10, 0, 0, "Until" },
};
const struct form_table page_center_codes_form = { fields, 4 };

/* ---- the list ---- */

enum fault
page_center_codes_get(struct request *request)
{
	struct center_authcode_row *rows;
	struct page_center_list list = page_center_list_of(request);
	enum fault fault;

	do
		fault = store_center_authcode_list(&rows, &list.count,
		    &list.matching, &request->arena, request->store,
		    &list.filter);
	while (page_center_list_again(&list, fault));
	for (size_t i = 0; !fault && i < list.count; i++)
		fault = page_center_code_facts(
		    request, view_row(request->view, "codes", i), &rows[i]);
	if (fault)
		return fault;
	paging_show(request->view, &list.paging, list.count, list.matching);
	return page_show(request, "page_center_codes", 200);
}

/* ---- a new one ---- */

static void
show_form(struct request *request)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;

	form_show(request->view, &page_center_codes_form, &request->form,
	    &request->mistakes);
	for (size_t i = 0; i < catalogue->prefix_count; i++) {
		struct view row = view_row(request->view, "prefixes", i);

		view_text(row, "prefix", catalogue->prefixes[i].prefix);
		view_flag(row, "counted", catalogue->prefixes[i].counted);
	}
}

enum fault
page_center_codes_new_get(struct request *request)
{
	show_form(request);
	return page_show(request, "page_center_code_new", 200);
}

/* One SKU a line; blank lines are none. */
static size_t
read_lines(struct center_entitlement_input *out, size_t most, char *text,
    const char *start, const char *end)
{
	size_t count = 0;
	char *rest = text, *line;

	while ((line = strsep(&rest, "\r\n,; \t")))
		if (*line && count < most)
			out[count++] = (struct center_entitlement_input){ line,
				start, end };
	return count;
}

static enum fault
show_new_again(struct request *request)
{
	show_form(request);
	return page_show_again(request, "page_center_code_new");
}

/* It is told this once, and stands nowhere: no redirect could bring it back. */
static enum fault
show_code(struct request *request, const char *code,
    const struct center_entitlement_input *worth, size_t count)
{
	view_text(request->view, "code.text", code);
	view_text(request->view, "code.customer",
	    form_text(&request->form, "customer"));
	for (size_t i = 0; i < count; i++)
		view_text(view_row(request->view, "code.worth", i), "sku",
		    worth[i].sku);
	return page_show(request, "page_center_code", 200);
}

enum fault
page_center_codes_new_post(struct request *request)
{
	/* One more than may be, so that too many are told. */
	struct center_entitlement_input worth[LEDGER_CENTER_ENTITLEMENTS_MAX +
	    1];
	char code[AUTHCODE_SIZE];
	struct ledger ledger;
	size_t count;
	char *text;
	bool is_kept;
	enum fault fault;

	if (request->mistakes.count)
		return show_new_again(request);
	text = arena_text(&request->arena, form_text(&request->form, "sku"));
	if (!text)
		return FAULT_MEMORY;
	count = read_lines(worth, LEDGER_CENTER_ENTITLEMENTS_MAX + 1, text,
	    form_text(&request->form, "start"),
	    form_text(&request->form, "end"));
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_center_authcode_make(code, &ledger,
	    form_text(&request->form, "customer"), worth, count);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_new_again(request);
	fault = show_code(request, code, worth, count);
	secret_wipe(code, sizeof(code));
	return fault;
}

/* ---- made worthless ---- */

/* A page of 404 was made when there is none. */
static enum fault
find_code(struct center_authcode_row *out, struct request *request)
{
	enum fault fault = FAULT_NOT_FOUND;
	int64_t id;

	if (text_parse_int64(&id, request->argument, 1, INT64_MAX))
		fault = store_center_authcode_load(
		    out, &request->arena, request->store, id);
	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_code", request->argument);
	return fault;
}

static enum fault
show_revoke(struct request *request, const struct center_authcode_row *row,
    bool is_again)
{
	enum fault fault = page_center_code_facts(
	    request, view_child(request->view, "code"), row);

	if (fault)
		return fault;
	return is_again ? page_show_again(request, "page_center_code_revoke")
			: page_show(request, "page_center_code_revoke", 200);
}

enum fault
page_center_codes_revoke_get(struct request *request)
{
	struct center_authcode_row row;
	enum fault fault = find_code(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show_revoke(request, &row, false);
}

enum fault
page_center_codes_revoke_post(struct request *request)
{
	struct center_authcode_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = find_code(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return show_revoke(request, &row, true);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_center_authcode_revoke(&ledger, row.id);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (is_kept)
		return page_done(request, "/center/entitlements",
		    NOTICE_CODE_REVOKED, row.tail, NULL);
	/* As it is by now: another device was quicker. */
	if ((fault = find_code(&row, request)))
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show_revoke(request, &row, true);
}
