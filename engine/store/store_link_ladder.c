/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_ladder.c: the rows that the ladder is built from.
 */
#include "engine/store/store_link_ladder.h"

#include "engine/rules/lease.h"
#include "engine/store/store_admission.h"
#include "engine/store/store_link_auto_lease.h"
#include <assert.h>
#include <string.h>

struct work {
	struct demand_feature *features;
	size_t count;
	struct link_feature_row *rows; /* with expired parts */
	size_t row_count;
	struct link_part_row *parts;
	size_t part_count;
	struct demand_gateway gateway;
};

static enum fault
load(struct work *work, struct arena *arena, struct store *store,
    const struct appliance *appliance, int64_t now, int64_t server_now)
{
	enum fault fault;

	if ((fault = store_link_demand(&work->features, &work->count, arena,
		 store, &appliance->catalogue, appliance->product, now,
		 server_now)) ||
	    (fault = store_link_features(
		 &work->rows, &work->row_count, arena, store, 0)) ||
	    (fault = store_link_parts(
		 &work->parts, &work->part_count, arena, store)))
		return fault;
	return store_admission_gateway(&work->gateway, store, appliance, true);
}

static bool
find(size_t *out, const struct work *work, const char *feature)
{
	for (*out = 0; *out < work->count; (*out)++)
		if (!strcmp(work->features[*out].feature->name, feature))
			return true;
	return false;
}

/* As if contact were lost: the dates are those of a server that says nothing from now on, too. */
static void
fill_contacts(struct auto_lease_contact *contacts, const struct work *work,
    const struct link_row *link)
{
	size_t place;

	for (size_t i = 0; i < work->count; i++)
		contacts[i] = (struct auto_lease_contact){
			.last_success = link->success_time
		};
	for (size_t i = 0; i < work->row_count; i++) {
		if (!find(&place, work, work->rows[i].feature))
			continue;
		contacts[place] = store_link_auto_lease_contact(
		    link, &work->rows[i]);
		contacts[place].was_on = work->rows[i].auto_lease;
	}
}

static size_t
fill_parts(struct ladder_part *out, const struct work *work, int64_t since)
{
	size_t count = 0, place;

	for (size_t i = 0; i < work->part_count; i++) {
		const struct link_part_row *part = &work->parts[i];

		if (part->expires > since && find(&place, work, part->feature))
			out[count++] = (struct ladder_part){
				.feature = place,
				.is_reserved = part->kind ==
				    LEASE_PART_RESERVED,
				.units = part->units,
				.expires = part->expires,
			};
	}
	return count;
}

static enum fault
build(struct link_ladder *out, struct arena *arena, struct work *work,
    const struct link_row *link, int64_t server_now)
{
	struct auto_lease_contact *contacts = arena_array(
	    arena, work->count, sizeof(*contacts));
	struct ladder_part *parts = arena_array(
	    arena, work->part_count, sizeof(*parts));
	struct ladder_input input = {
		.features = work->features,
		.contacts = contacts,
		.count = work->count,
		.parts = parts,
		.gateway = &work->gateway,
		.last_success = link->success_time,
		.now = server_now,
	};

	out->rungs = arena_array(arena,
	    ladder_most(work->count, work->part_count), sizeof(*out->rungs));
	if (!contacts || !parts || !out->rungs)
		return FAULT_MEMORY;
	fill_contacts(contacts, work, link);
	input.part_count = fill_parts(parts, work, link->success_time);
	out->features = work->features;
	out->count = ladder_build(out->rungs, &input);
	return FAULT_NONE;
}

enum fault
store_link_ladder_load(struct link_ladder *out, struct arena *arena,
    struct store *store, const struct appliance *appliance,
    const struct link_row *link, int64_t now, int64_t server_now)
{
	struct work work = { .count = 0 };
	enum fault fault;

	assert(out && arena && store && appliance && link);
	*out = (struct link_ladder){ .count = 0 };
	if (link->success_time <= 0 || server_now == INT64_MAX)
		return FAULT_NONE;
	out->seconds_alone = ladder_seconds_alone(
	    link->success_time, server_now);
	out->ends_at = instant_add(
	    link->success_time, AUTO_LEASE_LIMIT_SECONDS);
	if ((fault = load(&work, arena, store, appliance, now, server_now)))
		return fault;
	return build(out, arena, &work, link, server_now);
}

const char *
store_link_ladder_name(enum ladder_step step)
{
	static const char *const names[] = {
		[LADDER_CONTACT] = "contact",
		[LADDER_QUANTA] = "quanta",
		[LADDER_AUTO_LEASE] = "auto_lease",
		[LADDER_RESERVED] = "reserved",
		[LADDER_OWN] = "own",
	};

	return names[step];
}

const char *
store_link_ladder_feature(
    const struct link_ladder *ladder, const struct ladder_rung *rung)
{
	if (rung->step == LADDER_CONTACT || rung->step == LADDER_OWN)
		return "";
	return ladder->features[rung->feature].feature->name;
}
