/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_renew.c: how long each part of a lease lasts: what a shortage does not
 * extend, and what a foreseen fall of the total ends.
 */
#include "engine/rules/lease_work.h"

/* ---- a shortage: rules.md 5.5 ---- */

/* Sets "quanta" of that part apart; the lapsing ones are the newer half. */
static void
split(struct lease_work *work, size_t index, int64_t quanta)
{
	struct lease_part *lapsing = lease_work_insert(work, index + 1);

	*lapsing = work->parts[index];
	lapsing->id = 0;
	lapsing->count = quanta;
	lapsing->is_lapsing = true;
	work->parts[index].count -= quanta;
}

/* Marks quanta of one part that do not fit; answers their units. */
static int64_t
mark_quanta(struct lease_work *work, size_t index, int64_t excess)
{
	struct lease_part *part = &work->parts[index];
	int64_t quanta = instant_units_pieces(excess, part->size);

	if (lease_work_is_new(work, part))
		return 0;
	if (quanta < part->count) {
		split(work, index, quanta);
	} else {
		quanta = part->count;
		part->is_lapsing = true;
	}
	return instant_units_times(part->size, quanta);
}

/* Units over what may back them: the total, or the subscriptions where only those do. */
static int64_t
units_unbacked(const struct lease_work *work, int64_t own)
{
	int64_t excess = instant_units_less(
	    instant_units_add(work->others_leased, own), work->total);

	if (!work->is_subscription_only)
		return excess;
	return instant_later(
	    excess, instant_units_less(own, work->subscription_room));
}

/*
 * Units of quanta that may not be extended: those that nothing backs, and while
 * a recall waits, those without which what it asks for would come free. Then
 * idle reservations count too, since they are never cut for it.
 */
static int64_t
units_too_many(const struct lease_work *work, int64_t own)
{
	int64_t excess = units_unbacked(work, own);

	if (work->recalling == 0)
		return excess;
	return instant_later(excess,
	    instant_units_less(
		instant_units_add(work->others_kept, own), work->quanta_total));
}

static void
mark_lapsing(struct lease_work *work)
{
	struct lease_part *reserved = lease_work_reserved(work);
	int64_t own = lease_work_units(work);
	int64_t excess = units_too_many(work, own);
	int64_t marked = 0;

	for (size_t i = 0; i < work->count; i++)
		work->parts[i].is_lapsing = false;
	for (size_t i = work->count;
	     i > lease_work_quanta(work) && excess > marked; i--)
		marked = instant_units_add(
		    marked, mark_quanta(work, i - 1, excess - marked));
	if (reserved != NULL && !lease_work_is_new(work, reserved))
		reserved->is_lapsing =
		    units_unbacked(work, instant_units_less(own, marked)) > 0;
}

/* ---- foreseen falls: rules.md 5.6 ---- */

static int64_t
held_own_after(const struct lease_work *work)
{
	return instant_later(lease_work_units(work),
	    instant_later(work->reserved, work->documented));
}

static int64_t
held_after(const struct lease_work *work)
{
	return instant_units_add(work->others_held, held_own_after(work));
}

/* Where only subscriptions back a lease: is less of them left after the fall than it holds? Permanent units never fall by themselves. */
static bool
outlives_subscriptions(
    const struct lease_work *work, const struct pool_fall *fall)
{
	int64_t permanent = instant_units_less(
	    work->total, instant_units(work->pool->subscription));
	int64_t left = instant_units_less(
	    instant_units_less(instant_units(fall->total), permanent),
	    instant_units(work->pool->subscription_others));

	return work->is_subscription_only && held_own_after(work) > left;
}

/* The first fall that a quantum may not outlast. */
static instant
quanta_end(const struct lease_work *work)
{
	int64_t held = instant_units_add(held_after(work), work->recalling);

	for (size_t i = 0; i < work->pool->fall_count; i++) {
		const struct pool_fall *fall = &work->pool->falls[i];

		if (fall->at > work->now &&
		    (held > instant_units(fall->total) ||
			outlives_subscriptions(work, fall)))
			return fall->at;
	}
	return INSTANT_NEVER;
}

/* Units of all parts that outlast the fall, the reserved part included. */
static int64_t
outlasting(const struct lease_work *work, const struct pool_fall *fall)
{
	int64_t units = instant_units_add(
	    instant_units(fall->outlasting_others), work->parts[0].size);

	for (size_t i = 1; i < work->count; i++)
		if (work->parts[i].expires > fall->at)
			units = instant_units_add(units,
			    instant_units_times(
				work->parts[i].size, work->parts[i].count));
	return units;
}

/* The first fall that the reserved part may not outlast. Quanta come first. */
static instant
reserved_end(const struct lease_work *work)
{
	int64_t held = held_after(work);

	for (size_t i = 0; i < work->pool->fall_count; i++) {
		const struct pool_fall *fall = &work->pool->falls[i];
		int64_t total = instant_units(fall->total);

		if (fall->at <= work->now)
			continue;
		if ((held > total && outlasting(work, fall) > total) ||
		    outlives_subscriptions(work, fall))
			return fall->at;
	}
	return INSTANT_NEVER;
}

/* From now on; never earlier than signed, but for the allocation's end. */
static void
renew(const struct lease_work *work, struct lease_part *part, int64_t duration,
    instant end)
{
	instant expires = instant_earlier(
	    instant_add(work->now, duration), end);

	if (!part->is_lapsing)
		part->expires = instant_later(part->expires, expires);
	part->expires = instant_earlier(
	    part->expires, work->allocation_expires);
}

void
lease_renew_parts(struct lease_work *work)
{
	struct lease_part *reserved;
	instant end;

	mark_lapsing(work);
	end = quanta_end(work);
	for (size_t i = lease_work_quanta(work); i < work->count; i++)
		renew(work, &work->parts[i], work->duration, end);
	reserved = lease_work_reserved(work);
	if (reserved != NULL)
		renew(
		    work, reserved, LEASE_RESERVED_SECONDS, reserved_end(work));
}
