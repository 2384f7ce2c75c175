/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_usage.c: how much of a feature was leased and used, of all clients or
 * of one: a chart, the same as a table, and as CSV.
 */
#include "cgi/pages.h"

#include <string.h>

#include "cgi/address.h"
#include "cgi/chart.h"
#include "cgi/page.h"
#include "engine/store/store_client.h"
#include "engine/store/store_pool.h"
#include "engine/store/usage_report.h"

static const struct form_field fields[] = {
	{ "feature", FORM_TEXT, false, 32, 0, 0, "Feature" },
	{ "range", FORM_TEXT, false, 8, 0, 0, "Range" },
	{ "client", FORM_TEXT, false, 0, 0, 0, "Client ID" },
};
const struct form_table page_usage_query = { fields, 3 };

/* ---- what is asked for ---- */

/* The client named; one that there is not has no history. FAULT_NOT_FOUND after a page of 404. */
static enum fault
read_client(int64_t *out, struct request *request)
{
	const char *name = form_text(&request->form, "client");
	struct client_row row;
	enum fault fault;

	*out = SAMPLE_ALL;
	if (!*name)
		return FAULT_NONE;
	fault = store_client_load(&row, &request->arena, request->store, name);
	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_client", name);
	*out = fault ? SAMPLE_ALL : row.id;
	return fault;
}

/* Does the client have counts of it, or a lease? Of all clients together everything. */
static enum fault
has_feature(
    bool *out, struct request *request, int64_t client, const char *feature)
{
	struct client_feature_row *rows;
	size_t count;
	enum fault fault;

	*out = client == SAMPLE_ALL;
	if (*out)
		return FAULT_NONE;
	fault = store_client_features(&rows, &count, &request->arena,
	    request->store, client, request->now);
	for (size_t i = 0; !fault && i < count; i++)
		*out |= strcmp(rows[i].feature, feature) == 0;
	return fault;
}

/* Features that there is something of; unless one is named, the first of them that the client has. */
static enum fault
choose_feature(const char **out, struct request *request, int64_t client)
{
	const char *wanted = form_text(&request->form, "feature");
	struct pool_row *pools;
	size_t count;
	enum fault fault = store_pool_list(&pools, &count, &request->arena,
	    request->store, &request->appliance->catalogue, request->now);

	*out = "";
	if (fault)
		return fault;
	if (count > 0)
		*out = *wanted ? wanted : pools[0].feature;
	for (size_t i = 0; i < count && !*wanted; i++) {
		bool has;

		if ((fault = has_feature(
			 &has, request, client, pools[i].feature)))
			return fault;
		if (!has)
			continue;
		*out = pools[i].feature;
		break;
	}
	for (size_t i = 0; i < count; i++) {
		struct view row = view_row(request->view, "features", i);

		view_text(row, "name", pools[i].feature);
		view_flag(row, "chosen", !strcmp(pools[i].feature, *out));
	}
	return FAULT_NONE;
}

static enum fault
read_series(struct usage_series *out, struct request *request)
{
	enum fault fault = read_client(&out->client, request);

	/* A range that is none is the month. */
	request->mistakes.count = 0;
	if (!usage_report_parse(
		&out->range, form_text(&request->form, "range")))
		out->range = USAGE_MONTH;
	return fault ? fault
		     : choose_feature(&out->feature, request, out->client);
}

/* ---- what is shown ---- */

static enum fault
show_chart(struct request *request, const struct usage_series *series,
    const struct sample *points, size_t count)
{
	struct view place = view_child(request->view, "chart");
	int64_t *numbers = arena_array(
	    &request->arena, 4 * count, sizeof(*numbers));
	struct chart chart = { .count = count,
		.to = request->now + 1,
		.names = { "installed", "leased", "users" } };

	if (!numbers)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++) {
		numbers[i] = points[i].at;
		numbers[count + i] = points[i].total;
		numbers[2 * count + i] = points[i].leased;
		numbers[3 * count + i] = points[i].users;
	}
	chart.at = numbers;
	for (size_t line = 0; line < CHART_SERIES; line++)
		chart.values[line] = numbers + (line + 1) * count;
	chart.from = chart.to - usage_report_seconds(series->range);
	if (points[0].at < chart.from)
		chart.from = points[0].at;
	return chart_show(place, &request->arena, &chart);
}

static void
show_table(struct request *request, const struct sample *points, size_t count)
{
	int64_t most = 0, denials = 0;

	/* The newest first: that is what people look for. */
	for (size_t i = 0; i < count; i++) {
		const struct sample *point = &points[count - 1 - i];
		struct view row = view_row(request->view, "points", i);

		view_instant(row, "at", point->at, request->now);
		view_number(row, "installed", point->total);
		view_number(row, "leased", point->leased);
		view_number(row, "users", point->users);
		view_number(row, "available", point->available);
		view_number(row, "denials", point->denials);
		most = point->leased > most ? point->leased : most;
		denials += point->denials;
	}
	view_number(request->view, "most", most);
	view_number(request->view, "denials", denials);
}

static void
show_query(struct request *request, const struct usage_series *series)
{
	const char *client = form_text(&request->form, "client");
	const char *rest = arena_format(&request->arena, "feature=%s%s%s",
	    address_encode(&request->arena, series->feature),
	    *client ? "&client=" : "", address_encode(&request->arena, client));

	view_text(request->view, "query.feature", series->feature);
	view_text(request->view, "query.client", client);
	view_text(request->view, "query.rest", rest);
	for (int range = 0; range < USAGE_RANGES; range++) {
		struct view row = view_row(
		    request->view, "ranges", (size_t)range);

		view_text(
		    row, "word", usage_report_word((enum usage_range)range));
		view_flag(row, "chosen", range == (int)series->range);
	}
	view_text(
	    request->view, "query.range", usage_report_word(series->range));
}

enum fault
page_usage_get(struct request *request)
{
	struct usage_series series;
	struct sample *points = NULL;
	size_t count = 0;
	enum fault fault = read_series(&series, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	show_query(request, &series);
	if (*series.feature &&
	    (fault = usage_report_points(&points, &count, &request->arena,
		 request->store, &series, request->now)))
		return fault;
	if (count > 0) {
		show_table(request, points, count);
		if ((fault = show_chart(request, &series, points, count)))
			return fault;
	}
	return page_show(request, "page_usage", 200);
}

enum fault
page_usage_csv_get(struct request *request)
{
	struct usage_series series;
	struct csv csv = { .text = NULL };
	enum fault fault = read_series(&series, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fault = usage_report_csv(&csv, request->store, &series, request->now);
	return page_csv(request, &csv, fault);
}
