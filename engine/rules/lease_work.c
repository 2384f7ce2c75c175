/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_work.c: the parts of one lease while a decision is made, in an order
 * that does not depend on the caller's. Decides nothing.
 */
#include "engine/rules/lease_work.h"
#include <string.h>

static int64_t
part_units(const struct lease_part *part)
{
	return instant_units_times(part->size, part->count);
}

/*
 * Oldest first; of one age the lapsing ones last, so that a shortage meets
 * them first. The rest only makes the order total.
 */
static bool
is_before(const struct lease_part *a, const struct lease_part *b)
{
	if (a->granted != b->granted)
		return a->granted < b->granted;
	if (a->is_lapsing != b->is_lapsing)
		return b->is_lapsing;
	if (a->size != b->size)
		return a->size < b->size;
	if (a->expires != b->expires)
		return a->expires > b->expires;
	if (a->count != b->count)
		return a->count < b->count;
	return a->id < b->id;
}

/* Shell's sort: in place, and quick for rows that come nearly sorted. */
static void
sort_parts(struct lease_part *parts, size_t count)
{
	for (size_t gap = count / 2; gap > 0; gap /= 2)
		for (size_t i = gap; i < count; i++) {
			struct lease_part part = parts[i];
			size_t at = i;

			while (
			    at >= gap && is_before(&part, &parts[at - gap])) {
				parts[at] = parts[at - gap];
				at -= gap;
			}
			parts[at] = part;
		}
}

/*
 * Two reserved parts are no lease of ours; as one they are, with the lower id
 * and the earlier expiry.
 */
static void
merge_reserved(struct lease_part *reserved, const struct lease_part *part)
{
	reserved->size = instant_units_add(
	    part_units(reserved), part_units(part));
	reserved->count = 1;
	if (part->id < reserved->id)
		reserved->id = part->id;
	reserved->granted = instant_later(reserved->granted, part->granted);
	reserved->expires = instant_earlier(reserved->expires, part->expires);
}

static bool
is_live(const struct lease_part *part, instant now)
{
	return part->size > 0 && part->count > 0 && part->expires > now;
}

static void
load_parts(struct lease_work *work, const struct lease_request *request)
{
	struct lease_part reserved = { 0 };

	for (size_t i = 0; i < request->part_count; i++) {
		struct lease_part part = request->parts[i];

		if (!is_live(&part, work->now))
			continue;
		if (part.kind == LEASE_PART_QUANTUM)
			work->parts[work->count++] = part;
		else if (reserved.count == 0)
			reserved = part;
		else
			merge_reserved(&reserved, &part);
	}
	sort_parts(work->parts, work->count);
	if (reserved.count == 0)
		return;
	reserved.size = part_units(&reserved);
	reserved.count = 1;
	*lease_work_insert(work, 0) = reserved;
}

static void
load_pool(struct lease_work *work, const struct pool *pool)
{
	work->pool = pool;
	work->total = instant_units(pool->total);
	work->recalling = instant_units(pool->recalling);
	work->quanta_total = instant_units_less(work->total, work->recalling);
	work->others_held = instant_units_less(
	    instant_units(pool->held), instant_units(pool->held_own));
	work->others_leased = instant_units(pool->leased_others);
	work->others_documented = instant_later(
	    work->others_leased, pool->documented_others);
	work->others_kept = instant_later(
	    work->others_leased, pool->kept_others);
}

/* What other clients leave of either source, which together are the total. */
static void
load_sources(struct lease_work *work, const struct pool *pool)
{
	int64_t subscription = instant_earlier(
	    instant_units(pool->subscription), work->total);

	work->subscription_room = instant_units_less(
	    subscription, instant_units(pool->subscription_others));
	work->permanent_room = instant_units_less(
	    work->total - subscription, instant_units(pool->permanent_others));
}

static void
load_membership(struct lease_work *work, const struct lease_request *request)
{
	bool is_strict = request->is_strict && !request->is_member;

	work->is_subscription_only = request->is_subscription_only;
	work->is_member = request->is_member && !work->is_subscription_only;
	work->membership_room = is_strict || work->is_subscription_only
	    ? work->subscription_room
	    : INT64_MAX;
}

static void
load_allocation(struct lease_work *work, const struct allocation *allocation)
{
	work->maximum = instant_units(allocation->maximum);
	work->reserved = instant_earlier(
	    instant_units(allocation->reserved), work->maximum);
	work->increment = instant_units(allocation->increment);
}

void
lease_work_init(struct lease_work *work, struct lease_part *parts,
    const struct lease_request *request, const struct pool *pool, instant now)
{
	*work = (struct lease_work){ .parts = parts, .now = now };
	load_allocation(work, &request->allocation);
	load_pool(work, pool);
	load_sources(work, pool);
	load_membership(work, request);
	work->users = instant_units(request->users);
	work->documented = instant_units(request->documented);
	work->duration = request->duration > 1 ? request->duration : 1;
	work->growth_allowed = request->growth_allowed;
	work->growth_refusal = request->growth_refusal;
	work->reserved_allowed = request->growth_allowed ||
	    request->growth_refusal == VERDICT_RECALL_IN_PROGRESS;
	work->allocation_expires = request->allocation_expires;
	load_parts(work, request);
}

int64_t
lease_work_units(const struct lease_work *work)
{
	int64_t units = 0;

	for (size_t i = 0; i < work->count; i++)
		units = instant_units_add(units, part_units(&work->parts[i]));
	return units;
}

struct lease_part *
lease_work_reserved(const struct lease_work *work)
{
	if (work->count == 0 || work->parts[0].kind != LEASE_PART_RESERVED)
		return NULL;
	return &work->parts[0];
}

size_t
lease_work_quanta(const struct lease_work *work)
{
	return lease_work_reserved(work) != NULL ? 1 : 0;
}

struct lease_part *
lease_work_insert(struct lease_work *work, size_t index)
{
	struct lease_part *part = &work->parts[index];

	memmove(part + 1, part, (work->count - index) * sizeof(*part));
	work->count++;
	return part;
}

int64_t
lease_work_drop(struct lease_work *work, size_t index, int64_t units)
{
	struct lease_part *part = &work->parts[index];
	int64_t quanta = instant_units_pieces(units, part->size);
	int64_t dropped;

	if (quanta > part->count)
		quanta = part->count;
	dropped = instant_units_times(part->size, quanta);
	part->count -= quanta;
	work->released = instant_units_add(work->released, dropped);
	return dropped;
}

void
lease_work_compact(struct lease_work *work)
{
	size_t kept = 0;

	for (size_t i = 0; i < work->count; i++)
		if (part_units(&work->parts[i]) > 0)
			work->parts[kept++] = work->parts[i];
	work->count = kept;
}

void
lease_work_deny(struct lease_work *work, enum verdict denial, int64_t available)
{
	if (work->denial != VERDICT_OK)
		return;
	work->denial = denial;
	work->denial_available = available;
}

bool
lease_work_is_new(const struct lease_work *work, const struct lease_part *part)
{
	return part->expires <= work->now;
}
