/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_recovery.c: how long a restored server waits for its clients,
 * and the clock it goes by.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/recovery.h"

#define NOW (INT64_C(1000) * SECONDS_PER_DAY)

static void
it_waits_while_somebody_is_silent(void **state)
{
	(void)state;
	assert_true(recovery_is_on(NOW, 1, NOW));
	assert_true(recovery_is_on(NOW, INT64_MAX, NOW));
	assert_false(recovery_is_on(NOW, 0, NOW));
	assert_false(recovery_is_on(NOW, INT64_MIN, NOW));
}

static void
it_waits_ten_days_at_most(void **state)
{
	const instant over = NOW + 240 * SECONDS_PER_HOUR;

	(void)state;
	assert_true(recovery_is_on(NOW, 1, over - 1));
	assert_false(recovery_is_on(NOW, 1, over));
	assert_false(recovery_is_on(INT64_MIN, 1, NOW));
	assert_true(recovery_is_on(INT64_MAX, 1, NOW));
	assert_true(recovery_is_on(NOW, 1, INT64_MIN));
}

static void
never_restored_never_waits(void **state)
{
	(void)state;
	assert_false(recovery_is_on(0, 5, 0));
	assert_false(recovery_is_on(0, 5, INT64_MIN));
	assert_true(recovery_is_on(1, 5, 0));
}

static void
time_stands_still_behind_the_mark(void **state)
{
	(void)state;
	assert_int_equal(recovery_clock(NOW, NOW - 1), NOW);
	assert_int_equal(recovery_clock(NOW, NOW), NOW);
	assert_int_equal(recovery_clock(NOW, NOW + 1), NOW + 1);
	assert_int_equal(recovery_clock(INT64_MIN, INT64_MAX), INT64_MAX);
	assert_int_equal(recovery_clock(INT64_MAX, INT64_MIN), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_waits_while_somebody_is_silent),
		cmocka_unit_test(it_waits_ten_days_at_most),
		cmocka_unit_test(never_restored_never_waits),
		cmocka_unit_test(time_stands_still_behind_the_mark),
	};

	return cmocka_run_group_tests_name("rules recovery", tests, NULL, NULL);
}
