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

/* Days, not instants: a finding is told once a day at most. */
static const char *
day(struct arena *arena, int64_t at)
{
	char text[11];

	calendar_date_of(text, at);
	return arena_text(arena, text);
}

/* Saying that it was reset is none. */
static bool
was_in_contact(const struct transfer_row *row)
{
	return row->transferred_at && row->is_replaced &&
	    row->contact_at > row->transferred_at &&
	    row->contact_at > row->reset_at;
}

/* Of the device that has the licenses, while the replacement is under way. */
static bool
has_lapsed(const struct transfer_row *row, int64_t now)
{
	char today[11];

	calendar_date_of(today, now);
	return transfer_is_open(row->state) && row->is_covered_in_service &&
	    strcmp(row->covered_until, today) < 0;
}

static const char *
lapse(struct arena *arena, const struct transfer_row *row)
{
	const char *hardware_id = row->transferred_at ? row->spare_hardware_id
						      : row->hardware_id;

	if (!*row->covered_until)
		return arena_format(arena,
		    "Device %s lost its service contract while the "
		    "replacement is open.",
		    hardware_id);
	return arena_format(arena,
	    "The service contract of device %s lapsed after %s, while the "
	    "replacement is open.",
	    hardware_id, row->covered_until);
}

size_t
transfer_audit_findings(const char *out[TRANSFER_AUDIT_FINDINGS],
    struct arena *arena, const struct transfer_row *row, int64_t now)
{
	size_t count = 0;

	assert(out && arena && row);
	if (was_in_contact(row))
		out[count++] = arena_format(arena,
		    "The replaced device %s was in contact on %s, after its "
		    "licenses had moved. It has not been reset to factory "
		    "state and put into a stock since.",
		    row->hardware_id, day(arena, row->contact_at));
	if (has_lapsed(row, now))
		out[count++] = lapse(arena, row);
	if (row->due_at && now > row->due_at)
		out[count++] = arena_format(arena,
		    row->state == TRANSFER_RESET_DUE
			? "The factory reset of %s was due on %s."
			: "The exchange of %s was due on %s.",
		    row->hardware_id, day(arena, row->due_at));
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

static bool
is_finding(const struct transfer_step_row *step)
{
	return strcmp(step->step, TRANSFER_AUDIT_FINDING) == 0;
}

static void
write_steps(const struct table *table, const struct transfer_step_row *steps,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_line(table, is_finding(&steps[i]) ? "finding" : "step",
		    iso(table->arena, steps[i].at), steps[i].actor,
		    steps[i].step, steps[i].text);
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

static bool
is_recorded(const struct transfer_step_row *steps, size_t count,
    const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (is_finding(&steps[i]) && strcmp(steps[i].text, text) == 0)
			return true;
	return false;
}

/* What is so now and was not recorded yet. */
static void
write_findings(const struct table *table,
    const struct transfer_step_row *steps, size_t step_count, int64_t now)
{
	const char *found[TRANSFER_AUDIT_FINDINGS];
	size_t count = transfer_audit_findings(
	    found, table->arena, table->row, now);

	for (size_t i = 0; i < count; i++)
		if (found[i] && !is_recorded(steps, step_count, found[i]))
			write_line(table, "finding", iso(table->arena, now),
			    "", TRANSFER_AUDIT_FINDING, found[i]);
}

static enum fault
write_transfer(const struct table *table, int64_t now)
{
	struct transfer_step_row *steps;
	size_t count;
	enum fault fault;

	if ((fault = store_transfer_steps(&steps, &count, table->arena,
		 table->store, table->row->id)))
		return fault;
	write_steps(table, steps, count);
	if ((fault = write_keys(table)))
		return fault;
	write_findings(table, steps, count, now);
	return FAULT_NONE;
}

enum fault
transfer_audit_csv(struct csv *csv, struct arena *arena, struct store *store,
    int64_t scope, int64_t now)
{
	static const char *const head[] = { "case", "partner", "customer",
		"device", "spare", "state", "kind", "at", "by", "what", "text",
		NULL };
	const struct center_filter filter = {
		.find = "", .scope = scope, .limit = INT64_MAX
	};
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
		fault = write_transfer(&table, now);
	}
	if (!fault && (csv->has_failed || arena->failed))
		fault = FAULT_MEMORY;
	return fault;
}
