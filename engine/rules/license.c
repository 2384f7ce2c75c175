/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license.c: what an installed license is worth at an instant, and which
 * renewal takes over from which parent. Does not know keys or signatures.
 */
#include "engine/rules/license.h"
#include <string.h>

/* The three turns in which renewals choose their parents. */
enum turn {
	TURN_NAMED,
	TURN_ACTIVATED,
	TURN_REST
};

static const char *const state_words[] = {
	[LICENSE_FUTURE] = "future",
	[LICENSE_ACTIVE] = "active",
	[LICENSE_GRACE] = "grace",
	[LICENSE_EXPIRED] = "expired",
	[LICENSE_PENDING_RENEWAL] = "pending_renewal",
	[LICENSE_RENEWED] = "renewed",
	[LICENSE_SURRENDER_PENDING] = "surrender_pending",
	[LICENSE_SURRENDERED] = "surrendered",
	[LICENSE_RECALL_PENDING] = "recall_pending",
	[LICENSE_REVOKED] = "revoked",
};

/* Ended is sticky: what was seen to have ended keeps that instant. */
static instant
end_of(const struct license *license)
{
	if (license->ended_at == 0)
		return license->end;
	return instant_earlier(license->end, license->ended_at);
}

static bool
has_ended(const struct license *license, instant now)
{
	return license->ended_at != 0 || now >= license->end;
}

/* When it begins to count, were it not for its end. */
static instant
begin_of(const struct license *license)
{
	if (license->activated_at != 0)
		return INT64_MIN;
	if (!license->is_renewal)
		return license->start;
	return instant_later(license->start, license->waits_until);
}

/* ---- pairing ---- */

/* By end, then by id: the order in which licenses are paired. */
static bool
is_before(const struct license *a, const struct license *b)
{
	if (end_of(a) != end_of(b))
		return end_of(a) < end_of(b);
	return a->id < b->id;
}

static bool
is_same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool
is_parent_for(const struct license *parent, const struct license *renewal)
{
	if (!parent->is_subscription || parent->is_revoked ||
	    parent->end == INSTANT_NEVER || parent->renewed_at != INSTANT_NEVER)
		return false;
	if (parent->units != renewal->units ||
	    !is_same_text(parent->prefix, renewal->prefix))
		return false;
	/* A renewal that took over already took over from what had ended. */
	if (renewal->activated_at != 0)
		return end_of(parent) <= renewal->activated_at &&
		    parent != renewal;
	return is_before(parent, renewal);
}

static struct license *
find_parent(struct license *licenses, size_t count,
    const struct license *renewal, enum turn turn)
{
	struct license *best = NULL;

	for (size_t i = 0; i < count; i++) {
		struct license *parent = &licenses[i];

		if (!is_parent_for(parent, renewal))
			continue;
		if (turn == TURN_NAMED &&
		    !is_same_text(parent->serial, renewal->renews))
			continue;
		if (best == NULL || is_before(parent, best))
			best = parent;
	}
	return best;
}

static bool
has_turn(const struct license *license, enum turn turn)
{
	if (!license->is_renewal || license->is_revoked ||
	    license->waits_until != INSTANT_NEVER)
		return false;
	if (turn == TURN_NAMED)
		return license->renews != NULL;
	return turn == TURN_REST || license->activated_at != 0;
}

/* The first renewal behind "last" in pairing order; NULL when none is left. */
static struct license *
next_renewal(struct license *licenses, size_t count, const struct license *last,
    enum turn turn)
{
	struct license *best = NULL;

	for (size_t i = 0; i < count; i++) {
		struct license *renewal = &licenses[i];

		if (!has_turn(renewal, turn))
			continue;
		if (last != NULL && !is_before(last, renewal))
			continue;
		if (best == NULL || is_before(renewal, best))
			best = renewal;
	}
	return best;
}

static void
pair(struct license *parent, struct license *renewal)
{
	instant takes_over;

	renewal->waits_until = end_of(parent);
	takes_over = begin_of(renewal);
	/* One that would take over only at its own end never takes over. */
	if (takes_over < end_of(renewal))
		parent->renewed_at = takes_over;
}

void
license_pair(struct license *licenses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		licenses[i].waits_until = licenses[i].is_renewal ? INSTANT_NEVER
								 : INT64_MIN;
		licenses[i].renewed_at = INSTANT_NEVER;
	}
	for (enum turn turn = TURN_NAMED; turn <= TURN_REST; turn++) {
		struct license *renewal = NULL;

		while ((renewal = next_renewal(
			    licenses, count, renewal, turn)) != NULL) {
			struct license *parent = find_parent(
			    licenses, count, renewal, turn);

			if (parent != NULL)
				pair(parent, renewal);
		}
	}
}

/* ---- state ---- */

static enum license_state
ended_state(const struct license *license, int64_t grace_seconds, instant now)
{
	instant over = instant_add(
	    end_of(license), instant_units(grace_seconds));

	if (license->expired_at != 0 || !license->is_subscription ||
	    begin_of(license) >= end_of(license))
		return LICENSE_EXPIRED;
	return now < over ? LICENSE_GRACE : LICENSE_EXPIRED;
}

static enum license_state
dated_state(const struct license *license, int64_t grace_seconds, instant now)
{
	if (license->renewed_at <= now)
		return LICENSE_RENEWED;
	if (has_ended(license, now))
		return ended_state(license, grace_seconds, now);
	if (now >= begin_of(license))
		return LICENSE_ACTIVE;
	return now < license->start ? LICENSE_FUTURE : LICENSE_PENDING_RENEWAL;
}

enum license_state
license_state_at(
    const struct license *license, int64_t grace_seconds, instant now)
{
	if (license->is_revoked)
		return LICENSE_REVOKED;
	switch (license->surrender) {
	case SURRENDER_NONE:
		break;
	case SURRENDER_PENDING:
		return LICENSE_SURRENDER_PENDING;
	case SURRENDER_ACCEPTED:
		return LICENSE_SURRENDERED;
	case SURRENDER_RECALLING:
		return LICENSE_RECALL_PENDING;
	}
	return dated_state(license, grace_seconds, now);
}

int64_t
license_units_at(
    const struct license *license, int64_t grace_seconds, instant now)
{
	enum license_state state = license_state_at(
	    license, grace_seconds, now);

	if (state != LICENSE_ACTIVE && state != LICENSE_GRACE)
		return 0;
	return instant_units(license->units);
}

int64_t
license_total_at(const struct license *licenses, size_t count,
    int64_t grace_seconds, instant now)
{
	int64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total = instant_units_add(
		    total, license_units_at(&licenses[i], grace_seconds, now));
	return total;
}

/* The earlier of "best" and "candidate", if that still lies ahead. */
static instant
nearer(instant best, instant candidate, instant now)
{
	return candidate > now ? instant_earlier(best, candidate) : best;
}

instant
license_next_change(const struct license *licenses, size_t count,
    int64_t grace_seconds, instant now)
{
	instant next = INSTANT_NEVER;
	int64_t grace = instant_units(grace_seconds);

	for (size_t i = 0; i < count; i++) {
		const struct license *license = &licenses[i];
		instant end = end_of(license);

		next = nearer(next, license->start, now);
		next = nearer(next, license->waits_until, now);
		next = nearer(next, end, now);
		next = nearer(next, instant_add(end, grace), now);
	}
	return next;
}

const char *
license_state_word(enum license_state state)
{
	size_t row = (size_t)state;

	if (row >= sizeof(state_words) / sizeof(state_words[0]))
		return "unknown";
	return state_words[row];
}
