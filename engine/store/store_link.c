/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link.c: a license client's server and what it last said, as programs
 * read it. Writes nothing, and asks no clock.
 */
#include "engine/store/store_link.h"

#include "engine/base/text.h"
#include "engine/rules/allocation.h"
#include "engine/store/statement.h"
#include "engine/store/store_cluster_node.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link_auto_lease.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define MS 1000
/* So much of the time that ran is lost at most by a reboot with the clock set back. */
#define ANCHOR_MS (INT64_C(3600) * MS)

enum {
	SQL_LOAD,
	SQL_FEATURES,
	SQL_PARTS,
	SQL_PLATFORM,
	SQL_MARK,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT server, client_name, password, network, verify,"
		     " row_version, pin, seen_pin, server_key, server_id,"
		     " token, epoch, number, document, last_success,"
		     " last_attempt, failure_code, failure_text, next_sync,"
		     " network_used, server_time, anchor_boot,"
		     " anchor_elapsed_ms, anchor_wall, cluster,"
		     " offers_to_lead, leader, leader_until, penalty_until,"
		     " success_time, lost_at, notices, compliance"
		     "  FROM link",
	[SQL_FEATURES] =
	    "SELECT f.feature, f.reserved, f.increment, f.maximum,"
	    " f.auto_lease, f.denied_code, f.denied_text,"
	    " sum(p.units), max(CASE p.kind WHEN 1 THEN p.expires END),"
	    " max(CASE p.kind WHEN 0 THEN p.expires END)"
	    "  FROM link_feature f LEFT JOIN link_part p"
	    "   ON p.feature = f.feature AND p.expires > ?1"
	    "  GROUP BY f.feature ORDER BY f.feature",
	[SQL_PARTS] = "SELECT feature, kind, units, granted, expires, told"
		      "  FROM link_part"
		      "  ORDER BY feature, kind, id",
	[SQL_PLATFORM] = "SELECT platform FROM appliance",
	[SQL_MARK] = "SELECT count(*) FROM link WHERE server_time > 0",
};

/* Its cluster, and what the last answer said beside leases. */
static void
load_said(struct link_row *out, struct arena *arena, sqlite3_stmt *row)
{
	out->cluster = statement_text(arena, row, 24);
	out->offers_to_lead = statement_int(row, 25);
	out->leader = statement_text(arena, row, 26);
	out->leader_until = statement_int(row, 27);
	out->penalty_until = statement_int(row, 28);
	out->success_time = statement_int(row, 29);
	out->lost_at = statement_int(row, 30);
	out->notices = statement_text(arena, row, 31);
	out->compliance = statement_text(arena, row, 32);
}

enum fault
store_link_load(struct link_row *out, struct arena *arena, struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct link_row){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "")))
		return fault;
	out->server = statement_text(arena, row, 0);
	out->client_name = statement_text(arena, row, 1);
	out->password = statement_text(arena, row, 2);
	out->network = statement_text(arena, row, 3);
	out->verify = statement_int(row, 4);
	out->row_version = statement_int(row, 5);
	out->pin = statement_text(arena, row, 6);
	out->seen_pin = statement_text(arena, row, 7);
	out->has_server_key = statement_blob(
	    out->server_key, sizeof(out->server_key), row, 8);
	out->server_id = statement_text(arena, row, 9);
	out->token = statement_text(arena, row, 10);
	out->epoch = statement_int(row, 11);
	out->number = statement_int(row, 12);
	out->document = statement_text(arena, row, 13);
	out->last_success = statement_int(row, 14);
	out->last_attempt = statement_int(row, 15);
	out->failure_code = statement_text(arena, row, 16);
	out->failure_text = statement_text(arena, row, 17);
	out->next_sync = statement_int(row, 18);
	out->network_used = statement_text(arena, row, 19);
	out->server_time = statement_int(row, 20);
	out->anchor_boot = statement_text(arena, row, 21);
	out->anchor_elapsed_ms = statement_int(row, 22);
	out->anchor_wall = statement_int(row, 23);
	load_said(out, arena, row);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* Seconds from "start" to "end"; false when it goes backward or is no int64. */
static bool
find_elapsed(int64_t *out, int64_t start, int64_t end)
{
	*out = 0;
	return end >= start && !__builtin_sub_overflow(end, start, out);
}

/* Without a boot identity two boots cannot be told apart: then the wall clock is all there is. */
static bool
is_same_boot(const struct link_row *link, const char *boot_id)
{
	return *boot_id && strcmp(boot_id, link->anchor_boot) == 0;
}

