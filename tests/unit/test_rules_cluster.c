/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_cluster.c: who leads and for how long, for whom it may ask, and
 * what a node that lost the others may use.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/cluster.h"

#define NOW      (INT64_C(1000) * SECONDS_PER_DAY)
#define INTERVAL (4 * SECONDS_PER_HOUR)

static void
the_first_that_offers_leads(void **state)
{
	struct cluster_leader leader = { 0, 0 };

	(void)state;
	cluster_lead(&leader, 7, false, INTERVAL, NOW);
	assert_int_equal(leader.client, 0);
	cluster_lead(&leader, 7, true, INTERVAL, NOW);
	assert_int_equal(leader.client, 7);
	assert_int_equal(leader.until, NOW + 3 * INTERVAL);
}

static void
nobody_never_leads(void **state)
{
	struct cluster_leader leader = { 0, 0 };

	(void)state;
	cluster_lead(&leader, 0, true, INTERVAL, NOW);
	assert_int_equal(leader.client, 0);
	assert_int_equal(leader.until, 0);
	/* Nobody was named, whatever stands beside it. */
	leader.until = INSTANT_NEVER;
	cluster_lead(&leader, 8, true, INTERVAL, NOW);
	assert_int_equal(leader.client, 8);
	assert_int_equal(leader.until, NOW + 3 * INTERVAL);
}

static void
a_leader_that_asks_in_time_stays(void **state)
{
	struct cluster_leader leader = { 7, NOW };

	(void)state;
	cluster_lead(&leader, 8, true, INTERVAL, NOW - 1);
	assert_int_equal(leader.client, 7);
	assert_int_equal(leader.until, NOW);
	/* In time it need not offer again. */
	cluster_lead(&leader, 7, false, INTERVAL, NOW - 1);
	assert_int_equal(leader.client, 7);
	assert_int_equal(leader.until, NOW - 1 + 3 * INTERVAL);
	/* A shorter interval takes nothing back. */
	cluster_lead(&leader, 7, true, 60, NOW);
	assert_int_equal(leader.until, NOW - 1 + 3 * INTERVAL);
}

static void
another_follows_when_its_time_is_over(void **state)
{
	struct cluster_leader leader = { 7, NOW };

	(void)state;
	/* Not by asking alone. */
	cluster_lead(&leader, 8, false, INTERVAL, NOW);
	assert_int_equal(leader.client, 7);
	cluster_lead(&leader, 8, true, INTERVAL, NOW);
	assert_int_equal(leader.client, 8);
	assert_int_equal(leader.until, NOW + 3 * INTERVAL);
	/* The old one is an ordinary node now. */
	cluster_lead(&leader, 7, true, INTERVAL, NOW + 1);
	assert_int_equal(leader.client, 8);
}

static void
the_old_leader_may_follow_itself(void **state)
{
	struct cluster_leader leader = { 7, NOW };

	(void)state;
	cluster_lead(&leader, 7, false, INTERVAL, NOW + 5);
	assert_int_equal(leader.until, NOW);
	cluster_lead(&leader, 7, true, INTERVAL, NOW + 5);
	assert_int_equal(leader.client, 7);
	assert_int_equal(leader.until, NOW + 5 + 3 * INTERVAL);
}

static void
odd_intervals_do_not_wrap(void **state)
{
	struct cluster_leader leader = { 0, 0 };

	(void)state;
	cluster_lead(&leader, 7, true, INT64_MAX, NOW);
	assert_int_equal(leader.until, INT64_MAX);
	leader = (struct cluster_leader){ 0, 0 };
	cluster_lead(&leader, 7, true, INT64_MIN, NOW);
	assert_int_equal(leader.client, 7);
	assert_int_equal(leader.until, NOW);
	leader = (struct cluster_leader){ 0, 0 };
	cluster_lead(&leader, INT64_MIN, true, INTERVAL, INT64_MIN);
	assert_int_equal(leader.client, INT64_MIN);
	assert_int_equal(leader.until, INT64_MIN + 3 * INTERVAL);
}

