/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_sample.c: the history of use as rows, written and read. What is worst
 * is decided in ledger_watch_sample.c.
 */
#include "engine/store/store_sample.h"

#include "engine/rules/instant.h"
#include "engine/store/statement.h"
#include <assert.h>

#define KEEP_FIVE_MINUTES (2 * SECONDS_PER_DAY)
#define KEEP_HOURS        (400 * SECONDS_PER_DAY)

#define SERIES  "span = ?1 AND feature = ?2 AND client = ?3"
#define FIGURES "at, total, available, leased, users, denials"
#define VALUES  "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
/* The sample that holds at ?4, so that a series never begins with a gap. */
#define HOLDS_AT                                                               \
	"ifnull((SELECT max(n.at) FROM sample n WHERE n.span = ?1"             \
	" AND n.feature = ?2 AND n.client = ?3 AND n.at <= ?4), ?4)"

enum {
	SQL_LIST,
	SQL_USERS,
	SQL_PRESENT,
	SQL_NEWEST,
	SQL_NEWEST_OF,
	SQL_SAVE,
	SQL_SAVE_NEWEST,
	SQL_PRUNE,
	SQL_DELETE,
	SQL_DELETE_NEWEST,
	SQL_FORGET,
	SQL_FORGET_NEWEST,
	SQL_FIND_NEWEST,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT " FIGURES " FROM sample WHERE " SERIES
		     "  AND at >= " HOLDS_AT " AND at < ?5 ORDER BY at",
	[SQL_USERS] = "INSERT INTO client_users (feature, client, users)"
		      " VALUES (?1, ?2, ?3)"
		      " ON CONFLICT (feature, client) DO UPDATE"
		      "  SET users = excluded.users"
		      "  WHERE users <> excluded.users",
	[SQL_PRESENT] =
	    "SELECT client, max(maximum), max(leased), max(users) FROM"
	    " (SELECT client, maximum, 0 AS leased, 0 AS users"
	    "   FROM allocation WHERE feature = ?1"
	    "  UNION ALL SELECT client, 0, sum(size * count), 0"
	    "   FROM lease_part WHERE feature = ?1 AND last IS NULL"
	    "    AND expires > ?2 GROUP BY client"
	    "  UNION ALL SELECT client, 0, 0, users"
	    "   FROM client_users WHERE feature = ?1)"
	    " GROUP BY client ORDER BY client",
	[SQL_NEWEST] = "SELECT client, " FIGURES " FROM sample_newest"
		       "  WHERE span = ?1 AND feature = ?2 ORDER BY client",
	[SQL_NEWEST_OF] = "SELECT client, " FIGURES
			  " FROM sample_newest WHERE " SERIES,
	[SQL_SAVE] =
	    "INSERT OR REPLACE INTO sample (span, feature, client, " FIGURES
	    ") VALUES " VALUES,
	[SQL_SAVE_NEWEST] = "INSERT OR REPLACE INTO sample_newest (span,"
			    " feature, client, " FIGURES ") VALUES " VALUES,
	[SQL_PRUNE] = "DELETE FROM sample WHERE " SERIES "  AND at < " HOLDS_AT,
	[SQL_DELETE] = "DELETE FROM sample WHERE " SERIES,
	[SQL_DELETE_NEWEST] = "DELETE FROM sample_newest WHERE " SERIES,
	[SQL_FORGET] = "DELETE FROM sample WHERE at > ?1",
	[SQL_FORGET_NEWEST] = "DELETE FROM sample_newest WHERE at > ?1",
	[SQL_FIND_NEWEST] =
	    "INSERT OR IGNORE INTO sample_newest (span, feature, client,"
	    " at, total, available, leased, users, denials)"
	    " SELECT span, feature, client, max(at), total, available, leased,"
	    "  users, denials FROM sample GROUP BY span, feature, client",
};

int64_t
store_sample_keep_seconds(enum sample_span span)
{
	return span == SAMPLE_HOUR ? KEEP_HOURS : KEEP_FIVE_MINUTES;
}

/* "column" is that of "at". */
static void
read_figures(struct sample *out, sqlite3_stmt *statement, int column)
{
	out->at = statement_int(statement, column);
	out->total = statement_int(statement, column + 1);
	out->available = statement_int(statement, column + 2);
	out->leased = statement_int(statement, column + 3);
	out->users = statement_int(statement, column + 4);
	out->denials = statement_int(statement, column + 5);
}

