/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license_report.c: see license_report.h. Reads what was issued, and asks the
 * rules what it is worth.
 */
#include "engine/store/license_report.h"

#include "engine/base/calendar.h"
#include "engine/rules/license.h"
#include "engine/rules/sku.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

/* Customer and feature pairs that are summed; one more is a fault, not a wrong sum. */
#define SUMS_MAX 20000

void
license_report_line(struct license_report_line *out,
    const struct appliance *appliance, const struct holdings_row *row,
    int64_t grace_seconds, int64_t now)
{
	struct license license = { .start = INT64_MIN, .end = INSTANT_NEVER };
	struct sku sku;

	*out = (struct license_report_line){ .feature = "", .state = "" };
	if (sku_parse(&sku, &appliance->catalogue, row->sku, false) != SKU_OK)
		return;
	license.prefix = sku.prefix->prefix;
	license.units = sku.units;
	license.is_subscription = sku.is_subscription;
	if (*row->start_date)
		(void)calendar_date_start(&license.start, row->start_date);
	if (*row->end_date)
		(void)calendar_date_end(&license.end, row->end_date);
	license_pair(&license, 1);
	out->feature = sku.prefix->feature;
	out->units = sku.units;
	out->state = license_state_word(
	    license_state_at(&license, grace_seconds, now));
	license.units = 1;
	out->counts = license_units_at(&license, grace_seconds, now) > 0;
}

/* ---- sums ---- */

struct summing {
	struct license_report_sum *sums;
	size_t count;
	size_t first; /* of the customer that is summed now */
	struct arena *arena;
	const struct appliance *appliance;
	int64_t grace_seconds, now;
	const char **devices; /* the last device of each sum */
};

static struct license_report_sum *
sum_of(struct summing *summing, const char *customer, const char *feature)
{
	struct license_report_sum *sum;

	if (summing->first < summing->count &&
	    strcmp(summing->sums[summing->first].customer, customer) != 0)
		summing->first = summing->count;
	for (size_t i = summing->first; i < summing->count; i++)
		if (strcmp(summing->sums[i].feature, feature) == 0)
			return &summing->sums[i];
	if (summing->count == SUMS_MAX)
		return NULL;
	sum = &summing->sums[summing->count++];
	sum->customer = arena_text(summing->arena, customer);
	sum->feature = arena_text(summing->arena, feature);
	return sum->customer && sum->feature ? sum : NULL;
}

static enum fault
add_row(void *with, const struct holdings_row *row)
{
	struct summing *summing = with;
	struct license_report_line line;
	struct license_report_sum *sum;
	const char **device;

	license_report_line(&line, summing->appliance, row,
	    summing->grace_seconds, summing->now);
	if (!line.counts)
		return FAULT_NONE;
	if (!(sum = sum_of(summing, row->customer, line.feature)))
		return FAULT_FULL;
	/* Rows of one device come together. */
	device = &summing->devices[sum - summing->sums];
	if (!*device || strcmp(*device, row->hardware_id) != 0) {
		sum->devices++;
		*device = arena_text(summing->arena, row->hardware_id);
	}
	sum->keys++;
	sum->units += line.units;
	return *device ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
license_report_sums(struct license_report_sum **out, size_t *count,
    struct arena *arena, const struct appliance *appliance,
    const struct center_filter *filter, int64_t now)
{
	struct summing summing = { .arena = arena,
		.appliance = appliance,
		.now = now };
	enum fault fault = store_setting_load(
	    &summing.grace_seconds, appliance->store, SETTING_GRACE);

	assert(out && count && arena && appliance && filter);
	*out = NULL;
	*count = 0;
	if (fault)
		return fault;
	summing.sums = arena_array(arena, SUMS_MAX, sizeof(**out));
	summing.devices = arena_array(arena, SUMS_MAX, sizeof(char *));
	if (!summing.sums || !summing.devices)
		return FAULT_MEMORY;
	if ((fault = store_holdings_each(
		 add_row, &summing, appliance->store, filter)))
		return fault;
	*out = summing.sums;
	*count = summing.count;
	return FAULT_NONE;
}

/* ---- a table ---- */

struct tabulating {
	struct csv *csv;
	const struct appliance *appliance;
	int64_t grace_seconds, now;
};

static enum fault
write_row(void *with, const struct holdings_row *row)
{
	const struct tabulating *table = with;
	struct license_report_line line;
	char contact[CALENDAR_TEXT_MAX] = "";

	license_report_line(
	    &line, table->appliance, row, table->grace_seconds, table->now);
	if (row->contact_at > 0)
		calendar_format_utc(contact, row->contact_at);
	csv_text(table->csv, row->customer);
	csv_text(table->csv, row->hardware_id);
	csv_text(table->csv, row->platform);
	csv_text(table->csv, line.feature);
	csv_number(table->csv, line.units);
	csv_text(table->csv, row->sku);
	csv_text(table->csv, row->serial);
	csv_text(table->csv, row->start_date);
	csv_text(table->csv, row->end_date);
	csv_text(table->csv, line.state);
	csv_text(table->csv, contact);
	csv_end_line(table->csv);
	return table->csv->has_failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
license_report_csv(struct csv *csv, const struct appliance *appliance,
    const struct center_filter *filter, int64_t now)
{
	static const char *const head[] = { "customer", "hardware ID",
		"platform", "feature", "units", "SKU", "serial", "start", "end",
		"state", "last contact", NULL };
	struct tabulating table = { .csv = csv,
		.appliance = appliance,
		.now = now };
	enum fault fault = store_setting_load(
	    &table.grace_seconds, appliance->store, SETTING_GRACE);

	assert(csv && appliance && filter);
	if (fault)
		return fault;
	csv_line(csv, head);
	return store_holdings_each(
	    write_row, &table, appliance->store, filter);
}
