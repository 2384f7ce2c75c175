/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_revoke.c: takes one license key back, after a page that says
 * what becomes of it.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include "cgi/page.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/store_issued.h"

static const struct form_field fields[] = {
	{ "why", FORM_TEXT, true, 512, 0, 0, "Reason" },
};
const struct form_table page_center_revoke_form = { fields, 1 };

/* A page of 404 was made when there is none. */
static enum fault
find(struct issued_row *out, struct request *request)
{
	enum fault fault = store_issued_load(
	    out, &request->arena, request->store, request->argument);

	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_license", request->argument);
	return fault;
}

static enum fault
fill(struct request *request, const struct issued_row *row)
{
	struct view place = view_child(request->view, "key");

	view_text(place, "serial", row->serial);
	view_text(place, "sku", row->sku);
	view_text(place, "hwid", row->hardware_id);
	view_text(place, "end", row->end_date);
	view_flag(place, "is_revoked", row->revoked_at > 0);
	view_instant(place, "revoked", row->revoked_at, request->now);
	form_show(request->view, &page_center_revoke_form, &request->form,
	    &request->mistakes);
	return FAULT_NONE;
}

enum fault
page_center_revoke_get(struct request *request)
{
	struct issued_row row;
	enum fault fault = find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fault = fill(request, &row);
	return fault ? fault : page_show(request, "page_center_revoke", 200);
}

static enum fault
show_again(struct request *request, const struct issued_row *row)
{
	enum fault fault = fill(request, row);

	return fault ? fault : page_show_again(request, "page_center_revoke");
}

enum fault
page_center_revoke_post(struct request *request)
{
	struct issued_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return show_again(request, &row);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_revocation_take_back(
	    &ledger, row.serial, form_text(&request->form, "why"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_again(request, &row);
	return page_center_device_done(
	    request, row.hardware_id, NOTICE_KEY_REVOKED, row.serial, NULL);
}
