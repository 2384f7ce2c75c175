/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_license_delete.c: takes a license off this appliance, after a page
 * that says what goes with it.
 */
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "engine/base/text.h"
#include "engine/store/store_license.h"

static enum fault
find(struct license_row *out, struct request *request)
{
	struct license_row *rows;
	int64_t id = 0;
	size_t count;
	enum fault fault = store_license_list(
	    &rows, &count, &request->arena, request->store, request->now);

	/* By number: a serial may hold what an address cannot. */
	(void)text_parse_int64(&id, request->argument, 1, INT64_MAX);
	for (size_t i = 0; !fault && i < count; i++) {
		if (rows[i].license.id == id) {
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
	view_format(request->view, "license.id", "%" PRId64, row.license.id);
	if (row.license.units)
		view_number(request->view, "license.units", row.license.units);
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
	struct license_row row;
	struct ledger ledger;
	enum fault fault = find(&row, request);
	bool is_kept;

	if (fault == FAULT_NOT_FOUND)
		return show(request, 404);
	if (fault || (fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_license_remove(&ledger, row.serial);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show(request, 422);
	return page_done(request, "/licensing/summary", NOTICE_LICENSE_DELETED,
	    row.serial, NULL);
}
