/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * auto_leasing.h: what a gateway takes by itself while its license server
 * cannot be reached, and when it gives that back (rules.md 6).
 */
#ifndef LEASEHOLD_AGENT_AUTO_LEASING_H
#define LEASEHOLD_AGENT_AUTO_LEASING_H

#include "agent/agent.h"
#include "engine/peer/link_sync.h"
#include "engine/rules/auto_lease.h"
#include "engine/rules/demand.h"
#include <stddef.h>
#include <stdint.h>

/* One feature, and what is to become of it. */
struct auto_leasing_feature {
	struct demand_feature demand;
	struct auto_lease_contact contact;
	struct allocation allocation;
	int64_t old_units;	/* auto-leased 24 hours ago or longer */
	int64_t take, drop;	/* out: units */
};

/* So many units are to be taken that these users are served, where there is a right to it; fills "take". Pure. */
void auto_leasing_cover(struct auto_leasing_feature *features, size_t count, const struct link_sync_input *users, instant now);
/* Whole increments that nobody needs, of those taken 24 hours ago or longer; fills "drop". Pure. */
void auto_leasing_spare(struct auto_leasing_feature *features, size_t count, const struct link_sync_input *users);

/*
 * Takes what these users need, gives back what nobody needs, ends what is over;
 * nothing while the server's clock is not known. Notes in the agent whether the
 * server is lost, and that room has grown. "scratch" is cleared.
 */
enum fault auto_leasing_watch(struct agent *agent, const struct link_sync_input *users);

#endif