/* By the wall clock, if it is not below the stored mark. */
static bool
find_by_wall(int64_t *out, const struct link_row *link, int64_t wall_now)
{
	int64_t elapsed;

	if (!find_elapsed(&elapsed, link->anchor_wall, wall_now))
		return false;
	*out = instant_add(link->server_time, elapsed);
	return true;
}

bool
store_link_is_with(
    const struct link_row *link, const char *server, const char *client_name)
{
	assert(link && server && client_name);
	return text_equals_ignoring_case(link->server, server) &&
	    strcmp(link->client_name, client_name) == 0;
}

bool
store_link_server_now(int64_t *out, const struct link_row *link,
    const char *boot_id, int64_t elapsed_ms, int64_t wall_now)
{
	int64_t elapsed;

	assert(out && link && boot_id);
	*out = 0;
	if (link->server_time <= 0 || !link->anchor_boot)
		return false;
	if (!*boot_id)
		return find_by_wall(out, link, wall_now);
	if (!is_same_boot(link, boot_id) ||
	    !find_elapsed(&elapsed, link->anchor_elapsed_ms, elapsed_ms))
		return false;
	*out = instant_add(link->server_time, elapsed / MS);
	return true;
}

bool
store_link_wants_anchor(
    const struct link_row *link, const char *boot_id, int64_t elapsed_ms)
{
	int64_t elapsed;

	assert(link && boot_id);
	if (link->server_time <= 0 || !link->anchor_boot || !*boot_id)
		return false;
	return !is_same_boot(link, boot_id) ||
	    (find_elapsed(&elapsed, link->anchor_elapsed_ms, elapsed_ms) &&
		elapsed >= ANCHOR_MS);
}

bool
store_link_anchor(struct link_row *link, const char *boot_id,
    int64_t elapsed_ms, int64_t wall_now)
{
	int64_t server_now;

	assert(link && boot_id && *boot_id);
	if (link->server_time <= 0 || !link->anchor_boot)
		return false;
	if (!is_same_boot(link, boot_id)) {
		if (!find_by_wall(&server_now, link, wall_now))
			return false;
		link->anchor_elapsed_ms = elapsed_ms;
	} else {
		if (!store_link_server_now(
			&server_now, link, boot_id, elapsed_ms, wall_now))
			return false;
		/* Whole seconds moved on: the rest of one is not lost each time. */
		link->anchor_elapsed_ms += (elapsed_ms -
					       link->anchor_elapsed_ms) /
		    MS * MS;
	}
	link->server_time = server_now;
	link->anchor_boot = boot_id;
	link->anchor_wall = wall_now;
	return true;
}

static enum fault
read_feature(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct link_feature_row *row = item;

	row->feature = statement_text(arena, statement, 0);
	row->reserved = statement_int(statement, 1);
	row->increment = statement_int(statement, 2);
	row->maximum = statement_int(statement, 3);
	row->auto_lease = statement_int(statement, 4);
	row->denied_code = statement_text(arena, statement, 5);
	row->denied_text = statement_text(arena, statement, 6);
	row->leased = statement_int(statement, 7);
	row->expires = statement_int(statement, 8);
	row->reserved_expires = statement_int(statement, 9);
	if (row->expires == 0)
		row->expires = row->reserved_expires;
	return FAULT_NONE;
}

enum fault
store_link_features(struct link_feature_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t server_now)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_feature, sql[SQL_FEATURES], "i", server_now);
	*out = rows;
	return fault;
}

static enum fault
read_part(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct link_part_row *row = item;

	row->feature = statement_text(arena, statement, 0);
	row->kind = (int)statement_int(statement, 1);
	row->units = statement_int(statement, 2);
	row->granted = statement_int(statement, 3);
	row->expires = statement_int(statement, 4);
	row->is_told = statement_int(statement, 5);
	return FAULT_NONE;
}

enum fault
store_link_parts(struct link_part_row **out, size_t *count, struct arena *arena,
    struct store *store)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_part, sql[SQL_PARTS], "");
	*out = rows;
	return fault;
}

/* ---- what an admission needs ---- */

static enum fault
find_platform(const struct platform **out, struct arena *arena,
    struct store *store, const struct catalogue *catalogue)
{
	sqlite3_stmt *row;
	const char *name;
	enum fault fault;

