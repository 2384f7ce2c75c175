/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_source.c: which licenses a lease draws on, what strict
 * membership refuses, and how units under recall come free: each at its
 * bound. What holds for every snapshot is in test_rules_laws.c.
 */
#include "tests/unit/test_rules_fixture.h"

static const instant now = 1750000000;

/* A pool of both kinds, with what the others draw of each. */
static void
sources_init(struct bench *bench, int64_t subscription, int64_t permanent,
    int64_t subscription_others, int64_t permanent_others)
{
	bench_init(bench, subscription + permanent,
	    subscription_others + permanent_others, 30, 10, 200);
	bench->pool.subscription = subscription;
	bench->pool.subscription_others = subscription_others;
	bench->pool.permanent_others = permanent_others;
}

/* ---- drawing ---- */

static void
the_preferred_source_is_drawn_first(void **state)
{
	static const struct {
		bool is_member;
		int64_t subscription, permanent, others_s, others_p;
		int64_t drawn; /* permanent units of 60 */
	} rows[] = {
		/* Exactly enough, and one short. */
		{ false, 60, 500, 0, 0, 0 },
		{ false, 59, 500, 0, 0, 1 },
		{ false, 61, 500, 0, 0, 0 },
		{ false, 0, 500, 0, 0, 60 },
		{ true, 500, 60, 0, 0, 60 },
		{ true, 500, 59, 0, 0, 59 },
		{ true, 500, 61, 0, 0, 60 },
		{ true, 500, 0, 0, 0, 0 },
		/* The same room, left by others. */
		{ false, 160, 500, 100, 0, 0 },
		{ false, 159, 500, 100, 0, 1 },
		{ false, 100, 500, 100, 0, 60 },
		{ false, 100, 500, 140, 0, 60 },
		{ true, 500, 160, 0, 100, 60 },
		{ true, 500, 159, 0, 100, 59 },
		{ true, 500, 100, 0, 140, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;

		sources_init(&bench, rows[i].subscription, rows[i].permanent,
		    rows[i].others_s, rows[i].others_p);
		bench.request.is_member = rows[i].is_member;
		bench_decide(&bench, 60, now);
		assert_int_equal(bench.plan.leased, 60);
		assert_int_equal(bench.plan.permanent, rows[i].drawn);
		assert_int_equal(bench.planned[0].subscription +
			bench.planned[1].subscription,
		    60 - rows[i].drawn);
	}
}

static void
the_oldest_parts_get_what_is_preferred(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 45, 500, 0, 0);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 2, now - 5, now + HOUR);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 1, now - 9, now + HOUR);
	bench_part(&bench, LEASE_PART_RESERVED, 30, 1, now - 1, now + HOUR);
	bench_hold(&bench, 60);
	bench_decide(&bench, 60, now);
	/* Reserved, then the older quantum, then half of one of the two. */
	assert_int_equal(bench.planned[0].subscription, 30);
	assert_int_equal(bench.planned[1].id, 2);
	assert_int_equal(bench.planned[1].subscription, 10);
	assert_int_equal(bench.planned[2].id, 1);
	assert_int_equal(bench.planned[2].subscription, 5);
	assert_int_equal(bench.plan.permanent, 15);
	/* A member: 15 of the 60 are left to subscriptions, the youngest. */
	bench.request.is_member = true;
	bench.pool.subscription = 500;
	bench.pool.total = 545;
	bench_decide(&bench, 60, now);
	assert_int_equal(bench.planned[0].subscription, 0);
	assert_int_equal(bench.planned[1].subscription, 0);
	assert_int_equal(bench.planned[2].subscription, 15);
	assert_int_equal(bench.plan.permanent, 45);
}

static void
what_was_drawn_before_does_not_matter(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 100, 100, 0, 0);
	bench_ask(&bench, 60, now);
	assert_int_equal(bench.plan.permanent, 0);
	/* It becomes a member, and draws anew. */
	bench.request.is_member = true;
	bench_ask(&bench, 60, now + 1);
	assert_int_equal(bench.plan.permanent, 60);
	assert_int_equal(bench.plan.granted, 0);
	bench.request.is_member = false;
	bench.pool.subscription_others = 70;
	bench_ask(&bench, 60, now + 2);
	assert_int_equal(bench.plan.permanent, 30);
}

