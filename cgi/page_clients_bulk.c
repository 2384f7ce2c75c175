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
#include "engine/store/ledger_clients.h"

#define HERE        "/licensing/clients"
#define NAMES_SHOWN 20
/* More than so many are deleted only by whoever types the host name. */
#define TYPED_ABOVE 10

/* The first ones are those of the list: what it found is found again. */
static const struct form_field fields[] = {
	{ "find", FORM_TEXT, false, 256, 0, 0, "Client ID" },
	{ "platform", FORM_TEXT, false, 32, 0, 0, "Platform" },
	{ "product", FORM_TEXT, false, 8, 0, 0, "Product" },
	{ "cluster", FORM_TEXT, false, 256, 0, 0, "Cluster" },
	{ "state", FORM_TEXT, false, 32, 0, 0, "State" },
	{ "feature", FORM_TEXT, false, 32, 0, 0, "Feature" },
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
};
#define FILTERS 6
const struct form_table page_clients_bulk_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

struct chosen {
	int64_t *ids;
	size_t count;
	bool is_all;
};

/* ---- which clients ---- */

static enum fault
load_all(struct chosen *out, struct request *request)
{
	struct client_filter filter;
	struct client_list_row *rows;
	int64_t matching;
	enum fault fault = page_clients_list_filter(&filter, request);

	if (fault ||
	    (fault = store_client_list(&rows, &out->count, &matching,
		 &request->arena, request->store, &filter)))
		return fault;
	out->ids = arena_array(
	    &request->arena, out->count + 1, sizeof(*out->ids));
	for (size_t i = 0; out->ids && i < out->count; i++)
		out->ids[i] = rows[i].client.id;
	return out->ids ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
load_chosen(struct chosen *out, struct request *request)
{
	*out = (struct chosen){ .is_all = form_has(&request->form, "all") };
	if (out->is_all)
		return load_all(out, request);
	out->ids = form_picks(
	    &out->count, &request->arena, &request->form, "pick");
	return out->ids ? FAULT_NONE : FAULT_MEMORY;
}

/* ---- what is shown ---- */

static enum fault
show_names(struct request *request, const struct chosen *chosen)
{
	for (size_t i = 0; i < chosen->count && i < NAMES_SHOWN; i++) {
		struct client_row row;
		enum fault fault = store_client_load_id(
		    &row, &request->arena, request->store, chosen->ids[i]);

		if (fault && fault != FAULT_NOT_FOUND)
			return fault;
		if (!fault)
			view_text(view_row(request->view, "names", i), "name",
			    row.name);
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

	for (size_t i = 0; i < FILTERS; i++) {
		const char *text = form_text(&request->form, fields[i].name);
		struct view row;

		if (!*text)
			continue;
		row = view_row(request->view, "carried", shown++);
		view_text(row, "name", fields[i].name);
		view_text(row, "value", text);
	}
	view_flag(request->view, "is_all", chosen->is_all);
	for (size_t i = 0; !chosen->is_all && i < chosen->count; i++)
		view_format(view_row(request->view, "picks", i), "id",
		    "%" PRId64, chosen->ids[i]);
}

static void
show_features(struct request *request)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;
	const char *chosen = form_text(&request->form, "counted");
	size_t shown = 0;

	if (!*chosen)
		chosen = form_text(&request->form, "feature");
	for (size_t i = 0; i < catalogue->feature_count; i++) {
		const struct feature *feature = &catalogue->features[i];
		struct view row;

		if (feature->kind == FEATURE_SWITCH)
			continue;
		row = view_row(request->view, "features", shown++);
		view_text(row, "name", feature->name);
		view_flag(row, "chosen", !strcmp(feature->name, chosen));
	}
}

static enum fault
show(struct request *request, const struct chosen *chosen, bool is_again)
{
	enum fault fault = show_names(request, chosen);

	if (fault)
		return fault;
	show_carried(request, chosen);
	show_features(request);
	view_number(request->view, "count", (int64_t)chosen->count);
	view_flag(request->view, "has_any", chosen->count > 0);
	view_flag(request->view, "must_type", chosen->count > TYPED_ABOVE);
	view_text(request->view, "which", form_text(&request->form, "which"));
	view_text(request->view, "how", form_text(&request->form, "how"));
	form_show(request->view, &page_clients_bulk_form, &request->form,
	    &request->mistakes);
	return is_again ? page_show_again(request, "page_clients_bulk")
			: page_show(request, "page_clients_bulk", 200);
}

enum fault
page_clients_bulk_get(struct request *request)
{
	struct chosen chosen;
	enum fault fault = load_chosen(&chosen, request);

	request->mistakes.count = 0;
	return fault ? fault : show(request, &chosen, false);
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

/* *known false when the form says nothing that this page does. */
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
	    &changed, &ledger, chosen->ids, chosen->count, &wanted);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept
	    ? page_done(request, HERE, NOTICE_CLIENTS_CHANGED,
		  arena_format(&request->arena, "%zu", changed),
		  arena_format(&request->arena, "%zu", chosen->count))
	    : show(request, chosen, true);
}

static enum fault delete (
    struct request *request, const struct chosen *chosen) {
	struct ledger ledger; bool is_kept; enum fault fault;

	    if (chosen->count > TYPED_ABOVE &&
		strcmp(form_text(&request->form, "typed"),
		    request->appliance->hostname) != 0){
		    mistake_add(&request->mistakes, "typed", MISTAKE_HOST_TYPED,
			request->appliance->hostname, NULL);
		    return show(request, chosen, true);
}
if ((fault = page_begin(&ledger, request))) return fault;
fault = ledger_clients_delete(&ledger, chosen->ids, chosen->count);
if ((fault = page_end(&is_kept, &ledger, request, fault)))
	return fault;
return is_kept ? page_done(request, HERE, NOTICE_CLIENTS_DELETED,
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
	if (request->mistakes.count || !chosen.count)
		return show(request, &chosen, request->mistakes.count > 0);
	return strcmp(form_text(&request->form, "act"), "delete")
	    ? change(request, &chosen)
	    : delete (request, &chosen);
}
