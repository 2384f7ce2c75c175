/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_auto.c: increments that a device takes by itself while it does not
 * reach the server, as far as the shipped rules let it, and what it says of
 * them later. They are a bet that the rules allow, so they stand beside what
 * is certain: the server finds out afterwards whether they were there.
 */
#include "engine/base/json.h"
#include "engine/rules/auto_lease.h"
#include "tests/simulation/sim_world.h"

#include <stdio.h>
#include <string.h>

static struct auto_lease_contact
contact_of(const struct sim_device *device, int feature)
{
	const struct sim_answer *last = device->last;
	struct auto_lease_contact contact = {
		.was_on = last && last->features[feature].auto_lease,
		.last_success = device->document.server_time,
		.reserved = last ? last->features[feature].reserved : 0,
		.reserved_expires = INT64_MIN,
	};

	for (size_t i = 0; i < device->document.count; i++)
		if ((int)device->document.parts[i].feature == feature &&
		    device->document.parts[i].is_reserved)
			contact.reserved_expires = device->document.parts[i]
						       .expires;
	return contact;
}

static int64_t
running(const struct sim_device *device, int feature)
{
	int64_t units = 0;

	for (size_t i = 0; i < device->auto_count; i++)
		if ((int)device->autos[i].feature == feature &&
		    device->autos[i].to == 0)
			units += device->autos[i].units;
	return units;
}

static void
take(struct sim_world *world, struct sim_device *device, int feature,
    int64_t clock)
{
	const struct auto_lease_contact contact = contact_of(device, feature);
	struct allocation allocation = { 0 };
	int64_t units;

	if (!device->last || device->auto_count == SIM_AUTOS)
		return;
	allocation.reserved = device->last->features[feature].reserved;
	allocation.increment = device->last->features[feature].increment;
	allocation.maximum = device->last->features[feature].maximum;
	units = auto_lease_take(&contact, &allocation, device->usable[feature],
	    running(device, feature), device->users[feature], clock);
	if (units <= 0)
		return;
	device->autos[device->auto_count++] = (struct sim_auto_lease){
		.feature = (enum sim_feature)feature,
		.units = units,
		.from = clock,
	};
	sim_world_count(world, AUTO_LEASES, 1);
	sim_world_line(world, "%s takes %lld units of %s alone", device->name,
	    (long long)units, sim_world_features[feature]);
}

/* Where the right is over, what was taken is over, too. */
static void
end(struct sim_device *device, int64_t clock, bool all)
{
	for (size_t i = 0; i < device->auto_count; i++) {
		struct sim_auto_lease *taken = &device->autos[i];
		const struct auto_lease_contact contact = contact_of(
		    device, (int)taken->feature);
		int64_t ends = auto_lease_ends(&contact);

		if (taken->to != 0 || (!all && clock < ends))
			continue;
		taken->to = ends < clock ? ends : clock;
		if (taken->to < taken->from)
			taken->to = taken->from;
	}
}

void
sim_auto_alone(struct sim_world *world, struct sim_device *device)
{
	int64_t clock = sim_device_clock(world, &device->document);

	if (device->document.number == 0)
		return;
	end(device, clock, false);
	for (int i = 0; i < SIM_FEATURES; i++)
		take(world, device, i, clock);
}

void
sim_auto_name(struct sim_world *world, struct sim_request *request,
    struct sim_device *device)
{
	int64_t clock = sim_device_clock(world, &device->document);

	if (device->document.number == 0)
		return;
	end(device, clock, false);
	for (size_t i = 0; i < device->auto_count; i++) {
		struct sim_auto_lease
		    *said = &request->autos[request->auto_count++];

		*said = device->autos[i];
		if (said->to == 0)
			said->to = clock > said->from ? clock : said->from;
	}
}

/* Before the answer's document takes the place of the one before. */
void
sim_auto_answered(struct sim_world *world, struct sim_device *device)
{
	size_t reported = device->asking->auto_count;

	end(device, sim_device_clock(world, &device->document), true);
	device->auto_count -= reported;
	memmove(device->autos, device->autos + reported,
	    device->auto_count * sizeof(*device->autos));
}

void
sim_auto_read(struct sim_world *world, const struct sim_answer *answer,
    const json_t *json)
{
	int64_t until;

	if (!json_int64(&until, json, "penalty_until", 1, INT64_MAX))
		return;
	sim_world_count(world, PENALIZED, 1);
	for (int i = 0; i < SIM_FEATURES; i++)
		if (answer->features[i].auto_lease)
			sim_world_fail(world,
			    "auto-leasing of %s is on during"
			    " a penalty",
			    sim_world_features[i]);
}
