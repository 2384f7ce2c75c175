/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_lease.c: one request after the other, each rule at its bound.
 * What holds for every snapshot is in test_rules_laws.c.
 */
#include "tests/unit/test_rules_fixture.h"

static const instant now = 1750000000;

static int64_t
units_until(const struct bench *bench, instant at)
{
	return lease_units(bench->planned, bench->plan.part_count, at - 1) -
	    lease_units(bench->planned, bench->plan.part_count, at);
}

/* ---- the reserved part ---- */

static void
the_reserved_part_comes_at_once(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 50, 0, 50, 0, 50);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.plan.granted, 50);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	assert_int_equal(bench.plan.part_count, 1);
	assert_int_equal(bench.planned[0].kind, LEASE_PART_RESERVED);
	assert_int_equal(bench.planned[0].count, 1);
	assert_int_equal(bench.planned[0].granted, now);
	assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
}

static void
a_lowered_reserved_count_shrinks_the_part(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 0, 30, 0, 30);
	bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now, now + HOUR);
	bench_hold(&bench, 50);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 30);
	assert_int_equal(bench.plan.released, 20);
	assert_int_equal(bench.planned[0].id, 1);
	assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
	/* To nothing: the row goes, the maximum stays. */
	bench.request.allocation = (struct allocation){ 0, 10, 30 };
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.part_count, 0);
	assert_int_equal(bench.plan.released, 50);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
}

static void
a_raised_reserved_count_makes_own_quanta_give_way(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 0, 60, 10, 100);
	bench_part(&bench, LEASE_PART_RESERVED, 40, 1, now, now + HOUR);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 2, now - 9, now + HOUR);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 4, now - 5, now + HOUR);
	bench_hold(&bench, 100);
	bench_decide(&bench, 100, now);
	assert_int_equal(bench.plan.leased, 100);
	assert_int_equal(bench.plan.granted, 20);
	assert_int_equal(bench.plan.released, 20);
	assert_int_equal(bench.plan.part_count, 2);
	assert_int_equal(bench.planned[0].id, 1);
	assert_int_equal(bench.planned[0].size, 60);
	assert_int_equal(bench.planned[0].granted, now);
	/* The oldest went, whatever its age. */
	assert_int_equal(bench.planned[1].id, 3);
	assert_int_equal(bench.planned[1].count, 4);
}

static void
a_group_gives_way_in_part(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 0, 51, 10, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 10, now - 9, now + HOUR);
	bench_hold(&bench, 100);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 91);
	assert_int_equal(bench.planned[1].count, 4);
}

/* T fell from 200 to 100; the others lease 60 and hold 120. */
static void
a_fallen_total_grants_what_really_fits(void **state)
{
	static const struct {
		int64_t documented_others, reserved;
		enum verdict denial;
		int64_t available;
	} rows[] = {
		{ 60, 40, VERDICT_OK, 0 },
		{ 60, 41, VERDICT_RESERVED_EXHAUSTED, 40 },
		{ 0, 41, VERDICT_RESERVED_EXHAUSTED, 40 },
		/* Unconfirmed documents of others may still be used. */
		{ 61, 40, VERDICT_RESERVED_EXHAUSTED, 39 },
		{ 120, 40, VERDICT_RESERVED_EXHAUSTED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;

		bench_init(&bench, 100, 120, rows[i].reserved, 10, 200);
		bench.pool.leased_others = 60;
		bench.pool.documented_others = rows[i].documented_others;
		bench_decide(&bench, 0, now);
		assert_int_equal(bench.plan.denial, rows[i].denial);
		assert_int_equal(bench.plan.leased,
		    rows[i].denial == VERDICT_OK ? rows[i].reserved : 0);
		if (rows[i].denial == VERDICT_OK)
			continue;
		assert_int_equal(
		    bench.plan.numbers.available, rows[i].available);
		assert_int_equal(bench.plan.numbers.wanted, rows[i].reserved);
		assert_int_equal(bench.plan.numbers.reserved, rows[i].reserved);
	}
}

/* T fell from 120 to 100: the others hold 90, of which they lease 40. */
static void
a_reservation_raises_nothing_beyond_a_fallen_total(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 90, 20, 10, 60);
	bench.pool.leased_others = bench.pool.documented_others = 40;
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 3, now - 9, now + HOUR);
	bench_hold(&bench, 30);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	assert_int_equal(bench.plan.granted, 20);
	assert_int_equal(bench.plan.released, 20);
	assert_int_equal(bench.plan.leased, 30);
	/* 31 would be one more than it holds: two quanta go, and 21 are left. */
	bench.request.allocation.reserved = 21;
	bench_hold(&bench, 30);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.leased, 21);
}

