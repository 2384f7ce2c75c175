/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lapse.c: compares what is leased now with what was. An answer of the server
 * that brings less is no lapse: only the same document that gives less is.
 */
#include "agent/lapse.h"

#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "engine/peer/link_clock.h"
#include "engine/rules/lease.h"
#include "engine/store/store_event.h"
#include <inttypes.h>
#include <string.h>

static struct lapse_row *
row_of(struct lapse *lapse, const char *feature)
{
	size_t i;

	for (i = 0; i < lapse->count; i++)
		if (strcmp(lapse->rows[i].feature, feature) == 0)
			return &lapse->rows[i];
	return NULL;
}

static enum fault
look(struct lapse *now, const struct appliance *appliance, struct arena *arena,
    const struct link_row *link)
{
	int64_t server_now = link_clock_now(link);
	struct link_part_row *parts;
	struct lapse_row *row;
	enum fault fault;
	size_t i, count;

	if ((fault = store_link_parts(&parts, &count, arena, appliance->store)))
		return fault;
	for (i = 0; i < count; i++) {
		row = row_of(now, parts[i].feature);
		if (!row && now->count == LAPSE_FEATURES_MAX)
			continue;
		if (!row) {
			row = &now->rows[now->count++];
			text_copy(row->feature, sizeof(row->feature),
			    parts[i].feature);
		}
		if (parts[i].expires <= server_now)
			continue;
		row->leased = instant_units_add(row->leased, parts[i].units);
		if (parts[i].kind == LEASE_PART_QUANTUM)
			row->quanta = instant_units_add(
			    row->quanta, parts[i].units);
	}
	return FAULT_NONE;
}

static void
sum(int64_t *leased, int64_t *quanta, const struct lapse *lapse)
{
	size_t i;

	*leased = *quanta = 0;
	for (i = 0; i < lapse->count; i++) {
		*leased = instant_units_add(*leased, lapse->rows[i].leased);
		*quanta = instant_units_add(*quanta, lapse->rows[i].quanta);
	}
}

static enum fault
tell_feature(const struct appliance *appliance, const struct link_row *link,
    const struct lapse_row *before, const struct lapse_row *after)
{
	static const struct actor actor = { "System", "" };
	char was[32], is[32];

	text_format_thousands(was, before->leased);
	text_format_thousands(is, after ? after->leased : 0);
	return store_event_append(appliance->store, EVENT_LINK_CAPACITY_CUT,
	    &actor, link->server, before->feature, was, is, NULL, clock_now());
}

static enum fault
tell_whole(const struct appliance *appliance, const struct link_row *link,
    const struct lapse *before, const struct lapse *after)
{
	static const struct actor actor = { "System", "" };
	int64_t leased, quanta, leased_before, quanta_before;
	enum event_kind kind;

	sum(&leased_before, &quanta_before, before);
	sum(&leased, &quanta, after);
	if (leased == 0)
		kind = EVENT_LINK_ALL_LAPSED;
	else if (quanta == 0 && quanta_before > 0)
		kind = EVENT_LINK_QUANTA_LAPSED;
	else
		return FAULT_NONE;
	return store_event_append(appliance->store, kind, &actor, link->server,
	    NULL, NULL, NULL, NULL, clock_now());
}

static bool
is_less(struct lapse *after, const struct lapse_row *before)
{
	const struct lapse_row *row = row_of(after, before->feature);

	return (row ? row->leased : 0) < before->leased;
}

static enum fault
tell(const struct appliance *appliance, const struct link_row *link,
    const struct lapse *before, struct lapse *after)
{
	enum fault fault = store_begin(appliance->store);
	size_t i;

	if (fault)
		return fault;
	for (i = 0; i < before->count && !fault; i++)
		if (is_less(after, &before->rows[i]))
			fault = tell_feature(appliance, link, &before->rows[i],
			    row_of(after, before->rows[i].feature));
	if (!fault)
		fault = tell_whole(appliance, link, before, after);
	if (!fault)
		return store_commit(appliance->store);
	store_rollback(appliance->store);
	return fault;
}

static bool
has_lapsed(const struct lapse *before, struct lapse *after)
{
	size_t i;

	if (!before->is_known || before->epoch != after->epoch ||
	    before->number != after->number)
		return false;
	for (i = 0; i < before->count; i++)
		if (is_less(after, &before->rows[i]))
			return true;
	return false;
}

enum fault
lapse_watch(bool *cut, struct lapse *lapse, const struct appliance *appliance,
    struct arena *arena, const struct link_row *link)
{
	struct lapse now = { 0 };
	enum fault fault;

	*cut = false;
	if (!link) {
		lapse->is_known = false;
		return FAULT_NONE;
	}
	now.is_known = true;
	now.epoch = link->epoch;
	now.number = link->number;
	if ((fault = look(&now, appliance, arena, link)))
		return fault;
	*cut = has_lapsed(lapse, &now);
	/* What could not be told is found again at the next look. */
	if (*cut && (fault = tell(appliance, link, lapse, &now)))
		return fault;
	*lapse = now;
	return FAULT_NONE;
}
