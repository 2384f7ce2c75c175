/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_judge.c: what must hold after every event, by a count of its own: it
 * reads the rows of leases and adds them up in the plainest way, and asks the
 * devices what they could use.
 */
#include "engine/rules/lease.h"
#include "engine/store/store_client.h"
#include "engine/store/store_license.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_private.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With more devices than this, everything is counted only now and then. */
#define DEVICES_COUNTED 64
#define EVENTS_BETWEEN  500
#define CHAIN_EVERY     20000

/* One client and feature, as its rows say. */
struct tally {
	int64_t client;
	int feature;
	int64_t leased, documented, reserved, expires, deleted_at, held;
};

struct tallies {
	struct tally *items;
	size_t count, room;
};

/* One row of lease_part. */
struct row {
	int64_t client, units, first, last, client_expires;
	int feature;
	bool is_live;
};

struct rows {
	struct row *items;
	size_t count, room;
};

static const char sql_rows[] =
    "SELECT p.client, p.feature, p.size * p.count, p.first, p.last,"
    " p.expires, c.expires FROM lease_part p JOIN client c ON c.id = p.client"
    " ORDER BY p.client, p.feature, p.first, p.id";
static const char sql_allocations[] =
    "SELECT a.client, a.feature, a.reserved, c.expires, c.deleted_at"
    " FROM allocation a JOIN client c ON c.id = a.client"
    " ORDER BY a.client, a.feature";

static struct rows rows;
static struct tallies tallies;

static int
feature_of(const char *name)
{
	for (int i = 0; i < SIM_FEATURES; i++)
		if (strcmp(sim_world_features[i], name) == 0)
			return i;
	return -1;
}

static sqlite3_stmt *
prepare(struct sim_world *world, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(world->server.appliance.store->db, sql, -1,
		&statement, NULL) != SQLITE_OK) {
		(void)fprintf(stderr, "simulation: %s: %s\n", sql,
		    sqlite3_errmsg(world->server.appliance.store->db));
		abort();
	}
	return statement;
}

/* ---- reading ---- */

static void *
room_for_one(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 256;
	if (!(items = realloc(items, *room * size)))
		abort();
	return items;
}

static void
read_rows(struct sim_world *world)
{
	int64_t now = world->server.ledger.now;
	sqlite3_stmt *from = prepare(world, sql_rows);

	rows.count = 0;
	while (sqlite3_step(from) == SQLITE_ROW) {
		struct row *row;

		if (sqlite3_column_int64(from, 5) <= now)
			continue;
		rows.items = room_for_one(
		    rows.items, rows.count, &rows.room, sizeof(*rows.items));
		row = &rows.items[rows.count++];
		row->client = sqlite3_column_int64(from, 0);
		row->feature = feature_of(
		    (const char *)sqlite3_column_text(from, 1));
		row->units = sqlite3_column_int64(from, 2);
		row->first = sqlite3_column_int64(from, 3);
		row->is_live = sqlite3_column_type(from, 4) == SQLITE_NULL;
		row->last = row->is_live ? INT64_MAX
					 : sqlite3_column_int64(from, 4);
		row->client_expires = sqlite3_column_int64(from, 6);
	}
	(void)sqlite3_finalize(from);
}

static struct tally *
new_tally(int64_t client, int feature)
{
	struct tally *tally;

	tallies.items = room_for_one(tallies.items, tallies.count,
	    &tallies.room, sizeof(*tallies.items));
	tally = &tallies.items[tallies.count++];
	*tally = (struct tally){ .client = client, .feature = feature };
	return tally;
}

/* The most units of any document: one of those at which some row begins. */
static int64_t
most_of(const struct row *some, size_t count)
{
	int64_t most = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t units = 0;

		for (size_t k = 0; k < count; k++)
			if (some[k].first <= some[i].first &&
			    some[i].first <= some[k].last)
				units += some[k].units;
		if (units > most)
			most = units;
	}
	return most;
}

static void
count_rows(void)
{
	size_t from = 0, to;

	for (; from < rows.count; from = to) {
		struct tally *tally = new_tally(
		    rows.items[from].client, rows.items[from].feature);

		for (to = from; to < rows.count &&
		     rows.items[to].client == rows.items[from].client &&
		     rows.items[to].feature == rows.items[from].feature;
		     to++)
			if (rows.items[to].is_live)
				tally->leased += rows.items[to].units;
		tally->expires = rows.items[from].client_expires;
		tally->documented = most_of(&rows.items[from], to - from);
	}
}

