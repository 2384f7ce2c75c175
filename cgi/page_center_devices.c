/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_devices.c: the devices of the vendor's customers, a page at a
 * time, and the form for one more.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "cgi/paging.h"
#include "engine/store/ledger_center.h"

static const struct form_field query_fields[] = {
	{ "find", FORM_TEXT, false, 256, 0, 0, "Find" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
};
const struct form_table page_center_devices_query = { query_fields, 2 };

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
load_page(struct center_device_row **rows, size_t *count, int64_t *matching,
    struct paging *paging, struct request *request)
{
	struct center_filter filter = { .find = page_center_find(
					    request, paging),
		.scope = center_scope_of(request),
		.limit = PAGING_ROWS };
	enum fault fault;

	do {
		filter.offset = paging->offset;
		fault = store_center_device_list(rows, count, matching,
		    &request->arena, request->store, &filter);
	} while (!fault && paging_is_beyond(paging, *count, *matching));
	return fault;
}

static enum fault
fill(struct request *request)
{
	struct form nothing = { 0 };
	struct paging paging;
	struct center_device_row *rows;
	int64_t matching;
	size_t count;
	enum fault fault = load_page(
	    &rows, &count, &matching, &paging, request);

	for (size_t i = 0; !fault && i < count; i++)
		fault = page_center_device_facts(
		    request, view_row(request->view, "devices", i), &rows[i]);
	if (fault)
		return fault;
	paging_show(request->view, &paging, count, matching);
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
	enum fault fault;

	/* A page number that is none shows the first page. */
	request->mistakes.count = 0;
	fault = fill(request);
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
	const char *path;
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
	path = arena_format(
	    &request->arena, "/center/devices/%s", input.hardware_id);
	return path ? page_done(request, path, NOTICE_DEVICE_ADDED,
			  input.hardware_id, NULL)
		    : FAULT_MEMORY;
}
