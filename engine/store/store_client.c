/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client.c: license clients as pages and programs read them. Writes
 * nothing.
 */
#include "engine/store/store_client.h"

#include "engine/rules/pool.h"
#include "engine/store/statement.h"
#include "engine/store/store_allocation.h"
#include "engine/store/store_client_row.h"
#include "engine/store/store_denial.h"
#include "engine/store/store_former.h"
#include "engine/store/store_lease.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	SQL_BY_NAME,
	SQL_BY_ID,
	SQL_COUNT,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_BY_NAME] = STORE_CLIENT_ROW
	"WHERE c.folded = lower(?1) AND c.name = ?1"
	"  AND c.deleted_at = 0",
	[SQL_BY_ID] = STORE_CLIENT_ROW "WHERE c.id = ?1",
	[SQL_COUNT] = "SELECT count(*) FROM client WHERE deleted_at = 0",
};

enum fault
store_client_read(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct client_row *row = item;

	row->id = statement_int(statement, 0);
	row->name = statement_text(arena, statement, 1);
	row->password_hash = statement_text(arena, statement, 2);
	row->password_version = statement_int(statement, 3);
	row->expires_date = statement_text(arena, statement, 4);
	row->expires = statement_int(statement, 5);
	row->platform = statement_text(arena, statement, 6);
	row->product = (int)statement_int(statement, 7);
	row->row_version = statement_int(statement, 8);
	row->made_at = statement_int(statement, 9);
	row->changed_at = statement_int(statement, 10);
	row->deleted_at = statement_int(statement, 11);
	row->hardware_id = statement_text(arena, statement, 12);
	row->has_device_key = statement_blob(
	    row->device_key, sizeof(row->device_key), statement, 13);
	row->registered_at = statement_int(statement, 14);
	row->cluster = statement_text(arena, statement, 15);
	row->last_contact = statement_int(statement, 16);
	row->address = statement_text(arena, statement, 17);
	row->version = statement_text(arena, statement, 18);
	row->number = statement_int(statement, 19);
	row->confirmed = statement_int(statement, 20);
	row->member = statement_text(arena, statement, 21);
	row->noncompliant_at = statement_int(statement, 22);
	row->is_replaced = statement_int(statement, 23) > 0;
	return FAULT_NONE;
}

/* The one client of a statement's first row. */
static enum fault
finish_client(struct client_row *out, struct arena *arena, sqlite3_stmt *row)
{
	enum fault fault = store_client_read(out, arena, row);

	statement_done(row);
	return arena->failed ? FAULT_MEMORY : fault;
}

enum fault
store_client_load(struct client_row *out, struct arena *arena,
    struct store *store, const char *name)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && name);
	*out = (struct client_row){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_BY_NAME], "t", name)))
		return fault;
	return finish_client(out, arena, row);
}

enum fault
store_client_load_id(struct client_row *out, struct arena *arena,
    struct store *store, int64_t id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct client_row){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_BY_ID], "i", id)))
		return fault;
	return finish_client(out, arena, row);
}

enum fault
store_client_count(int64_t *out, struct store *store)
{
	assert(out && store);
	return statement_number(out, 0, store, sql[SQL_COUNT], "");
}

/* ---- features of one client ---- */

/* What is known of one client when its features are put together. */
struct feature_work {
	int64_t now;
	bool is_expired;
	struct allocation_row *allocations;
	size_t allocation_count;
	struct lease_row *leases;
	size_t lease_count;
	struct denial_row *denials;
	size_t denial_count;
	struct former_lease *formers;
	size_t former_count;
};

static enum fault
load_features(struct feature_work *work, struct arena *arena,
    struct store *store, int64_t client)
{
	struct client_row row;
	enum fault fault;

	if ((fault = store_client_load_id(&row, arena, store, client)))
		return fault;
	work->is_expired = row.expires <= work->now;
	if ((fault = store_allocation_list(&work->allocations,
		 &work->allocation_count, arena, store, client)))
		return fault;
	if ((fault = store_lease_list(
		 &work->leases, &work->lease_count, arena, store, client)))
		return fault;
	if ((fault = store_former_leases(
		 &work->formers, &work->former_count, arena, store, client)))
		return fault;
	return store_denial_list(
	    &work->denials, &work->denial_count, arena, store, client);
}

