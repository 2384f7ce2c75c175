/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license_report.h: at the center: who holds which units where, over the
 * vendor's whole estate, by customer.
 */
#ifndef LEASEHOLD_STORE_LICENSE_REPORT_H
#define LEASEHOLD_STORE_LICENSE_REPORT_H

#include "engine/base/csv.h"
#include "engine/store/appliance.h"
#include "engine/store/store_holdings.h"

/* What one license key is worth at an instant. */
struct license_report_line {
	const char *feature;	/* "" = the catalogue does not know its SKU any more */
	int64_t units;		/* 0 of a switch */
	bool counts;		/* active, or in its grace period */
	const char *state;	/* as license_state_word() */
};
void license_report_line(struct license_report_line *out, const struct appliance *appliance, const struct holdings_row *row, int64_t grace_seconds, int64_t now);

/* What one customer holds of one feature now, on how many devices. */
struct license_report_sum {
	const char *customer, *feature;
	int64_t units, keys, devices;
};
/* Text in the arena; by customer, as the rows come, and within one by feature. */
enum fault license_report_sums(struct license_report_sum **out, size_t *count,
    struct arena *arena, const struct appliance *appliance,
    const struct center_filter *filter, int64_t now) MUST_CHECK;
/* Everything as a table. The caller frees it. */
enum fault
license_report_csv(struct csv *csv, const struct appliance *appliance,
    const struct center_filter *filter, int64_t now) MUST_CHECK;

#endif
