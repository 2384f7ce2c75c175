/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client_replace.c: replaces the device of a license client, after a page
 * that says what stays, what the present device keeps until when, and what the
 * new one has to wait for.
 */
#include "cgi/page_client.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/pages.h"
#include "engine/base/text.h"
#include "engine/rules/pool.h"
#include "engine/store/store_other_device.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_surrendered.h"

static const struct form_field fields[] = {
	{ "device", FORM_TEXT, false, 64, 0, 0,
	    "Hardware ID of the new device" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
	{ "keep", FORM_FLAG, false, 0, 0, 0, "Keep their units" },
};
const struct form_table page_client_replace_query = { fields, 1 };
const struct form_table page_client_replace_form = { fields, 3 };

/* When the last of what the client may still use runs out. */
static int64_t
ends_at(const struct client_feature_row *row)
{
	return instant_later(row->releasing_until,
	    instant_later(row->expires, row->reserved_expires));
}

/* What the present device keeps of one feature, and whether the new one has its reserved part at once. */
static enum fault
show_feature(struct request *request, size_t index, int64_t client,
    const struct client_feature_row *row)
{
	struct view place = view_row(request->view, "lease", index);
	struct pool pool;
	int64_t room;
	enum fault fault = store_pool_load(&pool, &request->arena,
	    request->store, row->feature, client, request->now);

	if (fault)
		return fault;
	room = pool_replaceable(&pool, row->documented);
	view_text(place, "feature", row->feature);
	view_number(place, "reserved", row->allocation.reserved);
	view_number(place, "increment", row->allocation.increment);
	view_number(place, "maximum", row->allocation.maximum);
	view_number(place, "units", row->documented);
	view_number(place, "room", room);
	view_flag(place, "keeps", row->documented > 0);
	view_flag(place, "reserves", row->allocation.reserved > 0);
	view_flag(place, "waits", row->allocation.reserved > room);
	view_instant(place, "until", ends_at(row), request->now);
	return FAULT_NONE;
}

static enum fault
show_features(struct request *request, int64_t client)
{
	struct client_feature_row *rows;
	size_t count;
	enum fault fault = store_client_features(&rows, &count, &request->arena,
	    request->store, client, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		if (rows[i].documented > 0)
			view_flag(request->view, "keeps", true);
		fault = show_feature(request, i, client, &rows[i]);
	}
	return fault;
}

/* Licenses of the present device that count on this server. */
static enum fault
show_surrendered(struct request *request, int64_t client)
{
	struct surrendered_row *rows;
	size_t count;
	enum fault fault = store_surrendered_list(
	    &rows, &count, &request->arena, request->store, client);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(request->view, "surrendered", i);

		view_text(row, "serial", rows[i].serial);
		view_text(row, "sku", rows[i].sku);
	}
	return fault;
}

/* As typed; on a page that was just opened the device that came last with the client's ID and password. */
static enum fault
show_form(struct request *request, const struct client_row *client)
{
	struct other_device_row *others;
	size_t count;
	enum fault fault = store_other_device_list(
	    &others, &count, &request->arena, request->store, client->id);

	if (fault)
		return fault;
	form_show(request->view, &page_client_replace_form, &request->form,
	    &request->mistakes);
	if (!form_has(&request->form, "device") && count > 0)
		view_text(
		    request->view, "form.device.value", others[0].hardware_id);
	view_flag(request->view, "keep", form_has(&request->form, "keep"));
	return FAULT_NONE;
}

static enum fault
show(struct request *request, const struct client_row *client, int status)
{
	struct view place = view_child(request->view, "client");
	enum fault fault;

	if ((fault = page_client_device_show(request, place, client)) ||
	    (fault = show_features(request, client->id)) ||
	    (fault = show_surrendered(request, client->id)) ||
	    (fault = show_form(request, client)))
		return fault;
	view_text(place, "name", client->name);
	view_text(
	    place, "path", page_client_path(request, client->name, client->id));
	view_text(place, "cluster", client->cluster);
	view_format(place, "ver", "%" PRId64, client->row_version);
	return page_show(request, "page_client_replace", status);
}

enum fault
page_client_replace_get(struct request *request)
{
	struct client_row client;
	enum fault fault = page_client_find(&client, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	request->mistakes.count = 0;
	return show(request, &client, 200);
}

/* What is shown beside a mistake is what is there by now. */
static enum fault
show_again(struct request *request, int64_t id)
{
	struct client_row client;
	enum fault fault = store_client_load_id(
	    &client, &request->arena, request->store, id);

	return fault ? fault : show(request, &client, 422);
}

enum fault
page_client_replace_post(struct request *request)
{
	struct client_row client;
	struct device_input input = { .hardware_id = NULL };
	struct ledger ledger;
	const char *path;
	bool is_kept;
	enum fault fault = page_client_find(&client, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return show_again(request, client.id);
	input.hardware_id = form_text(&request->form, "device");
	input.keep_surrendered = form_has(&request->form, "keep");
	if (!text_parse_int64(&input.row_version,
		form_text(&request->form, "ver"), 1, INT64_MAX))
		input.row_version = 0;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_device_replace(&ledger, client.id, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_again(request, client.id);
	if (!(path = page_client_path(request, client.name, client.id)))
		return FAULT_MEMORY;
	return page_done(
	    request, path, NOTICE_DEVICE_REPLACED, client.name, NULL);
}
