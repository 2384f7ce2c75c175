/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_demand.c: how many users a gateway admits, and which feature it
 * asks for them.
 */
#include <stdarg.h>
#include <stdbool.h>
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
all_of(const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	struct demand_limit limit;

	demand_limit_users(&limit, features, count, gateway);
	if (!gateway->is_monitoring)
		assert_int_equal(
		    limit.most, limit.capacity + limit.over_capacity);
	return limit.capacity + limit.over_capacity;
}

static int64_t
rdp_of(const struct demand_feature *features, size_t count,
    const struct demand_gateway *gateway)
{
	struct demand_limit limit;

	demand_limit_rdp(&limit, features, count, gateway);
	return limit.capacity + limit.over_capacity;
}

static int64_t
capacity_of(const struct demand_feature *features, size_t count,
    int64_t percent, int64_t users_max)
{
	const struct platform platform = { "PSA-300", "PSA", false, users_max,
		percent };
	const struct demand_gateway gateway = { .platform = &platform,
		.has_server = true,
		.default_users = DEMAND_DEFAULT_USERS };

	return all_of(features, count, &gateway);
}

static int64_t
rdp_capacity_of(const struct demand_feature *features, size_t count)
{
	const struct demand_gateway gateway = {
		.default_users = DEMAND_DEFAULT_USERS
	};

	return rdp_of(features, count, &gateway);
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
	struct demand_gateway gateway = { .platform = NULL };

	(void)state;
	assert_int_equal(all_of(&feature, 1, &gateway), 0);
	gateway.default_users = -1;
	assert_int_equal(all_of(&feature, 1, &gateway), 0);
	feature.own = 1;
	assert_int_equal(all_of(&feature, 1, &gateway), 1);
	gateway.default_users = 5;
	assert_int_equal(all_of(&feature, 1, &gateway), 5);
	feature.own = 6;
	assert_int_equal(all_of(&feature, 1, &gateway), 6);
}

static void
virtual_gateway_needs_a_server_or_a_license_for_its_role(void **state)
{
	static const struct platform machine = { "VA-SPE", "PSA", true, 100,
		10 };
	static const struct platform small = { "VA-SPE", "PSA", true, 1, 0 };
	struct demand_gateway gateway = { .platform = &machine,
		.default_users = 2 };
	struct demand_feature features[] = {
		{ .feature = &access_, .own = 50 },
		{ .feature = &consec, .leased = 20 },
		{ .feature = &rdp, .own = 7 },
	};

	(void)state;
	assert_int_equal(all_of(features, 3, &gateway), 2);
	assert_int_equal(rdp_of(features, 3, &gateway), 0);
	gateway.default_users = 0;
	assert_int_equal(all_of(features, 3, &gateway), 0);
	gateway.default_users = 2;
	gateway.platform = &small;
	assert_int_equal(all_of(features, 3, &gateway), 1);
	gateway.platform = &machine;
	gateway.has_server = true;
	assert_int_equal(all_of(features, 3, &gateway), 77);
	assert_int_equal(rdp_of(features, 3, &gateway), 7);
	gateway.has_server = false;
	features[1] = (struct demand_feature){ .feature = &consec, .own = 1 };
	assert_int_equal(all_of(features, 3, &gateway), 56);
	assert_int_equal(rdp_of(features, 3, &gateway), 7);
	/* Hardware works on its own. */
	features[1].own = 0;
	gateway.platform = NULL;
	assert_int_equal(all_of(features, 3, &gateway), 50);
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

/* Of 250 units, each percent on its own; the allowance is reported apart. */
static void
allowance_stands_apart(void **state)
{
	static const struct platform tenth = { "PSA-300", "PSA", false, 0, 10 };
	struct demand_gateway gateway = { .platform = &tenth,
		.default_users = 2 };
	struct demand_feature feature = { .feature = &access_, .own = 250 };
	struct demand_limit limit;

	(void)state;
	demand_limit_users(&limit, &feature, 1, &gateway);
	assert_int_equal(limit.capacity, 250);
	assert_int_equal(limit.over_capacity, 25);
	assert_int_equal(limit.most, 275);
	assert_false(limit.is_platform);
	/* The setting goes before the platform, 0 too. */
	gateway.has_allowance = true;
	demand_limit_users(&limit, &feature, 1, &gateway);
	assert_int_equal(limit.over_capacity, 0);
	gateway.allowance = 1;
	demand_limit_users(&limit, &feature, 1, &gateway);
	assert_int_equal(limit.over_capacity, 2);
	gateway.allowance = -1;
	demand_limit_users(&limit, &feature, 1, &gateway);
	assert_int_equal(limit.over_capacity, 0);
	gateway.allowance = INT64_MAX;
	demand_limit_users(&limit, &feature, 1, &gateway);
	assert_int_equal(limit.most, INT64_MAX);
	assert_int_equal(limit.over_capacity, INT64_MAX - 250);
}

/* As many as the default are licensed: their allowance counts. Of the default itself there is none. */
static void
allowance_is_of_units_not_of_the_default(void **state)
{
	static const struct {
		int64_t own, capacity, over;
	} rows[] = {
		{ 0, 4, 0 },
		{ 1, 4, 0 },
		{ 2, 4, 0 },
		/* 3 and half of it are 4, which the default has already. */
		{ 3, 4, 0 },
		{ 4, 4, 2 },
		{ 5, 5, 2 },
		{ 6, 6, 3 },
	};
	struct demand_gateway gateway = {
		.has_allowance = true, .allowance = 50, .default_users = 4
	};
	struct demand_feature feature = { .feature = &access_ };
	struct demand_limit limit;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		feature.own = rows[i].own;
		demand_limit_users(&limit, &feature, 1, &gateway);
		assert_int_equal(limit.capacity, rows[i].capacity);
		assert_int_equal(limit.over_capacity, rows[i].over);
	}
	gateway.allowance = 100;
	feature.own = 3;
	demand_limit_users(&limit, &feature, 1, &gateway);
	assert_int_equal(limit.capacity, 4);
	assert_int_equal(limit.over_capacity, 2);
}

