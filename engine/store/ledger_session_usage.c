/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_session_usage.c: a gateway's minutes are folded into the history of
 * use, the worst of every five minutes and of every hour; and whether more
 * users are here than there is capacity for.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_sample.h"
#include <assert.h>

/* ---- beyond capacity ---- */

static enum fault
write_beyond_event(
    struct ledger *ledger, enum event_kind event, const struct beyond_row *row)
{
	const char *users = ledger_act_units(ledger, row->users);
	const char *capacity = ledger_act_units(ledger, row->capacity);

	if (!users || !capacity)
		return FAULT_MEMORY;
	return ledger_act_event(ledger, event,
	    *row->feature ? "RDP users" : "users", users, capacity, NULL, NULL);
}

enum fault
ledger_session_usage_beyond(struct ledger *ledger, const struct beyond_row *row)
{
	struct beyond_row saved;
	enum fault fault;

	assert(ledger && row && row->feature);
	saved = *row;
	if (!row->since)
		saved.since = ledger->now;
	if ((fault = store_admission_beyond_save(ledger->store, &saved)) ||
	    row->since)
		return fault;
	return write_beyond_event(ledger, EVENT_USERS_BEYOND, &saved);
}

enum fault
ledger_session_usage_within(struct ledger *ledger, const struct beyond_row *row)
{
	enum fault fault;

	assert(ledger && row && row->feature);
	if ((fault = store_admission_beyond_delete(
		 ledger->store, row->feature)))
		return fault;
	return write_beyond_event(ledger, EVENT_USERS_WITHIN, row);
}

/* ---- history ---- */

/* False when the series is empty. */
static enum fault
load_newest(bool *is_there, struct sample *out, struct ledger *ledger,
    enum sample_span span, const char *feature)
{
	struct sample_newest *rows;
	enum fault fault;
	size_t count;

	*is_there = false;
	if ((fault = store_sample_newest(
		 &rows, &count, ledger->arena, ledger->store, span, feature)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if (rows[i].client == SAMPLE_ALL) {
			*out = rows[i].sample;
			*is_there = true;
		}
	return FAULT_NONE;
}

static void
take_worst(struct sample *sample, const struct sample *so_far)
{
	sample->total = instant_earlier(sample->total, so_far->total);
	sample->available = instant_earlier(
	    sample->available, so_far->available);
	sample->leased = instant_later(sample->leased, so_far->leased);
	sample->users = instant_later(sample->users, so_far->users);
	sample->denials = instant_units_add(sample->denials, so_far->denials);
}

static bool
is_same(const struct sample *a, const struct sample *b)
{
	return a->total == b->total && a->available == b->available &&
	    a->leased == b->leased && a->users == b->users &&
	    a->denials == b->denials;
}

static enum fault
fold(
    struct ledger *ledger, enum sample_span span, const struct usage_note *note)
{
	struct sample newest,
	    sample = { .at = ledger->now - ledger->now % span,
		    .total = note->capacity,
		    .available = note->capacity - note->users,
		    .leased = note->borrowed,
		    .users = note->users,
		    .denials = note->denials };
	bool is_there;
	enum fault fault;

	if ((fault = load_newest(
		 &is_there, &newest, ledger, span, note->feature)))
		return fault;
	if (is_there && newest.at == sample.at)
		take_worst(&sample, &newest);
	if (is_there && is_same(&sample, &newest))
		return FAULT_NONE;
	return store_sample_save(
	    ledger->store, span, note->feature, SAMPLE_ALL, &sample);
}

enum fault
ledger_session_usage(struct ledger *ledger, const struct usage_note *note)
{
	enum fault fault;

	assert(ledger && note && note->feature && ledger->now >= 0);
	assert(note->users >= 0 && note->denials >= 0);
	if ((fault = fold(ledger, SAMPLE_FIVE_MINUTES, note)))
		return fault;
	return fold(ledger, SAMPLE_HOUR, note);
}
