/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_vectors.c: the worked numbers of the design, one row per vector
 * with its id. Where the sources say "rejected" for a small increment, our
 * rules warn and save (V11); the rows say so.
 */
#include "tests/unit/test_rules_fixture.h"
#include "engine/rules/catalogue.h"
#include "engine/rules/demand.h"
#include "engine/rules/license.h"
#include "engine/rules/sku.h"
#include <stdio.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const instant now_0900 = 1740819600; /* 2025-03-01 09:00 */

static void
begin(const char *id)
{
	print_message("  %s\n", id);
}

static void
the_calendar_of_these_tests_is_right(void **state)
{
	(void)state;
	assert_int_equal(date(1970, 1, 1), 0);
	assert_int_equal(date(2025, 3, 1) + 9 * HOUR, now_0900);
	assert_int_equal(date(2026, 1, 1), 1767225600);
}

/* ---- V11 to V22: increments ---- */

static void
increments_are_warned_of(void **state)
{
	static const struct {
		const char *id;
		int64_t reserved, maximum, least;
		int64_t increment;
		enum verdict error, warning;
	} rows[] = {
		/* "Rejected (strict)" by the sources: saved with a warning. */
		{ "V11", 50, 100, 25, 10, VERDICT_OK, VERDICT_INCREMENT_SMALL },
		{ "V12", 50, 200, 25, 24, VERDICT_OK, VERDICT_INCREMENT_SMALL },
		{ "V12", 50, 200, 25, 25, VERDICT_OK, VERDICT_OK },
		{ "V13", 0, 24, 3, 2, VERDICT_OK, VERDICT_INCREMENT_SMALL },
		{ "V13", 0, 24, 3, 3, VERDICT_OK, VERDICT_OK },
		{ "V14", 0, 25, 25, 24, VERDICT_OK, VERDICT_INCREMENT_SMALL },
		{ "V14", 0, 25, 25, 25, VERDICT_OK, VERDICT_OK },
		{ "V15", 0, 26, 25, 25, VERDICT_OK, VERDICT_INCREMENT_UNEVEN },
		{ "V15", 0, 26, 25, 26, VERDICT_OK, VERDICT_OK },
		{ "V16", 100, 350, 25, 25, VERDICT_OK, VERDICT_OK },
		{ "V17", 100, 351, 26, 25, VERDICT_OK,
		    VERDICT_INCREMENT_SMALL },
		{ "V18", 0, 1000, 100, 99, VERDICT_OK,
		    VERDICT_INCREMENT_SMALL },
		{ "V18", 0, 1000, 100, 100, VERDICT_OK, VERDICT_OK },
		{ "V19", 500, 5000, 450, 450, VERDICT_OK, VERDICT_OK },
		{ "V20", 10, 15, 1, 1, VERDICT_OK, VERDICT_OK },
		{ "V21", 50, 50, 0, 0, VERDICT_OK, VERDICT_OK },
		{ "V21", 50, 50, 0, 7, VERDICT_OK, VERDICT_OK },
		{ "V22", 60, 50, 0, 10, VERDICT_RESERVED_OVER_MAXIMUM,
		    VERDICT_OK },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct allocation allocation = { rows[i].reserved,
			rows[i].increment, rows[i].maximum };
		struct allocation_check check;

		begin(rows[i].id);
		allocation_check(&check, &allocation, 0, 100000, false);
		assert_int_equal(check.error, rows[i].error);
		assert_int_equal(check.warning, rows[i].warning);
		assert_int_equal(check.numbers.least, rows[i].least);
	}
}

/* ---- V01, V02, V03, V23 to V25, V29: figures ---- */

static void
figures_of_the_pool(void **state)
{
	static const struct {
		const char *id;
		int64_t total, clients, reserved, leased, available;
	} rows[] = {
		{ "V01", 1000, 10, 50, 60, 400 },
		{ "V02", 1000, 10, 50, 60, 400 },
		{ "V23", 1000, 10, 50, 60, 400 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct pool pool = { .total = rows[i].total };

		begin(rows[i].id);
		for (int64_t n = 0; n < rows[i].clients; n++)
			pool.held += pool_held(
			    rows[i].reserved, rows[i].leased, false);
		assert_int_equal(pool_available(&pool), rows[i].available);
	}
}

static void
reservations_fit_the_pool(void **state)
{
	static const struct {
		const char *id;
		int64_t reserved;
		enum verdict error;
		int64_t bound;
	} rows[] = {
		{ "V24", 40, VERDICT_OK, 0 },
		{ "V25", 41, VERDICT_RESERVED_OVER_AVAILABLE, 40 },
	};
	struct pool pool = { .total = 100, .held = 60 };

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct allocation allocation = { rows[i].reserved, 0,
			rows[i].reserved };
		struct allocation_check check;

		begin(rows[i].id);
		allocation_check(
		    &check, &allocation, 0, pool_reservable(&pool), false);
		assert_int_equal(check.error, rows[i].error);
		assert_int_equal(check.numbers.bound, rows[i].bound);
	}
}

