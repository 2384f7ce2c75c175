/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_instance.c: heartbeats of one virtual license server, and of two
 * that share its name.
 */
#include "engine/rules/instance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
a_new_boot_starts(void **state)
{
	const struct instance_boot unknown = { .is_known = false };

	(void)state;
	assert_int_equal(instance_judge(&unknown, 1, 100), INSTANCE_STARTS);
	assert_int_equal(
	    instance_judge(&unknown, INT64_MAX, INT64_MAX), INSTANCE_STARTS);
}

static void
numbers_go_on(void **state)
{
	const struct instance_boot boot = { true, 7, 100, 0 };

	(void)state;
	assert_int_equal(instance_judge(&boot, 8, 200), INSTANCE_GOES_ON);
	/* A number left out was lost on the way; a clock may go back. */
	assert_int_equal(instance_judge(&boot, 9, 50), INSTANCE_GOES_ON);
	assert_int_equal(
	    instance_judge(&boot, INT64_MAX, 200), INSTANCE_GOES_ON);
}

static void
a_number_used_again_forks(void **state)
{
	const struct instance_boot boot = { true, 7, 100, 0 };

	(void)state;
	assert_int_equal(instance_judge(&boot, 7, 101), INSTANCE_FORKS);
	assert_int_equal(instance_judge(&boot, 1, 101), INSTANCE_FORKS);
	/* The same one, or one before it, that came late. */
	assert_int_equal(instance_judge(&boot, 7, 100), INSTANCE_LATE);
	assert_int_equal(instance_judge(&boot, 6, 99), INSTANCE_LATE);
}

static void
whoever_was_followed_is_not_heard_again(void **state)
{
	const struct instance_boot boot = { true, 7, 100, 500 };

	(void)state;
	assert_int_equal(instance_judge(&boot, 8, 501), INSTANCE_FORKS);
	assert_int_equal(instance_judge(&boot, 8, 500), INSTANCE_LATE);
	assert_int_equal(instance_judge(&boot, 8, 499), INSTANCE_LATE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_boot_starts),
		cmocka_unit_test(numbers_go_on),
		cmocka_unit_test(a_number_used_again_forks),
		cmocka_unit_test(whoever_was_followed_is_not_heard_again),
	};

	return cmocka_run_group_tests_name("instance", tests, NULL, NULL);
}
