/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_trial.c: the instant before, at and after the end of a trial, and
 * whose word counts then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/trial.h"

/* 90 seconds, begun 5 s after the boot at 1,000,000. */
static const struct trial trial = { 90, 5000, 1000000 };

static void
a_trial_is_over_at_its_last_millisecond(void **state)
{
	(void)state;
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 5000, 0), 90);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 5001, 0), 90);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 6000, 0), 89);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 94999, 0), 1);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 95000, 0), 0);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 95001, 0), 0);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, INT64_MAX, 0), 0);
}

static void
no_setting_of_the_wall_clock_matters(void **state)
{
	(void)state;
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_SAME, 6000, INT64_MAX), 89);
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_SAME, 6000, INT64_MIN), 89);
}

static void
elapsed_time_that_went_back_ends_it(void **state)
{
	const struct trial early = { 90, INT64_MIN, 0 };

	(void)state;
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_SAME, 4999, 0), 0);
	assert_int_equal(trial_left(&early, TRIAL_BOOT_SAME, INT64_MAX, 0), 0);
}

static void
a_reboot_ends_it_at_once(void **state)
{
	(void)state;
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_OTHER, 5000, 1000000), 0);
}

static void
without_boot_identities_the_wall_clock_decides(void **state)
{
	(void)state;
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_NAMELESS, 0, 1000000), 90);
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_NAMELESS, 0, 1000089), 1);
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_NAMELESS, 0, 1000090), 0);
	assert_int_equal(
	    trial_left(&trial, TRIAL_BOOT_NAMELESS, 0, 1000091), 0);
	assert_int_equal(trial_left(&trial, TRIAL_BOOT_NAMELESS, 0, 999999), 0);
}

/* ---- whose word counts ---- */

static struct trial_pair
same_server(void)
{
	return (struct trial_pair){ .before = { true, 1, 7 },
		.now = { true, 1, 8 },
		.is_same_place = false,
		.is_same_key = true,
		.is_same_client = true };
}

static void
the_newer_word_of_one_server_counts(void **state)
{
	struct trial_pair pair = same_server();

	(void)state;
	assert_true(trial_keeps_word(&pair));
	pair.now.number = 7;
	assert_true(trial_keeps_word(&pair));
	pair.now.number = 6;
	assert_false(trial_keeps_word(&pair));
	/* A new epoch begins its numbers anew. */
	pair.now = (struct trial_word){ true, 2, 1 };
	assert_true(trial_keeps_word(&pair));
	pair.before = (struct trial_word){ true, 3, 1 };
	assert_false(trial_keeps_word(&pair));
}

static void
the_word_of_another_server_or_client_does_not(void **state)
{
	struct trial_pair pair = same_server();

	(void)state;
	pair.is_same_key = false;
	assert_false(trial_keeps_word(&pair));
	/* Not even at the same address: another machine answers there. */
	pair.is_same_place = true;
	assert_false(trial_keeps_word(&pair));
	pair = same_server();
	pair.is_same_client = false;
	assert_false(trial_keeps_word(&pair));
}

static void
without_a_word_there_is_nothing_to_keep(void **state)
{
	struct trial_pair pair = same_server();

	(void)state;
	pair.now = (struct trial_word){ false, 0, 0 };
	assert_false(trial_keeps_word(&pair));
	pair = same_server();
	pair.before = (struct trial_word){ false, 0, 0 };
	assert_false(trial_keeps_word(&pair));
	/* Where nothing else was entered the first word is of that place. */
	pair.is_same_place = true;
	assert_true(trial_keeps_word(&pair));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trial_is_over_at_its_last_millisecond),
		cmocka_unit_test(no_setting_of_the_wall_clock_matters),
		cmocka_unit_test(elapsed_time_that_went_back_ends_it),
		cmocka_unit_test(a_reboot_ends_it_at_once),
		cmocka_unit_test(
		    without_boot_identities_the_wall_clock_decides),
		cmocka_unit_test(the_newer_word_of_one_server_counts),
		cmocka_unit_test(the_word_of_another_server_or_client_does_not),
		cmocka_unit_test(without_a_word_there_is_nothing_to_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
