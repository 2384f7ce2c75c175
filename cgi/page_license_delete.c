/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_license_delete.c: takes a license off this appliance, after a page
 * that says what goes with it.
 */
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/page_license.h"

static enum fault
show(struct request *request, int status)
{
	struct license_row row;
	enum fault fault = page_license_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
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
	enum fault fault = page_license_find(&row, request);
	bool is_kept;

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_license_remove(&ledger, row.serial);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show(request, 422);
	return page_done(request, "/licensing/summary", NOTICE_LICENSE_DELETED,
	    row.serial, NULL);
}