/* A device that this client had before may still use 50 of the 100; another client reserves 50 and uses none. */
static void
a_reservation_waits_for_a_replaced_device(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 100, 50, 25, 100);
	bench.pool.leased_others = bench.pool.documented_others = 50;
	bench.pool.former_own = 50;
	bench_decide(&bench, 50, now);
	assert_int_equal(bench.plan.denial, VERDICT_RESERVED_EXHAUSTED);
	assert_int_equal(bench.plan.numbers.available, 0);
	assert_int_equal(bench.plan.leased, 0);
	/* Without the other client there is room for both devices. */
	bench_init(&bench, 100, 50, 50, 25, 100);
	bench.pool.leased_others = bench.pool.documented_others = 50;
	bench.pool.former_own = 50;
	bench_decide(&bench, 50, now);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	assert_int_equal(bench.plan.leased, 50);
}

static void
a_denied_reservation_is_the_first_reason(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 120, 50, 10, 200);
	bench_decide(&bench, 70, now);
	assert_int_equal(bench.plan.denial, VERDICT_RESERVED_EXHAUSTED);
	assert_int_equal(bench.plan.numbers.wanted, 70);
}

static void
a_reserved_count_over_the_maximum_is_cut(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 60, 10, 50);
	bench_decide(&bench, 55, now);
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.plan.denial, VERDICT_MAXIMUM_REACHED);
}

/* ---- growing ---- */

static void
growing_stops_at_each_bound(void **state)
{
	static const struct {
		int64_t total, maximum, users, leased;
		enum verdict denial;
	} rows[] = {
		{ 1000, 100, 50, 50, VERDICT_OK },
		{ 1000, 100, 51, 75, VERDICT_OK },
		{ 1000, 100, 75, 75, VERDICT_OK },
		{ 1000, 100, 76, 100, VERDICT_OK },
		{ 1000, 100, 100, 100, VERDICT_OK },
		{ 1000, 100, 101, 100, VERDICT_MAXIMUM_REACHED },
		{ 1000, 99, 76, 75, VERDICT_MAXIMUM_REACHED },
		{ 74, 100, 51, 50, VERDICT_POOL_EXHAUSTED },
		{ 75, 100, 51, 75, VERDICT_OK },
		{ 75, 100, 76, 75, VERDICT_POOL_EXHAUSTED },
		{ 100, 100, INT64_MAX, 100, VERDICT_MAXIMUM_REACHED },
		{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX - 7,
		    VERDICT_MAXIMUM_REACHED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;

		bench_init(&bench, rows[i].total, 0, 50, 25, rows[i].maximum);
		bench_decide(&bench, rows[i].users, now);
		assert_int_equal(bench.plan.leased, rows[i].leased);
		assert_int_equal(bench.plan.denial, rows[i].denial);
		assert_true(bench.plan.part_count <= 2);
	}
}

static void
without_an_increment_nothing_grows(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 0, 100);
	bench_decide(&bench, 51, now);
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.plan.denial, VERDICT_MAXIMUM_REACHED);
	assert_int_equal(bench.plan.numbers.reachable, 50);
}

static void
millions_of_quanta_are_one_part(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 10000000, 0, 0, 1, 10000000);
	bench_decide(&bench, 10000000, now);
	assert_int_equal(bench.plan.part_count, 1);
	assert_int_equal(bench.planned[0].count, 10000000);
	assert_int_equal(bench.planned[0].id, 0);
}

