/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_grant.c: brings the reserved part to its count, and grows a lease by
 * whole quanta. New parts get their expiry in lease_renew.c.
 */
#include "engine/rules/lease_work.h"

/*
 * Units that the reserved part and this client's quanta may come to together.
 * While what is held fits the total, that is what the others do not hold.
 * When the total has fallen below it, what the others could really use
 * decides: not their idle reservations, but every document they may hold; and
 * own quanta give way rather than that even more is held. What replaced devices
 * of this client may still use is among the others', and the reservation covers
 * it: that alone is no fall.
 */
static int64_t
room_for_reserved(const struct lease_work *work)
{
	int64_t held = instant_later(
	    pool_reserved_beside(work->reserved, work->pool->former_own),
	    work->documented);
	int64_t room = instant_units_less(work->total, work->others_held);

	if (held <= room)
		return room;
	return instant_earlier(
	    held, instant_units_less(work->total, work->others_documented));
}

/* Own quanta give way, oldest first, whatever their age. */
static void
give_way(struct lease_work *work, int64_t excess)
{
	for (size_t i = lease_work_quanta(work); i < work->count && excess > 0;
	     i++)
		excess = instant_units_less(
		    excess, lease_work_drop(work, i, excess));
	lease_work_compact(work);
}

static void
shrink_reserved(struct lease_work *work, struct lease_part *part)
{
	work->released = instant_units_add(
	    work->released, part->size - work->reserved);
	part->size = work->reserved;
	lease_work_compact(work);
}

static void
grow_reserved(struct lease_work *work, int64_t present, int64_t room)
{
	int64_t units = lease_work_units(work) - present;
	struct lease_part *part;
	int64_t id;

	give_way(work, instant_units_less(units, room - work->reserved));
	part = lease_work_reserved(work);
	id = part != NULL ? part->id : 0;
	if (part == NULL)
		part = lease_work_insert(work, 0);
	*part = (struct lease_part){
		.id = id,
		.kind = LEASE_PART_RESERVED,
		.size = work->reserved,
		.count = 1,
		.granted = work->now,
		.expires = work->now,
	};
	work->granted = instant_units_add(
	    work->granted, work->reserved - present);
}

/* Why there is no room within the membership. */
static enum verdict
refusal_of_membership(const struct lease_work *work)
{
	return work->is_subscription_only ? VERDICT_SUBSCRIPTION_ONLY
					  : VERDICT_MEMBERSHIP_REQUIRED;
}

/* Where membership is asked for, quanta that draw on permanent units may become a reserved part that does. */
static int64_t
room_of_membership(const struct lease_work *work)
{
	return instant_later(work->membership_room, lease_work_units(work));
}

void
lease_grant_reserved(struct lease_work *work)
{
	struct lease_part *part = lease_work_reserved(work);
	int64_t present = part != NULL ? part->size : 0;
	int64_t room = room_for_reserved(work);
	int64_t membership = room_of_membership(work);

	if (present > work->reserved)
		shrink_reserved(work, part);
	if (present >= work->reserved)
		return;
	if (!work->reserved_allowed)
		lease_work_deny(work, work->growth_refusal, room);
	else if (work->reserved > room)
		lease_work_deny(work, VERDICT_RESERVED_EXHAUSTED, room);
	else if (work->reserved > membership)
		lease_work_deny(work, refusal_of_membership(work), room);
	else
		grow_reserved(work, present,
		    instant_earlier(
			instant_earlier(room, work->maximum), membership));
}

/*
 * Why the next quantum cannot follow, in the order of rules.md 5.3: what no
 * membership would help against comes before that, and a recall, which passes
 * by itself, comes last.
 */
static enum verdict
obstacle(const struct lease_work *work, int64_t leased)
{
	int64_t room = instant_units_less(work->total, work->others_held);

	if (work->increment == 0 ||
	    instant_units_less(work->maximum, leased) < work->increment)
		return VERDICT_MAXIMUM_REACHED;
	if (instant_units_less(room, leased) < work->increment)
		return VERDICT_POOL_EXHAUSTED;
	if (instant_units_less(work->membership_room, leased) < work->increment)
		return refusal_of_membership(work);
	return VERDICT_RECALL_IN_PROGRESS;
}

static void
add_quanta(struct lease_work *work, int64_t quanta)
{
	struct lease_part *part = lease_work_insert(work, work->count);

	*part = (struct lease_part){
		.kind = LEASE_PART_QUANTUM,
		.size = work->increment,
		.count = quanta,
		.granted = work->now,
		.expires = work->now,
	};
	work->granted = instant_units_add(
	    work->granted, instant_units_times(work->increment, quanta));
}

/* As many quanta as are wanted, allowed and free. */
static int64_t
quanta_to_add(const struct lease_work *work, int64_t leased)
{
	int64_t room = instant_units_less(
	    work->quanta_total, work->others_held);
	int64_t wanted = work->users - leased;

	if (work->increment == 0)
		return 0;
	room = instant_earlier(room, work->maximum);
	room = instant_units_less(
	    instant_earlier(room, work->membership_room), leased);
	return instant_earlier(instant_units_pieces(wanted, work->increment),
	    room / work->increment);
}

void
lease_grant_quanta(struct lease_work *work)
{
	int64_t leased = lease_work_units(work);
	int64_t room = instant_units_less(work->total, work->others_held);
	int64_t quanta;

	if (leased >= work->users)
		return;
	if (!work->growth_allowed) {
		lease_work_deny(work, work->growth_refusal,
		    instant_units_less(room, leased));
		return;
	}
	quanta = quanta_to_add(work, leased);
	if (quanta > 0)
		add_quanta(work, quanta);
	leased += quanta * work->increment;
	if (leased < work->users)
		lease_work_deny(work, obstacle(work, leased),
		    instant_units_less(room, leased));
}
