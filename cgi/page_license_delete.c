/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_license_delete.c: takes a license off this appliance, after a page
 * that says what goes with it.
 */
#include "cgi/pages.h"

#include <string.h>

#include "cgi/page.h"
#include "engine/store/store_license.h"

static enum fault
find(struct license_row *out, struct request *request)
{
	struct license_row *rows;
	size_t count;
	enum fault fault = store_license_list(
	    &rows, &count, &request->arena, request->store, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		if (!strcmp(rows[i].serial, request->argument)) {
			*out = rows[i];
			return FAULT_NONE;
		}
	}
	return fault ? fault : FAULT_NOT_FOUND;
}

static enum fault
show(struct request *request, int status)
{
	struct license_row row;
	enum fault fault = find(&row, request);

	if (fault == FAULT_NOT_FOUND) {
		page_error(request, 404, "no_license", request->argument);
		return FAULT_NONE;
	}
	if (fault)
		return fault;
	view_text(request->view, "license.serial", row.serial);
	view_text(request->view, "license.sku", row.sku);
	view_text(request->view, "license.feature", row.feature);
	view_number(request->view, "license.units", row.license.units);
	view_text(
	    request->view, "license.state", license_state_word(row.state));
	return page_show(request, "page_license_delete", status);
}

enum fault
page_license_delete_get(struct request *request)
{
	return show(request, 200);
}

enum fault
page_license_delete_post(struct request *request)
{
	struct ledger ledger;
	enum fault fault = page_begin(&ledger, request);
	bool is_kept;

	if (fault)
		return fault;
	fault = ledger_license_remove(&ledger, request->argument);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show(request, 422);
	return page_done(request, "/licensing/summary", NOTICE_LICENSE_DELETED,
	    request->argument, NULL);
}