static void
a_refusal_stops_growth_but_not_renewal(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 1, now - 2 * DAY, now + 1);
	bench_hold(&bench, 25);
	bench.request.growth_allowed = false;
	bench.request.growth_refusal = VERDICT_RECOVERING;
	/* Nobody asks for more, but the reserved part is not whole. */
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.denial, VERDICT_RECOVERING);
	bench_decide(&bench, 60, now);
	assert_int_equal(bench.plan.leased, 25);
	assert_int_equal(bench.plan.denial, VERDICT_RECOVERING);
	assert_int_equal(units_until(&bench, now + DAY), 25);
	/* A recall never cuts reservations. */
	bench.request.growth_refusal = VERDICT_RECALL_IN_PROGRESS;
	bench_decide(&bench, 80, now);
	assert_int_equal(bench.plan.leased, 75);
	assert_int_equal(bench.plan.denial, VERDICT_RECALL_IN_PROGRESS);
	assert_int_equal(bench.plan.numbers.available, 925);
	bench_decide(&bench, 75, now);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
}

static void
units_being_recalled_are_not_for_quanta(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 0, 50, 25, 100);
	bench.pool.recalling = 26;
	bench_decide(&bench, 51, now);
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.plan.denial, VERDICT_RECALL_IN_PROGRESS);
	bench.pool.recalling = 25;
	bench_decide(&bench, 51, now);
	assert_int_equal(bench.plan.leased, 75);
	bench.pool.recalling = 100;
	bench_decide(&bench, 50, now);
	assert_int_equal(bench.plan.leased, 50);
	assert_false(bench.planned[0].is_lapsing);
	/* Quanta lent before run out, the reserved part goes on. */
	bench.pool.recalling = 30;
	bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now - DAY, now + HOUR);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 2, now - DAY, now + HOUR);
	bench_hold(&bench, 100);
	bench_decide(&bench, 100, now);
	assert_int_equal(bench.plan.leased, 100);
	assert_int_equal(units_until(&bench, now + HOUR), 50);
	assert_int_equal(units_until(&bench, now + 240 * HOUR), 50);
}

/* ---- shrinking ---- */

static void
idle_quanta_go_after_a_day(void **state)
{
	static const struct {
		int64_t age, users, leased;
	} rows[] = {
		{ DAY - 1, 0, 150 },
		{ DAY, 0, 50 },
		{ DAY, 50, 50 },
		{ DAY, 51, 75 },
		{ DAY, 125, 125 },
		{ DAY, 126, 150 },
		{ DAY + 1, 75, 75 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;

		bench_init(&bench, 1000, 0, 50, 25, 200);
		bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now, now + DAY);
		bench_part(&bench, LEASE_PART_QUANTUM, 25, 4, now - rows[i].age,
		    now + DAY);
		bench_hold(&bench, 150);
		bench_decide(&bench, rows[i].users, now);
		assert_int_equal(bench.plan.leased, rows[i].leased);
		assert_int_equal(bench.plan.released, 150 - rows[i].leased);
	}
}

static void
a_quantum_too_large_to_spare_stays(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 0, 10, 200);
	bench_part(&bench, LEASE_PART_QUANTUM, 40, 1, now - 3 * DAY, now + 1);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 3, now - 2 * DAY, now + 1);
	bench_hold(&bench, 70);
	bench_decide(&bench, 45, now);
	/* 70 - 40 would be too few; two of the small ones are not. */
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.plan.part_count, 2);
	assert_int_equal(bench.planned[1].count, 1);
}

