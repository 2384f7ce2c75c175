/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients_list.c: the list of license clients: what is asked for stands
 * in the address, so that it can be kept, sent, and left by the Back button.
 */
#include "cgi/page_clients_list.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/page.h"
#include "cgi/page_client.h"
#include "cgi/pages.h"
#include "cgi/paging.h"
#include "engine/store/client_report.h"
#include "engine/store/store_setting.h"

#define NAMES_SHOWN 200

/* The filters first, "page" last. */
static const struct form_field fields[] = {
	PAGE_CLIENTS_LIST_FIELDS,
	{ "sort", FORM_HIDDEN, false, 16, 0, 0, "" },
	{ "rows", FORM_NUMBER, false, 0, 25, 250, "Rows" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))
const struct form_table page_clients_list_query = { fields, FIELDS };

static const int64_t row_counts[] = { 25, PAGING_ROWS, 100, 250 };

/* ---- what is asked for ---- */

static const char *
asked(const struct request *request, const char *name)
{
	return form_text(&request->form, name);
}

static int64_t
rows_of(const struct request *request)
{
	int64_t rows = request->method == METHOD_GET
	    ? form_number(&request->form, "rows", PAGING_ROWS)
	    : PAGING_ROWS;

	for (size_t i = 0; i < sizeof(row_counts) / sizeof(row_counts[0]); i++)
		if (row_counts[i] == rows)
			return rows;
	return PAGING_ROWS;
}

/* What is no state admits nobody, as any other word that no client has. */
enum fault
page_clients_list_filter(
    struct client_filter *out, const struct request *request)
{
	const char *sort = asked(request, "sort");
	const char *state = asked(request, "state");
	const char *product = asked(request, "product");

	*out = (struct client_filter){ .find = asked(request, "find"),
		.platform = asked(request, "platform"),
		.cluster = asked(request, "cluster"),
		.feature = asked(request, "feature"),
		.product = *product ? catalogue_product(product) : 0,
		.now = request->now,
		.descending = *sort == '-' };
	out->sort = sort + out->descending;
	out->has_state = store_client_list_parse(&out->state, state);
	if ((*state && !out->has_state) || (*product && !out->product))
		out->platform = "\n";
	return store_setting_load(
	    &out->interval, request->store, SETTING_RENEWAL_INTERVAL);
}

/* "name=value&…" of what is asked for but "without" and "page"; ends with "&" unless empty. */
static const char *
address_without(struct request *request, const char *without)
{
	const char *out = "";

	for (size_t i = 0; out && i < FIELDS - 1; i++) {
		const char *text = asked(request, fields[i].name);

		if (*text && strcmp(fields[i].name, without) != 0)
			out = arena_format(&request->arena, "%s%s=%s&", out,
			    fields[i].name,
			    address_encode(&request->arena, text));
	}
	return out ? out : "";
}

/* The same as the end of an address: without the last "&". */
static const char *
address_end(struct request *request, const char *without)
{
	const char *text = address_without(request, without);
	size_t length = strlen(text);

	return arena_text_n(&request->arena, text, length ? length - 1 : 0);
}

static void
show_chips(struct request *request)
{
	size_t shown = 0;

	for (size_t i = 0; i < PAGE_CLIENTS_LIST_FILTERS; i++) {
		const char *text = asked(request, fields[i].name);
		struct view chip;

		if (!*text)
			continue;
		chip = view_row(request->view, "chips", shown++);
		view_text(chip, "label", fields[i].label);
		view_text(chip, "name", fields[i].name);
		view_text(chip, "value", text);
		view_text(
		    chip, "address", address_end(request, fields[i].name));
	}
}

static void
show_choices(struct request *request, const char *list, const char *name,
    const char *const *words, size_t count)
{
	const char *chosen = asked(request, name);

	for (size_t i = 0; i < count; i++) {
		struct view row = view_row(request->view, list, i);

		view_text(row, "name", words[i]);
		view_flag(row, "chosen", !strcmp(words[i], chosen));
	}
}

static void
show_states(struct request *request)
{
	const char *words[CLIENT_STATES];

	for (int state = 0; state < CLIENT_STATES; state++)
		words[state] = store_client_list_word((enum client_state)state);
	show_choices(request, "states", "state", words, CLIENT_STATES);
}

void
page_clients_list_features(struct request *request, const char *chosen)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;

	for (size_t i = 0, shown = 0; i < catalogue->feature_count; i++) {
		const char *name = catalogue->features[i].name;
		struct view row;

		if (catalogue->features[i].kind == FEATURE_SWITCH)
			continue;
		row = view_row(request->view, "features", shown++);
		view_text(row, "name", name);
		view_flag(row, "chosen", !strcmp(name, chosen));
	}
}

static void
show_row_counts(struct request *request)
{
	for (size_t i = 0; i < sizeof(row_counts) / sizeof(row_counts[0]);
	     i++) {
		struct view row = view_row(request->view, "row_counts", i);

		view_format(row, "name", "%" PRId64, row_counts[i]);
		view_flag(row, "chosen", row_counts[i] == rows_of(request));
	}
}

