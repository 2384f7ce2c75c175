/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_transfer.c: one replacement of a defective device by a spare:
 * where it stands, what is next, the page that confirms the transfer, and what
 * becomes of the old device.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "engine/base/text.h"
#include "engine/store/ledger_transfer.h"
#include "engine/store/transfer_audit.h"

#define ISSUER_FILE "issuer.key"

static const struct form_field fields[] = {
	{ "act", FORM_HIDDEN, true, 16, 0, 0, "" },
	{ "text", FORM_TEXT, false, 2000, 0, 0, "What was found" },
	{ "spare", FORM_TEXT, false, 64, 0, 0, "Hardware ID" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
};
const struct form_table page_center_transfer_form = { fields, 4 };

static const struct form_field run_fields[] = {
	{ "typed", FORM_TEXT, true, 256, 0, 0, "Case number" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
};
const struct form_table page_center_transfer_run_form = { run_fields, 2 };

/* What a button sends, and who may. */
static const struct {
	const char *word;
	enum transfer_act act;
	bool is_vendors;
} acts[] = {
	{ "test", TRANSFER_ACT_TEST, false },
	{ "spare", TRANSFER_ACT_CHOOSE_SPARE, false },
	{ "authorise", TRANSFER_ACT_AUTHORISE, true },
	{ "no-trouble", TRANSFER_ACT_FOUND_NOTHING, false },
	{ "faulty", TRANSFER_ACT_FOUND_FAULT, false },
	{ "reset", TRANSFER_ACT_RESET, true },
	{ "receive", TRANSFER_ACT_RECEIVE, false },
	{ "cancel", TRANSFER_ACT_CANCEL, false },
};
#define ACTS (sizeof(acts) / sizeof(acts[0]))

enum fault
page_center_transfer_find(struct transfer_row *out, struct request *request)
{
	enum fault fault = FAULT_NOT_FOUND;
	int64_t id;

	if (text_parse_int64(&id, request->argument, 1, INT64_MAX))
		fault = store_transfer_load(out, &request->arena,
		    request->store, id, center_scope_of(request));
	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_transfer", request->argument);
	return fault;
}

static enum fault
show_steps(struct request *request, const struct transfer_row *row)
{
	struct transfer_step_row *steps;
	size_t count;
	enum fault fault = store_transfer_steps(
	    &steps, &count, &request->arena, request->store, row->id);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view place = view_row(request->view, "steps", i);

		view_instant(place, "at", steps[i].at, request->now);
		view_text(place, "by", steps[i].actor);
		view_text(place, "step", steps[i].step);
		view_text(place, "text", steps[i].text);
	}
	return fault;
}

static enum fault
show_keys(struct request *request, const struct transfer_row *row)
{
	struct transfer_key_row *keys;
	size_t count;
	enum fault fault = store_transfer_keys(
	    &keys, &count, &request->arena, request->store, row);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view place = view_row(request->view, "keys", i);

		view_text(place, "serial", keys[i].serial);
		view_text(place, "successor", keys[i].successor);
		view_text(place, "sku", keys[i].sku);
		view_text(place, "start", keys[i].start_date);
		view_text(place, "end", keys[i].end_date);
		view_text(place, "held_by", keys[i].held_by);
	}
	return fault;
}

/* Spares that the partner has in stock, to choose from. */
static enum fault
show_stock(struct request *request, const struct transfer_row *row)
{
	struct center_device_row *devices;
	size_t count;
	enum fault fault = store_center_stock_list(
	    &devices, &count, &request->arena, request->store, row->partner);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view place = view_row(request->view, "stock", i);

		view_text(place, "hwid", devices[i].hardware_id);
		view_text(place, "serial", devices[i].serial);
		view_text(place, "platform", devices[i].platform);
		view_flag(place, "chosen", devices[i].id == row->spare);
	}
	return fault;
}

/* May this person act in it at all, beyond looking? */
static bool
is_theirs(const struct request *request, const struct transfer_row *row)
{
	int64_t scope = center_scope_of(request);

	return route_allows(
		   request->sign_in.admin.role, CAPABILITY_PARTNER) &&
	    (!scope || scope == row->partner);
}

static enum fault
fill(struct request *request, const struct transfer_row *row)
{
	struct view place = view_child(request->view, "transfer");
	enum fault fault;

	page_center_transfer_facts(request, place, row);
	view_format(place, "ver", "%" PRId64, row->row_version);
	view_text(place, "fault", row->fault);
	view_text(place, "contract", row->contract_ends);
	view_instant(place, "due", row->due_at, request->now);
	view_instant(place, "notice", row->notice_at, request->now);
	view_flag(place, "is_open", transfer_is_open(row->state));
	view_flag(place, "may_cancel", row->state < TRANSFER_TRANSFERRED);
	view_flag(place, "may_act", is_theirs(request, row));
	if ((fault = show_steps(request, row)) ||
	    (fault = show_keys(request, row)))
		return fault;
	return show_stock(request, row);
}

