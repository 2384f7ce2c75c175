/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_guard.c: after a decision of a sync: the sums are compared with
 * those before it, from the rows that were written, and what is held now is
 * noted in the history of the pool. Scans no other client.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/store/ledger_guard.h"
#include "engine/store/ledger_watch_work.h"
#include <assert.h>
#include <string.h>

/* One client's share. */
struct share {
	int64_t leased, subscription, held;
};

static void
measure(struct share *out, const struct sync_work *work,
    const struct sync_decision *decision, const struct lease_row *rows,
    size_t count)
{
	const struct client_row *client = &work->client;
	instant now = work->ledger->now;
	int64_t reserved = store_allocation_of(
	    work->allocations, work->allocation_count, decision->feature)
			       .reserved;

	*out = (struct share){ .leased = store_lease_units(rows, count, now) };
	for (size_t i = 0; i < count; i++)
		if (rows[i].last == STORE_LEASE_LIVE &&
		    rows[i].part.expires > now)
			out->subscription += rows[i].part.subscription;
	out->held = pool_held(
	    pool_reserved_beside(reserved, decision->pool.former_own),
	    store_lease_documented(rows, count, now), client->expires <= now);
}

static struct invariant_figures
figures_of(const struct pool *pool, const struct share *share)
{
	return (struct invariant_figures){
		.total = pool->total,
		.leased = pool->subscription_others + pool->permanent_others +
		    share->leased,
		.held = pool->held - pool->held_own + share->held,
		.subscription = pool->subscription,
		.subscription_drawn = pool->subscription_others +
		    share->subscription,
		.permanent_drawn = pool->permanent_others + share->leased -
		    share->subscription,
	};
}

static enum fault
check(struct sync_work *work, const struct sync_decision *decision,
    const struct share *before, const struct share *after)
{
	const struct invariant_figures was = figures_of(
	    &decision->pool, before);
	const struct invariant_figures is = figures_of(&decision->pool, after);
	enum fault fault;

	if ((fault = ledger_guard_check(
		 work->ledger, decision->feature, &was, &is)))
		return fault;
	return ledger_watch_pool_note(work->ledger, decision->feature,
	    work->ledger->now, is.total, is.held);
}

/* Did the client confirm older documents away that gave it some of the feature? */
static bool
is_freed(const struct sync_work *work, const char *feature)
{
	for (size_t i = 0; i < work->freed_count; i++)
		if (strcmp(work->freed[i], feature) == 0)
			return true;
	return false;
}

enum fault
ledger_sync_guard(struct sync_work *work, const struct sync_decision *decision,
    const struct lease_row *rows, size_t row_count)
{
	struct ledger *ledger = work->ledger;
	struct share before, after;
	struct lease_row *all;
	size_t count;
	enum fault fault;

	assert(work && decision && decision->feature);
	/* Without counts there is only what was released, now or before. */
	if (!decision->is_pooled)
		return decision->is_changed || is_freed(work, decision->feature)
		    ? ledger_watch_pool(ledger, decision->feature)
		    : FAULT_NONE;
	measure(&before, work, decision, rows, row_count);
	if ((fault = store_lease_list(
		 &all, &count, ledger->arena, ledger->store, work->client.id)))
		return fault;
	rows = store_lease_of(&row_count, all, count, decision->feature);
	measure(&after, work, decision, rows, row_count);
	return check(work, decision, &before, &after);
}
