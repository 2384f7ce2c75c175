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

/* As many may be held as were before, or as there were before. */
static int64_t
most_before(const struct sim_world *world, int feature)
{
	if (world->held_before[feature] < 0)
		return INT64_MAX;
	return world->held_before[feature] > world->total_before[feature]
	    ? world->held_before[feature]
	    : world->total_before[feature];
}

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
	    world->tainted_until <= world->now &&
	    world->fell_until[feature] <= world->now)
		sim_world_fail(world, "%s: documents give %lld units of %lld",
		    pool->feature, (long long)documented,
		    (long long)pool->installed);
	if (held > pool->installed && held > most_before(world, feature) &&
	    world->tainted_until <= world->now)
		sim_world_fail(world, "%s: held grew from %lld to %lld of %lld",
		    pool->feature, (long long)world->held_before[feature],
		    (long long)held, (long long)pool->installed);
	world->total_before[feature] = pool->installed;
	world->held_before[feature] = held;
	if (held - pool->installed > world->worst_held[feature])
		world->worst_held[feature] = held - pool->installed;
}

/* What devices count of their own licenses, and the leases of those that the server never knew. */
static void
count_devices(
    int64_t *own, int64_t *strange, const struct sim_world *world, int feature)
{
	*own = *strange = 0;
	for (int i = 0; i < world->options.devices; i++) {
		const struct sim_device *device = &world->devices[i];

		*own += sim_license_counted(device, feature);
		if (device->stranger_until > world->now)
			*strange += device->usable[feature];
	}
}

/*
 * No two devices with one unit, whatever they believe the time to be: all
 * that is used anywhere is no more than there is, on the server and at home.
 */
static void
check_usable(struct sim_world *world, const struct pool_row *pool, int feature)
{
	int64_t own, strange, used, there;

	count_devices(&own, &strange, world, feature);
	used = world->usable[feature] - strange + own;
	there = pool->installed - pool->surrendered + world->lendable[feature];
	sim_world_count(world, FACTS, 1);
	if (there - used < world->least_slack[feature])
		world->least_slack[feature] = there - used;
	if (used > there && world->fell_until[feature] <= world->now &&
	    world->clock_wrong_until <= world->now)
		sim_world_fail(world, "%s: %lld units are usable of %lld",
		    sim_world_features[feature], (long long)used,
		    (long long)there);
	/* No license on both sides, once the server knows. */
	if (pool->surrendered + own > world->lendable[feature] &&
	    world->tainted_until <= world->now)
		sim_world_fail(world,
		    "%s: %lld units count at devices and %lld"
		    " of theirs at the server, of %lld",
		    sim_world_features[feature], (long long)own,
		    (long long)pool->surrendered,
		    (long long)world->lendable[feature]);
}

/* It ends what it has no later than the server does. */
static void
check_clock(struct sim_world *world, const struct sim_device *device)
{
	int64_t clock = sim_device_clock(world, &device->document);

	if (device->document.anchor <= world->clock_moved_at ||
	    world->server.clock_off != 0 ||
	    sim_server_clock(world) < world->server.ledger.now)
		return;
	sim_world_count(world, FACTS, 1);
	if (clock < sim_server_clock(world))
		sim_world_fail(world, "the clock of %s is %lld s behind",
		    device->name, (long long)(sim_server_clock(world) - clock));
}

/* What a device can use, the server knows of. */
static void
check_device(struct sim_world *world, const struct sim_device *device)
{
	if (device->is_unheard || device->stranger_until > world->now ||
	    device->document.row == 0 || world->clock_wrong_until > world->now)
		return;
	check_clock(world, device);
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

/* The server's own checker never had to stop granting. */
static void
check_halted(struct sim_world *world)
{
	sqlite3_stmt *row = prepare(
	    world, "SELECT halted_text FROM watch WHERE halted_at <> 0");

	if (sqlite3_step(row) == SQLITE_ROW)
		sim_world_fail(world, "the server stopped granting: %s",
		    (const char *)sqlite3_column_text(row, 0));
	(void)sqlite3_finalize(row);
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

/* ---- after an event ---- */

/* As the store said it last. */
static struct pool_row pools_seen[SIM_FEATURES];

static void
read_pools(struct sim_world *world)
{
	struct sim_server *server = &world->server;

	for (int i = 0; i < SIM_FEATURES; i++) {
		enum fault fault = store_pool_feature(&pools_seen[i],
		    server->appliance.store, sim_world_features[i],
		    server->ledger.now);

		if (fault)
			sim_world_fail(
			    world, "the pool: %s", fault_text(fault));
	}
}

/* Nothing was written since the last look: only devices have changed. */
static void
judge_devices(struct sim_world *world)
{
	for (int i = 0; i < SIM_FEATURES; i++)
		check_usable(world, &pools_seen[i], i);
	for (int i = 0; i < world->options.devices; i++)
		check_device(world, &world->devices[i]);
}

void
sim_judge_all(struct sim_world *world)
{
	struct sim_server *server = &world->server;

	sim_disk_pause(server->disk, true);
	sim_world_count(world, CHECKS, 1);
	count_everything(world);
	read_pools(world);
	for (int i = 0; i < SIM_FEATURES; i++)
		check_sums(world, &pools_seen[i], i);
	judge_devices(world);
	check_halted(world);
	if (world->counts[SIM_COUNT_CHECKS] % CHAIN_EVERY == 0)
		check_chain(world);
	sim_disk_pause(server->disk, false);
}

void
sim_judge_event(struct sim_world *world, enum sim_event_kind kind)
{
	bool is_written = kind != SIM_EVENT_LAPSE && kind != SIM_EVENT_ANSWER &&
	    kind != SIM_EVENT_WAKE && kind != SIM_EVENT_USERS &&
	    kind != SIM_EVENT_CLICK;

	if (world->options.devices > DEVICES_COUNTED &&
	    world->counts[SIM_COUNT_EVENTS] % EVENTS_BETWEEN != 0)
		return;
	if (is_written || world->options.devices > DEVICES_COUNTED)
		sim_judge_all(world);
	else
		judge_devices(world);
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

/* A recall waits for reserved units only. */
static void
check_recall(struct sim_world *world, const struct sim_device *device,
    const struct sim_license *license, const struct pool_row *pools,
    size_t pool_count)
{
	const struct pool_row *pool = pool_of(
	    pools, pool_count, sim_world_features[license->feature]);

	if (!license->key || license->state == SURRENDER_NONE ||
	    license->state == SURRENDER_ACCEPTED)
		return;
	sim_world_count(world, FACTS, 1);
	if (license->state == SURRENDER_PENDING)
		sim_world_fail(world, "%s still waits for the surrender of %s",
		    device->name, license->serial);
	else if (pool && pool->reserved + pool->recalling <= pool->installed)
		sim_world_fail(world,
		    "%s still waits for the recall of %s,"
		    " with %lld reserved and %lld recalled of %lld",
		    device->name, license->serial, (long long)pool->reserved,
		    (long long)pool->recalling, (long long)pool->installed);
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
	/* Until then what was signed before may be in the way. */
	if (world->options.settle_hours * SECONDS_PER_HOUR < SIM_DOCUMENTS_LAST)
		return;
	for (int i = 0; i < SIM_LICENSES; i++)
		check_recall(
		    world, device, &device->licenses[i], pools, pool_count);
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
		server->ledger.now) ||
	    store_verify(server->appliance.store))
		abort();
	check_chain(world);
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
