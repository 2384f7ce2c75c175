/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.c: the frame around every page. Knows no page's inside.
 */
#include "cgi/page.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "cgi/session.h"
#include "engine/base/calendar.h"
#include "engine/base/log.h"
#include "engine/store/store_setting.h"
#include "engine/store/vendor_pack.h"

/* Longer IDs are linked by number: addresses have limits, IDs have none. */
#define LINKED_ID_MAX 512

static void
show_tab(
    struct request *request, size_t index, const char *path, const char *label)
{
	struct view tab = view_row(request->view, "frame.tabs", index);
	size_t length = strlen(path);

	view_text(tab, "path", path);
	view_text(tab, "label", label);
	/* /licensing/client/x belongs to the tab /licensing/clients. */
	if (path[length - 1] == 's')
		length--;
	view_flag(tab, "current", !strncmp(request->path, path, length));
	if (!index && request->appliance->role != ROLE_CENTER)
		view_flag(tab, "current",
		    !strncmp(request->path, "/licensing/keys/", 16));
}

/* The vendor's pages, in this order, as far as this person may open them. */
static const struct tab {
	const char *path, *label;
} center_tabs[] = {
	{ "/center/devices", "Devices" },
	{ "/center/entitlements", "Entitlements" },
	{ "/center/activate", "Activate" },
	{ "/center/customers", "Customers" },
	{ "/center/transfers", "Transfers" },
	{ "/center/audit", "Audit" },
	{ "/center/instances", "Instances" },
	{ "/center/report", "License report" },
	{ "/center/issuers", "Issuer keys" },
};

static void
show_center_tabs(struct request *request)
{
	enum admin_role role = request->sign_in.admin.role;
	size_t shown = 0;

	for (size_t i = 0; i < sizeof(center_tabs) / sizeof(center_tabs[0]);
	     i++) {
		const struct tab *tab = &center_tabs[i];
		const struct route *other, *route;
		const char *argument;

		route = route_find(
		    &other, &argument, &request->arena, METHOD_GET, tab->path);
		if (route && route_allows(role, route->capability))
			show_tab(request, shown++, tab->path, tab->label);
	}
}

static void
show_tabs(struct request *request)
{
	if (!strncmp(request->path, "/maintenance/", 13)) {
		view_flag(request->view, "frame.is_maintenance", true);
		show_tab(request, 0, "/maintenance/accounts", "Accounts");
		return;
	}
	if (!strncmp(request->path, "/log/", 5)) {
		view_flag(request->view, "frame.is_log", true);
		show_tab(request, 0, "/log/events", "Event log");
		show_tab(request, 1, "/log/admin", "Admin log");
		return;
	}
	if (request->appliance->role == ROLE_CENTER) {
		show_center_tabs(request);
		return;
	}
	show_tab(request, 0, "/licensing/summary", "Licensing Summary");
	if (appliance_lends(request->appliance)) {
		show_tab(request, 1, "/licensing/clients", "Configure Clients");
		show_tab(request, 2, "/licensing/leases", "Leases");
		show_tab(request, 3, "/licensing/usage", "Usage");
	}
	if (request->appliance->role == ROLE_CLIENT) {
		show_tab(request, 1, "/licensing/server", "Configure Server");
		show_tab(request, 2, "/status/users", "Users");
		show_tab(request, 3, "/system/clustering", "Clustering");
	}
	show_tab(request, 4, "/licensing/download", "Download Licenses");
	show_tab(request, 5, "/licensing/compliance", "Compliance");
}

static void
show_person(struct request *request)
{
	struct view frame = view_child(request->view, "frame");
	int64_t idle = 0;

	view_text(frame, "user", request->sign_in.admin.name);
	view_text(frame, "csrf", request->sign_in.csrf);
	if (!store_setting_load(&idle, request->store, SETTING_SIGN_IN_IDLE))
		view_instant(frame, "ends", request->now + idle, request->now);
	if (route_allows(request->sign_in.admin.role, CAPABILITY_ADMINISTER))
		view_flag(frame, "may_administer", true);
	if (route_allows(request->sign_in.admin.role, CAPABILITY_OPERATE))
		view_flag(frame, "may_operate", true);
	if (route_allows(request->sign_in.admin.role, CAPABILITY_ASSIST))
		view_flag(frame, "may_assist", true);
	if (route_allows(request->sign_in.admin.role, CAPABILITY_PARTNER))
		view_flag(frame, "may_begin", true);
	if (route_allows(request->sign_in.admin.role, CAPABILITY_READ))
		view_flag(frame, "may_read", true);
	view_flag(frame, "is_guest",
	    store_admin_is_guest(request->sign_in.admin.role));
	view_flag(frame, "is_partner",
	    request->sign_in.admin.role == ADMIN_PARTNER);
	view_text(frame, "customer", request->sign_in.admin.customer_name);
	if (request->is_agreement_accepted)
		show_tabs(request);
}

static void
show_frame(struct request *request)
{
	struct view frame = view_child(request->view, "frame");
	char zone[CALENDAR_TEXT_MAX];

	calendar_format_zone(zone, request->now);
	view_text(frame, "role", appliance_role_word(request->appliance->role));
	view_flag(frame, "is_server", appliance_lends(request->appliance));
	view_flag(frame, "is_client", request->appliance->role == ROLE_CLIENT);
	view_flag(frame, "is_center", request->appliance->role == ROLE_CENTER);
	view_text(frame, "hostname", request->appliance->hostname);
	if (request->appliance->vendor) {
		view_text(frame, "vendor", request->appliance->vendor->name);
		view_flag(frame, "has_logo", request->appliance->vendor->logo);
	}
	view_text(frame, "hardware_id", request->appliance->hardware_id);
	view_text(frame, "zone", zone);
	view_instant(frame, "now", request->now, request->now);
	if (request->is_signed_in)
		show_person(request);
}

