/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_license_surrender.c: lends a permanent license to the license server,
 * and takes it back, each after a page that says what leaves, what remains,
 * and for how many users of now that is too little.
 */
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/page_license.h"
#include "cgi/page_link.h"
#include "engine/store/mistake.h"

/* A silent license server must not keep the console busy; the agent goes on. */
#define ASK_SECONDS 5

static void
show_license(struct request *request, const struct license_row *row)
{
	struct view place = view_child(request->view, "license");

	view_text(place, "serial", row->serial);
	view_text(place, "sku", row->sku);
	view_text(place, "feature", row->feature);
	view_format(place, "id", "%" PRId64, row->license.id);
	view_number(place, "units", row->license.units);
	view_instant(place, "since", row->surrender_at, request->now);
	view_flag(place, "is_unsent",
	    row->license.surrender == SURRENDER_PENDING &&
		!row->is_surrender_sent);
}

/* What this gateway may admit now, and without these units. */
static enum fault
show_capacity(struct request *request, const struct license_row *row)
{
	struct view place = view_child(request->view, "capacity");
	struct page_link_capacity now, then;
	enum fault fault;

	if ((fault = page_link_capacity_load(&now, request, "", 0)) ||
	    (fault = page_link_capacity_load(
		 &then, request, row->feature, row->license.units)))
		return fault;
	view_number(place, "now", now.capacity);
	view_number(place, "then", then.capacity);
	view_number(place, "users", now.users);
	if (then.users > then.capacity)
		view_number(place, "above", then.users - then.capacity);
	return FAULT_NONE;
}

static enum fault
show_refusal(struct request *request, enum verdict verdict,
    const struct license_row *row)
{
	const struct verdict_numbers none = { 0 };
	const char *text;

	if (verdict == VERDICT_OK)
		return FAULT_NONE;
	text = mistake_verdict_text(
	    &request->arena, verdict, row->feature, &none);
	view_text(request->view, "refusal", text);
	return text ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
show(struct request *request, const struct license_row *row, bool is_recall,
    int status)
{
	struct page_license_device device;
	enum fault fault = page_license_device_load(&device, request);

	if (fault)
		return fault;
	show_license(request, row);
	view_text(request->view, "server", device.link.server);
	if (row->license.surrender == SURRENDER_ACCEPTED) {
		view_text(request->view, "waits", row->surrender_text);
		view_instant(request->view, "contact", device.link.last_success,
		    request->now);
	}
	fault = show_refusal(request,
	    is_recall ? page_license_may_recall(&device, row)
		      : page_license_may_surrender(request, &device, row),
	    row);
	if (!fault && !is_recall)
		fault = show_capacity(request, row);
	if (fault)
		return fault;
	return page_show(request,
	    is_recall ? "page_license_recall" : "page_license_surrender",
	    status);
}

static enum fault
get(struct request *request, bool is_recall)
{
	struct license_row row;
	enum fault fault = page_license_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show(request, &row, is_recall, 200);
}

/* How far the license server's first word has brought it. */
static enum notice
outcome(const struct license_row *row, bool is_recall)
{
	switch (row->license.surrender) {
	case SURRENDER_PENDING:
		return NOTICE_SURRENDER_PENDING;
	case SURRENDER_ACCEPTED:
		return NOTICE_SURRENDER_DONE;
	case SURRENDER_RECALLING:
		return NOTICE_RECALL_PENDING;
	case SURRENDER_NONE:
		break;
	}
	if (is_recall)
		return NOTICE_RECALL_DONE;
	return *row->surrender_text ? NOTICE_SURRENDER_REFUSED
				    : NOTICE_RECALL_DONE;
}

/* The license server is told now. Without its answer the license stays pending, and the page says since when. */
static enum fault
tell_server(struct request *request, const char *serial, bool is_recall)
{
	struct license_row row;
	json_t *answer;
	enum fault fault = page_link_ask(&answer, request, NULL, ASK_SECONDS);

	json_decref(answer);
	if (fault == FAULT_MEMORY ||
	    (fault = store_license_load(
		 &row, &request->arena, request->store, serial, request->now)))
		return fault;
	return page_done(request, "/licensing/summary",
	    outcome(&row, is_recall), row.serial, row.surrender_text);
}

static enum fault
post(struct request *request, bool is_recall)
{
	struct license_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = page_license_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = is_recall ? ledger_surrender_recall(&ledger, row.license.id)
			  : ledger_surrender(&ledger, row.license.id);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept ? tell_server(request, row.serial, is_recall)
		       : show(request, &row, is_recall, 422);
}

enum fault
page_license_surrender_get(struct request *request)
{
	return get(request, false);
}

enum fault
page_license_surrender_post(struct request *request)
{
	return post(request, false);
}

enum fault
page_license_surrender_recall_get(struct request *request)
{
	return get(request, true);
}

enum fault
page_license_surrender_recall_post(struct request *request)
{
	return post(request, true);
}
