/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renewal.c: a due time, a wish, and a pause between two syncs, so that many
 * users at the limit, or a server that is down, do not make a storm.
 */
#include "agent/renewal.h"

#include <assert.h>
#include <string.h>

#define NEVER           INT64_MAX
#define PAUSE_MS        1000
#define PAUSE_FAILED_MS 5000
#define MS              1000
/* Ten days: no server puts a renewal off longer. */
#define WAIT_MOST (10 * INT64_C(86400))

void
renewal_init(struct renewal *renewal)
{
	memset(renewal, 0, sizeof(*renewal));
	renewal->due_ms = NEVER;
	renewal->seen_version = -1;
}

/* Never longer than was meant when the time was set, whatever the clock says now. */
static int64_t
seconds_left(const struct link_row *link, int64_t now)
{
	int64_t most = WAIT_MOST, left;

	if (link->next_sync <= now)
		return 0;
	if (link->last_attempt > 0 && link->next_sync > link->last_attempt &&
	    link->next_sync - link->last_attempt < most)
		most = link->next_sync - link->last_attempt;
	left = now < 0 ? most : link->next_sync - now;
	return left < most ? left : most;
}

void
renewal_look(struct renewal *renewal, const struct link_row *link, int64_t now,
    int64_t elapsed_ms)
{
	renewal->has_server = link != NULL;
	if (!link) {
		renewal->due_ms = NEVER;
		renewal->seen_version = -1;
		return;
	}
	if (link->row_version != renewal->seen_version ||
	    link->next_sync != renewal->seen_next ||
	    link->last_attempt != renewal->seen_attempt)
		renewal->due_ms = elapsed_ms + seconds_left(link, now) * MS;
	if (renewal->seen_version >= 0 &&
	    link->row_version != renewal->seen_version)
		renewal->due_ms = elapsed_ms;
	if (link->next_sync <= now && renewal->due_ms > elapsed_ms)
		renewal->due_ms = elapsed_ms;
	renewal->seen_version = link->row_version;
	renewal->seen_next = link->next_sync;
	renewal->seen_attempt = link->last_attempt;
}

int64_t
renewal_want(struct renewal *renewal, bool is_urgent)
{
	renewal->is_wanted = true;
	renewal->is_urgent = renewal->is_urgent || is_urgent;
	return renewal->generation + 1;
}

int64_t
renewal_ready(const struct renewal *renewal)
{
	if (renewal->is_under_way || !renewal->is_wanted)
		return NEVER;
	return renewal->is_urgent ? 0 : renewal->not_before_ms;
}

void
renewal_hasten(struct renewal *renewal, int64_t elapsed_ms, int64_t within_ms)
{
	if (renewal->has_server && renewal->due_ms > elapsed_ms + within_ms)
		renewal->due_ms = elapsed_ms + within_ms;
}

bool
renewal_is_due(const struct renewal *renewal, int64_t elapsed_ms)
{
	if (renewal_ready(renewal) <= elapsed_ms)
		return true;
	return !renewal->is_under_way && renewal->has_server &&
	    renewal->not_before_ms <= elapsed_ms &&
	    renewal->due_ms <= elapsed_ms;
}

void
renewal_begin(struct renewal *renewal, int64_t elapsed_ms)
{
	assert(!renewal->is_under_way);
	renewal->is_under_way = true;
	renewal->is_wanted = renewal->is_urgent = false;
	renewal->generation++;
	renewal->not_before_ms = elapsed_ms + PAUSE_MS;
}

void
renewal_end(struct renewal *renewal, bool is_failed, int64_t elapsed_ms)
{
	assert(renewal->is_under_way);
	renewal->is_under_way = false;
	if (is_failed)
		renewal->not_before_ms = elapsed_ms + PAUSE_FAILED_MS;
	/* The row tells the next time; until it is looked at there is none. */
	renewal->due_ms = NEVER;
	renewal->seen_next = renewal->seen_attempt = -1;
}
