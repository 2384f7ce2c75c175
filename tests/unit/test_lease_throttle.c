/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lease_throttle.c: who is slowed, for how long, and who is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/lease_throttle.h"
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(5000000)

static struct lease_throttle throttle;

static int
begin(void **state)
{
	(void)state;
	return lease_throttle_init(&throttle);
}

static int
end(void **state)
{
	(void)state;
	lease_throttle_clear(&throttle);
	return 0;
}

static void
fail_often(enum lease_throttle_kind kind, const char *name, int times)
{
	while (times-- > 0)
		lease_throttle_failed(&throttle, kind, name, NOW);
}

static int64_t
address_wait(const char *address, int64_t now_ms)
{
	return lease_throttle_wait(
	    &throttle, LEASE_THROTTLE_ADDRESS, address, now_ms);
}

static int64_t
client_wait(const char *client, int64_t now_ms)
{
	return lease_throttle_wait(
	    &throttle, LEASE_THROTTLE_CLIENT, client, now_ms);
}

static void
the_first_failures_cost_nothing(void **state)
{
	(void)state;
	assert_int_equal(address_wait("192.0.2.1", NOW), 0);
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 9);
	assert_int_equal(address_wait("192.0.2.1", NOW), 0);
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 1);
	assert_int_equal(address_wait("192.0.2.1", NOW), 1000);
	fail_often(LEASE_THROTTLE_CLIENT, "gw1", 29);
	assert_int_equal(client_wait("gw1", NOW), 0);
	fail_often(LEASE_THROTTLE_CLIENT, "gw1", 1);
	assert_int_equal(client_wait("gw1", NOW), 1000);
}

static void
each_further_failure_doubles_the_wait(void **state)
{
	int64_t expected = 1000;
	int i;

	(void)state;
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 10);
	for (i = 0; i < 6; i++) {
		assert_int_equal(address_wait("192.0.2.1", NOW),
		    expected < 60000 ? expected : 60000);
		fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 1);
		expected *= 2;
	}
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 100000);
	assert_int_equal(address_wait("192.0.2.1", NOW), 60000);
}

static void
the_wait_ends(void **state)
{
	(void)state;
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 10);
	assert_int_equal(address_wait("192.0.2.1", NOW + 999), 1);
	assert_int_equal(address_wait("192.0.2.1", NOW + 1000), 0);
	/* Not forgotten: the next failure costs more at once. */
	lease_throttle_failed(
	    &throttle, LEASE_THROTTLE_ADDRESS, "192.0.2.1", NOW + 1000);
	assert_int_equal(address_wait("192.0.2.1", NOW + 1000), 2000);
}

static void
failures_are_forgotten_in_time(void **state)
{
	(void)state;
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 20);
	lease_throttle_failed(&throttle, LEASE_THROTTLE_ADDRESS, "192.0.2.1",
	    NOW + LEASE_THROTTLE_MEMORY_MS - 1);
	assert_int_equal(
	    address_wait("192.0.2.1", NOW + LEASE_THROTTLE_MEMORY_MS - 1),
	    60000);
	lease_throttle_failed(&throttle, LEASE_THROTTLE_ADDRESS, "192.0.2.1",
	    NOW + 2 * LEASE_THROTTLE_MEMORY_MS - 1);
	assert_int_equal(
	    address_wait("192.0.2.1", NOW + 2 * LEASE_THROTTLE_MEMORY_MS - 1),
	    0);
}

static void
success_clears_a_client(void **state)
{
	(void)state;
	fail_often(LEASE_THROTTLE_CLIENT, "gw1", 40);
	lease_throttle_succeeded(&throttle, LEASE_THROTTLE_CLIENT, "gw1", NOW);
	assert_int_equal(client_wait("gw1", NOW), 0);
	fail_often(LEASE_THROTTLE_CLIENT, "gw1", 1);
	assert_int_equal(client_wait("gw1", NOW), 0);
}

static void
nobody_is_slowed_for_another(void **state)
{
	(void)state;
	fail_often(LEASE_THROTTLE_ADDRESS, "192.0.2.1", 50);
	fail_often(LEASE_THROTTLE_CLIENT, "gw1", 50);
	assert_int_equal(address_wait("192.0.2.2", NOW), 0);
	assert_int_equal(client_wait("gw2", NOW), 0);
	assert_int_equal(client_wait("GW1", NOW), 0);
	assert_int_equal(client_wait("192.0.2.1", NOW), 0);
	assert_int_equal(address_wait("gw1", NOW), 0);
}

