/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client_list.c: see store_client_list.h. Writes nothing.
 */
#include "engine/store/store_client_list.h"

#include "engine/store/statement.h"
#include "engine/store/store_client_row.h"
#include <assert.h>
#include <string.h>

/*
 * ?1 find, ?2 limit, ?3 offset, ?4 now, ?5 interval, ?6 platform, ?7 product,
 * ?8 cluster, ?9 feature, ?10 state, -1 = any.
 */
#define RUNS                                                                   \
	"SELECT 1 FROM lease_part p WHERE p.client = c.id"                     \
	" AND p.last IS NULL AND p.expires > ?4"
#define IS_OVERDUE "?4 - k.last_contact > 2 * ?5"
/* The numbers are those of enum client_state. */
#define STATE                                                                  \
	"CASE WHEN c.expires <= ?4 THEN 6"                                     \
	" WHEN ifnull(k.last_contact, 0) = 0 THEN 5"                           \
	" WHEN k.noncompliant_at > 0 AND k.member = '' AND EXISTS (" RUNS      \
	"  AND p.size * p.count > p.subscription) THEN 4"                      \
	" WHEN " IS_OVERDUE " AND NOT EXISTS (" RUNS ") THEN 3"                \
	" WHEN " IS_OVERDUE " THEN 2"                                          \
	" WHEN EXISTS (SELECT 1 FROM denial d WHERE d.client = c.id"           \
	"  AND d.code <> '' AND EXISTS (SELECT 1 FROM allocation a"            \
	"   WHERE a.client = c.id AND a.feature = d.feature))"                 \
	"  THEN 1 ELSE 0 END"
#define FROM " FROM client c LEFT JOIN client_contact k ON k.client = c.id "
#define MATCHING                                                               \
	"WHERE c.deleted_at = 0 AND instr(c.folded, lower(?1)) > 0"            \
	" AND (?6 = '' OR c.platform = ?6) AND (?7 = 0 OR c.product = ?7)"     \
	" AND (?8 = '' OR c.cluster = ?8)"                                     \
	" AND (?9 = '' OR EXISTS (SELECT 1 FROM allocation a"                  \
	"  WHERE a.client = c.id AND a.feature = ?9 AND a.maximum > 0))"       \
	" AND (?10 < 0 OR ?10 = " STATE ") "
#define ONE_PAGE " LIMIT ?2 OFFSET ?3"
#define ROWS     "SELECT " STORE_CLIENT_COLUMNS ", " STATE " AS state" FROM MATCHING

static const char sql_matching[] = "SELECT count(*)" FROM MATCHING;
static const char sql_releasing[] = STORE_CLIENT_ROW
    "WHERE c.deleted_at > 0 AND EXISTS (SELECT 1"
    " FROM lease_part p"
    "  WHERE p.client = c.id AND p.expires > ?1)"
    " ORDER BY c.folded";
static const char sql_sums[] =
    "WITH chosen AS (SELECT c.id AS id, c.expires AS expires" FROM MATCHING
    ") SELECT feature, sum(reserved), sum(leased), sum(maximum) FROM"
    " (SELECT a.feature AS feature, a.reserved AS reserved, 0 AS leased,"
    "  a.maximum AS maximum FROM chosen JOIN allocation a"
    "  ON a.client = chosen.id"
    " UNION ALL SELECT p.feature, 0, p.size * p.count, 0 FROM chosen"
    "  JOIN lease_part p ON p.client = chosen.id"
    "  WHERE chosen.expires > ?4 AND p.last IS NULL AND p.expires > ?4)"
    " WHERE ?9 = '' OR feature = ?9 GROUP BY feature ORDER BY feature";
static const char sql_platforms[] =
    "SELECT DISTINCT platform FROM client WHERE deleted_at = 0"
    " ORDER BY platform LIMIT ?1";
static const char sql_clusters[] =
    "SELECT DISTINCT cluster FROM client WHERE deleted_at = 0"
    " AND cluster <> '' ORDER BY cluster LIMIT ?1";

