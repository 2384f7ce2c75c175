/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_shrink.c: which quanta go. Below the reserved count nothing does.
 */
#include "engine/rules/lease_work.h"

void
lease_shrink_to_maximum(struct lease_work *work)
{
	int64_t excess = instant_units_less(
	    lease_work_units(work), work->maximum);
	size_t first = lease_work_quanta(work);

	/* The newest first: an admin takes back what was lent last. */
	for (size_t i = work->count; i > first && excess > 0; i--)
		excess = instant_units_less(
		    excess, lease_work_drop(work, i - 1, excess));
	lease_work_compact(work);
}

static bool
is_held(const struct lease_work *work, const struct lease_part *part)
{
	return instant_add(part->granted, LEASE_HOLD_SECONDS) > work->now;
}

void
lease_shrink_idle(struct lease_work *work)
{
	int64_t spare = instant_units_less(
	    lease_work_units(work), instant_later(work->users, work->reserved));

	for (size_t i = lease_work_quanta(work); i < work->count; i++) {
		const struct lease_part *part = &work->parts[i];

		if (is_held(work, part))
			break;
		/* Whole quanta within "spare": the remainder stays. */
		spare -= lease_work_drop(work, i, spare - spare % part->size);
	}
	lease_work_compact(work);
}
