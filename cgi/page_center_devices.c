/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_devices.c: the devices of the vendor's customers, a page at a
 * time, and the form for one more.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include "cgi/page.h"
#include "engine/store/ledger_center.h"

static const struct form_field fields[] = {
	{ "hwid", FORM_TEXT, true, 64, 0, 0, "Hardware ID" },
	{ "serial", FORM_TEXT, false, 512, 0, 0, "Serial number" },
	{ "customer", FORM_TEXT, false, 512, 0, 0, "Customer" },
	{ "platform", FORM_TEXT, false, 32, 0, 0, "Platform" },
	{ "warranty", FORM_TEXT, false, 10, 0, 0, "Warranty until" },
	{ "contract", FORM_TEXT, false, 10, 0, 0, "Service contract until" },
};
const struct form_table page_center_devices_form = { fields, 6 };

static enum fault
fill(struct request *request)
{
	struct form nothing = { 0 };
	struct page_center_list list = page_center_list_of(request);
	struct center_device_row *rows;
	enum fault fault;

	do
		fault = store_center_device_list(&rows, &list.count,
		    &list.matching, &request->arena, request->store,
		    &list.filter);
	while (page_center_list_again(&list, fault));
	for (size_t i = 0; !fault && i < list.count; i++)
		fault = page_center_device_facts(
		    request, view_row(request->view, "devices", i), &rows[i]);
	if (fault)
		return fault;
	paging_show(request->view, &list.paging, list.count, list.matching);
	page_center_platforms_show(request,
	    request->method == METHOD_POST
		? form_text(&request->form, "platform")
		: "");
	form_show(request->view, &page_center_devices_form,
	    request->method == METHOD_POST ? &request->form : &nothing,
	    &request->mistakes);
	return FAULT_NONE;
}

enum fault
page_center_devices_get(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault : page_show(request, "page_center_devices", 200);
}

static enum fault
show_again(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault : page_show_again(request, "page_center_devices");
}

enum fault
page_center_devices_post(struct request *request)
{
	const struct center_device_input input = {
		.hardware_id = page_center_hardware_id(
		    request, form_text(&request->form, "hwid")),
		.serial = form_text(&request->form, "serial"),
		.customer = form_text(&request->form, "customer"),
		.platform = form_text(&request->form, "platform"),
		.warranty_ends = form_text(&request->form, "warranty"),
		.contract_ends = form_text(&request->form, "contract"),
	};
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if (request->mistakes.count)
		return show_again(request);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_center_device_add(&ledger, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_again(request);
	return page_center_device_done(request, input.hardware_id,
	    NOTICE_DEVICE_ADDED, input.hardware_id, NULL);
}
