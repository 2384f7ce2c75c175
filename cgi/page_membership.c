/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_membership.c: why a client is out of compliance, step by step: which
 * parts of its lease draw on permanent licenses, since when, which member
 * license is missing, and what of it can be mended where. One explanation for
 * both sides; the links are those of the console that shows it.
 */
#include "cgi/page_membership.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/form.h"
#include "cgi/page.h"
#include "engine/store/store_client.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link.h"
#include "engine/store/store_membership.h"
#include "engine/store/store_setting.h"
#include "engine/store/store_surrendered.h"

static void
show_part(struct view row, const struct membership_part *part, int64_t now)
{
	view_flag(row, "is_reserved", part->is_reserved);
	view_number(row, "units", part->units);
	view_instant(row, "granted", part->granted, now);
	view_instant(row, "expires", part->expires, now);
}

static enum fault
show_features(struct view place, struct request *request,
    const struct membership_part *parts, size_t count)
{
	size_t index = 0;

	for (size_t i = 0, next; i < count; i += next) {
		struct view row = view_row(place, "features", index++);
		const char *field = arena_format(
		    &request->arena, "maximum.%s", parts[i].feature);
		char id[96];

		if (!field)
			return FAULT_MEMORY;
		form_id(id, sizeof(id), field);
		view_text(row, "feature", parts[i].feature);
		view_text(row, "field", id);
		view_number(row, "units",
		    store_membership_units(&next, &parts[i], count - i));
		for (size_t k = 0; k < next; k++)
			show_part(view_row(row, "parts", k), &parts[i + k],
			    request->now);
	}
	return FAULT_NONE;
}

static bool
is_drawn(const char *feature, const struct membership_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(parts[i].feature, feature))
			return true;
	return false;
}

/* Which member license its platform asks for. */
static void
show_missing(struct view place, struct request *request, const char *name)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;
	const struct platform *platform = catalogue_platform(catalogue, name);

	view_text(place, "platform", name);
	if (platform)
		view_text(
		    place, "sku", catalogue_member_prefix(catalogue, platform));
}

/* ---- on the license server, of one client ---- */

/* What it lent to this server of that feature serves its users without a member license, at home. */
static enum fault
show_surrendered(struct view place, struct request *request, int64_t client,
    const struct membership_part *parts, size_t part_count)
{
	struct surrendered_row *rows;
	size_t count, shown = 0;
	enum fault fault = store_surrendered_list(
	    &rows, &count, &request->arena, request->store, client);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row;

		if (rows[i].state != SURRENDER_ROW_ACCEPTED ||
		    !is_drawn(rows[i].feature, parts, part_count))
			continue;
		row = view_row(place, "surrendered", shown++);
		view_text(row, "serial", rows[i].serial);
		view_text(row, "sku", rows[i].sku);
	}
	return fault;
}

static enum fault
show_client(struct request *request, size_t index,
    const struct client_row *client, const struct membership_part *parts,
    size_t count)
{
	struct view place = view_row(request->view, "members", index);
	enum fault fault;

	view_text(place, "name", client->name);
	view_format(place, "id", "%" PRId64, client->id);
	view_text(
	    place, "path", page_client_path(request, client->name, client->id));
	view_text(place, "hardware_id", client->hardware_id);
	view_instant(place, "since", parts[0].since, request->now);
	view_instant(place, "contact", client->last_contact, request->now);
	show_missing(place, request, client->platform);
	fault = show_features(place, request, parts, count);
	return fault
	    ? fault
	    : show_surrendered(place, request, client->id, parts, count);
}

enum fault
page_membership_show_client(
    size_t *shown, struct request *request, int64_t client)
{
	struct membership_part *parts;
	struct client_row row;
	int64_t is_strict;
	size_t count;
	enum fault fault;

	if ((fault = store_membership_of(&parts, &count, &request->arena,
		 request->store, client, request->now)) ||
	    count == 0)
		return fault;
	if ((fault = store_client_load_id(
		 &row, &request->arena, request->store, client)) ||
	    (fault = store_setting_load(
		 &is_strict, request->store, SETTING_STRICT_MEMBERSHIP)))
		return fault;
	view_flag(request->view, "strict", is_strict);
	return show_client(request, (*shown)++, &row, parts, count);
}

/* ---- on the client itself ---- */

/* A member license is here, but not for the license server: that has it otherwise configured, or trusts another issuer. */
static void
show_own_member(struct view place, const struct license_row *row)
{
	if (strcmp(row->feature, CATALOGUE_MEMBER) != 0 ||
	    row->state != LICENSE_ACTIVE || row->distrusted_at)
		return;
	view_text(place, "refused.sku", row->sku);
	view_text(place, "refused.serial", row->serial);
}

static enum fault
show_own_licenses(struct view place, struct request *request,
    const struct membership_part *parts, size_t part_count)
{
	struct license_row *rows;
	size_t count, shown = 0;
	enum fault fault = store_license_list(
	    &rows, &count, &request->arena, request->store, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row;

		show_own_member(place, &rows[i]);
		if (rows[i].license.surrender != SURRENDER_ACCEPTED ||
		    !is_drawn(rows[i].feature, parts, part_count))
			continue;
		row = view_row(place, "surrendered", shown++);
		view_text(row, "serial", rows[i].serial);
		view_text(row, "sku", rows[i].sku);
		view_format(row, "path", "/licensing/keys/%" PRId64 "/recall",
		    rows[i].license.id);
	}
	return fault;
}

enum fault
page_membership_show_own(struct request *request)
{
	struct membership_part *parts;
	struct link_row link;
	struct view place;
	size_t count;
	enum fault fault = store_link_load(
	    &link, &request->arena, request->store);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_membership_own(&parts, &count, &request->arena,
		 request->store, &link, request->now)) ||
	    count == 0)
		return fault;
	place = view_row(request->view, "members", 0);
	view_text(place, "name", link.client_name);
	view_text(place, "id", "own");
	view_text(place, "server", link.server);
	view_text(place, "hardware_id", request->appliance->hardware_id);
	view_instant(place, "since", parts[0].since, request->now);
	view_instant(place, "contact", link.last_success, request->now);
	show_missing(place, request, request->appliance->platform);
	fault = show_features(place, request, parts, count);
	return fault ? fault : show_own_licenses(place, request, parts, count);
}
