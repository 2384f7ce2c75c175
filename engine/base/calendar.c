/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calendar.c: days in the appliance's zone. glibc says what the clocks on the
 * wall show at an instant; when a day begins is searched from that, as mktime
 * has no firm answer for a midnight that never comes or comes twice.
 */
#include "engine/base/calendar.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ZONEINFO      "/usr/share/zoneinfo"
#define ZONE_PATH_MAX 256
/* "+01:00", and room for whatever an int could hold there. */
#define OFFSET_SIZE 24
#define MINUTE      60
#define HOUR        (60 * MINUTE)
#define DAY         (24 * HOUR)
/* No zone since 1970 is farther from UTC than 12 hours west or 14 east. */
#define FARTHEST   (15 * HOUR)
#define FIRST_YEAR 1970
#define LAST_YEAR  9999
/* 0001-01-01 and 9999-12-31T23:59:59 UTC: what four digits can say. */
#define FIRST_INSTANT INT64_C(-62135596800)
#define LAST_INSTANT  INT64_C(253402300799)

struct date {
	int year;
	int month;
	int day;
};

static struct tm
broken_down(int64_t instant, bool is_utc)
{
	time_t clamped = instant;
	struct tm shown = { 0 };

	if (instant < FIRST_INSTANT)
		clamped = FIRST_INSTANT;
	if (instant > LAST_INSTANT)
		clamped = LAST_INSTANT;
	if (is_utc)
		gmtime_r(&clamped, &shown);
	else
		localtime_r(&clamped, &shown);
	return shown;
}

static int64_t
offset_at(int64_t instant)
{
	return broken_down(instant, false).tm_gmtoff;
}

/* The year 10000 can begin in eastern zones before it does in UTC. */
static struct date
date_at(int64_t instant)
{
	struct tm shown = broken_down(instant, false);
	struct date date = { shown.tm_year + 1900, shown.tm_mon + 1,
		shown.tm_mday };

	if (date.year > LAST_YEAR)
		return (struct date){ LAST_YEAR, 12, 31 };
	if (date.year < 1)
		return (struct date){ 1, 1, 1 };
	return date;
}

static void
print_date(char out[11], struct date date)
{
	char text[40];

	snprintf(text, sizeof(text), "%04d-%02d-%02d", date.year, date.month,
	    date.day);
	memcpy(out, text, 10);
	out[10] = '\0';
}

/* The date's midnight, were it UTC; days past the end of a month roll over. */
static int64_t
utc_midnight(struct date date)
{
	struct tm tm = { .tm_year = date.year - 1900,
		.tm_mon = date.month - 1,
		.tm_mday = date.day };

	return timegm(&tm);
}

/* The instant in (before, after] from which the offset is no longer that of "before". */
static int64_t
transition_between(int64_t before, int64_t after)
{
	int64_t old = offset_at(before), middle;

	while (after - before > 1) {
		middle = before + (after - before) / 2;
		if (offset_at(middle) == old)
			before = middle;
		else
			after = middle;
	}
	return after;
}

/*
 * The first instant at which the wall shows the date or a later one. Under
 * the old offset that is "early"; if the change of clocks comes first, it is
 * the change itself (midnight was skipped) or midnight under the new offset.
 */
static int64_t
start_of(struct date date)
{
	int64_t midnight = utc_midnight(date);
	int64_t before = midnight - FARTHEST, after = midnight + FARTHEST;
	int64_t early = midnight - offset_at(before);
	int64_t late = midnight - offset_at(after);
	int64_t change;

	if (early == late)
		return early;
	change = transition_between(before, after);
	if (early < change)
		return early;
	return late > change ? late : change;
}

static int64_t
end_of(struct date date)
{
	date.day++;
	return start_of(date);
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap);
}

/* "digits" decimal digits; -1 when one is not. */
static int
parse_digits(const char *text, int digits)
{
	int value = 0;

	for (; digits; digits--, text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value;
}

static bool
parse_date(struct date *out, const char *text)
{
	if (!text || strnlen(text, 11) != 10 || text[4] != '-' ||
	    text[7] != '-')
		return false;
	out->year = parse_digits(text, 4);
	out->month = parse_digits(text + 5, 2);
	out->day = parse_digits(text + 8, 2);
	if (out->year < FIRST_YEAR || out->month < 1 || out->month > 12)
		return false;
	return out->day >= 1 &&
	    out->day <= days_in_month(out->year, out->month);
}

static bool
is_zone_name(const char *zone)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+-_/";

	if (!zone || !*zone || *zone == '/' ||
	    strspn(zone, letters) != strlen(zone))
		return false;
	/* These count leap seconds, which an instant of ours does not. */
	return strncmp(zone, "right/", 6) != 0;
}

static bool
is_zone_file(const char *path)
{
	char magic[4] = "";
	struct stat about;
	bool is_zone;
	FILE *file;

	if (stat(path, &about) || !S_ISREG(about.st_mode))
		return false;
	if (!(file = fopen(path, "re")))
		return false;
	is_zone = fread(magic, 1, sizeof(magic), file) == sizeof(magic) &&
	    memcmp(magic, "TZif", sizeof(magic)) == 0;
	fclose(file);
	return is_zone;
}

bool
calendar_zone_is_known(const char *zone)
{
	const char *folder = getenv("TZDIR");
	char path[ZONE_PATH_MAX];
	int length;

	if (!is_zone_name(zone))
		return false;
	/* glibc knows this one by itself, even without tzdata. */
	if (strcmp(zone, "UTC") == 0)
		return true;
	length = snprintf(path, sizeof(path), "%s/%s",
	    folder && *folder ? folder : ZONEINFO, zone);
	return length > 0 && length < (int)sizeof(path) && is_zone_file(path);
}

