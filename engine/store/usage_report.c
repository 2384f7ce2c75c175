/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage_report.c: see usage_report.h. A day is as bad as its worst hour.
 */
#include "engine/store/usage_report.h"

#include "engine/base/calendar.h"
#include "engine/rules/instant.h"
#include <assert.h>
#include <string.h>

static const struct range {
	const char *word;
	int64_t seconds, step;
	enum sample_span span;
} ranges[USAGE_RANGES] = {
	[USAGE_DAY] = { "24h", SECONDS_PER_DAY, SAMPLE_FIVE_MINUTES,
	    SAMPLE_FIVE_MINUTES },
	[USAGE_MONTH] = { "30d", 30 * SECONDS_PER_DAY, SAMPLE_HOUR,
	    SAMPLE_HOUR },
	[USAGE_YEAR] = { "13m", 396 * SECONDS_PER_DAY, SECONDS_PER_DAY,
	    SAMPLE_HOUR },
};

const char *
usage_report_word(enum usage_range range)
{
	return ranges[range].word;
}

bool
usage_report_parse(enum usage_range *out, const char *word)
{
	assert(out && word);
	for (int range = 0; range < USAGE_RANGES; range++)
		if (strcmp(word, ranges[range].word) == 0) {
			*out = (enum usage_range)range;
			return true;
		}
	return false;
}

int64_t
usage_report_seconds(enum usage_range range)
{
	return ranges[range].seconds;
}

int64_t
usage_report_step(enum usage_range range)
{
	return ranges[range].step;
}

static void
take_worst(struct sample *worst, const struct sample *sample)
{
	worst->total = instant_earlier(worst->total, sample->total);
	worst->available = instant_earlier(worst->available, sample->available);
	worst->leased = instant_later(worst->leased, sample->leased);
	worst->users = instant_later(worst->users, sample->users);
	worst->denials = instant_units_add(worst->denials, sample->denials);
}

/* In place: those of one step become one. */
static size_t
fold(struct sample *points, size_t count, int64_t step)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t at = points[i].at - points[i].at % step;

		if (kept > 0 && points[kept - 1].at == at) {
			take_worst(&points[kept - 1], &points[i]);
			continue;
		}
		points[kept] = points[i];
		points[kept++].at = at;
	}
	return kept;
}

enum fault
usage_report_points(struct sample **out, size_t *count, struct arena *arena,
    struct store *store, const struct usage_series *series, int64_t now)
{
	const struct range *range;
	enum fault fault;

	assert(out && count && arena && store && series);
	range = &ranges[series->range];
	fault = store_sample_list(out, count, arena, store, range->span,
	    series->feature, series->client,
	    now - now % range->step - range->seconds + range->step, now + 1);
	if (!fault)
		*count = fold(*out, *count, range->step);
	return fault;
}

enum fault
usage_report_csv(struct csv *csv, struct store *store,
    const struct usage_series *series, int64_t now)
{
	static const char *const head[] = { "from", "feature", "installed",
		"leased", "users", "available", "denials", NULL };
	struct sample *points;
	struct arena arena;
	size_t count;
	enum fault fault;

	assert(csv && series);
	arena_init(&arena, 0);
	csv_line(csv, head);
	fault = usage_report_points(
	    &points, &count, &arena, store, series, now);
	for (size_t i = 0; !fault && i < count; i++) {
		char from[CALENDAR_TEXT_MAX];

		calendar_format_utc(from, points[i].at);
		csv_text(csv, from);
		csv_text(csv, series->feature);
		csv_number(csv, points[i].total);
		csv_number(csv, points[i].leased);
		csv_number(csv, points[i].users);
		csv_number(csv, points[i].available);
		csv_number(csv, points[i].denials);
		csv_end_line(csv);
	}
	arena_clear(&arena);
	return fault;
}
