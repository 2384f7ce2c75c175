/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients_bulk.c: one change to many license clients: those that were
 * ticked in the list, or all that it found. The page names them, and what is
 * wrong with any of them, before anything is changed.
 */
#include "cgi/page_clients_list.h"
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "engine/base/digest.h"
#include "engine/base/text.h"
#include "engine/store/ledger_clients.h"

#define HERE        "/licensing/clients"
#define NAMES_SHOWN 20
/* More than so many are deleted only by whoever types the host name. */
#define TYPED_ABOVE 10
/* Each is judged by all others: more would keep leases waiting. */
#define CLIENTS_MOST 500

/* The first ones are those of the list: what it found is found again. */
static const struct form_field fields[] = {
	PAGE_CLIENTS_LIST_FIELDS,
	{ "pick", FORM_PICKS, false, 0, 0, 0, "" },
	{ "all", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "some", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "act", FORM_HIDDEN, false, 16, 0, 0, "" },
	{ "expires", FORM_TEXT, false, 32, 0, 0,
	    "Configuration expiration date" },
	{ "counted", FORM_TEXT, false, 32, 0, 0, "Feature" },
	{ "which", FORM_TEXT, false, 16, 0, 0, "Count" },
	{ "how", FORM_TEXT, false, 16, 0, 0, "How" },
	{ "units", FORM_NUMBER, false, 0, 0, CLIENTS_UNITS_MAX, "Units" },
	{ "typed", FORM_TEXT, false, 256, 0, 0, "Host name" },
	{ "seen", FORM_HIDDEN, false, 64, 0, 0, "" },
};
const struct form_table page_clients_bulk_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

struct chosen {
	struct clients_one *ones; /* those that are there */
	size_t count;
	bool is_all;
	char digest[2 * DIGEST_BYTES + 1]; /* of all of them, as they are now */
};

/* ---- which clients ---- */

