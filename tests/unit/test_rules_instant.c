/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_instant.c: sums at both ends of int64.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/instant.h"

static void
sums_stop_at_the_ends(void **state)
{
	(void)state;
	assert_int_equal(instant_add(100, 20), 120);
	assert_int_equal(instant_add(100, -120), -20);
	assert_int_equal(instant_add(INT64_MAX - 5, 5), INT64_MAX);
	assert_int_equal(instant_add(INT64_MAX - 5, 6), INT64_MAX);
	assert_int_equal(instant_add(INT64_MIN + 5, -5), INT64_MIN);
	assert_int_equal(instant_add(INT64_MIN + 5, -6), INT64_MIN);
	assert_int_equal(instant_add(INT64_MIN, INT64_MAX), -1);
	assert_int_equal(instant_add(INT64_MIN, INT64_MIN), INT64_MIN);
}

static void
never_stays_never(void **state)
{
	(void)state;
	assert_int_equal(instant_add(INSTANT_NEVER, -1), INSTANT_NEVER);
	assert_int_equal(instant_add(INSTANT_NEVER, 1), INSTANT_NEVER);
}

static void
the_earlier_and_the_later(void **state)
{
	(void)state;
	assert_int_equal(instant_earlier(1, 2), 1);
	assert_int_equal(instant_earlier(2, 1), 1);
	assert_int_equal(instant_earlier(2, 2), 2);
	assert_int_equal(instant_later(INT64_MIN, INT64_MAX), INT64_MAX);
	assert_int_equal(instant_later(INT64_MAX, INT64_MIN), INT64_MAX);
}

static void
units_never_wrap(void **state)
{
	(void)state;
	assert_int_equal(instant_units(-1), 0);
	assert_int_equal(instant_units(INT64_MIN), 0);
	assert_int_equal(instant_units(0), 0);
	assert_int_equal(instant_units(1), 1);
	assert_int_equal(instant_units_add(1, 2), 3);
	assert_int_equal(instant_units_add(INT64_MAX, 0), INT64_MAX);
	assert_int_equal(instant_units_add(INT64_MAX - 1, 1), INT64_MAX);
	assert_int_equal(instant_units_add(INT64_MAX, INT64_MAX), INT64_MAX);
	assert_int_equal(instant_units_times(0, INT64_MAX), 0);
	assert_int_equal(instant_units_times(INT64_MAX, 0), 0);
	assert_int_equal(instant_units_times(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(instant_units_times(INT64_MAX / 2, 2), INT64_MAX - 1);
	assert_int_equal(instant_units_times(INT64_MAX / 2 + 1, 2), INT64_MAX);
	assert_int_equal(instant_units_less(5, 5), 0);
	assert_int_equal(instant_units_less(6, 5), 1);
	assert_int_equal(instant_units_less(0, INT64_MAX), 0);
}

static void
pieces_cover_the_units(void **state)
{
	(void)state;
	assert_int_equal(instant_units_pieces(0, 25), 0);
	assert_int_equal(instant_units_pieces(1, 25), 1);
	assert_int_equal(instant_units_pieces(25, 25), 1);
	assert_int_equal(instant_units_pieces(26, 25), 2);
	assert_int_equal(instant_units_pieces(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(instant_units_pieces(INT64_MAX, INT64_MAX), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_stop_at_the_ends),
		cmocka_unit_test(never_stays_never),
		cmocka_unit_test(the_earlier_and_the_later),
		cmocka_unit_test(units_never_wrap),
		cmocka_unit_test(pieces_cover_the_units),
	};

	return cmocka_run_group_tests_name("rules instant", tests, NULL, NULL);
}
