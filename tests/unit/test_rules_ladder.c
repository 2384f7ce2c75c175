/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_ladder.c: what ends when a client hears no more of its server,
 * the second before each end, at it and after it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/ladder.h"

#define DAY   SECONDS_PER_DAY
#define HEARD INT64_C(1000000)
#define RUNGS 16

static const struct feature consec = { .name = "CONSEC",
	.kind = FEATURE_USERS,
	.family = "any",
	.role_specific = true };
static const struct feature access_ = {
	.name = "ACCESS", .kind = FEATURE_USERS, .family = "any"
};
static const struct demand_gateway gateway = { .has_server = true,
	.default_users = DEMAND_DEFAULT_USERS };

struct bench {
	struct demand_feature features[2];
	struct auto_lease_contact contacts[2];
	struct ladder_part parts[6];
	struct ladder_input input;
	struct ladder_rung rungs[RUNGS];
	size_t count;
};

/* CONSEC: 10 own, 50 reserved, two quanta of 25 and one of 25 later. ACCESS: nothing. */
static void
setup(struct bench *bench)
{
	*bench = (struct bench){
		.features = { { .feature = &consec, .own = 10 },
		    { .feature = &access_ } },
		.contacts = { { .last_success = HEARD,
				  .reserved = 50,
				  .reserved_expires = HEARD + 10 * DAY },
		    { .last_success = HEARD } },
		.parts = { { 0, true, 50, HEARD + 10 * DAY },
		    { 0, false, 25, HEARD + DAY },
		    { 0, false, 25, HEARD + DAY },
		    { 0, false, 25, HEARD + DAY + 1 } },
		.input = { .part_count = 4, .last_success = HEARD },
	};
}

static void
build(struct bench *bench, instant now)
{
	bench->input.features = bench->features;
	bench->input.contacts = bench->contacts;
	bench->input.count = 2;
	bench->input.parts = bench->parts;
	bench->input.gateway = &gateway;
	bench->input.now = now;
	bench->count = ladder_build(bench->rungs, &bench->input);
	assert_true(bench->count <=
	    ladder_most(bench->input.count, bench->input.part_count));
}

static void
expect(const struct bench *bench, size_t i, enum ladder_step step,
    int64_t units, instant at, int64_t capacity)
{
	const struct ladder_rung *rung = &bench->rungs[i];

	assert_true(i < bench->count);
	assert_int_equal(rung->step, step);
	assert_int_equal(rung->units, units);
	assert_int_equal(rung->at, at);
	assert_int_equal(rung->capacity, capacity);
	assert_int_equal(rung->is_past, at <= bench->input.now);
}

static void
quanta_lapse_then_the_reserved_part_then_own_licenses_count(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench);
	build(&bench, HEARD);
	assert_int_equal(bench.count, 5);
	expect(&bench, 0, LADDER_CONTACT, 0, HEARD, 135);
	expect(&bench, 1, LADDER_QUANTA, 50, HEARD + DAY, 85);
	expect(&bench, 2, LADDER_QUANTA, 25, HEARD + DAY + 1, 60);
	expect(&bench, 3, LADDER_RESERVED, 50, HEARD + 10 * DAY, 10);
	expect(&bench, 4, LADDER_OWN, 0, HEARD + 10 * DAY, 10);
}

/* Half-open: a part that ends now has ended. */
static void
rung_is_past_from_its_instant_on(void **state)
{
	struct bench bench;

	(void)state;
	for (instant now = HEARD + DAY - 1; now <= HEARD + DAY + 1; now++) {
		setup(&bench);
		build(&bench, now);
		assert_true(bench.rungs[0].is_past);
		assert_int_equal(bench.rungs[1].is_past, now >= HEARD + DAY);
		assert_int_equal(bench.rungs[2].is_past, now > HEARD + DAY);
		assert_false(bench.rungs[3].is_past);
	}
	setup(&bench);
	build(&bench, HEARD + 10 * DAY - 1);
	assert_false(bench.rungs[4].is_past);
	setup(&bench);
	build(&bench, HEARD + 10 * DAY);
	assert_true(bench.rungs[3].is_past && bench.rungs[4].is_past);
}