static void
monitoring_goes_up_to_the_platform(void **state)
{
	static const struct platform small = { "PSA-300", "PSA", false, 100,
		0 };
	static const struct platform open = { "PSA-300", "PSA", false, 0, 0 };
	struct demand_gateway gateway = {
		.platform = &small, .default_users = 2, .is_monitoring = true
	};
	struct demand_feature features[] = {
		{ .feature = &access_, .own = 99 },
		{ .feature = &rdp, .own = 101 },
	};
	struct demand_limit limit;

	(void)state;
	demand_limit_users(&limit, features, 2, &gateway);
	assert_int_equal(limit.capacity, 99);
	assert_int_equal(limit.most, 100);
	assert_true(limit.is_platform);
	features[0].own = 100;
	demand_limit_users(&limit, features, 2, &gateway);
	assert_int_equal(limit.most, 100);
	assert_false(limit.is_platform);
	features[0].own = 101;
	demand_limit_users(&limit, features, 2, &gateway);
	assert_int_equal(limit.capacity, 100);
	assert_int_equal(limit.most, 100);
	assert_true(limit.is_platform);
	demand_limit_rdp(&limit, features, 2, &gateway);
	assert_int_equal(limit.most, 101);
	assert_false(limit.is_platform);
	features[1].own = 5;
	demand_limit_rdp(&limit, features, 2, &gateway);
	assert_int_equal(limit.capacity, 5);
	assert_int_equal(limit.most, 100);
	gateway.platform = &open;
	demand_limit_users(&limit, features, 2, &gateway);
	assert_int_equal(limit.most, INT64_MAX);
	assert_int_equal(limit.capacity, 101);
	gateway.platform = NULL;
	demand_limit_rdp(&limit, features, 2, &gateway);
	assert_int_equal(limit.most, INT64_MAX);
	gateway.is_monitoring = false;
	demand_limit_users(&limit, features, 2, &gateway);
	assert_int_equal(limit.most, 101);
}

