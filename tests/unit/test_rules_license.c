/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_license.c: states of a license at the instants where they
 * change, and renewals that find their parents.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/license.h"
#include <stdbool.h>

#define DAY   SECONDS_PER_DAY
#define GRACE (31 * DAY)

/* Day 100 to day 465: a year's subscription. */
static struct license
subscription(int64_t id, int64_t start_day, int64_t end_day)
{
	return (struct license){ .id = id,
		.prefix = "CONSEC",
		.units = 100,
		.is_subscription = true,
		.start = start_day * DAY,
		.end = end_day * DAY };
}

static struct license
renewal(int64_t id, int64_t start_day, int64_t end_day)
{
	struct license license = subscription(id, start_day, end_day);

	license.is_renewal = true;
	return license;
}

static enum license_state
state_on(const struct license *license, int64_t day)
{
	return license_state_at(license, GRACE, day * DAY);
}

static void
a_permanent_license_never_ends(void **state)
{
	struct license license = { .id = 1,
		.prefix = "ACCESS",
		.units = 10,
		.start = INT64_MIN,
		.end = INSTANT_NEVER };

	(void)state;
	license_pair(&license, 1);
	assert_int_equal(license.waits_until, INT64_MIN);
	assert_int_equal(license.renewed_at, INSTANT_NEVER);
	assert_int_equal(
	    license_state_at(&license, GRACE, INT64_MIN), LICENSE_ACTIVE);
	assert_int_equal(
	    license_state_at(&license, GRACE, INT64_MAX - 1), LICENSE_ACTIVE);
	assert_int_equal(
	    license_next_change(&license, 1, GRACE, 0), INSTANT_NEVER);
}

static void
a_permanent_license_with_an_end_has_no_grace(void **state)
{
	struct license license = subscription(1, 100, 465);

	(void)state;
	license.is_subscription = false;
	license_pair(&license, 1);
	assert_int_equal(state_on(&license, 464), LICENSE_ACTIVE);
	assert_int_equal(state_on(&license, 465), LICENSE_EXPIRED);
}

static void
negative_numbers_are_none(void **state)
{
	struct license license = subscription(1, 100, 465);

	(void)state;
	license_pair(&license, 1);
	assert_int_equal(
	    license_state_at(&license, -5, 465 * DAY), LICENSE_EXPIRED);
	license.units = -5;
	assert_int_equal(license_units_at(&license, GRACE, 200 * DAY), 0);
}

static void
ended_is_sticky(void **state)
{
	struct license license = subscription(1, 100, 465);

	(void)state;
	license_pair(&license, 1);
	/* Seen a little late, then the clock goes back to before the end. */
	license.ended_at = 465 * DAY + 7;
	assert_int_equal(state_on(&license, 400), LICENSE_GRACE);
	assert_int_equal(state_on(&license, 465 + 31), LICENSE_EXPIRED);
	/* Seen before a zone moved its end: the grace counts from then. */
	license.ended_at = 464 * DAY;
	assert_int_equal(state_on(&license, 464), LICENSE_GRACE);
	assert_int_equal(state_on(&license, 464 + 31), LICENSE_EXPIRED);
	license.expired_at = 464 * DAY + GRACE;
	assert_int_equal(state_on(&license, 470), LICENSE_EXPIRED);
}

static void
what_never_began_has_no_grace(void **state)
{
	struct license license = subscription(1, 500, 465);

	(void)state;
	license_pair(&license, 1);
	assert_int_equal(state_on(&license, 464), LICENSE_FUTURE);
	assert_int_equal(state_on(&license, 466), LICENSE_EXPIRED);
}

