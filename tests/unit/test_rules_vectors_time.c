/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_vectors_time.c: the worked numbers of the design that time and
 * other machines decide: auto-leasing, clusters, heartbeats, downloads,
 * surrender. One row per vector with its id; docs/rules-vectors.md says where
 * each of them stands, and which the rules decide otherwise.
 */
#include "tests/unit/test_rules_fixture.h"
#include "engine/rules/auto_lease.h"
#include "engine/rules/cluster.h"
#include "engine/rules/download_schedule.h"
#include "engine/rules/heartbeat.h"
#include "engine/rules/sku.h"
#include "engine/rules/surrender.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define GRACE         (31 * DAY)

static const instant now_0900 = 1740819600; /* 2025-03-01 09:00 */

static void
begin(const char *id)
{
	print_message("  %s\n", id);
}

/* ---- the vendor's tables, as far as the vectors need them ---- */

static const struct feature features[] = {
	{ .name = "CONSEC",
	    .kind = FEATURE_USERS,
	    .products = PRODUCT_PCS,
	    .family = "any",
	    .auto_lease = true,
	    .role_specific = true },
	{ .name = "ACCESSX600",
	    .kind = FEATURE_USERS,
	    .products = PRODUCT_PCS | PRODUCT_PPS,
	    .family = "MAG" },
};

