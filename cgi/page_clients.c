/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients.c: Configure Clients: the switch and times of the license
 * server, and the list of its clients, a page at a time.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/page.h"
#include "cgi/page_client.h"
#include "cgi/paging.h"
#include "engine/rules/instant.h"
#include "engine/store/store_client.h"
#include "engine/store/store_membership.h"
#include "engine/store/store_setting.h"

static const struct form_field query_fields[] = {
	{ "find", FORM_TEXT, false, 256, 0, 0, "Find" },
	{ "sort", FORM_HIDDEN, false, 16, 0, 0, "" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
};
const struct form_table page_clients_query = { query_fields, 3 };

static const struct form_field fields[] = {
	{ "enabled", FORM_FLAG, false, 0, 0, 0, "Enable Licensing server" },
	{ "duration", FORM_NUMBER, true, 0, 24, 240,
	    "Incremental Lease Duration" },
	{ "interval", FORM_NUMBER, true, 0, 1, 120, "Lease Renewal Interval" },
	{ "strict", FORM_FLAG, false, 0, 0, 0, "Strict membership" },
};
const struct form_table page_clients_form = { fields, 4 };

static enum fault
show_settings(struct request *request)
{
	int64_t enabled, duration, interval, strict;
	enum fault fault;

	if ((fault = store_setting_load(
		 &enabled, request->store, SETTING_SERVER_ENABLED)) ||
	    (fault = store_setting_load(
		 &duration, request->store, SETTING_LEASE_DURATION)) ||
	    (fault = store_setting_load(
		 &interval, request->store, SETTING_RENEWAL_INTERVAL)) ||
	    (fault = store_setting_load(
		 &strict, request->store, SETTING_STRICT_MEMBERSHIP)))
		return fault;
	view_format(request->view, "form.duration.value", "%" PRId64,
	    duration / SECONDS_PER_HOUR);
	view_format(request->view, "form.interval.value", "%" PRId64,
	    interval / SECONDS_PER_HOUR);
	view_flag(request->view, "form.enabled.checked", enabled);
	view_flag(request->view, "form.strict.checked", strict);
	view_text(request->view, "settings.strict_help",
	    setting_rows[SETTING_STRICT_MEMBERSHIP].help);
	view_format(request->view, "settings.interval_most", "%" PRId64,
	    duration / 2 / SECONDS_PER_HOUR);
	view_flag(request->view, "settings.enabled", enabled);
	return FAULT_NONE;
}

/* What its features say together. */
struct client_sum {
	bool has_denial, is_noncompliant;
};

/* "OK", "Never contacted", "Overdue" … as the template's words; the worst of what holds. */
static const char *
state_word(const struct client_row *row, int64_t interval,
    const struct client_sum *sum, int64_t now)
{
	if (row->expires <= now)
		return "expired";
	if (!row->last_contact)
		return "never";
	if (sum->is_noncompliant)
		return "noncompliant";
	if (now - row->last_contact > 2 * interval)
		return "overdue";
	return sum->has_denial ? "denied" : "ok";
}

static enum fault
show_client_features(struct client_sum *sum, struct request *request,
    struct view place, int64_t client)
{
	struct client_feature_row *rows;
	size_t count;
	enum fault fault = store_client_features(&rows, &count, &request->arena,
	    request->store, client, request->now);

	*sum = (struct client_sum){ false, false };
	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(place, "features", i);

		view_text(row, "feature", rows[i].feature);
		view_number(row, "reserved", rows[i].allocation.reserved);
		view_number(row, "leased", rows[i].leased);
		view_number(row, "maximum", rows[i].allocation.maximum);
		if (rows[i].releasing > 0) {
			view_number(row, "releasing", rows[i].releasing);
			view_instant(row, "until", rows[i].releasing_until,
			    request->now);
		}
		sum->has_denial |= *rows[i].denied_code != '\0';
	}
	return fault;
}

/* While a part runs for which it lacks a member license, not only at its last contact. */
static enum fault
load_compliance(struct client_sum *sum, struct request *request,
    const struct client_row *row)
{
	struct membership_part *parts;
	size_t count;
	enum fault fault;

	if (!row->noncompliant_at)
		return FAULT_NONE;
	fault = store_membership_of(&parts, &count, &request->arena,
	    request->store, row->id, request->now);
	sum->is_noncompliant = count > 0;
	return fault;
}

