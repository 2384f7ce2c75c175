/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_summary.c: Licensing Summary: what is installed, reserved, leased and
 * available, the licenses themselves, and the door for new keys.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/page_license.h"
#include "cgi/page_link.h"
#include "cgi/page_pool.h"
#include "engine/base/certificate.h"
#include "engine/base/text.h"
#include "engine/store/store_agreement.h"
#include "engine/store/store_client.h"
#include "engine/store/store_finding.h"
#include "engine/store/store_license.h"
#include "engine/store/store_setting.h"

#define FINDINGS_SHOWN 3

static const struct form_field fields[] = {
	{ "keys", FORM_AREA, false, PAIRS_MAX_BYTES, 0, 0, "License key(s)" },
	{ "add", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "save", FORM_BUTTON, false, 0, 0, 0, "" },
};
const struct form_table page_summary_form = { fields, 3 };

/* What the first-run list needs to know. */
struct progress {
	int64_t licenses, clients;
	int64_t is_enabled;
	bool has_server, has_server_license;
};

/* The worst of what is not as it should be: what stops something now. */
static enum fault
show_findings(struct request *request)
{
	struct finding *found;
	size_t count, shown = 0;
	enum fault fault = store_finding_list(&found, &count, &request->arena,
	    request->store, request->appliance, request->now);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row;

		/* The countdown is shown from its first day on (rules.md 11). */
		if (strcmp(found[i].severity, "error") &&
		    found[i].kind != FINDING_HEARTBEAT_MISSED)
			continue;
		if (shown++ >= FINDINGS_SHOWN)
			continue;
		row = view_row(request->view, "findings", shown - 1);
		view_text(row, "object", found[i].object);
		view_text(row, "text", found[i].text);
	}
	if (shown > FINDINGS_SHOWN)
		view_number(request->view, "findings_more",
		    (int64_t)(shown - FINDINGS_SHOWN));
	return fault;
}

static void
show_license(
    struct view place, struct request *request, const struct license_row *row)
{

	view_format(place, "id", "%" PRId64, row->license.id);
	view_text(place, "serial", row->serial);
	view_text(place, "sku", row->sku);
	view_text(place, "feature", row->feature);
	view_text(place, "org", row->org);
	if (row->license.units)
		view_number(place, "units", row->license.units);
	view_text(place, "start", row->start_date);
	view_text(place, "end", row->end_date);
	if (*row->end_date)
		view_instant(place, "ends", row->license.end, request->now);
	view_text(place, "state", license_state_word(row->state));
	view_flag(place, "is_distrusted", row->distrusted_at > 0);
}

static enum fault
show_licenses(struct request *request, struct progress *progress)
{
	bool is_client = request->appliance->role == ROLE_CLIENT;
	struct page_license_device device;
	struct license_row *rows;
	size_t count;
	enum fault fault = store_license_list(
	    &rows, &count, &request->arena, request->store, request->now);

	if (!fault && is_client)
		fault = page_license_device_load(&device, request);
	if (fault)
		return fault;
	for (size_t i = 0; i < count; i++) {
		struct view place = view_row(request->view, "licenses", i);

		show_license(place, request, &rows[i]);
		if (is_client &&
		    (fault = page_license_show_surrender(
			 place, request, &device, &rows[i])))
			return fault;
	}
	progress->licenses = (int64_t)count;
	return FAULT_NONE;
}

static void
show_issuers(struct request *request)
{
	const struct jwks *trust = &request->appliance->trust;

	for (size_t i = 0; i < trust->count; i++) {
		struct view row = view_row(request->view, "issuers", i);

		view_text(row, "name", trust->keys[i].issuer);
		view_text(row, "kid", trust->keys[i].kid);
	}
}

static enum fault
show_agreement(struct request *request)
{
	struct agreement_row accepted;
	enum fault fault = store_agreement_load(&accepted, &request->arena,
	    request->store, request->console->agreement.digest);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	view_text(request->view, "agreement.by", accepted.actor);
	view_text(request->view, "agreement.version", accepted.version);
	view_instant(request->view, "agreement.at", accepted.at, request->now);
	return FAULT_NONE;
}

/* What the administrator of a client, or of another node, compares before the first contact. */
static void
show_pin(struct request *request)
{
	char path[4096], pin[64];

	if (appliance_path(path, sizeof(path),
		request->appliance->state_directory, "tls.pem") &&
	    !certificate_pin(pin, path))
		view_text(request->view, "appliance.pin", pin);
}

static enum fault
show_server(struct request *request, struct progress *progress)
{
	enum fault fault;

	if ((fault = page_pool_show(request)) ||
	    (fault = page_pool_show_surrendered(request)) ||
	    (fault = store_client_count(&progress->clients, request->store)))
		return fault;
	if ((fault = store_setting_load(&progress->is_enabled, request->store,
		 SETTING_SERVER_ENABLED)))
		return fault;
	if (request->appliance->role == ROLE_VIRTUAL_SERVER &&
	    (fault = store_license_switch(&progress->has_server_license,
		 request->store, CATALOGUE_LICENSE_SERVER, request->now)))
		return fault;
	view_number(request->view, "tiles.clients", progress->clients);
	view_flag(request->view, "server.enabled", progress->is_enabled);
	return FAULT_NONE;
}