static void
a_leader_asks_for_its_own_cluster(void **state)
{
	(void)state;
	assert_int_equal(cluster_check("emea", "emea", true), VERDICT_OK);
	assert_int_equal(
	    cluster_check("emea", "emea", false), VERDICT_CLUSTER_NOT_LEADER);
	assert_int_equal(
	    cluster_check("emea", "apac", true), VERDICT_CLUSTER_MISMATCH);
	assert_int_equal(
	    cluster_check("emea", "EMEA", false), VERDICT_CLUSTER_MISMATCH);
	assert_int_equal(
	    cluster_check("emea", "", true), VERDICT_CLUSTER_MISMATCH);
	/* Two that are in no cluster are not in one. */
	assert_int_equal(cluster_check("", "", true), VERDICT_CLUSTER_MISMATCH);
	assert_int_equal(
	    cluster_check("", "emea", true), VERDICT_CLUSTER_MISMATCH);
}

static void
a_survivor_has_ten_days(void **state)
{
	const instant over = NOW + 10 * SECONDS_PER_DAY;

	(void)state;
	assert_int_equal(cluster_survivor_units(135, 35, NOW, NOW), 70);
	assert_int_equal(cluster_survivor_units(135, 35, NOW, over - 1), 70);
	assert_int_equal(cluster_survivor_units(135, 35, NOW, over), 35);
	assert_int_equal(cluster_survivor_units(135, 100, NOW, over - 1), 135);
	assert_int_equal(cluster_survivor_units(135, 100, NOW, over), 100);
	assert_int_equal(
	    cluster_survivor_units(135, 35, INSTANT_NEVER, over), 135);
	/* Without units of its own it inherits none. */
	assert_int_equal(cluster_survivor_units(135, 0, NOW, NOW), 0);
}

static void
odd_counts_leave_it_its_own(void **state)
{
	(void)state;
	assert_int_equal(cluster_survivor_units(10, 35, NOW, NOW), 35);
	assert_int_equal(cluster_survivor_units(-10, 35, NOW, NOW), 35);
	assert_int_equal(cluster_survivor_units(135, -35, NOW, NOW), 0);
	assert_int_equal(
	    cluster_survivor_units(INT64_MIN, INT64_MIN, INT64_MIN, INT64_MAX),
	    0);
	assert_int_equal(
	    cluster_survivor_units(INT64_MAX, INT64_MAX, NOW, INT64_MIN),
	    INT64_MAX);
	assert_int_equal(cluster_survivor_units(INT64_MAX, INT64_MAX - 1,
			     INT64_MAX - 1, INT64_MAX - 1),
	    INT64_MAX);
}

static void
expect_surplus(int64_t own, const struct cluster_node *nodes, size_t count,
    instant now, struct cluster_surplus expected)
{
	struct cluster_surplus found = { -1, -1 };

	cluster_surplus_find(&found, own, nodes, count, now);
	assert_int_equal(found.units, expected.units);
	assert_int_equal(found.until, expected.until);
}

static void
nobody_lost_leaves_each_its_own(void **state)
{
	const struct cluster_node nodes[] = { { 35, INSTANT_NEVER },
		{ -5, INSTANT_NEVER } };
	const struct cluster_surplus none = { 0, INSTANT_NEVER };

	(void)state;
	expect_surplus(100, nodes, 2, NOW, none);
	expect_surplus(100, NULL, 0, NOW, none);
	expect_surplus(-100, nodes, 2, NOW, none);
}

static void
one_survivor_doubles_at_most(void **state)
{
	const struct cluster_node big[] = { { 100, NOW } };
	const struct cluster_node small[] = { { 35, NOW } };
	const struct cluster_surplus none = { 0, INSTANT_NEVER };
	const instant over = NOW + 10 * SECONDS_PER_DAY;

	(void)state;
	expect_surplus(35, big, 1, NOW, (struct cluster_surplus){ 35, over });
	expect_surplus(
	    35, big, 1, over - 1, (struct cluster_surplus){ 35, over });
	expect_surplus(35, big, 1, over, none);
	expect_surplus(35, big, 1, INSTANT_NEVER, none);
	expect_surplus(
	    100, small, 1, over - 1, (struct cluster_surplus){ 35, over });
	expect_surplus(0, big, 1, NOW, none);
	expect_surplus(
	    35, (const struct cluster_node[]){ { 0, NOW } }, 1, NOW, none);
}

