/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_forecast.c: lines that are known by construction, beside a slow
 * one in floating point, and figures as large as they come.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/forecast.h"
#include <string.h>

#define DAY  SECONDS_PER_DAY
#define NOW  (INT64_C(1000) * DAY)
#define MANY 600

static struct forecast_point points[MANY];
static struct forecast forecast;

/* "count" days up to now, "used" today, "per_day" less each day before. */
static void
straight(size_t count, int64_t used, int64_t per_day)
{
	for (size_t i = 0; i < count; i++) {
		int64_t age = (int64_t)(count - 1 - i);

		points[i] = (struct forecast_point){ NOW - age * DAY,
			used - age * per_day };
	}
}

static void
a_straight_rise_is_found_to_the_second(void **state)
{
	(void)state;
	straight(7, 100, 10);
	forecast_line(&forecast, points, 7, 150, NOW);
	assert_true(forecast.is_known);
	assert_int_equal(forecast.per_day_thousandths, 10000);
	assert_int_equal(forecast.at_now, 100);
	assert_int_equal(forecast.exhausted_at, NOW + 5 * DAY);
	/* A third of a day, rounded up to the whole second. */
	straight(7, 1000, 3);
	forecast_line(&forecast, points, 7, 1001, NOW);
	assert_int_equal(forecast.exhausted_at, NOW + DAY / 3);
	straight(7, 1000, 7);
	forecast_line(&forecast, points, 7, 1001, NOW);
	assert_int_equal(forecast.exhausted_at, NOW + DAY / 7 + 1);
}

static void
a_line_that_does_not_rise_never_arrives(void **state)
{
	(void)state;
	straight(10, 100, 0);
	forecast_line(&forecast, points, 10, 101, NOW);
	assert_true(forecast.is_known);
	assert_int_equal(forecast.per_day_thousandths, 0);
	assert_int_equal(forecast.at_now, 100);
	assert_int_equal(forecast.exhausted_at, INSTANT_NEVER);
	straight(10, 100, -4);
	forecast_line(&forecast, points, 10, 101, NOW);
	assert_int_equal(forecast.per_day_thousandths, -4000);
	assert_int_equal(forecast.exhausted_at, INSTANT_NEVER);
}

static void
a_line_that_is_there_is_there_now(void **state)
{
	(void)state;
	straight(10, 100, 1);
	forecast_line(&forecast, points, 10, 100, NOW);
	assert_int_equal(forecast.exhausted_at, NOW);
	straight(10, 100, -1);
	forecast_line(&forecast, points, 10, 99, NOW);
	assert_int_equal(forecast.exhausted_at, NOW);
	straight(10, 0, 0);
	forecast_line(&forecast, points, 10, 0, NOW);
	assert_int_equal(forecast.exhausted_at, NOW);
	forecast_line(&forecast, points, 10, INT64_MIN, NOW);
	assert_int_equal(forecast.exhausted_at, NOW);
}

static void
a_year_is_as_far_as_it_looks(void **state)
{
	(void)state;
	straight(7, 1000, 1);
	forecast_line(&forecast, points, 7, 1366, NOW);
	assert_int_equal(forecast.exhausted_at, NOW + 366 * DAY);
	forecast_line(&forecast, points, 7, 1367, NOW);
	assert_int_equal(forecast.exhausted_at, INSTANT_NEVER);
	assert_true(forecast.is_known);
}

static void
it_needs_seven_days(void **state)
{
	(void)state;
	straight(7, 100, 10);
	forecast_line(&forecast, points + 1, 6, 150, NOW);
	assert_false(forecast.is_known);
	assert_int_equal(forecast.per_day_thousandths, 0);
	assert_int_equal(forecast.at_now, 0);
	assert_int_equal(forecast.exhausted_at, INSTANT_NEVER);
	/* Seven points, but less than six days from first to last. */
	points[0].at++;
	forecast_line(&forecast, points, 7, 150, NOW);
	assert_false(forecast.is_known);
	points[0].at--;
	forecast_line(&forecast, points, 7, 150, NOW);
	assert_true(forecast.is_known);
	forecast_line(&forecast, NULL, 0, 150, NOW);
	assert_false(forecast.is_known);
	/* Many of one instant make no line. */
	for (size_t i = 0; i < 50; i++)
		points[i] = (struct forecast_point){ NOW, (int64_t)i };
	forecast_line(&forecast, points, 50, 150, NOW);
	assert_false(forecast.is_known);
}

