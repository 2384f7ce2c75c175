/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_clients.c: see ledger_clients.h. Decides nothing of its own.
 */
#include "engine/store/ledger_clients.h"

#include "engine/store/store_client.h"
#include <assert.h>
#include <string.h>

#define FIELD "clients"
/* So many mistakes are enough to see what is wrong. */
#define MISTAKES_SHOWN 20

static int64_t *
count_of(struct allocation *allocation, enum clients_count which)
{
	switch (which) {
	case CLIENTS_RESERVED:
		return &allocation->reserved;
	case CLIENTS_INCREMENT:
		return &allocation->increment;
	case CLIENTS_MAXIMUM:
		break;
	}
	return &allocation->maximum;
}

/* Its counts as they are, with the change; *is_new tells whether that is one. */
static enum fault
fill_counts(struct client_input *input, bool *is_new, struct ledger *ledger,
    int64_t id, const struct clients_change *change)
{
	struct client_feature_row *rows;
	size_t count;
	enum fault fault = store_client_features(
	    &rows, &count, ledger->arena, ledger->store, id, ledger->now);

	if (fault)
		return fault;
	input->counts = arena_array(
	    ledger->arena, count + 1, sizeof(*input->counts));
	if (!input->counts)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct allocation now = rows[i].allocation;
		int64_t *units = count_of(&now, change->which);

		if (!now.reserved && !now.increment && !now.maximum)
			continue;
		if (change->feature && now.maximum > 0 &&
		    strcmp(change->feature, rows[i].feature) == 0) {
			int64_t before = *units;

			*units = change->is_added ? before + change->units
						  : change->units;
			*is_new |= *units != before;
		}
		input->counts[input->count_count++] = (struct client_count){
			rows[i].feature, now
		};
	}
	return FAULT_NONE;
}

static enum fault
change_one(bool *is_new, struct ledger *ledger, const struct client_row *row,
    const struct clients_change *change)
{
	struct client_input input = { .name = row->name,
		.expires_date = row->expires_date,
		.platform = row->platform,
		.product = row->product };
	enum fault fault;

	*is_new = false;
	if (change->expires_date) {
		*is_new = strcmp(change->expires_date, row->expires_date) != 0;
		input.expires_date = change->expires_date;
	}
	if ((fault = fill_counts(&input, is_new, ledger, row->id, change)) ||
	    !*is_new)
		return fault;
	return ledger_client_change(ledger, row->id, &input);
}

/* Each is judged alone: what is wrong with one of many is named by it, and hides nothing of the next. */
static enum fault
collect(struct mistakes *all, struct ledger *ledger, const char *name)
{
	struct mistakes *own = &ledger->mistakes;

	for (size_t i = 0; i < own->count && all->count < MISTAKES_SHOWN; i++) {
		const char *text = arena_format(
		    ledger->arena, "%s: %s", name, own->items[i].text);
		const char *field = arena_format(
		    ledger->arena, FIELD ".%s", name);

		if (!text || !field)
			return FAULT_MEMORY;
		all->items[all->count++] = (struct mistake){ own->items[i].kind,
			field, text };
	}
	/* The increment rules only warn, and would do so for each. */
	own->count = own->warning_count = 0;
	return FAULT_NONE;
}

/* One that is gone, or not as it was shown, was not meant like this. */
static enum fault
load(struct client_row *out, bool *is_same, struct ledger *ledger,
    const struct clients_one *one)
{
	enum fault fault = store_client_load_id(
	    out, ledger->arena, ledger->store, one->id);

	*is_same = !fault && !out->deleted_at &&
	    out->row_version == one->row_version;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* Does "change" to each, or deletes each where it is NULL; *changed counts those that it made different. */
static enum fault
work_each(size_t *changed, struct ledger *ledger,
    const struct clients_one *ones, size_t count,
    const struct clients_change *change)
{
	struct mistakes all = ledger->mistakes;
	enum fault fault = FAULT_NONE;
	bool is_same = true;

	*changed = 0;
	for (size_t i = 0;
	     !fault && is_same && i < count && all.count < MISTAKES_SHOWN;
	     i++) {
		struct client_row row;
		bool is_new = true;

		if ((fault = load(&row, &is_same, ledger, &ones[i])) ||
		    !is_same)
			break;
		fault = change ? change_one(&is_new, ledger, &row, change)
			       : ledger_client_delete(ledger, row.id, 0, false);
		if (!fault)
			fault = collect(&all, ledger, row.name);
		*changed += is_new;
	}
	ledger->mistakes = all;
	if (!is_same)
		mistake_add(&ledger->mistakes, FIELD, MISTAKE_CLIENTS_CHANGED,
		    NULL, NULL);
	return fault;
}

enum fault
ledger_clients_change(size_t *changed, struct ledger *ledger,
    const struct clients_one *ones, size_t count,
    const struct clients_change *change)
{
	assert(changed && ledger && (ones || count == 0) && change);
	assert(change->units >= -CLIENTS_UNITS_MAX &&
	    change->units <= CLIENTS_UNITS_MAX);
	return work_each(changed, ledger, ones, count, change);
}

enum fault
ledger_clients_delete(
    struct ledger *ledger, const struct clients_one *ones, size_t count)
{
	size_t changed;

	assert(ledger && (ones || count == 0));
	return work_each(&changed, ledger, ones, count, NULL);
}
