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
		instant_units(feature->auto_leased)));
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

int64_t
demand_capacity(const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	const struct platform *platform = gateway->platform;
	int64_t capacity = instant_units(gateway->default_users);
	int64_t units = sum_of(features, count, FEATURE_USERS);

	if (units > capacity && may_work(features, count, gateway))
		capacity = platform == NULL
		    ? units
		    : instant_units_add(units,
			  share_of(units,
			      instant_units(platform->over_capacity_percent)));
	if (platform != NULL && platform->users_max > 0 &&
	    capacity > platform->users_max)
		return platform->users_max;
	return capacity;
}

int64_t
demand_rdp_capacity(const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	if (!may_work(features, count, gateway))
		return 0;
	return sum_of(features, count, FEATURE_RDP);
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

static enum verdict
admit(struct verdict_numbers *numbers, int64_t admitted, int64_t capacity,
    enum verdict refusal)
{
	int64_t present = instant_units(admitted);

	*numbers = (struct verdict_numbers){ 0 };
	numbers->wanted = instant_units_add(present, 1);
	numbers->total = instant_units(capacity);
	numbers->available = instant_units_less(numbers->total, present);
	return numbers->available > 0 ? VERDICT_OK : refusal;
}

enum verdict
demand_admit(
    struct verdict_numbers *numbers, int64_t admitted, int64_t capacity)
{
	return admit(numbers, admitted, capacity, VERDICT_CAPACITY_REACHED);
}

enum verdict
demand_admit_rdp(
    struct verdict_numbers *numbers, int64_t admitted, int64_t capacity)
{
	return admit(numbers, admitted, capacity, VERDICT_RDP_CAPACITY_REACHED);
}