static void
surrendered_and_revoked_count_nothing(void **state)
{
	static const struct {
		enum license_surrender surrender;
		enum license_state expected;
	} rows[] = {
		{ SURRENDER_NONE, LICENSE_ACTIVE },
		{ SURRENDER_PENDING, LICENSE_SURRENDER_PENDING },
		{ SURRENDER_ACCEPTED, LICENSE_SURRENDERED },
		{ SURRENDER_RECALLING, LICENSE_RECALL_PENDING },
	};
	struct license license = { .id = 1,
		.prefix = "ACCESS",
		.units = 10,
		.start = INT64_MIN,
		.end = INSTANT_NEVER };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		license.surrender = rows[i].surrender;
		license_pair(&license, 1);
		assert_int_equal(state_on(&license, 1), rows[i].expected);
		assert_int_equal(
		    license_units_at(&license, GRACE, DAY), i == 0 ? 10 : 0);
	}
	license.surrender = (enum license_surrender)9; /* no such thing */
	assert_int_equal(state_on(&license, 1), LICENSE_ACTIVE);
	license.is_revoked = true;
	assert_int_equal(state_on(&license, 1), LICENSE_REVOKED);
	assert_int_equal(license_units_at(&license, GRACE, DAY), 0);
}

static void
totals_stop_at_the_end(void **state)
{
	struct license licenses[2] = { subscription(1, 0, 10),
		subscription(2, 0, 20) };

	(void)state;
	licenses[0].units = INT64_MAX;
	license_pair(licenses, 2);
	assert_int_equal(
	    license_total_at(licenses, 2, GRACE, 5 * DAY), INT64_MAX);
	assert_int_equal(license_total_at(licenses, 0, GRACE, 5 * DAY), 0);
}

/* ---- renewals ---- */

static void
a_renewal_waits_and_takes_over(void **state)
{
	struct license pair[2] = { renewal(1, 450, 830),
		subscription(2, 100, 465) };

	(void)state;
	license_pair(pair, 2);
	assert_int_equal(pair[0].waits_until, 465 * DAY);
	assert_int_equal(pair[1].renewed_at, 465 * DAY);
	assert_int_equal(state_on(&pair[0], 449), LICENSE_FUTURE);
	assert_int_equal(state_on(&pair[0], 450), LICENSE_PENDING_RENEWAL);
	assert_int_equal(state_on(&pair[0], 465), LICENSE_ACTIVE);
	assert_int_equal(state_on(&pair[1], 465), LICENSE_RENEWED);
	assert_int_equal(state_on(&pair[0], 830), LICENSE_GRACE);
	assert_int_equal(state_on(&pair[1], 830), LICENSE_RENEWED);
}

static void
licenses_behind_the_last_are_not_paired(void **state)
{
	struct license pair[2] = { renewal(1, 450, 830),
		subscription(2, 100, 465) };
	struct license turned[2] = { pair[1], pair[0] };

	(void)state;
	pair[1].renewed_at = INSTANT_NEVER;
	license_pair(pair, 1);
	assert_int_equal(pair[0].waits_until, INSTANT_NEVER);
	turned[1].waits_until = INSTANT_NEVER;
	license_pair(turned, 1);
	assert_int_equal(turned[0].renewed_at, INSTANT_NEVER);
}

static void
a_late_renewal_leaves_the_parent_its_grace(void **state)
{
	struct license pair[2] = { subscription(1, 100, 465),
		renewal(2, 470, 830) };

	(void)state;
	license_pair(pair, 2);
	assert_int_equal(state_on(&pair[0], 469), LICENSE_GRACE);
	assert_int_equal(state_on(&pair[0], 470), LICENSE_RENEWED);
	for (int64_t day = 100; day < 861; day++)
		assert_int_equal(
		    license_total_at(pair, 2, GRACE, day * DAY), 100);
}

static void
a_renewal_without_parent_never_counts(void **state)
{
	struct license alone = renewal(1, 450, 830);

	(void)state;
	license_pair(&alone, 1);
	assert_int_equal(alone.waits_until, INSTANT_NEVER);
	assert_int_equal(state_on(&alone, 829), LICENSE_PENDING_RENEWAL);
	assert_int_equal(state_on(&alone, 831), LICENSE_EXPIRED);
	/* Once it took over, the loss of its parent changes nothing. */
	alone.activated_at = 465 * DAY;
	assert_int_equal(state_on(&alone, 829), LICENSE_ACTIVE);
	assert_int_equal(state_on(&alone, 831), LICENSE_GRACE);
}