/* Several forms stand on one page: what was typed stands in its own. */
static void
show_forms(struct request *request)
{
	static const struct form_table *const tables[] = {
		&page_center_transfer_form,
		&page_center_transfer_run_form,
		&page_center_transfer_hold_form,
		&page_center_transfer_audit_form,
	};
	const struct form nothing = { 0 };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		form_show(request->view, tables[i],
		    request->form.table == tables[i] ? &request->form : &nothing,
		    &request->mistakes);
}

static enum fault
show(struct request *request, const struct transfer_row *row,
    const char *template, bool is_again)
{
	enum fault fault = fill(request, row);

	if (fault)
		return fault;
	show_forms(request);
	return is_again ? page_show_again(request, template)
			: page_show(request, template, 200);
}

enum fault
page_center_transfer_get(struct request *request)
{
	struct transfer_row row;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show(request, &row, "page_center_transfer", false);
}

/* As it is by now. */
static enum fault
show_again(struct request *request, const char *template)
{
	struct transfer_row row;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show(request, &row, template, true);
}

enum fault
page_center_transfer_again(struct request *request)
{
	return show_again(request, "page_center_transfer");
}

static int64_t
version(const struct request *request)
{
	int64_t out;

	return text_parse_int64(&out, form_text(&request->form, "ver"), 1,
		   INT64_MAX)
	    ? out
	    : 0;
}

/* The row of "acts" that was pressed; NULL when the person may not, or there is none. */
static size_t
act_of(const struct request *request, const struct transfer_row *row)
{
	const char *word = form_text(&request->form, "act");
	bool is_vendor = route_allows(
	    request->sign_in.admin.role, CAPABILITY_ASSIST);

	for (size_t i = 0; i < ACTS; i++)
		if (!strcmp(acts[i].word, word) && is_theirs(request, row) &&
		    (is_vendor || !acts[i].is_vendors))
			return i;
	return ACTS;
}

enum fault
page_center_transfer_post(struct request *request)
{
	struct transfer_row row;
	struct transfer_input input = { .text =
					    form_text(&request->form, "text") };
	const char *typed = form_text(&request->form, "spare");
	struct ledger ledger;
	bool is_kept;
	size_t act;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((act = act_of(request, &row)) == ACTS) {
		page_error(request, 403, "capability", request->route->help);
		return FAULT_NONE;
	}
	if (request->mistakes.count)
		return page_center_transfer_again(request);
	input.id = row.id;
	input.row_version = version(request);
	if (acts[act].act == TRANSFER_ACT_CHOOSE_SPARE ||
	    acts[act].act == TRANSFER_ACT_RECEIVE)
		input.hardware_id = page_center_hardware_id(request, typed);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_transfer_step(&ledger, acts[act].act, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, page_center_transfer_path(request, row.id),
		  NOTICE_TRANSFER_STEP, NULL, NULL)
	    : page_center_transfer_again(request);
}

/* ---- the transfer, confirmed ---- */

enum fault
page_center_transfer_run_get(struct request *request)
{
	struct transfer_row row;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show(request, &row, "page_center_transfer_run", false);
}

static enum fault
load_issuer(struct keypair **out, const struct request *request)
{
	char path[PATH_MAX];
	enum fault fault;

	if (!appliance_path(path, sizeof(path),
		request->appliance->state_directory, ISSUER_FILE))
		return FAULT_IO;
	/* Its name may be new. */
	if ((fault = appliance_refresh_trust(
		 request->appliance, request->now)))
		return fault;
	return keypair_load(out, path);
}

static enum fault
run(bool *is_kept, struct request *request, const struct transfer_input *input)
{
	struct keypair *issuer = NULL;
	struct ledger ledger;
	enum fault fault = load_issuer(&issuer, request);

	*is_kept = false;
	if (!fault && !(fault = page_begin(&ledger, request))) {
		fault = ledger_transfer_run(&ledger, issuer, input,
		    form_text(&request->form, "typed"));
		fault = page_end(is_kept, &ledger, request, fault);
	}
	keypair_free(&issuer);
	return fault;
}

