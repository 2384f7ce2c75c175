/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_session.c: the millisecond before, at and after a timeout.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/session.h"

static void
own_timeout_goes_before_the_setting(void **state)
{
	(void)state;
	assert_int_equal(session_timeout(0, 0), 0);
	assert_int_equal(session_timeout(0, 60), 60);
	assert_int_equal(session_timeout(1, 60), 1);
	assert_int_equal(session_timeout(90, 0), 90);
	assert_int_equal(session_timeout(-1, 60), 60);
	assert_int_equal(session_timeout(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(session_timeout(0, -1), 0);
}

static void
session_is_over_at_its_timeout(void **state)
{
	(void)state;
	assert_int_equal(session_over_ms(5000, 60), 65000);
	assert_false(session_is_over(5000, 60, 64999));
	assert_true(session_is_over(5000, 60, 65000));
	assert_true(session_is_over(5000, 60, 65001));
	assert_false(session_is_over(0, 1, 999));
	assert_true(session_is_over(0, 1, 1000));
}

/* A renewal that was heard "later" than now, as after a suspend that counted twice, ends nothing. */
static void
session_heard_of_later_goes_on(void **state)
{
	(void)state;
	assert_false(session_is_over(5000, 60, 0));
	assert_false(session_is_over(5000, 60, INT64_MIN));
}

static void
session_without_timeout_is_never_over(void **state)
{
	(void)state;
	assert_int_equal(session_over_ms(0, 0), INT64_MAX);
	assert_int_equal(session_over_ms(0, -1), INT64_MAX);
	assert_false(session_is_over(0, 0, INT64_MAX));
}

static void
sums_beyond_all_time_are_never(void **state)
{
	const int64_t most = INT64_MAX / 1000;

	(void)state;
	assert_int_equal(session_over_ms(0, most), most * 1000);
	assert_int_equal(session_over_ms(0, most + 1), INT64_MAX);
	assert_int_equal(session_over_ms(INT64_MAX - 1000, 1), INT64_MAX);
	assert_int_equal(session_over_ms(INT64_MAX - 1001, 1), INT64_MAX - 1);
	assert_int_equal(session_over_ms(INT64_MAX - 999, 1), INT64_MAX);
	assert_false(session_is_over(INT64_MAX, INT64_MAX, INT64_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_timeout_goes_before_the_setting),
		cmocka_unit_test(session_is_over_at_its_timeout),
		cmocka_unit_test(session_heard_of_later_goes_on),
		cmocka_unit_test(session_without_timeout_is_never_over),
		cmocka_unit_test(sums_beyond_all_time_are_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
