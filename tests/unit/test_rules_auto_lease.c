/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_auto_lease.c: the switch at its bound, a client alone to the
 * second, and the reckoning afterward beside a slow one that looks at every
 * second.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/auto_lease.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define HOUR          SECONDS_PER_HOUR
#define DAY           SECONDS_PER_DAY
#define NOW           (INT64_C(1000) * DAY)

static const struct feature consec = { .name = "CONSEC",
	.kind = FEATURE_USERS,
	.family = "any",
	.auto_lease = true };

/* ---- which features ---- */

static void
only_users_of_no_family_are_eligible(void **state)
{
	struct feature feature = consec;

	(void)state;
	assert_true(auto_lease_is_eligible(&feature));
	feature.kind = FEATURE_RDP;
	assert_true(auto_lease_is_eligible(&feature));
	feature.kind = FEATURE_CORES;
	assert_false(auto_lease_is_eligible(&feature));
	feature.kind = FEATURE_SWITCH;
	assert_false(auto_lease_is_eligible(&feature));
	feature = consec;
	feature.family = "MAG";
	assert_false(auto_lease_is_eligible(&feature));
	feature = consec;
	feature.auto_lease = false;
	assert_false(auto_lease_is_eligible(&feature));
}

/* ---- the switch ---- */

static struct verdict_numbers figures;

static enum verdict
judge(const struct auto_lease_change *changes, size_t count,
    int64_t unallocated, instant now)
{
	return auto_lease_judge(
	    &figures, &consec, changes, count, unallocated, now);
}

