/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_link.c: what a license client holds and how it got it.
 */
#include "cgi/page_link.h"

#include <inttypes.h>
#include <string.h>

#include "engine/peer/agent_call.h"
#include "engine/peer/sync_leader.h"
#include "engine/store/store_admission.h"
#include "engine/store/store_link_auto_lease.h"
#include "engine/store/store_link_trial.h"
#include "engine/store/store_membership.h"

static enum fault
load_contact(struct page_link_contact *out, struct request *request)
{
	enum fault fault;

	*out = (struct page_link_contact){ .server_now = INT64_MAX };
	fault = store_link_load(&out->link, &request->arena, request->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	out->has_server = true;
	if (!store_link_server_now(&out->server_now, &out->link,
		request->boot_id, request->elapsed_ms, request->now))
		out->server_now = INT64_MAX;
	return FAULT_NONE;
}

/* ---- what the server said ---- */

/* "list".N.text of a JSON array of things with a text; those with the code "except" are told elsewhere. */
static void
show_texts(struct request *request, const char *list, const char *json,
    const char *except)
{
	const char *wrapped = arena_format(
	    &request->arena, "{\"items\":%s}", *json ? json : "[]");
	char reason[128];
	json_t *object, *item;
	size_t index, shown = 0;

	if (!wrapped ||
	    !(object = json_load_object(
		  wrapped, strlen(wrapped), reason, sizeof(reason))))
		return;
	json_array_foreach(json_object_get(object, "items"), index, item)
	{
		const char *code = json_text(item, "code");
		struct view row;
		int64_t since;

		if (code && !strcmp(code, except))
			continue;
		row = view_row(request->view, list, shown++);
		view_text(row, "text", json_text(item, "text"));
		if (json_int64(&since, item, "since", 1, INT64_MAX))
			view_instant(row, "since", since, request->now);
	}
	json_decref(object);
}

/* Who asks: the same that the agent goes by. */
static enum fault
show_cluster(struct request *request, const struct link_row *link)
{
	struct view place = view_child(request->view, "cluster");
	struct sync_leader leader;
	enum fault fault = sync_leader_find(
	    &leader, &request->arena, request->store, link);

	if (fault)
		return fault;
	view_text(place, "name", link->cluster);
	view_text(place, "leader", link->leader);
	view_flag(place, "is_leader", leader.is_self);
	view_flag(place, "asks_leader", leader.may_ask);
	view_instant(place, "until", link->leader_until, request->now);
	return FAULT_NONE;
}

/* Why it is out of compliance stands on a page of its own. */
static enum fault
show_compliance(struct request *request, const struct link_row *link)
{
	struct membership_part *parts;
	size_t count, shown = 0;
	enum fault fault = store_membership_own(&parts, &count, &request->arena,
	    request->store, link, request->now);

	for (size_t i = 0, next; !fault && i < count; i += next) {
		struct view row = view_row(
		    request->view, "compliance", shown++);

		view_text(row, "feature", parts[i].feature);
		view_number(row, "units",
		    store_membership_units(&next, &parts[i], count - i));
	}
	return fault;
}

static enum fault
show_state(struct request *request, const struct link_row *link)
{
	struct view place = view_child(request->view, "link");
	enum fault fault;

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
	view_instant(place, "lost", link->lost_at, request->now);
	if (link->penalty_until > request->now)
		view_instant(
		    place, "penalty", link->penalty_until, request->now);
	show_texts(request, "notices", link->notices, "out_of_compliance");
	if (*link->cluster && (fault = show_cluster(request, link)))
		return fault;
	return show_compliance(request, link);
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

/* What it took by itself, and how long it may keep that. "whole" has expired parts, too. */
static void
show_auto_lease(struct view place, const struct page_link_contact *contact,
    const struct demand_feature *row, const struct link_feature_row *whole)
{
	struct auto_lease_contact alone = store_link_auto_lease_contact(
	    &contact->link, whole);
	int64_t ends = auto_lease_ends(&alone);

	view_flag(place, "auto.known", contact->link.last_success);
	view_flag(place, "auto.on", whole->auto_lease);
	if (row->auto_leased)
		view_number(place, "auto.units", row->auto_leased);
	if (contact->link.lost_at && ends > contact->server_now)
		view_instant(place, "auto.ends", ends, contact->server_now);
}

static void
show_feature(struct request *request, struct view place,
    const struct demand_feature *row, const struct link_feature_row *leased)
{
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

/* ---- users ---- */

static enum fault
load_demand(struct demand_feature **rows, size_t *count,
    struct request *request, int64_t server_now)
{
	return store_link_demand(rows, count, &request->arena, request->store,
	    &request->appliance->catalogue, request->appliance->product,
	    request->now, server_now);
}

enum fault
page_link_capacity_load(struct page_link_capacity *out, struct request *request,
    const char *feature, int64_t less)
{
	struct demand_gateway gateway;
	struct demand_feature *rows;
	struct demand_limit limit;
	struct page_link_contact contact;
	int64_t rdp;
	size_t count;
	enum fault fault;

	if ((fault = load_contact(&contact, request)) ||
	    (fault = load_demand(&rows, &count, request, contact.server_now)) ||
	    (fault = store_admission_gateway(&gateway, request->store,
		 request->appliance, contact.has_server)) ||
	    (fault = store_session_count(&out->users, &rdp, request->store)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i].feature->name, feature))
			rows[i].own = instant_units_less(rows[i].own, less);
	demand_limit_users(&limit, rows, count, &gateway);
	out->capacity = instant_units_add(limit.capacity, limit.over_capacity);
	return FAULT_NONE;
}

enum fault
page_link_capacity_alone_load(
    struct page_link_capacity *out, struct request *request)
{
	struct demand_gateway gateway;
	struct demand_feature *rows;
	struct demand_limit limit;
	int64_t rdp;
	size_t count;
	enum fault fault;

	/* Where its clock is not known own licenses wait for the server; without one they do not. */
	if ((fault = load_demand(&rows, &count, request, 0)) ||
	    (fault = store_admission_gateway(
		 &gateway, request->store, request->appliance, false)) ||
	    (fault = store_session_count(&out->users, &rdp, request->store)))
		return fault;
	for (size_t i = 0; i < count; i++)
		rows[i].leased = rows[i].auto_leased = rows[i].surplus = 0;
	demand_limit_users(&limit, rows, count, &gateway);
	out->capacity = instant_units_add(limit.capacity, limit.over_capacity);
	return FAULT_NONE;
}

static enum fault
show_users(struct request *request, const struct demand_feature *rows,
    size_t count, bool has_server)
{
	struct demand_gateway gateway;
	struct demand_limit limit;
	int64_t users, rdp;
	enum fault fault;

	if ((fault = store_admission_gateway(
		 &gateway, request->store, request->appliance, has_server)) ||
	    (fault = store_session_count(&users, &rdp, request->store)))
		return fault;
	view_number(request->view, "users.signed_in", users);
	demand_limit_users(&limit, rows, count, &gateway);
	view_number(request->view, "users.capacity", limit.capacity);
	view_flag(request->view, "users.is_monitoring", gateway.is_monitoring);
	return FAULT_NONE;
}

static enum fault
show_features(struct request *request, const struct page_link_contact *contact)
{
	struct link_feature_row *leased, *whole;
	struct demand_feature *rows;
	size_t leased_count, whole_count, count, shown = 0;
	enum fault fault;

	if ((fault = store_link_features(&leased, &leased_count,
		 &request->arena, request->store, contact->server_now)) ||
	    (fault = store_link_features(
		 &whole, &whole_count, &request->arena, request->store, 0)) ||
	    (fault = load_demand(&rows, &count, request, contact->server_now)))
		return fault;
	for (size_t i = 0; i < count; i++) {
		const char *name = rows[i].feature->name;
		const struct link_feature_row *all = find_leased(
		    whole, whole_count, name);
		const struct link_feature_row *lease = find_leased(
		    leased, leased_count, name);
		struct view place;

		if (!is_shown(&rows[i], lease))
			continue;
		place = view_row(request->view, "features", shown++);
		show_feature(request, place, &rows[i], lease);
		if (all)
			show_auto_lease(place, contact, &rows[i], all);
	}
	return show_users(request, rows, count, contact->has_server);
}

enum fault
page_link_show(struct page_link_contact *out, struct request *request)
{
	bool is_tried;
	enum fault fault = load_contact(out, request);

	if (fault)
		return fault;
	if ((fault = store_link_trial_is_there(&is_tried, request->store)))
		return fault;
	view_flag(request->view, "link.is_tried", is_tried);
	if (out->has_server) {
		if ((fault = show_state(request, &out->link)))
			return fault;
		view_flag(request->view, "link.clock_unknown",
		    out->link.number && out->server_now == INT64_MAX);
	}
	return show_features(request, out);
}

/* ---- asking it ---- */

enum fault
page_link_ask(
    json_t **answer, struct request *request, const char *actor, int seconds)
{
	json_t *question = json_pack("{s:s, s:s*, s:s}", "op", "sync", "actor",
	    actor, "address", request->address);
	enum fault fault;

	*answer = NULL;
	if (!question)
		return FAULT_MEMORY;
	fault = agent_call(
	    answer, request->appliance->state_directory, question, seconds);
	json_decref(question);
	return fault;
}