static const struct order {
	const char *sort;
	const char *sql[2]; /* ascending, descending */
} orders[] = {
	{ "name",
	    { ROWS "ORDER BY c.folded" ONE_PAGE,
		ROWS "ORDER BY c.folded DESC" ONE_PAGE } },
	{ "platform",
	    { ROWS "ORDER BY c.platform, c.folded" ONE_PAGE,
		ROWS "ORDER BY c.platform DESC, c.folded DESC" ONE_PAGE } },
	{ "contact",
	    { ROWS "ORDER BY ifnull(k.last_contact, 0), c.folded" ONE_PAGE,
		ROWS "ORDER BY ifnull(k.last_contact, 0) DESC,"
		     " c.folded DESC" ONE_PAGE } },
	{ "expires",
	    { ROWS "ORDER BY c.expires, c.folded" ONE_PAGE,
		ROWS "ORDER BY c.expires DESC, c.folded DESC" ONE_PAGE } },
	{ "state",
	    { ROWS "ORDER BY state, c.folded" ONE_PAGE,
		ROWS "ORDER BY state DESC, c.folded DESC" ONE_PAGE } },
};

static const char *const words[CLIENT_STATES] = {
	[CLIENT_STATE_OK] = "ok",
	[CLIENT_STATE_DENIED] = "denied",
	[CLIENT_STATE_OVERDUE] = "overdue",
	[CLIENT_STATE_ENDED] = "ended",
	[CLIENT_STATE_NONCOMPLIANT] = "noncompliant",
	[CLIENT_STATE_NEVER] = "never",
	[CLIENT_STATE_EXPIRED] = "expired",
};

const char *
store_client_list_word(enum client_state state)
{
	return words[state];
}

bool
store_client_list_parse(enum client_state *out, const char *word)
{
	assert(out && word);
	for (int state = 0; state < CLIENT_STATES; state++)
		if (strcmp(word, words[state]) == 0) {
			*out = (enum client_state)state;
			return true;
		}
	return false;
}

/* ---- a page of them ---- */

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct client_list_row *row = item;

	row->state = (enum client_state)statement_int(
	    statement, STORE_CLIENT_COLUMN_COUNT);
	return store_client_read(&row->client, arena, statement);
}

/* An order that is not known is the first. */
static const char *
order_of(const struct client_filter *filter)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (filter->sort && strcmp(filter->sort, orders[i].sort) == 0)
			return orders[i].sql[filter->descending];
	return orders[0].sql[filter->descending];
}

static const char *
or_any(const char *text)
{
	return text ? text : "";
}

#define FILTER_TYPES "tiiiititti"
#define FILTER_VALUES(filter)                                                  \
	or_any((filter)->find), (filter)->limit > 0 ? (filter)->limit : -1,    \
	    (filter)->offset, (filter)->now, (filter)->interval,               \
	    or_any((filter)->platform), (int64_t)(filter)->product,            \
	    or_any((filter)->cluster), or_any((filter)->feature),              \
	    (filter)->has_state ? (int64_t)(filter)->state : -1

enum fault
store_client_list(struct client_list_row **out, size_t *count,
    int64_t *matching, struct arena *arena, struct store *store,
    const struct client_filter *filter)
{
	void *rows;
	enum fault fault;

	assert(out && count && matching && arena && store && filter);
	*out = NULL;
	*count = 0;
	if ((fault = statement_number(matching, 0, store, sql_matching,
		 FILTER_TYPES, FILTER_VALUES(filter))))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, order_of(filter), FILTER_TYPES, FILTER_VALUES(filter));
	*out = rows;
	return fault;
}

enum fault
store_client_list_releasing(struct client_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t now)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    store_client_read, sql_releasing, "i", now);
	*out = rows;
	return fault;
}

/* ---- all of them ---- */

static enum fault
read_sum(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct client_list_sum *sum = item;

	sum->feature = statement_text(arena, statement, 0);
	sum->reserved = statement_int(statement, 1);
	sum->leased = statement_int(statement, 2);
	sum->maximum = statement_int(statement, 3);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_client_list_sums(struct client_list_sum **out, size_t *count,
    struct arena *arena, struct store *store,
    const struct client_filter *filter)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && filter);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_sum, sql_sums, FILTER_TYPES, FILTER_VALUES(filter));
	*out = rows;
	return fault;
}

static enum fault
read_name(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	*(const char **)item = statement_text(arena, statement, 0);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

static enum fault
list_names(const char ***out, size_t *count, struct arena *arena,
    struct store *store, const char *sql, int64_t most)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && most > 0);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_name, sql, "i", most);
	*out = rows;
	return fault;
}

enum fault
store_client_list_platforms(const char ***out, size_t *count,
    struct arena *arena, struct store *store, int64_t most)
{
	return list_names(out, count, arena, store, sql_platforms, most);
}

enum fault
store_client_list_clusters(const char ***out, size_t *count,
    struct arena *arena, struct store *store, int64_t most)
{
	return list_names(out, count, arena, store, sql_clusters, most);
}
