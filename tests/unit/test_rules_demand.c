/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_demand.c: how many users a gateway admits, and which feature it
 * asks for them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/demand.h"

static const struct feature access_ = {
	.name = "ACCESS", .kind = FEATURE_USERS, .family = "any"
};
static const struct feature consec = { .name = "CONSEC",
	.kind = FEATURE_USERS,
	.family = "any",
	.role_specific = true };
static const struct feature x600 = {
	.name = "ACCESSX600", .kind = FEATURE_USERS, .family = "MAG"
};
static const struct feature rdp = {
	.name = "ACCESS-RDP", .kind = FEATURE_RDP, .family = "any"
};
static const struct feature vcpu = {
	.name = "VCPU", .kind = FEATURE_CORES, .family = "any"
};

static int64_t
capacity_of(const struct demand_feature *features, size_t count,
    int64_t percent, int64_t users_max)
{
	const struct platform platform = { "PSA-300", "PSA", false, users_max,
		percent };
	const struct demand_gateway gateway = { &platform, true,
		DEMAND_DEFAULT_USERS };

	return demand_capacity(features, count, &gateway);
}

static int64_t
rdp_capacity_of(const struct demand_feature *features, size_t count)
{
	const struct demand_gateway gateway = { NULL, false,
		DEMAND_DEFAULT_USERS };

	return demand_rdp_capacity(features, count, &gateway);
}

static void
capacity_adds_users_only(void **state)
{
	struct demand_feature features[] = {
		{ .feature = &access_,
		    .own = 10,
		    .leased = 20,
		    .auto_leased = 5 },
		{ .feature = &consec, .own = 100 },
		{ .feature = &rdp, .own = 7, .leased = 3 },
		{ .feature = &vcpu, .own = 1000 },
		{ .feature = &access_,
		    .own = -5,
		    .leased = -1,
		    .auto_leased = INT64_MIN },
	};

	(void)state;
	assert_int_equal(capacity_of(features, 5, 0, 0), 135);
	assert_int_equal(rdp_capacity_of(features, 5), 10);
	assert_int_equal(capacity_of(features, 0, 0, 0), 2);
	assert_int_equal(rdp_capacity_of(features, 0), 0);
}

static void
two_users_are_always_admitted(void **state)
{
	struct demand_feature feature = { .feature = &access_ };

	(void)state;
	for (feature.own = 0; feature.own <= 3; feature.own++)
		assert_int_equal(capacity_of(&feature, 1, 0, 0),
		    feature.own < 2 ? 2 : feature.own);
}

static void
allowance_and_platform_limit(void **state)
{
	struct demand_feature feature = { .feature = &access_, .own = 250 };

	(void)state;
	assert_int_equal(capacity_of(&feature, 1, 10, 0), 275);
	assert_int_equal(capacity_of(&feature, 1, 1, 0), 252);
	assert_int_equal(capacity_of(&feature, 1, -10, 0), 250);
	assert_int_equal(capacity_of(&feature, 1, 10, 274), 274);
	assert_int_equal(capacity_of(&feature, 1, 10, 275), 275);
	assert_int_equal(capacity_of(&feature, 1, 10, -1), 275);
	feature.own = INT64_MAX;
	assert_int_equal(capacity_of(&feature, 1, INT64_MAX, 0), INT64_MAX);
	feature.own = INT64_MAX - 1;
	assert_int_equal(capacity_of(&feature, 1, 0, 0), INT64_MAX - 1);
}

static void
the_default_is_a_setting(void **state)
{
	struct demand_feature feature = { .feature = &access_ };
	struct demand_gateway gateway = { NULL, false, 0 };

	(void)state;
	assert_int_equal(demand_capacity(&feature, 1, &gateway), 0);
	gateway.default_users = -1;
	assert_int_equal(demand_capacity(&feature, 1, &gateway), 0);
	feature.own = 1;
	assert_int_equal(demand_capacity(&feature, 1, &gateway), 1);
	gateway.default_users = 5;
	assert_int_equal(demand_capacity(&feature, 1, &gateway), 5);
	feature.own = 6;
	assert_int_equal(demand_capacity(&feature, 1, &gateway), 6);
}

static void
virtual_gateway_needs_a_server_or_a_license_for_its_role(void **state)
{
	static const struct platform machine = { "VA-SPE", "PSA", true, 100,
		10 };
	static const struct platform small = { "VA-SPE", "PSA", true, 1, 0 };
	struct demand_gateway gateway = { &machine, false, 2 };
	struct demand_feature features[] = {
		{ .feature = &access_, .own = 50 },
		{ .feature = &consec, .leased = 20 },
		{ .feature = &rdp, .own = 7 },
	};

	(void)state;
	assert_int_equal(demand_capacity(features, 3, &gateway), 2);
	assert_int_equal(demand_rdp_capacity(features, 3, &gateway), 0);
	gateway.default_users = 0;
	assert_int_equal(demand_capacity(features, 3, &gateway), 0);
	gateway.default_users = 2;
	gateway.platform = &small;
	assert_int_equal(demand_capacity(features, 3, &gateway), 1);
	gateway.platform = &machine;
	gateway.has_server = true;
	assert_int_equal(demand_capacity(features, 3, &gateway), 77);
	assert_int_equal(demand_rdp_capacity(features, 3, &gateway), 7);
	gateway.has_server = false;
	features[1] = (struct demand_feature){ .feature = &consec, .own = 1 };
	assert_int_equal(demand_capacity(features, 3, &gateway), 56);
	assert_int_equal(demand_rdp_capacity(features, 3, &gateway), 7);
	/* Hardware works on its own. */
	features[1].own = 0;
	gateway.platform = NULL;
	assert_int_equal(demand_capacity(features, 3, &gateway), 50);
}

