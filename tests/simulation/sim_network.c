/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_network.c: loses, doubles and holds up messages. A device that is cut
 * off neither sends nor receives.
 */
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_world.h"

#include <stdlib.h>

#define LATE_SECONDS 7200

static bool
is_cut_off(const struct sim_world *world, int device)
{
	return world->devices[device].cut_off_until > world->now;
}

static int64_t
travel(struct sim_world *world)
{
	if (world->is_quiet || !sim_random_chance(1, world->is_storm ? 3 : 12))
		return sim_random_between(0, 2);
	sim_world_count(world, DELAYS, 1);
	return sim_random_chance(1, 4) ? sim_random_between(3, LATE_SECONDS)
				       : sim_random_between(3, 90);
}

static bool
is_lost(const struct sim_world *world, int device)
{
	return is_cut_off(world, device) ||
	    (!world->is_quiet &&
		sim_random_chance(1, world->is_storm ? 4 : 12));
}

static bool
is_doubled(struct sim_world *world)
{
	if (world->is_quiet || !sim_random_chance(1, 15))
		return false;
	sim_world_count(world, DUPLICATES, 1);
	return true;
}

void
sim_network_ask(struct sim_world *world, struct sim_request *request)
{
	int times = is_doubled(world) ? 2 : 1;

	for (int i = 0; i < times; i++) {
		if (is_lost(world, request->device)) {
			sim_world_count(world, REQUESTS_LOST, 1);
			continue;
		}
		request->references++;
		sim_world_put(world, travel(world), SIM_EVENT_REQUEST,
		    request->device, request);
	}
}

void
sim_network_answer(struct sim_world *world, struct sim_answer *answer)
{
	int times = is_doubled(world) ? 2 : 1;

	for (int i = 0; i < times; i++) {
		if (is_lost(world, answer->device)) {
			sim_world_count(world, ANSWERS_LOST, 1);
			continue;
		}
		answer->references++;
		sim_world_put(world, travel(world), SIM_EVENT_ANSWER,
		    answer->device, answer);
	}
}

void
sim_network_drop_request(struct sim_request *request)
{
	if (!request || --request->references > 0)
		return;
	free(request->proof);
	free(request);
}

void
sim_network_drop_answer(struct sim_answer *answer)
{
	if (!answer || --answer->references > 0)
		return;
	free(answer->document.parts);
	free(answer->document.payload);
	free(answer);
}
