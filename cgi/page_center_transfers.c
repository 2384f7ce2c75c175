/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_transfers.c: replacements of defective devices by spares: the
 * list, and the form that begins one.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "engine/store/ledger_transfer.h"

static const struct form_field fields[] = {
	{ "case", FORM_TEXT, true, 256, 0, 0, "Case number" },
	{ "device", FORM_TEXT, true, 64, 0, 0, "Defective device" },
	{ "partner", FORM_TEXT, false, 512, 0, 0, "Partner" },
	{ "fault", FORM_TEXT, true, 2000, 0, 0, "What is wrong" },
};
const struct form_table page_center_transfers_form = { fields, 4 };

enum fault
page_center_transfers_get(struct request *request)
{
	struct transfer_row *rows;
	struct page_center_list list = page_center_list_of(request);
	enum fault fault;

	do
		fault = store_transfer_list(&rows, &list.count, &list.matching,
		    &request->arena, request->store, &list.filter);
	while (page_center_list_again(&list, fault));
	if (fault)
		return fault;
	for (size_t i = 0; i < list.count; i++)
		page_center_transfer_facts(request,
		    view_row(request->view, "transfers", i), &rows[i]);
	paging_show(request->view, &list.paging, list.count, list.matching);
	return page_show(request, "page_center_transfers", 200);
}

/* ---- a new one ---- */

enum fault
page_center_transfers_new_get(struct request *request)
{
	form_show(request->view, &page_center_transfers_form, &request->form,
	    &request->mistakes);
	return page_show(request, "page_center_transfer_new", 200);
}

static enum fault
show_again(struct request *request)
{
	form_show(request->view, &page_center_transfers_form, &request->form,
	    &request->mistakes);
	return page_show_again(request, "page_center_transfer_new");
}

/* A device that the person may not see is not there. */
static enum fault
check_scope(struct request *request, const char *hardware_id)
{
	struct center_device_row device;
	bool is_seen = false;
	enum fault fault = store_center_device_load(
	    &device, &request->arena, request->store, hardware_id);

	if (!fault)
		fault = center_scope_admits(
		    &is_seen, request, device.customer);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!is_seen)
		mistake_add(&request->mistakes, "device",
		    MISTAKE_DEVICE_UNKNOWN, hardware_id, NULL);
	return FAULT_NONE;
}

enum fault
page_center_transfers_new_post(struct request *request)
{
	struct transfer_request wish = {
		.case_number = form_text(&request->form, "case"),
		.fault = form_text(&request->form, "fault"),
		.hardware_id = page_center_hardware_id(
		    request, form_text(&request->form, "device")),
		.partner = form_text(&request->form, "partner"),
	};
	struct ledger ledger;
	int64_t id = 0;
	bool is_kept;
	enum fault fault;

	/* A partner's people act for their own house. */
	if (center_scope_of(request))
		wish.partner = request->sign_in.admin.customer_name;
	if (!request->mistakes.count &&
	    (fault = check_scope(request, wish.hardware_id)))
		return fault;
	if (request->mistakes.count)
		return show_again(request);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_transfer_request(&id, &ledger, &wish);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_again(request);
	return page_done(request, page_center_transfer_path(request, id),
	    NOTICE_TRANSFER_BEGUN, wish.case_number, NULL);
}
