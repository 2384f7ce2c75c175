/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * download_schedule.h: how often licenses are downloaded (rules.md 10).
 */
#ifndef LEASEHOLD_RULES_DOWNLOAD_SCHEDULE_H
#define LEASEHOLD_RULES_DOWNLOAD_SCHEDULE_H

#include "engine/rules/license.h"

/* The row of the schedule that matches; the most frequent wins. */
enum download_schedule_row {
	DOWNLOAD_SCHEDULE_QUARTERLY,	/* nothing ends soon: every 3 months */
	DOWNLOAD_SCHEDULE_MONTHLY,	/* something ends within 3 months */
	DOWNLOAD_SCHEDULE_WEEKLY,	/* something ends within 2 weeks, or is in grace for longer than a week */
	DOWNLOAD_SCHEDULE_DAILY		/* some grace ends within a week */
};

/* Calendar bounds, made by the caller in the appliance's zone: the instants "now" plus 3 months, 2 weeks and 1 week. */
struct download_schedule_bounds {
	instant months3, weeks2, week1;
};

/*
 * Of paired licenses. Bounds are inclusive, and an end is the first instant
 * after the last day. What counts: the end of a license that is active, future
 * or a pending renewal (a parent counts until its renewal has taken over), and
 * the end of its grace, begun or not. What does not: permanent licenses, and
 * those expired, renewed, surrendered or revoked.
 */
enum download_schedule_row download_schedule_row(const struct license *licenses, size_t count, int64_t grace_seconds, const struct download_schedule_bounds *bounds, instant now);
/*
 * When the list of revoked license keys is due for an appliance that holds
 * units which others surrendered (rules.md 12), whatever else is fetched:
 * "a_day_later" after the last contact with the center. Nobody else needs it.
 */
instant download_schedule_revocations(bool holds_surrendered, instant a_day_later);
/* "every 3 months" …; never NULL. */
const char *download_schedule_word(enum download_schedule_row row);

#endif
