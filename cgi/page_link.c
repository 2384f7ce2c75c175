/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_link.c: what a license client holds and how it got it.
 */
#include "cgi/page_link.h"

#include <inttypes.h>
#include <string.h>

#include "engine/store/store_setting.h"

#define SESSIONS_SHOWN 50

static void
show_state(struct request *request, const struct link_row *link)
{
	struct view place = view_child(request->view, "link");

	view_text(place, "server", link->server);
	view_text(place, "client_name", link->client_name);
	view_text(place, "server_id", link->server_id);
	view_text(place, "network", link->network);
	view_text(place, "network_used", link->network_used);
	view_flag(place, "verify", link->verify);
	view_text(place, "pin", link->pin);
	if (*link->seen_pin && strcmp(link->seen_pin, link->pin))
		view_text(place, "seen_pin", link->seen_pin);
	view_text(place, "failure_code", link->failure_code);
	view_text(place, "failure_text", link->failure_text);
	view_instant(place, "last_success", link->last_success, request->now);
	view_instant(place, "last_attempt", link->last_attempt, request->now);
	view_instant(place, "next_sync", link->next_sync, request->now);
	view_flag(
	    place, "connected", link->last_success && !*link->failure_code);
}

static const struct link_feature_row *
find_leased(
    const struct link_feature_row *rows, size_t count, const char *feature)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i].feature, feature))
			return &rows[i];
	return NULL;
}

static bool
is_shown(
    const struct demand_feature *row, const struct link_feature_row *leased)
{
	return row->own || row->leased || row->auto_leased ||
	    (leased && leased->maximum > 0);
}

static void
show_feature(struct request *request, size_t index,
    const struct demand_feature *row, const struct link_feature_row *leased)
{
	struct view place = view_row(request->view, "features", index);

	view_text(place, "feature", row->feature->name);
	view_number(place, "own", row->own);
	view_number(place, "leased", row->leased);
	view_number(place, "total", row->own + row->leased + row->auto_leased);
	if (!leased)
		return;
	view_number(place, "reserved", leased->reserved);
	view_number(place, "increment", leased->increment);
	view_number(place, "maximum", leased->maximum);
	view_instant(place, "expires", leased->expires, request->now);
	view_text(place, "denied", leased->denied_text);
}

static enum fault
show_users(struct request *request, const struct demand_feature *rows,
    size_t count, bool has_server)
{
	struct demand_gateway gateway = { .platform = catalogue_platform(
					      &request->appliance->catalogue,
					      request->appliance->platform),
		.has_server = has_server };
	struct session_row *sessions;
	size_t session_count;
	int64_t users, rdp;
	enum fault fault;

	if ((fault = store_setting_load(&gateway.default_users, request->store,
		 SETTING_DEFAULT_USERS)) ||
	    (fault = store_session_count(&users, &rdp, request->store)) ||
	    (fault = store_session_list(
		 &sessions, &session_count, &request->arena, request->store)))
		return fault;
	view_number(request->view, "users.signed_in", users);
	view_number(request->view, "users.capacity",
	    demand_capacity(rows, count, &gateway));
	for (size_t i = 0; i < session_count && i < SESSIONS_SHOWN; i++) {
		struct view row = view_row(request->view, "sessions", i);

		view_text(row, "user", sessions[i].user);
		view_text(row, "id", sessions[i].id);
		view_text(row, "feature", sessions[i].feature);
		view_instant(row, "began", sessions[i].began_at, request->now);
	}
	if (session_count > SESSIONS_SHOWN)
		view_number(request->view, "users.more",
		    (int64_t)session_count - SESSIONS_SHOWN);
	return FAULT_NONE;
}

static enum fault
show_features(struct request *request, int64_t server_now, bool has_server)
{
	struct link_feature_row *leased;
	struct demand_feature *rows;
	size_t leased_count, count, shown = 0;
	enum fault fault;

	fault = store_link_features(&leased, &leased_count, &request->arena,
	    request->store, server_now);
	if (!fault)
		fault = store_link_demand(&rows, &count, &request->arena,
		    request->store, &request->appliance->catalogue,
		    request->appliance->product, request->now, server_now);
	if (fault)
		return fault;
	for (size_t i = 0; i < count; i++) {
		const struct link_feature_row *lease = find_leased(
		    leased, leased_count, rows[i].feature->name);

		if (is_shown(&rows[i], lease))
			show_feature(request, shown++, &rows[i], lease);
	}
	return show_users(request, rows, count, has_server);
}

enum fault
page_link_show(bool *has_server, struct request *request)
{
	struct link_row link;
	int64_t server_now = INT64_MAX;
	enum fault fault = store_link_load(
	    &link, &request->arena, request->store);

	*has_server = !fault;
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!fault) {
		show_state(request, &link);
		view_flag(request->view, "link.clock_unknown",
		    link.number &&
			!store_link_server_now(&server_now, &link,
			    request->boot_id, request->elapsed_ms,
			    request->now));
	}
	return show_features(request, server_now, *has_server);
}
