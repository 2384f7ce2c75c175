/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform_groups.h: the platforms of the catalogue by family, and what is
 * installed that each of these groups may lease (rules.md 11).
 */
#ifndef LEASEHOLD_STORE_PLATFORM_GROUPS_H
#define LEASEHOLD_STORE_PLATFORM_GROUPS_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include "engine/store/store_pool.h"

struct platform_group_units {
	const char *feature;
	bool is_own;		/* tied to this group, for no other */
	bool is_subscription_only;	/* permanent units of it are not for this group, and left out */
	int64_t installed;
};

struct platform_group {
	const char *family;
	const char *platforms;	/* "PSA-300, PSA-3000, ..." */
	struct platform_group_units *units;	/* what is installed, in catalogue order */
	size_t count;
};

/* "PSA-300, PSA-3000, VA-SPE": what a virtual license server leases to; NULL when the arena is full. */
const char *platform_groups_served(struct arena *arena, const struct catalogue *catalogue);
/* The groups that this license server leases to, with what "pools" (store_pool_list) say is installed. */
enum fault platform_groups_list(struct platform_group **out, size_t *count, struct arena *arena, const struct appliance *appliance, const struct pool_row *pools, size_t pool_count) MUST_CHECK;

#endif