static void
only_the_last_year_counts(void **state)
{
	(void)state;
	straight(9, 100, 10);
	points[0] = (struct forecast_point){ NOW - 366 * DAY - 1, 999999 };
	points[8] = (struct forecast_point){ NOW + 1, 999999 };
	forecast_line(&forecast, points, 9, 150, NOW);
	assert_true(forecast.is_known);
	/* The seven between: 30, 40 … 90 from eight days ago to yesterday. */
	assert_int_equal(forecast.per_day_thousandths, 10000);
	assert_int_equal(forecast.at_now, 100);
	points[0].at++;
	forecast_line(&forecast, points, 9, 150, NOW);
	assert_int_not_equal(forecast.per_day_thousandths, 10000);
}

static void
the_order_does_not_matter(void **state)
{
	struct forecast other;

	(void)state;
	straight(20, 300, 3);
	points[4].used = 500;
	points[11].used = 2;
	forecast_line(&forecast, points, 20, 1000, NOW);
	for (size_t i = 0; i < 10; i++) {
		struct forecast_point point = points[i];

		points[i] = points[19 - i];
		points[19 - i] = point;
	}
	forecast_line(&other, points, 20, 1000, NOW);
	assert_int_equal(
	    other.per_day_thousandths, forecast.per_day_thousandths);
	assert_int_equal(other.at_now, forecast.at_now);
	assert_int_equal(other.exhausted_at, forecast.exhausted_at);
}

static void
of_too_many_points_the_last_count(void **state)
{
	(void)state;
	/* 88 of nonsense, then 512 on a flat line. */
	for (size_t i = 0; i < MANY; i++)
		points[i] = (struct forecast_point){
			NOW - (int64_t)(MANY - 1 - i) * DAY / 2, 70
		};
	for (size_t i = 0; i < MANY - FORECAST_POINTS_MAX; i++)
		points[i].used = 5;
	forecast_line(&forecast, points, MANY, 100, NOW);
	assert_int_equal(forecast.per_day_thousandths, 0);
	assert_int_equal(forecast.at_now, 70);
	points[MANY - FORECAST_POINTS_MAX].used = 5;
	forecast_line(&forecast, points, MANY, 100, NOW);
	assert_true(forecast.per_day_thousandths > 0);
}

static void
figures_are_rounded_to_nearest(void **state)
{
	(void)state;
	/* 7 points, the last of them 1 higher: slope 3/28 a day. */
	straight(7, 10, 0);
	points[6].used = 11;
	forecast_line(&forecast, points, 7, 1000, NOW);
	assert_int_equal(forecast.per_day_thousandths, 107);
	assert_int_equal(forecast.at_now, 10); /* 10.46 */
	points[6].used = 9;
	forecast_line(&forecast, points, 7, 1000, NOW);
	assert_int_equal(forecast.per_day_thousandths, -107);
	assert_int_equal(forecast.at_now, 10); /* 9.54 */
	/* Seven on 0 and one far above: the line goes below 0 in the past. */
	straight(8, 0, 0);
	points[0].used = 100;
	forecast_line(&forecast, points, 8, 1000, NOW);
	assert_int_equal(forecast.at_now, -17); /* -16.67 */
}

static void
the_largest_figures_do_not_wrap(void **state)
{
	const int64_t most = FORECAST_UNITS_MAX;

	(void)state;
	/* The steepest line there can be: all but one within one instant. */
	for (size_t i = 0; i < FORECAST_POINTS_MAX; i++)
		points[i] = (struct forecast_point){ NOW - 6 * DAY, 0 };
	points[0] = (struct forecast_point){ NOW, INT64_MAX };
	forecast_line(&forecast, points, FORECAST_POINTS_MAX, INT64_MAX, NOW);
	assert_int_equal(forecast.at_now, most);
	assert_int_equal(forecast.per_day_thousandths, (most * 1000 + 3) / 6);
	assert_int_equal(forecast.exhausted_at, NOW);
	/* And far away. */
	for (size_t i = 0; i < FORECAST_POINTS_MAX; i++)
		points[i].at = NOW - 366 * DAY;
	points[0].at += 6 * DAY;
	forecast_line(&forecast, points, FORECAST_POINTS_MAX, INT64_MAX, NOW);
	assert_int_equal(forecast.at_now, most * 61);
	points[0].used = INT64_MIN;
	for (size_t i = 1; i < FORECAST_POINTS_MAX; i++)
		points[i].used = INT64_MAX;
	forecast_line(&forecast, points, FORECAST_POINTS_MAX, INT64_MAX, NOW);
	assert_int_equal(forecast.at_now, -most * 60);
	assert_int_equal(forecast.exhausted_at, INSTANT_NEVER);
}

