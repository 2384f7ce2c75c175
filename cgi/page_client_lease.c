/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client_lease.c: what one license client has: its lease part by part
 * and where the units come from, what it was denied and who has that, its
 * member license, its cluster, and what it lent to this server.
 */
#include "cgi/page_client.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/page_pool.h"
#include "engine/base/json.h"
#include "engine/store/store_cluster.h"
#include "engine/store/store_membership.h"
#include "engine/store/store_setting.h"
#include "engine/store/store_surrendered.h"

/* Who has the units, as the client was told. */
static void
show_holders(struct request *request, struct view place, const char *holders)
{
	const char *wrapped = arena_format(
	    &request->arena, "{\"items\":%s}", holders);
	char reason[128];
	json_t *object, *item;
	size_t index;

	if (!wrapped ||
	    !(object = json_load_object(
		  wrapped, strlen(wrapped), reason, sizeof(reason))))
		return;
	json_array_foreach(json_object_get(object, "items"), index, item)
	{
		struct view row = view_row(place, "holders", index);
		int64_t number;

		view_text(row, "client", json_text(item, "client"));
		if (json_int64(&number, item, "units", 1, INT64_MAX))
			view_number(row, "units", number);
		if (json_int64(&number, item, "expires", 1, INT64_MAX))
			view_instant(row, "expires", number, request->now);
	}
	json_decref(object);
}

static enum fault
show_features(struct request *request, const struct client_row *client)
{
	struct client_feature_row *features;
	size_t count;
	enum fault fault = store_client_features(&features, &count,
	    &request->arena, request->store, client->id, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(request->view, "lease", i);

		view_text(row, "feature", features[i].feature);
		view_number(row, "leased", features[i].leased);
		view_number(row, "held", features[i].held);
		view_text(row, "denied", features[i].denied_text);
		show_holders(request, row, features[i].denied_holders);
		if (features[i].releasing > 0) {
			view_number(row, "releasing", features[i].releasing);
			view_instant(row, "until", features[i].releasing_until,
			    request->now);
		}
	}
	return fault;
}

static void
show_part(struct view row, const struct client_part_row *shown, int64_t now)
{
	const struct lease_part *part = &shown->part;
	int64_t units = instant_units_times(part->size, part->count);
	int64_t permanent = instant_units_less(units, part->subscription);

	view_text(row, "feature", shown->feature);
	view_flag(row, "is_reserved", part->kind == LEASE_PART_RESERVED);
	view_number(row, "units", units);
	view_number(row, "count", part->count);
	view_number(row, "size", part->size);
	if (part->subscription > 0)
		view_number(row, "subscription", part->subscription);
	if (permanent > 0)
		view_number(row, "permanent", permanent);
	view_instant(row, "granted", part->granted, now);
	view_instant(row, "expires", part->expires, now);
	view_flag(row, "lapsing", part->is_lapsing);
}

static enum fault
show_parts(struct request *request, const struct client_row *client)
{
	struct client_part_row *parts;
	size_t count;
	enum fault fault = store_client_parts(&parts, &count, &request->arena,
	    request->store, client->id, request->now);

	for (size_t i = 0; !fault && i < count; i++)
		show_part(view_row(request->view, "parts", i), &parts[i],
		    request->now);
	return fault;
}

static enum fault
show_cluster(struct request *request, const struct client_row *client)
{
	struct view place = view_child(request->view, "client");
	struct cluster_row cluster;
	enum fault fault;

	if (!*client->cluster)
		return FAULT_NONE;
	view_text(place, "cluster", client->cluster);
	fault = store_cluster_load(
	    &cluster, &request->arena, request->store, client->cluster);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	view_text(place, "leader.name", cluster.leader_name);
	view_text(place, "leader.path",
	    page_client_path(request, cluster.leader_name, cluster.leader));
	view_flag(place, "leader.is_itself", cluster.leader == client->id);
	return FAULT_NONE;
}

static enum fault
show_surrendered(struct request *request, const struct client_row *client)
{
	struct surrendered_row *rows;
	size_t count;
	enum fault fault = store_surrendered_list(
	    &rows, &count, &request->arena, request->store, client->id);

	for (size_t i = 0; !fault && i < count; i++)
		fault = page_pool_show_held(
		    view_row(request->view, "surrendered", i), request,
		    &rows[i]);
	return fault;
}

/* Only while a part runs for which it lacks a member license. */
static enum fault
show_compliance(struct request *request, const struct client_row *client)
{
	struct view place = view_child(request->view, "client");
	struct membership_part *parts;
	size_t count;
	enum fault fault = store_membership_of(&parts, &count, &request->arena,
	    request->store, client->id, request->now);

	if (!fault && count > 0)
		view_instant(
		    place, "noncompliant", parts[0].since, request->now);
	return fault;
}

enum fault
page_client_lease_show(struct request *request, const struct client_row *client)
{
	struct view place = view_child(request->view, "client");
	enum fault fault;

	view_text(place, "member", client->member);
	view_format(place, "id", "%" PRId64, client->id);
	if ((fault = show_compliance(request, client)) ||
	    (fault = show_features(request, client)) ||
	    (fault = show_parts(request, client)) ||
	    (fault = show_cluster(request, client)))
		return fault;
	return show_surrendered(request, client);
}

/* While strict membership is on, a client without a member license gets subscription units only. */
enum fault
page_client_lease_warn(struct request *request, const struct client_row *client)
{
	int64_t is_strict;
	enum fault fault = store_setting_load(
	    &is_strict, request->store, SETTING_STRICT_MEMBERSHIP);

	view_flag(request->view, "strict",
	    !fault && is_strict && (!client || !*client->member));
	return fault;
}
