/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_report.c: the license report: who holds which units where, as
 * sums, as rows, and as a table for a spreadsheet.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <string.h>

#include "cgi/page.h"
#include "engine/store/license_report.h"
#include "engine/store/store_setting.h"

static enum fault
show_sums(struct request *request, const struct center_filter *filter)
{
	struct license_report_sum *sums;
	size_t count;
	enum fault fault = license_report_sums(&sums, &count, &request->arena,
	    request->appliance, filter, request->now);

	for (size_t i = 0; !fault && i < count && i < PAGING_ROWS; i++) {
		struct view row = view_row(request->view, "sums", i);

		view_text(row, "customer", sums[i].customer);
		view_flag(row, "is_first",
		    !i || strcmp(sums[i].customer, sums[i - 1].customer) != 0);
		view_text(row, "feature", sums[i].feature);
		if (sums[i].units)
			view_number(row, "units", sums[i].units);
		view_number(row, "keys", sums[i].keys);
		view_number(row, "devices", sums[i].devices);
	}
	if (!fault && count > (size_t)PAGING_ROWS)
		view_number(request->view, "sums_left_out",
		    (int64_t)count - PAGING_ROWS);
	return fault;
}

static void
show_row(struct request *request, size_t index, const struct holdings_row *row,
    int64_t grace_seconds)
{
	struct view place = view_row(request->view, "rows", index);
	struct license_report_line line;

	license_report_line(
	    &line, request->appliance, row, grace_seconds, request->now);
	view_text(place, "customer", row->customer);
	view_text(place, "hwid", row->hardware_id);
	view_flag(place, "is_known", row->is_known);
	view_text(place, "platform", row->platform);
	view_text(place, "feature", line.feature);
	if (line.units)
		view_number(place, "units", line.units);
	view_text(place, "sku", row->sku);
	view_text(place, "end", row->end_date);
	view_text(place, "state", line.state);
	view_flag(place, "counts", line.counts);
}

static enum fault
show_rows(struct request *request, struct page_center_list *list)
{
	struct holdings_row *rows;
	int64_t grace_seconds;
	enum fault fault;

	do
		fault = store_holdings_list(&rows, &list->count,
		    &list->matching, &request->arena, request->store,
		    &list->filter);
	while (page_center_list_again(list, fault));
	if (fault ||
	    (fault = store_setting_load(
		 &grace_seconds, request->store, SETTING_GRACE)))
		return fault;
	for (size_t i = 0; i < list->count; i++)
		show_row(request, i, &rows[i], grace_seconds);
	paging_show(request->view, &list->paging, list->count, list->matching);
	return FAULT_NONE;
}

enum fault
page_center_report_get(struct request *request)
{
	struct page_center_list list = page_center_list_of(request);
	enum fault fault;

	if ((fault = show_sums(request, &list.filter)) ||
	    (fault = show_rows(request, &list)))
		return fault;
	return page_show(request, "page_center_report", 200);
}

enum fault
page_center_report_csv_get(struct request *request)
{
	const struct page_center_list list = page_center_list_of(request);
	struct csv csv = { .text = NULL };
	enum fault fault = license_report_csv(
	    &csv, request->appliance, &list.filter, request->now);

	return page_csv(request, &csv, fault);
}
