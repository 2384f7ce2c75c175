/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_device.c: one device of the vendor's customers: whose it is, its
 * dates, its license keys and the codes they came by.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "engine/base/text.h"
#include "engine/store/ledger_center.h"
#include "engine/store/ledger_transfer.h"

#define CODES_SHOWN 500

static const struct form_field fields[] = {
	{ "serial", FORM_TEXT, false, 512, 0, 0, "Serial number" },
	{ "customer", FORM_TEXT, false, 512, 0, 0, "Customer" },
	{ "platform", FORM_TEXT, false, 32, 0, 0, "Platform" },
	{ "warranty", FORM_TEXT, false, 10, 0, 0, "Warranty until" },
	{ "contract", FORM_TEXT, false, 10, 0, 0, "Service contract until" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
};
const struct form_table page_center_device_form = { fields, 6 };

static const struct form_field stock_fields[] = {
	{ "partner", FORM_TEXT, true, 512, 0, 0, "Partner" },
};
const struct form_table page_center_device_stock_form = { stock_fields, 1 };

static enum fault
show_codes(struct request *request, const struct center_device_row *device)
{
	const struct center_filter filter = { .find = device->hardware_id,
		.scope = center_scope_of(request),
		.limit = CODES_SHOWN };
	struct center_authcode_row *rows;
	int64_t matching;
	size_t count;
	enum fault fault = store_center_authcode_list(&rows, &count, &matching,
	    &request->arena, request->store, &filter);

	for (size_t i = 0; !fault && i < count; i++)
		fault = page_center_code_facts(
		    request, view_row(request->view, "codes", i), &rows[i]);
	return fault;
}

static enum fault
fill(struct request *request, const struct center_device_row *row,
    bool is_typed)
{
	struct form nothing = { 0 };
	struct view place = view_child(request->view, "device");
	enum fault fault;

	if ((fault = page_center_device_facts(request, place, row)) ||
	    (fault = page_center_keys_show(request, row->hardware_id)) ||
	    (fault = show_codes(request, row)))
		return fault;
	view_format(place, "ver", "%" PRId64, row->row_version);
	form_preset(request->view, "serial", row->serial);
	form_preset(request->view, "customer", row->customer_name);
	form_preset(request->view, "warranty", row->warranty_ends);
	form_preset(request->view, "contract", row->contract_ends);
	form_show(request->view, &page_center_device_form,
	    is_typed ? &request->form : &nothing, &request->mistakes);
	form_show(request->view, &page_center_device_stock_form,
	    request->form.table == &page_center_device_stock_form
		? &request->form
		: &nothing,
	    &request->mistakes);
	view_flag(place, "may_stock", row->state == DEVICE_IN_SERVICE);
	page_center_platforms_show(request,
	    is_typed ? form_text(&request->form, "platform") : row->platform);
	return FAULT_NONE;
}

enum fault
page_center_device_get(struct request *request)
{
	struct center_device_row row;
	enum fault fault = center_scope_device(
	    &row, request, request->argument);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fault = fill(request, &row, false);
	return fault ? fault : page_show(request, "page_center_device", 200);
}

/* Of an edit conflict, what is saved now is shown. */
enum fault
page_center_device_again(struct request *request)
{
	struct center_device_row row;
	enum fault fault = center_scope_device(
	    &row, request, request->argument);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fault = fill(request, &row,
	    request->form.table == &page_center_device_form &&
		!page_has_conflict(request));
	return fault ? fault : page_show_again(request, "page_center_device");
}

enum fault
page_center_device_post(struct request *request)
{
	struct center_device_input input = {
		.serial = form_text(&request->form, "serial"),
		.customer = form_text(&request->form, "customer"),
		.platform = form_text(&request->form, "platform"),
		.warranty_ends = form_text(&request->form, "warranty"),
		.contract_ends = form_text(&request->form, "contract"),
	};
	struct center_device_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = center_scope_device(
	    &row, request, request->argument);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return page_center_device_again(request);
	input.hardware_id = row.hardware_id;
	if (!text_parse_int64(&input.row_version,
		form_text(&request->form, "ver"), 1, INT64_MAX))
		input.row_version = 0;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_center_device_set(&ledger, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return page_center_device_again(request);
	return page_center_device_done(request, row.hardware_id,
	    NOTICE_DEVICE_SAVED, row.hardware_id, NULL);
}

/* ---- into a stock ---- */

enum fault
page_center_device_stock_post(struct request *request)
{
	const char *partner = form_text(&request->form, "partner");
	struct center_device_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = center_scope_device(
	    &row, request, request->argument);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return page_center_device_again(request);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_transfer_stock(&ledger, row.hardware_id, partner);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return page_center_device_again(request);
	return page_center_device_done(request, row.hardware_id,
	    NOTICE_DEVICE_STOCKED, row.hardware_id, partner);
}
