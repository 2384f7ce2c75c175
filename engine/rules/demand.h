/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demand.h: the client's side: which users it may admit, and which feature
 * it asks for how many (rules.md 1 "users u", 5, 9.1).
 */
#ifndef LEASEHOLD_RULES_DEMAND_H
#define LEASEHOLD_RULES_DEMAND_H

#include "engine/rules/catalogue.h"
#include "engine/rules/instant.h"
#include "engine/rules/verdict.h"

#define DEMAND_DEFAULT_USERS 2

/* One feature as the client sees it now. */
struct demand_feature {
	const struct feature *feature;
	int64_t own;		/* own(f): usable units of own keys */
	int64_t leased;		/* unexpired leased units */
	int64_t auto_leased;
	int64_t surplus;	/* of nodes that vanished from its cluster (rules.md 7), reported apart */
	int64_t reachable;	/* by the last answer of the server; 0 = nothing allocated or not known; INT64_MAX before first contact is not used */
	int64_t increment;	/* likewise; 0 = it does not grow */
	bool is_denied;		/* the last answer denied growth: ask the rest of the next */
	int64_t users;		/* out: u to ask for */
};

/* Who admits them. */
struct demand_gateway {
	const struct platform *platform;	/* NULL = unknown: not virtual, no limit, no allowance */
	bool has_server;	/* a license server is set */
	int64_t default_users;	/* a setting, as a rule DEMAND_DEFAULT_USERS */
	bool has_allowance;	/* "allowance" is set; else the platform's counts */
	int64_t allowance;	/* percent of the units beyond them */
	bool is_monitoring;	/* nobody is refused below the platform's own limit */
};

/*
 * How many may be here. "capacity" is what there are units for, and at least
 * the default; what is admitted beyond stands apart, so that no sum of units
 * ever holds it.
 */
struct demand_limit {
	int64_t capacity;
	int64_t over_capacity;	/* more, by the allowance */
	int64_t most;		/* admitted at all; INT64_MAX = no limit */
	int64_t surplus;	/* of "capacity": units of the cluster's surplus */
	bool is_platform;	/* "most" is the platform's own limit */
};

/* What one more is, beside those admitted before. */
enum demand_seat { DEMAND_WITHIN, DEMAND_OVER, DEMAND_BEYOND };

/*
 * Users: the sum over usable "users" features of own + leased + auto-leased +
 * surplus, at least the default, at most the platform's own limit; the
 * allowance is of those units, rounded down, and never of the default. On a
 * virtual platform without a server and without own units of a role-specific
 * feature: the default (rules.md 1).
 */
void demand_limit_users(struct demand_limit *out, const struct demand_feature *features, size_t count, const struct demand_gateway *gateway);
/* RDP users: their own units and the same allowance; no default, and no limit of the platform unless it is monitoring. */
void demand_limit_rdp(struct demand_limit *out, const struct demand_feature *features, size_t count, const struct demand_gateway *gateway);
/* Both must allow it: the less of each. */
void demand_limit_least(struct demand_limit *out, const struct demand_limit *a, const struct demand_limit *b);
/* Users here beyond capacity and allowance; 0 when there are none. */
int64_t demand_beyond(int64_t admitted, const struct demand_limit *limit);
/*
 * Places "users" (admitted + waiting) over the features and fills u of each:
 * own units, then leased role-specific up to its reachable maximum, leased
 * features tied to a family, leased ACCESS; the last of these takes what is
 * left over. RDP users go over the RDP features alike; others get 0.
 */
void demand_place(struct demand_feature *features, size_t count, int64_t users, int64_t rdp_users);
/*
 * Growth is asked for before somebody has to wait (decision 0034).
 */
struct demand_ahead {
	int64_t seats;	/* count as waiting beside those who are here */
	bool is_due;	/* with them a sync now would ask for units that are not there */
};
/*
 * Seats of one kind to keep free beside "users" (admitted + waiting): "percent"
 * (0 to 100) of one increment of the feature that grows next, or grew last,
 * rounded up, and no more than own units and reachable maxima leave; none with
 * nobody here. Never due when nothing can grow: all is leased, or growth was
 * denied, and then only what is there is kept.
 */
void demand_ahead(struct demand_ahead *out, const struct demand_feature *features, size_t count, enum feature_kind kind, int64_t users, int64_t percent);
/* One more user beside "admitted"? VERDICT_OK and the seat, or VERDICT_CAPACITY_REACHED, or VERDICT_PLATFORM_REACHED where no license would help. */
enum verdict demand_admit(struct verdict_numbers *numbers, enum demand_seat *seat, int64_t admitted, const struct demand_limit *limit);
/* The same for the second limit: VERDICT_RDP_CAPACITY_REACHED. */
enum verdict demand_admit_rdp(struct verdict_numbers *numbers, enum demand_seat *seat, int64_t admitted, const struct demand_limit *limit);

#endif
