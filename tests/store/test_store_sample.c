/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_sample.c: the history of use: the worst of each span, a row only
 * where something differs, denials when they are answered, series without
 * gaps, and a forecast from its daily peaks.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/base/clock.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include "engine/store/store_sample.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIVE   SAMPLE_FIVE_MINUTES
#define HOURLY SAMPLE_HOUR
#define MINUTE SECONDS_PER_MINUTE

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

static void
good(enum fault fault)
{
	assert_string_equal(fault_text(fault), fault_text(FAULT_NONE));
}

static void
watch(struct estate *estate, int64_t now)
{
	estate_begin(estate, now);
	good(estate_end(estate, ledger_watch(&estate->ledger)));
}

static struct sample *
series(size_t *count, struct estate *estate, enum sample_span span,
    int64_t client, int64_t from, int64_t to)
{
	struct sample *samples;

	good(store_sample_list(&samples, count, &estate->arena,
	    estate->appliance.store, span, "CONSEC", client, from, to));
	return samples;
}

static void
is(const struct sample *sample, int64_t at, int64_t total, int64_t available,
    int64_t leased, int64_t users, int64_t denials)
{
	assert_int_equal(sample->at, at);
	assert_int_equal(sample->total, total);
	assert_int_equal(sample->available, available);
	assert_int_equal(sample->leased, leased);
	assert_int_equal(sample->users, users);
	assert_int_equal(sample->denials, denials);
}

static int64_t
rows(struct estate *estate, enum sample_span span)
{
	int64_t count;

	good(statement_number(&count, 0, estate->appliance.store,
	    "SELECT count(*) FROM sample WHERE span = ?1", "i", (int64_t)span));
	return count;
}

static int64_t
client(struct estate *estate, const char *name, int64_t reserved)
{
	return estate_client(estate, name, "CONSEC",
	    (struct allocation){ reserved, 10, 100 }, "", START);
}

static void
each_minute_is_folded_into_its_spans(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a", 10);
	watch(estate, START);
	estate_sync(estate, id, "CONSEC", 35, 0, START + 70);
	watch(estate, START + 2 * MINUTE);
	samples = series(&count, estate, FIVE, SAMPLE_ALL, START, START + 300);
	assert_int_equal(count, 1);
	/* The least available, the most leased. */
	is(&samples[0], START, 100, 60, 40, 35, 0);
	samples = series(
	    &count, estate, HOURLY, SAMPLE_ALL, START, START + HOUR);
	assert_int_equal(count, 1);
	is(&samples[0], START, 100, 60, 40, 35, 0);
	/* Of the client: its Maximum Count, and what is left of it. */
	samples = series(&count, estate, FIVE, id, START, START + 300);
	is(&samples[0], START, 100, 60, 40, 35, 0);
}

static void
the_worst_of_a_span_stays_and_the_next_begins_anew(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;
	int64_t id, license;

	estate_license(estate, "CONSEC", 100, "");
	license = estate_license(estate, "CONSEC", 50, "");
	id = client(estate, "a", 0);
	estate_sync(estate, id, "CONSEC", 30, 0, START);
	watch(estate, START + 10);
	estate_sync(estate, id, "CONSEC", 20, 1, START + DAY);
	watch(estate, START + DAY);
	estate_sync(estate, id, "CONSEC", 5, 2, START + DAY + MINUTE);
	estate_sync(estate, id, "CONSEC", 5, 3, START + DAY + MINUTE + 1);
	estate_license_remove(estate, license);
	watch(estate, START + DAY + 2 * MINUTE);
	watch(estate, START + DAY + 5 * MINUTE);
	samples = series(
	    &count, estate, FIVE, SAMPLE_ALL, START + DAY, START + DAY + 600);
	assert_int_equal(count, 2);
	is(&samples[0], START + DAY, 100, 80, 20, 20, 0);
	is(&samples[1], START + DAY + 300, 100, 80, 20, 5, 0);
}