/* What it took itself counts until its right ends: ten days, or the reserved part's expiry. */
static void
auto_leased_units_count_until_the_right_ends(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench);
	bench.contacts[0].was_on = true;
	bench.contacts[0].reserved_expires = HEARD + 9 * DAY;
	bench.parts[0].expires = HEARD + 9 * DAY;
	bench.features[0].auto_leased = 75;
	build(&bench, HEARD + 2 * DAY);
	assert_int_equal(bench.count, 6);
	expect(&bench, 2, LADDER_QUANTA, 25, HEARD + DAY + 1, 135);
	expect(&bench, 3, LADDER_AUTO_LEASE, 75, HEARD + 9 * DAY, 60);
	expect(&bench, 4, LADDER_RESERVED, 50, HEARD + 9 * DAY, 10);

	/* Nothing reserved: 240 h, though nothing is taken yet. */
	setup(&bench);
	bench.contacts[1].was_on = true;
	bench.input.part_count = 0;
	build(&bench, HEARD);
	assert_int_equal(bench.count, 3);
	expect(&bench, 1, LADDER_AUTO_LEASE, 0, HEARD + 10 * DAY, 10);
	assert_int_equal(bench.rungs[1].feature, 1);
	expect(&bench, 2, LADDER_OWN, 0, HEARD + 10 * DAY, 10);
}

/* Units taken of a feature whose right is gone count at no rung. */
static void
units_without_right_never_count(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench);
	bench.features[0].auto_leased = 500;
	bench.features[0].surplus = 500;
	bench.features[0].leased = 1;
	build(&bench, HEARD);
	expect(&bench, 0, LADDER_CONTACT, 0, HEARD, 135);
}

static void
features_that_lapse_together_keep_their_order(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench);
	bench.parts[4] = (struct ladder_part){ 1, false, 5, HEARD + DAY };
	bench.parts[5] = (struct ladder_part){ 0, false, 1, HEARD + DAY };
	bench.features[0].own = 0;
	bench.input.part_count = 6;
	build(&bench, HEARD);
	assert_int_equal(bench.count, 6);
	expect(&bench, 1, LADDER_QUANTA, 51, HEARD + DAY, 80);
	assert_int_equal(bench.rungs[1].feature, 0);
	expect(&bench, 2, LADDER_QUANTA, 5, HEARD + DAY, 75);
	assert_int_equal(bench.rungs[2].feature, 1);
	/* Without licenses of its own: the default users. */
	expect(
	    &bench, 5, LADDER_OWN, 0, HEARD + 10 * DAY, DEMAND_DEFAULT_USERS);
}

static void
client_without_a_lease_has_no_ladder(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench);
	bench.input.part_count = 0;
	build(&bench, HEARD);
	assert_int_equal(bench.count, 0);
}

static void
ten_days_are_counted_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(ladder_seconds_alone(HEARD, HEARD - 1), 0);
	assert_int_equal(ladder_seconds_alone(HEARD, HEARD), 0);
	assert_int_equal(ladder_seconds_alone(HEARD, HEARD + 1), 1);
	assert_int_equal(
	    ladder_seconds_alone(HEARD, HEARD + 10 * DAY - 1), 10 * DAY - 1);
	assert_int_equal(
	    ladder_seconds_alone(HEARD, HEARD + 10 * DAY), 10 * DAY);
	assert_int_equal(ladder_seconds_alone(HEARD, INT64_MAX), 10 * DAY);
	assert_int_equal(ladder_seconds_alone(INT64_MAX, INT64_MAX), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    quanta_lapse_then_the_reserved_part_then_own_licenses_count),
		cmocka_unit_test(rung_is_past_from_its_instant_on),
		cmocka_unit_test(auto_leased_units_count_until_the_right_ends),
		cmocka_unit_test(units_without_right_never_count),
		cmocka_unit_test(features_that_lapse_together_keep_their_order),
		cmocka_unit_test(client_without_a_lease_has_no_ladder),
		cmocka_unit_test(ten_days_are_counted_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
