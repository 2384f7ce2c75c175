/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage_report.h: the history of use of one feature, of all clients together
 * or of one: for a chart, a table, and a spreadsheet. All three show the same
 * points.
 */
#ifndef LEASEHOLD_STORE_USAGE_REPORT_H
#define LEASEHOLD_STORE_USAGE_REPORT_H

#include "engine/base/csv.h"
#include "engine/store/store_sample.h"
#include <stdbool.h>

enum usage_range {
	USAGE_DAY,	/* 24 hours, every five minutes */
	USAGE_MONTH,	/* 30 days, every hour */
	USAGE_YEAR,	/* 13 months of 30 days and more, the worst of every day (UTC) */
	USAGE_RANGES
};
/* "24h", "30d", "13m". */
const char *usage_report_word(enum usage_range range);
/* False when it is none of these. */
bool usage_report_parse(enum usage_range *out, const char *word);
/* Seconds that it covers, and that a point stands for. */
int64_t usage_report_seconds(enum usage_range range);
int64_t usage_report_step(enum usage_range range);

struct usage_series {
	const char *feature;
	int64_t client;	/* SAMPLE_ALL = all together; of one, "total" is its Maximum Count */
	enum usage_range range;
};
/* Oldest first, up to the step under way at "now"; none while nothing is known. */
enum fault usage_report_points(struct sample **out, size_t *count, struct arena *arena, struct store *store, const struct usage_series *series, int64_t now) MUST_CHECK;
enum fault usage_report_csv(struct csv *csv, struct store *store, const struct usage_series *series, int64_t now) MUST_CHECK;

#endif