/* A notice is shown once, on the page after the act. */
static enum fault
show_notice(struct request *request)
{
	const char *notice = request->sign_in.notice;

	if (!request->is_signed_in || !*notice)
		return FAULT_NONE;
	view_text(request->view,
	    *notice == '!' ? "frame.trouble" : "frame.notice",
	    notice + (*notice == '!'));
	return store_sign_in_notice(
	    request->store, request->sign_in_digest, "");
}

static enum fault
render(struct request *request, const char *name, int status)
{
	struct response *response = &request->response;
	char *html;
	enum fault fault;

	if (!request->view.tree)
		return FAULT_MEMORY;
	show_frame(request);
	form_show_mistakes(request->view, &request->mistakes);
	fault = render_page(&html, &response->body_bytes, &request->arena,
	    request->console->render, &request->view, name);
	if (fault)
		return fault;
	response->status = status;
	response->content_type = "text/html; charset=utf-8";
	response->body = html;
	return FAULT_NONE;
}

enum fault
page_show(struct request *request, const char *name, int status)
{
	enum fault fault = show_notice(request);

	return fault ? fault : render(request, name, status);
}

bool
page_has_conflict(const struct request *request)
{
	for (size_t i = 0; i < request->mistakes.count; i++)
		if (request->mistakes.items[i].kind == MISTAKE_EDIT_CONFLICT)
			return true;
	return false;
}

enum fault
page_show_again(struct request *request, const char *name)
{
	return render(request, name, page_has_conflict(request) ? 409 : 422);
}

void
page_error(
    struct request *request, int status, const char *why, const char *detail)
{
	view_free(&request->view);
	request->view = view_new();
	request->mistakes.count = 0;
	request->mistakes.warning_count = 0;
	view_text(request->view, "error.why", why);
	view_text(request->view, "error.detail", detail);
	view_text(request->view, "error.request", request->id);
	view_format(request->view, "error.status", "%d", status);
	log_line(
	    LOG_SEVERITY_INFO, "request %s: %d %s", request->id, status, why);
	if (render(request, "error", status))
		response_text(&request->response, status,
		    "This page could not be shown. Try again in a moment.\n");
}

void
page_fault(struct request *request, enum fault fault)
{
	int status = fault == FAULT_BUSY || fault == FAULT_FULL ||
		fault == FAULT_UNKNOWN_OUTCOME
	    ? 503
	    : 500;

	log_line(LOG_SEVERITY_ERROR, "request %s: %s", request->id,
	    fault_text(fault));
	if (status == 503)
		request->response.retry_after = 5;
	page_error(request, status, "fault", fault_text(fault));
}

enum fault
page_done(struct request *request, const char *path, enum notice notice,
    const char *a, const char *b)
{
	const char *text = notice_text(&request->arena, notice, a, b);

	if (!text)
		return FAULT_MEMORY;
	response_redirect(&request->response, path);
	return *text ? store_sign_in_notice(
			   request->store, request->sign_in_digest, text)
		     : FAULT_NONE;
}

enum fault
page_begin(struct ledger *ledger, struct request *request)
{
	struct actor actor = {
		request->is_signed_in ? request->sign_in.admin.name : "",
		request->address
	};

	ledger_init(ledger, request->store, request->appliance, &request->arena,
	    &actor, request->system_now);
	return ledger_begin(ledger);
}

enum fault
page_end(bool *is_kept, struct ledger *ledger, struct request *request,
    enum fault fault)
{
	struct mistakes *all = &request->mistakes;

	*is_kept = !fault && !ledger->mistakes.count;
	/* What cannot be read is not judged as well. */
	for (size_t i = 0;
	     i < ledger->mistakes.count && all->count < MISTAKES_MAX; i++)
		if (!form_mistake(all, ledger->mistakes.items[i].field))
			all->items[all->count++] = ledger->mistakes.items[i];
	for (size_t i = 0; i < ledger->mistakes.warning_count &&
	     all->warning_count < MISTAKES_MAX;
	     i++)
		all->warnings[all->warning_count++] = ledger->mistakes
							  .warnings[i];
	return ledger_end(ledger, fault);
}

const char *
page_client_path(struct request *request, const char *name, int64_t id)
{
	if (strlen(name) <= LINKED_ID_MAX)
		return arena_format(
		    &request->arena, "/licensing/client/%s", name);
	return arena_format(&request->arena, "/licensing/client/~%" PRId64, id);
}

enum fault
page_csv(struct request *request, struct csv *csv, enum fault fault)
{
	char *copy = NULL;

	assert(request && csv);
	if (!fault && !csv->has_failed)
		copy = arena_text_n(&request->arena, csv->text, csv->length);
	request->response.body_bytes = csv->length;
	csv_free(csv);
	if (fault || !copy)
		return fault ? fault : FAULT_MEMORY;
	request->response.status = 200;
	request->response
	    .content_type = "text/csv; charset=utf-8; header=present";
	request->response.body = copy;
	return FAULT_NONE;
}
