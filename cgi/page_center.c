/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center.c: devices, license keys and codes as every page of the
 * vendor's console shows them.
 */
#include "cgi/page_center.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "cgi/pages.h"
#include "engine/base/calendar.h"
#include "engine/base/hardware_id.h"
#include "engine/store/store_issued.h"
#include "engine/store/transfer_audit.h"

#define KEYS_SHOWN 500

static const struct form_field query_fields[] = {
	{ "find", FORM_TEXT, false, 256, 0, 0, "Find" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
};
const struct form_table page_center_query = { query_fields, 2 };

struct page_center_list
page_center_list_of(struct request *request)
{
	struct page_center_list list = {
		.filter = { .find = "",
		    .scope = center_scope_of(request),
		    .limit = PAGING_ROWS },
		.paging = paging_at(1),
	};

	if (request->method != METHOD_GET)
		return list;
	request->mistakes.count = 0;
	list.filter.find = form_text(&request->form, "find");
	list.paging = paging_at(form_number(&request->form, "page", 1));
	list.filter.offset = list.paging.offset;
	view_text(request->view, "query.find", list.filter.find);
	view_text(request->view, "query.find_url",
	    address_encode(&request->arena, list.filter.find));
	return list;
}

bool
page_center_list_again(struct page_center_list *list, enum fault fault)
{
	if (fault ||
	    !paging_is_beyond(&list->paging, list->count, list->matching))
		return false;
	list->filter.offset = list->paging.offset;
	return true;
}

static const char *
device_state_word(enum device_state state)
{
	switch (state) {
	case DEVICE_IN_SERVICE:
		return "service";
	case DEVICE_SPARE:
		return "spare";
	case DEVICE_REPLACED:
		break;
	}
	return "replaced";
}

/* Dates compare as text. The last day itself is still good. */
static bool
is_over(const char *last_day, int64_t now)
{
	char today[11];

	calendar_date_of(today, now);
	return *last_day && strcmp(last_day, today) < 0;
}

/* In the arena; NULL when that is full. */
static const char *
device_path(struct request *request, const char *hardware_id)
{
	return arena_format(&request->arena, "/center/devices/%s", hardware_id);
}

enum fault
page_center_device_done(struct request *request, const char *hardware_id,
    enum notice notice, const char *first, const char *second)
{
	const char *path = device_path(request, hardware_id);

	return path ? page_done(request, path, notice, first, second)
		    : FAULT_MEMORY;
}

enum fault
page_center_device_facts(struct request *request, struct view place,
    const struct center_device_row *row)
{
	const char *path = device_path(request, row->hardware_id);

	if (!path)
		return FAULT_MEMORY;
	view_text(place, "hwid", row->hardware_id);
	view_text(place, "path", path);
	view_text(place, "serial", row->serial);
	view_text(place, "platform", row->platform);
	view_text(place, "customer", row->customer_name);
	view_text(place, "state", device_state_word(row->state));
	view_text(place, "warranty", row->warranty_ends);
	view_text(place, "contract", row->contract_ends);
	view_flag(place, "warranty_over",
	    is_over(row->warranty_ends, request->now));
	view_flag(place, "contract_over",
	    is_over(row->contract_ends, request->now));
	view_instant(place, "contact", row->contact_at, request->now);
	return FAULT_NONE;
}

void
page_center_platforms_show(struct request *request, const char *chosen)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;

	for (size_t i = 0; i < catalogue->platform_count; i++) {
		struct view row = view_row(request->view, "platforms", i);

		view_text(row, "name", catalogue->platforms[i].name);
		view_flag(row, "chosen",
		    !strcmp(catalogue->platforms[i].name, chosen));
	}
}

const char *
page_center_hardware_id(struct request *request, const char *typed)
{
	char *text = arena_text(&request->arena, typed);

	if (!text)
		return typed;
	hardware_id_tidy(text);
	return text;
}

enum fault
page_center_keys_show(struct request *request, const char *hardware_id)
{
	struct issued_row *rows;
	size_t count;
	enum fault fault = store_issued_list(&rows, &count, &request->arena,
	    request->store, hardware_id, KEYS_SHOWN);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view place = view_row(request->view, "keys", i);

		view_text(place, "serial", rows[i].serial);
		view_text(place, "sku", rows[i].sku);
		view_text(place, "start", rows[i].start_date);
		view_text(place, "end", rows[i].end_date);
		view_text(place, "statement", rows[i].statement);
		view_text(place, "actor", rows[i].actor);
		view_text(place, "why", rows[i].revoked_why);
		view_flag(place, "is_revoked", rows[i].revoked_at > 0);
		view_instant(place, "at", rows[i].at, request->now);
		view_instant(
		    place, "revoked", rows[i].revoked_at, request->now);
	}
	return fault;
}

static const char *
code_state(const struct center_authcode_row *row)
{
	if (row->revoked_at)
		return "revoked";
	return row->used_at ? "used" : "free";
}

enum fault
page_center_code_facts(struct request *request, struct view place,
    const struct center_authcode_row *row)
{
	struct center_entitlement_row *worth;
	size_t count;
	enum fault fault = store_center_entitlement_list(
	    &worth, &count, &request->arena, request->store, row->id);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view line = view_row(place, "worth", i);

		view_text(line, "sku", worth[i].sku);
		view_text(line, "start", worth[i].start_date);
		view_text(line, "end", worth[i].end_date);
		view_text(line, "serial", worth[i].serial);
	}
	view_format(place, "id", "%" PRId64, row->id);
	view_text(place, "tail", row->tail);
	view_text(place, "customer", row->customer_name);
	view_text(place, "state", code_state(row));
	view_text(place, "by", row->made_by);
	view_text(place, "hwid", row->hardware_id);
	view_instant(place, "made", row->made_at, request->now);
	view_instant(place, "used", row->used_at, request->now);
	view_instant(place, "revoked", row->revoked_at, request->now);
	return fault;
}

const char *
page_center_transfer_path(struct request *request, int64_t id)
{
	return arena_format(
	    &request->arena, "/center/transfers/%" PRId64, id);
}

void
page_center_transfer_facts(struct request *request, struct view place,
    const struct transfer_row *row)
{
	const char *found[TRANSFER_AUDIT_FINDINGS];
	size_t count = transfer_audit_findings(
	    found, &request->arena, row, request->now);

	view_format(place, "id", "%" PRId64, row->id);
	view_text(place, "path", page_center_transfer_path(request, row->id));
	view_text(place, "case", row->case_number);
	view_text(place, "partner", row->partner_name);
	view_text(place, "customer", row->customer_name);
	view_text(place, "device", row->hardware_id);
	view_text(place, "spare", row->spare_hardware_id);
	view_text(place, "state", transfer_audit_word(row->state));
	view_instant(place, "made", row->made_at, request->now);
	view_instant(place, "transferred", row->transferred_at, request->now);
	for (size_t i = 0; i < count; i++)
		view_text(view_row(place, "findings", i), "text", found[i]);
}