static void
surplus_counts_and_stands_apart(void **state)
{
	static const struct platform machine = { "VA-SPE", "PSA", true, 0, 0 };
	struct demand_gateway gateway = { .default_users = 2 };
	struct demand_feature features[] = {
		{ .feature = &consec, .own = 10, .surplus = 7 },
		{ .feature = &access_, .surplus = 5 },
		{ .feature = &access_, .surplus = -5 },
		{ .feature = &rdp, .own = 1, .surplus = 3 },
	};
	struct demand_limit limit;

	(void)state;
	demand_limit_users(&limit, features, 4, &gateway);
	assert_int_equal(limit.capacity, 22);
	assert_int_equal(limit.surplus, 12);
	demand_limit_rdp(&limit, features, 4, &gateway);
	assert_int_equal(limit.capacity, 4);
	assert_int_equal(limit.surplus, 3);
	features[0].own = 0;
	gateway.platform = &machine;
	demand_limit_users(&limit, features, 4, &gateway);
	assert_int_equal(limit.capacity, 2);
	assert_int_equal(limit.surplus, 0);
	demand_limit_rdp(&limit, features, 4, &gateway);
	assert_int_equal(limit.surplus, 0);
}

static void
least_of_two_limits(void **state)
{
	const struct demand_limit many = { .capacity = 100,
		.over_capacity = 10,
		.most = 500,
		.surplus = 9,
		.is_platform = true };
	const struct demand_limit few = {
		.capacity = 90, .over_capacity = 40, .most = 130, .surplus = 0
	};
	struct demand_limit limit;

	(void)state;
	demand_limit_least(&limit, &many, &few);
	assert_int_equal(limit.capacity, 90);
	assert_int_equal(limit.over_capacity, 20);
	assert_int_equal(limit.most, 130);
	assert_int_equal(limit.surplus, 0);
	assert_false(limit.is_platform);
	demand_limit_least(&limit, &few, &many);
	assert_int_equal(limit.capacity, 90);
	assert_int_equal(limit.over_capacity, 20);
	assert_int_equal(limit.most, 130);
	demand_limit_least(&limit, &many, &many);
	assert_int_equal(limit.most, 500);
	assert_true(limit.is_platform);
}

static void
beyond_is_what_neither_units_nor_allowance_cover(void **state)
{
	const struct demand_limit limit = {
		.capacity = 10, .over_capacity = 2, .most = 100
	};
	const struct demand_limit most = { .capacity = INT64_MAX,
		.over_capacity = 5 };

	(void)state;
	assert_int_equal(demand_beyond(0, &limit), 0);
	assert_int_equal(demand_beyond(12, &limit), 0);
	assert_int_equal(demand_beyond(13, &limit), 1);
	assert_int_equal(demand_beyond(-1, &limit), 0);
	assert_int_equal(demand_beyond(INT64_MAX, &limit), INT64_MAX - 12);
	assert_int_equal(demand_beyond(INT64_MAX, &most), 0);
}

static enum verdict
admitted(struct verdict_numbers *numbers, int64_t users, int64_t capacity)
{
	const struct demand_limit limit = { .capacity = capacity,
		.most = capacity };
	enum demand_seat seat;
	enum verdict verdict = demand_admit(numbers, &seat, users, &limit);

	if (verdict == VERDICT_OK)
		assert_int_equal(seat, DEMAND_WITHIN);
	return verdict;
}

static void
one_more_user(void **state)
{
	const struct demand_limit one = { .capacity = 1, .most = 1 };
	struct verdict_numbers numbers;
	enum demand_seat seat;

	(void)state;
	assert_int_equal(admitted(&numbers, 0, 2), VERDICT_OK);
	assert_int_equal(admitted(&numbers, 1, 2), VERDICT_OK);
	assert_int_equal(numbers.available, 1);
	assert_int_equal(admitted(&numbers, 2, 2), VERDICT_CAPACITY_REACHED);
	assert_int_equal(numbers.total, 2);
	assert_int_equal(numbers.wanted, 3);
	assert_int_equal(admitted(&numbers, 3, 2), VERDICT_CAPACITY_REACHED);
	assert_int_equal(
	    admitted(&numbers, INT64_MAX, INT64_MAX), VERDICT_CAPACITY_REACHED);
	assert_int_equal(admitted(&numbers, 0, 0), VERDICT_CAPACITY_REACHED);
	assert_int_equal(admitted(&numbers, -1, 1), VERDICT_OK);
	assert_int_equal(
	    demand_admit_rdp(&numbers, &seat, 0, &one), VERDICT_OK);
	assert_int_equal(demand_admit_rdp(&numbers, &seat, 1, &one),
	    VERDICT_RDP_CAPACITY_REACHED);
}