static void
a_lease_stands_without_the_licenses_behind_it(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 100, 20, 0, 0);
	bench_ask(&bench, 60, now);
	assert_int_equal(bench.plan.permanent, 0);
	/* The subscription is gone; 20 permanent units for 60 leased ones. */
	bench.pool.subscription = 0;
	bench.pool.total = 20;
	bench_decide(&bench, 60, now + HOUR);
	assert_int_equal(bench.plan.leased, 60);
	assert_int_equal(bench.plan.permanent, 60);
	bench.request.is_member = true;
	bench_decide(&bench, 60, now + HOUR);
	assert_int_equal(bench.plan.permanent, 20);
	assert_int_equal(bench.planned[0].subscription, 10);
	/* Lapsing parts draw as well: their units are in use. */
	assert_true(bench.planned[1].is_lapsing);
	assert_int_equal(bench.planned[1].subscription, 30);
}

static void
sources_saturate(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 0, 0, 0, 0);
	bench_part(&bench, LEASE_PART_QUANTUM, INT64_MAX, INT64_MAX, now - 1,
	    now + HOUR);
	bench_part(
	    &bench, LEASE_PART_QUANTUM, INT64_MAX, 1, now - 2, now + HOUR);
	bench.request.allocation.maximum = INT64_MAX;
	bench.request.allocation.reserved = 0;
	bench.request.growth_allowed = false;
	bench.pool.total = INT64_MAX;
	bench.pool.subscription = INT64_MAX;
	bench_decide(&bench, INT64_MAX, now);
	assert_int_equal(bench.plan.leased, INT64_MAX);
	assert_int_equal(bench.planned[0].subscription, INT64_MAX);
	/* More subscription units than there are units: the total bounds them. */
	bench.pool.total = 70;
	bench_decide(&bench, INT64_MAX, now);
	assert_int_equal(bench.planned[0].subscription, 70);
	assert_int_equal(bench.planned[1].subscription, 0);
	assert_int_equal(bench.plan.permanent, INT64_MAX);
	bench.request.is_member = true;
	bench_decide(&bench, INT64_MAX, now);
	assert_int_equal(bench.plan.permanent, 0);
	bench.pool.subscription = INT64_MIN;
	bench_decide(&bench, INT64_MAX, now);
	assert_int_equal(bench.plan.permanent, 70);
	bench.pool.permanent_others = INT64_MAX;
	bench_decide(&bench, INT64_MAX, now);
	assert_int_equal(bench.plan.permanent, 0);
	bench.pool.permanent_others = INT64_MIN;
	bench_decide(&bench, INT64_MAX, now);
	assert_int_equal(bench.plan.permanent, 70);
}

static void
a_released_lease_draws_on_nothing(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 0, 100, 0, 0);
	bench_ask(&bench, 60, now);
	assert_int_equal(bench.plan.permanent, 60);
	bench.request.allocation = (struct allocation){ 0, 0, 0 };
	bench_decide(&bench, 0, now + 1);
	assert_int_equal(bench.plan.permanent, 0);
}

/* ---- strict membership ---- */

