/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_pool_next.c: when the next units of a feature come free, if nobody
 * renews: what one has to wait for who was denied some. Lends nothing.
 */
#include "engine/store/statement.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_pool.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_PARTS,
	SQL__COUNT
};

/* Every part of those clients of which something ends soonest. */
static const char *const sql[SQL__COUNT] = {
	[SQL_PARTS] =
	    "WITH soonest (client, at) AS MATERIALIZED"
	    " (SELECT p.client, CASE WHEN c.expires > ?2"
	    "   THEN min(c.expires, p.expires) ELSE p.expires END"
	    "  FROM lease_part p JOIN client c ON c.id = p.client"
	    "  WHERE p.feature = ?1 AND p.expires > ?2 AND p.client <> ?3"
	    "  ORDER BY 2 LIMIT ?4)"
	    /* What a replaced device gives up falls to its client first, up to R. */
	    " SELECT p.client, c.name, ifnull(o.expires, c.expires),"
	    " iif(o.id = ?3, 0, ifnull(a.reserved, 0)),"
	    " p.size, p.count, p.expires, p.first, p.last,"
	    " (SELECT max(at) FROM soonest), (SELECT count(*) FROM soonest)"
	    "  FROM lease_part p JOIN client c ON c.id = p.client"
	    "  LEFT JOIN client o ON c.successor > 0 AND o.id = c.successor"
	    "  LEFT JOIN allocation a"
	    "   ON a.client = ifnull(o.id, p.client) AND a.feature = p.feature"
	    "  WHERE p.feature = ?1 AND p.expires > ?2"
	    "  AND p.client IN (SELECT client FROM soonest)"
	    "  ORDER BY p.client",
};

/* Ends looked at first, for each one asked for; and how many more when that was not enough. */
#define ENDS_EACH 16
#define ENDS_MORE 8

/* A running part, and whose it is. */
struct part_row {
	int64_t client, client_expires, reserved;
	const char *name;
	struct lease_row row;
	int64_t horizon; /* the last of the ends looked at … */
	int64_t ends;    /* … and how many those were */
};

/* The parts of one client. */
struct holding {
	const struct part_row *owner;
	const struct lease_row *rows;
	size_t count;
};

/* The earliest found so far. */
struct earliest {
	struct pool_free *items;
	size_t count, most;
};

static enum fault
read_part(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct part_row *part = item;

	part->client = statement_int(statement, 0);
	part->name = statement_text(arena, statement, 1);
	part->client_expires = statement_int(statement, 2);
	part->reserved = statement_int(statement, 3);
	part->row.part.size = statement_int(statement, 4);
	part->row.part.count = statement_int(statement, 5);
	part->row.part.expires = statement_int(statement, 6);
	part->row.first = statement_int(statement, 7);
	part->row.last = statement_is_null(statement, 8)
	    ? STORE_LEASE_LIVE
	    : statement_int(statement, 8);
	part->horizon = statement_int(statement, 9);
	part->ends = statement_int(statement, 10);
	return FAULT_NONE;
}

static int64_t
held_at(const struct holding *holding, int64_t at)
{
	return pool_held(holding->owner->reserved,
	    store_lease_documented(holding->rows, holding->count, at),
	    holding->owner->client_expires <= at);
}

static int64_t
next_end(const struct holding *holding, int64_t at)
{
	int64_t ends = holding->owner->client_expires;
	int64_t next = ends > at ? ends : INSTANT_NEVER;

	for (size_t i = 0; i < holding->count; i++)
		if (holding->rows[i].part.expires > at)
			next = instant_earlier(
			    next, holding->rows[i].part.expires);
	return next;
}

static bool
is_before(const struct pool_free *a, const struct pool_free *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	return strcmp(a->client, b->client) < 0;
}

/* Is it too late to be among them? */
static bool
is_late(const struct earliest *earliest, int64_t at)
{
	return earliest->count == earliest->most &&
	    earliest->items[earliest->count - 1].at < at;
}

