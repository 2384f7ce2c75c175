/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_invariant.c: each invariant at its bound, and one unit beyond;
 * what was wrong before, what got worse, and what only time or a loss did.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/invariant.h"

/* 100 units, 60 of subscriptions; 80 leased, 50 from those; 90 held. */
static const struct invariant_figures sound = {
	.total = 100,
	.leased = 80,
	.held = 90,
	.subscription = 60,
	.subscription_drawn = 50,
	.permanent_drawn = 30,
};

static void
what_adds_up_breaks_nothing(void **state)
{
	struct invariant_figures none = { 0 };
	struct invariant_figures full = { 100, 100, 100, 60, 60, 40 };

	(void)state;
	assert_int_equal(invariant_check(&none, &sound), INVARIANT_NONE);
	assert_int_equal(invariant_check(&sound, &sound), INVARIANT_NONE);
	assert_int_equal(invariant_check(&sound, &full), INVARIANT_NONE);
	assert_int_equal(invariant_check(&full, &none), INVARIANT_NONE);
}

static void
no_sum_falls_below_zero(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct invariant_figures before = sound;
		struct invariant_figures after = sound;
		int64_t *sums[2][6] = {
			{ &before.total, &before.leased, &before.held,
			    &before.subscription, &before.subscription_drawn,
			    &before.permanent_drawn },
			{ &after.total, &after.leased, &after.held,
			    &after.subscription, &after.subscription_drawn,
			    &after.permanent_drawn },
		};

		*sums[1][i] = -1;
		assert_int_equal(
		    invariant_check(&before, &after), INVARIANT_NEGATIVE);
		*sums[1][i] = INT64_MIN;
		assert_int_equal(
		    invariant_check(&before, &after), INVARIANT_NEGATIVE);
		/* It was before, and is no worse. */
		*sums[0][i] = INT64_MIN;
		assert_int_equal(
		    invariant_check(&before, &after), INVARIANT_NONE);
	}
}

static void
no_more_is_leased_than_there_is(void **state)
{
	struct invariant_figures after = { 100, 101, 101, 60, 60, 41 };
	struct invariant_figures before = after;

	(void)state;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_LEASED_OVER_TOTAL);
	assert_int_equal(invariant_check(&before, &after), INVARIANT_NONE);
	before.leased--;
	assert_int_equal(
	    invariant_check(&before, &after), INVARIANT_LEASED_OVER_TOTAL);
}

static void
no_more_is_held_than_there_is(void **state)
{
	struct invariant_figures after = sound;
	struct invariant_figures before = sound;

	(void)state;
	after.held = 100;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NONE);
	after.held = 101;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_HELD_OVER_TOTAL);
	before.held = 101;
	assert_int_equal(invariant_check(&before, &after), INVARIANT_NONE);
	before.held = 100;
	assert_int_equal(
	    invariant_check(&before, &after), INVARIANT_HELD_OVER_TOTAL);
}

static void
a_lost_license_breaks_nothing(void **state)
{
	struct invariant_figures after = sound;
	struct invariant_figures more;

	(void)state;
	after.total = 40;
	after.subscription = 0;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NONE);
	/* What is leased may be drawn otherwise while it lapses … */
	more = after;
	more.subscription_drawn = 0;
	more.permanent_drawn = 80;
	assert_int_equal(invariant_check(&after, &more), INVARIANT_NONE);
	/* … but nothing may be added. */
	more.permanent_drawn = 81;
	more.leased = 81;
	assert_int_equal(
	    invariant_check(&after, &more), INVARIANT_LEASED_OVER_TOTAL);
}

static void
what_is_leased_is_held(void **state)
{
	struct invariant_figures after = sound;
	struct invariant_figures before = sound;

	(void)state;
	after.held = 80;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NONE);
	after.held = 79;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_LEASED_OVER_HELD);
	before.held = 79;
	assert_int_equal(invariant_check(&before, &after), INVARIANT_NONE);
}