static void
a_lowered_maximum_takes_the_newest(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 2, now - 1, now + DAY);
	bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now, now + DAY);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 2, now - 2 * DAY, now + DAY);
	bench_hold(&bench, 150);
	bench_decide(&bench, 150, now);
	assert_int_equal(bench.plan.leased, 100);
	assert_int_equal(bench.plan.denial, VERDICT_MAXIMUM_REACHED);
	assert_int_equal(bench.plan.part_count, 2);
	assert_int_equal(bench.planned[0].id, 2);
	assert_int_equal(bench.planned[1].id, 3);
	/* Part of a group, and more than the maximum asks when sizes differ. */
	bench.request.allocation.maximum = 110;
	bench_decide(&bench, 150, now);
	assert_int_equal(bench.plan.leased, 100);
	bench.request.allocation.maximum = 125;
	bench_decide(&bench, 150, now);
	assert_int_equal(bench.plan.leased, 125);
	assert_int_equal(bench.planned[2].id, 1);
	assert_int_equal(bench.planned[2].count, 1);
}

static void
a_feature_no_longer_allocated_is_released(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 0, 0, 0);
	bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now, now + DAY);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 2, now - 1, now + DAY);
	bench_hold(&bench, 100);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.part_count, 0);
	assert_int_equal(bench.plan.leased, 0);
	assert_int_equal(bench.plan.released, 100);
	assert_int_equal(bench.plan.denial, VERDICT_OK);
	bench_decide(&bench, 1, now);
	assert_int_equal(bench.plan.denial, VERDICT_NOT_ALLOCATED);
}

/* ---- renewing ---- */

static void
every_renewal_counts_from_now(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_ask(&bench, 75, now);
	bench_ask(&bench, 75, now + HOUR);
	assert_int_equal(bench.planned[0].expires, now + 241 * HOUR);
	assert_int_equal(bench.planned[1].expires, now + 25 * HOUR);
	assert_int_equal(bench.planned[1].granted, now);
}

static void
a_shorter_duration_cuts_nothing(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 0, 25, 100);
	bench.request.duration = 240 * HOUR;
	bench_ask(&bench, 25, now);
	bench.request.duration = DAY;
	bench_ask(&bench, 25, now + HOUR);
	assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
	/* The allocation's own end does. */
	bench.request.allocation_expires = now + 2 * HOUR;
	bench_ask(&bench, 25, now + HOUR);
	assert_int_equal(bench.planned[0].expires, now + 2 * HOUR);
}

static void
no_duration_is_a_second(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 0, 25, 100);
	bench.request.duration = -5;
	bench_decide(&bench, 25, now);
	assert_int_equal(bench.planned[0].expires, now + 1);
}

static void
expired_parts_are_gone(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 0, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 1, now - DAY, now);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 1, now - DAY, now + 1);
	bench_part(&bench, LEASE_PART_QUANTUM, 0, 1, now - DAY, now + 1);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 0, now - DAY, now + 1);
	bench_decide(&bench, 25, now);
	assert_int_equal(bench.plan.part_count, 1);
	assert_int_equal(bench.planned[0].id, 2);
	assert_int_equal(bench.plan.released, 0);
	assert_int_equal(bench.plan.granted, 0);
}

static void
a_reserved_part_is_one_piece(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_part(&bench, LEASE_PART_RESERVED, 10, 5, now - 5, now + DAY);
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.granted, 0);
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.planned[0].size, 50);
	assert_int_equal(bench.planned[0].count, 1);
}

static void
two_reserved_parts_become_one(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_part(&bench, LEASE_PART_RESERVED, 10, 2, now - 5, now + 9 * DAY);
	bench_part(&bench, LEASE_PART_RESERVED, 20, 1, now - 6, now + 8 * DAY);
	bench_part(&bench, LEASE_PART_RESERVED, 10, 1, now - 7, now + 9 * DAY);
	bench.parts[0].id = 7;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.plan.part_count, 1);
	assert_int_equal(bench.planned[0].id, 2);
	assert_int_equal(bench.planned[0].size, 50);
	assert_int_equal(bench.planned[0].count, 1);
	assert_int_equal(bench.planned[0].granted, now - 5);
	assert_int_equal(bench.plan.released, 0);
	assert_int_equal(bench.plan.granted, 0);
	/* Where it is not extended, what was signed for all of it ends it. */
	bench.pool.total = 0;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.planned[0].expires, now + 8 * DAY);
}

/* ---- a shortage ---- */

