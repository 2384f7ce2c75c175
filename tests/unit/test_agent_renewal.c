/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_agent_renewal.c: when a sync begins, whatever the local clock does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/renewal.h"

#define NOW     INT64_C(1800000000)
#define ELAPSED INT64_C(5000000)

static struct renewal renewal;
static struct link_row row;

static int
make(void **state)
{
	(void)state;
	renewal_init(&renewal);
	row = (struct link_row){
		.row_version = 1, .last_attempt = NOW, .next_sync = NOW + 3600
	};
	return 0;
}

static void
without_a_server_nothing_is_due(void **state)
{
	(void)state;
	renewal_look(&renewal, NULL, NOW, ELAPSED);
	assert_false(renewal_is_due(&renewal, INT64_MAX - 1));
}

static void
it_is_due_at_its_time_and_not_before(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	assert_false(renewal_is_due(&renewal, ELAPSED + 3599999));
	assert_true(renewal_is_due(&renewal, ELAPSED + 3600000));
}

static void
a_clock_set_back_does_not_put_it_off(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	renewal_look(&renewal, &row, NOW - 86400, ELAPSED + 1000);
	assert_true(renewal_is_due(&renewal, ELAPSED + 3600000));
}

static void
a_clock_set_back_before_the_start_puts_it_off_no_longer_than_meant(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW - 86400, ELAPSED);
	assert_false(renewal_is_due(&renewal, ELAPSED + 3599999));
	assert_true(renewal_is_due(&renewal, ELAPSED + 3600000));
}

static void
a_clock_set_forward_makes_it_due(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	renewal_look(&renewal, &row, NOW + 3600, ELAPSED + 1000);
	assert_true(renewal_is_due(&renewal, ELAPSED + 1000));
}

static void
an_overdue_one_is_due_at_the_start(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW + 7200, ELAPSED);
	assert_true(renewal_is_due(&renewal, ELAPSED));
}

static void
a_server_saved_anew_is_asked_at_once(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	row.row_version = 2;
	renewal_look(&renewal, &row, NOW, ELAPSED + 1000);
	assert_true(renewal_is_due(&renewal, ELAPSED + 1000));
}

static void
a_wish_is_heard_once_and_not_during_a_sync(void **state)
{
	int64_t generation;

	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	generation = renewal_want(&renewal, false);
	assert_true(renewal_is_due(&renewal, ELAPSED));
	renewal_begin(&renewal, ELAPSED);
	assert_int_equal(renewal.generation, generation);
	assert_false(renewal_is_due(&renewal, ELAPSED + 60000));
	assert_int_equal(renewal_want(&renewal, false), generation + 1);
	renewal_end(&renewal, false, ELAPSED + 2000);
	assert_true(renewal_is_due(&renewal, ELAPSED + 2000));
	renewal_begin(&renewal, ELAPSED + 2000);
	renewal_end(&renewal, false, ELAPSED + 2010);
	renewal_look(&renewal, &row, NOW, ELAPSED + 2010);
	assert_false(renewal_is_due(&renewal, ELAPSED + 9999));
}

static void
two_syncs_are_a_second_apart_and_five_after_a_failure(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	renewal_want(&renewal, false);
	renewal_begin(&renewal, ELAPSED);
	renewal_end(&renewal, false, ELAPSED + 10);
	renewal_want(&renewal, false);
	assert_false(renewal_is_due(&renewal, ELAPSED + 999));
	assert_true(renewal_is_due(&renewal, ELAPSED + 1000));
	renewal_begin(&renewal, ELAPSED + 1000);
	renewal_end(&renewal, true, ELAPSED + 1010);
	renewal_want(&renewal, false);
	assert_false(renewal_is_due(&renewal, ELAPSED + 6009));
	assert_true(renewal_is_due(&renewal, ELAPSED + 6010));
}

static void
what_a_person_wants_does_not_pause(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	assert_int_equal(renewal_ready(&renewal), INT64_MAX);
	renewal_want(&renewal, false);
	renewal_begin(&renewal, ELAPSED);
	renewal_end(&renewal, true, ELAPSED + 10);
	renewal_want(&renewal, false);
	assert_int_equal(renewal_ready(&renewal), ELAPSED + 5010);
	renewal_want(&renewal, true);
	assert_true(renewal_is_due(&renewal, ELAPSED + 11));
	renewal_begin(&renewal, ELAPSED + 11);
	assert_int_equal(renewal_ready(&renewal), INT64_MAX);
	renewal_end(&renewal, true, ELAPSED + 20);
	renewal_want(&renewal, false);
	assert_false(renewal_is_due(&renewal, ELAPSED + 21));
}

static void
after_a_lapse_it_comes_sooner_never_later(void **state)
{
	(void)state;
	renewal_look(&renewal, &row, NOW, ELAPSED);
	renewal_hasten(&renewal, ELAPSED, 60000);
	assert_false(renewal_is_due(&renewal, ELAPSED + 59999));
	assert_true(renewal_is_due(&renewal, ELAPSED + 60000));
	renewal_hasten(&renewal, ELAPSED, 90000);
	assert_true(renewal_is_due(&renewal, ELAPSED + 60000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, make)
		TEST(without_a_server_nothing_is_due),
		TEST(it_is_due_at_its_time_and_not_before),
		TEST(a_clock_set_back_does_not_put_it_off),
		TEST(
		    a_clock_set_back_before_the_start_puts_it_off_no_longer_than_meant),
		TEST(a_clock_set_forward_makes_it_due),
		TEST(an_overdue_one_is_due_at_the_start),
		TEST(a_server_saved_anew_is_asked_at_once),
		TEST(a_wish_is_heard_once_and_not_during_a_sync),
		TEST(two_syncs_are_a_second_apart_and_five_after_a_failure),
		TEST(what_a_person_wants_does_not_pause),
		TEST(after_a_lapse_it_comes_sooner_never_later),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
