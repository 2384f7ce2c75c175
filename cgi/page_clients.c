/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients.c: Configure Clients: the switch and times of the license
 * server. Its list of clients is page_clients_list.c.
 */
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/page_clients_list.h"
#include "engine/rules/instant.h"
#include "engine/store/store_setting.h"

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

static enum fault
fill(struct request *request)
{
	enum fault fault = show_settings(request);

	return fault ? fault : page_clients_list_show(request);
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