static void
strict_membership_limits_new_quanta(void **state)
{
	static const struct {
		bool is_member, is_strict;
		int64_t subscription, users, leased;
		enum verdict denial;
	} rows[] = {
		{ false, true, 40, 31, 40, VERDICT_OK },
		{ false, true, 39, 31, 30, VERDICT_MEMBERSHIP_REQUIRED },
		{ false, true, 49, 50, 40, VERDICT_MEMBERSHIP_REQUIRED },
		{ false, true, 50, 50, 50, VERDICT_OK },
		{ false, true, 30, 30, 30, VERDICT_OK },
		{ true, true, 39, 31, 40, VERDICT_OK },
		{ true, true, 0, 31, 40, VERDICT_OK },
		{ false, false, 39, 31, 40, VERDICT_OK },
		{ false, false, 0, 50, 50, VERDICT_OK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;

		sources_init(&bench, rows[i].subscription, 500, 0, 0);
		bench.request.is_member = rows[i].is_member;
		bench.request.is_strict = rows[i].is_strict;
		bench_decide(&bench, rows[i].users, now);
		assert_int_equal(bench.plan.leased, rows[i].leased);
		assert_int_equal(bench.plan.denial, rows[i].denial);
		if (rows[i].denial == VERDICT_OK)
			continue;
		assert_int_equal(bench.plan.permanent, 0);
		assert_int_equal(bench.plan.numbers.wanted, rows[i].users);
		assert_int_equal(bench.plan.numbers.available,
		    500 + rows[i].subscription - rows[i].leased);
	}
}

static void
what_no_membership_helps_against_comes_first(void **state)
{
	struct bench bench;

	(void)state;
	/* 40 subscription units of which 30 are leased, and 20 permanent ones. */
	sources_init(&bench, 39, 20, 0, 0);
	bench.request.is_strict = true;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	bench.request.allocation.maximum = 40;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	bench.request.allocation.maximum = 39;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_MAXIMUM_REACHED);
	bench.request.allocation.maximum = 200;
	bench.pool.total = 40;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	bench.pool.total = 39;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_POOL_EXHAUSTED);
	/* A recall passes by itself: the one thing to be done is named. */
	bench.pool.total = 59;
	bench.pool.recalling = 29;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	bench.pool.subscription = 40;
	bench.pool.recalling = 19;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	bench.pool.recalling = 20;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_RECALL_IN_PROGRESS);
	/* A server that grants nothing at all says that. */
	bench.request.growth_allowed = false;
	bench.request.growth_refusal = VERDICT_RECOVERING;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_RECOVERING);
}

static void
strict_membership_limits_the_reserved_part(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 30, 500, 0, 0);
	bench.request.is_strict = true;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 30);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	bench.pool.subscription_others = 1;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 0);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	assert_int_equal(bench.plan.numbers.wanted, 30);
	/* Whole increments may follow all the same. */
	bench_decide(&bench, 20, now);
	assert_int_equal(bench.plan.leased, 20);
	bench.request.is_member = true;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 30);
	assert_int_equal(bench.plan.permanent, 30);
	/* A member finds no room either: then that is the reason. */
	bench.request.is_member = false;
	bench.pool.total = 29;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.denial, VERDICT_RESERVED_EXHAUSTED);
}

/* 40 units of quanta draw on permanent ones already. */
static void
strict_membership_takes_nothing_away(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 0, 500, 0, 0);
	bench.request.is_strict = true;
	bench.request.allocation.reserved = 0;
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 4, now - 5, now + HOUR);
	bench_hold(&bench, 40);
	bench_decide(&bench, 40, now);
	assert_int_equal(bench.plan.leased, 40);
	assert_int_equal(bench.plan.permanent, 40);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	assert_int_equal(bench.planned[0].expires, now + DAY);
	bench_decide(&bench, 41, now);
	assert_int_equal(bench.plan.leased, 40);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	/* They may become reserved ones, but not one more. */
	bench.request.allocation.reserved = 35;
	bench_hold(&bench, 40);
	bench_decide(&bench, 40, now);
	assert_int_equal(bench.planned[0].size, 35);
	assert_int_equal(bench.plan.leased, 35);
	assert_int_equal(bench.plan.permanent, 35);
	bench.request.allocation.reserved = 41;
	bench_hold(&bench, 40);
	bench_decide(&bench, 40, now);
	assert_int_equal(bench.plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
	assert_int_equal(bench.plan.leased, 40);
	assert_int_equal(bench.plan.numbers.wanted, 41);
}

/* ---- subscriptions only ---- */