bool
calendar_zone_set(const char *zone)
{
	if (!calendar_zone_is_known(zone) || setenv("TZ", zone, 1))
		return false;
	tzset();
	return true;
}

bool
calendar_date_is_valid(const char *date)
{
	struct date parsed;

	return parse_date(&parsed, date);
}

bool
calendar_date_start(int64_t *out, const char *date)
{
	struct date parsed;

	assert(out);
	*out = 0;
	if (!parse_date(&parsed, date))
		return false;
	*out = start_of(parsed);
	return true;
}

bool
calendar_date_end(int64_t *out, const char *date)
{
	struct date parsed;

	assert(out);
	*out = 0;
	if (!parse_date(&parsed, date))
		return false;
	*out = end_of(parsed);
	return true;
}

void
calendar_date_of(char out[11], int64_t instant)
{
	print_date(out, date_at(instant));
}

void
calendar_date_closed_by(char out[11], int64_t end)
{
	struct date date = date_at(end);

	/* The day shown at "end" is over already when clocks go back across its midnight. */
	if (end_of(date) > end)
		date = date_at(start_of(date) - 1);
	print_date(out, date);
}

/* "+01:00" */
static void
print_offset(char out[OFFSET_SIZE], int64_t offset)
{
	int minutes = (int)((offset < 0 ? -offset : offset) / MINUTE);

	snprintf(out, OFFSET_SIZE, "%c%02d:%02d", offset < 0 ? '-' : '+',
	    minutes / 60, minutes % 60);
}

void
calendar_format(char out[CALENDAR_TEXT_MAX], int64_t instant)
{
	struct tm shown = broken_down(instant, false);
	char date[11], offset[OFFSET_SIZE];

	calendar_date_of(date, instant);
	print_offset(offset, shown.tm_gmtoff);
	snprintf(out, CALENDAR_TEXT_MAX, "%s %02d:%02d %s", date, shown.tm_hour,
	    shown.tm_min, offset);
}

void
calendar_format_clock(char out[CALENDAR_TEXT_MAX], int64_t instant)
{
	struct tm shown = broken_down(instant, false);

	snprintf(out, CALENDAR_TEXT_MAX, "%02d:%02d:%02d", shown.tm_hour,
	    shown.tm_min, shown.tm_sec);
}

void
calendar_format_utc(char out[CALENDAR_TEXT_MAX], int64_t instant)
{
	struct tm shown = broken_down(instant, true);

	snprintf(out, CALENDAR_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    shown.tm_year + 1900, shown.tm_mon + 1, shown.tm_mday,
	    shown.tm_hour, shown.tm_min, shown.tm_sec);
}

static uint64_t
distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* Whole units only: "in 22 days" is never less than 22 days away. Up to two days hours say more. */
/* A lease of ten days given a minute ago ends in 10 days, not in 9. */
static uint64_t
nearest(uint64_t seconds, uint64_t unit)
{
	return seconds / unit + (seconds % unit >= unit / 2);
}

void
calendar_format_relative(
    char out[CALENDAR_TEXT_MAX], int64_t instant, int64_t now)
{
	uint64_t seconds = distance(instant, now), count;
	const char *unit;

	if (seconds < MINUTE) {
		snprintf(out, CALENDAR_TEXT_MAX, "now");
		return;
	}
	if ((count = nearest(seconds, MINUTE)) < 60)
		unit = "min";
	else if ((count = nearest(seconds, HOUR)) < 48)
		unit = "h";
	else {
		count = nearest(seconds, DAY);
		unit = "days";
	}
	snprintf(out, CALENDAR_TEXT_MAX,
	    instant > now ? "in %" PRIu64 " %s" : "%" PRIu64 " %s ago", count,
	    unit);
}

void
calendar_format_zone(char out[CALENDAR_TEXT_MAX], int64_t now)
{
	char offset[OFFSET_SIZE];

	print_offset(offset, offset_at(now));
	snprintf(out, CALENDAR_TEXT_MAX, "UTC%s", offset);
}

/* The day with that many more months; a day that is not there becomes the last that is. */
static void
add_months(char date[11], int months)
{
	unsigned year = 0, month = 0, day = 0;
	char text[40];

	(void)sscanf(date, "%4u-%2u-%2u", &year, &month, &day);
	month += (unsigned)months - 1;
	year += month / 12;
	month = month % 12 + 1;
	do
		(void)snprintf(text, sizeof(text), "%04u-%02u-%02u", year,
		    month, day);
	while (!calendar_date_is_valid(text) && --day > 0);
	if (day > 0)
		memcpy(date, text, 11);
}

int64_t
calendar_later(int64_t instant, int months, int days)
{
	int64_t start, end, time_of_day;
	char date[11];

	assert(months >= 0 && days >= 0);
	calendar_date_of(date, instant);
	if (!calendar_date_start(&start, date))
		return instant;
	time_of_day = instant - start;
	add_months(date, months);
	if (!calendar_date_start(&start, date))
		return instant;
	/* From noon to noon, as days have 23 to 25 hours. */
	calendar_date_of(date, start + (int64_t)days * DAY + DAY / 2);
	if (!calendar_date_start(&start, date) ||
	    !calendar_date_end(&end, date))
		return instant;
	return start + time_of_day < end ? start + time_of_day : end - 1;
}