static void
an_ipv6_neighborhood_is_one(void **state)
{
	(void)state;
	fail_often(LEASE_THROTTLE_ADDRESS, "2001:db8::1", 11);
	assert_int_not_equal(address_wait("2001:db8::2", NOW), 0);
	assert_int_not_equal(
	    address_wait("2001:db8:0:0:ffff:ffff:ffff:ffff", NOW), 0);
	assert_int_equal(address_wait("2001:db8:0:1::1", NOW), 0);
	fail_often(LEASE_THROTTLE_ADDRESS, "::ffff:192.0.2.1", 11);
	assert_int_not_equal(address_wait("192.0.2.1", NOW), 0);
	assert_int_equal(address_wait("::ffff:192.0.2.2", NOW), 0);
}

static void
a_flood_of_names_does_not_hide_a_guesser(void **state)
{
	char name[32];
	int i;

	(void)state;
	fail_often(LEASE_THROTTLE_CLIENT, "gw1", 40);
	for (i = 0; i < 200000; i++) {
		snprintf(name, sizeof(name), "flood%d", i);
		lease_throttle_failed(
		    &throttle, LEASE_THROTTLE_CLIENT, name, NOW);
	}
	assert_int_not_equal(client_wait("gw1", NOW), 0);
}

static void
names_of_any_length_are_told_apart(void **state)
{
	static char a[20001], b[20001];

	(void)state;
	memset(a, 'x', sizeof(a) - 1);
	memset(b, 'x', sizeof(b) - 1);
	b[sizeof(b) - 2] = 'y';
	fail_often(LEASE_THROTTLE_CLIENT, a, 40);
	assert_int_not_equal(client_wait(a, NOW), 0);
	assert_int_equal(client_wait(b, NOW), 0);
}

static int64_t
spend(const char *name, int64_t now_ms)
{
	return lease_throttle_spend(
	    &throttle, LEASE_THROTTLE_PACE, name, now_ms);
}

static void
a_client_let_in_has_a_burst_and_a_pace(void **state)
{
	(void)state;
	for (int i = 0; i < LEASE_THROTTLE_BURST; i++)
		assert_int_equal(spend("1", NOW), 0);
	assert_int_equal(spend("1", NOW), 1000);
	assert_int_equal(spend("1", NOW + 999), 1);
	assert_int_equal(spend("2", NOW), 0);
	assert_int_equal(spend("1", NOW + 1000), 0);
	assert_int_not_equal(spend("1", NOW + 1000), 0);
	for (int i = 0; i < LEASE_THROTTLE_BURST; i++)
		assert_int_equal(spend("1", NOW + 61000), 0);
	assert_int_not_equal(spend("1", NOW + 61000), 0);
	assert_int_equal(client_wait("1", NOW), 0);
}

static int64_t
spend_at(const char *address)
{
	return lease_throttle_spend(
	    &throttle, LEASE_THROTTLE_PACE_ADDRESS, address, NOW);
}

static void
an_address_has_a_pace_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < LEASE_THROTTLE_BURST; i++)
		assert_int_equal(spend_at("2001:db8::1"), 0);
	assert_int_equal(spend_at("2001:db8::1"), 1000);
	assert_int_equal(spend_at("2001:db8::ffff:1"), 1000);
	assert_int_equal(spend_at("2001:db8:0:1::1"), 0);
	assert_int_equal(spend("2001:db8::1", NOW), 0);
	for (int i = 0; i < LEASE_THROTTLE_BURST; i++)
		assert_int_equal(spend_at("192.0.2.1"), 0);
	assert_int_equal(spend_at("::ffff:192.0.2.1"), 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_failures_cost_nothing),
		TEST(each_further_failure_doubles_the_wait),
		TEST(the_wait_ends),
		TEST(failures_are_forgotten_in_time),
		TEST(success_clears_a_client),
		TEST(nobody_is_slowed_for_another),
		TEST(an_ipv6_neighborhood_is_one),
		TEST(a_flood_of_names_does_not_hide_a_guesser),
		TEST(names_of_any_length_are_told_apart),
		TEST(a_client_let_in_has_a_burst_and_a_pace),
		TEST(an_address_has_a_pace_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
