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
#define FORECAST_HORIZON_SECONDS (366 * SECONDS_PER_DAY)

struct forecast {
	bool is_known;			/* enough points, over at least a week */
	int64_t per_day_thousandths;	/* slope in thousandths of a unit a day */
	int64_t at_now;			/* the line's value now, rounded to nearest */
	instant exhausted_at;		/* the line reaches "total"; INSTANT_NEVER = not within a year */
};

/* The formula stands in docs/forecast.md. Pure integer arithmetic: the same points always give the same day. */
void forecast_line(struct forecast *out, const struct forecast_point *points, size_t count, int64_t total, instant now);

#endif
