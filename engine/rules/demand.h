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
	int64_t reachable;	/* by the last answer of the server; 0 = nothing allocated or not known; INT64_MAX before first contact is not used */
	bool is_denied;		/* the last answer denied growth: ask the rest of the next */
	int64_t users;		/* out: u to ask for */
};

/* Who admits them. */
struct demand_gateway {
	const struct platform *platform;	/* NULL = unknown: not virtual, no limit, no allowance */
	bool has_server;	/* a license server is set */
	int64_t default_users;	/* a setting, as a rule DEMAND_DEFAULT_USERS */
};

/*
 * Users to admit: the sum over usable "users" features of own + leased +
 * auto-leased with the platform's allowance, but at least the default, and at
 * most the platform's own limit. On a virtual platform without a server and
 * without own units of a role-specific feature: the default (rules.md 1).
 */
int64_t demand_capacity(const struct demand_feature *features, size_t count, const struct demand_gateway *gateway);
/* RDP users to admit; none where only the default is. */
int64_t demand_rdp_capacity(const struct demand_feature *features, size_t count, const struct demand_gateway *gateway);
/*
 * Places "users" (admitted + waiting) over the features and fills u of each:
 * own units, then leased role-specific up to its reachable maximum, leased
 * features tied to a family, leased ACCESS; the last of these takes what is
 * left over. RDP users go over the RDP features alike; others get 0.
 */
void demand_place(struct demand_feature *features, size_t count, int64_t users, int64_t rdp_users);
/* One more user beside "admitted"? VERDICT_OK or VERDICT_CAPACITY_REACHED. */
enum verdict demand_admit(struct verdict_numbers *numbers, int64_t admitted, int64_t capacity);
/* The same for the second limit: VERDICT_OK or VERDICT_RDP_CAPACITY_REACHED. */
enum verdict demand_admit_rdp(struct verdict_numbers *numbers, int64_t admitted, int64_t capacity);

#endif