static void
a_shortage_extends_what_fits(void **state)
{
	static const struct {
		int64_t total;
		int64_t lapsing_quanta;
		bool reserved_lapses;
	} rows[] = {
		{ 150, 0, false },
		{ 149, 1, false },
		{ 125, 1, false },
		{ 124, 2, false },
		{ 50, 4, false },
		{ 49, 4, true },
		{ 0, 4, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench bench;
		int64_t lapsing = 0;

		bench_init(&bench, rows[i].total, 0, 50, 25, 200);
		bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now, now + HOUR);
		bench_part(
		    &bench, LEASE_PART_QUANTUM, 25, 3, now - 9, now + HOUR);
		bench_part(
		    &bench, LEASE_PART_QUANTUM, 25, 1, now - 5, now + HOUR);
		bench_hold(&bench, 150);
		bench_decide(&bench, 150, now);
		assert_int_equal(bench.plan.leased, 150);
		assert_int_equal(bench.plan.denial, VERDICT_OK);
		assert_int_equal(
		    bench.planned[0].is_lapsing, rows[i].reserved_lapses);
		assert_int_equal(bench.planned[0].expires,
		    rows[i].reserved_lapses ? now + HOUR : now + 240 * HOUR);
		for (size_t n = 1; n < bench.plan.part_count; n++) {
			if (!bench.planned[n].is_lapsing)
				continue;
			lapsing += bench.planned[n].count;
			assert_int_equal(bench.planned[n].expires, now + HOUR);
		}
		assert_int_equal(lapsing, rows[i].lapsing_quanta);
	}
}

static void
a_split_group_keeps_its_age(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 40, 0, 0, 10, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 6, now - 9, now + HOUR);
	bench_hold(&bench, 60);
	bench_ask(&bench, 60, now);
	assert_int_equal(bench.plan.part_count, 2);
	assert_int_equal(bench.planned[0].id, 1);
	assert_int_equal(bench.planned[0].count, 4);
	assert_int_equal(bench.planned[0].expires, now + DAY);
	assert_int_equal(bench.planned[1].id, 0);
	assert_int_equal(bench.planned[1].count, 2);
	assert_int_equal(bench.planned[1].granted, now - 9);
	assert_true(bench.planned[1].is_lapsing);
	assert_int_equal(bench.plan.granted, 0);
	/* The same ones lapse at the next request, and are well again later. */
	bench_ask(&bench, 60, now + 60);
	assert_true(bench.planned[1].is_lapsing);
	assert_int_equal(bench.planned[1].expires, now + HOUR);
	bench.pool.total = 60;
	bench_ask(&bench, 60, now + 120);
	assert_false(bench.planned[1].is_lapsing);
	assert_int_equal(bench.planned[1].expires, now + 120 + DAY);
}

static void
others_that_lapse_leave_room(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 80, 0, 10, 100);
	bench.pool.leased_others = 60; /* 20 of the 80 are lapsing */
	bench_part(&bench, LEASE_PART_QUANTUM, 10, 4, now - 9, now + HOUR);
	bench_hold(&bench, 40);
	bench_decide(&bench, 40, now);
	assert_false(bench.planned[0].is_lapsing);
	bench.pool.leased_others = 61;
	bench_decide(&bench, 40, now);
	assert_int_equal(bench.planned[0].count, 3);
	assert_true(bench.planned[1].is_lapsing);
}

/* ---- foreseen falls ---- */

static void
quanta_end_with_the_licenses_behind_them(void **state)
{
	struct pool_fall falls[] = {
		{ now - 5, 0, 0 }, /* over already: T knows it */
		{ now, 0, 0 },
		{ now + HOUR, 100, 0 },
		{ now + 2 * HOUR, 74, 0 },
		{ now + 3 * HOUR, 0, 0 },
	};
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench.pool.falls = falls;
	bench.pool.fall_count = 5;
	bench_decide(&bench, 75, now);
	/* 75 held: that fits 100, not 74. The reserved 50 fit 74, not 0. */
	assert_int_equal(bench.planned[1].expires, now + 2 * HOUR);
	assert_int_equal(bench.planned[0].expires, now + 3 * HOUR);
	falls[3].total = 75;
	bench_decide(&bench, 75, now);
	assert_int_equal(bench.planned[1].expires, now + 3 * HOUR);
	/* More than a quantum's time away: of no effect. */
	falls[3].at = falls[4].at = now + 2 * DAY;
	bench_decide(&bench, 75, now);
	assert_int_equal(bench.planned[1].expires, now + DAY);
	assert_int_equal(bench.planned[0].expires, now + 2 * DAY);
}

