/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_device.c: a license client that follows the protocol to the letter: it
 * names the document it stored, repeats a request under its ID, confirms a
 * smaller document at once, and counts by the server's clock as it learnt it
 * when it first sent the request.
 */
#include "engine/base/hardware_id.h"
#include "engine/rules/instant.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many devices own licenses. */
#define SIM_OWNERS   24
#define TIMEOUT      30
#define BACK_OFF     30
#define BACK_OFF_TOP 14400

/* ---- what it can use ---- */

int64_t
sim_device_clock(
    const struct sim_world *world, const struct sim_document *document)
{
	return document->server_time + (world->now - document->anchor);
}

void
sim_device_count(struct sim_world *world, struct sim_device *device)
{
	const struct sim_document *document = &device->document;
	int64_t clock = sim_device_clock(world, document);
	int64_t usable[SIM_FEATURES] = { 0 }, next = INT64_MAX;
	struct sim_event lapse = { .kind = SIM_EVENT_LAPSE,
		.device = device->index,
		.round = ++device->lapse_round };

	for (size_t i = 0; i < document->count; i++) {
		const struct sim_part *part = &document->parts[i];

		if (part->expires <= clock)
			continue;
		usable[part->feature] += part->units;
		if (part->expires < next)
			next = part->expires;
	}
	for (int i = 0; i < SIM_FEATURES; i++) {
		world->usable[i] += usable[i] - device->usable[i];
		device->usable[i] = usable[i];
	}
	if (next == INT64_MAX)
		return;
	lapse.at = world->now + (next - clock);
	sim_queue_put(&world->queue, &lapse);
}

/* ---- asking ---- */

static void
set_timer(struct sim_world *world, struct sim_device *device, int64_t after)
{
	struct sim_event event = { .at = world->now + after,
		.kind = SIM_EVENT_WAKE,
		.device = device->index,
		.round = ++device->round };

	sim_queue_put(&world->queue, &event);
}

static void
forget_request(struct sim_device *device)
{
	sim_network_drop_request(device->asking);
	device->asking = NULL;
}

static struct sim_request *
new_request(struct sim_world *world, struct sim_device *device)
{
	struct sim_request *request = calloc(1, sizeof(*request));

	if (!request)
		abort();
	request->references = 1;
	request->device = device->index;
	(void)snprintf(request->id, sizeof(request->id), "%s-%lld",
	    device->name, (long long)++device->requests);
	request->first_sent = request->sent_at = world->now;
	request->holds = device->document.number;
	if (!device->is_calm && device->document.payload)
		request->proof = strdup(device->document.payload);
	request->is_relayed = *device->cluster && device->index % 6 == 5 &&
	    sim_random_chance(1, 2);
	sim_license_name(request, device);
	sim_auto_name(world, request, device);
	if (world->options.lie == SIM_LIE_CONFIRM)
		request->holds += 2;
	memcpy(request->users, device->users, sizeof(request->users));
	memset(request->digest, 0, sizeof(request->digest));
	(void)snprintf((char *)request->digest, sizeof(request->digest),
	    "%lld %lld %lld", (long long)request->holds,
	    (long long)request->users[0], (long long)request->users[1]);
	return request;
}

static void
ask(struct sim_world *world, struct sim_device *device)
{
	if (!device->asking)
		device->asking = new_request(world, device);
	sim_network_ask(world, device->asking);
	set_timer(world, device, TIMEOUT);
}

static void
ask_anew(struct sim_world *world, struct sim_device *device)
{
	forget_request(device);
	device->tries = 0;
	ask(world, device);
}

static int64_t
back_off(const struct sim_device *device)
{
	int64_t limit = BACK_OFF;

	for (int i = 0; i < device->tries && limit < BACK_OFF_TOP; i++)
		limit *= 2;
	return sim_random_between(
	    2, limit < BACK_OFF_TOP ? limit : BACK_OFF_TOP);
}

/* A copy of the device, with the same ID, password and hardware ID, asks too. */
static void
ask_as_clone(struct sim_world *world, struct sim_device *device)
{
	struct sim_request *request = new_request(world, device);

	request->is_clone = true;
	sim_world_count(world, CLONES, 1);
	sim_network_ask(world, request);
	sim_network_drop_request(request);
}

void
sim_device_wake(struct sim_world *world, struct sim_device *device)
{
	if (!world->is_quiet && device->promised_row &&
	    sim_random_chance(1, 400))
		ask_as_clone(world, device);
	if (!device->asking) {
		ask(world, device);
		return;
	}
	/* No answer came: the same again, later, or another request. */
	device->tries++;
	sim_auto_alone(world, device);
	if (sim_random_chance(1, 2)) {
		ask(world, device);
		return;
	}
	forget_request(device);
	device->is_calm = false;
	set_timer(world, device, back_off(device));
}

/* ---- answers ---- */

static bool
is_newer(const struct sim_document *new, const struct sim_document *held)
{
	return new->epoch > held->epoch ||
	    (new->epoch == held->epoch &&new->number >= held->number);
}

static bool
is_smaller(const struct sim_device *device, const int64_t *before)
{
	for (int i = 0; i < SIM_FEATURES; i++)
		if (device->usable[i] < before[i])
			return true;
	return false;
}

