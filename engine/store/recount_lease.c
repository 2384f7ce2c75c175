/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recount_lease.c: what is leased and held, client by client, from the parts
 * of each lease; and whether these parts stand in the documents that were
 * signed.
 */
#include "engine/store/recount_work.h"

#include "engine/base/json.h"
#include "engine/store/statement.h"
#include "engine/store/store_allocation.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_former.h"
#include "engine/store/store_lease.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
	SQL_CLIENTS,
	SQL_ANSWER,
	SQL_DOCUMENT,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_CLIENTS] = "SELECT id, name, expires FROM client ORDER BY id",
	[SQL_ANSWER] = "SELECT max(number) FROM sync_answer WHERE client = ?1",
	[SQL_DOCUMENT] = ("SELECT document FROM sync_answer"
			  "  WHERE client = ?1 AND number = ?2 LIMIT 1"),
};

struct client {
	int64_t id;
	const char *name;
	instant expires;
};

/* One client, with memory of its own. */
struct subject {
	struct recount_work *work;
	struct arena *arena;
	const struct client *client;
	struct contact_row contact;
	const struct lease_row *rows;
	size_t row_count;
	const struct allocation_row *counts;
	size_t count_count;
	const struct former_lease *formers; /* devices it had before */
	size_t former_count;
	json_t *document; /* its newest one, NULL when no longer kept */
};

static const char *
number_text(const struct subject *subject, int64_t number)
{
	return arena_format(subject->work->arena, "%" PRId64, number);
}

static enum fault
tell(const struct subject *subject, enum difference difference, const char *b,
    const char *c, const char *d)
{
	return recount_tell(
	    subject->work, difference, subject->client->name, b, c, d);
}

static bool
is_live(const struct lease_row *row)
{
	return row->last == STORE_LEASE_LIVE;
}

static int64_t
units_of(const struct lease_row *row)
{
	return instant_units_times(row->part.size, row->part.count);
}

/* ---- the parts, one by one ---- */

static enum fault
look_at_row(const struct subject *subject, const struct lease_row *row)
{
	int64_t number = subject->contact.number;
	int64_t last = is_live(row) ? row->first : row->last;
	enum fault fault = FAULT_NONE;

	subject->work->out->parts++;
	if (row->first > number || last > number || last < row->first)
		fault = tell(subject, DIFFERENCE_PART_DOCUMENT, row->feature,
		    number_text(subject, last > number ? last : row->first),
		    number_text(subject, number));
	if (!fault && row->part.subscription > units_of(row))
		fault = tell(subject, DIFFERENCE_PART_SOURCE, row->feature,
		    recount_units(subject->work, row->part.subscription),
		    recount_units(subject->work, units_of(row)));
	return fault;
}

static enum fault
look_at_numbers(const struct subject *subject)
{
	const struct contact_row *contact = &subject->contact;
	enum fault fault;
	int64_t newest;

	if ((fault = statement_number(&newest, 0, subject->work->store,
		 sql[SQL_ANSWER], "i", subject->client->id)))
		return fault;
	if (contact->confirmed > contact->number &&
	    (fault = tell(subject, DIFFERENCE_CONFIRMED,
		 number_text(subject, contact->confirmed),
		 number_text(subject, contact->number), NULL)))
		return fault;
	return newest > contact->number
	    ? tell(subject, DIFFERENCE_ANSWER, number_text(subject, newest),
		  number_text(subject, contact->number), NULL)
	    : FAULT_NONE;
}

/* ---- one feature ---- */

/* Units of a document at the instant of the recount. */
static int64_t
units_in(const struct subject *subject, const struct lease_row *rows,
    size_t count, int64_t document)
{
	int64_t units = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].first <= document && document <= rows[i].last &&
		    rows[i].part.expires > subject->work->at)
			units = instant_units_add(units, units_of(&rows[i]));
	return units;
}

/* The most that any document gives is given by one in which some row begins. */
static int64_t
most_of(
    const struct subject *subject, const struct lease_row *rows, size_t count)
{
	int64_t most = 0;

	for (size_t i = 0; i < count; i++)
		most = instant_later(
		    most, units_in(subject, rows, count, rows[i].first));
	return most;
}

static int64_t
reserved_of(const struct subject *subject, const char *feature)
{
	if (subject->client->expires <= subject->work->at)
		return 0;
	return store_allocation_of(
	    subject->counts, subject->count_count, feature)
	    .reserved;
}

static int64_t
former_of(const struct subject *subject, const char *feature)
{
	int64_t units = 0;

	for (size_t i = 0; i < subject->former_count; i++) {
		const struct former_lease *former = &subject->formers[i];
		size_t count;
		const struct lease_row *rows = store_lease_of(
		    &count, former->rows, former->row_count, feature);

		units += most_of(subject, rows, count);
	}
	return units;
}

/* What the newest document says: all of it, and what of it still runs. */
static void
read_document(int64_t *all, int64_t *running, const struct subject *subject,
    const char *feature)
{
	json_t *parts = json_object_get(
	    json_object_get(
		json_object_get(subject->document, "features"), feature),
	    "parts");
	int64_t units, expires;

	*all = *running = 0;
	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *part = json_array_get(parts, i);

		if (!json_int64(&units, part, "units", 0, INT64_MAX) ||
		    !json_int64(&expires, part, "expires", 0, INT64_MAX))
			continue;
		*all = instant_units_add(*all, units);
		if (expires > subject->work->at)
			*running = instant_units_add(*running, units);
	}
}

