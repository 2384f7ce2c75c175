/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_world.c: one event after the other, faults between them, and after the
 * last fault a time of quiet in which everything has to come right.
 */
#include "tests/simulation/sim_world.h"

#include "engine/base/clock.h"
#include "engine/rules/instant.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const sim_world_features[SIM_FEATURES] = { "CONSEC", "ACCESS" };

static const char *const counter_words[SIM_COUNT__COUNT] = {
#define COUNTER(symbol, words) [SIM_COUNT_##symbol] = words,
	SIM_COUNTERS(COUNTER)
#undef COUNTER
};

/* ---- in place of engine/base/clock.c ---- */

static const struct sim_world *playing;

int64_t
clock_now(void)
{
	return playing ? sim_server_clock(playing) : SIM_START;
}

int64_t
clock_elapsed_ms(void)
{
	return playing ? (playing->now - SIM_START) * 1000 : 0;
}

const char *
clock_boot_id(void)
{
	return "00000000-0000-0000-0000-000000000000";
}

/* ---- telling ---- */

void
sim_world_line(struct sim_world *world, const char *format, ...)
{
	char line[360];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	sim_trace_line(world->now - SIM_START, "%s", line);
}

void
sim_world_fail(struct sim_world *world, const char *format, ...)
{
	char line[360];
	va_list arguments;

	if (world->has_failed)
		return;
	world->has_failed = true;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	sim_trace_line(world->now - SIM_START, "BROKEN: %s", line);
	sim_trace_print_last();
	(void)printf("# replay with SEED=%llu HOURS=%lld CLIENTS=%d\n",
	    (unsigned long long)world->options.seed,
	    (long long)world->options.hours, world->options.devices);
}

void
sim_world_put(struct sim_world *world, int64_t after, enum sim_event_kind kind,
    int device, void *load)
{
	const struct sim_event event = { .at = world->now + after,
		.kind = kind,
		.device = device,
		.load = load };

	sim_queue_put(&world->queue, &event);
}

/* ---- faults ---- */

static void
cut_off(struct sim_world *world)
{
	struct sim_device *device =
	    &world->devices[sim_random_between(0, world->options.devices - 1)];
	int64_t most = sim_random_chance(1, 12) ? 12 * 24 * 3600 : 6 * 3600;

	device->cut_off_until = world->now + sim_random_between(60, most);
	sim_world_count(world, PARTITIONS, 1);
	sim_world_line(world, "%s is cut off for %lld s", device->name,
	    (long long)(device->cut_off_until - world->now));
}

/*
 * A clock that leaps ahead of what it had said lets leases run out for the
 * server that clients still have; that is bounded by the leap. One that only
 * leaves a standstill does not: what was signed in it is prolonged.
 */
static void
move_clock(struct sim_world *world, int64_t off)
{
	struct sim_server *server = &world->server;
	int64_t before = sim_server_clock(world),
		leap = off - server->clock_off;
	bool stands_still = before < server->ledger.now;

	server->clock_off = off;
	world->clock_moved_at = world->now;
	sim_world_line(
	    world, "the server's clock is set by %lld s", (long long)leap);
	if (leap < 0) {
		sim_world_count(world, JUMPS_BACK, 1);
	} else if (stands_still) {
		sim_world_count(world, CATCHES_UP, 1);
	} else if (leap > 0) {
		sim_world_count(world, JUMPS_FORWARD, 1);
		world->clock_wrong_until = world->now + SIM_DOCUMENTS_LAST +
		    leap;
	}
}

/* Wrong, or right again: ahead only in some stories, and else mended before time has caught up with it. */
static void
set_clock(struct sim_world *world)
{
	int64_t most = 40 * 3600;

	if (world->server.clock_off != 0)
		move_clock(world, 0);
	else if (world->options.seed % 4 == 3 && sim_random_chance(1, 3))
		move_clock(world, sim_random_between(1, 30 * 3600));
	else
		move_clock(world, -sim_random_between(121, 3 * 24 * 3600));
	if (world->server.clock_off < 0 && -world->server.clock_off < most)
		most = -world->server.clock_off - 60;
	if (world->server.clock_off != 0)
		sim_world_put(world, sim_random_between(60, most),
		    SIM_EVENT_CLOCK, -1, NULL);
}

