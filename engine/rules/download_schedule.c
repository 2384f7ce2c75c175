/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * download_schedule.c: how soon something ends, and so how often to look for
 * its successor. Does not know the calendar, nor when it looked last.
 */
#include "engine/rules/download_schedule.h"

static const char *const row_words[] = {
	[DOWNLOAD_SCHEDULE_QUARTERLY] = "every 3 months",
	[DOWNLOAD_SCHEDULE_MONTHLY] = "every month",
	[DOWNLOAD_SCHEDULE_WEEKLY] = "every week",
	[DOWNLOAD_SCHEDULE_DAILY] = "every day",
};

/* The end that counts: not later than where it was seen to have ended. */
static instant
end_of(const struct license *license)
{
	if (license->ended_at == 0)
		return license->end;
	return instant_earlier(license->end, license->ended_at);
}

/* Is it, or will it be at its end, in a grace that is over by "bound"? */
static bool
ends_grace_by(
    const struct license *license, int64_t grace_seconds, instant bound)
{
	instant end = end_of(license);

	return license_state_at(license, grace_seconds, end) == LICENSE_GRACE &&
	    instant_add(end, instant_units(grace_seconds)) <= bound;
}

/* What ended for good, or does not count here any more, needs no successor. */
static bool
is_to_end(enum license_state state)
{
	return state == LICENSE_ACTIVE || state == LICENSE_GRACE ||
	    state == LICENSE_FUTURE || state == LICENSE_PENDING_RENEWAL;
}

static enum download_schedule_row
row_of(const struct license *license, int64_t grace_seconds,
    const struct download_schedule_bounds *bounds, instant now)
{
	enum license_state state = license_state_at(
	    license, grace_seconds, now);

	if (license->end == INSTANT_NEVER || !is_to_end(state))
		return DOWNLOAD_SCHEDULE_QUARTERLY;
	if (ends_grace_by(license, grace_seconds, bounds->week1))
		return DOWNLOAD_SCHEDULE_DAILY;
	if (state == LICENSE_GRACE || license->end <= bounds->weeks2)
		return DOWNLOAD_SCHEDULE_WEEKLY;
	if (license->end <= bounds->months3)
		return DOWNLOAD_SCHEDULE_MONTHLY;
	return DOWNLOAD_SCHEDULE_QUARTERLY;
}

enum download_schedule_row
download_schedule_row(const struct license *licenses, size_t count,
    int64_t grace_seconds, const struct download_schedule_bounds *bounds,
    instant now)
{
	enum download_schedule_row most = DOWNLOAD_SCHEDULE_QUARTERLY;

	for (size_t i = 0; i < count; i++) {
		enum download_schedule_row row = row_of(
		    &licenses[i], grace_seconds, bounds, now);

		if (row > most)
			most = row;
	}
	return most;
}

const char *
download_schedule_word(enum download_schedule_row row)
{
	size_t index = (size_t)row;

	if (index >= sizeof(row_words) / sizeof(row_words[0]))
		return "unknown";
	return row_words[index];
}

instant
download_schedule_revocations(bool holds_surrendered, instant a_day_later)
{
	return holds_surrendered ? a_day_later : INSTANT_NEVER;
}
