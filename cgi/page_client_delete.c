/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client_delete.c: deletes a license client, after a page that says what
 * it holds and until when its units stay held.
 */
#include "cgi/page_client.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/pages.h"
#include "engine/base/text.h"
#include "engine/store/store_surrendered.h"

static const struct form_field fields[] = {
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
	{ "keep", FORM_FLAG, false, 0, 0, 0, "Keep their units" },
};
const struct form_table page_client_delete_form = { fields, 2 };

/* Licenses of its own that count on this server. */
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

static enum fault
show(struct request *request, const struct client_row *client, int status)
{
	struct client_feature_row *rows;
	size_t count;
	enum fault fault = store_client_features(&rows, &count, &request->arena,
	    request->store, client->id, request->now);

	if (fault)
		return fault;
	for (size_t i = 0; i < count; i++) {
		struct view row = view_row(request->view, "lease", i);

		view_text(row, "feature", rows[i].feature);
		view_number(row, "reserved", rows[i].allocation.reserved);
		view_number(row, "leased", rows[i].leased);
		view_instant(row, "expires",
		    rows[i].reserved_expires > rows[i].expires
			? rows[i].reserved_expires
			: rows[i].expires,
		    request->now);
	}
	if ((fault = show_surrendered(request, client->id)))
		return fault;
	view_flag(request->view, "keep", form_has(&request->form, "keep"));
	view_text(request->view, "client.name", client->name);
	view_text(request->view, "client.path",
	    page_client_path(request, client->name, client->id));
	view_format(
	    request->view, "client.ver", "%" PRId64, client->row_version);
	return page_show(request, "page_client_delete", status);
}

enum fault
page_client_delete_get(struct request *request)
{
	struct client_row client;
	enum fault fault = page_client_find(&client, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show(request, &client, 200);
}

enum fault
page_client_delete_post(struct request *request)
{
	struct client_row client;
	struct ledger ledger;
	int64_t version = 0;
	bool is_kept;
	enum fault fault = page_client_find(&client, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (!text_parse_int64(
		&version, form_text(&request->form, "ver"), 1, INT64_MAX))
		version = 0;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_client_delete(
	    &ledger, client.id, version, form_has(&request->form, "keep"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show(request, &client, 422);
	return page_done(request, "/licensing/clients", NOTICE_CLIENT_DELETED,
	    client.name, NULL);
}