static void
sources_add_up_to_the_leased_units(void **state)
{
	struct invariant_figures after = sound;
	struct invariant_figures before = sound;

	(void)state;
	after.permanent_drawn = 31;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_SOURCES_DIFFER);
	before.permanent_drawn = 29; /* as far off, the other way */
	assert_int_equal(invariant_check(&before, &after), INVARIANT_NONE);
	after.permanent_drawn = 28;
	assert_int_equal(
	    invariant_check(&before, &after), INVARIANT_SOURCES_DIFFER);
}

static void
no_source_gives_more_than_it_has(void **state)
{
	struct invariant_figures after = sound;
	struct invariant_figures before;

	(void)state;
	after.subscription_drawn = 60;
	after.permanent_drawn = 20;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NONE);
	after.subscription_drawn = 61;
	after.permanent_drawn = 19;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_SOURCE_OVER_TOTAL);
	before = after;
	assert_int_equal(invariant_check(&before, &after), INVARIANT_NONE);
	after.subscription_drawn = 40;
	after.permanent_drawn = 40;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NONE);
	after.subscription_drawn = 39;
	after.permanent_drawn = 41;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_SOURCE_OVER_TOTAL);
}

static void
a_full_pool_has_its_sources_checked(void **state)
{
	struct invariant_figures after = { 100, 100, 100, 60, 60, 40 };

	(void)state;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NONE);
	after.subscription_drawn = 61;
	after.permanent_drawn = 39;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_SOURCE_OVER_TOTAL);
}

static void
the_first_broken_is_named(void **state)
{
	struct invariant_figures after = { 100, 150, 140, 60, 0, -1 };

	(void)state;
	assert_int_equal(invariant_check(&sound, &after), INVARIANT_NEGATIVE);
	after.permanent_drawn = 0;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_LEASED_OVER_TOTAL);
	after.total = 149;
	after.leased = 149;
	after.held = 150;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_HELD_OVER_TOTAL);
	after.held = 148;
	assert_int_equal(
	    invariant_check(&sound, &after), INVARIANT_LEASED_OVER_HELD);
}

static void
the_ends_of_int64_do_not_wrap(void **state)
{
	struct invariant_figures lowest = { INT64_MIN, INT64_MIN, INT64_MIN,
		INT64_MIN, INT64_MIN, INT64_MIN };
	struct invariant_figures highest = { INT64_MAX, INT64_MAX, INT64_MAX,
		INT64_MAX, INT64_MAX, 0 };
	struct invariant_figures gap = highest;

	(void)state;
	assert_int_equal(invariant_check(&lowest, &highest), INVARIANT_NONE);
	assert_int_equal(
	    invariant_check(&highest, &lowest), INVARIANT_NEGATIVE);
	gap.permanent_drawn = INT64_MAX;
	assert_int_equal(
	    invariant_check(&highest, &gap), INVARIANT_SOURCES_DIFFER);
}

static void
each_has_its_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < INVARIANT__COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    invariant_sentence((enum invariant)i),
			    invariant_sentence((enum invariant)j));
	assert_string_equal(
	    invariant_sentence(INVARIANT_NONE), "Everything adds up.");
	assert_string_equal(
	    invariant_sentence(INVARIANT__COUNT), "Everything adds up.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_adds_up_breaks_nothing),
		cmocka_unit_test(no_sum_falls_below_zero),
		cmocka_unit_test(no_more_is_leased_than_there_is),
		cmocka_unit_test(no_more_is_held_than_there_is),
		cmocka_unit_test(a_lost_license_breaks_nothing),
		cmocka_unit_test(what_is_leased_is_held),
		cmocka_unit_test(sources_add_up_to_the_leased_units),
		cmocka_unit_test(no_source_gives_more_than_it_has),
		cmocka_unit_test(a_full_pool_has_its_sources_checked),
		cmocka_unit_test(the_first_broken_is_named),
		cmocka_unit_test(the_ends_of_int64_do_not_wrap),
		cmocka_unit_test(each_has_its_sentence),
	};

	return cmocka_run_group_tests_name(
	    "rules invariant", tests, NULL, NULL);
}
