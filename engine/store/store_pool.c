/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_pool.c: the pool of a feature as sums over its clients. The one place
 * where what clients hold is added up. Lends nothing.
 */
#include "engine/store/store_pool.h"

#include "engine/rules/lease.h"
#include "engine/store/statement.h"
#include "engine/store/store_license.h"
#include "engine/store/store_setting.h"
#include "engine/store/store_surrendered.h"
#include <assert.h>

#define POOL_HORIZON LEASE_RESERVED_SECONDS

/* Instants at which one license may change the total: start, end, end of grace, a parent's end. */
#define CHANGES_PER_LICENSE 4

#define LIVE_UNITS "sum((p.last IS NULL) * p.size * p.count)"

/*
 * The most units of any document that a client may still hold, as
 * store_lease_documented() says it: a running sum over its documents, which
 * grows with the first one that holds a row and falls after the last. A client
 * without a closed row can only hold the newest; few have one. As everywhere
 * here ?1 is the feature, ?2 the instant at which units must still run, ?3
 * now, ?4 the client that asks.
 */
#define PAPERS                                                                 \
	"closed (client) AS MATERIALIZED"                                      \
	" (SELECT DISTINCT client FROM lease_part"                             \
	"  WHERE feature = ?1 AND last IS NOT NULL AND expires > ?2),"         \
	"running (client, first, last, units, firm) AS"                        \
	" (SELECT p.client, p.first, p.last, p.size * p.count,"                \
	"  (p.lapsing = 0) * p.size * p.count"                                 \
	"  FROM closed c JOIN lease_part p"                                    \
	"   ON p.feature = ?1 AND p.client = c.client"                         \
	"  WHERE p.expires > ?2),"                                             \
	"step (client, number, units, firm) AS"                                \
	" (SELECT client, first, units, firm FROM running"                     \
	" UNION ALL SELECT client, last + 1, -units, -firm FROM running"       \
	"  WHERE last IS NOT NULL),"                                           \
	"document (client, units, firm) AS"                                    \
	" (SELECT client, sum(units) OVER numbered, sum(firm) OVER numbered"   \
	"  FROM step WINDOW numbered AS (PARTITION BY client"                  \
	"   ORDER BY number RANGE UNBOUNDED PRECEDING)),"                      \
	"paper (client, most, firm) AS"                                        \
	" (SELECT client, max(units), max(firm) FROM document"                 \
	"  GROUP BY client),"

/*
 * What the devices that a client had before may still use: all that they hold
 * is closed. Its reservation covers them, as pool_reserved_beside() says it.
 */
#define FORMER                                                                 \
	"former (client, most, firm) AS"                                       \
	" (SELECT c.successor, sum(p.most), sum(p.firm)"                       \
	"  FROM paper p JOIN client c ON c.id = p.client"                      \
	"  WHERE c.successor > 0 GROUP BY c.successor),"
#define RESERVED_BESIDE(units) "max(0, e.reserved - ifnull(" units ", 0))"

/*
 * One row per client with a count or a running part. "held" is pool_held() in
 * SQL; "firm" is "documented" without the parts that were not extended, and
 * "kept" is "held" without them;
 * "drawn" are the units of "leased" that come from subscriptions.
 */
#define FIGURES                                                                \
	"WITH " PAPERS FORMER "lease (client, leased, firm, drawn, ends) AS"          \
	" (SELECT p.client, " LIVE_UNITS ","                                   \
	"  sum((p.last IS NULL AND p.lapsing = 0) * p.size * p.count),"        \
	"  sum((p.last IS NULL) * p.subscription), max(p.expires)"             \
	"  FROM lease_part p WHERE p.feature = ?1 AND p.expires > ?2"          \
	"  GROUP BY p.client),"                                                \
	"each (client, is_allocated, reserved, maximum, leased, firm,"         \
	"  drawn, ends) AS"                                                    \
	" (SELECT a.client, 1, a.reserved, a.maximum, ifnull(l.leased, 0),"    \
	"  ifnull(l.firm, 0), ifnull(l.drawn, 0), ifnull(l.ends, 0)"           \
	"  FROM allocation a LEFT JOIN lease l ON l.client = a.client"         \
	"  WHERE a.feature = ?1"                                               \
	" UNION ALL SELECT l.client, 0, 0, 0, l.leased, l.firm, l.drawn,"      \
	"  l.ends"                                                             \
	"  FROM lease l WHERE NOT EXISTS"                                      \
	"  (SELECT 1 FROM allocation a"                                        \
	"   WHERE a.client = l.client AND a.feature = ?1)),"                   \
	"figure (client, name, is_allocated, is_live, reserved, maximum,"      \
	"  leased, firm, drawn, ends, documented, held, kept) AS"              \
	" (SELECT e.client, c.name, e.is_allocated, c.expires > ?3,"           \
	"  e.reserved, e.maximum, e.leased,"                                   \
	"  max(e.firm, ifnull(p.firm, 0)), e.drawn, e.ends,"                   \
	"  max(e.leased, ifnull(p.most, 0)),"                                  \
	"  max(e.leased, ifnull(p.most, 0),"                                   \
	"   (c.expires > ?3) * " RESERVED_BESIDE("f.most") "),"                \
	"  max(e.firm, ifnull(p.firm, 0),"                                     \
	"   (c.expires > ?3) * " RESERVED_BESIDE("f.firm") ")"                 \
	"  FROM each e JOIN client c ON c.id = e.client"                       \
	"  LEFT JOIN paper p ON p.client = e.client"                           \
	"  LEFT JOIN former f ON f.client = e.client) "

