/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * book.c: the ledger's bookkeeping around lease_decide(), in arrays. What is
 * done here is what engine/store/store_lease.c, store_pool.c, ledger_lease.c
 * and ledger_reclaim.c do in rows.
 */
#include "tests/model/book.h"

#include "engine/rules/surrender.h"

#include <assert.h>
#include <string.h>

void
book_init(struct book *book, instant now)
{
	book->now = now;
	book->duration = 24 * SECONDS_PER_HOUR;
	book->grace = 31 * SECONDS_PER_DAY;
	book->surrendered = book->recalling = 0;
	book->is_recovering = book->is_strict = false;
	book->ids = 0;
	book->license_count = 0;
	for (size_t i = 0; i < BOOK_CLIENTS; i++)
		book->clients[i].is_there = false;
}

/* ---- sums ---- */

static int64_t
row_units(const struct book_row *row, instant at)
{
	return lease_units(&row->part, 1, at);
}

/* "firm": without parts that were not extended. */
static int64_t
units_in(
    const struct book_client *client, int64_t document, bool firm, instant at)
{
	int64_t units = 0;

	for (size_t i = 0; i < client->row_count; i++)
		if (client->rows[i].first <= document &&
		    client->rows[i].last >= document &&
		    !(firm && client->rows[i].part.is_lapsing))
			units += row_units(&client->rows[i], at);
	return units;
}

/* The most of any document. */
static int64_t
most_of(const struct book_client *client, bool firm, instant at)
{
	int64_t most = units_in(client, BOOK_LIVE, firm, at);

	for (size_t i = 0; i < client->row_count; i++)
		if (client->rows[i].last != BOOK_LIVE)
			most = instant_later(most,
			    units_in(client, client->rows[i].last, firm, at));
	return most;
}

int64_t
book_documented(const struct book *book, size_t client, instant at)
{
	return most_of(&book->clients[client], false, at);
}

int64_t
book_leased(const struct book *book, size_t client)
{
	return units_in(&book->clients[client], BOOK_LIVE, false, book->now);
}

static int64_t
held(const struct book *book, size_t client)
{
	const struct book_client *c = &book->clients[client];

	return pool_held(c->allocation.reserved,
	    book_documented(book, client, book->now),
	    c->is_deleted || c->expires <= book->now);
}

/* What it holds when every part not extended ran out. */
static int64_t
kept(const struct book *book, size_t client)
{
	const struct book_client *c = &book->clients[client];

	return pool_held(c->allocation.reserved, most_of(c, true, book->now),
	    c->is_deleted || c->expires <= book->now);
}

/* Adds units of live parts by their source. */
static void
add_sources(struct pool *pool, const struct book *book, size_t client)
{
	const struct book_client *c = &book->clients[client];

	for (size_t i = 0; i < c->row_count; i++) {
		const struct lease_part *part = &c->rows[i].part;

		if (c->rows[i].last != BOOK_LIVE)
			continue;
		pool->subscription_others += part->subscription;
		pool->permanent_others += row_units(&c->rows[i], book->now) -
		    part->subscription;
	}
}

static int64_t
documented_others(const struct book *book, size_t client, instant at)
{
	int64_t units = 0;

	for (size_t i = 0; i < BOOK_CLIENTS; i++)
		if (i != client && book->clients[i].is_there)
			units += book_documented(book, i, at);
	return units;
}

static int64_t
total_at(const struct book *book, instant at)
{
	return book->surrendered +
	    license_total_at(
		book->licenses, book->license_count, book->grace, at);
}

static void
find_falls(struct pool *pool, struct pool_fall *falls, const struct book *book,
    size_t client)
{
	instant at = book->now, horizon = book->now + LEASE_RESERVED_SECONDS;
	int64_t total = pool->total;

	pool->falls = falls;
	for (;;) {
		int64_t next;

		at = license_next_change(
		    book->licenses, book->license_count, book->grace, at);
		if (at == INSTANT_NEVER || at > horizon)
			return;
		next = total_at(book, at);
		if (next < total)
			falls[pool->fall_count++] = (struct pool_fall){ at,
				next, documented_others(book, client, at) };
		total = next;
	}
}

void
book_pool(struct pool *pool, struct pool_fall *falls, const struct book *book,
    size_t client)
{
	*pool = (struct pool){ .total = total_at(book, book->now),
		.recalling = book->recalling };
	for (size_t i = 0; i < BOOK_CLIENTS; i++) {
		if (!book->clients[i].is_there)
			continue;
		pool->held += held(book, i);
		if (i == client) {
			pool->held_own = held(book, i);
			continue;
		}
		pool->leased_others += most_of(
		    &book->clients[i], true, book->now);
		pool->kept_others += kept(book, i);
		add_sources(pool, book, i);
	}
	for (size_t i = 0; i < book->license_count; i++)
		if (book->licenses[i].is_subscription)
			pool->subscription += license_units_at(
			    &book->licenses[i], book->grace, book->now);
	pool->documented_others = documented_others(book, client, book->now);
	find_falls(pool, falls, book, client);
}

/* ---- rows ---- */

static void
close_all(struct book_client *client)
{
	for (size_t i = 0; i < client->row_count; i++)
		if (client->rows[i].last == BOOK_LIVE)
			client->rows[i].last = client->number;
}