static void
the_average_must_be_above_the_bound(void **state)
{
	struct auto_lease_change change = { NOW - DAY, 1000, 880 };

	(void)state;
	/* 120 of 400 is 30 % to the unit: not above. */
	assert_int_equal(judge(&change, 1, 400, NOW), VERDICT_AUTO_LEASE_OFF);
	assert_int_equal(figures.average, 120);
	assert_int_equal(figures.bound, 120);
	assert_int_equal(figures.unallocated, 400);
	assert_int_equal(figures.seconds, DAY);
	assert_int_equal(judge(&change, 1, 399, NOW), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(figures.bound, 119);
	change.held = 879;
	assert_int_equal(judge(&change, 1, 400, NOW), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(figures.average, 121);
}

static void
the_compare_is_exact(void **state)
{
	/* One unit more for one second of the day. */
	struct auto_lease_change changes[] = {
		{ NOW - DAY, 1000, 880 },
		{ NOW - 2, 1000, 879 },
		{ NOW - 1, 1000, 880 },
	};

	(void)state;
	assert_int_equal(judge(changes, 3, 400, NOW), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(figures.average, 120);
	changes[1].held = 881;
	assert_int_equal(judge(changes, 3, 400, NOW), VERDICT_AUTO_LEASE_OFF);
	assert_int_equal(figures.average, 119);
}

static void
without_unallocated_units_any_average_will_do(void **state)
{
	struct auto_lease_change changes[] = {
		{ NOW - DAY, 1000, 1000 },
		{ NOW - 1, 1000, 999 },
	};

	(void)state;
	assert_int_equal(judge(changes, 2, 0, NOW), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(figures.average, 0);
	assert_int_equal(judge(changes, 1, 0, NOW), VERDICT_AUTO_LEASE_OFF);
	assert_int_equal(judge(changes, 2, -7, NOW), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(figures.unallocated, 0);
}

static void
the_average_is_weighted_by_time(void **state)
{
	/* 6 h of 400, 18 h of 200: (6 x 400 + 18 x 200) / 24 = 250. */
	struct auto_lease_change changes[] = {
		{ NOW - 100 * DAY, 1000, 1000 },
		{ NOW - 50 * DAY, 1000, 600 },
		{ NOW - 18 * HOUR, 1000, 800 },
	};

	(void)state;
	judge(changes, 3, 0, NOW);
	assert_int_equal(figures.average, 250);
	assert_int_equal(figures.seconds, DAY);
}

static void
a_change_at_now_is_not_in_the_window(void **state)
{
	struct auto_lease_change changes[] = {
		{ NOW - DAY, 1000, 900 },
		{ NOW, 1000, 0 },
		{ NOW + 5, 1000, 10 },
	};

	(void)state;
	judge(changes, 3, 0, NOW);
	assert_int_equal(figures.average, 100);
	judge(changes, 3, 0, NOW + DAY);
	assert_int_equal(figures.average, 990);
}

static void
over_allocation_counts_against_it(void **state)
{
	/* -100 for a day but one second of 0: -99.99… is rounded down. */
	struct auto_lease_change changes[] = {
		{ NOW - DAY, 900, 1000 },
		{ NOW - 1, 1000, 1000 },
	};

	(void)state;
	assert_int_equal(judge(changes, 2, 0, NOW), VERDICT_AUTO_LEASE_OFF);
	assert_int_equal(figures.average, -100);
}

static void
less_than_a_day_is_collecting(void **state)
{
	struct auto_lease_change change = { NOW - DAY + 1, 1000, 0 };

	(void)state;
	assert_int_equal(
	    judge(&change, 1, 0, NOW), VERDICT_AUTO_LEASE_COLLECTING);
	assert_int_equal(figures.seconds, DAY - 1);
	assert_int_equal(figures.average, 1000);
	assert_int_equal(judge(&change, 1, 0, NOW + 1), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(
	    judge(&change, 1, 0, change.at), VERDICT_AUTO_LEASE_COLLECTING);
	assert_int_equal(figures.seconds, 0);
	assert_int_equal(figures.average, 0);
	assert_int_equal(judge(NULL, 0, 0, NOW), VERDICT_AUTO_LEASE_COLLECTING);
	assert_int_equal(figures.seconds, 0);
}

static void
other_features_are_not_eligible(void **state)
{
	struct auto_lease_change change = { NOW - DAY, 1000, 0 };
	struct feature feature = consec;

	(void)state;
	feature.family = "MAG";
	assert_int_equal(
	    auto_lease_judge(&figures, &feature, &change, 1, 10, NOW),
	    VERDICT_AUTO_LEASE_NOT_ELIGIBLE);
	assert_int_equal(figures.average, 1000);
}

static void
the_ends_of_int64_do_not_wrap(void **state)
{
	struct auto_lease_change changes[] = {
		{ INT64_MIN, INT64_MAX, INT64_MIN },
		{ NOW, INT64_MIN, INT64_MAX },
	};

	(void)state;
	assert_int_equal(
	    judge(changes, 2, INT64_MAX, NOW), VERDICT_AUTO_LEASE_ON);
	assert_int_equal(figures.average, INT64_MAX);
	assert_int_equal(
	    figures.bound, INT64_MAX / 10 * 3 + INT64_MAX % 10 * 3 / 10);
	assert_int_equal(
	    judge(changes, 2, INT64_MAX, NOW + DAY), VERDICT_AUTO_LEASE_OFF);
	assert_int_equal(figures.average, -INT64_MAX);
	assert_int_equal(
	    judge(changes, 2, 0, INT64_MIN), VERDICT_AUTO_LEASE_COLLECTING);
	assert_int_equal(
	    judge(changes, 2, 0, INT64_MIN + 5), VERDICT_AUTO_LEASE_COLLECTING);
	assert_int_equal(figures.seconds, 5);
	assert_int_equal(
	    judge(changes, 2, 0, INSTANT_NEVER), VERDICT_AUTO_LEASE_COLLECTING);
}

/* ---- a client on its own ---- */

static void
it_ends_ten_days_after_the_last_success(void **state)
{
	struct auto_lease_contact contact = { true, NOW, 0, 5 };

	(void)state;
	assert_int_equal(auto_lease_ends(&contact), NOW + 240 * HOUR);
	contact.was_on = false;
	assert_int_equal(auto_lease_ends(&contact), INT64_MIN);
}

static void
it_ends_with_the_reserved_part(void **state)
{
	struct auto_lease_contact contact = { true, NOW, 1, NOW + HOUR };

	(void)state;
	assert_int_equal(auto_lease_ends(&contact), NOW + HOUR);
	contact.reserved_expires = NOW + 240 * HOUR + 1;
	assert_int_equal(auto_lease_ends(&contact), NOW + 240 * HOUR);
	contact.reserved = -1;
	contact.reserved_expires = NOW;
	assert_int_equal(auto_lease_ends(&contact), NOW + 240 * HOUR);
}

static int64_t
take(int64_t leased, int64_t auto_leased, int64_t users, instant now)
{
	struct auto_lease_contact contact = { true, NOW, 0, 0 };
	struct allocation allocation = { 50, 25, 110 };

	return auto_lease_take(
	    &contact, &allocation, leased, auto_leased, users, now);
}

static void
whole_increments_are_taken_up_to_the_maximum(void **state)
{
	(void)state;
	assert_int_equal(take(50, 0, 50, NOW), 0);
	assert_int_equal(take(50, 0, 51, NOW), 25);
	assert_int_equal(take(50, 0, 75, NOW), 25);
	assert_int_equal(take(50, 0, 76, NOW), 50);
	assert_int_equal(take(50, 25, 76, NOW), 25);
	/* What it took before serves its users, too. */
	assert_int_equal(take(50, 25, 75, NOW), 0);
	assert_int_equal(take(50, 25, 60, NOW), 0);
	/* 110 cannot be reached in steps of 25 from 50. */
	assert_int_equal(take(50, 0, 1000, NOW), 50);
	assert_int_equal(take(50, 50, 1000, NOW), 0);
	assert_int_equal(take(500, 0, 1000, NOW), 0);
}

static void
nothing_is_taken_after_the_end(void **state)
{
	(void)state;
	assert_int_equal(take(50, 0, 51, NOW + 240 * HOUR - 1), 25);
	assert_int_equal(take(50, 0, 51, NOW + 240 * HOUR), 0);
}

static void
odd_counts_take_nothing_or_fit(void **state)
{
	struct auto_lease_contact contact = { true, INSTANT_NEVER, 0, 0 };
	struct allocation allocation = { 0, INT64_MAX, INT64_MAX };

	(void)state;
	assert_int_equal(auto_lease_take(&contact, &allocation, INT64_MIN,
			     INT64_MIN, INT64_MAX, INT64_MIN),
	    INT64_MAX);
	assert_int_equal(auto_lease_take(&contact, &allocation, INT64_MAX,
			     INT64_MAX, INT64_MAX, INT64_MIN),
	    0);
	allocation.increment = 1;
	assert_int_equal(
	    auto_lease_take(&contact, &allocation, 7, 0, INT64_MAX, NOW),
	    INT64_MAX - 7);
	allocation.increment = 0;
	assert_int_equal(
	    auto_lease_take(&contact, &allocation, 0, 0, 10, NOW), 0);
	allocation.increment = INT64_MIN;
	assert_int_equal(
	    auto_lease_take(&contact, &allocation, 0, 0, 10, NOW), 0);
	allocation = (struct allocation){ 0, 5, INT64_MIN };
	assert_int_equal(
	    auto_lease_take(&contact, &allocation, 0, 0, 10, NOW), 0);
}

/* ---- back in contact ---- */

static instant failed_at;

static enum verdict
reconcile(const struct auto_lease_change *changes, size_t change_count,
    const struct auto_lease_interval *others, size_t other_count,
    struct auto_lease_interval judged)
{
	return auto_lease_reconcile(&failed_at, &figures, changes, change_count,
	    others, other_count, &judged);
}

static void
units_that_were_free_are_reconciled(void **state)
{
	struct auto_lease_change change = { 0, 1000, 975 };
	struct auto_lease_interval judged = { 25, 10, 20 };

	(void)state;
	assert_int_equal(reconcile(&change, 1, NULL, 0, judged), VERDICT_OK);
	assert_int_equal(failed_at, INSTANT_NEVER);
	change.held = 976;
	assert_int_equal(
	    reconcile(&change, 1, NULL, 0, judged), VERDICT_AUTO_LEASE_EXCESS);
	assert_int_equal(failed_at, 10);
	assert_int_equal(figures.leased, 25);
	assert_int_equal(figures.reserved, 976);
	assert_int_equal(figures.total, 1000);
	assert_int_equal(figures.missing, 1);
}

static void
a_fall_within_the_interval_is_found(void **state)
{
	struct auto_lease_change changes[] = {
		{ 0, 1000, 900 },
		{ 15, 1000, 980 },
		{ 16, 1000, 900 },
	};

	(void)state;
	assert_int_equal(reconcile(changes, 3, NULL, 0,
			     (struct auto_lease_interval){ 25, 10, 20 }),
	    VERDICT_AUTO_LEASE_EXCESS);
	assert_int_equal(failed_at, 15);
	/* Half-open on both sides. */
	assert_int_equal(reconcile(changes, 3, NULL, 0,
			     (struct auto_lease_interval){ 25, 10, 15 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(changes, 3, NULL, 0,
			     (struct auto_lease_interval){ 25, 16, 20 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(changes, 3, NULL, 0,
			     (struct auto_lease_interval){ 25, 15, 16 }),
	    VERDICT_AUTO_LEASE_EXCESS);
}

static void
others_count_where_they_overlap(void **state)
{
	struct auto_lease_change change = { 0, 1000, 950 };
	struct auto_lease_interval others[] = {
		{ 26, 20, 30 },   /* after it */
		{ 26, 0, 10 },    /* before it */
		{ 25, 14, 18 },   /* within: 50 fit */
		{ 1, 17, 100 },   /* 51 from 17 on */
		{ 1, 16, 17 },    /* and from 16 on */
		{ -500, 10, 20 }, /* none */
	};

	(void)state;
	assert_int_equal(reconcile(&change, 1, others, 3,
			     (struct auto_lease_interval){ 25, 10, 20 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(&change, 1, others, LENGTH(others),
			     (struct auto_lease_interval){ 25, 10, 20 }),
	    VERDICT_AUTO_LEASE_EXCESS);
	assert_int_equal(failed_at, 16);
	assert_int_equal(figures.leased, 51);
	assert_int_equal(figures.missing, 1);
}

static void
before_the_first_change_nothing_is_known(void **state)
{
	struct auto_lease_change change = { 15, 10, 0 };

	(void)state;
	assert_int_equal(reconcile(NULL, 0, NULL, 0,
			     (struct auto_lease_interval){ 25, 10, 20 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(&change, 1, NULL, 0,
			     (struct auto_lease_interval){ 25, 10, 15 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(&change, 1, NULL, 0,
			     (struct auto_lease_interval){ 25, 10, 16 }),
	    VERDICT_AUTO_LEASE_EXCESS);
	assert_int_equal(failed_at, 15);
}

static void
nothing_taken_never_fails(void **state)
{
	struct auto_lease_change change = { 0, 10, 500 };

	(void)state;
	assert_int_equal(reconcile(&change, 1, NULL, 0,
			     (struct auto_lease_interval){ 0, 10, 20 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(&change, 1, NULL, 0,
			     (struct auto_lease_interval){ INT64_MIN, 10, 20 }),
	    VERDICT_OK);
	assert_int_equal(reconcile(&change, 1, NULL, 0,
			     (struct auto_lease_interval){ 5, 10, 10 }),
	    VERDICT_OK);
	assert_int_equal(
	    reconcile(&change, 1, NULL, 0,
		(struct auto_lease_interval){ 5, INT64_MAX, INT64_MIN }),
	    VERDICT_OK);
}

static void
huge_reports_do_not_wrap(void **state)
{
	struct auto_lease_change change = { INT64_MIN, INT64_MAX, 1 };
	struct auto_lease_interval other = { INT64_MAX, INT64_MIN, INT64_MAX };
	struct auto_lease_interval judged = { INT64_MAX, INT64_MIN, INT64_MAX };

	(void)state;
	assert_int_equal(reconcile(&change, 1, &other, 1, judged),
	    VERDICT_AUTO_LEASE_EXCESS);
	assert_int_equal(failed_at, INT64_MIN);
	assert_int_equal(figures.leased, INT64_MAX);
	assert_int_equal(figures.missing, INT64_MAX);
	assert_int_equal(
	    reconcile(&change, 1, NULL, 0, judged), VERDICT_AUTO_LEASE_EXCESS);
	assert_int_equal(figures.missing, 1);
	judged.units--;
	assert_int_equal(reconcile(&change, 1, NULL, 0, judged), VERDICT_OK);
}

/* ---- the same, beside a slow reckoning second by second ---- */

#define SECONDS 24

static uint32_t dice = 1;

static int64_t
roll(uint32_t sides)
{
	dice = dice * 1664525 + 1013904223;
	return (int64_t)((dice >> 8) % sides);
}

static int64_t
taken_at(const struct auto_lease_interval *intervals, size_t count, instant at)
{
	int64_t units = 0;

	for (size_t i = 0; i < count; i++)
		if (at >= intervals[i].from && at < intervals[i].to)
			units += intervals[i].units;
	return units;
}

/* -1 = never */
static instant
slow_excess(const struct auto_lease_change *changes, size_t change_count,
    const struct auto_lease_interval *intervals, size_t count)
{
	for (instant at = intervals[0].from; at < intervals[0].to; at++) {
		const struct auto_lease_change *change = NULL;

		for (size_t i = 0; i < change_count; i++)
			if (changes[i].at <= at)
				change = &changes[i];
		if (change != NULL &&
		    change->held + taken_at(intervals, count, at) >
			change->total)
			return at;
	}
	return -1;
}

static void
it_agrees_with_a_look_at_every_second(void **state)
{
	int failures = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct auto_lease_change changes[5];
		struct auto_lease_interval intervals[5];
		size_t change_count = (size_t)roll(6);
		size_t count = 1 + (size_t)roll(5);
		instant at = roll(6);
		instant slow;

		for (size_t i = 0; i < change_count; i++) {
			changes[i] = (struct auto_lease_change){ at, 10,
				roll(10) };
			at += 1 + roll(6);
		}
		for (size_t i = 0; i < count; i++) {
			intervals[i].units = 1 + roll(4);
			intervals[i].from = roll(SECONDS);
			intervals[i].to = intervals[i].from + 1 + roll(8);
		}
		slow = slow_excess(changes, change_count, intervals, count);
		assert_int_equal(reconcile(changes, change_count, intervals + 1,
				     count - 1, intervals[0]),
		    slow < 0 ? VERDICT_OK : VERDICT_AUTO_LEASE_EXCESS);
		if (slow < 0)
			continue;
		failures++;
		assert_int_equal(failed_at, slow);
		assert_int_equal(
		    figures.leased, taken_at(intervals, count, slow));
	}
	/* Both answers came often. */
	assert_in_range(failures, 5000, 15000);
}

/* ---- penalties ---- */

static void
a_penalty_lasts_five_days(void **state)
{
	(void)state;
	assert_int_equal(auto_lease_penalty_until(NOW), NOW + 5 * DAY);
	assert_int_equal(auto_lease_penalty_until(INT64_MAX), INT64_MAX);
	assert_int_equal(
	    auto_lease_penalty_until(INT64_MIN), INT64_MIN + 5 * DAY);
}

static bool
ends_penalty(const struct license *license)
{
	return auto_lease_ends_penalty(license, &consec, false, 31 * DAY, NOW);
}

static void
a_new_subscription_for_users_ends_it(void **state)
{
	struct license license = { .is_subscription = true,
		.start = NOW,
		.end = NOW + DAY,
		.waits_until = INT64_MIN,
		.renewed_at = INSTANT_NEVER };
	struct feature feature = consec;

	(void)state;
	assert_true(ends_penalty(&license));
	assert_false(
	    auto_lease_ends_penalty(&license, &consec, true, 31 * DAY, NOW));
	assert_false(
	    auto_lease_ends_penalty(&license, NULL, false, 31 * DAY, NOW));
	feature.kind = FEATURE_RDP;
	assert_true(
	    auto_lease_ends_penalty(&license, &feature, false, 31 * DAY, NOW));
	feature.kind = FEATURE_CORES;
	assert_false(
	    auto_lease_ends_penalty(&license, &feature, false, 31 * DAY, NOW));
	license.is_renewal = true;
	assert_false(ends_penalty(&license));
	license.is_renewal = false;
	license.is_subscription = false;
	assert_false(ends_penalty(&license));
}

static void
only_one_that_is_active_ends_it(void **state)
{
	struct license license = { .is_subscription = true,
		.start = NOW + 1,
		.end = NOW + DAY,
		.waits_until = INT64_MIN,
		.renewed_at = INSTANT_NEVER };

	(void)state;
	assert_false(ends_penalty(&license));
	license.start = NOW - DAY;
	license.end = NOW + 1;
	assert_true(ends_penalty(&license));
	license.end = NOW; /* in grace */
	assert_false(ends_penalty(&license));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_users_of_no_family_are_eligible),
		cmocka_unit_test(the_average_must_be_above_the_bound),
		cmocka_unit_test(the_compare_is_exact),
		cmocka_unit_test(without_unallocated_units_any_average_will_do),
		cmocka_unit_test(the_average_is_weighted_by_time),
		cmocka_unit_test(a_change_at_now_is_not_in_the_window),
		cmocka_unit_test(over_allocation_counts_against_it),
		cmocka_unit_test(less_than_a_day_is_collecting),
		cmocka_unit_test(other_features_are_not_eligible),
		cmocka_unit_test(the_ends_of_int64_do_not_wrap),
		cmocka_unit_test(it_ends_ten_days_after_the_last_success),
		cmocka_unit_test(it_ends_with_the_reserved_part),
		cmocka_unit_test(whole_increments_are_taken_up_to_the_maximum),
		cmocka_unit_test(nothing_is_taken_after_the_end),
		cmocka_unit_test(odd_counts_take_nothing_or_fit),
		cmocka_unit_test(units_that_were_free_are_reconciled),
		cmocka_unit_test(a_fall_within_the_interval_is_found),
		cmocka_unit_test(others_count_where_they_overlap),
		cmocka_unit_test(before_the_first_change_nothing_is_known),
		cmocka_unit_test(nothing_taken_never_fails),
		cmocka_unit_test(huge_reports_do_not_wrap),
		cmocka_unit_test(it_agrees_with_a_look_at_every_second),
		cmocka_unit_test(a_penalty_lasts_five_days),
		cmocka_unit_test(a_new_subscription_for_users_ends_it),
		cmocka_unit_test(only_one_that_is_active_ends_it),
	};

	return cmocka_run_group_tests_name(
	    "rules auto_lease", tests, NULL, NULL);
}
