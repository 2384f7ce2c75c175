/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demand.c: how many users a client may admit, and of which feature it asks
 * for how many. Knows sums per feature; does not know sessions.
 */
#include "engine/rules/demand.h"
#include <string.h>

#define PERCENT 100

/* The order in which leased units are drawn: the most specific first. */
enum rank {
	RANK_ROLE,
	RANK_FAMILY,
	RANK_COMMON,
	RANK__COUNT
};

static enum rank
rank_of(const struct feature *feature)
{
	if (feature->role_specific)
		return RANK_ROLE;
	return strcmp(feature->family, "any") == 0 ? RANK_COMMON : RANK_FAMILY;
}

static int64_t
units_of(const struct demand_feature *feature)
{
	return instant_units_add(instant_units(feature->own),
	    instant_units_add(instant_units(feature->leased),
		instant_units_add(instant_units(feature->auto_leased),
		    instant_units(feature->surplus))));
}

static int64_t
sum_of(
    const struct demand_feature *features, size_t count, enum feature_kind kind)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		if (features[i].feature->kind == kind)
			sum = instant_units_add(sum, units_of(&features[i]));
	return sum;
}

static int64_t
surplus_of(
    const struct demand_feature *features, size_t count, enum feature_kind kind)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		if (features[i].feature->kind == kind)
			sum = instant_units_add(
			    sum, instant_units(features[i].surplus));
	return sum;
}

static int64_t
share_of(int64_t units, int64_t percent)
{
	return instant_units_add(instant_units_times(units / PERCENT, percent),
	    instant_units_times(units % PERCENT, percent) / PERCENT);
}

/* A virtual gateway works with a server, or with a license for its role. */
static bool
may_work(const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	if (gateway->platform == NULL || !gateway->platform->is_virtual ||
	    gateway->has_server)
		return true;
	for (size_t i = 0; i < count; i++)
		if (features[i].feature->role_specific && features[i].own > 0)
			return true;
	return false;
}

static int64_t
allowance_of(const struct demand_gateway *gateway)
{
	if (gateway->has_allowance)
		return instant_units(gateway->allowance);
	return gateway->platform == NULL
	    ? 0
	    : instant_units(gateway->platform->over_capacity_percent);
}

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* INT64_MAX when the platform has none. */
static int64_t
platform_limit(const struct demand_gateway *gateway)
{
	if (gateway->platform == NULL || gateway->platform->users_max <= 0)
		return INT64_MAX;
	return gateway->platform->users_max;
}

/* "units" beside a "floor" that needs none, cut at "limit". */
static void
fill_limit(struct demand_limit *out, int64_t units, int64_t floor,
    int64_t limit, const struct demand_gateway *gateway)
{
	int64_t all = instant_units_add(
	    units, share_of(units, allowance_of(gateway)));

	if (units < floor)
		units = floor;
	if (all < units)
		all = units;
	out->capacity = lesser(units, limit);
	out->most = lesser(all, limit);
	out->over_capacity = out->most - out->capacity;
	out->is_platform = all > limit;
}

/* Nobody is refused below the platform's limit while that is only watched. */
static void
open_limit(struct demand_limit *out, const struct demand_gateway *gateway)
{
	int64_t limit = platform_limit(gateway);

	if (!gateway->is_monitoring || limit <= out->most)
		return;
	out->most = limit;
	out->is_platform = true;
}

void
demand_limit_users(struct demand_limit *out,
    const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	int64_t units = 0;

	*out = (struct demand_limit){ 0 };
	if (may_work(features, count, gateway)) {
		units = sum_of(features, count, FEATURE_USERS);
		out->surplus = surplus_of(features, count, FEATURE_USERS);
	}
	fill_limit(out, units, instant_units(gateway->default_users),
	    platform_limit(gateway), gateway);
	open_limit(out, gateway);
}

void
demand_limit_rdp(struct demand_limit *out,
    const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	int64_t units = 0;

	*out = (struct demand_limit){ 0 };
	if (may_work(features, count, gateway)) {
		units = sum_of(features, count, FEATURE_RDP);
		out->surplus = surplus_of(features, count, FEATURE_RDP);
	}
	fill_limit(out, units, 0, INT64_MAX, gateway);
	open_limit(out, gateway);
}

void
demand_limit_least(struct demand_limit *out, const struct demand_limit *a,
    const struct demand_limit *b)
{
	int64_t all = lesser(instant_units_add(a->capacity, a->over_capacity),
	    instant_units_add(b->capacity, b->over_capacity));

	*out = a->most <= b->most ? *a : *b;
	out->capacity = lesser(a->capacity, b->capacity);
	out->over_capacity = all - out->capacity;
	out->surplus = lesser(a->surplus, b->surplus);
}

int64_t
demand_beyond(int64_t admitted, const struct demand_limit *limit)
{
	return instant_units_less(instant_units(admitted),
	    instant_units_add(limit->capacity, limit->over_capacity));
}

/*
 * What is asked of a feature before the next one is: with growth denied, or
 * its reachable maximum unknown, no more than it has.
 */