static void
only_what_differs_is_written(void **state)
{
	struct estate *estate = *state;
	int64_t written;
	size_t count;
	struct sample *samples;

	estate_license(estate, "CONSEC", 100, "");
	client(estate, "a", 10);
	watch(estate, START);
	written = rows(estate, FIVE);
	assert_int_equal(written, 2);
	for (int64_t minute = 1; minute < 200; minute++)
		watch(estate, START + minute * MINUTE);
	assert_int_equal(rows(estate, FIVE), written);
	assert_int_equal(rows(estate, HOURLY), 2);
	/* And yet no gap is seen. */
	samples = series(
	    &count, estate, FIVE, SAMPLE_ALL, START, START + 200 * MINUTE);
	assert_int_equal(count, 40);
	is(&samples[39], START + 39 * 300, 100, 90, 0, 0, 0);
}

/* What it holds runs out by and by; what it wanted is over. */
static void
a_deleted_client_wants_nothing_more(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;
	int64_t gone;

	estate_license(estate, "CONSEC", 100, "");
	gone = client(estate, "gone", 0);
	estate_sync(estate, gone, "CONSEC", 30, 0, START);
	estate_sync(estate, client(estate, "stays", 0), "CONSEC", 20, 0, START);
	watch(estate, START + 10);
	estate_delete(estate, gone, START + MINUTE);
	watch(estate, START + 5 * MINUTE);
	samples = series(&count, estate, FIVE, SAMPLE_ALL, START, START + 600);
	assert_int_equal(count, 2);
	is(&samples[0], START, 100, 50, 50, 50, 0);
	is(&samples[1], START + 300, 100, 50, 20, 20, 0);
}

static void
a_client_with_nothing_has_no_row(void **state)
{
	struct estate *estate = *state;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = estate_client(estate, "idle", "ACCESS",
	    (struct allocation){ 0, 10, 100 }, "", START);
	watch(estate, START);
	series(&count, estate, FIVE, id, START, START + 300);
	assert_int_equal(count, 0);
}

static void
denials_are_counted_when_they_are_answered(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a", 0);
	watch(estate, START);
	/* 300 users do not fit: twice within five minutes, once after. */
	estate_sync(estate, id, "CONSEC", 300, 0, START + 10);
	estate_sync(estate, id, "CONSEC", 300, 1, START + 20);
	watch(estate, START + MINUTE);
	watch(estate, START + 5 * MINUTE);
	estate_sync(estate, id, "CONSEC", 300, 2, START + 6 * MINUTE);
	watch(estate, START + 7 * MINUTE);
	watch(estate, START + 10 * MINUTE);
	watch(estate, START + 15 * MINUTE);
	samples = series(&count, estate, FIVE, id, START, START + 20 * MINUTE);
	assert_int_equal(count, 4);
	is(&samples[0], START, 100, 0, 100, 300, 2);
	is(&samples[1], START + 300, 100, 0, 100, 300, 1);
	is(&samples[2], START + 600, 100, 0, 100, 300, 0);
	is(&samples[3], START + 900, 100, 0, 100, 300, 0);
	samples = series(
	    &count, estate, HOURLY, SAMPLE_ALL, START, START + HOUR);
	is(&samples[0], START, 100, 0, 100, 300, 3);
}

/* Before anybody looked within a span, a denial has only the figures of the span before. */
static void
a_denial_before_the_first_look_keeps_no_old_figures(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a", 0);
	estate_sync(estate, id, "CONSEC", 100, 0, START);
	watch(estate, START + MINUTE);
	estate_sync(estate, id, "CONSEC", 5, 1, START + DAY);
	estate_sync(estate, id, "CONSEC", 5, 2, START + DAY + 1);
	estate_sync(estate, id, "CONSEC", 500, 3, START + DAY + 2);
	watch(estate, START + DAY + MINUTE);
	samples = series(
	    &count, estate, FIVE, id, START + DAY, START + DAY + 300);
	assert_int_equal(count, 1);
	is(&samples[0], START + DAY, 100, 0, 100, 500, 1);
	samples = series(
	    &count, estate, FIVE, id, START + 10 * MINUTE, START + HOUR);
	is(&samples[0], START + 10 * MINUTE, 100, 0, 100, 100, 0);
}

