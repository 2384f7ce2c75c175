/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_instances.c: virtual license servers as the center hears them:
 * when each was heard of last, and where two use one hardware ID, each start of
 * one beside the others. Which of two is the right one a person decides.
 */
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "engine/base/hardware_id.h"
#include "engine/rules/heartbeat.h"
#include "engine/store/ledger_instance.h"
#include "engine/store/store_instance.h"

#define SHOWN 500

/* "duplicate" before what its silence says. */
static const char *
state_word(const struct instance_row *row, int64_t now)
{
	if (row->duplicate_since)
		return "duplicate";
	if (heartbeat_is_stopped(row->last_at, now))
		return "stopped";
	return heartbeat_is_missed(row->last_at, now) ? "missed" : "heard";
}

static void
show_row(
    struct view place, struct request *request, const struct instance_row *row)
{
	view_text(place, "hwid", row->hardware_id);
	view_text(place, "customer", row->customer_name);
	view_text(place, "state", state_word(row, request->now));
	view_number(
	    place, "days", heartbeat_days_left(row->last_at, request->now));
	view_text(place, "address", row->address);
	view_text(place, "instance", row->instance);
	view_text(place, "boot", row->boot);
	view_number(place, "sequence", row->sequence);
	view_instant(place, "first", row->first_at, request->now);
	view_instant(place, "last", row->last_at, request->now);
	view_instant(place, "since", row->duplicate_since, request->now);
	view_flag(place, "is_last", !row->superseded_at);
}

enum fault
page_center_instances_get(struct request *request)
{
	struct instance_row *rows;
	size_t count, duplicates = 0;
	enum fault fault = store_instance_list(&rows, &count, &request->arena,
	    request->store, NULL, SHOWN + 1);

	if (fault)
		return fault;
	view_flag(request->view, "is_cut", count > SHOWN);
	for (size_t i = 0; i < count && i < SHOWN; i++) {
		show_row(view_row(request->view, "instances", i), request,
		    &rows[i]);
		duplicates += rows[i].duplicate_since != 0;
	}
	if (duplicates)
		view_number(
		    request->view, "duplicates", (int64_t)duplicates);
	return page_show(request, "page_center_instances", 200);
}

/* ---- one of them ---- */

/* The page is filled; or one of 404 was made, and FAULT_NOT_FOUND answered. */
static enum fault
fill(struct request *request)
{
	struct instance_row *rows;
	size_t count = 0;
	enum fault fault = FAULT_NONE;

	if (hardware_id_is_valid(request->argument))
		fault = store_instance_list(&rows, &count, &request->arena,
		    request->store, request->argument, SHOWN);
	if (fault)
		return fault;
	if (!count) {
		page_error(request, 404, "no_instance", request->argument);
		return FAULT_NOT_FOUND;
	}
	show_row(view_child(request->view, "server"), request, &rows[0]);
	for (size_t i = 0; i < count; i++)
		show_row(
		    view_row(request->view, "boots", i), request, &rows[i]);
	return FAULT_NONE;
}

enum fault
page_center_instances_one_get(struct request *request)
{
	enum fault fault = fill(request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return page_show(request, "page_center_instance", 200);
}

enum fault
page_center_instances_one_post(struct request *request)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault = fill(request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_instance_clear(&ledger, request->argument);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept ? page_done(request, "/center/instances",
			     NOTICE_INSTANCE_CLEARED, request->argument, NULL)
		       : page_show_again(request, "page_center_instance");
}