static enum fault
add(struct chosen *chosen, struct request *request, int64_t id)
{
	struct client_row row;
	enum fault fault = store_client_load_id(
	    &row, &request->arena, request->store, id);

	if (!fault && !row.deleted_at)
		chosen->ones[chosen->count++] = (struct clients_one){ row.id,
			row.row_version };
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static enum fault
load_picks(struct chosen *out, struct request *request)
{
	size_t count;
	int64_t *ids = form_picks(
	    &count, &request->arena, &request->form, "pick");
	enum fault fault = FAULT_NONE;

	out->ones = arena_array(&request->arena, count + 1, sizeof(*out->ones));
	if (!ids || !out->ones)
		return FAULT_MEMORY;
	for (size_t i = 0; !fault && i < count; i++)
		fault = add(out, request, ids[i]);
	return fault;
}

static enum fault
load_all(struct chosen *out, struct request *request)
{
	struct client_filter filter;
	struct client_list_row *rows;
	int64_t matching;
	size_t count;
	enum fault fault = page_clients_list_filter(&filter, request);

	filter.limit = CLIENTS_MOST + 1;
	if (fault ||
	    (fault = store_client_list(&rows, &count, &matching,
		 &request->arena, request->store, &filter)))
		return fault;
	out->ones = arena_array(&request->arena, count + 1, sizeof(*out->ones));
	if (!out->ones)
		return FAULT_MEMORY;
	for (; out->count < count; out->count++)
		out->ones[out->count] = (struct clients_one){
			rows[out->count].client.id,
			rows[out->count].client.row_version
		};
	return FAULT_NONE;
}

static enum fault
load_chosen(struct chosen *out, struct request *request)
{
	enum fault fault;

	*out = (struct chosen){ .is_all = form_has(&request->form, "all") };
	fault = out->is_all ? load_all(out, request) : load_picks(out, request);
	return fault ? fault
		     : digest_sha256_hex(out->digest, out->ones,
			   out->count * sizeof(*out->ones));
}

/* ---- what is shown ---- */

static enum fault
show_names(struct request *request, const struct chosen *chosen)
{
	for (size_t i = 0; i < chosen->count && i < NAMES_SHOWN; i++) {
		struct client_row row;
		enum fault fault = store_client_load_id(
		    &row, &request->arena, request->store, chosen->ones[i].id);

		if (fault)
			return fault;
		view_text(
		    view_row(request->view, "names", i), "name", row.name);
	}
	if (chosen->count > NAMES_SHOWN)
		view_number(request->view, "more",
		    (int64_t)chosen->count - NAMES_SHOWN);
	return FAULT_NONE;
}

/* What each form of the page carries along. */
static void
show_carried(struct request *request, const struct chosen *chosen)
{
	size_t shown = 0;

	for (size_t i = 0; i < PAGE_CLIENTS_LIST_FILTERS; i++) {
		const char *text = form_text(&request->form, fields[i].name);
		struct view row;

		if (!*text)
			continue;
		row = view_row(request->view, "carried", shown++);
		view_text(row, "name", fields[i].name);
		view_text(row, "value", text);
	}
	view_flag(request->view, "is_all", chosen->is_all);
	view_text(request->view, "digest", chosen->digest);
	for (size_t i = 0; !chosen->is_all && i < chosen->count; i++)
		view_format(view_row(request->view, "picks", i), "id",
		    "%" PRId64, chosen->ones[i].id);
}

/* An address fills in nothing but what is chosen: a link must not type for anybody. */
static enum fault
show(struct request *request, const struct chosen *chosen, bool is_again)
{
	const struct form nothing = { 0 };
	const struct form *typed = request->method == METHOD_POST
	    ? &request->form
	    : &nothing;
	const char *counted = form_text(typed, "counted");
	enum fault fault = show_names(request, chosen);

	if (fault)
		return fault;
	show_carried(request, chosen);
	page_clients_list_features(
	    request, *counted ? counted : form_text(&request->form, "feature"));
	view_number(request->view, "count", (int64_t)chosen->count);
	view_flag(request->view, "has_any",
	    chosen->count > 0 && chosen->count <= CLIENTS_MOST);
	view_flag(request->view, "must_type", chosen->count > TYPED_ABOVE);
	view_text(request->view, "which", form_text(typed, "which"));
	view_text(request->view, "how", form_text(typed, "how"));
	form_show(
	    request->view, &page_clients_bulk_form, typed, &request->mistakes);
	return is_again ? page_show_again(request, "page_clients_bulk")
			: page_show(request, "page_clients_bulk", 200);
}

/* Other clients than those that were looked at are not meant. */
static void
check_seen(struct request *request, const struct chosen *chosen)
{
	char most[32];

	text_format_thousands(most, CLIENTS_MOST);
	if (chosen->count > CLIENTS_MOST)
		mistake_add(&request->mistakes, "all", MISTAKE_CLIENTS_MANY,
		    most, NULL);
	else if (request->method == METHOD_POST &&
	    strcmp(form_text(&request->form, "seen"), chosen->digest) != 0)
		mistake_add(&request->mistakes, "seen", MISTAKE_CLIENTS_CHANGED,
		    NULL, NULL);
}

enum fault
page_clients_bulk_get(struct request *request)
{
	struct chosen chosen;
	enum fault fault = load_chosen(&chosen, request);

	request->mistakes.count = 0;
	if (fault)
		return fault;
	check_seen(request, &chosen);
	return show(request, &chosen, request->mistakes.count > 0);
}

/* ---- what is done ---- */

static bool
read_count(struct clients_change *out, const struct request *request)
{
	static const char *const words[] = { "reserved", "increment",
		"maximum" };
	const char *which = form_text(&request->form, "which");
	const char *how = form_text(&request->form, "how");
	int64_t units = form_number(&request->form, "units", -1);

	for (int i = 0; i < 3; i++)
		if (!strcmp(which, words[i]) && units >= 0) {
			out->which = (enum clients_count)i;
			out->feature = form_text(&request->form, "counted");
			out->is_added = strcmp(how, "set") != 0;
			out->units = strcmp(how, "lower") ? units : -units;
			return true;
		}
	return false;
}

/* False when the form says nothing that this page does. */
static bool
read_change(struct clients_change *out, const struct request *request)
{
	const char *act = form_text(&request->form, "act");

	*out = (struct clients_change){ .expires_date = NULL };
	if (!strcmp(act, "expires")) {
		out->expires_date = form_text(&request->form, "expires");
		return true;
	}
	return !strcmp(act, "count") && read_count(out, request);
}

static enum fault
change(struct request *request, const struct chosen *chosen)
{
	struct clients_change wanted;
	struct ledger ledger;
	size_t changed = 0;
	bool is_kept;
	enum fault fault;

	if (!read_change(&wanted, request)) {
		mistake_add(&request->mistakes, "units", MISTAKE_FIELD_REQUIRED,
		    "Units", NULL);
		return show(request, chosen, true);
	}
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_clients_change(
	    &changed, &ledger, chosen->ones, chosen->count, &wanted);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, HERE, NOTICE_CLIENTS_CHANGED,
		  arena_format(&request->arena, "%zu", changed),
		  arena_format(&request->arena, "%zu", chosen->count))
	    : show(request, chosen, true);
}

static enum fault
delete_chosen(struct request *request, const struct chosen *chosen)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault;

	if (chosen->count > TYPED_ABOVE &&
	    strcmp(form_text(&request->form, "typed"),
		request->appliance->hostname) != 0) {
		mistake_add(&request->mistakes, "typed", MISTAKE_HOST_TYPED,
		    request->appliance->hostname, NULL);
		return show(request, chosen, true);
	}
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_clients_delete(&ledger, chosen->ones, chosen->count);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, HERE, NOTICE_CLIENTS_DELETED,
		  arena_format(&request->arena, "%zu", chosen->count), NULL)
	    : show(request, chosen, true);
}

enum fault
page_clients_bulk_post(struct request *request)
{
	struct chosen chosen;
	enum fault fault = load_chosen(&chosen, request);

	if (fault)
		return fault;
	check_seen(request, &chosen);
	if (request->mistakes.count || !chosen.count)
		return show(request, &chosen, request->mistakes.count > 0);
	return strcmp(form_text(&request->form, "act"), "delete")
	    ? change(request, &chosen)
	    : delete_chosen(request, &chosen);
}
