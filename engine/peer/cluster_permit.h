/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_permit.h: a node without the license server asks the leader of its
 * cluster what it may take by itself (rules.md 6.6, decision 0040):
 *
 *	POST /cluster/v1/permit {"protocol":1,"node":"gw2","since":1767225600,
 *	    "wishes":[{"feature":"CONSEC","units":25}]}
 *	→ {"permits":[{"feature":"CONSEC","units":25}]}
 *
 * "since" is when the node was in contact last, by the server's clock.
 */
#ifndef LEASEHOLD_PEER_CLUSTER_PERMIT_H
#define LEASEHOLD_PEER_CLUSTER_PERMIT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include "engine/store/store_link.h"

#define CLUSTER_PERMIT_MAX 64	/* features in one request */

struct cluster_permit {
	const char *feature;
	int64_t units;	/* wished for; then permitted */
};
struct cluster_permit_wish {
	const char *node;
	int64_t since;
	struct cluster_permit items[CLUSTER_PERMIT_MAX];
	size_t count;
};

/*
 * Asks the leader, a second at the longest. *is_answered false, and "items" as
 * they were: nobody is to be asked, or nobody answered; then the node decides
 * by itself.
 */
enum fault cluster_permit_ask(bool *is_answered, struct arena *arena, const struct appliance *appliance, const struct link_row *link, struct cluster_permit *items, size_t count) MUST_CHECK;

/* At the leader: reads a request; false when it is malformed. Text in the arena. */
bool cluster_permit_read(struct cluster_permit_wish *out, struct arena *arena, const char *body, size_t bytes);
/* The answer in the arena; NULL without memory. */
const char *cluster_permit_answer(struct arena *arena, const struct cluster_permit_wish *wish);

#endif