static void
make_trouble(struct sim_world *world)
{
	if (world->is_quiet)
		return;
	if (sim_random_chance(1, 2))
		cut_off(world);
	else if (sim_random_chance(1, 8) && world->server.clock_off == 0)
		set_clock(world);
	else
		sim_server_arm(world, (uint64_t)sim_random_between(1, 60));
	sim_world_put(world,
	    sim_random_between(60, 48 * 3600 / world->options.devices + 600),
	    SIM_EVENT_TROUBLE, -1, NULL);
}

static void
let_admin_act(struct sim_world *world)
{
	if (world->is_quiet)
		return;
	if (world->server.down_until <= world->now)
		sim_admin_act(world);
	sim_world_put(world,
	    sim_random_between(60, world->is_storm ? 3600 : 4 * 3600),
	    SIM_EVENT_ADMIN, -1, NULL);
}

static void
end_trouble(struct sim_world *world)
{
	world->is_quiet = true;
	sim_server_disarm(world);
	move_clock(world, 0);
	world->server.down_until = world->now;
	sim_server_accept_clock(world);
	sim_admin_end(world);
	for (int i = 0; i < world->options.devices; i++) {
		world->devices[i].cut_off_until = 0;
		sim_license_recall_all(world, &world->devices[i]);
	}
	sim_world_line(world, "no more faults");
}

/* ---- events ---- */

static void
click(struct sim_world *world, struct sim_device *device)
{
	if (world->is_quiet)
		return;
	if (sim_license_click(world, device))
		sim_device_hasten(world, device);
	sim_world_put(world,
	    world->is_storm ? sim_random_between(30, 4 * 3600)
			    : sim_random_between(600, 72 * 3600),
	    SIM_EVENT_CLICK, device->index, NULL);
}

static void
play_device(struct sim_world *world, const struct sim_event *event)
{
	struct sim_device *device = &world->devices[event->device];

	if (event->kind == SIM_EVENT_LAPSE) {
		if (event->round == device->lapse_round)
			sim_device_count(world, device);
	} else if (event->kind == SIM_EVENT_WAKE) {
		if (event->round == device->round)
			sim_device_wake(world, device);
	} else if (event->kind == SIM_EVENT_USERS) {
		if (!world->is_quiet)
			sim_device_users(world, device);
	} else if (event->kind == SIM_EVENT_CLICK) {
		click(world, device);
	} else if (event->kind == SIM_EVENT_REQUEST) {
		sim_server_receive(world, event->load);
		sim_network_drop_request(event->load);
	} else {
		sim_device_take(world, device, event->load);
		sim_network_drop_answer(event->load);
	}
}

static void
play_event(struct sim_world *world, const struct sim_event *event)
{
	sim_world_count(world, EVENTS, 1);
	if (event->device >= 0) {
		play_device(world, event);
	} else if (event->kind == SIM_EVENT_MINUTE) {
		sim_server_minute(world);
		sim_world_put(world, sim_random_between(1, 15) * 60,
		    SIM_EVENT_MINUTE, -1, NULL);
	} else if (event->kind == SIM_EVENT_CLOCK) {
		if (world->server.clock_off != 0)
			set_clock(world);
	} else if (event->kind == SIM_EVENT_ADMIN) {
		let_admin_act(world);
	} else {
		make_trouble(world);
	}
}

static void
tell_progress(struct sim_world *world)
{
	int64_t span = world->options.tell_hours * SECONDS_PER_HOUR;

	if (span == 0 || world->now < world->told_at + span)
		return;
	world->told_at = world->now;
	(void)printf("# day %lld: %lld events, %lld syncs, %lld facts\n",
	    (long long)((world->now - SIM_START) / SECONDS_PER_DAY),
	    (long long)world->counts[SIM_COUNT_EVENTS],
	    (long long)world->counts[SIM_COUNT_SYNCS],
	    (long long)world->counts[SIM_COUNT_FACTS]);
	(void)fflush(stdout);
}

