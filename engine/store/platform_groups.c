/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform_groups.c: see platform_groups.h. Works on the catalogue and on sums
 * that were read already; knows no rows.
 */
#include "engine/store/platform_groups.h"

#include <assert.h>
#include <string.h>

/* "so far, more"; NULL when the arena is full. */
static const char *
join(struct arena *arena, const char *so_far, const char *more)
{
	if (!so_far)
		return NULL;
	return *so_far ? arena_format(arena, "%s, %s", so_far, more) : more;
}

const char *
platform_groups_served(struct arena *arena, const struct catalogue *catalogue)
{
	const char *text = "";

	assert(arena && catalogue);
	for (size_t i = 0; i < catalogue->platform_count; i++)
		if (catalogue_is_served_virtually(
			catalogue, &catalogue->platforms[i]))
			text = join(arena, text, catalogue->platforms[i].name);
	return text && !*text ? "no platform" : text;
}

static bool
is_served(const struct appliance *appliance, const struct platform *platform)
{
	return appliance->role != ROLE_VIRTUAL_SERVER ||
	    catalogue_is_served_virtually(&appliance->catalogue, platform);
}

static struct platform_group *
find(struct platform_group *groups, size_t count, const char *family)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(groups[i].family, family) == 0)
			return &groups[i];
	return NULL;
}

static bool
take_pool(struct platform_group *group, const struct appliance *appliance,
    const struct pool_row *pool, const struct platform *platform)
{
	struct platform_group_units *units = &group->units[group->count];
	const struct feature *feature = catalogue_feature(
	    &appliance->catalogue, pool->feature);

	if (!feature || pool->installed <= 0 ||
	    !catalogue_is_usable(feature, feature->products, platform))
		return false;
	units->feature = pool->feature;
	units->is_own = strcmp(feature->family, "any") != 0;
	units->is_subscription_only = appliance_lends_subscriptions_only(
	    appliance, feature, platform);
	units->installed = units->is_subscription_only ? pool->subscription
						       : pool->installed;
	return true;
}

static enum fault
fill(struct platform_group *group, struct arena *arena,
    const struct appliance *appliance, const struct platform *platform,
    const struct pool_row *pools, size_t pool_count)
{
	*group = (struct platform_group){ .family = platform->family,
		.platforms = "" };
	group->units = arena_array(
	    arena, pool_count + 1, sizeof(*group->units));
	if (!group->units)
		return FAULT_MEMORY;
	for (size_t i = 0; i < pool_count; i++)
		group->count += take_pool(
		    group, appliance, &pools[i], platform);
	return FAULT_NONE;
}

enum fault
platform_groups_list(struct platform_group **out, size_t *count,
    struct arena *arena, const struct appliance *appliance,
    const struct pool_row *pools, size_t pool_count)
{
	const struct catalogue *catalogue = &appliance->catalogue;
	struct platform_group *groups = arena_array(
	    arena, catalogue->platform_count + 1, sizeof(*groups));
	enum fault fault;

	assert(out && count && arena);
	*out = groups;
	*count = 0;
	for (size_t i = 0; groups && i < catalogue->platform_count; i++) {
		const struct platform *platform = &catalogue->platforms[i];
		struct platform_group *group;

		if (!is_served(appliance, platform))
			continue;
		group = find(groups, *count, platform->family);
		if (!group) {
			group = &groups[(*count)++];
			if ((fault = fill(group, arena, appliance, platform,
				 pools, pool_count)))
				return fault;
		}
		group->platforms = join(
		    arena, group->platforms, platform->name);
		if (!group->platforms)
			return FAULT_MEMORY;
	}
	return groups ? FAULT_NONE : FAULT_MEMORY;
}
