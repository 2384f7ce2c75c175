/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forecast.h: when a pool will be used up, by a straight line through its
 * history (least squares over the daily peaks).
 */
#ifndef LEASEHOLD_RULES_FORECAST_H
#define LEASEHOLD_RULES_FORECAST_H

#include "engine/rules/instant.h"
#include <stdbool.h>
#include <stddef.h>

struct forecast_point {
	instant at;
	int64_t used;	/* the peak of that day: held or leased units */
};

#define FORECAST_POINTS_MIN 7
/* Of more points the last in the array count; more units count as so many. */
#define FORECAST_POINTS_MAX 512
#define FORECAST_UNITS_MAX INT64_C(1000000000000000)
#define FORECAST_HORIZON_SECONDS (366 * SECONDS_PER_DAY)

struct forecast {
	bool is_known;			/* enough points, the first and the last at least six days apart: a week of days */
	int64_t per_day_thousandths;	/* slope in thousandths of a unit a day */
	int64_t at_now;			/* the line's value now, rounded to nearest */
	instant exhausted_at;		/* the first second at which the line is at "total", "now" when it is there already; INSTANT_NEVER = not within a year, or not known */
};

/*
 * The formula stands in docs/forecast.md. Only whole numbers: the same points,
 * in any order, always give the same second. Points after "now", and those
 * more than a year old, do not count; what is not known is 0.
 */
void forecast_line(struct forecast *out, const struct forecast_point *points, size_t count, int64_t total, instant now);

#endif