static void
keep_rows(struct book_client *client, int64_t confirmed, instant now)
{
	size_t kept = 0;

	for (size_t i = 0; i < client->row_count; i++)
		if (client->rows[i].last >= confirmed &&
		    client->rows[i].part.expires > now)
			client->rows[kept++] = client->rows[i];
	client->row_count = kept;
}

void
book_pass(struct book *book, instant now)
{
	book->now = now;
	for (size_t i = 0; i < BOOK_CLIENTS; i++) {
		struct book_client *c = &book->clients[i];

		if (!c->is_there)
			continue;
		if (c->expires <= now)
			close_all(c);
		keep_rows(c, INT64_MIN, now);
		if (c->is_deleted && c->row_count == 0)
			c->is_there = false;
	}
}

void
book_confirm(struct book *book, size_t client, int64_t number)
{
	keep_rows(&book->clients[client], number, INT64_MIN);
}

void
book_delete(struct book *book, size_t client)
{
	struct book_client *c = &book->clients[client];

	c->is_deleted = true;
	close_all(c);
	keep_rows(c, INT64_MIN, book->now);
	c->is_there = c->row_count > 0;
}

bool
book_return(struct book *book)
{
	struct pool_fall falls[BOOK_LICENSES * 4];
	struct verdict_numbers numbers;
	struct pool pool;
	int64_t reserved = 0;

	for (size_t i = 0; i < BOOK_CLIENTS; i++) {
		const struct book_client *c = &book->clients[i];

		if (c->is_there && !c->is_deleted && c->expires > book->now)
			reserved += c->allocation.reserved;
	}
	/* Nobody's own: all clients are others. */
	book_pool(&pool, falls, book, BOOK_CLIENTS);
	if (book->recalling == 0 ||
	    surrender_return_check(
		&numbers, &pool, reserved, book->recalling) != VERDICT_OK)
		return false;
	book->surrendered -= book->recalling;
	book->recalling = 0;
	return true;
}

bool
book_may_save(const struct book *book, size_t client,
    const struct allocation *allocation, instant expires)
{
	const struct book_client *c = &book->clients[client];
	struct pool_fall falls[BOOK_LICENSES * 4];
	struct allocation_check check;
	struct pool pool;

	book_pool(&pool, falls, book, client);
	allocation_check(&check, allocation,
	    c->is_there ? c->allocation.reserved : 0, pool_reservable(&pool),
	    c->is_there && c->expires <= book->now && expires > book->now);
	return check.error == VERDICT_OK;
}

/* ---- a request ---- */

static void
insert_row(struct book *book, struct book_client *client,
    const struct lease_part *part)
{
	struct book_row *row = &client->rows[client->row_count++];

	assert(client->row_count <= BOOK_ROWS);
	*row = (struct book_row){
		.part = *part, .first = client->number + 1, .last = BOOK_LIVE
	};
	row->part.id = ++book->ids;
}

static const struct lease_part *
find_part(const struct lease_plan *plan, int64_t id)
{
	for (size_t i = 0; i < plan->part_count; i++)
		if (plan->parts[i].id == id)
			return &plan->parts[i];
	return NULL;
}

static bool
goes_on(const struct lease_part *row, const struct lease_part *part)
{
	return part && row->kind == part->kind && row->size == part->size &&
	    row->count == part->count && row->granted == part->granted &&
	    row->expires <= part->expires;
}

static void
apply(struct book *book, struct book_client *client,
    const struct lease_plan *plan)
{
	size_t rows = client->row_count;

	for (size_t i = 0; i < rows; i++) {
		struct book_row *row = &client->rows[i];
		const struct lease_part *part = find_part(plan, row->part.id);

		if (row->last != BOOK_LIVE || row->part.expires <= book->now)
			continue;
		if (goes_on(&row->part, part)) {
			row->part = *part;
			continue;
		}
		row->last = client->number;
		if (part)
			insert_row(book, client, part);
	}
	for (size_t i = 0; i < plan->part_count; i++)
		if (plan->parts[i].id == 0)
			insert_row(book, client, &plan->parts[i]);
	client->number++;
}

void
book_ask(
    struct book_answer *out, struct book *book, size_t client, int64_t users)
{
	struct book_client *c = &book->clients[client];
	struct lease_part parts[BOOK_ROWS];
	struct pool_fall falls[BOOK_LICENSES * 4];
	struct lease_request request = {
		.allocation = c->allocation,
		.allocation_expires = c->expires,
		.users = users,
		.parts = parts,
		.documented = book_documented(book, client, book->now),
		.duration = book->duration,
		.growth_allowed = !book->is_recovering,
		.growth_refusal = VERDICT_RECOVERING,
		.is_member = c->is_member,
		.is_strict = book->is_strict,
	};
	struct pool pool;

	for (size_t i = 0; i < c->row_count; i++)
		if (c->rows[i].last == BOOK_LIVE)
			parts[request.part_count++] = c->rows[i].part;
	book_pool(&pool, falls, book, client);
	out->plan = (struct lease_plan){ .parts = out->parts };
	lease_decide(&out->plan, &request, &pool, book->now);
	apply(book, c, &out->plan);
}