/* The steps that make a new appliance useful, until all are done. */
static void
show_progress(struct request *request, const struct progress *progress)
{
	bool is_server = appliance_lends(request->appliance);
	bool is_done = is_server
	    ? progress->licenses && progress->is_enabled && progress->clients
	    : progress->has_server;
	struct view place = view_child(request->view, "steps");

	if (is_done || request->appliance->role == ROLE_CENTER)
		return;
	view_flag(place, "shown", true);
	view_flag(place, "has_license", progress->licenses);
	view_flag(place, "is_enabled", progress->is_enabled);
	view_flag(place, "is_virtual",
	    request->appliance->role == ROLE_VIRTUAL_SERVER);
	view_flag(place, "has_server_license", progress->has_server_license);
	view_flag(place, "has_client", progress->clients);
	view_flag(place, "has_server", progress->has_server);
}

static enum fault
fill(struct request *request)
{
	struct page_link_contact contact;
	struct progress progress = { .has_server = false };
	enum fault fault;

	form_show(request->view, &page_summary_form, &request->form,
	    &request->mistakes);
	show_issuers(request);
	if (request->appliance->role != ROLE_CENTER)
		show_pin(request);
	if ((fault = show_findings(request)) ||
	    (fault = show_licenses(request, &progress)) ||
	    (fault = show_agreement(request)))
		return fault;
	if (appliance_lends(request->appliance))
		fault = show_server(request, &progress);
	else if (request->appliance->role == ROLE_CLIENT) {
		fault = page_link_show(&contact, request);
		progress.has_server = contact.has_server;
	}
	if (!fault)
		show_progress(request, &progress);
	return fault;
}

/* A file that cannot be read leaves the issuers trusted so far; the page says so. */
static void
refresh_trust(struct request *request)
{
	enum fault fault = appliance_refresh_trust(
	    request->appliance, request->now);

	view_flag(request->view, "trust_damaged", fault);
}

enum fault
page_summary_get(struct request *request)
{
	enum fault fault;

	refresh_trust(request);
	fault = fill(request);
	return fault ? fault : page_show(request, "page_summary", 200);
}

/* How the keys fared, and what of them is still to be mended. */
struct outcome {
	int64_t installed, present, refused;
	const char *sku;
	const char *reason; /* of the last refused one */
	const char *left; /* refused keys, one a line, kept in the text area */
};

static enum fault
sum_up(struct outcome *out, struct request *request,
    const struct license_result *results, size_t count)
{
	*out = (struct outcome){ 0, 0, 0, "", "", "" };
	for (size_t i = 0; i < count; i++) {
		struct view row = view_row(request->view, "results", i);

		view_text(row, "shown", results[i].shown);
		view_text(row, "sku", results[i].sku);
		view_text(row, "text", results[i].text);
		view_flag(row, "is_good",
		    results[i].is_installed || results[i].is_duplicate);
		out->installed += results[i].is_installed;
		out->present += results[i].is_duplicate;
		if (results[i].is_installed) {
			out->sku = results[i].sku;
		} else if (!results[i].is_duplicate) {
			out->refused++;
			out->reason = results[i].text;
			out->left = arena_format(&request->arena, "%s%s\n",
			    out->left, results[i].entered);
			if (!out->left)
				return FAULT_MEMORY;
		}
	}
	return FAULT_NONE;
}

static enum fault
finish(struct request *request, const struct outcome *outcome)
{
	char count[32], refused[32];
	enum fault fault;

	text_format_thousands(count, outcome->installed);
	if (!outcome->refused && !outcome->installed)
		return page_done(request, "/licensing/summary",
		    NOTICE_KEYS_PRESENT, NULL, NULL);
	if (!outcome->refused && outcome->installed == 1)
		return page_done(request, "/licensing/summary",
		    NOTICE_KEY_INSTALLED, outcome->sku, NULL);
	if (!outcome->refused)
		return page_done(request, "/licensing/summary",
		    NOTICE_KEYS_INSTALLED, count, NULL);
	text_format_thousands(refused, outcome->refused);
	text_format_thousands(
	    count, outcome->refused + outcome->installed + outcome->present);
	/* One alone is told with its reason. */
	if (outcome->refused == 1 && !outcome->installed && !outcome->present)
		mistake_add(&request->mistakes, "keys", MISTAKE_KEY_REFUSED,
		    outcome->reason, NULL);
	else
		mistake_add(&request->mistakes, "keys", MISTAKE_KEYS_REFUSED,
		    refused, count);
	if ((fault = fill(request)))
		return fault;
	form_preset(request->view, "keys", outcome->left);
	return page_show(request, "page_summary", 422);
}

/* Save Changes after Add has nothing left to do, and says so. */
static bool
only_saves(const struct request *request)
{
	const char *keys = form_text(&request->form, "keys");

	return form_has(&request->form, "save") &&
	    !keys[strspn(keys, " \t\r\n")];
}

enum fault
page_summary_post(struct request *request)
{
	struct license_result *results = NULL;
	struct outcome outcome;
	struct ledger ledger;
	size_t count = 0;
	bool is_kept = false;
	enum fault fault;

	if (only_saves(request))
		return page_done(request, "/licensing/summary",
		    NOTICE_NOTHING_TO_SAVE, NULL, NULL);
	refresh_trust(request);
	if (!request->mistakes.count) {
		if ((fault = page_begin(&ledger, request)))
			return fault;
		fault = ledger_license_add(&results, &count, &ledger,
		    form_text(&request->form, "keys"));
		if ((fault = page_end(&is_kept, &ledger, request, fault)))
			return fault;
	}
	if (!is_kept) {
		fault = fill(request);
		return fault ? fault : page_show_again(request, "page_summary");
	}
	fault = sum_up(&outcome, request, results, count);
	return fault ? fault : finish(request, &outcome);
}