static enum fault
show_query(struct request *request)
{
	const char **names;
	size_t count;
	enum fault fault = store_client_list_platforms(
	    &names, &count, &request->arena, request->store, NAMES_SHOWN);

	if (fault)
		return fault;
	show_choices(request, "platforms", "platform", names, count);
	if ((fault = store_client_list_clusters(
		 &names, &count, &request->arena, request->store, NAMES_SHOWN)))
		return fault;
	show_choices(request, "clusters", "cluster", names, count);
	show_states(request);
	page_clients_list_features(request, asked(request, "feature"));
	show_row_counts(request);
	show_chips(request);
	view_text(request->view, "query.find", asked(request, "find"));
	view_text(request->view, "query.product", asked(request, "product"));
	view_text(request->view, "query.sort", asked(request, "sort"));
	view_text(request->view, "query.all", address_without(request, ""));
	view_text(request->view, "query.end", address_end(request, ""));
	view_text(
	    request->view, "query.unsorted", address_without(request, "sort"));
	return FAULT_NONE;
}

/* ---- rows ---- */

/* "only" one feature, "" = all. */
static enum fault
show_client_features(struct request *request, struct view place, int64_t client,
    const char *only)
{
	struct client_feature_row *rows;
	size_t count, shown = 0;
	enum fault fault = store_client_features(&rows, &count, &request->arena,
	    request->store, client, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row;

		if (*only && strcmp(rows[i].feature, only) != 0)
			continue;
		row = view_row(place, "features", shown++);
		view_text(row, "feature", rows[i].feature);
		view_number(row, "reserved", rows[i].allocation.reserved);
		view_number(row, "leased", rows[i].leased);
		view_number(row, "maximum", rows[i].allocation.maximum);
		if (rows[i].releasing > 0) {
			view_number(row, "releasing", rows[i].releasing);
			view_instant(row, "until", rows[i].releasing_until,
			    request->now);
		}
	}
	return fault;
}

static enum fault
show_client(struct request *request, size_t index,
    const struct client_list_row *listed, const char *feature)
{
	const struct client_row *row = &listed->client;
	struct view place = view_row(request->view, "clients", index);
	enum fault fault = show_client_features(
	    request, place, row->id, feature);

	if (fault)
		return fault;
	view_text(place, "name", row->name);
	view_format(place, "id", "%" PRId64, row->id);
	view_text(place, "path", page_client_path(request, row->name, row->id));
	view_text(place, "platform", row->platform);
	view_text(place, "product", catalogue_product_name(row->product));
	view_text(place, "cluster", row->cluster);
	view_text(place, "expires", row->expires_date);
	view_text(place, "state", store_client_list_word(listed->state));
	return page_client_device_show(request, place, row);
}

static enum fault
show_sums(struct request *request, const struct client_filter *filter)
{
	struct client_list_sum *sums;
	size_t count;
	enum fault fault = store_client_list_sums(
	    &sums, &count, &request->arena, request->store, filter);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(request->view, "sums", i);

		view_text(row, "feature", sums[i].feature);
		view_number(row, "reserved", sums[i].reserved);
		view_number(row, "leased", sums[i].leased);
		view_number(row, "maximum", sums[i].maximum);
	}
	return fault;
}

static enum fault
show_clients(struct request *request)
{
	struct client_filter filter;
	struct paging paging = paging_of(request->method == METHOD_GET
		? form_number(&request->form, "page", 1)
		: 1,
	    rows_of(request));
	struct client_list_row *rows;
	int64_t matching, all;
	size_t count;
	enum fault fault;

	if ((fault = page_clients_list_filter(&filter, request)) ||
	    (fault = store_client_count(&all, request->store)))
		return fault;
	filter.limit = paging.rows;
	do {
		filter.offset = paging.offset;
		fault = store_client_list(&rows, &count, &matching,
		    &request->arena, request->store, &filter);
	} while (!fault && paging_is_beyond(&paging, count, matching));
	for (size_t i = 0; !fault && i < count; i++)
		fault = show_client(request, i, &rows[i], filter.feature);
	if (fault || (fault = show_sums(request, &filter)))
		return fault;
	paging_show(request->view, &paging, count, matching);
	view_flag(request->view, "clients_exist", all);
	return show_query(request);
}

/* Deleted clients and replaced devices whose documents still run. */
static enum fault
show_releasing(struct request *request)
{
	struct client_row *rows;
	size_t count;
	enum fault fault = store_client_list_releasing(
	    &rows, &count, &request->arena, request->store, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view place = view_row(request->view, "releasing", i);

		view_text(place, "name", rows[i].name);
		if (rows[i].is_replaced)
			view_text(place, "device", rows[i].hardware_id);
		fault = show_client_features(request, place, rows[i].id, "");
	}
	return fault;
}

enum fault
page_clients_list_show(struct request *request)
{
	enum fault fault = show_clients(request);

	return fault ? fault : show_releasing(request);
}

/* ---- as a table ---- */

enum fault
page_clients_list_csv_get(struct request *request)
{
	struct client_filter filter;
	struct csv csv = { .text = NULL };
	enum fault fault = page_clients_list_filter(&filter, request);

	if (!fault)
		fault = client_report_csv(&csv, request->store, &filter);
	return page_csv(request, &csv, fault);
}
