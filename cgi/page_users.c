/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_users.c: who is signed in at this gateway, and how users are admitted.
 */
#include "cgi/page_users.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/page.h"
#include "cgi/pages.h"
#include "cgi/paging.h"
#include "engine/store/store_admission.h"

#define FIND_MAX     256
#define BEYOND_SHOWN 50
#define TIMEOUT_MAX  LEDGER_SESSION_TIMEOUT_MAX

static const struct form_field query_fields[] = {
	{ "find", FORM_TEXT, false, FIND_MAX, 0, 0, "Find" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
};
const struct form_table page_users_query = { query_fields, 2 };

static const struct form_field fields[] = {
	{ "mode", FORM_TEXT, false, 16, 0, 0, "Mode" },
	{ "wait", FORM_NUMBER, true, 0, 0, 60, "Wait for capacity" },
	{ "ahead", FORM_NUMBER, true, 0, 0, 100, "Ask ahead" },
	{ "timeout", FORM_NUMBER, true, 0, 0, TIMEOUT_MAX, "Session timeout" },
	{ "allowance", FORM_NUMBER, false, 0, 0, 1000,
	    "Over-capacity allowance" },
	{ "default_users", FORM_NUMBER, true, 0, 0, 1000,
	    "Users without a license" },
	{ "save", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "confirm", FORM_BUTTON, false, 0, 0, 0, "" },
};
const struct form_table page_users_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

/* ---- sessions ---- */

void
page_users_show_session(
    struct view place, struct request *request, const struct session_row *row)
{
	view_text(place, "user", row->user);
	view_text(place, "id", row->id);
	view_text(place, "id_url", address_encode(&request->arena, row->id));
	view_text(place, "feature", row->feature);
	view_text(place, "gateway", row->gateway);
	view_instant(place, "began", row->began_at, request->now);
	if (row->seen_at > row->began_at)
		view_instant(place, "seen", row->seen_at, request->now);
	view_instant(place, "over", row->over_at, request->now);
}

static enum fault
show_sessions(struct request *request)
{
	struct paging paging = paging_at(
	    form_number(&request->form, "page", 1));
	struct session_filter filter = { form_text(&request->form, "find"), 0,
		PAGING_ROWS };
	struct view query = view_child(request->view, "query");
	struct session_row *rows;
	int64_t matching;
	enum fault fault;
	size_t count;

	do {
		filter.offset = paging.offset;
		if ((fault = store_session_find(&rows, &count, &matching,
			 &request->arena, request->store, &filter)))
			return fault;
	} while (paging_is_beyond(&paging, count, matching));
	for (size_t i = 0; i < count; i++)
		page_users_show_session(
		    view_row(request->view, "sessions", i), request, &rows[i]);
	paging_show(request->view, &paging, count, matching);
	view_text(query, "find", filter.find);
	view_text(
	    query, "find_url", address_encode(&request->arena, filter.find));
	return FAULT_NONE;
}

/* ---- limits ---- */

/* INT64_MAX without a server, or when its clock is not known. */
static enum fault
load_clock(int64_t *server_now, struct request *request)
{
	struct link_row link;
	enum fault fault = store_link_load(
	    &link, &request->arena, request->store);

	*server_now = INT64_MAX;
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (!store_link_server_now(server_now, &link, request->boot_id,
		request->elapsed_ms, request->now))
		*server_now = INT64_MAX;
	return FAULT_NONE;
}

static enum fault
load_limits(struct admission_limits *out, struct request *request)
{
	int64_t server_now;
	enum fault fault;

	if ((fault = load_clock(&server_now, request)))
		return fault;
	return store_admission_limits(out, &request->arena, request->store,
	    request->appliance, request->now, server_now);
}

static void
show_limit(struct view place, const struct demand_limit *limit, int64_t users)
{
	int64_t beyond = demand_beyond(users, limit);

	view_number(place, "here", users);
	view_number(place, "capacity", limit->capacity);
	if (limit->over_capacity)
		view_number(place, "over_capacity", limit->over_capacity);
	if (limit->surplus)
		view_number(place, "surplus", limit->surplus);
	if (limit->most != INT64_MAX)
		view_number(place, "most", limit->most);
	if (beyond)
		view_number(place, "beyond", beyond);
}

static enum fault
show_limits(struct request *request)
{
	struct admission_limits limits;
	enum fault fault = load_limits(&limits, request);

	if (fault)
		return fault;
	show_limit(view_child(request->view, "users"), &limits.users,
	    limits.users_here);
	view_flag(request->view, "is_monitoring", limits.is_monitoring);
	if (limits.rdp_here || limits.rdp.capacity)
		show_limit(view_child(request->view, "rdp"), &limits.rdp,
		    limits.rdp_here);
	return FAULT_NONE;
}

/* ---- settings ---- */

static void
preset_number(struct request *request, const char *name, int64_t value)
{
	form_preset(request->view, name,
	    arena_format(&request->arena, "%" PRId64, value));
}

static enum fault
show_settings(struct request *request, bool is_typed)
{
	const struct platform *platform = catalogue_platform(
	    &request->appliance->catalogue, request->appliance->platform);
	struct admission_input saved;
	struct form nothing = { 0 };
	enum fault fault = store_admission_settings(&saved, request->store);
	const char *mode;

	if (fault)
		return fault;
	preset_number(request, "wait", saved.wait);
	preset_number(request, "ahead", saved.ahead);
	preset_number(request, "timeout", saved.timeout);
	if (saved.allowance != ADMISSION_PLATFORM)
		preset_number(request, "allowance", saved.allowance);
	preset_number(request, "default_users", saved.default_users);
	form_show(request->view, &page_users_form,
	    is_typed ? &request->form : &nothing, &request->mistakes);
	mode = is_typed ? form_text(&request->form, "mode") : "";
	view_flag(request->view, "form.is_monitoring",
	    *mode ? !strcmp(mode, "monitoring")
		  : saved.mode == ADMISSION_MONITORING);
	view_flag(request->view, "form.is_open", is_typed);
	view_text(request->view, "platform.name", request->appliance->platform);
	view_number(request->view, "platform.allowance",
	    platform ? platform->over_capacity_percent : 0);
	if (platform && platform->users_max)
		view_number(
		    request->view, "platform.most", platform->users_max);
	return FAULT_NONE;
}

static enum fault
fill(struct request *request, bool is_typed)
{
	enum fault fault;

	if ((fault = show_limits(request)) ||
	    (fault = show_settings(request, is_typed)))
		return fault;
	return show_sessions(request);
}

enum fault
page_users_get(struct request *request)
{
	enum fault fault;

	/* A page number that is none shows the first page. */
	request->mistakes.count = 0;
	fault = fill(request, false);
	return fault ? fault : page_show(request, "page_users", 200);
}

static enum fault
show_again(struct request *request)
{
	enum fault fault = fill(request, true);

	return fault ? fault : page_show_again(request, "page_users");
}

static struct admission_input
typed(const struct form *form)
{
	return (struct admission_input){ .mode = strcmp(form_text(form, "mode"),
						     "monitoring")
		    ? ADMISSION_ENFORCING
		    : ADMISSION_MONITORING,
		.wait = form_number(form, "wait", 0),
		.ahead = form_number(form, "ahead", 0),
		.timeout = form_number(form, "timeout", 0),
		.allowance = form_number(form, "allowance", ADMISSION_PLATFORM),
		.default_users = form_number(form, "default_users", 0) };
}

/* ---- from monitoring to enforcing ---- */

static enum fault
show_beyond(
    struct request *request, const char *list, bool is_rdp, int64_t beyond)
{
	struct session_row *rows;
	size_t count;
	enum fault fault = store_session_last(&rows, &count, &request->arena,
	    request->store, is_rdp,
	    beyond < BEYOND_SHOWN ? beyond : BEYOND_SHOWN);

	for (size_t i = 0; !fault && i < count; i++)
		page_users_show_session(
		    view_row(request->view, list, i), request, &rows[i]);
	return fault;
}

static enum fault
show_confirm(struct request *request, const struct admission_limits *limits)
{
	int64_t users = demand_beyond(limits->users_here, &limits->users);
	int64_t rdp = demand_beyond(limits->rdp_here, &limits->rdp);
	int64_t all = instant_units_add(users, rdp);
	enum fault fault;

	show_limit(view_child(request->view, "users"), &limits->users,
	    limits->users_here);
	show_limit(
	    view_child(request->view, "rdp"), &limits->rdp, limits->rdp_here);
	if (all)
		view_number(request->view, "beyond", all);
	view_flag(request->view, "beyond_more",
	    users > BEYOND_SHOWN || rdp > BEYOND_SHOWN);
	form_show(request->view, &page_users_form, &request->form,
	    &request->mistakes);
	if ((fault = show_beyond(request, "sessions", false, users)) ||
	    (fault = show_beyond(request, "rdp_sessions", true, rdp)))
		return fault;
	return page_show(request, "page_users_enforce", 200);
}

/* Saves, or with "limits" only finds out what that would mean. */
static enum fault
save(bool *is_kept, struct admission_limits *limits, struct request *request)
{
	const struct admission_input input = typed(&request->form);
	struct ledger ledger;
	enum fault fault;

	*is_kept = false;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_session_settings(&ledger, &input);
	if (fault || !limits || ledger.mistakes.count)
		return page_end(is_kept, &ledger, request, fault);
	fault = load_limits(limits, request);
	store_rollback(request->store);
	return fault;
}

static enum fault
is_switch(bool *out, struct request *request)
{
	struct admission_input saved;
	enum fault fault = store_admission_settings(&saved, request->store);

	*out = !fault && saved.mode == ADMISSION_MONITORING &&
	    typed(&request->form).mode == ADMISSION_ENFORCING;
	return fault;
}

enum fault
page_users_post(struct request *request)
{
	struct admission_limits limits;
	bool is_kept, must_ask;
	enum fault fault;

	if (request->mistakes.count)
		return show_again(request);
	if ((fault = is_switch(&must_ask, request)))
		return fault;
	must_ask = must_ask && !form_has(&request->form, "confirm");
	if ((fault = save(&is_kept, must_ask ? &limits : NULL, request)))
		return fault;
	if (request->mistakes.count)
		return show_again(request);
	if (must_ask)
		return show_confirm(request, &limits);
	return page_done(
	    request, "/status/users", NOTICE_ADMISSION_SAVED, NULL, NULL);
}
