/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_auto_lease.h: whether each feature may be auto-leased, as judged
 * last, and what clients say they auto-leased while they were alone
 * (rules.md 6).
 */
#ifndef LEASEHOLD_STORE_STORE_AUTO_LEASE_H
#define LEASEHOLD_STORE_STORE_AUTO_LEASE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/auto_lease.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stddef.h>

/* mistake_verdict_text(arena, row->verdict, row->feature, &row->numbers) is the sentence. */
struct auto_lease_row {
	const char *feature;
	bool is_on;
	enum verdict verdict;
	struct verdict_numbers numbers;	/* average, unallocated, bound, seconds; during a penalty client and until, too */
	int64_t judged_at, changed_at;
};

/* By feature; what a penalty says is of the watch row. */
enum fault store_auto_lease_list(struct auto_lease_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* NULL when it was never judged. */
const struct auto_lease_row *store_auto_lease_of(const struct auto_lease_row *rows, size_t count, const char *feature);
enum fault store_auto_lease_save(struct store *store, const struct auto_lease_row *row) MUST_CHECK;

/* ---- reports ---- */

struct auto_lease_report {
	int64_t client;
	const char *feature;
	struct auto_lease_interval interval;
	int64_t reported_at;
};

enum auto_lease_news { AUTO_LEASE_KNOWN, AUTO_LEASE_LONGER, AUTO_LEASE_NEW, AUTO_LEASE_TOO_MANY };

/* Of one client and feature: each is compared with all the others, so that a client which told of any number would stop the rest. */
#define AUTO_LEASE_REPORTS_MAX 512

/* By client, feature, beginning and units: the same one again changes nothing, a later end lengthens it; one too many is not kept. */
enum fault store_auto_lease_report(enum auto_lease_news *news, struct store *store, const struct auto_lease_report *report) MUST_CHECK;
/* When an interval of that client, feature and units began that goes on beyond "at"; "at" when there is none. */
enum fault store_auto_lease_began(int64_t *out, struct store *store, const struct auto_lease_report *report, int64_t at) MUST_CHECK;
/* All of that feature that overlap the report, itself left out. */
enum fault store_auto_lease_others(struct auto_lease_interval **out, size_t *count, struct arena *arena, struct store *store, const struct auto_lease_report *report) MUST_CHECK;
/* Drops those of a feature that ended by "before". */
enum fault store_auto_lease_prune(struct store *store, const char *feature, int64_t before) MUST_CHECK;
/* No instant of any row lies behind "at": the clock went back. */
enum fault store_auto_lease_forget(struct store *store, int64_t at) MUST_CHECK;

#endif
