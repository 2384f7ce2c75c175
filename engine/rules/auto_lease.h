/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * auto_lease.h: when clients may take units by themselves while they cannot
 * reach the server, for how long, and whether what they took was there
 * (rules.md 6).
 */
#ifndef LEASEHOLD_RULES_AUTO_LEASE_H
#define LEASEHOLD_RULES_AUTO_LEASE_H

#include "engine/rules/allocation.h"
#include "engine/rules/catalogue.h"
#include "engine/rules/instant.h"
#include "engine/rules/license.h"
#include "engine/rules/verdict.h"

#define AUTO_LEASE_WINDOW_SECONDS (24 * SECONDS_PER_HOUR)
#define AUTO_LEASE_LIMIT_SECONDS (240 * SECONDS_PER_HOUR)
#define AUTO_LEASE_PENALTY_SECONDS (120 * SECONDS_PER_HOUR)
/* How long changes of a pool and reports of clients are kept. */
#define AUTO_LEASE_KEEP_SECONDS (11 * SECONDS_PER_DAY)

/* From "at" on a pool has "total", of which "held" are held. */
struct auto_lease_change {
	instant at;
	int64_t total;
	int64_t held;
};

/* ---- the server's switch ---- */

/* Does it count users (of either kind), and is it tied to no family? The catalogue's own mark must agree. */
bool auto_lease_is_eligible(const struct feature *feature);
/*
 * AUTO_LEASE_ON, _OFF, _COLLECTING or _NOT_ELIGIBLE by the changes before "now"
 * within the last 24 h, ascending by "at", and the last one before them, which
 * counts from their start. The compare is exact; numbers: average (of available
 * over the seconds known, rounded down), unallocated, bound (30 % of it, rounded
 * down), seconds (of history, at most 24 h). "unallocated" is the sum of
 * max(0, M - L) over live configurations.
 */
enum verdict auto_lease_judge(struct verdict_numbers *numbers, const struct feature *feature, const struct auto_lease_change *changes, size_t count, int64_t unallocated, instant now);

/* ---- a client on its own ---- */

struct auto_lease_contact {
	bool was_on;			/* by the server's last answer */
	instant last_success;		/* of a sync */
	int64_t reserved;		/* R by that answer */
	instant reserved_expires;	/* of the reserved part; unused when R is 0 */
};

/* When this disconnection's right to auto-lease ends: half-open. INT64_MIN when there is none. */
instant auto_lease_ends(const struct auto_lease_contact *contact);
/*
 * Units to take now beside "leased" and "auto_leased" ones, so that "users" are
 * served: whole increments, never beyond the maximum; 0 without need or right.
 */
int64_t auto_lease_take(const struct auto_lease_contact *contact, const struct allocation *allocation, int64_t leased, int64_t auto_leased, int64_t users, instant now);

/* ---- back in contact ---- */

/* What some client took. Half-open. */
struct auto_lease_interval {
	int64_t units;
	instant from, to;
};

/*
 * Were the units there at every instant of "judged"? "others" are all the
 * intervals of that feature reported so far, the judged one left out. VERDICT_OK
 * or AUTO_LEASE_EXCESS with *at the first instant when they were not (else
 * INSTANT_NEVER), and numbers leased (all auto-leased then), reserved (held
 * then), total, missing. Changes ascend by "at"; give it those within the
 * interval and the last before it. Before the first change nothing is known,
 * and nothing fails; an interval without units or without length never does.
 */
enum verdict auto_lease_reconcile(instant *at, struct verdict_numbers *numbers, const struct auto_lease_change *changes, size_t change_count, const struct auto_lease_interval *others, size_t other_count, const struct auto_lease_interval *judged);
/* A failure at "now" ends so late; one more during a penalty starts it anew. */
instant auto_lease_penalty_until(instant now);
/* Does this license, just installed and paired, end a penalty? A subscription for users (of either kind), no renewal, never seen before, active now; "feature" NULL = a switch. */
bool auto_lease_ends_penalty(const struct license *license, const struct feature *feature, bool was_seen, int64_t grace_seconds, instant now);

#endif
