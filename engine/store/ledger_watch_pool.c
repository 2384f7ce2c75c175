/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_pool.c: writes the history of every pool. What changes a pool
 * by an act is noted by that act; what ends by itself is found here, and
 * noted at the very instant at which it ended.
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/store/store_former.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_license.h"
#include "engine/store/store_pool_change.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum fault
ledger_watch_pool_note(struct ledger *ledger, const char *feature, int64_t at,
    int64_t total, int64_t held)
{
	const struct auto_lease_change change = { at, total, held };
	struct auto_lease_change newest;
	enum fault fault;
	bool found;

	assert(ledger && feature);
	if ((fault = store_pool_change_newest(
		 &newest, &found, ledger->store, feature)))
		return fault;
	if (found && newest.total == total && newest.held == held)
		return FAULT_NONE;
	return store_pool_change_save(ledger->store, feature, &change);
}

enum fault
ledger_watch_pool(struct ledger *ledger, const char *feature)
{
	struct pool_row row;
	enum fault fault;

	assert(ledger && feature);
	if (!appliance_lends(ledger->appliance))
		return FAULT_NONE;
	if ((fault = store_pool_feature(
		 &row, ledger->store, feature, ledger->now)))
		return fault;
	return ledger_watch_pool_note(
	    ledger, feature, ledger->now, row.installed, row.held);
}

/* ---- what ended by itself ---- */

/* At "at" the held units changed by "held"; 0 where only the total did. */
struct step {
	instant at;
	int64_t held;
};

/* One feature within a span. */
struct span {
	struct ledger *ledger;
	struct arena *arena; /* of its own: many clients may end at once */
	const char *feature;
	instant since;
	struct license *licenses;
	size_t license_count;
	int64_t grace;
	struct step *steps;
	size_t count, room;
};

static enum fault
add_step(struct span *span, instant at, int64_t held)
{
	size_t room = span->room ? 2 * span->room : 16;
	struct step *steps;

	if (span->count == span->room) {
		if (!(steps = arena_array(span->arena, room, sizeof(*steps))))
			return FAULT_MEMORY;
		if (span->count > 0)
			memcpy(
			    steps, span->steps, span->count * sizeof(*steps));
		span->steps = steps;
		span->room = room;
	}
	span->steps[span->count++] = (struct step){ at, held };
	return FAULT_NONE;
}

static int
by_instant(const void *a, const void *b)
{
	const struct step *one = a, *other = b;

	return (one->at > other->at) - (one->at < other->at);
}

static int64_t
own_at(const struct span *span, instant at)
{
	return license_total_at(
	    span->licenses, span->license_count, span->grace, at);
}

static enum fault
load_licenses(struct span *span)
{
	struct ledger *ledger = span->ledger;
	enum fault fault;

	if ((fault = store_setting_load(
		 &span->grace, ledger->store, SETTING_GRACE)))
		return fault;
	return store_license_snapshot(&span->licenses, &span->license_count,
	    span->arena, ledger->store, span->feature);
}

static enum fault
add_license_steps(struct span *span)
{
	instant at = span->since;
	enum fault fault;

	while ((at = license_next_change(span->licenses, span->license_count,
		    span->grace, at)) <= span->ledger->now)
		if ((fault = add_step(span, at, 0)))
			return fault;
	return FAULT_NONE;
}

/* What one client has of the span's feature, and the devices it had before. */
struct holding {
	const struct pool_end *end;
	const struct lease_row *rows;
	size_t count;
	struct former_lease *formers;
	size_t former_count;
};

static enum fault
load_holding(
    struct holding *out, const struct span *span, const struct pool_end *end)
{
	struct ledger *ledger = span->ledger;
	struct lease_row *all;
	size_t all_count;
	enum fault fault;

	*out = (struct holding){ .end = end };
	if ((fault = store_lease_list(
		 &all, &all_count, ledger->arena, ledger->store, end->client)))
		return fault;
	out->rows = store_lease_of(&out->count, all, all_count, span->feature);
	return store_former_leases(&out->formers, &out->former_count,
	    ledger->arena, ledger->store, end->client);
}

