/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_log.c: the event log and the admin log, newest first, and whether
 * somebody changed them.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/page.h"
#include "cgi/paging.h"
#include "engine/store/store_event.h"

/* The button is the form's alone. */
static const struct form_field fields[] = {
	{ "find", FORM_TEXT, false, 256, 0, 0, "Find" },
	{ "severity", FORM_HIDDEN, false, 16, 0, 0, "Severity" },
	{ "page", FORM_NUMBER, false, 0, 1, PAGING_MAX, "Page" },
	{ "verify", FORM_BUTTON, false, 0, 0, 0, "Verify" },
};
const struct form_table page_log_query = { fields, 3 };
const struct form_table page_log_form = { fields, 4 };

/* From this severity on an event is called so; the worst first. */
static const struct degree {
	int64_t from;
	const char *word;
} degrees[] = {
	{ 10, "critical" },
	{ 7, "major" },
	{ 4, "minor" },
	{ 1, "info" },
};
#define DEGREES (sizeof(degrees) / sizeof(degrees[0]))

static const char *
word_of(int64_t severity)
{
	for (size_t i = 0; i < DEGREES; i++)
		if (severity >= degrees[i].from)
			return degrees[i].word;
	return degrees[DEGREES - 1].word;
}

/* Of a word that is none, everything. */
static int64_t
least_of(const char *word)
{
	for (size_t i = 0; i < DEGREES; i++)
		if (!strcmp(word, degrees[i].word))
			return degrees[i].from;
	return 0;
}

static const char *
log_name(const struct request *request)
{
	return !strcmp(request->path, "/log/admin") ? "admin" : "event";
}

static void
show_event(struct view place, const struct event_row *row, int64_t now)
{
	view_format(place, "id", "%" PRId64, row->id);
	view_instant(place, "at", row->at, now);
	view_text(place, "severity", word_of(row->severity));
	view_text(place, "code", row->code);
	view_text(place, "actor", row->actor);
	view_text(place, "address", row->address);
	view_text(place, "text", row->text);
}

static void
show_query(struct request *request, const struct event_filter *filter)
{
	struct view query = view_child(request->view, "query");

	view_text(query, "find", filter->find);
	view_text(
	    query, "find_url", address_encode(&request->arena, filter->find));
	if (filter->severity)
		view_text(query, "severity", word_of(filter->severity));
	view_flag(query, "filters", *filter->find || filter->severity);
}

static enum fault
load_page(struct event_row **rows, size_t *count, int64_t *matching,
    struct paging *paging, struct request *request, struct event_filter *filter)
{
	enum fault fault;

	do {
		filter->offset = paging->offset;
		fault = store_event_page(rows, count, matching, &request->arena,
		    request->store, filter);
	} while (!fault && paging_is_beyond(paging, *count, *matching));
	return fault;
}

static enum fault
fill(struct request *request)
{
	struct event_filter filter = { log_name(request), "", 0, 0,
		PAGING_ROWS };
	struct paging paging;
	struct event_row *rows;
	int64_t matching;
	enum fault fault;
	size_t count;

	filter.find = form_text(&request->form, "find");
	filter.severity = least_of(form_text(&request->form, "severity"));
	paging = paging_at(form_number(&request->form, "page", 1));
	/* A page number that is none shows the first page. */
	request->mistakes.count = 0;
	if ((fault = load_page(
		 &rows, &count, &matching, &paging, request, &filter)))
		return fault;
	for (size_t i = 0; i < count; i++)
		show_event(view_row(request->view, "events", i), &rows[i],
		    request->now);
	paging_show(request->view, &paging, count, matching);
	show_query(request, &filter);
	view_format(request->view, "query.page", "%" PRId64, paging.page);
	view_text(request->view, "log.name", filter.log);
	view_text(request->view, "log.path", request->path);
	return FAULT_NONE;
}

enum fault
page_log_get(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault : page_show(request, "page_log", 200);
}

/* The first entry that does not fit, as it reads now. */
static enum fault
show_break(struct request *request, int64_t id)
{
	struct view place = view_child(request->view, "verify");
	struct event_row row;
	enum fault fault = store_event_load(
	    &row, &request->arena, request->store, id);

	view_format(place, "broken", "%" PRId64, id);
	if (fault == FAULT_NOT_FOUND) {
		view_flag(place, "is_missing", true);
		return FAULT_NONE;
	}
	if (!fault)
		show_event(view_child(place, "entry"), &row, request->now);
	return fault;
}

enum fault
page_log_post(struct request *request)
{
	enum fault fault;
	int64_t broken;

	if ((fault = store_event_verify(&broken, request->store)))
		return fault;
	view_flag(request->view, "verify.done", true);
	if (broken && (fault = show_break(request, broken)))
		return fault;
	if ((fault = fill(request)))
		return fault;
	return page_show(request, "page_log", 200);
}
