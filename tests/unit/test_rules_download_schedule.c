/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_download_schedule.c: each row of the schedule at its bound, the
 * second before and the second after.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/download_schedule.h"
#include <string.h>

#define DAY   SECONDS_PER_DAY
#define NOW   (INT64_C(1000) * DAY)
#define GRACE (31 * DAY)

static const struct download_schedule_bounds bounds = {
	.months3 = NOW + 91 * DAY,
	.weeks2 = NOW + 14 * DAY,
	.week1 = NOW + 7 * DAY,
};

static struct license
subscription(instant start, instant end)
{
	return (struct license){ .id = 1,
		.prefix = "CONSEC",
		.units = 100,
		.is_subscription = true,
		.start = start,
		.end = end,
		.waits_until = INT64_MIN,
		.renewed_at = INSTANT_NEVER };
}

static enum download_schedule_row
row_for(const struct license *license)
{
	return download_schedule_row(license, 1, GRACE, &bounds, NOW);
}

static void
nothing_that_ends_is_quarterly(void **state)
{
	struct license license = subscription(INT64_MIN, INSTANT_NEVER);
	struct download_schedule_bounds all = { INSTANT_NEVER, INSTANT_NEVER,
		INSTANT_NEVER };

	(void)state;
	license.is_subscription = false;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_QUARTERLY);
	assert_int_equal(download_schedule_row(NULL, 0, GRACE, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_QUARTERLY);
	assert_int_equal(download_schedule_row(&license, 1, GRACE, &all, NOW),
	    DOWNLOAD_SCHEDULE_QUARTERLY);
}

static void
an_end_within_a_bound_is_seen(void **state)
{
	static const struct {
		instant end;
		enum download_schedule_row row;
	} rows[] = {
		{ NOW + 91 * DAY + 1, DOWNLOAD_SCHEDULE_QUARTERLY },
		{ NOW + 91 * DAY, DOWNLOAD_SCHEDULE_MONTHLY },
		{ NOW + 14 * DAY + 1, DOWNLOAD_SCHEDULE_MONTHLY },
		{ NOW + 14 * DAY, DOWNLOAD_SCHEDULE_WEEKLY },
		{ NOW + 1, DOWNLOAD_SCHEDULE_WEEKLY },
		/* In grace, with all of it to go: weekly. */
		{ NOW, DOWNLOAD_SCHEDULE_WEEKLY },
		{ NOW + 7 * DAY - GRACE + 1, DOWNLOAD_SCHEDULE_WEEKLY },
		{ NOW + 7 * DAY - GRACE, DOWNLOAD_SCHEDULE_DAILY },
		{ NOW - GRACE + 1, DOWNLOAD_SCHEDULE_DAILY },
		/* Over. */
		{ NOW - GRACE, DOWNLOAD_SCHEDULE_QUARTERLY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct license license = subscription(INT64_MIN, rows[i].end);

		assert_int_equal(row_for(&license), rows[i].row);
	}
}

static void
future_and_pending_ones_end_too(void **state)
{
	struct license license = subscription(NOW + DAY, NOW + 14 * DAY);

	(void)state;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_WEEKLY);
	/* A renewal whose parent has not ended. */
	license.is_renewal = true;
	license.start = NOW - DAY;
	license.waits_until = NOW + 5 * DAY;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_WEEKLY);
	license.end = NOW + 30 * DAY;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_MONTHLY);
	/* One without a parent. */
	license.waits_until = INSTANT_NEVER;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_MONTHLY);
}