static const struct sku_prefix prefixes[] = {
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

static const struct feature *const consec = &features[0];
static const struct feature *const accessx600 = &features[1];

/* A license as its SKU makes it, valid from "start" until "end". */
static struct license
license_of(const char *text, instant start, instant end)
{
	struct license license = { .id = 1 };
	struct sku sku;

	assert_int_equal(sku_parse(&sku, &catalogue, text, false), SKU_OK);
	license.prefix = sku.prefix->prefix;
	license.units = sku.units;
	license.is_subscription = sku.is_subscription;
	license.is_renewal = sku.is_renewal;
	license.start = start;
	license.end = end;
	license_pair(&license, 1);
	return license;
}

/* ---- V01, V02, V54 to V56: the switch ---- */

static void
auto_leasing_is_switched_by_the_average(void **state)
{
	static const struct {
		const char *id;
		int64_t average, unallocated, bound;
		enum verdict verdict;
	} rows[] = {
		{ "V54", 120, 400, 120, VERDICT_AUTO_LEASE_OFF },
		{ "V55", 121, 400, 120, VERDICT_AUTO_LEASE_ON },
		{ "V56", 1, 0, 0, VERDICT_AUTO_LEASE_ON },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct auto_lease_change change = { now_0900 - DAY, 1000,
			1000 - rows[i].average };
		struct verdict_numbers numbers;

		begin(rows[i].id);
		assert_int_equal(auto_lease_judge(&numbers, consec, &change, 1,
				     rows[i].unallocated, now_0900),
		    rows[i].verdict);
		assert_int_equal(numbers.average, rows[i].average);
		assert_int_equal(numbers.bound, rows[i].bound);
	}
}

/* The seed's example: ten clients of 50 / 10 / M, each leasing 60 of 1000. */
static void
ten_clients_switch_it(void **state)
{
	static const struct {
		const char *id;
		int64_t maximum, unallocated, bound;
		enum verdict verdict;
	} rows[] = {
		{ "V01", 100, 400, 120, VERDICT_AUTO_LEASE_ON },
		{ "V02", 200, 1400, 420, VERDICT_AUTO_LEASE_OFF },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct pool pool = { .total = 1000 };
		struct auto_lease_change change = { .at = now_0900 - 2 * DAY };
		struct verdict_numbers numbers;
		int64_t unallocated = 0;

		begin(rows[i].id);
		for (int n = 0; n < 10; n++) {
			struct bench bench;

			bench_init(&bench, pool.total, pool.held, 50, 10,
			    rows[i].maximum);
			bench_ask(&bench, 60, change.at);
			assert_int_equal(bench.plan.leased, 60);
			pool.held += pool_held(50, bench.plan.leased, false);
			unallocated += rows[i].maximum - bench.plan.leased;
		}
		assert_int_equal(pool_available(&pool), 400);
		change.total = pool.total;
		change.held = pool.held;
		assert_int_equal(auto_lease_judge(&numbers, consec, &change, 1,
				     unallocated, now_0900),
		    rows[i].verdict);
		assert_int_equal(numbers.average, 400);
		assert_int_equal(numbers.unallocated, rows[i].unallocated);
		assert_int_equal(numbers.bound, rows[i].bound);
	}
}

/* ---- V49: a client alone ---- */

static void
v49_it_may_grow_until_the_reserved_part_ends(void **state)
{
	const instant end = date(2025, 3, 11) + 9 * HOUR;
	struct allocation allocation = { 50, 25, 100 };
	struct auto_lease_contact contact = { true, now_0900, 50, 0 };
	struct bench bench;

	(void)state;
	begin("V49");
	bench_init(&bench, 1000, 0, 50, 25, 100);
	bench_ask(&bench, 60, now_0900);
	contact.reserved_expires = bench.parts[0].expires;
	assert_int_equal(auto_lease_ends(&contact), end);
	/* The quantum is gone by then; what is left serves 50 of the 60. */
	assert_int_equal(
	    auto_lease_take(&contact, &allocation, 50, 0, 60, end - 1), 25);
	assert_int_equal(
	    auto_lease_take(&contact, &allocation, 50, 0, 60, end), 0);
}

/* ---- V04 to V07: a cluster that lost a node ---- */

static void
a_survivor_uses_twice_its_own(void **state)
{
	static const struct {
		const char *id;
		int64_t own;
		bool is_lost;
		int64_t after, units;
	} rows[] = {
		{ "V04", 35, false, 0, 135 },
		{ "V04", 100, false, 0, 135 },
		{ "V05", 35, true, 0, 70 },
		{ "V05", 35, true, 10 * DAY - 1, 70 },
		{ "V06", 35, true, 10 * DAY, 35 },
		{ "V07", 100, true, 0, 135 },
		{ "V07", 100, true, 10 * DAY - 1, 135 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		begin(rows[i].id);
		assert_int_equal(cluster_survivor_units(35 + 100, rows[i].own,
				     rows[i].is_lost ? now_0900 : INSTANT_NEVER,
				     now_0900 + rows[i].after),
		    rows[i].units);
	}
}

/* ---- V08, V09: heartbeats ---- */

static void
v08_without_its_cloud_it_stops_after_24_days(void **state)
{
	(void)state;
	begin("V08");
	assert_int_equal(HEARTBEAT_SECONDS, 8 * HOUR);
	assert_false(heartbeat_is_stopped(now_0900, now_0900 + 24 * DAY - 1));
	assert_true(heartbeat_is_stopped(now_0900, now_0900 + 24 * DAY));
}

static void
v09_contact_on_the_last_day_starts_anew(void **state)
{
	instant contact = now_0900 + 23 * DAY;

	(void)state;
	begin("V09");
	assert_false(heartbeat_is_stopped(now_0900, contact));
	assert_int_equal(heartbeat_days_left(now_0900, contact), 1);
	assert_int_equal(heartbeat_days_left(contact, contact), 24);
	assert_false(heartbeat_is_stopped(contact, contact + 24 * DAY - 1));
}

/* ---- V57 to V61: the reckoning, and penalties ---- */

static void
an_outage_is_reckoned_up(void **state)
{
	static const struct {
		const char *id;
		int64_t held;
		enum verdict verdict;
		int64_t missing;
	} rows[] = {
		{ "V57", 990, VERDICT_AUTO_LEASE_EXCESS, 15 },
		{ "V58", 960, VERDICT_OK, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct auto_lease_change change = { now_0900 - DAY, 1000,
			rows[i].held };
		struct auto_lease_interval taken = { 25, now_0900,
			now_0900 + HOUR };
		struct verdict_numbers numbers;
		instant at;

		begin(rows[i].id);
		assert_int_equal(auto_lease_reconcile(&at, &numbers, &change, 1,
				     NULL, 0, &taken),
		    rows[i].verdict);
		assert_int_equal(numbers.missing, rows[i].missing);
	}
}

static void
v59_a_penalty_lasts_five_days(void **state)
{
	(void)state;
	begin("V59");
	assert_int_equal(auto_lease_penalty_until(date(2025, 3, 1) + 12 * HOUR),
	    date(2025, 3, 6) + 12 * HOUR);
}

static void
only_a_new_subscription_ends_a_penalty(void **state)
{
	static const struct {
		const char *id, *sku;
		instant end;
		bool ends;
	} rows[] = {
		{ "V60", "CONSEC-100U-1YR", 1772409600 /* 2026-03-02 */, true },
		{ "V61", "CONSEC-ADD-100U", INSTANT_NEVER, false },
	};
	const instant added = date(2025, 3, 2) + 10 * HOUR;

	(void)state;
	assert_int_equal(rows[0].end, date(2026, 3, 2));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct license license = license_of(
		    rows[i].sku, date(2025, 3, 2), rows[i].end);

		begin(rows[i].id);
		assert_int_equal(auto_lease_ends_penalty(
				     &license, consec, false, GRACE, added),
		    rows[i].ends);
	}
}

/* ---- V62 to V66: the schedule of downloads ---- */

static void
downloads_come_more_often_near_an_end(void **state)
{
	static const struct {
		const char *id;
		int today[3];
		int months3[3]; /* the same day three months on */
		enum download_schedule_row row;
	} rows[] = {
		{ "V62", { 2025, 9, 1 }, { 2025, 12, 1 },
		    DOWNLOAD_SCHEDULE_QUARTERLY },
		{ "V63", { 2025, 10, 15 }, { 2026, 1, 15 },
		    DOWNLOAD_SCHEDULE_MONTHLY },
		{ "V64", { 2025, 12, 20 }, { 2026, 3, 20 },
		    DOWNLOAD_SCHEDULE_WEEKLY },
		{ "V65", { 2026, 1, 27 }, { 2026, 4, 27 },
		    DOWNLOAD_SCHEDULE_DAILY },
		{ "V66", { 2026, 1, 10 }, { 2026, 4, 10 },
		    DOWNLOAD_SCHEDULE_WEEKLY },
	};
	/* Ends with 2025-12-31; its grace ends with 2026-01-31. */
	struct license license = license_of(
	    "CONSEC-100U-1YR", date(2025, 1, 1), date(2026, 1, 1));

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		instant today = date(
		    rows[i].today[0], rows[i].today[1], rows[i].today[2]);
		struct download_schedule_bounds bounds = {
			.months3 = date(rows[i].months3[0], rows[i].months3[1],
			    rows[i].months3[2]),
			.weeks2 = today + 14 * DAY,
			.week1 = today + 7 * DAY,
		};

		begin(rows[i].id);
		assert_int_equal(
		    download_schedule_row(&license, 1, GRACE, &bounds, today),
		    rows[i].row);
	}
}

/* ---- V70 to V72: surrender and recall ---- */

static void
v70_units_move_to_the_server_once(void **state)
{
	struct license license = license_of(
	    "ACCESSX600-ADD-100U", INT64_MIN, INSTANT_NEVER);
	struct surrender_subject subject = { &license, accessx600, false, true,
		true, false };
	struct pool pool = { .total = 1000 };
	enum surrender_row row;

	(void)state;
	begin("V70");
	assert_int_equal(license_total_at(&license, 1, GRACE, now_0900), 100);
	assert_int_equal(
	    surrender_check(&subject, GRACE, now_0900), VERDICT_OK);
	/* From the click on they do not count at the client … */
	license.surrender = SURRENDER_PENDING;
	assert_int_equal(license_total_at(&license, 1, GRACE, now_0900), 0);
	license.surrender = SURRENDER_ACCEPTED;
	assert_int_equal(license_total_at(&license, 1, GRACE, now_0900), 0);
	/* … and from the next sync on they do at the server. */
	row = surrender_next(SURRENDER_ROW_NONE, 0, false, now_0900);
	assert_int_equal(row, SURRENDER_ROW_ACCEPTED);
	pool.total += license.units;
	assert_int_equal(pool_available(&pool), 1100);
	/* For the family of its own key only. */
	assert_true(catalogue_is_usable(accessx600, PRODUCT_PCS,
	    catalogue_platform(&catalogue, "MAG-2600")));
	assert_false(catalogue_is_usable(accessx600, PRODUCT_PCS,
	    catalogue_platform(&catalogue, "PSA-3000")));
}

static void
v71_a_recall_waits_for_units_in_use(void **state)
{
	struct pool pool = { .total = 1100, .held = 1050 };
	struct verdict_numbers numbers;

	(void)state;
	begin("V71");
	assert_int_equal(pool_available(&pool), 50);
	assert_int_equal(surrender_return_check(&numbers, &pool, 0, 100),
	    VERDICT_RECALL_WAITS);
	assert_int_equal(numbers.available, 50);
	assert_int_equal(numbers.missing, 50);
	pool.held = 1000;
	assert_int_equal(
	    surrender_return_check(&numbers, &pool, 0, 100), VERDICT_OK);
}

static void
v72_a_subscription_is_not_surrendered(void **state)
{
	struct license license = license_of(
	    "CONSEC-100U-1YR", date(2025, 1, 1), date(2026, 1, 1));
	struct surrender_subject subject = { &license, consec, false, true,
		true, false };

	(void)state;
	begin("V72");
	assert_int_equal(surrender_check(&subject, GRACE, now_0900),
	    VERDICT_SURRENDER_NOT_PERMANENT);
}

/* ---- V74, V75: what the SKU says of auto-leasing and family ---- */

static void
v74_units_of_a_family_are_not_auto_leased(void **state)
{
	struct sku sku;

	(void)state;
	begin("V74");
	assert_int_equal(
	    sku_parse(&sku, &catalogue, "ACCESSX600-ADD-1000U", false), SKU_OK);
	assert_false(auto_lease_is_eligible(sku.feature));
	assert_int_equal(
	    sku_parse(&sku, &catalogue, "CONSEC-ADD-1000U", false), SKU_OK);
	assert_true(auto_lease_is_eligible(sku.feature));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auto_leasing_is_switched_by_the_average),
		cmocka_unit_test(ten_clients_switch_it),
		cmocka_unit_test(v49_it_may_grow_until_the_reserved_part_ends),
		cmocka_unit_test(a_survivor_uses_twice_its_own),
		cmocka_unit_test(v08_without_its_cloud_it_stops_after_24_days),
		cmocka_unit_test(v09_contact_on_the_last_day_starts_anew),
		cmocka_unit_test(an_outage_is_reckoned_up),
		cmocka_unit_test(v59_a_penalty_lasts_five_days),
		cmocka_unit_test(only_a_new_subscription_ends_a_penalty),
		cmocka_unit_test(downloads_come_more_often_near_an_end),
		cmocka_unit_test(v70_units_move_to_the_server_once),
		cmocka_unit_test(v71_a_recall_waits_for_units_in_use),
		cmocka_unit_test(v72_a_subscription_is_not_surrendered),
		cmocka_unit_test(v74_units_of_a_family_are_not_auto_leased),
	};

	return cmocka_run_group_tests_name(
	    "rules vectors of time", tests, NULL, NULL);
}