static void
play_until(struct sim_world *world, int64_t end)
{
	struct sim_event event;

	while (!world->has_failed && sim_queue_take(&event, &world->queue)) {
		if (event.at >= end) {
			sim_queue_put(&world->queue, &event);
			break;
		}
		world->now = event.at;
		play_event(world, &event);
		tell_progress(world);
		if (!world->has_failed)
			sim_judge_event(world, event.kind);
	}
	world->now = end;
}

/* ---- the whole story ---- */

static void
print_figures(const struct sim_world *world)
{
	(void)printf("# seed %llu: %d clients, %lld hours of trouble and %lld"
		     " of quiet\n",
	    (unsigned long long)world->options.seed, world->options.devices,
	    (long long)world->options.hours,
	    (long long)world->options.settle_hours);
	for (int i = 0; i < SIM_COUNT__COUNT; i++)
		if (world->counts[i])
			(void)printf("# %12lld %s\n",
			    (long long)world->counts[i], counter_words[i]);
	(void)printf("# %12llu operations of the store's disk\n",
	    (unsigned long long)sim_disk_operations(world->server.disk));
	for (int i = 0; i < SIM_FEATURES; i++)
		(void)printf("# %s: at most %lld held beyond the total, at"
			     " least %lld units of it not usable anywhere\n",
		    sim_world_features[i], (long long)world->worst_held[i],
		    (long long)world->least_slack[i]);
	(void)printf("# trace %016llx\n", (unsigned long long)sim_trace_hash());
}

static void
clear(struct sim_world *world)
{
	struct sim_event event;

	while (sim_queue_take(&event, &world->queue)) {
		if (event.kind == SIM_EVENT_REQUEST)
			sim_network_drop_request(event.load);
		if (event.kind == SIM_EVENT_ANSWER)
			sim_network_drop_answer(event.load);
	}
	sim_queue_clear(&world->queue);
	for (int i = 0; i < world->options.devices; i++)
		sim_device_clear(&world->devices[i]);
	sim_server_close(world);
	free(world->devices);
	sim_judge_clear();
	sim_disk_stop();
}

static void
begin(struct sim_world *world)
{
	sim_server_open(world);
	for (int i = 0; i < world->options.devices; i++)
		sim_device_init(world, i);
	sim_admin_setup(world);
	sim_world_put(world, 60, SIM_EVENT_MINUTE, -1, NULL);
	sim_world_put(world, 600, SIM_EVENT_TROUBLE, -1, NULL);
	sim_world_put(world, 900, SIM_EVENT_ADMIN, -1, NULL);
}

bool
sim_world_play(const struct sim_options *options)
{
	struct sim_world world = {
		.options = *options,
		.now = SIM_START,
		.told_at = SIM_START,
		.is_storm = options->seed % 4 == 1,
	};
	int64_t end = SIM_START + options->hours * SECONDS_PER_HOUR;
	bool is_good;

	playing = &world;
	sim_random_seed(options->seed);
	sim_trace_start(options->trace);
	sim_disk_start();
	for (int i = 0; i < SIM_FEATURES; i++) {
		world.least_slack[i] = INT64_MAX;
		world.held_before[i] = -1;
	}
	world.devices = calloc(
	    (size_t)options->devices, sizeof(*world.devices));
	if (!world.devices)
		abort();
	begin(&world);
	play_until(&world, end);
	end_trouble(&world);
	play_until(&world, end + options->settle_hours * SECONDS_PER_HOUR);
	if (!world.has_failed)
		sim_judge_settled(&world);
	print_figures(&world);
	is_good = !world.has_failed;
	clear(&world);
	playing = NULL;
	return is_good;
}