static void
an_idle_reservation_counts_at_a_fall(void **state)
{
	struct pool_fall fall = { now + HOUR, 60, 0 };
	struct bench bench;

	(void)state;
	/* 50 reserved, of which nothing is lent yet, and 10 of the others. */
	bench_init(&bench, 100, 10, 50, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 1, now - DAY, now + 1);
	bench_hold(&bench, 25);
	bench.pool.falls = &fall;
	bench.pool.fall_count = 1;
	bench.request.growth_refusal = VERDICT_RECOVERING;
	bench.request.growth_allowed = false;
	bench_decide(&bench, 25, now);
	assert_int_equal(bench.planned[0].expires, now + DAY);
	fall.total = 59;
	bench_decide(&bench, 25, now);
	assert_int_equal(bench.planned[0].expires, now + HOUR);
}

static void
no_quantum_outlasts_a_fall_into_a_recall(void **state)
{
	struct pool_fall fall = { now + HOUR, 85, 0 };
	struct bench bench;

	(void)state;
	bench_init(&bench, 100, 10, 0, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 2, now - DAY, now + 1);
	bench_hold(&bench, 50);
	bench.pool.kept_others = 10;
	bench.pool.recalling = 25;
	bench.pool.falls = &fall;
	bench.pool.fall_count = 1;
	bench_decide(&bench, 50, now);
	assert_int_equal(bench.planned[0].expires, now + DAY);
	fall.total = 84;
	bench_decide(&bench, 50, now);
	assert_int_equal(bench.planned[0].expires, now + HOUR);
}

static void
a_reserved_part_outlasts_if_all_that_outlast_fit(void **state)
{
	static const struct {
		int64_t outlasting_others;
		instant expires;
	} rows[] = {
		{ 50, now + 240 * HOUR },
		{ 51, now + HOUR },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pool_fall fall = { now + HOUR, 100,
			rows[i].outlasting_others };
		struct bench bench;

		/* The others hold 90: idle reservations and ending quanta. */
		bench_init(&bench, 1000, 90, 50, 25, 100);
		bench.pool.falls = &fall;
		bench.pool.fall_count = 1;
		bench_decide(&bench, 75, now);
		assert_int_equal(bench.planned[0].expires, rows[i].expires);
		assert_int_equal(bench.planned[1].expires, now + HOUR);
	}
}

static void
own_quanta_signed_longer_count_against_the_reserved_part(void **state)
{
	struct pool_fall fall = { now + HOUR, 70, 0 };
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 1, now - 9, now + 2 * HOUR);
	bench_hold(&bench, 25);
	bench.pool.falls = &fall;
	bench.pool.fall_count = 1;
	bench_decide(&bench, 75, now);
	/* The quantum was signed to outlast the fall, and stays so. */
	assert_int_equal(bench.planned[1].expires, now + 2 * HOUR);
	assert_int_equal(bench.planned[0].expires, now + HOUR);
	fall.total = 75;
	bench_decide(&bench, 75, now);
	assert_int_equal(bench.planned[0].expires, now + 240 * HOUR);
}

static void
a_part_that_grew_counts_as_new(void **state)
{
	struct pool_fall fall = { now + HOUR, 55, 0 };
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 60, 0, 60);
	bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now - 9, now + DAY);
	bench_hold(&bench, 50);
	bench.pool.falls = &fall;
	bench.pool.fall_count = 1;
	bench_decide(&bench, 0, now);
	assert_int_equal(bench.planned[0].size, 60);
	assert_int_equal(bench.planned[0].expires, now + HOUR);
}

