/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_pool.c: what a license server has to lend, per feature: its units, the
 * auto-lease switch with its sentence, recalls, the forecast. Decides nothing.
 */
#include "cgi/page_pool.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cgi/page.h"
#include "engine/store/mistake.h"
#include "engine/store/platform_groups.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_client.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_sample.h"
#include "engine/store/store_recall.h"
#include "engine/store/store_surrendered.h"
#include "engine/store/store_watch.h"

static void
show_units(struct view row, const struct pool_row *pool)
{
	int64_t held = pool->held > 0 ? pool->held : 0;

	view_text(row, "feature", pool->feature);
	view_number(row, "installed", pool->installed);
	view_number(row, "reserved", pool->reserved);
	view_number(row, "leased", pool->leased);
	view_number(row, "available", pool->available);
	view_format(row, "meter", "%" PRId64,
	    held < pool->installed ? held : pool->installed);
	view_format(row, "meter_max", "%" PRId64,
	    pool->installed > 0 ? pool->installed : 1);
	view_flag(row, "is_full", pool->available == 0);
	if (pool->available < 0)
		view_number(
		    row, "over", instant_units_less(0, pool->available));
	if (pool->surrendered)
		view_number(row, "surrendered", pool->surrendered);
	if (pool->recalling)
		view_number(row, "recalling", pool->recalling);
}

/* The rules' own sentence, with the numbers it was judged by. */
static enum fault
show_switch(struct request *request, struct view row, const char *feature,
    const struct auto_lease_row *judged)
{
	const char *text;

	if (!judged)
		return FAULT_NONE;
	text = mistake_verdict_text(
	    &request->arena, judged->verdict, feature, &judged->numbers);
	view_flag(row, "auto.known", true);
	view_flag(row, "auto.on", judged->is_on);
	view_text(row, "auto.text", text);
	return text ? FAULT_NONE : FAULT_MEMORY;
}

/* "12.5": tenths are enough for people. */
static void
show_pace(struct view row, int64_t thousandths)
{
	int64_t tenths = llabs(thousandths) / 100;

	view_format(row, "pace", "%s%" PRId64 ".%" PRId64,
	    thousandths < 0 && tenths ? "\u2212" : "", tenths / 10,
	    tenths % 10);
}

static enum fault
show_forecast(
    struct request *request, size_t index, const struct pool_row *pool)
{
	struct view row = view_row(request->view, "forecasts", index);
	struct forecast forecast;
	enum fault fault = store_sample_forecast(&forecast, &request->arena,
	    request->store, pool->feature, pool->installed, request->now);

	if (fault)
		return fault;
	view_text(row, "feature", pool->feature);
	if (!forecast.is_known)
		return FAULT_NONE;
	view_flag(row, "known", true);
	view_number(row, "at_now", forecast.at_now);
	view_number(row, "total", pool->installed);
	show_pace(row, forecast.per_day_thousandths);
	view_flag(row, "is_over", forecast.exhausted_at <= request->now);
	view_instant(row, "exhausted", forecast.exhausted_at, request->now);
	return FAULT_NONE;
}

static enum fault
show_recovering(struct request *request)
{
	struct watch_row watch;
	enum fault fault = store_watch_load(
	    &watch, &request->arena, request->store);

	if (!fault && watch.recovering_at)
		view_instant(request->view, "recovering", watch.recovering_at,
		    request->now);
	return fault;
}

/* A line for each feature of each group; one without any where nothing is installed. */
static enum fault
show_groups(
    struct request *request, const struct pool_row *pools, size_t pool_count)
{
	struct platform_group *groups;
	size_t count, shown = 0;
	enum fault fault = platform_groups_list(&groups, &count,
	    &request->arena, request->appliance, pools, pool_count);

	for (size_t i = 0; !fault && i < count; i++)
		for (size_t j = 0; j < groups[i].count || j == 0; j++) {
			const struct platform_group_units *units;
			struct view row = view_row(
			    request->view, "groups", shown++);

			view_text(row, "family", groups[i].family);
			view_text(row, "platforms", groups[i].platforms);
			if (j >= groups[i].count)
				continue;
			units = &groups[i].units[j];
			view_text(row, "feature", units->feature);
			view_number(row, "installed", units->installed);
			view_flag(row, "is_own", units->is_own);
			view_flag(row, "subscriptions_only",
			    units->is_subscription_only);
		}
	return fault;
}

enum fault
page_pool_show(struct request *request)
{
	struct auto_lease_row *judged;
	struct pool_row *pools;
	size_t judged_count, count;
	enum fault fault;

	if ((fault = store_pool_list(&pools, &count, &request->arena,
		 request->store, &request->appliance->catalogue,
		 request->now)) ||
	    (fault = store_auto_lease_list(
		 &judged, &judged_count, &request->arena, request->store)))
		return fault;
	for (size_t i = 0; i < count; i++) {
		struct view row = view_row(request->view, "pools", i);

		show_units(row, &pools[i]);
		if ((fault = show_switch(request, row, pools[i].feature,
			 store_auto_lease_of(
			     judged, judged_count, pools[i].feature))) ||
		    (fault = show_forecast(request, i, &pools[i])))
			return fault;
	}
	if ((fault = show_groups(request, pools, count)))
		return fault;
	return show_recovering(request);
}

enum fault
page_pool_show_held(struct view place, struct request *request,
    const struct surrendered_row *row)
{
	struct recall_state recall;
	enum fault fault;

	view_text(place, "serial", row->serial);
	view_text(place, "sku", row->sku);
	view_text(place, "feature", row->feature);
	view_number(place, "units", row->units);
	view_text(place, "client", row->client_name);
	view_instant(place, "accepted", row->accepted_at, request->now);
	view_text(place, "uncounted", store_surrendered_uncounted(row));
	if (row->state != SURRENDER_ROW_RECALLING)
		return FAULT_NONE;
	view_instant(place, "recalling", row->changed_at, request->now);
	fault = store_recall_load(
	    &recall, &request->arena, request->store, row, request->now);
	view_text(place, "waits", recall.text);
	return fault;
}

static enum fault
show_held(
    struct request *request, size_t index, const struct surrendered_row *row)
{
	struct view place = view_row(request->view, "held", index);
	const char *path = page_client_path(
	    request, row->client_name, row->client);

	if (!path)
		return FAULT_MEMORY;
	if (!row->is_client_deleted)
		view_text(place, "path", path);
	return page_pool_show_held(place, request, row);
}

enum fault
page_pool_show_surrendered(struct request *request)
{
	struct surrendered_row *rows;
	size_t count;
	enum fault fault = store_surrendered_list(
	    &rows, &count, &request->arena, request->store, 0);

	for (size_t i = 0; !fault && i < count; i++)
		fault = show_held(request, i, &rows[i]);
	return fault;
}
