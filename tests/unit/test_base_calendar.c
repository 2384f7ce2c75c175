/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_calendar.c: days that are short, long, doubled at midnight,
 * without a midnight, or not there at all. Zones come from tzdata.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/calendar.h"
#include <string.h>

#define HOUR 3600

static int64_t
start(const char *date)
{
	int64_t instant;

	assert_true(calendar_date_start(&instant, date));
	return instant;
}

static int64_t
end(const char *date)
{
	int64_t instant;

	assert_true(calendar_date_end(&instant, date));
	return instant;
}

static void
zone(const char *name)
{
	assert_true(calendar_zone_set(name));
}

static void
shows(int64_t instant, const char *expected)
{
	char text[CALENDAR_TEXT_MAX];

	calendar_format(text, instant);
	assert_string_equal(text, expected);
}

static void
real_dates_only(void **state)
{
	static const char *const good[] = { "1970-01-01", "9999-12-31",
		"2024-02-29", "2000-02-29", "2025-02-28", "2025-04-30" };
	static const char *const bad[] = { "", "1969-12-31", "0000-00-00",
		"2025-02-29", "2027-02-29", "1900-02-29", "2100-02-29",
		"2025-04-31", "2025-13-01", "2025-00-01", "2025-01-00",
		"2025-01-32", "25-01-01", "2025-1-01", "2025-01-1",
		"2025/01/01", "2025-01-01 ", " 2025-01-01", "2025-01-01T",
		"20250101", "10000-01-01", "2025-01-0a", "+025-01-01",
		"-025-01-01", "2025-01--1", "2025-01-01\n" };
	int64_t instant = 7;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(calendar_date_is_valid(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(calendar_date_is_valid(bad[i]));
		assert_false(calendar_date_start(&instant, bad[i]));
		assert_int_equal(instant, 0);
		assert_false(calendar_date_end(&instant, bad[i]));
	}
	assert_false(calendar_date_is_valid(NULL));
}

static void
zones_of_tzdata_only(void **state)
{
	(void)state;
	assert_true(calendar_zone_is_known("UTC"));
	assert_true(calendar_zone_is_known("Europe/Vienna"));
	assert_true(calendar_zone_is_known("America/Argentina/Buenos_Aires"));
	assert_true(calendar_zone_is_known("Etc/GMT+5"));
	assert_false(calendar_zone_is_known(NULL));
	assert_false(calendar_zone_is_known(""));
	assert_false(calendar_zone_is_known("Europe"));
	assert_false(calendar_zone_is_known("Europe/Nowhere"));
	assert_false(calendar_zone_is_known("/usr/share/zoneinfo/UTC"));
	assert_false(calendar_zone_is_known("../zoneinfo/UTC"));
	assert_false(calendar_zone_is_known(":UTC"));
	assert_false(calendar_zone_is_known("CET-1CEST"));
	assert_false(calendar_zone_is_known("right/UTC"));
	assert_false(calendar_zone_is_known("tzdata.zi"));
	assert_false(calendar_zone_is_known("zone1970"));
	assert_false(calendar_zone_set("Europe/Nowhere"));
}

static void
utc_days_are_86400_seconds(void **state)
{
	(void)state;
	zone("UTC");
	assert_int_equal(start("1970-01-01"), 0);
	assert_int_equal(end("1970-01-01"), 86400);
	assert_int_equal(end("2024-02-28"), start("2024-02-29"));
	assert_int_equal(end("2024-02-29"), start("2024-03-01"));
	assert_int_equal(end("2025-02-28"), start("2025-03-01"));
	assert_int_equal(end("2025-12-31"), start("2026-01-01"));
	assert_int_equal(start("2038-01-20"), INT64_C(2147558400));
	assert_int_equal(end("9999-12-31"), INT64_C(253402300800));
}

static void
days_of_clock_change_are_23_and_25_hours(void **state)
{
	(void)state;
	zone("Europe/Vienna");
	assert_int_equal(end("2026-03-29") - start("2026-03-29"), 23 * HOUR);
	assert_int_equal(end("2026-10-25") - start("2026-10-25"), 25 * HOUR);
	shows(start("2026-12-14"), "2026-12-14 00:00 +01:00");
	shows(start("2026-07-14"), "2026-07-14 00:00 +02:00");
	/* Lord Howe moves by half an hour. */
	zone("Australia/Lord_Howe");
	assert_int_equal(
	    end("2026-10-04") - start("2026-10-04"), 23 * HOUR + HOUR / 2);
}

static void
skipped_midnight_starts_at_the_change(void **state)
{
	(void)state;
	zone("America/Sao_Paulo");
	shows(start("2018-11-04"), "2018-11-04 01:00 -02:00");
	shows(start("2018-11-04") - 1, "2018-11-03 23:59 -03:00");
	assert_int_equal(end("2018-11-03"), start("2018-11-04"));
	assert_int_equal(end("2018-11-04") - start("2018-11-04"), 23 * HOUR);
	zone("America/Asuncion");
	shows(start("2023-10-01"), "2023-10-01 01:00 -03:00");
	zone("Asia/Beirut");
	shows(start("2022-03-27"), "2022-03-27 01:00 +03:00");
}

static void
doubled_midnight_counts_once_and_first(void **state)
{
	(void)state;
	/* 00:59:59 is followed by 00:00 of the same day. */
	zone("America/Havana");
	shows(start("2022-11-06"), "2022-11-06 00:00 -04:00");
	assert_int_equal(end("2022-11-06") - start("2022-11-06"), 25 * HOUR);
	/* 23:59:59 is followed by 23:00 of the same day. */
	zone("America/Sao_Paulo");
	shows(start("2018-02-18"), "2018-02-18 00:00 -03:00");
	shows(start("2018-02-18") - 1, "2018-02-17 23:59 -03:00");
	assert_int_equal(end("2018-02-17") - start("2018-02-17"), 25 * HOUR);
	/* A minute past midnight is followed by 23:01 of the day before. */
	zone("America/St_Johns");
	shows(start("2010-11-07"), "2010-11-07 00:00 -02:30");
	assert_int_equal(end("2010-11-06"), start("2010-11-07"));
}

static void
day_left_out_begins_and_ends_with_the_next(void **state)
{
	(void)state;
	zone("Pacific/Apia");
	assert_int_equal(start("2011-12-30"), start("2011-12-31"));
	assert_int_equal(end("2011-12-30"), start("2011-12-31"));
	assert_int_equal(end("2011-12-29"), start("2011-12-31"));
	assert_int_equal(end("2011-12-29") - start("2011-12-29"), 24 * HOUR);
}

static void
answers_do_not_depend_on_earlier_ones(void **state)
{
	int64_t first;

	(void)state;
	zone("America/Havana");
	first = start("2022-11-06");
	(void)start("2022-07-01");
	assert_int_equal(start("2022-11-06"), first);
	(void)start("2022-12-24");
	assert_int_equal(start("2022-11-06"), first);
}

/* The plain model: look at each quarter of an hour around the day. */
static int64_t
start_by_search(const char *date, int64_t utc_midnight)
{
	int64_t instant = utc_midnight - 15 * HOUR;
	char shown[11];

	for (;; instant += HOUR / 4) {
		calendar_date_of(shown, instant);
		if (strcmp(shown, date) >= 0)
			return instant;
	}
}

static void
days_agree_with_a_search(int64_t from, int64_t to)
{
	char date[CALENDAR_TEXT_MAX], closed[11];
	int64_t midnight;

	for (midnight = from; midnight < to; midnight += 24 * HOUR) {
		calendar_format_utc(date, midnight);
		date[10] = '\0';
		assert_int_equal(start(date), start_by_search(date, midnight));
		calendar_date_closed_by(closed, end(date));
		/* The day that Samoa left out ends with the one before. */
		if (strcmp(date, "2011-12-30"))
			assert_string_equal(closed, date);
	}
}

static void
every_day_of_odd_zones_agrees_with_a_search(void **state)
{
	static const char *const zones[] = { "America/Sao_Paulo",
		"America/Asuncion", "America/Havana", "Asia/Tehran",
		"Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu",
		"Atlantic/Azores", "Africa/Casablanca", "Antarctica/Troll" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		zone(zones[i]);
		days_agree_with_a_search(
		    1293840000, 1388534400); /* 2011 to 2013 */
		days_agree_with_a_search(
		    1640995200, 1704067200); /* 2022 and 2023 */
	}
}

static void
date_of_is_half_open(void **state)
{
	char date[11];

	(void)state;
	zone("Europe/Vienna");
	calendar_date_of(date, start("2026-03-29"));
	assert_string_equal(date, "2026-03-29");
	calendar_date_of(date, start("2026-03-29") - 1);
	assert_string_equal(date, "2026-03-28");
	calendar_date_of(date, end("2026-03-29") - 1);
	assert_string_equal(date, "2026-03-29");
}

static void
closed_by_needs_the_whole_day(void **state)
{
	char date[11];

	(void)state;
	zone("Europe/Vienna");
	calendar_date_closed_by(date, end("2026-03-29"));
	assert_string_equal(date, "2026-03-29");
	calendar_date_closed_by(date, end("2026-03-29") - 1);
	assert_string_equal(date, "2026-03-28");
	calendar_date_closed_by(date, end("2026-03-29") + 1);
	assert_string_equal(date, "2026-03-29");
	calendar_date_closed_by(date, end("9999-12-31"));
	assert_string_equal(date, "9999-12-31");
	zone("America/St_Johns");
	calendar_date_closed_by(date, end("2010-11-06"));
	assert_string_equal(date, "2010-11-06");
	calendar_date_closed_by(date, end("2010-11-06") + HOUR / 2);
	assert_string_equal(date, "2010-11-06");
}

static void
ends_of_time_stay_within_four_digits(void **state)
{
	static const char *const zones[] = { "UTC", "Pacific/Kiritimati",
		"Etc/GMT+12" };
	char text[CALENDAR_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		zone(zones[i]);
		calendar_date_of(text, INT64_MAX);
		assert_string_equal(text, "9999-12-31");
		calendar_date_of(text, INT64_MIN);
		assert_int_equal(strlen(text), 10);
		calendar_date_closed_by(text, INT64_MAX);
		assert_string_equal(text, "9999-12-31");
		calendar_date_closed_by(text, INT64_MIN);
		assert_int_equal(strlen(text), 10);
		calendar_date_closed_by(text, end("9999-12-31"));
		assert_string_equal(text, "9999-12-31");
		calendar_format(text, INT64_MAX);
		assert_memory_equal(text, "9999-12-31 ", 11);
		calendar_format_utc(text, INT64_MAX);
		assert_string_equal(text, "9999-12-31T23:59:59Z");
		calendar_format_utc(text, INT64_MIN);
		assert_string_equal(text, "0001-01-01T00:00:00Z");
		calendar_format_zone(text, INT64_MIN);
		calendar_format_zone(text, INT64_MAX);
	}
}

static void
instants_are_formatted(void **state)
{
	char text[CALENDAR_TEXT_MAX];

	(void)state;
	zone("Europe/Vienna");
	calendar_format_utc(text, start("2026-12-14"));
	assert_string_equal(text, "2026-12-13T23:00:00Z");
	calendar_format_zone(text, start("2026-12-14"));
	assert_string_equal(text, "UTC+01:00");
	calendar_format_zone(text, start("2026-07-14"));
	assert_string_equal(text, "UTC+02:00");
	zone("America/St_Johns");
	calendar_format_zone(text, 1767225600);
	assert_string_equal(text, "UTC-03:30");
	zone("UTC");
	calendar_format_zone(text, 0);
	assert_string_equal(text, "UTC+00:00");
	calendar_format_utc(text, -1);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void
relative_is(int64_t seconds, const char *expected)
{
	char text[CALENDAR_TEXT_MAX];

	calendar_format_relative(text, 1000000000 + seconds, 1000000000);
	assert_string_equal(text, expected);
}

static void
relative_times_are_whole_units(void **state)
{
	char text[CALENDAR_TEXT_MAX];

	(void)state;
	relative_is(0, "now");
	relative_is(59, "now");
	relative_is(-59, "now");
	relative_is(60, "in 1 min");
	relative_is(-7 * 60, "7 min ago");
	relative_is(89, "in 1 min");
	relative_is(90, "in 2 min");
	relative_is(HOUR - 31, "in 59 min");
	relative_is(HOUR - 30, "in 1 h");
	relative_is(HOUR, "in 1 h");
	relative_is(24 * HOUR - 60, "in 24 h");
	relative_is(48 * HOUR - 1801, "in 47 h");
	relative_is(48 * HOUR - 1800, "in 2 days");
	relative_is(48 * HOUR, "in 2 days");
	relative_is(22 * 24 * HOUR, "in 22 days");
	relative_is(240 * HOUR - 60, "in 10 days");
	relative_is(-22 * 24 * HOUR, "22 days ago");
	calendar_format_relative(text, INT64_MAX, INT64_MIN);
	assert_string_equal(text, "in 213503982334601 days");
	calendar_format_relative(text, INT64_MIN, INT64_MAX);
	assert_string_equal(text, "213503982334601 days ago");
}

static void
time_of_day_is_of_the_zone(void **state)
{
	char text[CALENDAR_TEXT_MAX];

	(void)state;
	assert_true(calendar_zone_set("UTC"));
	calendar_format_clock(text, INT64_C(1740787259));
	assert_string_equal(text, "00:00:59");
	assert_true(calendar_zone_set("Asia/Kolkata"));
	calendar_format_clock(text, INT64_C(1740787260));
	assert_string_equal(text, "05:31:00");
	assert_true(calendar_zone_set("UTC"));
}

static void
assert_later(const char *from, int months, int days, const char *to)
{
	int64_t start, end;

	assert_true(calendar_date_start(&start, from));
	assert_true(calendar_date_start(&end, to));
	assert_int_equal(calendar_later(start + 3723, months, days), end + 3723);
}

static void
later_is_by_the_calendar(void **state)
{
	(void)state;
	assert_true(calendar_zone_set("Europe/Vienna"));
	assert_later("2026-01-15", 1, 0, "2026-02-15");
	assert_later("2026-01-31", 1, 0, "2026-02-28");
	assert_later("2028-01-31", 1, 0, "2028-02-29");
	assert_later("2026-11-30", 3, 0, "2027-02-28");
	assert_later("2026-12-01", 1, 0, "2027-01-01");
	assert_later("2026-10-20", 0, 7, "2026-10-27");
	assert_later("2026-03-28", 0, 1, "2026-03-29");
	assert_later("2026-12-28", 0, 14, "2027-01-11");
	assert_later("2026-05-05", 0, 0, "2026-05-05");
	assert_true(calendar_zone_set("UTC"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_dates_only),
		cmocka_unit_test(time_of_day_is_of_the_zone),
		cmocka_unit_test(zones_of_tzdata_only),
		cmocka_unit_test(utc_days_are_86400_seconds),
		cmocka_unit_test(days_of_clock_change_are_23_and_25_hours),
		cmocka_unit_test(skipped_midnight_starts_at_the_change),
		cmocka_unit_test(doubled_midnight_counts_once_and_first),
		cmocka_unit_test(day_left_out_begins_and_ends_with_the_next),
		cmocka_unit_test(answers_do_not_depend_on_earlier_ones),
		cmocka_unit_test(every_day_of_odd_zones_agrees_with_a_search),
		cmocka_unit_test(date_of_is_half_open),
		cmocka_unit_test(closed_by_needs_the_whole_day),
		cmocka_unit_test(ends_of_time_stay_within_four_digits),
		cmocka_unit_test(instants_are_formatted),
		cmocka_unit_test(relative_times_are_whole_units),
		cmocka_unit_test(later_is_by_the_calendar),
	};

	return cmocka_run_group_tests_name("base/calendar", tests, NULL, NULL);
}