enum {
	SQL_SUMS,
	SQL_HOLDERS,
	SQL_IS_USED,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_SUMS] = FIGURES
	"SELECT sum(is_allocated), sum(is_live * reserved),"
	" sum(is_live * leased), sum(held),"
	" sum(is_live * max(0, maximum - leased)),"
	" sum((client = ?4) * held), sum((client <> ?4) * firm),"
	" sum((client <> ?4) * documented),"
	" sum((client <> ?4) * kept),"
	" sum(is_live * drawn), sum((client <> ?4) * drawn),"
	" sum((client <> ?4) * (leased - drawn)),"
	" (SELECT most FROM former WHERE client = ?4)"
	"  FROM figure",
	[SQL_HOLDERS] = FIGURES "SELECT name, held, ends FROM figure"
				"  WHERE client <> ?4 AND held > 0"
				"  ORDER BY held DESC, name, client LIMIT ?5",
	[SQL_IS_USED] =
	    "SELECT EXISTS (SELECT 1 FROM license WHERE feature = ?1)"
	    " OR EXISTS (SELECT 1 FROM surrendered"
	    "  WHERE feature = ?1 AND state < 3)"
	    " OR EXISTS (SELECT 1 FROM allocation WHERE feature = ?1)"
	    " OR EXISTS (SELECT 1 FROM lease_part"
	    "  WHERE feature = ?1 AND expires > ?2)",
};

/* What the clients of one feature come to. */
struct sums {
	int64_t clients, reserved, leased, held, unallocated;
	int64_t held_own, firm_others, documented_others, kept_others;
	int64_t drawn, drawn_others, permanent_others;
	int64_t former_own;
};

static enum fault
load_sums(struct sums *out, struct store *store, const char *feature,
    int64_t client, int64_t running_at, int64_t now)
{
	sqlite3_stmt *row;
	enum fault fault;

	*out = (struct sums){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_SUMS], "tiii", feature,
		 running_at, now, client)))
		return fault;
	out->clients = statement_int(row, 0);
	out->reserved = statement_int(row, 1);
	out->leased = statement_int(row, 2);
	out->held = statement_int(row, 3);
	out->unallocated = statement_int(row, 4);
	out->held_own = statement_int(row, 5);
	out->firm_others = statement_int(row, 6);
	out->documented_others = statement_int(row, 7);
	out->kept_others = statement_int(row, 8);
	out->drawn = statement_int(row, 9);
	out->drawn_others = statement_int(row, 10);
	out->permanent_others = statement_int(row, 11);
	out->former_own = statement_int(row, 12);
	statement_done(row);
	return FAULT_NONE;
}

/* ---- what there is ---- */

/* The licenses of one feature, and what they will be worth. */
struct worth {
	struct license *licenses;
	size_t count;
	int64_t grace;
	int64_t surrendered; /* units of clients' own licenses, all permanent */
	int64_t recalling;   /* of those */
};

static enum fault
load_worth(struct worth *out, struct arena *arena, struct store *store,
    const char *feature)
{
	enum fault fault;

	*out = (struct worth){ 0 };
	if ((fault = store_setting_load(&out->grace, store, SETTING_GRACE)) ||
	    (fault = store_license_snapshot(
		 &out->licenses, &out->count, arena, store, feature)))
		return fault;
	return store_surrendered_units(
	    &out->surrendered, &out->recalling, store, feature);
}

static int64_t
total_at(const struct worth *worth, int64_t at)
{
	return instant_units_add(worth->surrendered,
	    license_total_at(worth->licenses, worth->count, worth->grace, at));
}

static int64_t
subscription_at(const struct worth *worth, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < worth->count; i++)
		if (worth->licenses[i].is_subscription)
			units = instant_units_add(units,
			    license_units_at(
				&worth->licenses[i], worth->grace, at));
	return units;
}

/* ---- the list ---- */

static enum fault
fill_row(struct pool_row *out, struct arena *arena, struct store *store,
    const char *feature, int64_t now)
{
	struct worth worth;
	struct sums sums;
	enum fault fault;

	if ((fault = load_worth(&worth, arena, store, feature)) ||
	    (fault = load_sums(&sums, store, feature, 0, now, now)))
		return fault;
	*out = (struct pool_row){
		.feature = feature,
		.installed = total_at(&worth, now),
		.reserved = sums.reserved,
		.leased = sums.leased,
		.held = sums.held,
		.unallocated = sums.unallocated,
		.clients = sums.clients,
		.surrendered = worth.surrendered,
		.recalling = worth.recalling,
		.subscription = subscription_at(&worth, now),
		.subscription_drawn = sums.drawn,
		.permanent_drawn = sums.leased - sums.drawn,
	};
	out->available = pool_available(
	    &(struct pool){ .total = out->installed, .held = out->held });
	return FAULT_NONE;
}