static void
only_matching_parents_are_taken(void **state)
{
	struct license pair[2];

	(void)state;
	for (int turn = 0; turn < 8; turn++) {
		pair[0] = subscription(1, 100, 465);
		pair[1] = renewal(2, 450, 830);
		switch (turn) {
		case 0:
			pair[0].units = 99;
			break;
		case 1:
			pair[0].prefix = "ACCESS";
			break;
		case 2:
			pair[0].prefix = NULL;
			break;
		case 3:
			pair[0].is_subscription = false;
			break;
		case 4:
			pair[0].is_revoked = true;
			break;
		case 5:
			pair[0].end = INSTANT_NEVER;
			break;
		case 6:
			pair[1].prefix = NULL;
			break;
		default:
			pair[1].is_revoked = true;
			break;
		}
		license_pair(pair, 2);
		assert_int_equal(pair[0].renewed_at, INSTANT_NEVER);
		assert_int_equal(pair[1].waits_until, INSTANT_NEVER);
	}
}

static void
pairs_are_one_to_one_earliest_first(void **state)
{
	struct license all[6] = { renewal(1, 0, 900), renewal(2, 0, 800),
		subscription(3, 0, 500), subscription(4, 0, 400),
		renewal(5, 0, 950), subscription(6, 0, 990) };

	(void)state;
	license_pair(all, 6);
	assert_int_equal(all[1].waits_until, 400 * DAY);
	assert_int_equal(all[0].waits_until, 500 * DAY);
	/* The third renews the first renewal: a chain. */
	assert_int_equal(all[4].waits_until, 800 * DAY);
	assert_int_equal(all[1].renewed_at, 800 * DAY);
	assert_int_equal(all[5].renewed_at, INSTANT_NEVER);
	for (int64_t day = 0; day < 900; day++)
		assert_true(license_total_at(all, 6, GRACE, day * DAY) <= 300);
}

static void
equal_ends_are_told_apart_by_id(void **state)
{
	struct license all[4] = { renewal(4, 0, 800), renewal(3, 0, 800),
		subscription(1, 0, 400), subscription(2, 0, 400) };

	(void)state;
	license_pair(all, 4);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(all[i].waits_until, 400 * DAY);
	for (size_t i = 2; i < 4; i++)
		assert_int_equal(all[i].renewed_at, 400 * DAY);
}

static void
a_named_parent_comes_first(void **state)
{
	struct license all[4] = { subscription(1, 0, 400),
		subscription(2, 0, 500), renewal(3, 0, 900),
		renewal(4, 0, 800) };

	(void)state;
	all[0].serial = "A-1";
	all[1].serial = "A-2";
	all[2].renews = "A-1";
	all[3].renews = "A-9"; /* gone: it takes what is left */
	license_pair(all, 4);
	assert_int_equal(all[2].waits_until, 400 * DAY);
	assert_int_equal(all[3].waits_until, 500 * DAY);
}

static void
an_active_renewal_keeps_what_had_ended(void **state)
{
	struct license all[3] = { subscription(1, 0, 400),
		subscription(2, 0, 700), renewal(3, 0, 765) };

	(void)state;
	all[2].activated_at = 400 * DAY;
	license_pair(all, 3);
	assert_int_equal(all[0].renewed_at, INT64_MIN);
	assert_int_equal(all[1].renewed_at, INSTANT_NEVER);
	/* A clock that goes back revives neither. */
	assert_int_equal(state_on(&all[0], 399), LICENSE_RENEWED);
	assert_int_equal(state_on(&all[2], 399), LICENSE_ACTIVE);
	/* With its parent deleted it does not take another's. */
	license_pair(all + 1, 2);
	assert_int_equal(all[1].renewed_at, INSTANT_NEVER);
	assert_int_equal(all[2].waits_until, INSTANT_NEVER);
	/* Nor itself, were its end moved. */
	all[2].end = 300 * DAY;
	license_pair(all + 2, 1);
	assert_int_equal(all[2].renewed_at, INSTANT_NEVER);
}

