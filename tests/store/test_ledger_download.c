/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_download.c: when license keys are fetched, to the second; and
 * where from.
 */
#include "tests/store/fixture.h"

#include "engine/base/calendar.h"
#include "engine/store/ledger_download.h"
#include <stdlib.h>
#include <string.h>

#define NOW FIXTURE_NOW
#define DAY 86400

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_open(fixture, ROLE_SERVER, "PSA-5000");
	fixture_accept(fixture);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static struct download_plan
plan_at(struct fixture *fixture, int64_t now)
{
	struct download_plan plan;

	assert_int_equal(store_download_plan(&plan, &fixture->arena,
			     fixture->appliance.store, now),
	    FAULT_NONE);
	return plan;
}

static void
run_by(struct fixture *fixture, int64_t at, bool is_good, bool is_automatic)
{
	const struct download_row row = { .began_at = at - 1,
		.ended_at = at,
		.started_by = "System",
		.is_automatic = is_automatic,
		.codes = "",
		.is_good = is_good,
		.text = is_good ? "well" : "no connection" };

	assert_int_equal(
	    fixture_end(
		fixture, ledger_download_done(fixture_begin(fixture, at), &row)),
	    0);
}

static void
run_at(struct fixture *fixture, int64_t at, bool is_good)
{
	run_by(fixture, at, is_good, true);
}

/* A subscription that ends with that day. */
static void
add_license(struct fixture *fixture, const char *end)
{
	const struct fixture_claims claims = { .jti = end,
		.sub = fixture->appliance.hardware_id,
		.sku = "CONSEC-5U-1YR",
		.start = "2026-01-01",
		.end = end,
		.iss = FIXTURE_ISSUER };
	const char *key = fixture_key(fixture, &claims);
	struct license_result *results;
	size_t count;

	assert_int_equal(
	    fixture_end(fixture,
		ledger_license_add(&results, &count,
		    fixture_begin(fixture, NOW), key)),
	    0);
	assert_int_equal(count, 1);
	assert_true(results[0].is_installed);
}

static void
without_a_run_the_first_is_due(void **state)
{
	struct fixture *fixture = *state;
	struct download_plan plan = plan_at(fixture, NOW);

	assert_int_equal(plan.last, 0);
	assert_int_equal(plan.next, NOW);
	assert_int_equal(plan.row, DOWNLOAD_SCHEDULE_QUARTERLY);
}

/* Each row of the schedule from the run before, to the second. */
static void
each_row_has_its_interval(void **state)
{
	struct fixture *fixture = *state;

	run_at(fixture, NOW, true);
	assert_int_equal(
	    plan_at(fixture, NOW).next, calendar_later(NOW, 3, 0));
	/* 2026-06-15 12:00: three months on is 2026-09-15 12:00. */
	add_license(fixture, "2026-09-15");
	assert_int_equal(
	    plan_at(fixture, NOW).row, DOWNLOAD_SCHEDULE_QUARTERLY);
	add_license(fixture, "2026-09-14");
	assert_int_equal(plan_at(fixture, NOW).row, DOWNLOAD_SCHEDULE_MONTHLY);
	assert_int_equal(
	    plan_at(fixture, NOW).next, calendar_later(NOW, 1, 0));
	add_license(fixture, "2026-06-28");
	assert_int_equal(plan_at(fixture, NOW).row, DOWNLOAD_SCHEDULE_WEEKLY);
	assert_int_equal(plan_at(fixture, NOW).next, NOW + 7 * DAY);
	/* In grace since 26 days, which ends within a week: 31 days by default. */
	add_license(fixture, "2026-05-20");
	assert_int_equal(plan_at(fixture, NOW).row, DOWNLOAD_SCHEDULE_DAILY);
	assert_int_equal(plan_at(fixture, NOW).next, NOW + DAY);
}