enum fault
store_pool_feature(
    struct pool_row *out, struct store *store, const char *feature, int64_t now)
{
	struct arena arena;
	enum fault fault;

	assert(out && store && feature);
	*out = (struct pool_row){ .feature = feature };
	arena_init(&arena, 0);
	fault = fill_row(out, &arena, store, feature, now);
	arena_clear(&arena);
	return fault;
}

enum fault
store_pool_list(struct pool_row **out, size_t *count, struct arena *arena,
    struct store *store, const struct catalogue *catalogue, int64_t now)
{
	enum fault fault;
	int64_t is_used;

	assert(out && count && arena && store && catalogue);
	*count = 0;
	*out = arena_array(arena, catalogue->feature_count, sizeof(**out));
	if (!*out)
		return FAULT_MEMORY;
	for (size_t i = 0; i < catalogue->feature_count; i++) {
		const struct feature *feature = &catalogue->features[i];

		if (feature->kind == FEATURE_SWITCH)
			continue;
		if ((fault = statement_number(&is_used, 0, store,
			 sql[SQL_IS_USED], "ti", feature->name, now)))
			return fault;
		if (!is_used)
			continue;
		if ((fault = store_pool_feature(
			 &(*out)[*count], store, feature->name, now)))
			return fault;
		++*count;
	}
	return FAULT_NONE;
}

/* ---- the snapshot of a decision ---- */

/* Instants within the horizon at which the total becomes less than it was just before. */
static size_t
find_falls(struct pool_fall *falls, size_t most, const struct worth *worth,
    int64_t now)
{
	int64_t horizon = instant_add(now, POOL_HORIZON);
	int64_t total = total_at(worth, now), next;
	int64_t at = now;
	size_t count = 0;

	while (count < most) {
		at = license_next_change(
		    worth->licenses, worth->count, worth->grace, at);
		if (at == INSTANT_NEVER || at > horizon)
			break;
		next = total_at(worth, at);
		if (next < total)
			falls[count++] = (struct pool_fall){ .at = at,
				.total = next };
		total = next;
	}
	return count;
}

static enum fault
load_falls(struct pool *pool, struct arena *arena, struct store *store,
    const struct worth *worth, const char *feature, int64_t client, int64_t now)
{
	size_t most = worth->count * CHANGES_PER_LICENSE;
	struct pool_fall *falls = arena_array(arena, most, sizeof(*falls));
	struct sums sums;
	enum fault fault;

	if (!falls)
		return FAULT_MEMORY;
	pool->falls = falls;
	pool->fall_count = find_falls(falls, most, worth, now);
	for (size_t i = 0; i < pool->fall_count; i++) {
		if ((fault = load_sums(
			 &sums, store, feature, client, falls[i].at, now)))
			return fault;
		falls[i].outlasting_others = sums.documented_others;
	}
	return FAULT_NONE;
}

enum fault
store_pool_load(struct pool *out, struct arena *arena, struct store *store,
    const char *feature, int64_t client, int64_t now)
{
	struct worth worth;
	struct sums sums;
	enum fault fault;

	assert(out && arena && store && feature);
	*out = (struct pool){ 0 };
	if ((fault = load_worth(&worth, arena, store, feature)))
		return fault;
	if ((fault = load_sums(&sums, store, feature, client, now, now)))
		return fault;
	out->total = total_at(&worth, now);
	out->held = sums.held;
	out->held_own = sums.held_own;
	out->leased_others = sums.firm_others;
	out->documented_others = sums.documented_others;
	out->kept_others = sums.kept_others;
	out->former_own = sums.former_own;
	out->recalling = worth.recalling;
	out->subscription = subscription_at(&worth, now);
	out->subscription_others = sums.drawn_others;
	out->permanent_others = sums.permanent_others;
	return load_falls(out, arena, store, &worth, feature, client, now);
}

/* ---- who holds most ---- */

static enum fault
read_holder(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct pool_holder *holder = item;

	holder->client = statement_text(arena, statement, 0);
	holder->units = statement_int(statement, 1);
	holder->expires = statement_int(statement, 2);
	return FAULT_NONE;
}

enum fault
store_pool_holders(struct pool_holder **out, size_t *count, struct arena *arena,
    struct store *store, const char *feature, int64_t client, size_t most,
    int64_t now)
{
	void *holders;
	enum fault fault;

	assert(out && count && arena && store && feature);
	fault = statement_all(&holders, count, arena, store, sizeof(**out),
	    read_holder, sql[SQL_HOLDERS], "tiiii", feature, now, now, client,
	    (int64_t)most);
	*out = holders;
	return fault;
}
