/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_source.c: which licenses the units of a lease come from. Chosen anew
 * at every decision, so that a lease follows the licenses that are there.
 */
#include "engine/rules/lease_work.h"

/*
 * The preferred units, as far as they go, to the oldest parts; whatever they
 * lack draws on the other source, room or not: a lease stands even when the
 * licenses behind it are gone.
 */
int64_t
lease_source_draw(struct lease_work *work)
{
	int64_t left = work->is_member ? work->permanent_room
				       : work->subscription_room;
	int64_t permanent = 0;

	for (size_t i = 0; i < work->count; i++) {
		struct lease_part *part = &work->parts[i];
		int64_t units = instant_units_times(part->size, part->count);
		int64_t preferred = instant_earlier(units, left);

		left -= preferred;
		part->subscription = work->is_member ? units - preferred
						     : preferred;
		permanent = instant_units_add(
		    permanent, units - part->subscription);
	}
	return permanent;
}