static void
odd_instants_have_an_answer(void **state)
{
	(void)state;
	straight(7, 100, 10);
	forecast_line(&forecast, points, 7, 150, INT64_MIN);
	assert_false(forecast.is_known);
	forecast_line(&forecast, points, 7, 150, INT64_MAX);
	assert_false(forecast.is_known);
	for (size_t i = 0; i < 7; i++)
		points[i].at = INT64_MAX - 1 - (int64_t)(6 - i) * DAY;
	forecast_line(&forecast, points, 7, 101, INT64_MAX - 1);
	assert_true(forecast.is_known);
	assert_int_equal(forecast.exhausted_at, INSTANT_NEVER);
	for (size_t i = 0; i < 7; i++)
		points[i].at = INT64_MIN + (int64_t)i * DAY;
	forecast_line(&forecast, points, 7, 150, INT64_MIN + 6 * DAY);
	assert_int_equal(forecast.exhausted_at, INT64_MIN + 11 * DAY);
}

/* ---- the same, in floating point about the mean ---- */

static uint32_t dice = 7;

static int64_t
roll(uint32_t sides)
{
	dice = dice * 1664525 + 1013904223;
	return (int64_t)((dice >> 8) % sides);
}

static double
slow_slope(size_t count, double *at_now)
{
	double x = 0, y = 0, xx = 0, xy = 0;

	for (size_t i = 0; i < count; i++) {
		x += (double)(points[i].at - NOW) / (double)count;
		y += (double)points[i].used / (double)count;
	}
	for (size_t i = 0; i < count; i++) {
		double dx = (double)(points[i].at - NOW) - x;

		xx += dx * dx;
		xy += dx * ((double)points[i].used - y);
	}
	*at_now = y - xy / xx * x;
	return xy / xx;
}

static bool
is_near(double a, double b, double within)
{
	return a - b <= within && b - a <= within;
}

static void
it_agrees_with_floating_point(void **state)
{
	int arrivals = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t count = 8 + (size_t)roll(60);
		int64_t total = 500 + roll(1000);
		double at_now, slope, value;

		straight(count, 500, roll(5));
		for (size_t i = 0; i < count; i++)
			points[i].used += roll(40);
		forecast_line(&forecast, points, count, total, NOW);
		slope = slow_slope(count, &at_now);
		assert_true(is_near((double)forecast.at_now, at_now, 0.51));
		assert_true(is_near((double)forecast.per_day_thousandths,
		    slope * DAY * 1000, 0.51));
		if (forecast.exhausted_at == INSTANT_NEVER ||
		    forecast.exhausted_at == NOW)
			continue;
		arrivals++;
		value = at_now + slope * (double)(forecast.exhausted_at - NOW);
		assert_true(is_near(value, (double)total, slope + 0.001));
	}
	assert_true(arrivals > 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_straight_rise_is_found_to_the_second),
		cmocka_unit_test(a_line_that_does_not_rise_never_arrives),
		cmocka_unit_test(a_line_that_is_there_is_there_now),
		cmocka_unit_test(a_year_is_as_far_as_it_looks),
		cmocka_unit_test(it_needs_seven_days),
		cmocka_unit_test(only_the_last_year_counts),
		cmocka_unit_test(the_order_does_not_matter),
		cmocka_unit_test(of_too_many_points_the_last_count),
		cmocka_unit_test(figures_are_rounded_to_nearest),
		cmocka_unit_test(the_largest_figures_do_not_wrap),
		cmocka_unit_test(odd_instants_have_an_answer),
		cmocka_unit_test(it_agrees_with_floating_point),
	};

	return cmocka_run_group_tests_name("rules forecast", tests, NULL, NULL);
}