static void
v03_two_keys_add_up(void **state)
{
	struct license licenses[] = {
		{ .id = 1,
		    .units = 100,
		    .start = INT64_MIN,
		    .end = INSTANT_NEVER },
		{ .id = 2,
		    .units = 100,
		    .start = INT64_MIN,
		    .end = INSTANT_NEVER },
	};

	(void)state;
	begin("V03");
	license_pair(licenses, 2);
	assert_int_equal(license_total_at(licenses, 2, 0, now_0900), 200);
}

static void
v29_the_reachable_maximum(void **state)
{
	struct allocation allocation = { 100, 25, 330 };

	(void)state;
	begin("V29");
	assert_int_equal(allocation_reachable(&allocation), 325);
}

/* ---- V26 to V33, V45 to V47: one request ---- */

static void
requests_are_decided(void **state)
{
	static const struct {
		const char *id;
		int64_t total, others;
		int64_t reserved, increment, maximum;
		int64_t quanta; /* of I, more than 24 h old, beside R */
		int64_t users;
		int64_t leased;
		enum verdict denial;
		int64_t available;
	} rows[] = {
		{ "V26", 100000, 0, 50, 25, 100, 0, 51, 75, VERDICT_OK, 0 },
		{ "V27", 100000, 0, 50, 25, 100, 1, 120, 100,
		    VERDICT_MAXIMUM_REACHED, 99900 },
		{ "V28", 100000, 0, 50, 40, 100, 0, 95, 90,
		    VERDICT_MAXIMUM_REACHED, 99910 },
		{ "V30", 1000, 900, 50, 25, 150, 1, 101, 100,
		    VERDICT_POOL_EXHAUSTED, 0 },
		{ "V31", 1000, 901, 50, 25, 150, 1, 76, 75,
		    VERDICT_POOL_EXHAUSTED, 24 },
		{ "V32", 200, 100, 50, 25, 200, 0, 140, 100,
		    VERDICT_POOL_EXHAUSTED, 0 },
		{ "V33", 100, 100, 0, 25, 100, 0, 25, 0, VERDICT_POOL_EXHAUSTED,
		    0 },
		{ "V45", 1000, 0, 50, 25, 200, 4, 80, 100, VERDICT_OK, 0 },
		{ "V46", 1000, 0, 50, 25, 200, 4, 126, 150, VERDICT_OK, 0 },
		{ "V47", 1000, 0, 50, 25, 200, 4, 40, 50, VERDICT_OK, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct bench bench;
		instant old = now_0900 - 25 * HOUR;

		begin(rows[i].id);
		bench_init(&bench, rows[i].total, rows[i].others,
		    rows[i].reserved, rows[i].increment, rows[i].maximum);
		if (rows[i].id[1] == '3' && rows[i].id[2] == '3')
			bench.pool.leased_others = 0; /* reserved, idle */
		bench_part(&bench, LEASE_PART_RESERVED, rows[i].reserved, 1,
		    old, now_0900 + DAY);
		bench_part(&bench, LEASE_PART_QUANTUM, rows[i].increment,
		    rows[i].quanta, old, now_0900 + HOUR);
		bench_hold(&bench,
		    rows[i].reserved + rows[i].quanta * rows[i].increment);
		bench_decide(&bench, rows[i].users, now_0900);
		assert_int_equal(bench.plan.leased, rows[i].leased);
		assert_int_equal(bench.plan.denial, rows[i].denial);
		if (rows[i].denial == VERDICT_OK)
			continue;
		assert_int_equal(
		    bench.plan.numbers.available, rows[i].available);
		assert_int_equal(bench.plan.numbers.wanted, rows[i].users);
		assert_int_equal(bench.plan.numbers.leased, rows[i].leased);
		assert_int_equal(bench.plan.numbers.total, rows[i].total);
	}
}

static void
v34_an_expired_configuration_frees_its_units(void **state)
{
	struct bench bench;

	(void)state;
	begin("V34");
	bench_init(&bench, 1000, 300, 50, 25, 100);
	bench.request.allocation_expires = now_0900;
	bench_ask(&bench, 60, now_0900 - 1);
	assert_int_equal(bench.plan.leased, 75);
	assert_int_equal(pool_available(&bench.pool), 1000 - 300 - 75);
	/* At that instant the lease is over, and so is every document. */
	assert_int_equal(
	    lease_units(bench.parts, bench.part_count, now_0900), 0);
	bench_decide(&bench, 60, now_0900);
	assert_int_equal(bench.plan.leased, 0);
	assert_int_equal(bench.plan.part_count, 0);
	assert_int_equal(bench.plan.denial, VERDICT_NOT_ALLOCATED);
	assert_int_equal(pool_held(50, 0, true), 0);
}

/* ---- V35, V36: which feature ---- */

static const struct feature features[] = {
	{ .name = "ACCESS",
	    .kind = FEATURE_USERS,
	    .products = PRODUCT_PCS | PRODUCT_PPS,
	    .family = "any" },
	{ .name = "CONSEC",
	    .kind = FEATURE_USERS,
	    .products = PRODUCT_PCS,
	    .family = "any",
	    .role_specific = true },
	{ .name = "ACCESSX600",
	    .kind = FEATURE_USERS,
	    .products = PRODUCT_PCS | PRODUCT_PPS,
	    .family = "MAG" },
};

static const struct sku_prefix prefixes[] = {
	{ "ACCESS", "ACCESS", true },
	{ "CONSEC", "CONSEC", true },
	{ "ACCESSX600", "ACCESSX600", true },
	{ "PSA-LICENSE-MBR", "member", false },
};

static const struct platform platforms[] = {
	{ "PSA-3000", "PSA", false, 200, 0 },
	{ "MAG-2600", "MAG", false, 100, 0 },
};

static const struct catalogue catalogue = {
	.features = features,
	.feature_count = LENGTH(features),
	.prefixes = prefixes,
	.prefix_count = LENGTH(prefixes),
	.platforms = platforms,
	.platform_count = LENGTH(platforms),
};

static void
v35_each_product_draws_its_own_features(void **state)
{
	const struct platform *platform = catalogue_platform(
	    &catalogue, "PSA-3000");
	struct demand_feature demands[2] = {
		{ .feature = &features[0], .reachable = 50 },
		{ .feature = &features[1], .reachable = 100 },
	};

	(void)state;
	begin("V35");
	assert_false(catalogue_is_usable(
	    catalogue_feature(&catalogue, "CONSEC"), PRODUCT_PPS, platform));
	assert_true(catalogue_is_usable(
	    catalogue_feature(&catalogue, "ACCESS"), PRODUCT_PPS, platform));
	demand_place(demands, 1, 25, 0);
	assert_int_equal(demands[0].users, 25);
	demand_place(demands, 2, 25, 0);
	assert_int_equal(demands[0].users, 0);
	assert_int_equal(demands[1].users, 25);
}

static void
v36_a_family_feature_stays_in_its_family(void **state)
{
	const struct feature *feature = catalogue_feature(
	    &catalogue, "ACCESSX600");

	(void)state;
	begin("V36");
	assert_false(catalogue_is_usable(
	    feature, PRODUCT_PCS, catalogue_platform(&catalogue, "PSA-3000")));
	assert_true(catalogue_is_usable(
	    feature, PRODUCT_PCS, catalogue_platform(&catalogue, "MAG-2600")));
}

/* ---- V37, V38: the end of a quantum ---- */

static void
quanta_end_with_the_allocation(void **state)
{
	static const struct {
		const char *id;
		int64_t hours;
		instant expires;
	} rows[] = {
		{ "V37", 240, 1741219200 }, /* 2025-03-06 00:00 */
		{ "V38", 48, 1740992400 },  /* 2025-03-03 09:00 */
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct bench bench;

		begin(rows[i].id);
		bench_init(&bench, 1000, 0, 0, 25, 100);
		bench.request.duration = rows[i].hours * HOUR;
		/* The client expires with 2025-03-05. */
		bench.request.allocation_expires = date(2025, 3, 6);
		bench_decide(&bench, 1, now_0900);
		assert_int_equal(bench.planned[0].expires, rows[i].expires);
	}
}

/* ---- V39 to V43: settings ---- */

static void
settings_are_bounded(void **state)
{
	static const struct {
		const char *id;
		int64_t duration, interval;
		enum verdict duration_verdict, interval_verdict;
		int64_t bound;
	} rows[] = {
		{ "V39", 24 * HOUR, HOUR, VERDICT_OK, VERDICT_OK, 12 * HOUR },
		{ "V39", 24 * HOUR, 12 * HOUR, VERDICT_OK, VERDICT_OK,
		    12 * HOUR },
		{ "V39", 24 * HOUR, 13 * HOUR, VERDICT_OK,
		    VERDICT_INTERVAL_OUT_OF_RANGE, 12 * HOUR },
		{ "V40", 240 * HOUR, 120 * HOUR, VERDICT_OK, VERDICT_OK,
		    120 * HOUR },
		{ "V40", 240 * HOUR, 120 * HOUR + 1, VERDICT_OK,
		    VERDICT_INTERVAL_OUT_OF_RANGE, 120 * HOUR },
		{ "V41", 23 * HOUR, HOUR, VERDICT_DURATION_OUT_OF_RANGE,
		    VERDICT_OK, 23 * HOUR / 2 },
		{ "V41", 241 * HOUR, HOUR, VERDICT_DURATION_OUT_OF_RANGE,
		    VERDICT_OK, 241 * HOUR / 2 },
		{ "V42", 24 * HOUR, 59 * 60, VERDICT_OK,
		    VERDICT_INTERVAL_OUT_OF_RANGE, 12 * HOUR },
		{ "V43", 25 * HOUR, 25 * HOUR / 2, VERDICT_OK, VERDICT_OK,
		    12 * HOUR + 1800 },
		{ "V43", 25 * HOUR, 25 * HOUR / 2 + 1, VERDICT_OK,
		    VERDICT_INTERVAL_OUT_OF_RANGE, 12 * HOUR + 1800 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t bound;

		begin(rows[i].id);
		assert_int_equal(allocation_duration_check(rows[i].duration),
		    rows[i].duration_verdict);
		assert_int_equal(allocation_interval_check(&bound,
				     rows[i].duration, rows[i].interval),
		    rows[i].interval_verdict);
		assert_int_equal(bound, rows[i].bound);
	}
}

/* ---- V44, V48, V49: time passes ---- */

static void
v44_a_quantum_is_kept_a_day(void **state)
{
	struct bench bench;

	(void)state;
	begin("V44");
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_ask(&bench, 60, now_0900);
	assert_int_equal(bench.plan.leased, 75);
	for (instant at = now_0900 + 4 * HOUR; at < now_0900 + DAY;
	     at += 4 * HOUR) {
		bench_ask(&bench, 0, at);
		assert_int_equal(bench.plan.leased, 75);
	}
	bench_ask(&bench, 0, now_0900 + DAY - 1);
	assert_int_equal(bench.plan.leased, 75);
	bench_ask(&bench, 0, now_0900 + DAY);
	assert_int_equal(bench.plan.leased, 50);
	assert_int_equal(bench.plan.released, 25);
}

static void
v48_a_lease_lapses_in_two_steps(void **state)
{
	struct bench bench;
	instant quanta_end = date(2025, 3, 2) + 9 * HOUR;
	instant reserved_end = date(2025, 3, 11) + 9 * HOUR;

	(void)state;
	begin("V48");
	begin(
	    "V49"); /* the pure part: at that instant the reserved part is off */
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_ask(&bench, 60, now_0900);
	assert_int_equal(
	    lease_units(bench.parts, bench.part_count, quanta_end - 1), 75);
	assert_int_equal(
	    lease_units(bench.parts, bench.part_count, quanta_end), 50);
	assert_int_equal(
	    lease_units(bench.parts, bench.part_count, reserved_end - 1), 50);
	assert_int_equal(
	    lease_units(bench.parts, bench.part_count, reserved_end), 0);
}

/* ---- V10, V50 to V53: dates of a license ---- */

static void
licenses_begin_and_end(void **state)
{
	const int64_t grace = 31 * DAY;
	struct license license = {
		.id = 1,
		.prefix = "CONSEC",
		.units = 100,
		.is_subscription = true,
		.start = date(2025, 1, 1),
		.end = date(2026, 1, 1),
	};

	(void)state;
	begin("V50");
	begin("V10");
	license_pair(&license, 1);
	assert_int_equal(
	    license_state_at(&license, grace, date(2025, 1, 1) - 1),
	    LICENSE_FUTURE);
	assert_int_equal(license_state_at(&license, grace, date(2025, 1, 1)),
	    LICENSE_ACTIVE);
	assert_int_equal(
	    license_state_at(&license, grace, date(2026, 1, 1) - 1),
	    LICENSE_ACTIVE);
	assert_int_equal(
	    license_state_at(&license, grace, date(2026, 1, 1)), LICENSE_GRACE);
	assert_int_equal(
	    license_units_at(&license, grace, date(2026, 2, 1) - 1), 100);
	assert_int_equal(license_state_at(&license, grace, date(2026, 2, 1)),
	    LICENSE_EXPIRED);
	assert_int_equal(
	    license_units_at(&license, grace, date(2026, 2, 1)), 0);
	begin("V53");
	license.start = date(2026, 5, 1);
	license.end = date(2027, 5, 1);
	assert_int_equal(
	    license_units_at(&license, grace, date(2026, 4, 1)), 0);
	assert_int_equal(
	    license_units_at(&license, grace, date(2026, 5, 1) - 1), 0);
	assert_int_equal(
	    license_units_at(&license, grace, date(2026, 5, 1)), 100);
}

static void
renewals_wait_for_their_parents(void **state)
{
	const int64_t grace = 31 * DAY;
	struct license licenses[] = {
		{ .id = 1,
		    .prefix = "CONSEC",
		    .units = 100,
		    .is_subscription = true,
		    .start = date(2025, 1, 1),
		    .end = date(2026, 1, 1) },
		{ .id = 2,
		    .prefix = "CONSEC",
		    .units = 100,
		    .is_subscription = true,
		    .is_renewal = true,
		    .start = date(2025, 12, 1),
		    .end = date(2027, 1, 1) },
	};

	(void)state;
	begin("V51");
	license_pair(licenses, 2);
	assert_int_equal(
	    license_state_at(&licenses[1], grace, date(2026, 1, 1) - 1),
	    LICENSE_PENDING_RENEWAL);
	assert_int_equal(
	    license_state_at(&licenses[1], grace, date(2026, 1, 1)),
	    LICENSE_ACTIVE);
	assert_int_equal(
	    license_state_at(&licenses[0], grace, date(2026, 1, 1)),
	    LICENSE_RENEWED);
	for (instant at = date(2025, 1, 1); at < date(2027, 1, 1); at += DAY)
		assert_int_equal(license_total_at(licenses, 2, grace, at), 100);
	begin("V52");
	license_pair(&licenses[1], 1);
	for (instant at = date(2025, 12, 1); at < date(2027, 1, 1); at += DAY)
		assert_int_equal(license_state_at(&licenses[1], grace, at),
		    LICENSE_PENDING_RENEWAL);
	for (instant at = date(2025, 1, 1); at < date(2028, 1, 1); at += DAY)
		assert_int_equal(license_units_at(&licenses[1], grace, at), 0);
}

/* ---- V73 to V75: SKUs ---- */

static void
skus_are_read(void **state)
{
	static const struct {
		const char *id, *text, *prefix, *feature;
		int64_t units, years;
		bool is_renewal;
	} rows[] = {
		{ "V73", "CONSEC-ADD-100U-2Y-R", "CONSEC", "CONSEC", 100, 2,
		    true },
		{ "V74", "ACCESSX600-ADD-1000U", "ACCESSX600", "ACCESSX600",
		    1000, 0, false },
		{ "V75", "PSA-LICENSE-MBR", "PSA-LICENSE-MBR", NULL, 0, 0,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct sku sku;

		begin(rows[i].id);
		assert_int_equal(
		    sku_parse(&sku, &catalogue, rows[i].text, false), SKU_OK);
		assert_string_equal(sku.prefix->prefix, rows[i].prefix);
		if (rows[i].feature == NULL)
			assert_null(sku.feature);
		else
			assert_string_equal(sku.feature->name, rows[i].feature);
		assert_int_equal(sku.units, rows[i].units);
		assert_int_equal(sku.years, rows[i].years);
		assert_int_equal(sku.is_subscription, rows[i].years > 0);
		assert_int_equal(sku.is_renewal, rows[i].is_renewal);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_calendar_of_these_tests_is_right),
		cmocka_unit_test(increments_are_warned_of),
		cmocka_unit_test(figures_of_the_pool),
		cmocka_unit_test(reservations_fit_the_pool),
		cmocka_unit_test(v03_two_keys_add_up),
		cmocka_unit_test(v29_the_reachable_maximum),
		cmocka_unit_test(requests_are_decided),
		cmocka_unit_test(v34_an_expired_configuration_frees_its_units),
		cmocka_unit_test(v35_each_product_draws_its_own_features),
		cmocka_unit_test(v36_a_family_feature_stays_in_its_family),
		cmocka_unit_test(quanta_end_with_the_allocation),
		cmocka_unit_test(settings_are_bounded),
		cmocka_unit_test(v44_a_quantum_is_kept_a_day),
		cmocka_unit_test(v48_a_lease_lapses_in_two_steps),
		cmocka_unit_test(licenses_begin_and_end),
		cmocka_unit_test(renewals_wait_for_their_parents),
		cmocka_unit_test(skus_are_read),
	};

	return cmocka_run_group_tests_name("rules vectors", tests, NULL, NULL);
}
