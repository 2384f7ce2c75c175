/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfer_audit.c: see transfer_audit.h.
 */
#include "engine/store/transfer_audit.h"

#include "engine/base/calendar.h"
#include <assert.h>
#include <string.h>

const char *
transfer_audit_word(enum transfer_state state)
{
	static const char *const words[TRANSFER_STATES] = {
		[TRANSFER_REQUESTED] = "requested",
		[TRANSFER_TESTED] = "tested",
		[TRANSFER_AUTHORISED] = "authorised",
		[TRANSFER_TRANSFERRED] = "transferred",
		[TRANSFER_RESET_DUE] = "reset due",
		[TRANSFER_EXCHANGE_DUE] = "exchange due",
		[TRANSFER_CLOSED] = "closed",
		[TRANSFER_CANCELLED] = "cancelled",
	};

	assert((size_t)state < TRANSFER_STATES);
	return words[state];
}

static const char *
when(struct arena *arena, int64_t at)
{
	char text[CALENDAR_TEXT_MAX];

	calendar_format(text, at);
	return arena_text(arena, text);
}

/* A contract that ends while the replacement is under way. */
static bool
has_lapsed(const struct transfer_row *row, int64_t now)
{
	char today[11];

	calendar_date_of(today, now);
	return !row->transferred_at && transfer_is_open(row->state) &&
	    strcmp(row->contract_ends, today) < 0;
}

size_t
transfer_audit_findings(const char *out[TRANSFER_AUDIT_FINDINGS],
    struct arena *arena, const struct transfer_row *row, int64_t now)
{
	size_t count = 0;

	assert(out && arena && row);
	if (row->transferred_at && row->is_replaced &&
	    row->contact_at > row->transferred_at)
		out[count++] = arena_format(arena,
		    "The replaced device %s was in contact on %s, after its "
		    "licenses had moved, and its factory reset is not "
		    "confirmed.",
		    row->hardware_id, when(arena, row->contact_at));
	if (has_lapsed(row, now))
		out[count++] = arena_format(arena,
		    "The service contract of device %s lapsed while the "
		    "replacement is open.",
		    row->hardware_id);
	if (row->due_at && now > row->due_at)
		out[count++] = arena_format(arena,
		    row->state == TRANSFER_RESET_DUE
			? "The factory reset of %s was due on %s."
			: "The exchange of %s was due on %s.",
		    row->hardware_id, when(arena, row->due_at));
	return count;
}

/* ---- a table ---- */

struct table {
	struct csv *csv;
	struct arena *arena;
	struct store *store;
	const struct transfer_row *row;
};

static void
write_line(const struct table *table, const char *kind, const char *at,
    const char *actor, const char *what, const char *text)
{
	const struct transfer_row *row = table->row;
	const char *const fields[] = { row->case_number, row->partner_name,
		row->customer_name, row->hardware_id, row->spare_hardware_id,
		transfer_audit_word(row->state), kind, at, actor, what, text,
		NULL };

	csv_line(table->csv, fields);
}

static const char *
iso(struct arena *arena, int64_t at)
{
	char text[CALENDAR_TEXT_MAX];

	calendar_format_utc(text, at);
	return arena_text(arena, text);
}

static enum fault
write_steps(const struct table *table)
{
	struct transfer_step_row *steps;
	size_t count;
	enum fault fault = store_transfer_steps(
	    &steps, &count, table->arena, table->store, table->row->id);

	for (size_t i = 0; !fault && i < count; i++)
		write_line(table, "step", iso(table->arena, steps[i].at),
		    steps[i].actor, steps[i].step, steps[i].text);
	return fault;
}

static enum fault
write_keys(const struct table *table)
{
	struct transfer_key_row *keys;
	size_t count;
	enum fault fault;

	if (!table->row->transferred_at)
		return FAULT_NONE;
	fault = store_transfer_keys(
	    &keys, &count, table->arena, table->store, table->row);
	for (size_t i = 0; !fault && i < count; i++)
		write_line(table, "license",
		    iso(table->arena, table->row->transferred_at), "",
		    keys[i].sku,
		    *keys[i].successor
			? arena_format(table->arena, "%s is now %s, until %s",
			      keys[i].serial, keys[i].successor,
			      *keys[i].end_date ? keys[i].end_date : "for ever")
			: arena_format(table->arena, "%s waits for %s",
			      keys[i].serial, keys[i].held_by));
	return fault;
}

static void
write_findings(const struct table *table, int64_t now)
{
	const char *found[TRANSFER_AUDIT_FINDINGS];
	size_t count = transfer_audit_findings(
	    found, table->arena, table->row, now);

	for (size_t i = 0; i < count; i++)
		write_line(table, "finding", iso(table->arena, now), "",
		    "finding", found[i]);
}

enum fault
transfer_audit_csv(struct csv *csv, struct arena *arena, struct store *store,
    int64_t scope, int64_t now)
{
	static const char *const head[] = { "case", "partner", "customer",
		"device", "spare", "state", "kind", "at", "by", "what", "text",
		NULL };
	const struct transfer_filter filter = { .find = "",
		.scope = scope,
		.limit = INT64_MAX };
	struct table table = { csv, arena, store, NULL };
	struct transfer_row *rows;
	int64_t matching;
	size_t count;
	enum fault fault;

	assert(csv && arena && store);
	csv_line(csv, head);
	fault = store_transfer_list(
	    &rows, &count, &matching, arena, store, &filter);
	for (size_t i = 0; !fault && i < count; i++) {
		table.row = &rows[i];
		if ((fault = write_steps(&table)) ||
		    (fault = write_keys(&table)))
			break;
		write_findings(&table, now);
	}
	if (!fault && (csv->has_failed || arena->failed))
		fault = FAULT_MEMORY;
	return fault;
}