/* The first instant at which the documents give no more than "kept". */
static int64_t
released_at(
    const struct lease_row *rows, size_t count, int64_t kept, int64_t now)
{
	int64_t first = INSTANT_NEVER, last = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t at = rows[i].part.expires;

		if (at <= now)
			continue;
		last = instant_later(last, at);
		if (store_lease_documented(rows, count, at) <= kept)
			first = instant_earlier(first, at);
	}
	return instant_earlier(first, last);
}

static void
fill_expiries(struct client_feature_row *out, const struct lease_row *rows,
    size_t count, int64_t now)
{
	int64_t quanta = 0;

	for (size_t i = 0; i < count; i++) {
		const struct lease_part *part = &rows[i].part;

		if (rows[i].last != STORE_LEASE_LIVE || part->expires <= now)
			continue;
		if (part->kind == LEASE_PART_RESERVED)
			out->reserved_expires = part->expires;
		else
			quanta = instant_later(quanta, part->expires);
	}
	out->expires = quanta != 0 ? quanta : out->reserved_expires;
}

static void
fill_feature(struct client_feature_row *out, const struct feature_work *work,
    const char *feature)
{
	size_t count;
	const struct lease_row *rows = store_lease_of(
	    &count, work->leases, work->lease_count, feature);
	const struct denial_row *denial = store_denial_of(
	    work->denials, work->denial_count, feature);
	int64_t documented = store_lease_documented(rows, count, work->now);
	int64_t kept;

	*out = (struct client_feature_row){ .feature = feature };
	out->allocation = store_allocation_of(
	    work->allocations, work->allocation_count, feature);
	out->documented = documented;
	out->held = pool_held(pool_reserved_beside(out->allocation.reserved,
				  store_former_units(work->formers,
				      work->former_count, feature, work->now)),
	    documented, work->is_expired);
	if (!work->is_expired) {
		out->leased = store_lease_units(rows, count, work->now);
		fill_expiries(out, rows, count, work->now);
	}
	kept = work->is_expired
	    ? 0
	    : instant_later(out->allocation.reserved, out->leased);
	if (documented > kept) {
		out->releasing = documented - kept;
		out->releasing_until = released_at(
		    rows, count, kept, work->now);
	}
	out->denied_code = denial ? denial->code : "";
	out->denied_text = denial ? denial->text : "";
	out->denied_holders = denial ? denial->holders : "[]";
}

/* Names of features allocated or with a row that still runs, each once. */
static size_t
collect_names(const char **names, const struct feature_work *work)
{
	size_t count = 0;

	for (size_t i = 0; i < work->allocation_count; i++)
		names[count++] = work->allocations[i].feature;
	for (size_t i = 0; i < work->lease_count; i++) {
		const char *name = work->leases[i].feature;
		size_t at = 0;

		while (at < count && strcmp(names[at], name) != 0)
			at++;
		if (at == count && work->leases[i].part.expires > work->now)
			names[count++] = name;
	}
	return count;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum fault
store_client_features(struct client_feature_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t client, int64_t now)
{
	struct feature_work work = { .now = now };
	const char **names;
	enum fault fault;
	size_t most;

	assert(out && count && arena && store);
	*out = NULL;
	*count = 0;
	if ((fault = load_features(&work, arena, store, client)))
		return fault;
	most = work.allocation_count + work.lease_count;
	names = arena_array(arena, most, sizeof(*names));
	*out = arena_array(arena, most, sizeof(**out));
	if (!names || !*out)
		return FAULT_MEMORY;
	*count = collect_names(names, &work);
	qsort(names, *count, sizeof(*names), compare_names);
	for (size_t i = 0; i < *count; i++)
		fill_feature(&(*out)[i], &work, names[i]);
	return FAULT_NONE;
}

enum fault
store_client_parts(struct client_part_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t client, int64_t now)
{
	struct lease_row *rows;
	size_t row_count;
	enum fault fault;

	assert(out && count && arena && store);
	*out = NULL;
	*count = 0;
	if ((fault = store_lease_list(&rows, &row_count, arena, store, client)))
		return fault;
	if (!(*out = arena_array(arena, row_count, sizeof(**out))))
		return FAULT_MEMORY;
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].last == STORE_LEASE_LIVE &&
		    rows[i].part.expires > now)
			(*out)[(*count)++] = (struct client_part_row){
				rows[i].feature, rows[i].part
			};
	return FAULT_NONE;
}
