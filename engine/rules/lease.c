/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease.c: decides one client's request for one feature, step by step. The
 * steps themselves stand in lease_grant.c, lease_shrink.c, lease_renew.c and
 * lease_source.c.
 */
#include "engine/rules/lease.h"
#include "engine/rules/lease_work.h"

#define RENEW_AFTER_MIN SECONDS_PER_MINUTE

static bool
is_allocated(const struct lease_work *work)
{
	return work->maximum > 0 && work->allocation_expires > work->now;
}

static void
release_everything(struct lease_work *work)
{
	work->released = lease_work_units(work);
	work->count = 0;
	if (work->users > 0)
		lease_work_deny(work, VERDICT_NOT_ALLOCATED, 0);
}

static void
decide(struct lease_work *work)
{
	if (!is_allocated(work)) {
		release_everything(work);
		return;
	}
	lease_grant_reserved(work);
	/* Before growing, which starts from what the maximum allows. */
	lease_shrink_to_maximum(work);
	lease_grant_quanta(work);
	lease_shrink_idle(work);
	lease_renew_parts(work);
}

static void
fill_numbers(struct lease_plan *out, const struct lease_work *work)
{
	struct allocation allocation = {
		.reserved = work->reserved,
		.increment = work->increment,
		.maximum = work->maximum,
	};

	out->numbers = (struct verdict_numbers){
		/* A reserved part is lent as a whole, whoever uses it. */
		.wanted = instant_later(work->users, work->reserved),
		.available = work->denial_available,
		.increment = work->increment,
		.leased = out->leased,
		.maximum = work->maximum,
		.reserved = work->reserved,
		.reachable = allocation_reachable(&allocation),
		.total = work->total,
	};
}

void
lease_decide(struct lease_plan *out, const struct lease_request *request,
    const struct pool *pool, instant now)
{
	struct lease_work work;

	lease_work_init(&work, out->parts, request, pool, now);
	decide(&work);
	out->part_count = work.count;
	out->leased = lease_work_units(&work);
	out->granted = work.granted;
	out->released = work.released;
	out->permanent = lease_source_draw(&work);
	out->denial = work.denial;
	fill_numbers(out, &work);
}

int64_t
lease_units(const struct lease_part *parts, size_t count, instant now)
{
	int64_t units = 0;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].expires <= now)
			continue;
		units = instant_units_add(units,
		    instant_units_times(instant_units(parts[i].size),
			instant_units(parts[i].count)));
	}
	return units;
}

int64_t
lease_renew_after(int64_t interval, instant earliest, instant now)
{
	int64_t after = interval;

	if (earliest <= now)
		after = 0;
	else if (earliest != INSTANT_NEVER)
		after = instant_earlier(interval,
		    (int64_t)(((uint64_t)earliest - (uint64_t)now) / 2));
	return instant_later(after, RENEW_AFTER_MIN);
}