/* ---- order, time ---- */

static void
rows_may_come_in_any_order(void **state)
{
	struct bench bench;
	static const struct lease_part rows[] = {
		{ 1, LEASE_PART_QUANTUM, 10, 1, now - 5, now + 9, false, 0 },
		{ 2, LEASE_PART_QUANTUM, 10, 1, now - 5, now + 9, true, 0 },
		{ 3, LEASE_PART_QUANTUM, 11, 1, now - 5, now + 9, false, 0 },
		{ 4, LEASE_PART_QUANTUM, 10, 1, now - 5, now + 8, false, 0 },
		{ 5, LEASE_PART_QUANTUM, 10, 2, now - 5, now + 9, false, 0 },
		{ 6, LEASE_PART_QUANTUM, 10, 1, now - 6, now + 9, false, 0 },
		{ 7, LEASE_PART_QUANTUM, 10, 1, now - 5, now + 9, false, 0 },
		{ 8, LEASE_PART_RESERVED, 10, 1, now - 5, now + 9, false, 0 },
	};
	static const int64_t order[] = { 8, 6, 1, 7, 5, 4, 3, 2 };

	(void)state;
	for (size_t shift = 0; shift < 8; shift++) {
		bench_init(&bench, 1000, 0, 10, 10, 500);
		for (size_t i = 0; i < 8; i++)
			bench.parts[i] = rows[(i * 3 + shift) % 8];
		bench.part_count = 8;
		bench_hold(&bench, 91);
		bench_decide(&bench, 91, now);
		assert_int_equal(bench.plan.part_count, 8);
		for (size_t i = 0; i < 8; i++)
			assert_int_equal(bench.planned[i].id, order[i]);
	}
}

static void
nothing_outside_the_arrays_is_touched(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 200);
	for (int64_t i = 0; i < 5; i++)
		bench_part(&bench, LEASE_PART_QUANTUM, 10, 1, now - i, now + 9);
	bench.part_count = 4;
	bench_hold(&bench, 40);
	for (size_t i = 0; i < BENCH_PARTS + 3; i++)
		bench.planned[i].id = 100 + (int64_t)i;
	bench_decide(&bench, 200, now);
	assert_int_equal(bench.plan.leased, 190);
	for (size_t i = 4 + 3; i < BENCH_PARTS + 3; i++)
		assert_int_equal(bench.planned[i].id, 100 + (int64_t)i);
}

static void
the_request_may_be_its_own_answer(void **state)
{
	struct bench bench;

	(void)state;
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_part(&bench, LEASE_PART_QUANTUM, 25, 1, now, now + HOUR);
	bench_part(&bench, LEASE_PART_RESERVED, 50, 1, now, now + HOUR);
	bench.request.part_count = 2;
	bench.request.users = 100;
	bench.plan.parts = bench.parts;
	lease_decide(&bench.plan, &bench.request, &bench.pool, now);
	assert_int_equal(bench.plan.part_count, 3);
	assert_int_equal(bench.parts[0].id, 2);
	assert_int_equal(bench.parts[1].id, 1);
	assert_int_equal(bench.parts[2].id, 0);
}

static void
units_count_until_their_instant(void **state)
{
	const struct lease_part parts[] = {
		{ .size = 25, .count = 2, .expires = now },
		{ .size = 50, .count = 1, .expires = now + 1 },
		{ .size = -1, .count = 5, .expires = now + 1 },
		{ .size = INT64_MAX, .count = 2, .expires = now - 1 },
	};

	(void)state;
	assert_int_equal(lease_units(parts, 3, now - 1), 100);
	assert_int_equal(lease_units(parts, 3, now), 50);
	assert_int_equal(lease_units(parts, 3, now + 1), 0);
	assert_int_equal(lease_units(parts, 4, now - 2), INT64_MAX);
	assert_int_equal(lease_units(NULL, 0, now), 0);
}