static void
a_grace_to_come_counts_when_it_is_short(void **state)
{
	struct license license = subscription(INT64_MIN, NOW + 5 * DAY);

	(void)state;
	assert_int_equal(
	    download_schedule_row(&license, 1, 2 * DAY, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_DAILY);
	assert_int_equal(
	    download_schedule_row(&license, 1, 2 * DAY + 1, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_WEEKLY);
	/* Without grace there is none that ends. */
	assert_int_equal(download_schedule_row(&license, 1, 0, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_WEEKLY);
	assert_int_equal(
	    download_schedule_row(&license, 1, INT64_MIN, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_WEEKLY);
	/* Nor when a renewal takes over at its end. */
	license.renewed_at = license.end;
	assert_int_equal(
	    download_schedule_row(&license, 1, 2 * DAY, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_WEEKLY);
}

static void
an_end_seen_earlier_counts_from_then(void **state)
{
	/* The zone moved its end; its grace began where it was seen to end. */
	struct license license = subscription(INT64_MIN, NOW + DAY);

	(void)state;
	license.ended_at = NOW + 7 * DAY - GRACE;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_DAILY);
	license.ended_at++;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_WEEKLY);
}

static void
what_counts_no_more_is_left_out(void **state)
{
	struct license license = subscription(INT64_MIN, NOW + DAY);

	(void)state;
	license.is_revoked = true;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_QUARTERLY);
	license.is_revoked = false;
	license.surrender = SURRENDER_PENDING;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_QUARTERLY);
	license.surrender = SURRENDER_ACCEPTED;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_QUARTERLY);
	license.surrender = SURRENDER_RECALLING;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_QUARTERLY);
	license.surrender = SURRENDER_NONE;
	license.renewed_at = NOW;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_QUARTERLY);
	license.renewed_at = NOW + 1;
	assert_int_equal(row_for(&license), DOWNLOAD_SCHEDULE_WEEKLY);
}

static void
the_most_frequent_row_wins(void **state)
{
	struct license licenses[4];

	(void)state;
	licenses[0] = subscription(INT64_MIN, NOW + 400 * DAY);
	licenses[1] = subscription(INT64_MIN, NOW + 60 * DAY);
	licenses[2] = subscription(INT64_MIN, NOW + 3 * DAY - GRACE);
	licenses[3] = subscription(INT64_MIN, NOW + 10 * DAY);
	for (size_t n = 0; n < 4; n++) {
		struct license first = licenses[0];

		assert_int_equal(
		    download_schedule_row(licenses, 4, GRACE, &bounds, NOW),
		    DOWNLOAD_SCHEDULE_DAILY);
		memmove(licenses, licenses + 1, 3 * sizeof(first));
		licenses[3] = first;
	}
	assert_int_equal(
	    download_schedule_row(licenses, 1, GRACE, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_QUARTERLY);
	assert_int_equal(
	    download_schedule_row(licenses, 2, GRACE, &bounds, NOW),
	    DOWNLOAD_SCHEDULE_MONTHLY);
}

static void
odd_instants_have_an_answer(void **state)
{
	struct license license = subscription(INT64_MAX, INT64_MIN);
	struct download_schedule_bounds never = { INT64_MIN, INT64_MIN,
		INT64_MIN };

	(void)state;
	assert_int_equal(
	    download_schedule_row(&license, 1, INT64_MAX, &never, INT64_MAX),
	    DOWNLOAD_SCHEDULE_QUARTERLY);
	license = subscription(INT64_MIN, INT64_MAX - 1);
	assert_int_equal(
	    download_schedule_row(&license, 1, INT64_MAX, &never, INT64_MIN),
	    DOWNLOAD_SCHEDULE_QUARTERLY);
}

static void
each_row_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(download_schedule_word(DOWNLOAD_SCHEDULE_QUARTERLY),
	    "every 3 months");
	assert_string_equal(
	    download_schedule_word(DOWNLOAD_SCHEDULE_MONTHLY), "every month");
	assert_string_equal(
	    download_schedule_word(DOWNLOAD_SCHEDULE_WEEKLY), "every week");
	assert_string_equal(
	    download_schedule_word(DOWNLOAD_SCHEDULE_DAILY), "every day");
	assert_string_equal(
	    download_schedule_word((enum download_schedule_row)4), "unknown");
}

static void
holders_hear_daily_of_what_is_revoked(void **state)
{
	(void)state;
	assert_int_equal(download_schedule_revocations(true, 100), 100);
	assert_int_equal(
	    download_schedule_revocations(false, 100), INSTANT_NEVER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_ends_is_quarterly),
		cmocka_unit_test(an_end_within_a_bound_is_seen),
		cmocka_unit_test(future_and_pending_ones_end_too),
		cmocka_unit_test(a_grace_to_come_counts_when_it_is_short),
		cmocka_unit_test(an_end_seen_earlier_counts_from_then),
		cmocka_unit_test(what_counts_no_more_is_left_out),
		cmocka_unit_test(the_most_frequent_row_wins),
		cmocka_unit_test(odd_instants_have_an_answer),
		cmocka_unit_test(each_row_has_its_word),
		cmocka_unit_test(holders_hear_daily_of_what_is_revoked),
	};

	return cmocka_run_group_tests_name(
	    "rules download_schedule", tests, NULL, NULL);
}