static void
a_series_begins_with_what_held_before(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;

	estate_license(estate, "CONSEC", 100, "");
	watch(estate, START + 7);
	samples = series(&count, estate, FIVE, SAMPLE_ALL, START + 10 * MINUTE,
	    START + 20 * MINUTE);
	assert_int_equal(count, 2);
	is(&samples[0], START + 10 * MINUTE, 100, 100, 0, 0, 0);
	/* Nothing is known of before. */
	samples = series(
	    &count, estate, FIVE, SAMPLE_ALL, START - HOUR, START + 300);
	assert_int_equal(count, 1);
	assert_int_equal(samples[0].at, START);
	series(&count, estate, FIVE, SAMPLE_ALL, START - HOUR, START);
	assert_int_equal(count, 0);
}

static void
five_minutes_are_kept_for_two_days_and_hours_for_thirteen_months(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a", 0);
	for (int64_t hour = 0; hour < 60; hour++) {
		assert_true(estate_change(estate, id, "CONSEC",
		    (struct allocation){ hour % 2, 10, 100 }, "",
		    START + hour * HOUR));
		watch(estate, START + hour * HOUR);
	}
	/* From 11 hours on: the one that held two days ago is the oldest. */
	assert_int_equal(rows(estate, HOURLY), 61);
	assert_int_equal(rows(estate, FIVE), 50);
	assert_true(estate_change(estate, id, "CONSEC",
	    (struct allocation){ 50, 10, 100 }, "", START + 500 * DAY));
	watch(estate, START + 500 * DAY);
	assert_int_equal(rows(estate, HOURLY), 3);
	assert_int_equal(rows(estate, FIVE), 3);
}

static void
a_deleted_client_leaves_its_history_until_that_is_old(void **state)
{
	struct estate *estate = *state;
	struct sample *samples;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a", 10);
	watch(estate, START);
	estate_delete(estate, id, START + HOUR);
	estate_reclaim(estate, START + HOUR);
	watch(estate, START + HOUR);
	samples = series(&count, estate, HOURLY, id, START, START + 2 * HOUR);
	assert_int_equal(count, 2);
	is(&samples[0], START, 100, 100, 0, 0, 0);
	is(&samples[1], START + HOUR, 0, 0, 0, 0, 0);
	watch(estate, START + HOUR + 400 * DAY);
	series(&count, estate, HOURLY, id, START, START + 2 * HOUR);
	assert_int_equal(count, 2);
	watch(estate, START + 2 * HOUR + 400 * DAY);
	series(&count, estate, HOURLY, id, START, START + 2 * HOUR);
	assert_int_equal(count, 0);
}

/* ---- forecast ---- */

static struct forecast
forecast(struct estate *estate, int64_t total, int64_t now)
{
	struct forecast out;

	good(store_sample_forecast(&out, &estate->arena,
	    estate->appliance.store, "CONSEC", total, now));
	return out;
}

static void
save_hour(struct estate *estate, int64_t at, int64_t held)
{
	const struct sample sample = {
		.at = at, .total = 1000, .available = 1000 - held
	};

	good(store_sample_save(
	    estate->appliance.store, HOURLY, "CONSEC", SAMPLE_ALL, &sample));
}

static void
peaks_are_of_whole_days(void **state)
{
	struct estate *estate = *state;
	struct forecast_point *points;
	size_t count;

	save_hour(estate, START + 5 * HOUR, 100);
	save_hour(estate, START + 6 * HOUR, 300);
	save_hour(estate, START + 7 * HOUR, 50);
	/* Goes on over the second day, and into the third. */
	save_hour(estate, START + 2 * DAY + HOUR, 20);
	save_hour(estate, START + 3 * DAY, 999);
	good(store_sample_peaks(&points, &count, &estate->arena,
	    estate->appliance.store, "CONSEC", START + 3 * DAY + HOUR));
	assert_int_equal(count, 3);
	assert_int_equal(points[0].at, START);
	assert_int_equal(points[0].used, 300);
	assert_int_equal(points[1].at, START + DAY);
	assert_int_equal(points[1].used, 50);
	assert_int_equal(points[2].used, 50);
	good(store_sample_peaks(&points, &count, &estate->arena,
	    estate->appliance.store, "CONSEC", START + 4 * DAY));
	assert_int_equal(count, 4);
	assert_int_equal(points[3].used, 999);
}