static int
compare_tallies(const void *a, const void *b)
{
	const struct tally *one = a, *other = b;

	if (one->client != other->client)
		return one->client < other->client ? -1 : 1;
	return one->feature - other->feature;
}

static void
sort_tallies(void)
{
	if (tallies.count > 0)
		qsort(tallies.items, tallies.count, sizeof(*tallies.items),
		    compare_tallies);
}

static struct tally *
find_tally(int64_t client, int feature)
{
	const struct tally key = { .client = client, .feature = feature };

	return bsearch(&key, tallies.items, tallies.count,
	    sizeof(*tallies.items), compare_tallies);
}

static void
count_allocations(struct sim_world *world)
{
	sqlite3_stmt *from = prepare(world, sql_allocations);
	size_t counted = tallies.count;

	while (sqlite3_step(from) == SQLITE_ROW) {
		struct tally key = { .client = sqlite3_column_int64(from, 0),
			.feature = feature_of(
			    (const char *)sqlite3_column_text(from, 1)) };
		struct tally *tally = bsearch(
		    &key, tallies.items, counted, sizeof(key), compare_tallies);

		if (!tally)
			tally = new_tally(key.client, key.feature);
		tally->reserved = sqlite3_column_int64(from, 2);
		tally->expires = sqlite3_column_int64(from, 3);
		tally->deleted_at = sqlite3_column_int64(from, 4);
	}
	(void)sqlite3_finalize(from);
}

static void
count_everything(struct sim_world *world)
{
	int64_t now = world->server.ledger.now;

	tallies.count = 0;
	read_rows(world);
	count_rows();
	sort_tallies();
	count_allocations(world);
	for (size_t i = 0; i < tallies.count; i++) {
		struct tally *tally = &tallies.items[i];

		tally->held = tally->documented > tally->leased
		    ? tally->documented
		    : tally->leased;
		if (tally->expires > now && tally->reserved > tally->held)
			tally->held = tally->reserved;
	}
	sort_tallies();
}

/* ---- the facts ---- */

static void
check_sums(struct sim_world *world, const struct pool_row *pool, int feature)
{
	int64_t leased = 0, held = 0, documented = 0;

	for (size_t i = 0; i < tallies.count; i++) {
		if (tallies.items[i].feature != feature)
			continue;
		if (tallies.items[i].expires > world->server.ledger.now)
			leased += tallies.items[i].leased;
		held += tallies.items[i].held;
		documented += tallies.items[i].documented;
	}
	sim_world_count(world, FACTS, 4);
	if (leased != pool->leased || held != pool->held)
		sim_world_fail(world,
		    "%s: counted leased %lld held %lld, the"
		    " store says %lld and %lld",
		    pool->feature, (long long)leased, (long long)held,
		    (long long)pool->leased, (long long)pool->held);
	if (documented > pool->installed &&
	    world->fell_until[feature] <= world->now)
		sim_world_fail(world, "%s: documents give %lld units of %lld",
		    pool->feature, (long long)documented,
		    (long long)pool->installed);
	if (held > pool->installed && held > world->held_before[feature] &&
	    world->held_before[feature] >= 0)
		sim_world_fail(world, "%s: held grew from %lld to %lld of %lld",
		    pool->feature, (long long)world->held_before[feature],
		    (long long)held, (long long)pool->installed);
	world->held_before[feature] = held;
	if (held - pool->installed > world->worst_held[feature])
		world->worst_held[feature] = held - pool->installed;
}

/* No two devices with one unit, whatever they believe the time to be. */
static void
check_usable(struct sim_world *world, int64_t total, int feature)
{
	int64_t usable = world->usable[feature];

	sim_world_count(world, FACTS, 1);
	if (total - usable < world->least_slack[feature])
		world->least_slack[feature] = total - usable;
	if (usable > total && world->fell_until[feature] <= world->now &&
	    world->clock_wrong_until <= world->now)
		sim_world_fail(world, "%s: devices can use %lld units of %lld",
		    sim_world_features[feature], (long long)usable,
		    (long long)total);
}

/* What a device can use, the server knows of. */
static void
check_device(struct sim_world *world, const struct sim_device *device)
{
	if (device->is_stranger || device->document.row == 0 ||
	    world->clock_wrong_until > world->now)
		return;
	for (int i = 0; i < SIM_FEATURES; i++) {
		const struct tally *tally;

		if (device->usable[i] == 0)
			continue;
		sim_world_count(world, FACTS, 1);
		tally = find_tally(device->document.row, i);
		if (!tally || tally->documented < device->usable[i])
			sim_world_fail(world,
			    "%s can use %lld units of %s, the store knows of"
			    " %lld",
			    device->name, (long long)device->usable[i],
			    sim_world_features[i],
			    tally ? (long long)tally->documented : 0);
	}
}

