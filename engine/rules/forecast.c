/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forecast.c: a straight line through daily peaks, by least squares in whole
 * numbers. Does not know what the peaks are of.
 *
 * No sum can wrap: x is at most a year of seconds (2^25), y and the total at
 * most FORECAST_UNITS_MAX (2^50), and there are at most FORECAST_POINTS_MAX
 * (2^9) points. The largest product below is y-sum times xx-sum, 2^(59+59),
 * with the factor of the slope 2^(9+9+25+50+27).
 */
#include "engine/rules/forecast.h"
#include "engine/rules/wide.h"

#define SPAN_MIN    (6 * SECONDS_PER_DAY) /* first to last of seven days */
#define THOUSANDTHS 1000

/* Sums over the points; x in seconds, 0 at "now" and negative before. */
struct sums {
	int64_t count;
	instant first, last;
	wide x, y, xx, xy;
};

/* The line y = (value + rise * x) / scale; scale > 0. */
struct line {
	wide value, rise, scale;
};

static int64_t
units_of(int64_t units)
{
	return instant_earlier(instant_units(units), FORECAST_UNITS_MAX);
}

static void
add_point(struct sums *sums, const struct forecast_point *point, instant now)
{
	int64_t x = point->at - now;
	int64_t y = units_of(point->used);

	if (sums->count == 0) {
		sums->first = point->at;
		sums->last = point->at;
	}
	sums->first = instant_earlier(sums->first, point->at);
	sums->last = instant_later(sums->last, point->at);
	sums->count++;
	sums->x += x;
	sums->y += y;
	sums->xx += (wide)x * x;
	sums->xy += (wide)x * y;
}

/* Points of the last year, the newest of them if there are too many. */
static void
add_points(struct sums *sums, const struct forecast_point *points, size_t count,
    instant now)
{
	instant oldest = instant_add(now, -FORECAST_HORIZON_SECONDS);

	for (size_t i = count; i > 0 && sums->count < FORECAST_POINTS_MAX; i--)
		if (points[i - 1].at >= oldest && points[i - 1].at <= now)
			add_point(sums, &points[i - 1], now);
}

static void
fit(struct line *line, const struct sums *sums)
{
	line->scale = sums->count * sums->xx - sums->x * sums->x;
	line->rise = sums->count * sums->xy - sums->x * sums->y;
	line->value = sums->y * sums->xx - sums->x * sums->xy;
}

/* To nearest, halves away from 0. */
static int64_t
quotient(wide dividend, wide divisor)
{
	wide half = dividend < 0 ? -(divisor / 2) : divisor / 2;

	return (int64_t)((dividend + half) / divisor);
}

static instant
exhausted_at(const struct line *line, int64_t total, instant now)
{
	wide missing = total * line->scale - line->value;
	wide seconds;

	if (missing <= 0)
		return now;
	if (line->rise <= 0)
		return INSTANT_NEVER;
	/* The first whole second at which the line is there. */
	seconds = (missing + line->rise - 1) / line->rise;
	if (seconds > FORECAST_HORIZON_SECONDS)
		return INSTANT_NEVER;
	return instant_add(now, (int64_t)seconds);
}

void
forecast_line(struct forecast *out, const struct forecast_point *points,
    size_t count, int64_t total, instant now)
{
	struct sums sums = { 0 };
	struct line line;

	*out = (struct forecast){ .exhausted_at = INSTANT_NEVER };
	add_points(&sums, points, count, now);
	if (sums.count < FORECAST_POINTS_MIN ||
	    sums.last - sums.first < SPAN_MIN)
		return;
	fit(&line, &sums);
	out->is_known = true;
	out->per_day_thousandths = quotient(
	    line.rise * (SECONDS_PER_DAY * THOUSANDTHS), line.scale);
	out->at_now = quotient(line.value, line.scale);
	out->exhausted_at = exhausted_at(&line, units_of(total), now);
}