static void
put(struct earliest *earliest, const struct pool_free *item)
{
	size_t at = earliest->count;

	if (at == earliest->most) {
		if (!is_before(item, &earliest->items[at - 1]))
			return;
		at--;
	} else {
		earliest->count++;
	}
	for (; at > 0 && is_before(item, &earliest->items[at - 1]); at--)
		earliest->items[at] = earliest->items[at - 1];
	earliest->items[at] = *item;
}

/* One after the other, what this client stops holding. */
static void
follow(struct earliest *earliest, const struct holding *holding, int64_t now)
{
	int64_t held = held_at(holding, now), at = now, next;

	while ((at = next_end(holding, at)) != INSTANT_NEVER &&
	    !is_late(earliest, at)) {
		next = held_at(holding, at);
		if (next < held)
			put(earliest,
			    &(struct pool_free){ .client = holding->owner->name,
				.at = at,
				.units = held - next });
		held = next;
	}
}

static enum fault
follow_all(struct earliest *earliest, struct arena *arena,
    const struct part_row *parts, size_t count, int64_t now)
{
	struct lease_row *rows = arena_array(arena, count, sizeof(*rows));
	size_t first = 0, end;

	if (!rows)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++)
		rows[i] = parts[i].row;
	for (; first < count; first = end) {
		for (end = first; end < count; end++)
			if (parts[end].client != parts[first].client)
				break;
		follow(earliest,
		    &(struct holding){
			&parts[first], &rows[first], end - first },
		    now);
	}
	return FAULT_NONE;
}

/* One search. */
struct search {
	struct store *store;
	const char *feature;
	int64_t client, now;
	int64_t ends; /* to look at */
	bool is_over;
};

/* Before the horizon nothing can be missing, and nothing is when those were all. */
static bool
is_complete(const struct earliest *earliest, const struct search *search,
    const struct part_row *parts, size_t count)
{
	if (count == 0 || parts[0].ends < search->ends)
		return true;
	return earliest->count == earliest->most &&
	    earliest->items[earliest->most - 1].at < parts[0].horizon;
}

/* What is found outlives the rows it was found in. */
static enum fault
look(struct earliest *earliest, struct arena *arena, struct arena *scratch,
    struct search *search)
{
	void *parts;
	size_t count;
	enum fault fault;

	earliest->count = 0;
	if ((fault = statement_all(&parts, &count, scratch, search->store,
		 sizeof(struct part_row), read_part, sql[SQL_PARTS], "tiii",
		 search->feature, search->now, search->client, search->ends)) ||
	    (fault = follow_all(earliest, scratch, parts, count, search->now)))
		return fault;
	search->is_over = is_complete(earliest, search, parts, count);
	for (size_t i = 0; search->is_over && i < earliest->count; i++)
		earliest->items[i].client = arena_text(
		    arena, earliest->items[i].client);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

static enum fault
search_on(struct earliest *earliest, struct arena *arena, struct search *search)
{
	struct arena scratch;
	enum fault fault;

	do {
		arena_init(&scratch, 0);
		fault = look(earliest, arena, &scratch, search);
		arena_clear(&scratch);
		search->ends *= ENDS_MORE;
	} while (!fault && !search->is_over);
	return fault;
}

enum fault
store_pool_next_free(struct pool_free **out, size_t *count, struct arena *arena,
    struct store *store, const char *feature, int64_t client, size_t most,
    int64_t now)
{
	struct earliest earliest = { .most = most };
	struct search search = { .store = store,
		.feature = feature,
		.client = client,
		.now = now,
		.ends = (int64_t)most * ENDS_EACH };
	enum fault fault;

	assert(out && count && arena && store && feature && most > 0);
	*out = NULL;
	*count = 0;
	earliest.items = arena_array(arena, most, sizeof(**out));
	if (!earliest.items)
		return FAULT_MEMORY;
	if ((fault = search_on(&earliest, arena, &search)))
		return fault;
	*out = earliest.items;
	*count = earliest.count;
	return FAULT_NONE;
}