static enum fault
show_client(struct request *request, const char *list, size_t index,
    const struct client_row *row, int64_t interval)
{
	struct view place = view_row(request->view, list, index);
	struct client_sum sum;
	enum fault fault = show_client_features(&sum, request, place, row->id);

	if (fault || (fault = load_compliance(&sum, request, row)))
		return fault;
	view_text(place, "name", row->name);
	view_format(place, "id", "%" PRId64, row->id);
	view_text(place, "path", page_client_path(request, row->name, row->id));
	view_text(place, "platform", row->platform);
	view_text(place, "product", catalogue_product_name(row->product));
	view_text(place, "cluster", row->cluster);
	view_text(place, "expires", row->expires_date);
	if ((fault = page_client_device_show(request, place, row)))
		return fault;
	view_text(
	    place, "state", state_word(row, interval, &sum, request->now));
	return FAULT_NONE;
}

static enum fault
load_page(struct client_row **rows, size_t *count, int64_t *matching,
    struct paging *paging, struct request *request)
{
	struct client_filter filter = { "", "name", false, 0, PAGING_ROWS };
	enum fault fault;

	if (request->method == METHOD_GET) {
		filter.find = form_text(&request->form, "find");
		filter.sort = form_text(&request->form, "sort");
		*paging = paging_at(form_number(&request->form, "page", 1));
	}
	if (!strcmp(filter.sort, "-contact") || !strcmp(filter.sort, "-name") ||
	    !strcmp(filter.sort, "-platform")) {
		filter.descending = true;
		filter.sort++;
	} else if (strcmp(filter.sort, "contact") &&
	    strcmp(filter.sort, "platform")) {
		filter.sort = "name";
	}
	do {
		filter.offset = paging->offset;
		fault = store_client_list(rows, count, matching,
		    &request->arena, request->store, &filter);
	} while (!fault && paging_is_beyond(paging, *count, *matching));
	return fault;
}

static enum fault
show_clients(struct request *request)
{
	struct paging paging = paging_at(1);
	struct client_row *rows;
	int64_t matching, interval, all;
	size_t count;
	enum fault fault;

	if ((fault = store_setting_load(
		 &interval, request->store, SETTING_RENEWAL_INTERVAL)) ||
	    (fault = store_client_count(&all, request->store)) ||
	    (fault = load_page(&rows, &count, &matching, &paging, request)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = show_client(
			 request, "clients", i, &rows[i], interval)))
			return fault;
	paging_show(request->view, &paging, count, matching);
	view_flag(request->view, "clients_exist", all);
	if (request->method == METHOD_POST)
		return FAULT_NONE;
	view_text(
	    request->view, "query.find", form_text(&request->form, "find"));
	view_text(
	    request->view, "query.sort", form_text(&request->form, "sort"));
	view_text(request->view, "query.find_url",
	    address_encode(&request->arena, form_text(&request->form, "find")));
	view_text(request->view, "query.sort_url",
	    address_encode(&request->arena, form_text(&request->form, "sort")));
	return FAULT_NONE;
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
		struct client_sum sum;
		struct view place = view_row(request->view, "releasing", i);

		view_text(place, "name", rows[i].name);
		if (rows[i].is_replaced)
			view_text(place, "device", rows[i].hardware_id);
		fault = show_client_features(&sum, request, place, rows[i].id);
	}
	return fault;
}

static enum fault
fill(struct request *request)
{
	enum fault fault = show_settings(request);

	if (!fault)
		fault = show_clients(request);
	if (!fault)
		fault = show_releasing(request);
	return fault;
}

enum fault
page_clients_get(struct request *request)
{
	struct form nothing = { 0 };
	enum fault fault = fill(request);

	if (fault)
		return fault;
	request->mistakes.count = 0;
	form_show(
	    request->view, &page_clients_form, &nothing, &request->mistakes);
	return page_show(request, "page_clients", 200);
}

static enum fault
show_again(struct request *request)
{
	enum fault fault = fill(request);

	if (fault)
		return fault;
	form_show(request->view, &page_clients_form, &request->form,
	    &request->mistakes);
	view_text(request->view, "form.enabled.checked",
	    form_has(&request->form, "enabled") ? "1" : "");
	view_text(request->view, "form.strict.checked",
	    form_has(&request->form, "strict") ? "1" : "");
	view_flag(request->view, "settings.open", true);
	return page_show_again(request, "page_clients");
}

enum fault
page_clients_post(struct request *request)
{
	struct server_input input;
	struct ledger ledger;
	enum fault fault;
	bool is_kept;

	if (request->mistakes.count)
		return show_again(request);
	input.is_enabled = form_has(&request->form, "enabled");
	input.duration = form_number(&request->form, "duration", 0) *
	    SECONDS_PER_HOUR;
	input.interval = form_number(&request->form, "interval", 0) *
	    SECONDS_PER_HOUR;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_server_save(&ledger, &input);
	if (!fault)
		fault = ledger_server_strict(
		    &ledger, form_has(&request->form, "strict"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_again(request);
	return page_done(request, "/licensing/clients",
	    input.is_enabled ? NOTICE_SERVER_ENABLED : NOTICE_SERVER_DISABLED,
	    NULL, NULL);
}
