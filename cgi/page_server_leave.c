/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_leave.c: removes the license server, after a page that says what
 * ends and who is affected; and the same for Configure Server, where another
 * one takes its place.
 */
#include "cgi/page_server_leave.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/page_link.h"
#include "cgi/pages.h"
#include "engine/store/store_link_auto_lease.h"
#include "engine/store/store_link_leave.h"

#define HERE "/licensing/server"

static const struct form_field fields[] = {
	{ "leave", FORM_FLAG, false, 0, 0, 0, "Leave its licenses there" },
};
const struct form_table page_server_leave_form = { fields, 1 };

/* FAULT_NOT_FOUND without a server. */
static enum fault
load(struct link_leave *out, struct link_row *link, struct request *request)
{
	int64_t server_now;
	enum fault fault = store_link_load(
	    link, &request->arena, request->store);

	if (fault)
		return fault;
	if (!store_link_server_now(&server_now, link, request->boot_id,
		request->elapsed_ms, request->now))
		server_now = INT64_MAX;
	return store_link_leave_load(out, &request->arena, request->store,
	    request->now, server_now);
}

static void
show(struct request *request, const struct link_leave *leave,
    const struct link_row *link)
{
	struct view place = view_child(request->view, "leave");

	view_text(place, "server", link->server);
	view_text(place, "client_name", link->client_name);
	view_flag(place, "is_something",
	    leave->leased_count > 0 || leave->license_count > 0);
	for (size_t i = 0; i < leave->leased_count; i++) {
		struct view row = view_row(place, "leased", i);

		view_text(row, "feature", leave->leased[i].feature);
		view_number(row, "units", leave->leased[i].leased);
		view_instant(
		    row, "expires", leave->leased[i].expires, request->now);
	}
	for (size_t i = 0; i < leave->license_count; i++) {
		struct view row = view_row(place, "licenses", i);

		view_text(row, "serial", leave->licenses[i].serial);
		view_text(row, "sku", leave->licenses[i].sku);
		view_format(row, "id", "%" PRId64,
		    leave->licenses[i].license.id);
	}
}

enum fault
page_server_leave_show(struct request *request)
{
	struct link_leave leave;
	struct link_row link;
	enum fault fault = load(&leave, &link, request);

	if (!fault)
		show(request, &leave, &link);
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault
page_server_leave_check(struct ledger *ledger, const struct request *request,
    const struct link_input *input)
{
	struct link_leave leave;
	struct link_row link;
	struct request asked = *request;
	const char *units;
	enum fault fault = load(&leave, &link, &asked);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (input->leaves_licenses || leave.leased_count == 0 ||
	    store_link_is_with(&link, input->server, input->client_name))
		return FAULT_NONE;
	if (!(units = store_link_leave_units(ledger->arena, &leave)))
		return FAULT_MEMORY;
	mistake_add(&ledger->mistakes, "leave", MISTAKE_LINK_LEASED,
	    link.server, units);
	return FAULT_NONE;
}

/* ---- none in its place ---- */

/* Who is here, and for how many there is room with the server and without it. */
static enum fault
show_capacity(struct request *request)
{
	struct view place = view_child(request->view, "capacity");
	struct page_link_capacity now, then;
	enum fault fault;

	if ((fault = page_link_capacity_load(&now, request, "", 0)) ||
	    (fault = page_link_capacity_alone_load(&then, request)))
		return fault;
	view_number(place, "now", now.capacity);
	view_number(place, "then", then.capacity);
	view_number(place, "users", now.users);
	if (then.users > then.capacity)
		view_number(place, "above", then.users - then.capacity);
	return FAULT_NONE;
}

static enum fault
show_auto_leased(struct request *request)
{
	struct link_auto_lease_row *rows;
	size_t count;
	enum fault fault = store_link_auto_lease_list(
	    &rows, &count, &request->arena, request->store);

	view_flag(request->view, "leave.is_unreported", count > 0);
	return fault;
}

static enum fault
show_page(struct request *request, int status)
{
	struct link_leave leave;
	struct link_row link;
	enum fault fault = load(&leave, &link, request);

	if (fault == FAULT_NOT_FOUND)
		return page_done(request, HERE, NOTICE_NONE, NULL, NULL);
	if (fault)
		return fault;
	show(request, &leave, &link);
	form_show(request->view, &page_server_leave_form, &request->form,
	    &request->mistakes);
	if ((fault = show_auto_leased(request)) ||
	    (fault = show_capacity(request)))
		return fault;
	return page_show(request, "page_server_remove", status);
}

enum fault
page_server_leave_get(struct request *request)
{
	return show_page(request, 200);
}

enum fault
page_server_leave_post(struct request *request)
{
	struct link_row link;
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = store_link_load(&link, &request->arena, request->store);
	if (!fault)
		fault = ledger_link_remove(
		    &ledger, form_has(&request->form, "leave"));
	fault = page_end(&is_kept, &ledger, request, fault);
	/* Removed already. */
	if (fault == FAULT_NOT_FOUND)
		return page_done(request, HERE, NOTICE_NONE, NULL, NULL);
	if (fault)
		return fault;
	return is_kept
	    ? page_done(request, HERE, NOTICE_LINK_REMOVED, link.server, NULL)
	    : show_page(request, 422);
}