enum fault
page_center_transfer_run_post(struct request *request)
{
	struct transfer_row row;
	struct transfer_input input = { .text = "" };
	bool is_kept = false;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	input.id = row.id;
	input.row_version = version(request);
	if (!request->mistakes.count &&
	    (fault = run(&is_kept, request, &input)))
		return fault;
	return is_kept
	    ? page_done(request, page_center_transfer_path(request, row.id),
		  NOTICE_TRANSFER_DONE, row.spare_hardware_id, row.hardware_id)
	    : show_again(request, "page_center_transfer_run");
}

/* ---- what license servers hold of the device ---- */

static const struct form_field hold_fields[] = {
	{ "serial", FORM_TEXT, true, 64, 0, 0, "License" },
	{ "server", FORM_TEXT, false, 512, 0, 0, "License server" },
};
const struct form_table page_center_transfer_hold_form = { hold_fields, 2 };

/* Before the transfer, that a server holds a license, or none does; after it, that it was given back. */
static enum fault
note_hold(struct ledger *ledger, struct request *request,
    const struct keypair *issuer, const struct transfer_row *row)
{
	const char *serial = form_text(&request->form, "serial");

	return row->transferred_at
	    ? ledger_transfer_returned(ledger, issuer, row->id, serial)
	    : ledger_transfer_hold(ledger, serial,
		  form_text(&request->form, "server"));
}

/* A license of another device is none of this replacement's. */
static enum fault
check_serial(struct request *request, const struct transfer_row *row)
{
	const char *serial = form_text(&request->form, "serial");
	struct transfer_key_row *keys;
	size_t count;
	enum fault fault = store_transfer_keys(
	    &keys, &count, &request->arena, request->store, row);

	for (size_t i = 0; !fault && i < count; i++)
		if (!strcmp(keys[i].serial, serial))
			return FAULT_NONE;
	if (!fault)
		mistake_add(&request->mistakes, "serial", MISTAKE_REVOKE_NONE,
		    serial, NULL);
	return fault;
}

enum fault
page_center_transfer_hold_post(struct request *request)
{
	struct keypair *issuer = NULL;
	struct transfer_row row;
	struct ledger ledger;
	bool is_kept = false;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = check_serial(request, &row)))
		return fault;
	if (!request->mistakes.count &&
	    !(fault = load_issuer(&issuer, request)) &&
	    !(fault = page_begin(&ledger, request))) {
		fault = note_hold(&ledger, request, issuer, &row);
		fault = page_end(&is_kept, &ledger, request, fault);
	}
	keypair_free(&issuer);
	if (fault)
		return fault;
	return is_kept
	    ? page_done(request, page_center_transfer_path(request, row.id),
		  NOTICE_TRANSFER_HELD, form_text(&request->form, "serial"),
		  NULL)
	    : page_center_transfer_again(request);
}

/* ---- the auditor's view ---- */

static const struct form_field audit_fields[] = {
	{ "date", FORM_TEXT, true, 10, 0, 0, "Date of notice" },
};
const struct form_table page_center_transfer_audit_form = { audit_fields, 1 };

enum fault
page_center_transfer_audit_post(struct request *request)
{
	struct transfer_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = page_center_transfer_find(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return page_center_transfer_again(request);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_transfer_notice(
	    &ledger, row.id, form_text(&request->form, "date"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, page_center_transfer_path(request, row.id),
		  NOTICE_TRANSFER_AUDIT, row.case_number, NULL)
	    : page_center_transfer_again(request);
}

enum fault
page_center_transfer_audit_get(struct request *request)
{
	const struct center_filter all = { .find = "", .limit = INT64_MAX };
	const char *found[TRANSFER_AUDIT_FINDINGS];
	struct transfer_row *rows;
	int64_t matching;
	size_t count, shown = 0;
	enum fault fault = store_transfer_list(&rows, &count, &matching,
	    &request->arena, request->store, &all);

	if (fault)
		return fault;
	for (size_t i = 0; i < count; i++) {
		size_t findings = transfer_audit_findings(
		    found, &request->arena, &rows[i], request->now);

		for (size_t j = 0; j < findings; j++) {
			struct view place = view_row(
			    request->view, "findings", shown++);

			page_center_transfer_facts(request, place, &rows[i]);
			view_text(place, "text", found[j]);
		}
	}
	view_number(request->view, "audit.transfers", matching);
	view_flag(request->view, "audit.some", matching > 0);
	return page_show(request, "page_center_audit", 200);
}

enum fault
page_center_transfer_csv_get(struct request *request)
{
	struct csv csv = { .text = NULL };
	enum fault fault = transfer_audit_csv(&csv, &request->arena,
	    request->store, 0, request->now);

	return page_csv(request, &csv, fault);
}