/* A virtual appliance at a virtual license server, and units that are permanent. */
static void
permanent_units_are_nothing_to_it(void **state)
{
	static const struct {
		int64_t subscription, others, users, leased;
		enum verdict denial;
	} rows[] = {
		{ 0, 0, 0, 0, VERDICT_SUBSCRIPTION_ONLY },
		{ 29, 0, 0, 0, VERDICT_SUBSCRIPTION_ONLY },
		{ 30, 0, 0, 30, VERDICT_OK },
		{ 30, 1, 0, 0, VERDICT_SUBSCRIPTION_ONLY },
		{ 39, 0, 31, 30, VERDICT_SUBSCRIPTION_ONLY },
		{ 40, 0, 31, 40, VERDICT_OK },
		{ 140, 100, 31, 40, VERDICT_OK },
		{ 139, 100, 31, 30, VERDICT_SUBSCRIPTION_ONLY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int member = 0; member < 2; member++) {
			struct bench bench;

			sources_init(&bench, rows[i].subscription, 500,
			    rows[i].others, 0);
			bench.request.is_subscription_only = true;
			/* A member license opens nothing, and turns nothing round. */
			bench.request.is_member = member;
			bench_decide(&bench, rows[i].users, now);
			assert_int_equal(bench.plan.leased, rows[i].leased);
			assert_int_equal(bench.plan.denial, rows[i].denial);
			assert_int_equal(bench.plan.permanent, 0);
		}
}

static void
without_its_subscription_a_lease_runs_out(void **state)
{
	struct bench bench;

	(void)state;
	sources_init(&bench, 50, 500, 0, 0);
	bench.request.is_subscription_only = true;
	bench_ask(&bench, 50, now);
	assert_int_equal(bench.plan.leased, 50);
	bench_ask(&bench, 50, now + HOUR);
	assert_false(bench.planned[1].is_lapsing);
	/* One unit less: one quantum is not extended, and the rest is. */
	bench.pool.subscription = 49;
	bench_decide(&bench, 50, now + 2 * HOUR);
	assert_false(bench.planned[0].is_lapsing);
	assert_int_equal(bench.plan.part_count, 3);
	assert_false(bench.planned[1].is_lapsing);
	assert_int_equal(bench.planned[1].expires, now + 2 * HOUR + DAY);
	assert_true(bench.planned[2].is_lapsing);
	assert_int_equal(bench.planned[2].expires, now + HOUR + DAY);
	/* The reserved part goes last. */
	bench.pool.subscription = 30;
	bench_decide(&bench, 50, now + 2 * HOUR);
	assert_false(bench.planned[0].is_lapsing);
	assert_true(bench.planned[1].is_lapsing);
	bench.pool.subscription = 29;
	bench_decide(&bench, 50, now + 2 * HOUR);
	assert_true(bench.planned[0].is_lapsing);
	/* Other platforms use the permanent units, as ever. */
	bench.request.is_subscription_only = false;
	bench_decide(&bench, 50, now + 2 * HOUR);
	assert_false(bench.planned[0].is_lapsing);
	assert_int_equal(bench.plan.permanent, 21);
}

static void
no_lease_outlasts_its_subscriptions(void **state)
{
	static const struct {
		int64_t left, others; /* subscriptions after the fall, and drawn by others */
		bool is_ended;
	} rows[] = {
		{ 0, 0, true },
		{ 49, 0, true },
		{ 50, 0, false },
		{ 60, 10, false },
		{ 60, 11, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pool_fall falls[] = {
			{ .at = now, .total = 0 },
			{ .at = now + 6 * HOUR, .total = 500 + rows[i].left },
		};
		struct bench bench;

		sources_init(&bench, 100, 500, rows[i].others, 0);
		bench.pool.falls = falls;
		bench.pool.fall_count = 2;
		bench.request.is_subscription_only = true;
		bench_decide(&bench, 50, now);
		assert_int_equal(bench.plan.leased, 50);
		assert_int_equal(bench.planned[0].expires,
		    now + (rows[i].is_ended ? 6 : 240) * HOUR);
		assert_int_equal(bench.planned[1].expires,
		    now + (rows[i].is_ended ? 6 : 24) * HOUR);
		/* Who may use the permanent ones is not concerned. */
		bench.request.is_subscription_only = false;
		bench_decide(&bench, 50, now);
		assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
		assert_int_equal(bench.planned[1].expires, now + 24 * HOUR);
	}
}

/* ---- a recall ---- */

static void
idle_reservations_count_while_a_recall_waits(void **state)
{
	static const struct {
		int64_t recalling, kept_others;
		int64_t lapsing; /* quanta of 10 */
	} rows[] = {
		{ 0, 0, 0 },
		{ 0, 100, 0 }, /* no recall: nobody waits for them */
		{ 10, 40, 0 },
		{ 11, 40, 1 },
		{ 10, 41, 1 },
		{ 20, 40, 1 },
		{ 21, 40, 2 },
		{ 20, 20, 1 }, /* less than is leased: that counts */
		{ 60, 40, 2 },
		{ INT64_MAX, INT64_MAX, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;
		int64_t lapsing = 0;

		bench_init(&bench, 100, 40, 30, 10, 200);
		bench.pool.recalling = rows[i].recalling;
		bench.pool.kept_others = rows[i].kept_others;
		bench_part(
		    &bench, LEASE_PART_RESERVED, 30, 1, now - 9, now + HOUR);
		bench_part(
		    &bench, LEASE_PART_QUANTUM, 10, 2, now - 9, now + HOUR);
		bench_hold(&bench, 50);
		bench_decide(&bench, 50, now);
		assert_int_equal(bench.plan.leased, 50);
		assert_int_equal(bench.plan.denial, VERDICT_OK);
		assert_false(bench.planned[0].is_lapsing);
		assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
		for (size_t n = 1; n < bench.plan.part_count; n++)
			if (bench.planned[n].is_lapsing)
				lapsing += bench.planned[n].count;
		assert_int_equal(lapsing, rows[i].lapsing);
	}
}

/* A shortage besides: the total decides, the reserved part included. */
static void
a_shortage_and_a_recall_add_up(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 69, 40, 30, 10, 200);
	bench.pool.recalling = 5;
	bench_part(&bench, LEASE_PART_RESERVED, 30, 1, now - 9, now + HOUR);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 2, now - 9, now + HOUR);
	bench_hold(&bench, 50);
	bench_decide(&bench, 50, now);
	assert_int_equal(bench.plan.part_count, 2);
	assert_true(bench.planned[1].is_lapsing);
	assert_true(bench.planned[0].is_lapsing);
	bench.pool.total = 70;
	bench_decide(&bench, 50, now);
	assert_true(bench.planned[1].is_lapsing);
	assert_false(bench.planned[0].is_lapsing);
}

static void
a_reservation_is_lent_during_a_recall(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 70, 30, 10, 200);
	bench.pool.recalling = 100;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.leased, 30);
	assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
	/* Without the recall there would be no room either. */
	assert_int_equal(bench.plan.denial, VERDICT_POOL_EXHAUSTED);
	bench.pool.total = 110;
	bench_decide(&bench, 31, now);
	assert_int_equal(bench.plan.denial, VERDICT_RECALL_IN_PROGRESS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_preferred_source_is_drawn_first),
		cmocka_unit_test(the_oldest_parts_get_what_is_preferred),
		cmocka_unit_test(what_was_drawn_before_does_not_matter),
		cmocka_unit_test(a_lease_stands_without_the_licenses_behind_it),
		cmocka_unit_test(sources_saturate),
		cmocka_unit_test(a_released_lease_draws_on_nothing),
		cmocka_unit_test(strict_membership_limits_new_quanta),
		cmocka_unit_test(what_no_membership_helps_against_comes_first),
		cmocka_unit_test(strict_membership_limits_the_reserved_part),
		cmocka_unit_test(strict_membership_takes_nothing_away),
		cmocka_unit_test(permanent_units_are_nothing_to_it),
		cmocka_unit_test(without_its_subscription_a_lease_runs_out),
		cmocka_unit_test(no_lease_outlasts_its_subscriptions),
		cmocka_unit_test(idle_reservations_count_while_a_recall_waits),
		cmocka_unit_test(a_shortage_and_a_recall_add_up),
		cmocka_unit_test(a_reservation_is_lent_during_a_recall),
	};

	return cmocka_run_group_tests_name("rules source", tests, NULL, NULL);
}
