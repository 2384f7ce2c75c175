/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_license.c: the licenses that devices own: counted there from the
 * beginning, surrendered and recalled by a person, and counted again only by
 * the answer to the person's latest click.
 */
#include "engine/base/jws.h"
#include "engine/base/json.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SINCE_MOST (INT64_MAX / 2)

static char *
sign(struct sim_world *world, const struct sim_device *device,
    const char *serial, const char *sku)
{
	struct sim_server *server = &world->server;
	json_t *claims = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "iss",
	    SIM_ISSUER, "jti", serial, "iat", (json_int_t)SIM_START, "sub",
	    device->hardware_id, "sku", sku, "start", "2026-01-01");
	char *key = NULL;

	arena_clear(&server->arena);
	if (jws_sign(&key, &server->arena, server->issuer, "license+jwt",
		server->kid, claims))
		abort();
	json_decref(claims);
	if (!(key = strdup(key)))
		abort();
	return key;
}

void
sim_license_init(struct sim_world *world, struct sim_device *device)
{
	char serial[24], sku[48];

	(void)snprintf(serial, sizeof(serial), "M-%04d", device->index);
	device->member = sign(world, device, serial, "PSA-LICENSE-MBR");
	for (int i = 0; i < SIM_LICENSES; i++) {
		struct sim_license *license = &device->licenses[i];

		license->feature = (enum sim_feature)(i % SIM_FEATURES);
		license->units = 10 * (1 + (device->index + i) % 5);
		(void)snprintf(license->serial, sizeof(license->serial),
		    "D-%04d-%d", device->index, i);
		(void)snprintf(sku, sizeof(sku), "%s-ADD-%lldU",
		    sim_world_features[license->feature],
		    (long long)license->units);
		license->key = sign(world, device, license->serial, sku);
		world->lendable[license->feature] += license->units;
	}
}

void
sim_license_clear(struct sim_device *device)
{
	free(device->member);
	for (int i = 0; i < SIM_LICENSES; i++)
		free(device->licenses[i].key);
}

int64_t
sim_license_counted(const struct sim_device *device, int feature)
{
	int64_t units = 0;

	for (int i = 0; i < SIM_LICENSES; i++)
		if ((int)device->licenses[i].feature == feature &&
		    device->licenses[i].key &&
		    device->licenses[i].state == SURRENDER_NONE)
			units += device->licenses[i].units;
	return units;
}

/* ---- the person ---- */

static int64_t
next_since(const struct sim_world *world, const struct sim_license *license)
{
	return world->now > license->since ? world->now : license->since + 1;
}

static void
surrender(struct sim_world *world, struct sim_device *device,
    struct sim_license *license)
{
	license->state = SURRENDER_PENDING;
	license->since = next_since(world, license);
	license->is_sent = false;
	sim_world_count(world, SURRENDERS, 1);
	sim_world_line(world, "%s surrenders %s: %s %lld", device->name,
	    license->serial, sim_world_features[license->feature],
	    (long long)license->units);
}

static void
recall(struct sim_world *world, struct sim_device *device,
    struct sim_license *license)
{
	sim_world_count(world, RECALLS, 1);
	sim_world_line(world, "%s recalls %s", device->name, license->serial);
	license->since = next_since(world, license);
	/* Nobody was told yet: as if it had not been clicked. */
	license->state = license->state == SURRENDER_PENDING &&
		!license->is_sent
	    ? SURRENDER_NONE
	    : SURRENDER_RECALLING;
}

bool
sim_license_click(struct sim_world *world, struct sim_device *device)
{
	struct sim_license *license =
	    &device->licenses[sim_random_between(0, SIM_LICENSES - 1)];

	if (!license->key || license->state == SURRENDER_RECALLING)
		return false;
	if (license->state == SURRENDER_NONE)
		surrender(world, device, license);
	else
		recall(world, device, license);
	return true;
}

void
sim_license_recall_all(struct sim_world *world, struct sim_device *device)
{
	for (int i = 0; i < SIM_LICENSES; i++) {
		struct sim_license *license = &device->licenses[i];

		if (license->key && license->state != SURRENDER_NONE &&
		    license->state != SURRENDER_RECALLING &&
		    sim_random_chance(1, 2))
			recall(world, device, license);
	}
}

/* ---- what is said of them ---- */

void
sim_license_name(struct sim_request *request, struct sim_device *device)
{
	request->member = device->member;
	for (int i = 0; i < SIM_LICENSES; i++) {
		struct sim_license *license = &device->licenses[i];

		if (license->state == SURRENDER_NONE)
			continue;
		license->is_sent = true;
		request->names[request->name_count++] = (struct sim_name){
			.license = i,
			.since = license->since,
			.is_recall = license->state == SURRENDER_RECALLING
		};
	}
}

static void
turn(struct sim_world *world, struct sim_device *device,
    struct sim_license *license, const char *state)
{
	enum license_surrender before = license->state;
	bool is_recall = before == SURRENDER_RECALLING;

	if (strcmp(state, "returned") == 0)
		license->state = SURRENDER_NONE;
	else if (!is_recall && strcmp(state, "refused") == 0)
		license->state = SURRENDER_NONE;
	else if (before == SURRENDER_PENDING && strcmp(state, "accepted") == 0)
		license->state = SURRENDER_ACCEPTED;
	if (license->state != before)
		sim_world_line(world, "%s hears that %s is %s", device->name,
		    license->serial, state);
}

static void
take_one(struct sim_world *world, struct sim_device *device,
    const struct sim_said *said)
{
	const struct sim_request *asked = device->asking;

	for (size_t i = 0; i < asked->name_count; i++) {
		struct sim_license
		    *license = &device->licenses[asked->names[i].license];

		if (strcmp(license->serial, said->serial) != 0)
			continue;
		if (license->state != SURRENDER_NONE &&
		    license->since == asked->names[i].since)
			turn(world, device, license, said->state);
		return;
	}
	/* It named none: the server reminds of one that counts there. */
	for (int i = 0; i < SIM_LICENSES; i++) {
		struct sim_license *license = &device->licenses[i];

		if (strcmp(license->serial, said->serial) != 0 ||
		    license->state != SURRENDER_NONE ||
		    strcmp(said->state, "accepted") != 0)
			continue;
		license->state = SURRENDER_ACCEPTED;
		license->since = next_since(world, license);
		license->is_sent = true;
		sim_world_line(world, "%s is reminded of %s", device->name,
		    license->serial);
	}
}

void
sim_license_take(struct sim_world *world, struct sim_device *device,
    const struct sim_answer *answer)
{
	for (size_t i = 0; i < answer->said_count; i++)
		take_one(world, device, &answer->said[i]);
}

/* ---- in the server's words ---- */

static void
read_list(struct sim_answer *out, json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		struct sim_said *said = &out->said[out->said_count];

		if (out->said_count == SIM_SAID_MOST)
			abort();
		out->said_count++;
		(void)snprintf(said->serial, sizeof(said->serial), "%s",
		    json_text(one, "serial"));
		(void)snprintf(said->state, sizeof(said->state), "%s",
		    json_text(one, "state"));
	}
}

void
sim_license_read(struct sim_answer *out, const json_t *answer)
{
	read_list(out, json_object_get(answer, "surrenders"));
	read_list(out, json_object_get(answer, "recalls"));
}