static void
several_survivors_share_what_is_lost(void **state)
{
	const struct cluster_node nodes[] = { { 100, INSTANT_NEVER },
		{ 101, NOW } };
	const struct cluster_node both[] = { { 30, NOW }, { 40, NOW + 5 } };
	const instant over = NOW + 10 * SECONDS_PER_DAY;

	(void)state;
	/* Two with 100 each: 50 each, and 1 that nobody has. */
	expect_surplus(
	    100, nodes, 2, NOW, (struct cluster_surplus){ 50, over });
	/* Both count until the first is over, then the other alone. */
	expect_surplus(
	    100, both, 2, NOW + 5, (struct cluster_surplus){ 70, over });
	expect_surplus(
	    100, both, 2, over, (struct cluster_surplus){ 40, over + 5 });
	/* One unit of three is rounded down to none. */
	expect_surplus(1,
	    (const struct cluster_node[]){ { 2, INSTANT_NEVER }, { 2, NOW } },
	    2, NOW, (struct cluster_surplus){ 0, INSTANT_NEVER });
}

static void
odd_nodes_do_not_wrap(void **state)
{
	const struct cluster_node nodes[] = { { INT64_MAX, INSTANT_NEVER },
		{ INT64_MAX, INT64_MAX - 1 }, { INT64_MAX, INT64_MAX - 1 } };

	(void)state;
	expect_surplus(INT64_MAX, nodes, 3, NOW,
	    (struct cluster_surplus){ 0, INSTANT_NEVER });
	expect_surplus(10, nodes + 1, 1, INT64_MIN,
	    (struct cluster_surplus){ 10, INSTANT_NEVER });
}

static void
uneven_nodes_lose_when_the_larger_one_fails(void **state)
{
	const int64_t units[] = { 35, 100 }, even[] = { 100, 100, 101, -1 };
	const int64_t many[] = { INT64_MAX, INT64_MAX, INT64_MAX };

	(void)state;
	assert_int_equal(cluster_units_without(units, 2, 1), 70);
	assert_int_equal(cluster_units_without(units, 2, 0), 135);
	assert_int_equal(cluster_units_without(units, 2, 2), 135);
	assert_int_equal(cluster_units_without(units, 1, 0), 0);
	assert_int_equal(cluster_units_without(even, 4, 2), 300);
	assert_int_equal(cluster_units_without(many, 3, 0), INT64_MAX);
}

static void
the_leader_permits_what_it_has_a_right_to(void **state)
{
	(void)state;
	/* It was in contact later: its right counts, to the instant. */
	assert_int_equal(cluster_permit(25, 100, 101, 500, 499), 25);
	assert_int_equal(cluster_permit(25, 100, 101, 500, 500), 0);
	assert_int_equal(cluster_permit(25, 100, 101, INT64_MIN, 0), 0);
	/* The node was, or as late: it knows its own. */
	assert_int_equal(cluster_permit(25, 101, 101, 500, 500), 25);
	assert_int_equal(cluster_permit(25, 102, 101, 500, INT64_MAX), 25);
	assert_int_equal(cluster_permit(0, 100, 101, 500, 499), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_offers_leads),
		cmocka_unit_test(nobody_never_leads),
		cmocka_unit_test(a_leader_that_asks_in_time_stays),
		cmocka_unit_test(another_follows_when_its_time_is_over),
		cmocka_unit_test(the_old_leader_may_follow_itself),
		cmocka_unit_test(odd_intervals_do_not_wrap),
		cmocka_unit_test(a_leader_asks_for_its_own_cluster),
		cmocka_unit_test(a_survivor_has_ten_days),
		cmocka_unit_test(odd_counts_leave_it_its_own),
		cmocka_unit_test(nobody_lost_leaves_each_its_own),
		cmocka_unit_test(one_survivor_doubles_at_most),
		cmocka_unit_test(several_survivors_share_what_is_lost),
		cmocka_unit_test(odd_nodes_do_not_wrap),
		cmocka_unit_test(uneven_nodes_lose_when_the_larger_one_fails),
		cmocka_unit_test(the_leader_permits_what_it_has_a_right_to),
	};

	return cmocka_run_group_tests_name("rules cluster", tests, NULL, NULL);
}
