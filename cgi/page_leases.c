/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_leases.c: who holds what of which feature, and when the next units
 * come free.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/page.h"
#include "cgi/paging.h"
#include "engine/store/store_holding.h"
#include "engine/store/store_pool.h"

#define NEXT_MAX 5

static const struct form_field fields[] = {
	{ "client", FORM_TEXT, false, 256, 0, 0, "Client ID" },
	{ "feature", FORM_TEXT, false, 32, 0, 0, "Feature" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
};
const struct form_table page_leases_query = { fields, 3 };

/* ---- pools ---- */

static enum fault
show_next(struct request *request, struct view place, const char *feature)
{
	struct pool_free *rows;
	size_t count;
	enum fault fault = store_pool_next_free(&rows, &count, &request->arena,
	    request->store, feature, 0, NEXT_MAX, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(place, "next", i);

		view_number(row, "units", rows[i].units);
		view_text(row, "client", rows[i].client);
		view_instant(row, "at", rows[i].at, request->now);
	}
	return fault;
}

static enum fault
show_pool(struct request *request, size_t index, const struct pool_row *pool)
{
	struct view row = view_row(request->view, "pools", index);

	view_text(row, "feature", pool->feature);
	view_number(row, "installed", pool->installed);
	view_number(row, "leased", pool->leased);
	view_number(row, "held", pool->held);
	view_number(row, "idle", pool->held - pool->leased);
	view_number(row, "available", pool->available);
	view_number(row, "unallocated", pool->unallocated);
	view_number(row, "subscription", pool->subscription_drawn);
	view_number(row, "permanent", pool->permanent_drawn);
	return show_next(request, row, pool->feature);
}

static enum fault
show_pools(struct request *request, const char *feature)
{
	struct pool_row *pools;
	size_t count, shown = 0;
	enum fault fault = store_pool_list(&pools, &count, &request->arena,
	    request->store, &request->appliance->catalogue, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view choice = view_row(request->view, "features", i);

		view_text(choice, "name", pools[i].feature);
		view_flag(choice, "is_chosen",
		    strcmp(pools[i].feature, feature) == 0);
		if (!*feature || strcmp(pools[i].feature, feature) == 0)
			fault = show_pool(request, shown++, &pools[i]);
	}
	return fault;
}

/* ---- parts ---- */

static void
show_holding(
    struct request *request, size_t index, const struct holding_row *row)
{
	struct view place = view_row(request->view, "parts", index);
	int64_t units = instant_units_times(row->part.size, row->part.count);

	view_text(place, "client", row->client_name);
	if (!row->is_client_deleted)
		view_text(place, "path",
		    page_client_path(request, row->client_name, row->client));
	view_flag(place, "is_replaced", row->is_device_replaced);
	view_text(place, "feature", row->feature);
	view_flag(place, "is_reserved", row->part.kind == LEASE_PART_RESERVED);
	view_number(place, "units", units);
	if (row->part.count > 1) {
		view_number(place, "count", row->part.count);
		view_number(place, "size", row->part.size);
	}
	view_number(place, "subscription", row->part.subscription);
	view_number(place, "permanent", units - row->part.subscription);
	view_instant(place, "granted", row->part.granted, request->now);
	view_instant(place, "expires", row->part.expires, request->now);
	view_flag(place, "is_releasing", row->is_releasing);
	view_flag(place, "is_lapsing", row->part.is_lapsing);
}

static enum fault
show_parts(struct request *request, struct holding_filter *filter)
{
	struct paging paging = paging_at(
	    form_number(&request->form, "page", 1));
	struct holding_row *rows;
	int64_t matching;
	enum fault fault;
	size_t count;

	do {
		filter->offset = paging.offset;
		if ((fault = store_holding_list(&rows, &count, &matching,
			 &request->arena, request->store, filter,
			 request->now)))
			return fault;
	} while (paging_is_beyond(&paging, count, matching));
	for (size_t i = 0; i < count; i++)
		show_holding(request, i, &rows[i]);
	paging_show(request->view, &paging, count, matching);
	return FAULT_NONE;
}

enum fault
page_leases_get(struct request *request)
{
	struct holding_filter filter = { form_text(&request->form, "client"),
		form_text(&request->form, "feature"), 0, PAGING_ROWS };
	struct view query = view_child(request->view, "query");
	enum fault fault;

	/* A page number that is none shows the first page. */
	request->mistakes.count = 0;
	view_text(query, "client", filter.client);
	view_text(query, "client_url",
	    address_encode(&request->arena, filter.client));
	view_text(query, "feature", filter.feature);
	view_text(query, "feature_url",
	    address_encode(&request->arena, filter.feature));
	view_flag(query, "filters", *filter.client || *filter.feature);
	if ((fault = show_pools(request, filter.feature)) ||
	    (fault = show_parts(request, &filter)))
		return fault;
	return page_show(request, "page_leases", 200);
}
