/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_agent_auto_leasing.c: which units a gateway takes by itself for its
 * users, of which feature, and which it gives back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/auto_leasing.h"
#include <string.h>

#define NOW    INT64_C(1000000)
#define LATEST (NOW + AUTO_LEASE_LIMIT_SECONDS)

static const struct feature consec = { .name = "CONSEC",
	.kind = FEATURE_USERS,
	.family = "any",
	.auto_lease = true,
	.role_specific = true };
static const struct feature access_users = { .name = "ACCESS",
	.kind = FEATURE_USERS,
	.family = "any",
	.auto_lease = true };
static const struct feature rdp = { .name = "ACCESS-RDP",
	.kind = FEATURE_RDP,
	.family = "any",
	.auto_lease = true };

enum {
	CONSEC,
	ACCESS,
	RDP,
	FEATURES
};

static struct auto_leasing_feature features[FEATURES];

/* Reserved 50, 25 by 25 up to "maximum", the reserved part leased. */
static void
fill(int which, const struct feature *feature, int64_t maximum)
{
	features[which] = (struct auto_leasing_feature){
		.demand = { .feature = feature,
		    .leased = 50,
		    .reachable = maximum },
		.contact = { .was_on = true,
		    .last_success = NOW,
		    .reserved = 50,
		    .reserved_expires = LATEST },
		.allocation = { 50, 25, maximum },
	};
}

static int
make(void **state)
{
	(void)state;
	fill(CONSEC, &consec, 150);
	fill(ACCESS, &access_users, 100);
	fill(RDP, &rdp, 75);
	return 0;
}

static void
cover(int64_t users, int64_t rdp_users, instant now)
{
	const struct link_sync_input input = { users, rdp_users };

	auto_leasing_cover(features, FEATURES, &input, now);
}

static void
assert_takes(int64_t of_consec, int64_t of_access, int64_t of_rdp)
{
	assert_int_equal(features[CONSEC].take, of_consec);
	assert_int_equal(features[ACCESS].take, of_access);
	assert_int_equal(features[RDP].take, of_rdp);
}

static void
whole_increments_are_taken_for_users(void **state)
{
	(void)state;
	cover(50, 50, NOW);
	assert_takes(0, 0, 0);
	cover(51, 50, NOW);
	assert_takes(25, 0, 0);
	cover(75, 51, NOW);
	assert_takes(25, 0, 25);
	cover(76, 0, NOW);
	assert_takes(50, 0, 0);
}

static void
own_units_come_first(void **state)
{
	(void)state;
	features[CONSEC].demand.own = 10;
	cover(60, 0, NOW);
	assert_takes(0, 0, 0);
	cover(61, 0, NOW);
	assert_takes(25, 0, 0);
}

static void
what_was_taken_serves_already(void **state)
{
	(void)state;
	features[CONSEC].demand.auto_leased = 25;
	cover(75, 0, NOW);
	assert_takes(0, 0, 0);
	cover(76, 0, NOW);
	assert_takes(25, 0, 0);
}

static void
beyond_one_maximum_the_next_feature_serves(void **state)
{
	(void)state;
	cover(150, 0, NOW);
	assert_takes(100, 0, 0);
	/* 150 by CONSEC, 50 leased of ACCESS. */
	cover(200, 0, NOW);
	assert_takes(100, 0, 0);
	cover(201, 0, NOW);
	assert_takes(100, 25, 0);
	cover(INT64_MAX, INT64_MAX, NOW);
	assert_takes(100, 50, 25);
}

static void
where_it_is_off_the_next_feature_serves(void **state)
{
	(void)state;
	features[CONSEC].contact.was_on = false;
	cover(101, 0, NOW);
	assert_takes(0, 25, 0);
	features[ACCESS].contact.was_on = false;
	features[RDP].contact.was_on = false;
	cover(INT64_MAX, INT64_MAX, NOW);
	assert_takes(0, 0, 0);
}

static void
it_ends_with_the_reserved_part_and_after_ten_days(void **state)
{
	(void)state;
	features[CONSEC].contact.reserved_expires = NOW + 10;
	cover(51, 0, NOW + 9);
	assert_takes(25, 0, 0);
	/* ACCESS has 50 leased; its own ten days are not over. */
	cover(101, 0, NOW + 10);
	assert_takes(0, 25, 0);
	cover(101, 0, LATEST - 1);
	assert_takes(0, 25, 0);
	cover(101, 0, LATEST);
	assert_takes(0, 0, 0);
}

static void
a_feature_that_was_denied_may_be_taken(void **state)
{
	(void)state;
	/* By an answer of another time; the switch is what counts. */
	features[CONSEC].demand.is_denied = true;
	cover(51, 0, NOW);
	assert_takes(25, 0, 0);
}

static void
spare(int64_t users, int64_t expected)
{
	const struct link_sync_input input = { users, 0 };

	auto_leasing_spare(features, 2, &input);
	assert_int_equal(features[CONSEC].drop, expected);
	assert_int_equal(features[ACCESS].drop, 0);
}

static void
what_nobody_needs_is_given_back_after_a_day(void **state)
{
	(void)state;
	features[CONSEC].demand.auto_leased = 75;
	features[CONSEC].old_units = 0;
	spare(0, 0);
	features[CONSEC].old_units = 50;
	spare(125, 0);
	spare(101, 0);
	spare(100, 25);
	spare(76, 25);
	spare(75, 50);
	/* Those taken less than a day ago stay. */
	spare(0, 50);
	features[CONSEC].old_units = 75;
	spare(0, 75);
	/* The reserved part is never given up for it. */
	features[CONSEC].demand.leased = 25;
	spare(0, 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, make)
		TEST(whole_increments_are_taken_for_users),
		TEST(own_units_come_first),
		TEST(what_was_taken_serves_already),
		TEST(beyond_one_maximum_the_next_feature_serves),
		TEST(where_it_is_off_the_next_feature_serves),
		TEST(it_ends_with_the_reserved_part_and_after_ten_days),
		TEST(a_feature_that_was_denied_may_be_taken),
		TEST(what_nobody_needs_is_given_back_after_a_day),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
