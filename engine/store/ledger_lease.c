/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_lease.c: a plan of the rules becomes rows. What a client may still
 * hold on paper stays a row until it runs out or the client confirms a
 * document without it; nothing is lent twice meanwhile.
 */
#include "engine/store/ledger_lease.h"

#include <assert.h>

static bool
may_merge(const struct lease_part *a, const struct lease_part *b)
{
	return a->kind == LEASE_PART_QUANTUM && b->kind == LEASE_PART_QUANTUM &&
	    a->size == b->size && a->expires == b->expires &&
	    a->is_lapsing == b->is_lapsing;
}

/* Each part with its neighbor; a lease has its quanta in order of age. */
static bool
merge_neighbors(struct lease_plan *plan)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->part_count; i++) {
		struct lease_part part = plan->parts[i];

		if (i + 1 < plan->part_count &&
		    may_merge(&part, &plan->parts[i + 1])) {
			i++;
			part.count += plan->parts[i].count;
			part.subscription += plan->parts[i].subscription;
			part.granted = instant_later(
			    part.granted, plan->parts[i].granted);
		}
		plan->parts[kept++] = part;
	}
	if (kept == plan->part_count)
		return false;
	plan->part_count = kept;
	return true;
}

void
ledger_lease_merge(struct lease_plan *plan)
{
	assert(plan && plan->parts);
	while (plan->part_count > LEDGER_LEASE_PARTS_MAX)
		if (!merge_neighbors(plan))
			break;
}

static const struct lease_part *
find_part(const struct lease_plan *plan, int64_t id)
{
	for (size_t i = 0; i < plan->part_count; i++)
		if (plan->parts[i].id == id)
			return &plan->parts[i];
	return NULL;
}

/* May the row go on as it is, but for a later expiry or another source? */
static bool
goes_on(const struct lease_part *row, const struct lease_part *part)
{
	return part && row->kind == part->kind && row->size == part->size &&
	    row->count == part->count && row->granted == part->granted &&
	    row->expires <= part->expires;
}

bool
ledger_lease_goes_on(
    const struct lease_part *row, const struct lease_plan *plan)
{
	assert(row && plan);
	return goes_on(row, find_part(plan, row->id));
}

static enum fault
insert_part(struct ledger *ledger, const struct lease_change *change,
    const struct lease_part *part)
{
	return store_lease_insert(ledger->store, change->client,
	    change->feature, part, change->number + 1);
}

/* What becomes of one live row. */
static enum fault
apply_row(bool *changed, struct ledger *ledger,
    const struct lease_change *change, const struct lease_part *row)
{
	const struct lease_part *part = find_part(change->plan, row->id);
	enum fault fault;

	if (goes_on(row, part)) {
		if (row->expires == part->expires &&
		    row->is_lapsing == part->is_lapsing &&
		    row->subscription == part->subscription)
			return FAULT_NONE;
		return store_lease_extend(ledger->store, row->id, part);
	}
	*changed = true;
	if ((fault = store_lease_close(ledger->store, row->id, change->number)))
		return fault;
	return part ? insert_part(ledger, change, part) : FAULT_NONE;
}

enum fault
ledger_lease_apply(
    bool *changed, struct ledger *ledger, const struct lease_change *change)
{
	const struct lease_plan *plan = change->plan;
	enum fault fault;

	assert(changed && ledger && change->feature && change->client > 0);
	*changed = false;
	for (size_t i = 0; i < change->row_count; i++) {
		const struct lease_row *row = &change->rows[i];

		if (row->last != STORE_LEASE_LIVE ||
		    row->part.expires <= ledger->now)
			continue;
		if ((fault = apply_row(changed, ledger, change, &row->part)))
			return fault;
	}
	for (size_t i = 0; i < plan->part_count; i++) {
		if (plan->parts[i].id != 0)
			continue;
		*changed = true;
		if ((fault = insert_part(ledger, change, &plan->parts[i])))
			return fault;
	}
	return FAULT_NONE;
}