static void
own_units_serve_first(void **state)
{
	struct demand_feature features[] = {
		{ .feature = &access_, .own = 10, .reachable = 50 },
		{ .feature = &consec, .own = 20, .reachable = 50 },
	};
	static const struct {
		int64_t users, access, consec;
	} rows[] = {
		{ 0, 0, 0 },
		{ -1, 0, 0 },
		{ 30, 0, 0 },
		{ 31, 0, 1 },
		{ 80, 0, 50 },
		{ 81, 1, 50 },
		{ 130, 50, 50 },
		/* The last takes what is left over, so that its lack is told. */
		{ 140, 60, 50 },
		{ INT64_MAX, INT64_MAX - 80, 50 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		demand_place(features, 2, rows[i].users, 0);
		assert_int_equal(features[0].users, rows[i].access);
		assert_int_equal(features[1].users, rows[i].consec);
	}
}

static void
a_denied_feature_passes_the_rest_on(void **state)
{
	struct demand_feature features[] = {
		{ .feature = &consec,
		    .leased = 25,
		    .reachable = 100,
		    .is_denied = true },
		{ .feature = &access_, .reachable = 100 },
	};

	(void)state;
	demand_place(features, 2, 60, 0);
	assert_int_equal(features[0].users, 25);
	assert_int_equal(features[1].users, 35);
	features[0].is_denied = false;
	demand_place(features, 2, 60, 0);
	assert_int_equal(features[0].users, 60);
	assert_int_equal(features[1].users, 0);
	/* Reachable not known: what it has, no more. */
	features[0].reachable = 0;
	demand_place(features, 2, 60, 0);
	assert_int_equal(features[0].users, 25);
	features[0].leased = -3;
	demand_place(features, 2, 60, 0);
	assert_int_equal(features[0].users, 0);
	assert_int_equal(features[1].users, 60);
}

static void
the_specific_is_drawn_before_the_common(void **state)
{
	struct demand_feature features[] = {
		{ .feature = &access_, .reachable = 10 },
		{ .feature = &x600, .reachable = 10 },
		{ .feature = &consec, .reachable = 10 },
	};

	(void)state;
	demand_place(features, 3, 15, 0);
	assert_int_equal(features[2].users, 10);
	assert_int_equal(features[1].users, 5);
	assert_int_equal(features[0].users, 0);
	demand_place(features, 3, 35, 0);
	assert_int_equal(features[0].users, 15);
}

static void
rdp_users_have_their_own_limit(void **state)
{
	struct demand_feature features[] = {
		{ .feature = &rdp, .own = 5, .reachable = 10 },
		{ .feature = &access_, .reachable = 10 },
		{ .feature = &vcpu, .own = 4, .users = 9 },
	};

	(void)state;
	demand_place(features, 3, 3, 7);
	assert_int_equal(features[0].users, 2);
	assert_int_equal(features[1].users, 3);
	assert_int_equal(features[2].users, 0);
	demand_place(features, 3, 0, 17);
	assert_int_equal(features[0].users, 12);
	demand_place(features, 0, 5, 5);
}

static void
one_more_user(void **state)
{
	struct verdict_numbers numbers;

	(void)state;
	assert_int_equal(demand_admit(&numbers, 0, 2), VERDICT_OK);
	assert_int_equal(demand_admit(&numbers, 1, 2), VERDICT_OK);
	assert_int_equal(numbers.available, 1);
	assert_int_equal(
	    demand_admit(&numbers, 2, 2), VERDICT_CAPACITY_REACHED);
	assert_int_equal(numbers.total, 2);
	assert_int_equal(numbers.wanted, 3);
	assert_int_equal(
	    demand_admit(&numbers, 3, 2), VERDICT_CAPACITY_REACHED);
	assert_int_equal(demand_admit(&numbers, INT64_MAX, INT64_MAX),
	    VERDICT_CAPACITY_REACHED);
	assert_int_equal(
	    demand_admit(&numbers, 0, -1), VERDICT_CAPACITY_REACHED);
	assert_int_equal(demand_admit(&numbers, -1, 1), VERDICT_OK);
	assert_int_equal(demand_admit_rdp(&numbers, 0, 1), VERDICT_OK);
	assert_int_equal(
	    demand_admit_rdp(&numbers, 1, 1), VERDICT_RDP_CAPACITY_REACHED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capacity_adds_users_only),
		cmocka_unit_test(two_users_are_always_admitted),
		cmocka_unit_test(allowance_and_platform_limit),
		cmocka_unit_test(the_default_is_a_setting),
		cmocka_unit_test(
		    virtual_gateway_needs_a_server_or_a_license_for_its_role),
		cmocka_unit_test(own_units_serve_first),
		cmocka_unit_test(a_denied_feature_passes_the_rest_on),
		cmocka_unit_test(the_specific_is_drawn_before_the_common),
		cmocka_unit_test(rdp_users_have_their_own_limit),
		cmocka_unit_test(one_more_user),
	};

	return cmocka_run_group_tests_name("rules demand", tests, NULL, NULL);
}