	*out = NULL;
	fault = statement_row(&row, store, sql[SQL_PLATFORM], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	name = statement_text(arena, row, 0);
	statement_done(row);
	if (!name)
		return FAULT_MEMORY;
	*out = catalogue_platform(catalogue, name);
	return FAULT_NONE;
}

/* A server has told the time, and it is no longer known. */
static enum fault
is_clock_lost(bool *out, struct store *store, int64_t server_now)
{
	sqlite3_stmt *row;
	enum fault fault;

	*out = false;
	if (server_now != INSTANT_NEVER)
		return FAULT_NONE;
	if ((fault = statement_row(&row, store, sql[SQL_MARK], "")))
		return fault;
	*out = statement_int(row, 0) > 0;
	statement_done(row);
	return FAULT_NONE;
}

static enum fault
subscription_units(int64_t *out, struct arena *arena, struct store *store,
    const char *feature, int64_t now)
{
	struct license *licenses;
	enum fault fault;
	int64_t grace;
	size_t count;

	*out = 0;
	if ((fault = store_setting_load(&grace, store, SETTING_GRACE)) ||
	    (fault = store_license_snapshot(
		 &licenses, &count, arena, store, feature)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if (licenses[i].is_subscription)
			*out = instant_units_add(
			    *out, license_units_at(&licenses[i], grace, now));
	return FAULT_NONE;
}

/* What the server gave, what was taken without it, and what counts of that now. */
struct borrowed {
	struct link_row link;
	struct link_feature_row *features;
	size_t feature_count;
	struct link_auto_lease_row *taken;
	size_t taken_count;
	int64_t server_now;
};

static enum fault
load_borrowed(struct borrowed *out, struct arena *arena, struct store *store,
    int64_t server_now)
{
	enum fault fault = store_link_load(&out->link, arena, store);

	out->server_now = server_now;
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if ((fault = store_link_features(&out->features, &out->feature_count,
		 arena, store, server_now)))
		return fault;
	return store_link_auto_lease_list(
	    &out->taken, &out->taken_count, arena, store);
}

/* Only for as long as this disconnection gives the right to it. */
static int64_t
auto_leased(const struct borrowed *borrowed, const struct link_feature_row *row)
{
	struct auto_lease_contact contact = store_link_auto_lease_contact(
	    &borrowed->link, row);

	if (borrowed->server_now >= auto_lease_ends(&contact))
		return 0;
	return store_link_auto_lease_units(
	    borrowed->taken, borrowed->taken_count, row->feature);
}

static void
fill_borrowed(struct demand_feature *out, const struct borrowed *borrowed)
{
	for (size_t i = 0; i < borrowed->feature_count; i++) {
		const struct link_feature_row *row = &borrowed->features[i];

		if (strcmp(row->feature, out->feature->name) != 0)
			continue;
		out->leased = row->leased;
		out->auto_leased = auto_leased(borrowed, row);
		out->is_denied = *row->denied_code != '\0';
		out->increment = row->increment;
		out->reachable = allocation_reachable(&(struct allocation){
		    row->reserved, row->increment, row->maximum });
		return;
	}
}

/* In place of nodes that vanished from the cluster. */
static enum fault
fill_surplus(struct demand_feature *out, struct arena *arena,
    struct store *store, int64_t server_now)
{
	struct cluster_surplus surplus;
	enum fault fault = store_cluster_node_surplus(
	    &surplus, arena, store, out->feature->name, out->own, server_now);

	out->surplus = surplus.units;
	return fault;
}

enum fault
store_link_demand(struct demand_feature **out, size_t *count,
    struct arena *arena, struct store *store, const struct catalogue *catalogue,
    int product, int64_t now, int64_t server_now)
{
	struct borrowed borrowed = { .features = NULL };
	const struct platform *platform;
	enum fault fault;
	bool is_lost;

	assert(out && count && arena && store && catalogue);
	*count = 0;
	*out = arena_array(arena, catalogue->feature_count, sizeof(**out));
	if (!*out)
		return FAULT_MEMORY;
	if ((fault = find_platform(&platform, arena, store, catalogue)) ||
	    (fault = is_clock_lost(&is_lost, store, server_now)) ||
	    (fault = load_borrowed(&borrowed, arena, store, server_now)))
		return fault;
	for (size_t i = 0; i < catalogue->feature_count; i++) {
		const struct feature *feature = &catalogue->features[i];
		struct demand_feature *demand = &(*out)[*count];

		if (feature->kind == FEATURE_SWITCH ||
		    !catalogue_is_usable(feature, product, platform))
			continue;
		demand->feature = feature;
		fault = is_lost ? subscription_units(&demand->own, arena, store,
				      feature->name, now)
				: store_license_total(
				      &demand->own, store, feature->name, now);
		if (fault)
			return fault;
		fill_borrowed(demand, &borrowed);
		if ((fault = fill_surplus(demand, arena, store, server_now)))
			return fault;
		++*count;
	}
	return FAULT_NONE;
}
