/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client_report.c: see client_report.h. Some hundred clients at a time.
 */
#include "engine/store/client_report.h"

#include "engine/base/calendar.h"
#include "engine/rules/catalogue.h"
#include <assert.h>
#include <string.h>

#define ROWS 500

static void
write_line(struct csv *csv, const struct client_list_row *row,
    const struct client_feature_row *feature)
{
	const struct client_row *client = &row->client;
	char contact[CALENDAR_TEXT_MAX] = "";

	if (client->last_contact > 0)
		calendar_format_utc(contact, client->last_contact);
	csv_text(csv, client->name);
	csv_text(csv, client->platform);
	csv_text(csv, catalogue_product_name(client->product));
	csv_text(csv, client->cluster);
	csv_text(csv, feature ? feature->feature : "");
	csv_number(csv, feature ? feature->allocation.reserved : 0);
	csv_number(csv, feature ? feature->allocation.increment : 0);
	csv_number(csv, feature ? feature->allocation.maximum : 0);
	csv_number(csv, feature ? feature->leased : 0);
	csv_text(csv, client->expires_date);
	csv_text(csv, contact);
	csv_text(csv, client->address);
	csv_text(csv, client->hardware_id);
	csv_text(csv, store_client_list_word(row->state));
	csv_end_line(csv);
}

static enum fault
write_client(struct csv *csv, struct arena *arena, struct store *store,
    const struct client_filter *filter, const struct client_list_row *row)
{
	struct client_feature_row *features;
	size_t count, written = 0;
	enum fault fault = store_client_features(
	    &features, &count, arena, store, row->client.id, filter->now);

	if (fault)
		return fault;
	for (size_t i = 0; i < count; i++) {
		if (filter->feature && *filter->feature &&
		    strcmp(features[i].feature, filter->feature) != 0)
			continue;
		write_line(csv, row, &features[i]);
		written++;
	}
	if (!written)
		write_line(csv, row, NULL);
	return csv->has_failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
client_report_csv(
    struct csv *csv, struct store *store, const struct client_filter *filter)
{
	static const char *const head[] = { "client ID", "platform", "product",
		"cluster", "feature", "reserved", "increment", "maximum",
		"leased", "configuration expires", "last contact", "address",
		"hardware ID", "state", NULL };
	struct client_filter page;
	struct client_list_row *rows;
	struct arena arena;
	int64_t matching;
	size_t count;
	enum fault fault;

	assert(csv && store && filter);
	page = *filter;
	page.offset = 0;
	page.limit = ROWS;
	csv_line(csv, head);
	do {
		arena_init(&arena, 0);
		fault = store_client_list(
		    &rows, &count, &matching, &arena, store, &page);
		for (size_t i = 0; !fault && i < count; i++)
			fault = write_client(
			    csv, &arena, store, filter, &rows[i]);
		arena_clear(&arena);
		page.offset += ROWS;
	} while (!fault && page.offset < matching);
	return fault;
}
