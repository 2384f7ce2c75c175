/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_work.h: one decision in the making, shared by the files lease*.c and
 * nobody else. Every count in it is 0 or more.
 */
#ifndef LEASEHOLD_RULES_LEASE_WORK_H
#define LEASEHOLD_RULES_LEASE_WORK_H

#include "engine/rules/lease.h"

struct lease_work {
	struct lease_part *parts;	/* reserved part first, then quanta, oldest first */
	size_t count;
	int64_t reserved, increment, maximum;	/* R <= M */
	int64_t users;
	int64_t documented;
	int64_t duration;		/* at least a second */
	bool growth_allowed, reserved_allowed;
	enum verdict growth_refusal;
	instant allocation_expires;	/* after "now" */
	instant now;
	int64_t total;
	int64_t quanta_total;		/* T without the units that a recall waits for */
	int64_t recalling;
	int64_t others_held;
	int64_t others_leased;		/* without the lapsing ones */
	int64_t others_documented;
	int64_t others_kept;		/* when the lapsing ones ran out, idle reservations included */
	bool is_member;
	bool is_subscription_only;
	int64_t subscription_room, permanent_room;	/* what the others leave of each source */
	int64_t membership_room;	/* L may grow up to here; INT64_MAX for a member, or where none is asked for; what subscriptions leave where only those are for it */
	const struct pool *pool;	/* its falls */
	int64_t granted, released;
	enum verdict denial;
	int64_t denial_available;
};

/* Takes the request's live parts, merged and sorted, and its numbers, made sane. */
void lease_work_init(struct lease_work *work, struct lease_part *parts, const struct lease_request *request, const struct pool *pool, instant now);
/* L at this point of the decision. */
int64_t lease_work_units(const struct lease_work *work);
/* The reserved part, or NULL. */
struct lease_part *lease_work_reserved(const struct lease_work *work);
/* Index of the oldest quantum: 1 behind a reserved part, else 0. */
size_t lease_work_quanta(const struct lease_work *work);
/* Makes room for one part at "index"; what it holds there is undefined. */
struct lease_part *lease_work_insert(struct lease_work *work, size_t index);
/* Gives back as many whole quanta of that part as cover "units"; answers the units given back. */
int64_t lease_work_drop(struct lease_work *work, size_t index, int64_t units);
/* Forgets parts that hold nothing any more. */
void lease_work_compact(struct lease_work *work);
/* Keeps the first reason. */
void lease_work_deny(struct lease_work *work, enum verdict denial, int64_t available);
/* Was it made in this plan? Its expiry is then still to be set. */
bool lease_work_is_new(const struct lease_work *work, const struct lease_part *part);

/* rules.md 5.2 */
void lease_grant_reserved(struct lease_work *work);
/* rules.md 5.3 */
void lease_grant_quanta(struct lease_work *work);
/* rules.md 5.4: what the maximum no longer allows, and what nobody uses. */
void lease_shrink_to_maximum(struct lease_work *work);
void lease_shrink_idle(struct lease_work *work);
/* rules.md 5.5 and 5.6 */
void lease_renew_parts(struct lease_work *work);
/* Which licenses each part draws on; answers the units that draw on permanent ones. */
int64_t lease_source_draw(struct lease_work *work);

#endif