static void
check_chain(struct sim_world *world)
{
	int64_t broken = 0;

	sim_world_count(world, CHAINS, 1);
	if (store_event_verify(&broken, world->server.appliance.store) ||
	    broken != 0)
		sim_world_fail(world, "the event log is broken at row %lld",
		    (long long)broken);
}

void
sim_judge_all(struct sim_world *world)
{
	struct sim_server *server = &world->server;
	struct pool_row *pools;
	enum fault fault;
	size_t count;

	sim_disk_pause(server->disk, true);
	sim_world_count(world, CHECKS, 1);
	arena_clear(&server->arena);
	count_everything(world);
	fault = store_pool_list(&pools, &count, &server->arena,
	    server->appliance.store, &server->appliance.catalogue,
	    server->ledger.now);
	if (fault)
		sim_world_fail(world, "the pool: %s", fault_text(fault));
	for (size_t i = 0; !fault && i < count; i++) {
		int feature = feature_of(pools[i].feature);

		if (feature < 0)
			continue;
		check_sums(world, &pools[i], feature);
		check_usable(world, pools[i].installed, feature);
	}
	for (int i = 0; i < world->options.devices; i++)
		check_device(world, &world->devices[i]);
	if (world->counts[SIM_COUNT_CHECKS] % CHAIN_EVERY == 0)
		check_chain(world);
	sim_disk_pause(server->disk, false);
}

void
sim_judge_event(struct sim_world *world)
{
	if (world->options.devices <= DEVICES_COUNTED ||
	    world->counts[SIM_COUNT_EVENTS] % EVENTS_BETWEEN == 0)
		sim_judge_all(world);
}

/* ---- liveness ---- */

/* What a device is due of one feature. */
static void
check_due(struct sim_world *world, const struct sim_device *device, int feature,
    const struct client_feature_row *row, const struct pool_row *pool)
{
	const struct sim_answer *last = device->last;
	const struct allocation *counts = &row->allocation;
	int64_t usable = device->usable[feature];

	sim_world_count(world, FACTS, 1);
	if (pool->held <= pool->installed && usable < counts->reserved)
		sim_world_fail(world,
		    "%s has %lld units of %s, %lld are"
		    " reserved for it",
		    device->name, (long long)usable, row->feature,
		    (long long)counts->reserved);
	if (usable >= device->users[feature] || counts->increment == 0)
		return;
	if (usable + counts->increment > counts->maximum)
		return;
	if (pool->available >= counts->increment)
		sim_world_fail(world,
		    "%s has %lld units of %s for %lld users,"
		    " with %lld available (%s)",
		    device->name, (long long)usable, row->feature,
		    (long long)device->users[feature],
		    (long long)pool->available,
		    last ? last->features[feature].denied : "never answered");
}

static const struct pool_row *
pool_of(const struct pool_row *pools, size_t count, const char *feature)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(pools[i].feature, feature) == 0)
			return &pools[i];
	return NULL;
}

static void
check_settled(struct sim_world *world, const struct sim_device *device,
    const struct pool_row *pools, size_t pool_count)
{
	struct sim_server *server = &world->server;
	struct client_feature_row *features;
	struct client_row row;
	size_t count;

	if (store_client_load(
		&row, &server->arena, server->appliance.store, device->name) ||
	    row.expires <= server->ledger.now)
		return;
	if (store_client_features(&features, &count, &server->arena,
		server->appliance.store, row.id, server->ledger.now))
		abort();
	for (size_t i = 0; i < count; i++) {
		int feature = feature_of(features[i].feature);
		const struct pool_row *pool = pool_of(
		    pools, pool_count, features[i].feature);

		if (feature >= 0 && pool)
			check_due(world, device, feature, &features[i], pool);
	}
}

void
sim_judge_settled(struct sim_world *world)
{
	struct sim_server *server = &world->server;
	struct pool_row *pools;
	size_t count;

	arena_clear(&server->arena);
	if (store_pool_list(&pools, &count, &server->arena,
		server->appliance.store, &server->appliance.catalogue,
		server->ledger.now))
		abort();
	for (int i = 0; i < world->options.devices; i++)
		check_settled(world, &world->devices[i], pools, count);
}

void
sim_judge_clear(void)
{
	free(rows.items);
	free(tallies.items);
	rows = (struct rows){ 0 };
	tallies = (struct tallies){ 0 };
}