static void
an_active_renewal_chooses_before_a_waiting_one(void **state)
{
	struct license all[4] = { subscription(1, 0, 400), renewal(2, 0, 700),
		renewal(3, 0, 800), renewal(4, 0, 700) };

	(void)state;
	license_pair(all, 3);
	assert_int_equal(all[1].waits_until, 400 * DAY);
	all[2].activated_at = 400 * DAY;
	license_pair(all, 2 + 1);
	assert_int_equal(all[2].waits_until, 400 * DAY);
	assert_int_equal(all[1].waits_until, INSTANT_NEVER);
	/* Of two alike the lower id. */
	all[2] = all[3];
	license_pair(all, 3);
	assert_int_equal(all[1].waits_until, 400 * DAY);
	assert_int_equal(all[1].renewed_at, INSTANT_NEVER);
}

static void
a_renewal_that_starts_at_its_end_takes_over_nothing(void **state)
{
	struct license pair[2] = { subscription(1, 100, 465),
		renewal(2, 830, 830) };

	(void)state;
	license_pair(pair, 2);
	assert_int_equal(pair[0].renewed_at, INSTANT_NEVER);
	assert_int_equal(state_on(&pair[0], 470), LICENSE_GRACE);
	assert_int_equal(state_on(&pair[1], 831), LICENSE_EXPIRED);
}

static void
every_change_of_the_total_is_announced(void **state)
{
	struct license all[4] = { subscription(1, 100, 400),
		renewal(2, 410, 700), subscription(3, 50, 300),
		renewal(4, 200, 690) };
	int64_t total = 0;
	instant next = 0;

	(void)state;
	all[3].units = 7; /* no parent */
	license_pair(all, 4);
	assert_int_equal(license_next_change(all, 4, GRACE, 0), 50 * DAY);
	for (instant at = 0; at < 800 * DAY; at += DAY / 2) {
		int64_t now_total = license_total_at(all, 4, GRACE, at);

		if (now_total != total)
			assert_int_equal(at, next);
		total = now_total;
		if (at >= next)
			next = license_next_change(all, 4, GRACE, at);
		assert_true(next > at);
	}
	assert_int_equal(next, INSTANT_NEVER);
}

static void
states_have_words(void **state)
{
	(void)state;
	assert_string_equal(license_state_word(LICENSE_FUTURE), "future");
	assert_string_equal(
	    license_state_word(LICENSE_PENDING_RENEWAL), "pending_renewal");
	for (int i = 0; i <= LICENSE_REVOKED; i++)
		assert_string_not_equal(
		    license_state_word((enum license_state)i), "unknown");
	assert_string_equal(
	    license_state_word((enum license_state)(LICENSE_REVOKED + 1)),
	    "unknown");
	assert_string_equal(
	    license_state_word((enum license_state) - 1), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_permanent_license_never_ends),
		cmocka_unit_test(a_permanent_license_with_an_end_has_no_grace),
		cmocka_unit_test(negative_numbers_are_none),
		cmocka_unit_test(ended_is_sticky),
		cmocka_unit_test(what_never_began_has_no_grace),
		cmocka_unit_test(surrendered_and_revoked_count_nothing),
		cmocka_unit_test(totals_stop_at_the_end),
		cmocka_unit_test(a_renewal_waits_and_takes_over),
		cmocka_unit_test(licenses_behind_the_last_are_not_paired),
		cmocka_unit_test(a_late_renewal_leaves_the_parent_its_grace),
		cmocka_unit_test(a_renewal_without_parent_never_counts),
		cmocka_unit_test(only_matching_parents_are_taken),
		cmocka_unit_test(pairs_are_one_to_one_earliest_first),
		cmocka_unit_test(equal_ends_are_told_apart_by_id),
		cmocka_unit_test(a_named_parent_comes_first),
		cmocka_unit_test(
		    an_active_renewal_chooses_before_a_waiting_one),
		cmocka_unit_test(an_active_renewal_keeps_what_had_ended),
		cmocka_unit_test(
		    a_renewal_that_starts_at_its_end_takes_over_nothing),
		cmocka_unit_test(every_change_of_the_total_is_announced),
		cmocka_unit_test(states_have_words),
	};

	return cmocka_run_group_tests_name("rules license", tests, NULL, NULL);
}
