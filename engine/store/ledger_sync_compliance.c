/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_compliance.c: is the client in compliance? It is not while a
 * part of its lease draws on permanent licenses and it shows no member license
 * (rules.md 5). Nothing is refused here; it is said, with what mends it.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/store/ledger_act.h"
#include <assert.h>
#include <string.h>

/* New reference, NULL without memory. */
static json_t *
make_part(const struct lease_part *part, int64_t units)
{
	return json_pack("{s:s, s:I, s:I, s:I}", "kind",
	    part->kind == LEASE_PART_RESERVED ? "reserved" : "quantum", "units",
	    (json_int_t)units, "granted", (json_int_t)part->granted, "expires",
	    (json_int_t)part->expires);
}

/* Those with permanent units, each with as many as it has of them. */
static json_t *
make_parts(const struct lease_plan *plan)
{
	json_t *parts = json_array();

	for (size_t i = 0; parts && i < plan->part_count; i++) {
		const struct lease_part *part = &plan->parts[i];
		int64_t units = instant_units_less(
		    instant_units_times(part->size, part->count),
		    part->subscription);

		if (units > 0 &&
		    json_array_append_new(parts, make_part(part, units))) {
			json_decref(parts);
			return NULL;
		}
	}
	return parts;
}

enum fault
ledger_sync_compliance_note(
    struct sync_work *work, const struct sync_decision *decision)
{
	const int64_t units = decision->plan.permanent;
	const struct verdict_numbers numbers = { .leased = units };
	json_t *one;

	assert(work && work->compliance && decision->feature);
	if (units == 0 || *work->contact.member != '\0')
		return FAULT_NONE;
	one = json_pack("{s:s, s:s, s:I, s:s, s:o}", "feature",
	    decision->feature, "code", verdict_code(VERDICT_OUT_OF_COMPLIANCE),
	    "units", (json_int_t)units, "text",
	    mistake_verdict_text(work->ledger->arena, VERDICT_OUT_OF_COMPLIANCE,
		decision->feature, &numbers),
	    "parts", make_parts(&decision->plan));
	return json_array_append_new(work->compliance, one) ? FAULT_MEMORY
							    : FAULT_NONE;
}

static const char *
text_of(const struct sync_work *work, size_t index)
{
	return json_string_value(
	    json_object_get(json_array_get(work->compliance, index), "text"));
}

/* All features in one sentence after the other. */
static const char *
whole_text(const struct sync_work *work)
{
	struct arena *arena = work->ledger->arena;
	const char *text = text_of(work, 0);

	for (size_t i = 1; text && i < json_array_size(work->compliance); i++)
		text = arena_format(arena, "%s %s", text, text_of(work, i));
	return text;
}

static enum fault
begin(struct sync_work *work)
{
	const char *text = whole_text(work);

	if (!text)
		return FAULT_MEMORY;
	work->contact.noncompliant_at = work->ledger->now;
	work->out->changed = true;
	return ledger_act_event(work->ledger, EVENT_OUT_OF_COMPLIANCE,
	    work->client.name, text, NULL, NULL, NULL);
}

static enum fault
end(struct sync_work *work)
{
	work->contact.noncompliant_at = 0;
	work->out->changed = true;
	return ledger_act_event(work->ledger, EVENT_IN_COMPLIANCE,
	    work->client.name, NULL, NULL, NULL, NULL);
}

/* Since when it is so, of all features together. */
static enum fault
tell_since(struct sync_work *work, size_t index)
{
	return json_object_set_new(json_array_get(work->compliance, index),
		   "since", json_integer(work->contact.noncompliant_at))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

enum fault
ledger_sync_compliance_finish(struct sync_work *work)
{
	size_t count;
	enum fault fault;

	assert(work && work->compliance);
	count = json_array_size(work->compliance);
	if (count == 0)
		return work->contact.noncompliant_at != 0 ? end(work)
							  : FAULT_NONE;
	if (work->contact.noncompliant_at == 0 && (fault = begin(work)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = tell_since(work, i)) ||
		    (fault = ledger_sync_answer_notice(work,
			 SYNC_NOTICE_OUT_OF_COMPLIANCE, text_of(work, i), NULL,
			 work->contact.noncompliant_at)))
			return fault;
	return FAULT_NONE;
}
