/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * allocation.c: the vendor's rules for the three counts, and for the two
 * times of a server. Does not know the form.
 */
#include "engine/rules/allocation.h"

#define INCREMENT_MIN   25 /* below it only where the range is smaller */
#define INCREMENT_SHARE 10 /* an increment is at least a tenth of the range */
#define DURATION_MIN    (24 * SECONDS_PER_HOUR)
#define DURATION_MAX    (240 * SECONDS_PER_HOUR)
#define INTERVAL_MIN    SECONDS_PER_HOUR

/* M - R */
static int64_t
range_of(const struct allocation *allocation)
{
	return instant_units_less(instant_units(allocation->maximum),
	    instant_units(allocation->reserved));
}

static bool
is_in_range(int64_t count)
{
	return count >= 0 && count <= ALLOCATION_COUNT_MAX;
}

int64_t
allocation_least_increment(const struct allocation *allocation)
{
	int64_t range = range_of(allocation);
	int64_t share = instant_units_pieces(range, INCREMENT_SHARE);

	if (range < INCREMENT_MIN || share > INCREMENT_MIN)
		return share;
	return INCREMENT_MIN;
}

int64_t
allocation_reachable(const struct allocation *allocation)
{
	int64_t range = range_of(allocation);
	int64_t reserved = instant_units(allocation->reserved);

	if (allocation->increment <= 0)
		return reserved;
	return reserved + range - range % allocation->increment;
}

static enum verdict
error_of(struct allocation_check *out, const struct allocation *allocation,
    bool reserves, int64_t reservable)
{
	int64_t range = range_of(allocation);

	if (!is_in_range(allocation->reserved) ||
	    !is_in_range(allocation->increment) ||
	    !is_in_range(allocation->maximum))
		return VERDICT_COUNT_OUT_OF_RANGE;
	if (allocation->reserved > allocation->maximum)
		return VERDICT_RESERVED_OVER_MAXIMUM;
	if (reserves && allocation->reserved > reservable) {
		out->numbers.bound = reservable;
		return VERDICT_RESERVED_OVER_AVAILABLE;
	}
	if (range > 0 && allocation->increment == 0)
		return VERDICT_INCREMENT_MISSING;
	if (range > 0 && allocation->increment > range) {
		out->numbers.bound = range;
		return VERDICT_INCREMENT_TOO_LARGE;
	}
	return VERDICT_OK;
}

static enum verdict
warning_of(const struct allocation *allocation)
{
	if (range_of(allocation) == 0)
		return VERDICT_OK;
	if (allocation->increment < allocation_least_increment(allocation))
		return VERDICT_INCREMENT_SMALL;
	if (allocation_reachable(allocation) < allocation->maximum)
		return VERDICT_INCREMENT_UNEVEN;
	return VERDICT_OK;
}

void
allocation_check(struct allocation_check *out,
    const struct allocation *allocation, int64_t previous_reserved,
    int64_t reservable, bool made_live)
{
	bool reserves = made_live ||
	    allocation->reserved > instant_units(previous_reserved);

	*out = (struct allocation_check){ VERDICT_OK, VERDICT_OK, { 0 } };
	out->numbers.available = instant_units(reservable);
	out->numbers.increment = allocation->increment;
	out->numbers.maximum = allocation->maximum;
	out->numbers.reserved = allocation->reserved;
	out->numbers.least = allocation_least_increment(allocation);
	out->numbers.reachable = allocation_reachable(allocation);
	out->error = error_of(
	    out, allocation, reserves, instant_units(reservable));
	if (out->error == VERDICT_OK)
		out->warning = warning_of(allocation);
}

enum verdict
allocation_duration_check(int64_t duration)
{
	return duration < DURATION_MIN || duration > DURATION_MAX
	    ? VERDICT_DURATION_OUT_OF_RANGE
	    : VERDICT_OK;
}

enum verdict
allocation_interval_check(
    int64_t *bound_seconds, int64_t duration, int64_t interval)
{
	*bound_seconds = duration / 2;
	return interval < INTERVAL_MIN || interval > *bound_seconds
	    ? VERDICT_INTERVAL_OUT_OF_RANGE
	    : VERDICT_OK;
}
