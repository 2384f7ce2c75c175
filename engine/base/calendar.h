/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calendar.h: dates to instants and back, in the appliance's one time zone.
 * glibc and tzdata do the arithmetic. Dates become instants here, before the
 * rules see them.
 */
#ifndef LEASEHOLD_BASE_CALENDAR_H
#define LEASEHOLD_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALENDAR_TEXT_MAX 64

/* Sets the process's zone ("UTC", "Europe/Vienna"), also for its children (TZ); false when tzdata does not know it. Call once, before threads: all else here may then be called from any of them. */
bool calendar_zone_set(const char *zone);
bool calendar_zone_is_known(const char *zone);
/* A real date written YYYY-MM-DD, years 1970..9999? Strict: nothing before or after it. */
bool calendar_date_is_valid(const char *date);
/* First instant of that day (rules.md 2.2); false (and 0) for an invalid date. Right also where clocks skip that midnight (the day starts when they have moved) or show it twice (the first counts). A day that the zone left out begins and ends with the next. */
bool calendar_date_start(int64_t *out, const char *date);
/* First instant after that day = the midnight that closes it. */
bool calendar_date_end(int64_t *out, const char *date);
/* The date on which "instant" falls, YYYY-MM-DD; kept within the years 1..9999. */
void calendar_date_of(char out[11], int64_t instant);
/* The last whole day that ends at or before "end": the inverse of calendar_date_end (of two days that end together, one left out by the zone, the one that was). */
void calendar_date_closed_by(char out[11], int64_t end);
/* The same time of day so many calendar months, then days, later: of a day that the month does not have, its last; of a time that the day does not have, its last second. */
int64_t calendar_later(int64_t instant, int months, int days);
/* "2026-12-14 00:00 +01:00" */
void calendar_format(char out[CALENDAR_TEXT_MAX], int64_t instant);
/* "00:00:59": the time of day, in the zone */
void calendar_format_clock(char out[CALENDAR_TEXT_MAX], int64_t instant);
/* "2026-12-13T23:00:00Z" */
void calendar_format_utc(char out[CALENDAR_TEXT_MAX], int64_t instant);
/* "in 22 days", "7 min ago", "now": whole units, "now" within a minute, hours up to two days. */
void calendar_format_relative(char out[CALENDAR_TEXT_MAX], int64_t instant, int64_t now);
/* "UTC+01:00" as it holds at "now". */
void calendar_format_zone(char out[CALENDAR_TEXT_MAX], int64_t now);

#endif
