/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_pool.c: what is free to lend, and what is free to reserve.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/pool.h"

static void
a_client_holds_the_larger(void **state)
{
	(void)state;
	assert_int_equal(pool_held(50, 60, false), 60);
	assert_int_equal(pool_held(50, 40, false), 50);
	assert_int_equal(pool_held(50, 50, false), 50);
	assert_int_equal(pool_held(0, 0, false), 0);
	assert_int_equal(pool_held(INT64_MAX, 1, false), INT64_MAX);
}

static void
an_expired_client_holds_its_documents_only(void **state)
{
	(void)state;
	assert_int_equal(pool_held(50, 40, true), 40);
	assert_int_equal(pool_held(50, 0, true), 0);
	assert_int_equal(pool_held(50, -1, true), 0);
}

static void
odd_holdings_are_none(void **state)
{
	(void)state;
	assert_int_equal(pool_held(-5, -7, false), 0);
	assert_int_equal(pool_held(-7, -5, false), 0);
	assert_int_equal(pool_held(-7, 3, false), 3);
}

static void
available_is_what_nobody_holds(void **state)
{
	struct pool pool = { .total = 1000, .held = 600 };

	(void)state;
	assert_int_equal(pool_available(&pool), 400);
	pool.held = 1000;
	assert_int_equal(pool_available(&pool), 0);
	pool.held = 1001;
	assert_int_equal(pool_available(&pool), -1);
	pool = (struct pool){ .total = -5, .held = INT64_MAX };
	assert_int_equal(pool_available(&pool), -INT64_MAX);
	pool = (struct pool){ .total = INT64_MAX, .held = INT64_MIN };
	assert_int_equal(pool_available(&pool), INT64_MAX);
}

static void
reservable_leaves_the_asker_out(void **state)
{
	struct pool pool = { .total = 100, .held = 90, .held_own = 30 };

	(void)state;
	assert_int_equal(pool_reservable(&pool), 40);
	pool.held_own = 0;
	assert_int_equal(pool_reservable(&pool), 10);
	pool.held = 130;
	assert_int_equal(pool_reservable(&pool), -30);
	pool.held_own = 200; /* more than all: then the others hold nothing */
	assert_int_equal(pool_reservable(&pool), 100);
	pool.held_own = -1;
	assert_int_equal(pool_reservable(&pool), -30);
}

/* Old and new device together hold no less than R, and no more than they may use beyond it. */
static void
a_reservation_covers_replaced_devices(void **state)
{
	(void)state;
	assert_int_equal(pool_reserved_beside(50, 0), 50);
	assert_int_equal(pool_reserved_beside(50, 20), 30);
	assert_int_equal(pool_reserved_beside(50, 50), 0);
	assert_int_equal(pool_reserved_beside(50, 75), 0);
	assert_int_equal(pool_reserved_beside(50, -1), 50);
	assert_int_equal(pool_reserved_beside(-1, 0), 0);
}

static void
a_form_may_reserve_what_its_replaced_devices_hold(void **state)
{
	struct pool pool = {
		.total = 100, .held = 90, .held_own = 10, .former_own = 40
	};

	(void)state;
	assert_int_equal(pool_reservable(&pool), 60);
	pool.former_own = 200; /* more than the others hold */
	assert_int_equal(pool_reservable(&pool), 100);
	pool.former_own = -1;
	assert_int_equal(pool_reservable(&pool), 20);
}

static void
a_new_device_gets_what_the_present_one_leaves(void **state)
{
	struct pool pool = { .total = 100, .held = 60, .held_own = 50 };

	(void)state;
	assert_int_equal(pool_replaceable(&pool, 50), 40);
	assert_int_equal(pool_replaceable(&pool, 90), 0);
	assert_int_equal(pool_replaceable(&pool, 91), 0);
	assert_int_equal(pool_replaceable(&pool, -1), 90);
	pool.total = -1;
	assert_int_equal(pool_replaceable(&pool, 0), 0);
	pool.total = INT64_MAX;
	assert_int_equal(pool_replaceable(&pool, INT64_MAX), 0);
}

static void
of_subscriptions_what_others_leave_may_be_reserved(void **state)
{
	struct pool pool = { .total = 100,
		.held = 40,
		.subscription = 70,
		.subscription_others = 20 };

	(void)state;
	assert_int_equal(pool_reservable_subscription(&pool), 50);
	pool.held = 51; /* what all leave is less */
	assert_int_equal(pool_reservable_subscription(&pool), 49);
	pool.held = 0;
	pool.subscription_others = 71;
	assert_int_equal(pool_reservable_subscription(&pool), 0);
	pool.subscription = -1;
	pool.subscription_others = -1;
	assert_int_equal(pool_reservable_subscription(&pool), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_holds_the_larger),
		cmocka_unit_test(an_expired_client_holds_its_documents_only),
		cmocka_unit_test(odd_holdings_are_none),
		cmocka_unit_test(available_is_what_nobody_holds),
		cmocka_unit_test(reservable_leaves_the_asker_out),
		cmocka_unit_test(a_reservation_covers_replaced_devices),
		cmocka_unit_test(
		    a_form_may_reserve_what_its_replaced_devices_hold),
		cmocka_unit_test(a_new_device_gets_what_the_present_one_leaves),
		cmocka_unit_test(
		    of_subscriptions_what_others_leave_may_be_reserved),
	};

	return cmocka_run_group_tests_name("rules pool", tests, NULL, NULL);
}
