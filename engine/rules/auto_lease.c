/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * auto_lease.c: the server's switch for each feature, what a client takes
 * while it is alone, and the reckoning afterward. Does not know who reports,
 * nor where the history of a pool is kept.
 */
#include "engine/rules/auto_lease.h"
#include "engine/rules/wide.h"
#include <string.h>

/* The bound is 30 % of the unallocated maximum. */
#define BOUND_TENTHS 3

static bool
counts_users(const struct feature *feature)
{
	return feature->kind == FEATURE_USERS || feature->kind == FEATURE_RDP;
}

bool
auto_lease_is_eligible(const struct feature *feature)
{
	return feature->auto_lease && counts_users(feature) &&
	    strcmp(feature->family, "any") == 0;
}

/* ---- the server's switch ---- */

/*
 * Sums available units times seconds over the window, from its end backward,
 * so that no second counts twice whatever the order of the changes. Answers
 * how many seconds of the window are known.
 */
static int64_t
sum_available(wide *sum, const struct auto_lease_change *changes, size_t count,
    instant from, instant to)
{
	instant reached = to;

	*sum = 0;
	for (size_t i = count; i > 0; i--) {
		const struct auto_lease_change *change = &changes[i - 1];
		instant begin = instant_later(change->at, from);

		if (begin >= reached)
			continue;
		*sum += (wide)(reached - begin) *
		    (instant_units(change->total) -
			instant_units(change->held));
		reached = begin;
	}
	return to - reached;
}

static int64_t
rounded_down(wide sum, int64_t seconds)
{
	wide average = sum / seconds;

	return (int64_t)(average * seconds > sum ? average - 1 : average);
}

static int64_t
bound_of(int64_t unallocated)
{
	return unallocated / 10 * BOUND_TENTHS +
	    unallocated % 10 * BOUND_TENTHS / 10;
}

enum verdict
auto_lease_judge(struct verdict_numbers *numbers, const struct feature *feature,
    const struct auto_lease_change *changes, size_t count, int64_t unallocated,
    instant now)
{
	wide sum;
	int64_t seconds = sum_available(&sum, changes, count,
	    instant_add(now, -AUTO_LEASE_WINDOW_SECONDS), now);

	unallocated = instant_units(unallocated);
	*numbers = (struct verdict_numbers){
		.average = seconds > 0 ? rounded_down(sum, seconds) : 0,
		.unallocated = unallocated,
		.bound = bound_of(unallocated),
		.seconds = seconds,
	};
	if (!auto_lease_is_eligible(feature))
		return VERDICT_AUTO_LEASE_NOT_ELIGIBLE;
	if (seconds < AUTO_LEASE_WINDOW_SECONDS)
		return VERDICT_AUTO_LEASE_COLLECTING;
	if (sum * 10 > (wide)unallocated * BOUND_TENTHS * seconds)
		return VERDICT_AUTO_LEASE_ON;
	return VERDICT_AUTO_LEASE_OFF;
}

/* ---- a client on its own ---- */

instant
auto_lease_ends(const struct auto_lease_contact *contact)
{
	instant end = instant_add(
	    contact->last_success, AUTO_LEASE_LIMIT_SECONDS);

	if (!contact->was_on)
		return INT64_MIN;
	if (contact->reserved > 0)
		return instant_earlier(end, contact->reserved_expires);
	return end;
}

int64_t
auto_lease_take(const struct auto_lease_contact *contact,
    const struct allocation *allocation, int64_t leased, int64_t auto_leased,
    int64_t users, instant now)
{
	int64_t present = instant_units_add(
	    instant_units(leased), instant_units(auto_leased));
	int64_t room = instant_units_less(
	    instant_units(allocation->maximum), present);
	int64_t wanted = instant_units_less(instant_units(users), present);
	int64_t increment = allocation->increment;

	if (now >= auto_lease_ends(contact) || increment <= 0)
		return 0;
	return increment *
	    instant_earlier(
		instant_units_pieces(wanted, increment), room / increment);
}

/* ---- back in contact ---- */

/* All intervals of a feature, and the one that is judged. */
struct reports {
	const struct auto_lease_interval *others;
	size_t count;
	const struct auto_lease_interval *judged;
};

static wide
units_at(const struct reports *reports, instant at)
{
	wide units = reports->judged->units;

	for (size_t i = 0; i < reports->count; i++) {
		const struct auto_lease_interval *other = &reports->others[i];

		if (other->from <= at && at < other->to)
			units += instant_units(other->units);
	}
	return units;
}

/* What was auto-leased at any instant of [from, to) is no more than this. */
static wide
units_between(const struct reports *reports, instant from, instant to)
{
	wide units = reports->judged->units;

	for (size_t i = 0; i < reports->count; i++) {
		const struct auto_lease_interval *other = &reports->others[i];

		if (other->from < to && from < other->to)
			units += instant_units(other->units);
	}
	return units;
}

/*
 * The first instant of [from, to) at which more than "room" was auto-leased,
 * or "to". Within it, that can only begin where an interval does.
 */
static instant
first_excess(const struct reports *reports, wide room, instant from, instant to)
{
	instant first = to;

	if (units_at(reports, from) > room)
		return from;
	for (size_t i = 0; i < reports->count; i++) {
		instant begin = reports->others[i].from;

		if (begin > from && begin < first &&
		    units_at(reports, begin) > room)
			first = begin;
	}
	return first;
}

static int64_t
narrowed(wide units)
{
	return units > INT64_MAX ? INT64_MAX : (int64_t)units;
}

static void
tell_excess(struct verdict_numbers *numbers,
    const struct auto_lease_change *change, wide units)
{
	numbers->leased = narrowed(units);
	numbers->reserved = instant_units(change->held);
	numbers->total = instant_units(change->total);
	numbers->missing = narrowed(units + numbers->reserved - numbers->total);
}

enum verdict
auto_lease_reconcile(instant *at, struct verdict_numbers *numbers,
    const struct auto_lease_change *changes, size_t change_count,
    const struct auto_lease_interval *others, size_t other_count,
    const struct auto_lease_interval *judged)
{
	struct reports reports = { others, other_count, judged };
	wide most = units_between(&reports, judged->from, judged->to);

	*at = INSTANT_NEVER;
	*numbers = (struct verdict_numbers){ 0 };
	for (size_t i = 0; i < change_count && judged->units > 0; i++) {
		const struct auto_lease_change *change = &changes[i];
		wide room = (wide)instant_units(change->total) -
		    instant_units(change->held);
		instant from = instant_later(change->at, judged->from);
		instant to = judged->to;
		instant first;

		if (i + 1 < change_count)
			to = instant_earlier(to, changes[i + 1].at);
		/* Most changes leave room for all: those cost nothing. */
		if (from >= to || most <= room)
			continue;
		first = first_excess(&reports, room, from, to);
		if (first == to)
			continue;
		*at = first;
		tell_excess(numbers, change, units_at(&reports, first));
		return VERDICT_AUTO_LEASE_EXCESS;
	}
	return VERDICT_OK;
}

instant
auto_lease_penalty_until(instant now)
{
	return instant_add(now, AUTO_LEASE_PENALTY_SECONDS);
}

bool
auto_lease_ends_penalty(const struct license *license,
    const struct feature *feature, bool was_seen, int64_t grace_seconds,
    instant now)
{
	return feature != NULL && counts_users(feature) &&
	    license->is_subscription && !license->is_renewal && !was_seen &&
	    license_state_at(license, grace_seconds, now) == LICENSE_ACTIVE;
}