/* Capacity 10, two more by the allowance, then up to the platform's 14. */
static void
seat_says_what_admitted(void **state)
{
	static const struct {
		int64_t admitted;
		enum verdict verdict;
		enum demand_seat seat;
	} rows[] = {
		{ 9, VERDICT_OK, DEMAND_WITHIN },
		{ 10, VERDICT_OK, DEMAND_OVER },
		{ 11, VERDICT_OK, DEMAND_OVER },
		{ 12, VERDICT_OK, DEMAND_BEYOND },
		{ 13, VERDICT_OK, DEMAND_BEYOND },
		{ 14, VERDICT_PLATFORM_REACHED, DEMAND_BEYOND },
		{ INT64_MAX, VERDICT_PLATFORM_REACHED, DEMAND_BEYOND },
	};
	const struct demand_limit limit = { .capacity = 10,
		.over_capacity = 2,
		.most = 14,
		.is_platform = true };
	struct verdict_numbers numbers;
	enum demand_seat seat;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    demand_admit(&numbers, &seat, rows[i].admitted, &limit),
		    rows[i].verdict);
		assert_int_equal(seat, rows[i].seat);
		assert_int_equal(
		    demand_admit_rdp(&numbers, &seat, rows[i].admitted, &limit),
		    rows[i].verdict);
	}
	assert_int_equal(numbers.total, 14);
}

/* Of 25 units 20 percent are 5 seats: the user before the last but four asks, and not the one before. */
static void
growth_is_asked_for_when_few_seats_are_free(void **state)
{
	static const struct {
		int64_t leased, users, percent, seats;
		bool is_due;
	} rows[] = {
		/* Nobody is here. */
		{ 0, 0, 20, 0, false },
		{ 0, -1, 20, 0, false },
		/* The first one asks for all who come soon. */
		{ 0, 1, 20, 5, true },
		/* Six are free, five, four. */
		{ 25, 19, 20, 5, false },
		{ 25, 20, 20, 5, false },
		{ 25, 21, 20, 5, true },
		{ 50, 21, 20, 5, false },
		{ 50, 45, 20, 5, false },
		{ 50, 46, 20, 5, true },
		/* Someone waits already. */
		{ 25, 26, 20, 5, true },
		/* Up to the maximum, and no further. */
		{ 75, 71, 20, 5, true },
		{ 75, 95, 20, 5, true },
		{ 75, 96, 20, 4, true },
		{ 75, 100, 20, 0, true },
		{ 75, 120, 20, 0, true },
		/* All is leased: the seats that are there are kept, and no more are asked for. */
		{ 100, 95, 20, 5, false },
		{ 100, 96, 20, 4, false },
		{ 100, 100, 20, 0, false },
		{ 100, 101, 20, 0, false },
		/* Rounded up; all of an increment; never. */
		{ 25, 24, 1, 1, false },
		{ 25, 25, 1, 1, true },
		{ 25, 22, 12, 3, false },
		{ 25, 23, 12, 3, true },
		{ 25, 0, 100, 0, false },
		{ 50, 25, 100, 25, false },
		{ 50, 26, 100, 25, true },
		{ 50, 26, INT64_MAX, 25, true },
		{ 25, 25, 0, 0, false },
		{ 25, 25, -1, 0, false },
	};
	struct demand_feature feature = {
		.feature = &consec, .reachable = 100, .increment = 25
	};
	struct demand_ahead ahead;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		feature.leased = rows[i].leased;
		demand_ahead(&ahead, &feature, 1, FEATURE_USERS, rows[i].users,
		    rows[i].percent);
		assert_int_equal(ahead.seats, rows[i].seats);
		assert_int_equal(ahead.is_due, rows[i].is_due);
	}
}