/* Somebody clicked since the request was written. */
static bool
is_stale(const struct sim_device *device)
{
	const struct sim_request *asked = device->asking;
	size_t named = 0;

	for (int i = 0; i < SIM_LICENSES; i++) {
		const struct sim_license *license = &device->licenses[i];

		if (license->state == SURRENDER_NONE)
			continue;
		for (size_t k = 0; k < asked->name_count; k++)
			named += asked->names[k].license == i &&
			    asked->names[k].since == license->since;
		if (license->state == SURRENDER_PENDING && named == 0)
			return true;
	}
	return false;
}

static void
store_document(struct sim_world *world, struct sim_device *device,
    struct sim_answer *answer)
{
	int64_t anchor = world->options.lie == SIM_LIE_CLOCK
	    ? world->now
	    : device->asking->first_sent;

	free(device->document.parts);
	free(device->document.payload);
	device->document = answer->document;
	device->document.anchor = anchor;
	device->document.parts = calloc(
	    answer->document.count + 1, sizeof(*device->document.parts));
	device->document.payload = strdup(answer->document.payload);
	if (!device->document.parts || !device->document.payload)
		abort();
	memcpy(device->document.parts, answer->document.parts,
	    answer->document.count * sizeof(*device->document.parts));
	sim_device_count(world, device);
}

static void
take_good(struct sim_world *world, struct sim_device *device,
    struct sim_answer *answer)
{
	int64_t before[SIM_FEATURES], jitter = answer->renew_after / 10;
	bool needs_more;

	if (!is_newer(&answer->document, &device->document)) {
		sim_world_line(world,
		    "%s does not take document %lld, it has"
		    " %lld",
		    device->name, (long long)(answer->document.number % 100000),
		    (long long)(device->document.number % 100000));
		forget_request(device);
		set_timer(world, device, back_off(device));
		return;
	}
	if (answer->document.epoch > device->document.epoch &&
	    device->document.number > 0 && !device->asking->proof) {
		/* A new epoch: what is held is shown before it is replaced. */
		sim_world_line(world, "%s meets epoch %lld", device->name,
		    (long long)answer->document.epoch);
		device->is_calm = false;
		ask_anew(world, device);
		return;
	}
	memcpy(before, device->usable, sizeof(before));
	for (int i = 0; i < SIM_FEATURES; i++)
		sim_world_count(world, GRANTS,
		    answer->features[i].leased > before[i]
			? answer->features[i].leased - before[i]
			: 0);
	sim_auto_answered(world, device);
	store_document(world, device, answer);
	sim_license_take(world, device, answer);
	needs_more = is_stale(device) || is_smaller(device, before);
	forget_request(device);
	device->is_calm = true;
	device->is_unheard = device->document.epoch <
	    world->server.appliance.epoch;
	device->tries = 0;
	sim_network_drop_answer(device->last);
	answer->references++;
	device->last = answer;
	if (needs_more)
		ask_anew(world, device);
	else
		set_timer(world, device,
		    answer->renew_after - sim_random_between(0, jitter));
}

void
sim_device_take(struct sim_world *world, struct sim_device *device,
    struct sim_answer *answer)
{
	if (!device->asking ||
	    strcmp(device->asking->id, answer->request_id) != 0)
		return;
	if (answer->status == 200) {
		take_good(world, device, answer);
		return;
	}
	forget_request(device);
	device->is_calm = false;
	device->tries++;
	set_timer(world, device, back_off(device));
}

void
sim_device_hasten(struct sim_world *world, struct sim_device *device)
{
	if (!device->asking)
		ask_anew(world, device);
}

/* ---- users ---- */

void
sim_device_users(struct sim_world *world, struct sim_device *device)
{
	bool grew = false;

	for (int i = 0; i < SIM_FEATURES; i++) {
		int64_t before = device->users[i];

		device->users[i] = sim_random_chance(1, 3)
		    ? 0
		    : sim_random_between(0, 160);
		grew |= device->users[i] > before &&
		    device->users[i] > device->usable[i];
	}
	if (grew && !device->asking)
		ask(world, device);
	sim_world_put(world,
	    sim_random_between(60, world->is_storm ? 2 * 3600 : 12 * 3600),
	    SIM_EVENT_USERS, device->index, NULL);
}

/* ---- being there ---- */

void
sim_device_init(struct sim_world *world, int index)
{
	struct sim_device *device = &world->devices[index];

	device->index = index;
	(void)snprintf(device->name, sizeof(device->name), "gw%04d", index);
	memcpy(device->key, &index, sizeof(index));
	if (hardware_id_of(device->hardware_id, device->key))
		abort();
	if (index < SIM_OWNERS)
		sim_license_init(world, device);
	if (index % 6 >= 4)
		(void)snprintf(device->cluster, sizeof(device->cluster),
		    "pair%d", index / 6);
	set_timer(world, device, sim_random_between(0, 600));
	sim_world_put(
	    world, sim_random_between(0, 3600), SIM_EVENT_USERS, index, NULL);
	if (index < SIM_OWNERS)
		sim_world_put(world, sim_random_between(0, 48 * 3600),
		    SIM_EVENT_CLICK, index, NULL);
}

void
sim_device_clear(struct sim_device *device)
{
	forget_request(device);
	sim_license_clear(device);
	sim_network_drop_answer(device->last);
	free(device->document.parts);
	free(device->document.payload);
}
