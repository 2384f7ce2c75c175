/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease.h: deciding one client's request for one feature (rules.md 5). Pure:
 * a plan in, a plan out; the ledger makes it so.
 */
#ifndef LEASEHOLD_RULES_LEASE_H
#define LEASEHOLD_RULES_LEASE_H

#include "engine/rules/allocation.h"
#include "engine/rules/pool.h"
#include "engine/rules/verdict.h"
#include <stdbool.h>
#include <stddef.h>

#define LEASE_RESERVED_SECONDS (240 * SECONDS_PER_HOUR)
#define LEASE_HOLD_SECONDS (24 * SECONDS_PER_HOUR)

enum lease_part_kind { LEASE_PART_RESERVED, LEASE_PART_QUANTUM };

/*
 * Quanta granted at one instant with one size and expiry are one part with
 * a count, so that increments of 1 under a maximum of millions stay small.
 */
struct lease_part {
	int64_t id;		/* the store's row; 0 = new in this plan */
	enum lease_part_kind kind;
	int64_t size;		/* units of one quantum, or of the reserved part */
	int64_t count;		/* quanta in this part; 1 for the reserved part */
	instant granted;
	instant expires;	/* half-open: over at this instant */
	bool is_lapsing;	/* was not extended for lack of units (rule 5) */
	int64_t subscription;	/* of its units, those that draw on subscription licenses; chosen anew by each decision */
};

struct lease_request {
	struct allocation allocation;
	instant allocation_expires;	/* INSTANT_NEVER without a date */
	int64_t users;			/* u: what the client wants to serve from this lease */
	const struct lease_part *parts;	/* present lease, expired ones left out or not; any order */
	size_t part_count;
	int64_t documented;		/* most units any document it may still hold gives it now */
	int64_t duration;		/* D in seconds */
	bool growth_allowed;		/* false while recovering or recalling */
	enum verdict growth_refusal;	/* then why; RECALL_IN_PROGRESS still lets the reserved part grow */
	bool is_member;			/* it showed a member license: permanent units are drawn first, and are its right */
	bool is_subscription_only;	/* it may not use permanent units at all (SUBSCRIPTION_ONLY): they are nothing to it */
	bool is_strict;			/* without one, nothing new is granted that draws on permanent units (MEMBERSHIP_REQUIRED) */
};

struct lease_plan {
	struct lease_part *parts;	/* caller's array of at least part_count + 3; every kept, shrunk or new part */
	size_t part_count;
	int64_t leased;			/* L after */
	int64_t granted;		/* units new in this plan */
	int64_t released;		/* units given back */
	int64_t permanent;		/* of L after: units that draw on permanent licenses */
	enum verdict denial;		/* VERDICT_OK when u was met and R is whole; the first reason counts: RESERVED_EXHAUSTED (code pool_exhausted) before what stopped the quanta */
	struct verdict_numbers numbers;
};

/*
 * Reserved part, grow, shrink, renew, expiry caps, in that order. The answer
 * is total: any input, however odd, has one. out->parts keeps the ids of
 * rows that go on; a live row missing from it was released, an expired one
 * just left out. In a shortage a group may be split: the lapsing half is a
 * part with id 0 that kept its old "granted". The reserved part comes first,
 * then the quanta, oldest first. The caller has set out->parts; it may be
 * the array of the request.
 */
void lease_decide(struct lease_plan *out, const struct lease_request *request, const struct pool *pool, instant now);
/* Units of parts that have not expired at "now". */
int64_t lease_units(const struct lease_part *parts, size_t count, instant now);
/* P, or half the time to the earliest expiry if that is sooner, at least 60 s (rules.md 5.6). "earliest" INSTANT_NEVER = no lease. */
int64_t lease_renew_after(int64_t interval, instant earliest, instant now);

#endif