static enum fault
look_at_document(const struct subject *subject, const char *feature,
    const struct lease_row *rows, size_t count)
{
	int64_t all, running;
	int64_t units = units_in(subject, rows, count, subject->contact.number);

	if (!subject->document)
		return FAULT_NONE;
	read_document(&all, &running, subject, feature);
	if (units >= running && units <= all)
		return FAULT_NONE;
	return tell(subject, DIFFERENCE_DOCUMENT,
	    recount_units(subject->work, all), feature,
	    recount_units(subject->work, units));
}

static enum fault
count_feature(const struct subject *subject, const char *feature,
    const struct lease_row *rows, size_t count)
{
	struct recount_sums *sums = recount_sums_of(subject->work, feature);
	int64_t reserved = reserved_of(subject, feature), parts = 0;

	if (!sums)
		return FAULT_NONE;
	for (size_t i = 0; i < count; i++) {
		if (!is_live(&rows[i]) ||
		    rows[i].part.expires <= subject->work->at)
			continue;
		parts += rows[i].part.kind == LEASE_PART_RESERVED;
		sums->leased += units_of(&rows[i]);
		sums->drawn += rows[i].part.subscription;
	}
	/* Its former devices are rows of their own: what they hold is reserved, too. */
	reserved = instant_units_less(reserved, former_of(subject, feature));
	sums->held += instant_later(reserved, most_of(subject, rows, count));
	return parts > 1 ? tell(subject, DIFFERENCE_PART_RESERVED,
			       number_text(subject, parts), feature, NULL)
			 : FAULT_NONE;
}

/* What the newest document gives, and no part is there of. */
static enum fault
look_for_lost(const struct subject *subject)
{
	json_t *features = json_object_get(subject->document, "features");
	const char *feature;
	json_t *lease;
	size_t count;
	enum fault fault;

	json_object_foreach(features, feature, lease)
	{
		if (store_lease_of(
			&count, subject->rows, subject->row_count, feature))
			continue;
		if ((fault = look_at_document(subject, feature, NULL, 0)))
			return fault;
	}
	return FAULT_NONE;
}

/* Every feature that is leased, and those that are only reserved. */
static enum fault
count_features(const struct subject *subject)
{
	const struct lease_row *rows;
	const char *feature;
	size_t i, count;
	enum fault fault;

	for (i = 0; i < subject->row_count; i += count) {
		feature = subject->rows[i].feature;
		rows = store_lease_of(
		    &count, subject->rows, subject->row_count, feature);
		if ((fault = look_at_document(subject, feature, rows, count)) ||
		    (fault = count_feature(subject, feature, rows, count)))
			return fault;
	}
	for (i = 0; i < subject->count_count; i++) {
		feature = subject->counts[i].feature;
		if (!store_lease_of(
			&count, subject->rows, subject->row_count, feature) &&
		    (fault = count_feature(subject, feature, NULL, 0)))
			return fault;
	}
	return look_for_lost(subject);
}

/* ---- client by client ---- */

static enum fault
load_document(struct subject *subject)
{
	char reason[128];
	const char *text;
	sqlite3_stmt *row;
	enum fault fault;

	fault = statement_row(&row, subject->work->store, sql[SQL_DOCUMENT],
	    "ii", subject->client->id, subject->contact.number);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	text = statement_text(subject->arena, row, 0);
	statement_done(row);
	if (!text)
		return FAULT_MEMORY;
	subject->document = json_load_object(
	    text, strlen(text), reason, sizeof(reason));
	return FAULT_NONE;
}

static enum fault
load_subject(struct subject *subject)
{
	struct store *store = subject->work->store;
	int64_t id = subject->client->id;
	struct allocation_row *counts;
	struct former_lease *formers;
	struct lease_row *rows;
	enum fault fault;

	if ((fault = store_contact_load(
		 &subject->contact, subject->arena, store, id)) ||
	    (fault = store_lease_list(
		 &rows, &subject->row_count, subject->arena, store, id)) ||
	    (fault = store_allocation_list(
		 &counts, &subject->count_count, subject->arena, store, id)) ||
	    (fault = store_former_leases(
		 &formers, &subject->former_count, subject->arena, store, id)))
		return fault;
	subject->formers = formers;
	subject->rows = rows;
	subject->counts = counts;
	return load_document(subject);
}

static enum fault
count_client(struct subject *subject)
{
	enum fault fault;

	subject->work->out->clients++;
	if ((fault = load_subject(subject)) ||
	    (fault = look_at_numbers(subject)))
		return fault;
	for (size_t i = 0; i < subject->row_count; i++)
		if ((fault = look_at_row(subject, &subject->rows[i])))
			return fault;
	return count_features(subject);
}

static enum fault
read_client(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct client *client = item;

	client->id = statement_int(statement, 0);
	client->name = statement_text(arena, statement, 1);
	client->expires = statement_int(statement, 2);
	return FAULT_NONE;
}

static enum fault
list_clients(struct client **out, size_t *count, struct recount_work *work)
{
	void *clients;
	enum fault fault;

	fault = statement_all(&clients, count, work->arena, work->store,
	    sizeof(**out), read_client, sql[SQL_CLIENTS], "");
	*out = clients;
	return fault;
}

enum fault
recount_lease(struct recount_work *work)
{
	struct arena arena;
	struct client *clients;
	size_t count;
	enum fault fault;

	assert(work);
	if ((fault = list_clients(&clients, &count, work)))
		return fault;
	arena_init(&arena, 0);
	for (size_t i = 0; i < count && !fault; i++) {
		struct subject subject = {
			.work = work, .arena = &arena, .client = &clients[i]
		};

		fault = count_client(&subject);
		json_decref(subject.document);
		arena_clear(&arena);
	}
	return fault;
}