/* Each sync asks for the seats, too: what one brought the next does not give back. */
static void
what_was_asked_for_ahead_is_not_given_back(void **state)
{
	struct demand_feature feature = {
		.feature = &consec, .reachable = 1000, .increment = 25
	};
	struct demand_ahead ahead;

	(void)state;
	for (int64_t percent = 1; percent <= 100; percent++)
		for (int64_t users = 1; users < 900; users += 7) {
			feature.leased = 0;
			demand_ahead(
			    &ahead, &feature, 1, FEATURE_USERS, users, percent);
			while (feature.leased < users + ahead.seats)
				feature.leased += feature.increment;
			demand_ahead(
			    &ahead, &feature, 1, FEATURE_USERS, users, percent);
			assert_false(ahead.is_due);
			assert_true(feature.leased - feature.increment <
			    users + ahead.seats);
		}
}

static void
nothing_is_asked_ahead_of_what_cannot_grow(void **state)
{
	struct demand_feature features[] = {
		{ .feature = &access_, .reachable = 300, .increment = 100 },
		{ .feature = &consec,
		    .leased = 25,
		    .reachable = 50,
		    .increment = 25 },
		{ .feature = &rdp, .reachable = 10, .increment = 10 },
	};
	struct demand_ahead ahead;

	(void)state;
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 25, 20);
	assert_int_equal(ahead.seats, 5);
	assert_true(ahead.is_due);
	/* Denied: the next one grows, by its own increment. */
	features[1].is_denied = true;
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 25, 20);
	assert_int_equal(ahead.seats, 20);
	assert_true(ahead.is_due);
	features[0].is_denied = true;
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 25, 20);
	assert_int_equal(ahead.seats, 0);
	assert_false(ahead.is_due);
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 18, 20);
	assert_int_equal(ahead.seats, 5);
	assert_false(ahead.is_due);
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 22, 20);
	assert_int_equal(ahead.seats, 3);
	assert_false(ahead.is_due);
	/* An odd quantum stands in the way: the next would go beyond what is reachable. */
	features[0].is_denied = features[1].is_denied = false;
	features[0].reachable = 0;
	features[1].leased = 26;
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 26, 20);
	assert_int_equal(ahead.seats, 5);
	assert_false(ahead.is_due);
	features[1].increment = 0;
	demand_ahead(&ahead, features, 3, FEATURE_USERS, 26, 20);
	assert_int_equal(ahead.seats, 0);
	/* Own units serve first, and RDP users are apart. */
	features[2].own = 8;
	demand_ahead(&ahead, features, 3, FEATURE_RDP, 6, 20);
	assert_int_equal(ahead.seats, 2);
	assert_false(ahead.is_due);
	demand_ahead(&ahead, features, 3, FEATURE_RDP, 7, 20);
	assert_true(ahead.is_due);
	demand_ahead(&ahead, features, 0, FEATURE_USERS, 7, 20);
	assert_false(ahead.is_due);
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
		cmocka_unit_test(allowance_stands_apart),
		cmocka_unit_test(allowance_is_of_units_not_of_the_default),
		cmocka_unit_test(monitoring_goes_up_to_the_platform),
		cmocka_unit_test(surplus_counts_and_stands_apart),
		cmocka_unit_test(least_of_two_limits),
		cmocka_unit_test(
		    beyond_is_what_neither_units_nor_allowance_cover),
		cmocka_unit_test(one_more_user),
		cmocka_unit_test(seat_says_what_admitted),
		cmocka_unit_test(growth_is_asked_for_when_few_seats_are_free),
		cmocka_unit_test(what_was_asked_for_ahead_is_not_given_back),
		cmocka_unit_test(nothing_is_asked_ahead_of_what_cannot_grow),
	};

	return cmocka_run_group_tests_name("rules demand", tests, NULL, NULL);
}
