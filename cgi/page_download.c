/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_download.c: Download Licenses: where license keys come from, when the
 * next are fetched, and Download and Install, which the agent does.
 */
#include "cgi/page_download.h"
#include "cgi/pages.h"

#include <poll.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/page_server_network.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/peer/agent_call.h"
#include "engine/store/ledger_download.h"

#define HERE "/licensing/download"
/* A slow center must not keep the console busy; the agent goes on. */
#define WAIT_MS	      INT64_C(4000)
#define POLL_MS	      100
#define CALL_SECONDS  5
#define CODES_MAX     2000
#define HISTORY_SHOWN 20

static const struct form_field fields[] = {
	{ "center", FORM_TEXT, false, 255, 0, 0, "Center" },
	{ "proxy", FORM_TEXT, false, 255, 0, 0, "Proxy" },
	{ "proxy_user", FORM_TEXT, false, 255, 0, 0, "User name at the proxy" },
	{ "proxy_password", FORM_SECRET, false, 255, 0, 0,
	    "Password at the proxy" },
	{ "network", FORM_TEXT, false, 16, 0, 0, "Preferred Network" },
	{ "enabled", FORM_FLAG, false, 0, 0, 0, "Enabled" },
	{ "codes", FORM_AREA, false, CODES_MAX, 0, 0,
	    "Authentication code(s)" },
	{ "save", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "install", FORM_BUTTON, false, 0, 0, 0, "" },
};
const struct form_table page_download_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

/* ---- what is shown ---- */

static enum fault
show_plan(struct request *request, const struct download_settings *settings)
{
	struct view place = view_child(request->view, "plan");
	struct download_plan plan;
	enum fault fault = store_download_plan(
	    &plan, &request->arena, request->store, request->now);

	if (fault)
		return fault;
	for (int row = DOWNLOAD_SCHEDULE_QUARTERLY;
	     row <= DOWNLOAD_SCHEDULE_DAILY; row++) {
		struct view line = view_row(place, "rows", (size_t)row);

		view_text(line, "word",
		    download_schedule_word((enum download_schedule_row)row));
		view_flag(line, "active", row == (int)plan.row);
	}
	if (*settings->center && plan.revocations != INSTANT_NEVER)
		view_instant(place, "revocations", plan.revocations, request->now);
	view_flag(place, "on", settings->is_enabled && *settings->center);
	view_flag(place, "failed", plan.has_failed);
	view_flag(place, "due", plan.next <= request->now);
	view_instant(place, "next", plan.next, request->now);
	view_instant(place, "last", plan.last, request->now);
	return FAULT_NONE;
}

static enum fault
show_history(struct request *request)
{
	struct download_row *rows;
	size_t count;
	enum fault fault = store_download_list(
	    &rows, &count, &request->arena, request->store, HISTORY_SHOWN);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(request->view, "history", i);

		view_instant(row, "ended", rows[i].ended_at, request->now);
		view_text(row, "by", rows[i].started_by);
		view_flag(row, "automatic", rows[i].is_automatic);
		view_flag(row, "none", !strcmp(rows[i].codes, DOWNLOAD_CODES_NONE));
		view_flag(row, "list",
		    !strcmp(rows[i].codes, DOWNLOAD_CODES_REVOCATIONS));
		if (strcmp(rows[i].codes, DOWNLOAD_CODES_NONE) &&
		    strcmp(rows[i].codes, DOWNLOAD_CODES_REVOCATIONS))
			view_text(row, "codes", rows[i].codes);
		view_number(row, "received", rows[i].received);
		view_number(row, "installed", rows[i].installed);
		view_flag(row, "good", rows[i].is_good);
		view_text(row, "text", rows[i].text);
	}
	return fault;
}

