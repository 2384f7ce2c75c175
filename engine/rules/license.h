/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license.h: what an installed license is worth at an instant (rules.md 2).
 */
#ifndef LEASEHOLD_RULES_LICENSE_H
#define LEASEHOLD_RULES_LICENSE_H

#include "engine/rules/instant.h"
#include <stdbool.h>
#include <stddef.h>

enum license_state {
	LICENSE_FUTURE,
	LICENSE_ACTIVE,
	LICENSE_GRACE,
	LICENSE_EXPIRED,
	LICENSE_PENDING_RENEWAL,
	LICENSE_RENEWED,	/* its renewal took over */
	LICENSE_SURRENDER_PENDING,
	LICENSE_SURRENDERED,
	LICENSE_RECALL_PENDING,
	LICENSE_REVOKED
};

enum license_surrender { SURRENDER_NONE, SURRENDER_PENDING, SURRENDER_ACCEPTED, SURRENDER_RECALLING };

struct license {
	int64_t id;
	const char *prefix;	/* of its SKU; renewals pair within one prefix and unit count */
	int64_t units;
	bool is_subscription;
	bool is_renewal;
	instant start;		/* first instant of the start day; INT64_MIN when the key has none */
	instant end;		/* first instant after the end day; INSTANT_NEVER when permanent */
	instant ended_at;	/* when it was seen to have ended (sticky), 0 = not yet */
	bool is_revoked;
	enum license_surrender surrender;
	/* All three may stay 0 (NULL): */
	instant expired_at;	/* when its grace, too, was seen to be over (sticky), 0 = not yet */
	instant activated_at;	/* a renewal: when it was seen to take over (sticky), 0 = not yet */
	const char *serial;	/* of its key */
	const char *renews;	/* serial of the parent that the key names */
	/* Filled by license_pair: */
	instant waits_until;	/* a renewal's parent ends then; INSTANT_NEVER = no parent ended or to end; INT64_MIN = not a renewal */
	instant renewed_at;	/* its renewal becomes active then; INSTANT_NEVER = no renewal */
};

/*
 * Pairs renewals with parents (same prefix and units, earliest end first, one
 * to one), filling the last two members. Parents that a key names come first,
 * then renewals that took over already, which take only a parent that had
 * ended by then. Give it every license of a feature, deleted ones left out.
 */
void license_pair(struct license *licenses, size_t count);
enum license_state license_state_at(const struct license *license, int64_t grace_seconds, instant now);
/* Units that count at "now": active or in grace, neither surrendered (from the click on) nor revoked. */
int64_t license_units_at(const struct license *license, int64_t grace_seconds, instant now);
/* Sum over licenses of one feature. */
int64_t license_total_at(const struct license *licenses, size_t count, int64_t grace_seconds, instant now);
/* The next instant after "now" at which license_total_at may change; INSTANT_NEVER when none. */
instant license_next_change(const struct license *licenses, size_t count, int64_t grace_seconds, instant now);
/* "active", "grace" …: stable words for data; never NULL. */
const char *license_state_word(enum license_state state);

#endif