/* By the client and its former devices together. */
static int64_t
held_at(const struct holding *holding, const char *feature, instant at)
{
	const struct pool_end *end = holding->end;
	int64_t former = store_former_units(
	    holding->formers, holding->former_count, feature, at);

	return instant_units_add(former,
	    pool_held(pool_reserved_beside(end->reserved, former),
		store_lease_documented(holding->rows, holding->count, at),
		end->expires <= at));
}

static instant
next_of(const struct lease_row *rows, size_t count, instant at)
{
	instant next = INSTANT_NEVER;

	for (size_t i = 0; i < count; i++)
		if (rows[i].part.expires > at)
			next = instant_earlier(next, rows[i].part.expires);
	return next;
}

/* The first instant after "at" at which something of this client ends. */
static instant
next_end(const struct holding *holding, const char *feature, instant at)
{
	instant ends = holding->end->expires;
	instant next = next_of(holding->rows, holding->count, at);

	for (size_t i = 0; i < holding->former_count; i++) {
		const struct former_lease *former = &holding->formers[i];
		size_t count;
		const struct lease_row *rows = store_lease_of(
		    &count, former->rows, former->row_count, feature);

		next = instant_earlier(next, next_of(rows, count, at));
	}
	return ends > at ? instant_earlier(next, ends) : next;
}

static enum fault
add_client_steps(struct span *span, const struct pool_end *end)
{
	const char *feature = span->feature;
	struct holding holding;
	instant at = span->since;
	int64_t held, next;
	enum fault fault;

	if ((fault = load_holding(&holding, span, end)))
		return fault;
	held = held_at(&holding, feature, at);
	while ((at = next_end(&holding, feature, at)) <= span->ledger->now) {
		next = held_at(&holding, feature, at);
		if (next != held && (fault = add_step(span, at, next - held)))
			return fault;
		held = next;
	}
	return FAULT_NONE;
}

/* From what is held now, back through the steps: what was held at each. */
static enum fault
note_steps(struct span *span)
{
	struct ledger *ledger = span->ledger;
	struct pool_row row;
	int64_t held, others;
	enum fault fault;

	if (span->count == 0)
		return FAULT_NONE;
	if ((fault = store_pool_feature(
		 &row, ledger->store, span->feature, ledger->now)))
		return fault;
	qsort(span->steps, span->count, sizeof(*span->steps), by_instant);
	others = row.installed - own_at(span, ledger->now);
	held = row.held;
	for (size_t i = 0; i < span->count; i++)
		held -= span->steps[i].held;
	for (size_t i = 0; i < span->count; i++) {
		instant at = span->steps[i].at;

		held += span->steps[i].held;
		if (i + 1 < span->count && span->steps[i + 1].at == at)
			continue;
		if ((fault = ledger_watch_pool_note(ledger, span->feature, at,
			 others + own_at(span, at), held)))
			return fault;
	}
	return FAULT_NONE;
}

static enum fault
note_feature(struct ledger *ledger, struct arena *arena, const char *feature,
    instant since, const struct pool_end *ends, size_t count)
{
	struct span span = { .ledger = ledger,
		.arena = arena,
		.feature = feature,
		.since = since };
	enum fault fault;

	if ((fault = load_licenses(&span)) ||
	    (fault = add_license_steps(&span)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if (strcmp(ends[i].feature, feature) == 0 &&
		    (fault = add_client_steps(&span, &ends[i])))
			return fault;
	return note_steps(&span);
}

static enum fault
note_features(struct ledger *ledger, struct arena *arena, instant since)
{
	const struct catalogue *catalogue = &ledger->appliance->catalogue;
	const struct feature *feature = catalogue->features;
	struct pool_end *ends;
	size_t count;
	enum fault fault;

	if ((fault = store_pool_change_ends(
		 &ends, &count, arena, ledger->store, since, ledger->now)))
		return fault;
	for (; feature < catalogue->features + catalogue->feature_count;
	     feature++)
		if (feature->kind != FEATURE_SWITCH &&
		    (fault = note_feature(
			 ledger, arena, feature->name, since, ends, count)))
			return fault;
	return FAULT_NONE;
}

enum fault
ledger_watch_pool_elapsed(struct ledger *ledger, int64_t since)
{
	struct arena arena;
	enum fault fault;

	assert(ledger && since < ledger->now);
	arena_init(&arena, 0);
	fault = note_features(ledger, &arena, since);
	arena_clear(&arena);
	return fault;
}