static void
a_run_that_failed_is_tried_again_soon(void **state)
{
	struct fixture *fixture = *state;

	run_at(fixture, NOW, false);
	assert_true(plan_at(fixture, NOW).has_failed);
	assert_int_equal(
	    plan_at(fixture, NOW).next, NOW + STORE_DOWNLOAD_RETRY);
	/* What a person tried in vain moves nothing. */
	run_by(fixture, NOW + 5, false, false);
	assert_int_equal(
	    plan_at(fixture, NOW).next, NOW + STORE_DOWNLOAD_RETRY);
	run_by(fixture, NOW + STORE_DOWNLOAD_RETRY, true, false);
	assert_false(plan_at(fixture, NOW).has_failed);
	assert_int_equal(plan_at(fixture, NOW).next,
	    calendar_later(NOW + STORE_DOWNLOAD_RETRY, 3, 0));
}

static void
settings_are_checked_and_kept(void **state)
{
	static const char *const wrong[] = { "center.example.net",
		"http://center.example.net", "https://", "https://a b",
		"https://user@host", "https://host/path",
		"https://$(touch x)", "-o/tmp/x" };
	struct fixture *fixture = *state;
	struct download_settings settings;
	const bool off = false;
	struct download_input input = { .network = "external",
		.is_enabled = &off };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		input.center = wrong[i];
		assert_int_equal(
		    fixture_end(fixture,
			ledger_download_save(
			    fixture_begin(fixture, NOW), &input)),
		    1);
		assert_int_equal(fixture->ledger.mistakes.items[0].kind,
		    MISTAKE_CENTER_ADDRESS);
	}
	input.center = "https://center.example.net:8443";
	assert_int_equal(
	    fixture_end(fixture,
		ledger_download_save(fixture_begin(fixture, NOW), &input)),
	    0);
	assert_int_equal(store_download_settings(&settings, &fixture->arena,
			     fixture->appliance.store),
	    FAULT_NONE);
	assert_string_equal(settings.center, "https://center.example.net:8443");
	assert_string_equal(settings.network, "external");
	assert_false(settings.is_enabled);
	input = (struct download_input){ .network = "wifi" };
	assert_int_equal(
	    fixture_end(fixture,
		ledger_download_save(fixture_begin(fixture, NOW), &input)),
	    1);
	assert_string_equal(
	    fixture->ledger.mistakes.items[0].field, "network");
}

static void
history_is_newest_first_and_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct download_row *rows;
	size_t count;

	for (int i = 0; i < 1003; i++)
		run_at(fixture, NOW + i, i % 2 == 0);
	assert_int_equal(store_download_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, 5000),
	    FAULT_NONE);
	assert_int_equal(count, 1000);
	assert_int_equal(rows[0].ended_at, NOW + 1002);
	assert_int_equal(rows[999].ended_at, NOW + 3);
}

/* Carried here it stands in the history, moves no schedule, and is no contact with the center. */
static void
a_key_file_revives_nothing(void **state)
{
	const struct download_row row = { .began_at = NOW,
		.ended_at = NOW,
		.started_by = "admin",
		.codes = DOWNLOAD_CODES_FILE ": HB2NC",
		.received = 1,
		.installed = 1,
		.is_good = true,
		.text = "1 license keys came, 1 of them new." };
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, ROLE_VIRTUAL_SERVER, "VA-SPE");
	fixture_accept(&fixture);
	assert_int_equal(
	    fixture_end(&fixture,
		ledger_download_filed(fixture_begin(&fixture, NOW), &row)),
	    0);
	assert_int_equal(fixture_sql_number(&fixture,
			     "SELECT count(*) FROM heartbeat"
			     " WHERE accepted_at = 1781524800"),
	    0);
	assert_int_equal(plan_at(&fixture, NOW).last, 0);
	assert_int_equal(
	    fixture_sql_number(&fixture, "SELECT count(*) FROM download"), 1);
	/* The same as a run is contact. */
	assert_int_equal(
	    fixture_end(&fixture,
		ledger_download_done(fixture_begin(&fixture, NOW), &row)),
	    0);
	assert_int_equal(fixture_sql_number(&fixture,
			     "SELECT count(*) FROM heartbeat"
			     " WHERE accepted_at = 1781524800"),
	    1);
	fixture_close(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(without_a_run_the_first_is_due),
		TEST(each_row_has_its_interval),
		TEST(a_run_that_failed_is_tried_again_soon),
		TEST(settings_are_checked_and_kept),
		TEST(history_is_newest_first_and_bounded),
		TEST(a_key_file_revives_nothing),
#undef TEST
	};

	return cmocka_run_group_tests_name("download", tests, NULL, NULL);
}
