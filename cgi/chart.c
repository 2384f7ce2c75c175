/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chart.c: see chart.h. The axis begins at 0, so that a line twice as high is
 * twice as much.
 */
#include "cgi/chart.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/calendar.h"
#include "engine/rules/instant.h"

#define LEFT         72
#define RIGHT        12
#define TOP          12
#define BOTTOM       28
#define INNER_WIDTH  (CHART_WIDTH - LEFT - RIGHT)
#define INNER_HEIGHT (CHART_HEIGHT - TOP - BOTTOM)
#define POINT_MAX    24 /* characters of "720.0,240.0 " */
#define TICKS        5
#define DATES        6

/* The least round number that is "most" or more, and can be cut in TICKS. */
static int64_t
ceiling_of(int64_t most)
{
	static const int64_t steps[] = { 1, 2, 3, 4, 5, 6, 8 };
	int64_t ten = 1;

	for (;; ten *= 10)
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (ten > INT64_MAX / 100 ||
			    ten * steps[i] * TICKS >= most)
				return ten * steps[i] * TICKS;
}

static int64_t
most_of(const struct chart *chart)
{
	int64_t most = 1;

	for (size_t line = 0; line < CHART_SERIES; line++)
		for (size_t i = 0; i < chart->count; i++)
			most = instant_later(most, chart->values[line][i]);
	return most;
}

/* In tenths of a pixel: whole numbers, whatever the locale. */
static int64_t
x_of(const struct chart *chart, int64_t at)
{
	return INT64_C(10) * LEFT +
	    (at - chart->from) * 10 * INNER_WIDTH / (chart->to - chart->from);
}

static int64_t
y_of(int64_t value, int64_t ceiling)
{
	int64_t parts = value > ceiling ? ceiling : value < 0 ? 0 : value;

	/* What is that much needs no last digits. */
	while (ceiling > INT64_C(1000000000000)) {
		ceiling /= 1000;
		parts /= 1000;
	}
	return INT64_C(10) * (TOP + INNER_HEIGHT) -
	    parts * 10 * INNER_HEIGHT / ceiling;
}

static void
show_pixel(struct view place, const char *name, int64_t tenths)
{
	view_format(
	    place, name, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
}

static enum fault
show_line(struct view place, struct arena *arena, const struct chart *chart,
    size_t line, int64_t ceiling)
{
	char *points = arena_alloc(arena, chart->count * POINT_MAX + 1);
	size_t used = 0;
	int64_t last = chart->values[line][chart->count - 1];

	if (!points)
		return FAULT_MEMORY;
	for (size_t i = 0; i < chart->count; i++) {
		int64_t x = x_of(chart, chart->at[i]);
		int64_t y = y_of(chart->values[line][i], ceiling);

		used += (size_t)snprintf(points + used, POINT_MAX,
		    "%" PRId64 ".%" PRId64 ",%" PRId64 ".%" PRId64 " ", x / 10,
		    x % 10, y / 10, y % 10);
	}
	points[used] = '\0';
	view_text(place, "name", chart->names[line]);
	view_text(place, "points", points);
	show_pixel(place, "at", y_of(last, ceiling));
	view_number(place, "text", last);
	return FAULT_NONE;
}

static void
show_values(struct view view, int64_t ceiling)
{
	for (int i = 0; i <= TICKS; i++) {
		struct view row = view_row(view, "y", (size_t)i);
		int64_t value = ceiling / TICKS * i;

		show_pixel(row, "at", y_of(value, ceiling));
		view_number(row, "text", value);
	}
}

/* "11-27" of the date, or "13:05" within two days. */
static void
show_dates(struct view view, const struct chart *chart)
{
	bool is_short = chart->to - chart->from <= 2 * SECONDS_PER_DAY;
	int64_t step = (chart->to - chart->from) / DATES;

	for (int i = 0; i < DATES; i++) {
		struct view row = view_row(view, "x", (size_t)i);
		int64_t at = chart->from + step * i + step / 2;
		char text[CALENDAR_TEXT_MAX];

		show_pixel(row, "at", x_of(chart, at));
		if (is_short) {
			calendar_format_clock(text, at);
			text[5] = '\0';
		} else
			calendar_date_of(text, at);
		view_text(row, "text", text);
	}
}

enum fault
chart_show(struct view place, struct arena *arena, const struct chart *chart)
{
	int64_t ceiling;
	enum fault fault = FAULT_NONE;

	assert(arena && chart && chart->count > 0 && chart->from < chart->to);
	ceiling = ceiling_of(most_of(chart));
	view_format(place, "width", "%d", CHART_WIDTH);
	view_format(place, "height", "%d", CHART_HEIGHT);
	view_format(place, "left", "%d", LEFT);
	view_format(place, "right", "%d", CHART_WIDTH - RIGHT);
	view_format(place, "top", "%d", TOP);
	view_format(place, "bottom", "%d", CHART_HEIGHT - BOTTOM);
	show_values(place, ceiling);
	show_dates(place, chart);
	for (size_t line = 0; !fault && line < CHART_SERIES; line++)
		fault = show_line(view_row(place, "lines", line), arena, chart,
		    line, ceiling);
	return fault;
}