static int64_t
limit_of(const struct demand_feature *feature)
{
	if (feature->is_denied || feature->reachable <= 0)
		return instant_units(feature->leased);
	return feature->reachable;
}

static bool
is_drawn(const struct demand_feature *feature, enum feature_kind kind,
    enum rank rank)
{
	return feature->feature->kind == kind &&
	    rank_of(feature->feature) == rank;
}

/* Users that own units do not serve. */
static int64_t
unserved(const struct demand_feature *features, size_t count,
    enum feature_kind kind, int64_t users)
{
	for (size_t i = 0; i < count; i++)
		if (features[i].feature->kind == kind)
			users = instant_units_less(
			    users, instant_units(features[i].own));
	return users;
}

static void
place(struct demand_feature *features, size_t count, enum feature_kind kind,
    int64_t users)
{
	int64_t rest = unserved(features, count, kind, users);
	struct demand_feature *last = NULL;

	for (enum rank rank = RANK_ROLE; rank < RANK__COUNT; rank++)
		for (size_t i = 0; i < count; i++) {
			if (!is_drawn(&features[i], kind, rank))
				continue;
			last = &features[i];
			last->users = limit_of(last) < rest ? limit_of(last)
							    : rest;
			rest -= last->users;
		}
	if (last != NULL)
		last->users += rest;
}

void
demand_place(struct demand_feature *features, size_t count, int64_t users,
    int64_t rdp_users)
{
	for (size_t i = 0; i < count; i++)
		features[i].users = 0;
	place(features, count, FEATURE_USERS, instant_units(users));
	place(features, count, FEATURE_RDP, instant_units(rdp_users));
}

/* The next whole increment fits below the reachable maximum, and nobody said no. */
static bool
can_grow(const struct demand_feature *feature)
{
	return !feature->is_denied && feature->increment > 0 &&
	    instant_units_add(instant_units(feature->leased),
		feature->increment) <= feature->reachable;
}

/* The one that grows next; else, when none can, the last that has: its seats are kept. */
static const struct demand_feature *
next_to_grow(
    const struct demand_feature *features, size_t count, enum feature_kind kind)
{
	const struct demand_feature *last = NULL;

	for (enum rank rank = RANK_ROLE; rank < RANK__COUNT; rank++)
		for (size_t i = 0; i < count; i++) {
			if (!is_drawn(&features[i], kind, rank))
				continue;
			if (can_grow(&features[i]))
				return &features[i];
			if (features[i].leased > 0 && features[i].increment > 0)
				last = &features[i];
		}
	return last;
}

void
demand_ahead(struct demand_ahead *out, const struct demand_feature *features,
    size_t count, enum feature_kind kind, int64_t users, int64_t percent)
{
	const struct demand_feature *next = next_to_grow(features, count, kind);
	int64_t most = 0, present = 0;

	*out = (struct demand_ahead){ 0 };
	if (next == NULL || users <= 0 || percent <= 0)
		return;
	out->seats = instant_units_pieces(
	    instant_units_times(next->increment, lesser(percent, PERCENT)),
	    PERCENT);
	for (size_t i = 0; i < count; i++) {
		if (features[i].feature->kind != kind)
			continue;
		most = instant_units_add(most,
		    instant_units_add(instant_units(features[i].own),
			limit_of(&features[i])));
		present = instant_units_add(present,
		    instant_units_add(instant_units(features[i].own),
			instant_units(features[i].leased)));
	}
	out->seats = lesser(out->seats, instant_units_less(most, users));
	out->is_due = can_grow(next) &&
	    instant_units_add(users, out->seats) > present;
}

static enum demand_seat
seat_of(int64_t users, const struct demand_limit *limit)
{
	if (users <= limit->capacity)
		return DEMAND_WITHIN;
	return demand_beyond(users, limit) > 0 ? DEMAND_BEYOND : DEMAND_OVER;
}

static enum verdict
admit(struct verdict_numbers *numbers, enum demand_seat *seat, int64_t admitted,
    const struct demand_limit *limit, enum verdict refusal)
{
	int64_t present = instant_units(admitted);

	*numbers = (struct verdict_numbers){ 0 };
	numbers->wanted = instant_units_add(present, 1);
	numbers->total = limit->most;
	numbers->available = instant_units_less(limit->most, present);
	*seat = seat_of(numbers->wanted, limit);
	if (numbers->available > 0)
		return VERDICT_OK;
	return limit->is_platform ? VERDICT_PLATFORM_REACHED : refusal;
}

enum verdict
demand_admit(struct verdict_numbers *numbers, enum demand_seat *seat,
    int64_t admitted, const struct demand_limit *limit)
{
	return admit(numbers, seat, admitted, limit, VERDICT_CAPACITY_REACHED);
}

enum verdict
demand_admit_rdp(struct verdict_numbers *numbers, enum demand_seat *seat,
    int64_t admitted, const struct demand_limit *limit)
{
	return admit(
	    numbers, seat, admitted, limit, VERDICT_RDP_CAPACITY_REACHED);
}