static const char *
label_of(const char *step)
{
	static const struct {
		const char *step, *label;
	} labels[] = {
		{ "reach", "Connect" },
		{ "trust", "Check the certificate" },
		{ "ask", "Ask for license keys" },
		{ "install", "Check signatures and install" },
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (step && !strcmp(step, labels[i].step))
			return labels[i].label;
	return "";
}

static void
show_list(struct view place, const json_t *list, const char *rows,
    const char *name)
{
	size_t index;
	json_t *item;

	json_array_foreach(list, index, item)
	{
		struct view row = view_row(place, rows, index);

		view_text(row, "what", json_text(item, name));
		view_flag(row, "ok",
		    json_bool(item, "ok", false) ||
			json_bool(item, "installed", false) ||
			json_bool(item, "duplicate", false));
		view_text(row, "text", json_text(item, "text"));
	}
}

/* "answer" is of download_state. */
static void
show_report(struct request *request, const json_t *answer)
{
	const json_t *report = json_object_get(answer, "report");
	struct view place = view_child(request->view, "run");
	bool is_running = !json_bool(answer, "done", true);
	size_t index, passed = 0;
	json_t *step;

	if (!json_is_object(report) && !is_running)
		return;
	view_flag(place, "shown", true);
	view_flag(place, "running", is_running);
	view_flag(place, "good", json_bool(report, "good", false));
	view_text(place, "text", json_text(report, "text"));
	view_flag(place, "nothing",
	    json_integer_value(json_object_get(report, "received")) == 0);
	json_array_foreach(json_object_get(report, "steps"), index, step)
	{
		struct view row = view_row(place, "steps", index);
		const char *state = json_text(step, "state");

		passed += state && !strcmp(state, "ok");
		view_text(row, "label", label_of(json_text(step, "step")));
		view_text(row, "state", state);
		view_text(row, "text", json_text(step, "text"));
	}
	view_number(place, "passed", (int64_t)passed);
	show_list(place, json_object_get(report, "codes"), "codes", "ends_in");
	show_list(place, json_object_get(report, "keys"), "keys", "sku");
	page_download_issuer_show(request, report);
}

static enum fault
ask(json_t **answer, const struct request *request, json_t *question)
{
	enum fault fault = FAULT_MEMORY;

	*answer = NULL;
	if (question)
		fault = agent_call(answer, request->appliance->state_directory,
		    question, CALL_SECONDS);
	json_decref(question);
	return fault;
}

static void
show_run(struct request *request)
{
	json_t *answer = NULL;
	enum fault fault = ask(
	    &answer, request, json_pack("{s:s}", "op", "download_state"));

	if (!fault)
		show_report(request, answer);
	json_decref(answer);
}

static enum fault
fill(struct request *request, bool is_typed)
{
	struct form nothing = { 0 };
	const struct form *typed = is_typed ? &request->form : &nothing;
	struct download_settings settings;
	const char *network;
	enum fault fault = store_download_settings(
	    &settings, &request->arena, request->store);

	if (fault)
		return fault;
	form_preset(request->view, "center", settings.center);
	form_preset(request->view, "proxy", settings.proxy);
	form_preset(request->view, "proxy_user", settings.proxy_user);
	view_flag(request->view, "has_proxy_password",
	    *settings.proxy_password);
	view_flag(request->view, "proxy_open",
	    *settings.proxy || *form_text(typed, "proxy") ||
		*form_text(typed, "proxy_user") ||
		form_mistake(&request->mistakes, "proxy"));
	view_flag(
	    request->view, "form.enabled.checked", settings.is_enabled);
	form_show(
	    request->view, &page_download_form, typed, &request->mistakes);
	network = settings.network;
	if (is_typed) {
		view_text(request->view, "form.enabled.checked",
		    form_has(&request->form, "enabled") ? "1" : "");
		network = form_text(&request->form, "network");
	}
	view_flag(request->view, "has_center", *settings.center);
	/* Which issuers are trusted may be new. */
	if ((fault = appliance_refresh_trust(request->appliance, request->now)))
		return fault;
	show_run(request);
	if ((fault = page_server_network_show(request, network)) ||
	    (fault = show_plan(request, &settings)))
		return fault;
	return show_history(request);
}

enum fault
page_download_get(struct request *request)
{
	enum fault fault = fill(request, false);

	return fault ? fault : page_show(request, "page_download", 200);
}

static enum fault
show_typed(struct request *request)
{
	enum fault fault = fill(request, true);

	if (fault)
		return fault;
	return request->mistakes.count ? page_show_again(request, "page_download")
				       : page_show(request, "page_download", 200);
}

/* ---- what is done ---- */

static enum fault
save(bool *is_kept, struct request *request)
{
	const bool is_enabled = form_has(&request->form, "enabled");
	const char *password = form_text(&request->form, "proxy_password");
	const struct download_input input = {
		/* A password is never shown: an empty field keeps it. */
		.proxy = form_text(&request->form, "proxy"),
		.proxy_user = form_text(&request->form, "proxy_user"),
		.proxy_password = *password ? password : NULL,
		.center = form_text(&request->form, "center"),
		.network = form_text(&request->form, "network"),
		.is_enabled = &is_enabled,
	};
	struct ledger ledger;
	enum fault fault = page_begin(&ledger, request);

	*is_kept = false;
	if (fault)
		return fault;
	return page_end(is_kept, &ledger, request,
	    ledger_download_save(&ledger, &input));
}

enum fault
page_download_post(struct request *request)
{
	bool is_kept = false;
	enum fault fault;

	if (!request->mistakes.count && (fault = save(&is_kept, request)))
		return fault;
	if (!is_kept)
		return show_typed(request);
	return page_done(request, HERE,
	    *form_text(&request->form, "codes") ? NOTICE_DOWNLOAD_SAVED_ONLY
						: NOTICE_DOWNLOAD_SAVED,
	    NULL, NULL);
}

/* The sentence of a run that went well, in the arena; NULL when it did not, or goes on. */
static const char *
await(struct request *request)
{
	int64_t end_ms = clock_elapsed_ms() + WAIT_MS;
	const char *text = NULL;
	json_t *answer;
	bool is_done;

	do {
		(void)poll(NULL, 0, POLL_MS);
		if (ask(&answer, request,
			json_pack("{s:s}", "op", "download_state")))
			return NULL;
		is_done = json_bool(answer, "done", true);
		if (is_done &&
		    json_bool(json_object_get(answer, "report"), "good", false))
			text = arena_text(&request->arena,
			    json_text(
				json_object_get(answer, "report"), "text"));
		json_decref(answer);
	} while (!is_done && clock_elapsed_ms() < end_ms);
	return text;
}

/* What stands in the form is meant: it is saved first. A code stays in its field until its keys are here. */
enum fault
page_download_install_post(struct request *request)
{
	json_t *answer = NULL;
	const char *text = NULL;
	bool is_kept = false;
	enum fault fault;

	if (request->mistakes.count)
		return show_typed(request);
	if ((fault = save(&is_kept, request)))
		return fault;
	if (!is_kept)
		return show_typed(request);
	fault = ask(&answer, request,
	    json_pack("{s:s, s:s, s:s, s:s}", "op", "download", "codes",
		form_text(&request->form, "codes"), "actor",
		request->sign_in.admin.name, "address", request->address));
	if (fault == FAULT_MEMORY)
		return fault;
	if (fault || !json_bool(answer, "ok", false))
		view_text(request->view, "refused",
		    fault ? "The agent of this appliance is not running. Start "
			    "the appliance with leasehold serve."
			  : arena_text(
				&request->arena, json_text(answer, "text")));
	else
		text = await(request);
	json_decref(answer);
	return text ? page_done(request, HERE, NOTICE_DOWNLOAD_DONE, text, NULL)
		    : show_typed(request);
}
