/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client_device.c: the device that a license client is bound to, those
 * that came with its ID and password since, and those that it had before.
 */
#include "cgi/page_client.h"

#include "cgi/page.h"
#include "engine/store/store_former.h"
#include "engine/store/store_other_device.h"

static void
show_other(struct view row, const struct other_device_row *other, int64_t now)
{
	char thumbprint[44];

	view_text(row, "hardware_id", other->hardware_id);
	view_text(row, "platform", other->platform);
	view_text(row, "address", other->address);
	view_number(row, "tries", other->tries);
	view_instant(row, "first", other->first_at, now);
	view_instant(row, "last", other->last_at, now);
	if (other->has_device_key &&
	    !keypair_thumbprint(thumbprint, other->device_key))
		view_text(row, "key", thumbprint);
}

static enum fault
show_formers(struct request *request, struct view place, int64_t client)
{
	struct former_row *rows;
	size_t count;
	enum fault fault = store_former_list(&rows, &count, &request->arena,
	    request->store, client, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(place, "formers", i);

		view_text(row, "hardware_id", rows[i].hardware_id);
		view_text(row, "feature", rows[i].feature);
		view_number(row, "units", rows[i].units);
		view_instant(
		    row, "replaced", rows[i].replaced_at, request->now);
		view_instant(row, "until", rows[i].until, request->now);
	}
	return fault;
}

enum fault
page_client_device_show(
    struct request *request, struct view place, const struct client_row *client)
{
	struct other_device_row *others;
	size_t count;
	enum fault fault = store_other_device_list(
	    &others, &count, &request->arena, request->store, client->id);

	if (fault)
		return fault;
	view_text(place, "hardware_id", client->hardware_id);
	view_text(place, "address", client->address);
	view_instant(place, "contact", client->last_contact, request->now);
	for (size_t i = 0; i < count; i++)
		show_other(
		    view_row(place, "others", i), &others[i], request->now);
	return show_formers(request, place, client->id);
}