static enum fault
read_sample(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	(void)arena;
	read_figures(item, statement, 0);
	return FAULT_NONE;
}

/* ---- series ---- */

/* The rows, from the one that holds at "from" on. */
static enum fault
load_rows(struct sample **out, size_t *count, struct arena *arena,
    struct store *store, enum sample_span span, const char *feature,
    int64_t client, int64_t from, int64_t to)
{
	void *rows;
	enum fault fault;

	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_sample, sql[SQL_LIST], "itiii", (int64_t)span, feature, client,
	    from, to);
	*out = rows;
	return fault;
}

static int64_t
begin_of(int64_t at, int64_t span)
{
	int64_t rest = at % span;

	return at - (rest < 0 ? rest + span : rest);
}

enum fault
store_sample_list(struct sample **out, size_t *count, struct arena *arena,
    struct store *store, enum sample_span span, const char *feature,
    int64_t client, int64_t from, int64_t to)
{
	struct sample *rows;
	size_t row_count, row = 0;
	enum fault fault;

	assert(out && count && arena && store && feature);
	*out = NULL;
	*count = 0;
	from = begin_of(from, span);
	if ((fault = load_rows(&rows, &row_count, arena, store, span, feature,
		 client, from, to)) ||
	    row_count == 0)
		return fault;
	if (rows[0].at > from)
		from = rows[0].at;
	*out = arena_array(
	    arena, (size_t)((to - from + span - 1) / span), sizeof(**out));
	if (!*out)
		return FAULT_MEMORY;
	for (int64_t at = from; at < to; at += span) {
		while (row + 1 < row_count && rows[row + 1].at <= at)
			row++;
		(*out)[*count] = rows[row];
		/* Denials stand in a row of their own. */
		if (rows[row].at != at)
			(*out)[*count].denials = 0;
		(*out)[(*count)++].at = at;
	}
	return FAULT_NONE;
}

/* The most of the days that a row holds on, from its own to the next row's. */
static void
raise_peaks(struct forecast_point *points, size_t count, int64_t first_day,
    const struct sample *row, int64_t until)
{
	int64_t day = begin_of(row->at, SECONDS_PER_DAY);
	int64_t used = row->total > row->available ? row->total - row->available
						   : 0;

	if (day < first_day)
		day = first_day;
	for (; day < until; day += SECONDS_PER_DAY) {
		size_t index = (size_t)((day - first_day) / SECONDS_PER_DAY);

		if (index >= count)
			break;
		points[index].at = day;
		if (points[index].used < used)
			points[index].used = used;
	}
}

enum fault
store_sample_peaks(struct forecast_point **out, size_t *count,
    struct arena *arena, struct store *store, const char *feature, int64_t now)
{
	int64_t today = begin_of(now, SECONDS_PER_DAY);
	int64_t first = today - FORECAST_HORIZON_SECONDS;
	struct sample *rows;
	size_t row_count;
	enum fault fault;

	assert(out && count && arena && store && feature);
	*out = NULL;
	*count = 0;
	if ((fault = load_rows(&rows, &row_count, arena, store, SAMPLE_HOUR,
		 feature, SAMPLE_ALL, first, today)) ||
	    row_count == 0)
		return fault;
	if (rows[0].at > first)
		first = begin_of(rows[0].at, SECONDS_PER_DAY);
	*count = (size_t)((today - first) / SECONDS_PER_DAY);
	if (!(*out = arena_array(arena, *count, sizeof(**out))))
		return FAULT_MEMORY;
	for (size_t i = 0; i < row_count; i++)
		raise_peaks(*out, *count, first, &rows[i],
		    i + 1 < row_count ? rows[i + 1].at : today);
	return FAULT_NONE;
}

enum fault
store_sample_forecast(struct forecast *out, struct arena *arena,
    struct store *store, const char *feature, int64_t total, int64_t now)
{
	struct forecast_point *points;
	size_t count;
	enum fault fault;

	assert(out);
	*out = (struct forecast){ .exhausted_at = INSTANT_NEVER };
	if ((fault = store_sample_peaks(
		 &points, &count, arena, store, feature, now)))
		return fault;
	forecast_line(out, points, count, total, now);
	return FAULT_NONE;
}