static void
ten_units_a_day_are_used_up_in_time(void **state)
{
	struct estate *estate = *state;
	struct forecast known;

	for (int64_t day = 0; day < 20; day++)
		save_hour(estate, START + day * DAY, 100 + 10 * day);
	assert_false(forecast(estate, 1000, START + 6 * DAY).is_known);
	known = forecast(estate, 1000, START + 20 * DAY);
	assert_true(known.is_known);
	assert_int_equal(known.per_day_thousandths, 10000);
	assert_int_equal(known.at_now, 300);
	assert_int_equal(known.exhausted_at, START + 90 * DAY);
}

static void
nothing_is_known_without_history(void **state)
{
	struct forecast none = forecast(*state, 1000, START);

	assert_false(none.is_known);
	assert_int_equal(none.exhausted_at, INSTANT_NEVER);
}

/* ---- what a minute costs ---- */

static void
ten_thousand_clients(struct estate *estate)
{
	estate_begin(estate, START);
	good(statement_run(estate->appliance.store,
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    "  WHERE i < 10000)"
	    " INSERT INTO client (name, folded, password_hash, platform,"
	    "  product, made_at, changed_at)"
	    " SELECT 'gw' || i, 'gw' || i, 'x', 'PSA-5000', 1, 1, 1 FROM n",
	    ""));
	good(statement_run(estate->appliance.store,
	    "INSERT INTO allocation (client, feature, reserved, increment,"
	    " maximum) SELECT id, 'CONSEC', 10, 10, 100 FROM client",
	    ""));
	good(statement_run(estate->appliance.store,
	    "INSERT INTO lease_part (client, feature, kind, size, count,"
	    " granted, expires, first)"
	    " SELECT id, 'CONSEC', 0, 10, 1, 1, 9999999999, 1 FROM client"
	    " UNION ALL SELECT id, 'CONSEC', 1, 10, 2, 1, 9999999999, 1"
	    "  FROM client",
	    ""));
	good(estate_end(estate, FAULT_NONE));
}

static int64_t
timed(struct estate *estate, int64_t now)
{
	int64_t begin = clock_elapsed_ms();

	watch(estate, now);
	return clock_elapsed_ms() - begin;
}

static void
a_minute_of_ten_thousand_clients_writes_what_changed(void **state)
{
	struct estate *estate = *state;
	int64_t first, quiet, busy, written;

	estate_license(estate, "CONSEC", 1000000, "");
	ten_thousand_clients(estate);
	first = timed(estate, START);
	written = rows(estate, FIVE);
	assert_int_equal(written, 10001);
	quiet = timed(estate, START + MINUTE);
	assert_int_equal(rows(estate, FIVE), written);
	estate_begin(estate, START + MINUTE);
	good(statement_run(estate->appliance.store,
	    "UPDATE lease_part SET count = 3 WHERE kind = 1"
	    " AND client % 10 = 0",
	    ""));
	good(estate_end(estate, FAULT_NONE));
	busy = timed(estate, START + 5 * MINUTE);
	assert_int_equal(rows(estate, FIVE), written + 1001);
	print_message("# a minute of 10,000 clients: %lld ms when all are new, "
		      "%lld ms when nothing changed, %lld ms when a tenth "
		      "did\n",
	    (long long)first, (long long)quiet, (long long)busy);
}

#define SAMPLE_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(                                       \
	    test, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(each_minute_is_folded_into_its_spans),
		SAMPLE_TEST(the_worst_of_a_span_stays_and_the_next_begins_anew),
		SAMPLE_TEST(only_what_differs_is_written),
		SAMPLE_TEST(a_deleted_client_wants_nothing_more),
		SAMPLE_TEST(a_client_with_nothing_has_no_row),
		SAMPLE_TEST(denials_are_counted_when_they_are_answered),
		SAMPLE_TEST(
		    a_denial_before_the_first_look_keeps_no_old_figures),
		SAMPLE_TEST(a_series_begins_with_what_held_before),
		SAMPLE_TEST(
		    five_minutes_are_kept_for_two_days_and_hours_for_thirteen_months),
		SAMPLE_TEST(
		    a_deleted_client_leaves_its_history_until_that_is_old),
		SAMPLE_TEST(peaks_are_of_whole_days),
		SAMPLE_TEST(ten_units_a_day_are_used_up_in_time),
		SAMPLE_TEST(nothing_is_known_without_history),
		SAMPLE_TEST(
		    a_minute_of_ten_thousand_clients_writes_what_changed),
	};

	return cmocka_run_group_tests_name("store_sample", tests, NULL, NULL);
}