static void
renewals_come_in_time(void **state)
{
	(void)state;
	assert_int_equal(
	    lease_renew_after(4 * HOUR, INSTANT_NEVER, now), 4 * HOUR);
	assert_int_equal(lease_renew_after(4 * HOUR, now + DAY, now), 4 * HOUR);
	assert_int_equal(
	    lease_renew_after(4 * HOUR, now + 8 * HOUR, now), 4 * HOUR);
	assert_int_equal(
	    lease_renew_after(4 * HOUR, now + 8 * HOUR - 2, now), 4 * HOUR - 1);
	assert_int_equal(lease_renew_after(4 * HOUR, now + 122, now), 61);
	assert_int_equal(lease_renew_after(4 * HOUR, now + 120, now), 60);
	assert_int_equal(lease_renew_after(4 * HOUR, now + 1, now), 60);
	assert_int_equal(lease_renew_after(4 * HOUR, now, now), 60);
	assert_int_equal(lease_renew_after(4 * HOUR, now - 1, now), 60);
	assert_int_equal(lease_renew_after(-1, INSTANT_NEVER, now), 60);
	assert_int_equal(
	    lease_renew_after(INT64_MAX, INT64_MAX - 1, INT64_MIN), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reserved_part_comes_at_once),
		cmocka_unit_test(a_lowered_reserved_count_shrinks_the_part),
		cmocka_unit_test(
		    a_raised_reserved_count_makes_own_quanta_give_way),
		cmocka_unit_test(a_group_gives_way_in_part),
		cmocka_unit_test(a_fallen_total_grants_what_really_fits),
		cmocka_unit_test(
		    a_reservation_raises_nothing_beyond_a_fallen_total),
		cmocka_unit_test(a_reservation_waits_for_a_replaced_device),
		cmocka_unit_test(a_denied_reservation_is_the_first_reason),
		cmocka_unit_test(a_reserved_count_over_the_maximum_is_cut),
		cmocka_unit_test(growing_stops_at_each_bound),
		cmocka_unit_test(without_an_increment_nothing_grows),
		cmocka_unit_test(millions_of_quanta_are_one_part),
		cmocka_unit_test(a_refusal_stops_growth_but_not_renewal),
		cmocka_unit_test(units_being_recalled_are_not_for_quanta),
		cmocka_unit_test(idle_quanta_go_after_a_day),
		cmocka_unit_test(a_quantum_too_large_to_spare_stays),
		cmocka_unit_test(a_lowered_maximum_takes_the_newest),
		cmocka_unit_test(a_feature_no_longer_allocated_is_released),
		cmocka_unit_test(every_renewal_counts_from_now),
		cmocka_unit_test(a_shorter_duration_cuts_nothing),
		cmocka_unit_test(no_duration_is_a_second),
		cmocka_unit_test(expired_parts_are_gone),
		cmocka_unit_test(a_reserved_part_is_one_piece),
		cmocka_unit_test(two_reserved_parts_become_one),
		cmocka_unit_test(a_shortage_extends_what_fits),
		cmocka_unit_test(a_split_group_keeps_its_age),
		cmocka_unit_test(others_that_lapse_leave_room),
		cmocka_unit_test(quanta_end_with_the_licenses_behind_them),
		cmocka_unit_test(an_idle_reservation_counts_at_a_fall),
		cmocka_unit_test(no_quantum_outlasts_a_fall_into_a_recall),
		cmocka_unit_test(
		    a_reserved_part_outlasts_if_all_that_outlast_fit),
		cmocka_unit_test(
		    own_quanta_signed_longer_count_against_the_reserved_part),
		cmocka_unit_test(a_part_that_grew_counts_as_new),
		cmocka_unit_test(rows_may_come_in_any_order),
		cmocka_unit_test(nothing_outside_the_arrays_is_touched),
		cmocka_unit_test(the_request_may_be_its_own_answer),
		cmocka_unit_test(units_count_until_their_instant),
		cmocka_unit_test(renewals_come_in_time),
	};

	return cmocka_run_group_tests_name("rules lease", tests, NULL, NULL);
}