/* ---- for the ledger ---- */

enum fault
store_sample_users(
    struct store *store, int64_t client, const char *feature, int64_t users)
{
	assert(store && feature);
	return statement_run(
	    store, sql[SQL_USERS], "tii", feature, client, users);
}

static enum fault
read_present(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct sample_present *present = item;

	(void)arena;
	present->client = statement_int(statement, 0);
	present->maximum = statement_int(statement, 1);
	present->leased = statement_int(statement, 2);
	present->users = statement_int(statement, 3);
	return FAULT_NONE;
}

enum fault
store_sample_present(struct sample_present **out, size_t *count,
    struct arena *arena, struct store *store, const char *feature, int64_t now)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && feature);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_present, sql[SQL_PRESENT], "ti", feature, now);
	*out = rows;
	return fault;
}

static enum fault
read_newest(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct sample_newest *newest = item;

	(void)arena;
	newest->client = statement_int(statement, 0);
	read_figures(&newest->sample, statement, 1);
	return FAULT_NONE;
}

enum fault
store_sample_newest(struct sample_newest **out, size_t *count,
    struct arena *arena, struct store *store, enum sample_span span,
    const char *feature)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store && feature);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_newest, sql[SQL_NEWEST], "it", (int64_t)span, feature);
	*out = rows;
	return fault;
}

static enum fault
write_row(const char *text, struct store *store, enum sample_span span,
    const char *feature, int64_t client, const struct sample *sample)
{
	return statement_run(store, text, "itiiiiiii", (int64_t)span, feature,
	    client, sample->at, sample->total, sample->available,
	    sample->leased, sample->users, sample->denials);
}

enum fault
store_sample_save(struct store *store, enum sample_span span,
    const char *feature, int64_t client, const struct sample *sample)
{
	enum fault fault;

	assert(store && feature && sample && sample->at % span == 0);
	if ((fault = write_row(
		 sql[SQL_SAVE], store, span, feature, client, sample)) ||
	    (fault = write_row(
		 sql[SQL_SAVE_NEWEST], store, span, feature, client, sample)))
		return fault;
	return statement_run(store, sql[SQL_PRUNE], "itii", (int64_t)span,
	    feature, client, sample->at - store_sample_keep_seconds(span));
}

enum fault
store_sample_delete(struct store *store, enum sample_span span,
    const char *feature, int64_t client)
{
	enum fault fault;

	assert(store && feature);
	if ((fault = statement_run(store, sql[SQL_DELETE], "iti", (int64_t)span,
		 feature, client)))
		return fault;
	return statement_run(store, sql[SQL_DELETE_NEWEST], "iti",
	    (int64_t)span, feature, client);
}

/* The figures of the sample before go on; only the denials are new. */
static enum fault
deny(struct store *store, enum sample_span span, const char *feature,
    int64_t client, int64_t now)
{
	struct sample sample = { 0 };
	sqlite3_stmt *row;
	enum fault fault;

	fault = statement_row(&row, store, sql[SQL_NEWEST_OF], "iti",
	    (int64_t)span, feature, client);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!fault) {
		read_figures(&sample, row, 1);
		statement_done(row);
	}
	if (fault || sample.at != begin_of(now, span))
		sample.denials = 0;
	sample.at = begin_of(now, span);
	sample.denials++;
	return store_sample_save(store, span, feature, client, &sample);
}

enum fault
store_sample_deny(
    struct store *store, const char *feature, int64_t client, int64_t now)
{
	static const enum sample_span spans[] = { SAMPLE_FIVE_MINUTES,
		SAMPLE_HOUR };
	enum fault fault = FAULT_NONE;

	assert(store && feature && client != SAMPLE_ALL);
	for (size_t i = 0; !fault && i < 2; i++)
		if (!(fault = deny(store, spans[i], feature, client, now)))
			fault = deny(store, spans[i], feature, SAMPLE_ALL, now);
	return fault;
}

enum fault
store_sample_forget(struct store *store, int64_t at)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_FORGET], "i", at)) ||
	    (fault = statement_run(store, sql[SQL_FORGET_NEWEST], "i", at)))
		return fault;
	return statement_run(store, sql[SQL_FIND_NEWEST], "");
}
