/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_trial.c: a changed connection that is on trial: until when, how
 * it does, and the buttons that keep it or go back.
 */
#include "cgi/page_server_trial.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/page_server.h"
#include "cgi/pages.h"
#include "engine/base/text.h"
#include "engine/store/ledger_link_trial.h"
#include "engine/store/store_setting.h"

static const struct form_field fields[] = {
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
};
const struct form_table page_server_trial_form = { fields, 1 };

struct link_moment
page_server_trial_moment(const struct request *request)
{
	return (struct link_moment){ request->boot_id, request->elapsed_ms };
}

enum fault
page_server_trial_again(struct ledger *ledger, const struct request *request)
{
	const struct link_moment moment = page_server_trial_moment(request);

	return ledger_link_trial_again(ledger, &moment);
}

/* ---- shown ---- */

static void
show_before(struct view place, const struct link_row *before)
{
	view_text(place, "server", before->server);
	view_text(place, "client_name", before->client_name);
	view_text(place, "network", before->network);
	view_flag(place, "verify", before->verify);
}

static void
show_trial(struct request *request, const struct link_trial_row *trial,
    const struct link_row *link)
{
	const struct link_moment moment = page_server_trial_moment(request);
	struct view place = view_child(request->view, "trial");
	int64_t left = store_link_trial_left(trial, &moment, request->now);

	view_flag(place, "shown", true);
	view_flag(place, "is_over", left == 0);
	view_clock(place, "until", request->now + left);
	view_text(place, "by", trial->actor);
	view_format(place, "ver", "%" PRId64, link->row_version);
	view_text(place, "outcome", store_link_trial_outcome_name(link));
	view_text(place, "failure", link->failure_text);
	show_before(view_child(place, "before"), &trial->before.row);
}

enum fault
page_server_trial_show(struct request *request)
{
	struct link_trial_row trial;
	struct link_row link;
	enum fault fault;
	int64_t seconds;

	if ((fault = store_setting_load(
		 &seconds, request->store, SETTING_LINK_TRIAL)))
		return fault;
	view_format(request->view, "form.trial.value", "%" PRId64, seconds);
	fault = store_link_trial_load(&trial, &request->arena, request->store);
	if (!fault)
		fault = store_link_load(&link, &request->arena, request->store);
	if (!fault)
		show_trial(request, &trial, &link);
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* ---- kept, or left ---- */

static int64_t
version_seen(const struct request *request)
{
	int64_t version;

	return text_parse_int64(
		   &version, form_text(&request->form, "ver"), 1, INT64_MAX)
	    ? version
	    : 0;
}

/* By what was known when it was kept: a warning where nothing has answered yet. */
static enum fault
kept(struct request *request, const struct link_row *link)
{
	bool is_connected = store_link_trial_outcome(link) ==
	    LINK_TRIAL_CONNECTED;

	return page_done(request, "/licensing/server",
	    is_connected ? NOTICE_LINK_KEPT : NOTICE_LINK_KEPT_WITHOUT,
	    is_connected ? NULL : link->failure_text, NULL);
}

enum fault
page_server_trial_keep_post(struct request *request)
{
	const struct link_moment moment = page_server_trial_moment(request);
	struct link_row link;
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = store_link_load(&link, &request->arena, request->store);
	if (!fault || fault == FAULT_NOT_FOUND)
		fault = ledger_link_trial_keep(
		    &ledger, &moment, version_seen(request));
	fault = page_end(&is_kept, &ledger, request, fault);
	if (fault)
		return fault;
	return is_kept ? kept(request, &link) : page_server_refused(request);
}

enum fault
page_server_trial_back_post(struct request *request)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_link_trial_leave(&ledger);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return page_server_refused(request);
	return page_done(
	    request, "/licensing/server", NOTICE_LINK_BACK, NULL, NULL);
}
