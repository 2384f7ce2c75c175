/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_heartbeat.c: the countdown of a virtual license server, second
 * by second where it changes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/heartbeat.h"

#define DAY  SECONDS_PER_DAY
#define HOUR SECONDS_PER_HOUR
#define LAST (INT64_C(1000) * DAY)

static void
it_stops_after_24_days(void **state)
{
	(void)state;
	assert_false(heartbeat_is_stopped(LAST, LAST));
	assert_false(heartbeat_is_stopped(LAST, LAST + 24 * DAY - 1));
	assert_true(heartbeat_is_stopped(LAST, LAST + 24 * DAY));
	assert_true(heartbeat_is_stopped(INT64_MIN, LAST));
	assert_true(heartbeat_is_stopped(LAST, INT64_MAX));
	assert_false(heartbeat_is_stopped(LAST, INT64_MIN));
	assert_false(heartbeat_is_stopped(INT64_MAX, INT64_MAX - 1));
}

static void
a_slot_is_missed_after_8_hours(void **state)
{
	(void)state;
	assert_false(heartbeat_is_missed(LAST, LAST + 8 * HOUR - 1));
	assert_false(heartbeat_is_missed(LAST, LAST + 8 * HOUR));
	assert_true(heartbeat_is_missed(LAST, LAST + 8 * HOUR + 1));
	assert_false(heartbeat_is_missed(LAST, INT64_MIN));
	assert_false(heartbeat_is_missed(INT64_MAX, INT64_MAX));
	assert_true(heartbeat_is_missed(INT64_MIN, INT64_MAX));
}

static void
the_days_count_down_to_the_stop(void **state)
{
	(void)state;
	assert_int_equal(heartbeat_days_left(LAST, LAST), 24);
	assert_int_equal(heartbeat_days_left(LAST, LAST + DAY - 1), 24);
	assert_int_equal(heartbeat_days_left(LAST, LAST + DAY), 23);
	assert_int_equal(heartbeat_days_left(LAST, LAST + 23 * DAY), 1);
	assert_int_equal(heartbeat_days_left(LAST, LAST + 24 * DAY - 1), 1);
	assert_int_equal(heartbeat_days_left(LAST, LAST + 24 * DAY), 0);
	assert_int_equal(heartbeat_days_left(LAST, LAST + 24 * DAY + 1), 0);
	for (instant at = LAST - DAY; at < LAST + 26 * DAY; at += 601)
		assert_int_equal(heartbeat_days_left(LAST, at) == 0,
		    heartbeat_is_stopped(LAST, at));
}

static void
a_clock_that_is_behind_gives_no_day_more(void **state)
{
	(void)state;
	assert_int_equal(heartbeat_days_left(LAST, LAST - DAY), 24);
	assert_int_equal(heartbeat_days_left(LAST, INT64_MIN), 24);
	assert_int_equal(heartbeat_days_left(INT64_MIN, INT64_MIN), 24);
	assert_int_equal(heartbeat_days_left(INT64_MIN, INT64_MAX), 0);
	assert_int_equal(heartbeat_days_left(INT64_MAX, INT64_MAX), 0);
	assert_int_equal(heartbeat_days_left(INT64_MAX, INT64_MAX - 1), 24);
}

static void
standing_still_gains_nothing(void **state)
{
	(void)state;
	assert_int_equal(heartbeat_silent_since(1000, 0, 1000), 1000);
	assert_int_equal(heartbeat_silent_since(1000, 500, 1500), 1000);
	/* It ran for longer than its clock says, or its clock leapt ahead. */
	assert_int_equal(heartbeat_silent_since(1000, 501, 1500), 999);
	assert_int_equal(heartbeat_silent_since(1000, 499, 1500), 1000);
	assert_int_equal(
	    heartbeat_silent_since(1000, 0, INT64_MAX), 1000);
	assert_true(heartbeat_is_stopped(
	    heartbeat_silent_since(0, HEARTBEAT_LIMIT_SECONDS, 0), 0));
	assert_false(heartbeat_is_stopped(
	    heartbeat_silent_since(0, HEARTBEAT_LIMIT_SECONDS - 1, 0), 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_stops_after_24_days),
		cmocka_unit_test(a_slot_is_missed_after_8_hours),
		cmocka_unit_test(the_days_count_down_to_the_stop),
		cmocka_unit_test(a_clock_that_is_behind_gives_no_day_more),
		cmocka_unit_test(standing_still_gains_nothing),
	};

	return cmocka_run_group_tests_name(
	    "rules heartbeat", tests, NULL, NULL);
}
