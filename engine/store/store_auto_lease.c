/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_auto_lease.c: the switch of auto-leasing and the reports of clients
 * as rows. Judges nothing.
 */
#include "engine/store/store_auto_lease.h"

#include "engine/base/calendar.h"
#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LIST,
	SQL_SAVE,
	SQL_REPORT_LOAD,
	SQL_REPORT_COUNT,
	SQL_REPORT_INSERT,
	SQL_REPORT_LENGTHEN,
	SQL_BEGAN,
	SQL_OTHERS,
	SQL_PRUNE,
	SQL_FORGET_REPORTS,
	SQL_FORGET_ENDS,
	SQL_FORGET_JUDGED,
	SQL__COUNT
};

#define REPORT_KEY                                                             \
	"client = ?1 AND feature = ?2 AND from_at = ?3 AND units = ?4"

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT a.feature, a.is_on, a.code, a.average,"
		     " a.unallocated, a.bound, a.seconds, a.judged_at,"
		     " a.changed_at, w.penalty_until, w.penalty_client"
		     "  FROM auto_lease a, watch w ORDER BY a.feature",
	[SQL_SAVE] = "INSERT OR REPLACE INTO auto_lease (feature, is_on, code,"
		     " average, unallocated, bound, seconds, judged_at,"
		     " changed_at)"
		     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[SQL_REPORT_LOAD] =
	    "SELECT to_at FROM auto_lease_report WHERE " REPORT_KEY,
	[SQL_REPORT_COUNT] = "SELECT count(*) FROM auto_lease_report"
			     "  WHERE client = ?1 AND feature = ?2",
	[SQL_REPORT_INSERT] =
	    "INSERT INTO auto_lease_report (client, feature, from_at, units,"
	    " to_at, reported_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_REPORT_LENGTHEN] = "UPDATE auto_lease_report SET to_at = ?5,"
				" reported_at = ?6 WHERE " REPORT_KEY,
	[SQL_BEGAN] = "SELECT min(from_at) FROM auto_lease_report"
		      "  WHERE client = ?1 AND feature = ?2 AND units = ?3"
		      "   AND from_at < ?4 AND to_at > ?4",
	[SQL_OTHERS] = "SELECT units, from_at, to_at FROM auto_lease_report"
		       "  WHERE feature = ?2 AND to_at > ?3 AND from_at < ?5"
		       "   AND NOT (client = ?1 AND from_at = ?3"
		       "    AND units = ?4)",
	[SQL_PRUNE] = "DELETE FROM auto_lease_report"
		      "  WHERE feature = ?1 AND to_at <= ?2",
	[SQL_FORGET_REPORTS] =
	    "DELETE FROM auto_lease_report WHERE from_at >= ?1",
	[SQL_FORGET_ENDS] = "UPDATE auto_lease_report SET to_at = ?1"
			    "  WHERE to_at > ?1",
	[SQL_FORGET_JUDGED] = "UPDATE auto_lease"
			      "  SET judged_at = min(judged_at, ?1),"
			      "   changed_at = min(changed_at, ?1)",
};

/* ---- the switch ---- */

/* One that no rule answers any more is off. */
static enum verdict
verdict_of(const char *code)
{
	static const enum verdict verdicts[] = { VERDICT_AUTO_LEASE_ON,
		VERDICT_AUTO_LEASE_OFF, VERDICT_AUTO_LEASE_COLLECTING,
		VERDICT_AUTO_LEASE_PENALTY, VERDICT_AUTO_LEASE_NOT_ELIGIBLE };

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		if (strcmp(verdict_code(verdicts[i]), code) == 0)
			return verdicts[i];
	return VERDICT_AUTO_LEASE_OFF;
}

static enum fault
read_switch(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct auto_lease_row *row = item;
	char until[CALENDAR_TEXT_MAX];
	const char *code;

	row->feature = statement_text(arena, statement, 0);
	row->is_on = statement_int(statement, 1) != 0;
	if (!(code = statement_text(arena, statement, 2)))
		return FAULT_MEMORY;
	row->verdict = verdict_of(code);
	row->numbers.average = statement_int(statement, 3);
	row->numbers.unallocated = statement_int(statement, 4);
	row->numbers.bound = statement_int(statement, 5);
	row->numbers.seconds = statement_int(statement, 6);
	row->judged_at = statement_int(statement, 7);
	row->changed_at = statement_int(statement, 8);
	if (row->verdict != VERDICT_AUTO_LEASE_PENALTY)
		return FAULT_NONE;
	calendar_format(until, statement_int(statement, 9));
	row->numbers.until = arena_text(arena, until);
	row->numbers.client = statement_text(arena, statement, 10);
	return FAULT_NONE;
}

enum fault
store_auto_lease_list(struct auto_lease_row **out, size_t *count,
    struct arena *arena, struct store *store)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_switch, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

const struct auto_lease_row *
store_auto_lease_of(
    const struct auto_lease_row *rows, size_t count, const char *feature)
{
	assert((rows || count == 0) && feature);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return &rows[i];
	return NULL;
}

enum fault
store_auto_lease_save(struct store *store, const struct auto_lease_row *row)
{
	assert(store && row && row->feature);
	return statement_run(store, sql[SQL_SAVE], "titiiiiii", row->feature,
	    (int64_t)row->is_on, verdict_code(row->verdict),
	    row->numbers.average, row->numbers.unallocated, row->numbers.bound,
	    row->numbers.seconds, row->judged_at, row->changed_at);
}

/* ---- reports ---- */

static enum fault
classify(enum auto_lease_news *news, struct store *store,
    const struct auto_lease_report *report)
{
	const struct auto_lease_interval *interval = &report->interval;
	int64_t to, count;
	enum fault fault;

	*news = AUTO_LEASE_KNOWN;
	if ((fault = statement_number(&to, INT64_MIN, store,
		 sql[SQL_REPORT_LOAD], "itii", report->client, report->feature,
		 interval->from, interval->units)) ||
	    to >= interval->to)
		return fault;
	*news = AUTO_LEASE_LONGER;
	if (to != INT64_MIN)
		return FAULT_NONE;
	fault = statement_number(&count, 0, store, sql[SQL_REPORT_COUNT], "it",
	    report->client, report->feature);
	*news = count < AUTO_LEASE_REPORTS_MAX ? AUTO_LEASE_NEW
					       : AUTO_LEASE_TOO_MANY;
	return fault;
}

enum fault
store_auto_lease_report(enum auto_lease_news *news, struct store *store,
    const struct auto_lease_report *report)
{
	const struct auto_lease_interval *interval;
	enum fault fault;

	assert(news && store && report && report->feature);
	interval = &report->interval;
	assert(interval->units > 0 && interval->from < interval->to);
	if ((fault = classify(news, store, report)) ||
	    *news == AUTO_LEASE_KNOWN || *news == AUTO_LEASE_TOO_MANY)
		return fault;
	return statement_run(store,
	    sql[*news == AUTO_LEASE_NEW ? SQL_REPORT_INSERT
					: SQL_REPORT_LENGTHEN],
	    "itiiii", report->client, report->feature, interval->from,
	    interval->units, interval->to, report->reported_at);
}

enum fault
store_auto_lease_began(int64_t *out, struct store *store,
    const struct auto_lease_report *report, int64_t at)
{
	assert(out && store && report && report->feature);
	return statement_number(out, at, store, sql[SQL_BEGAN], "itii",
	    report->client, report->feature, report->interval.units, at);
}

static enum fault
read_interval(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct auto_lease_interval *interval = item;

	(void)arena;
	interval->units = statement_int(statement, 0);
	interval->from = statement_int(statement, 1);
	interval->to = statement_int(statement, 2);
	return FAULT_NONE;
}

enum fault
store_auto_lease_others(struct auto_lease_interval **out, size_t *count,
    struct arena *arena, struct store *store,
    const struct auto_lease_report *report)
{
	void *intervals;
	enum fault fault;

	assert(out && count && arena && store && report && report->feature);
	fault = statement_all(&intervals, count, arena, store, sizeof(**out),
	    read_interval, sql[SQL_OTHERS], "itiii", report->client,
	    report->feature, report->interval.from, report->interval.units,
	    report->interval.to);
	*out = intervals;
	return fault;
}

enum fault
store_auto_lease_prune(struct store *store, const char *feature, int64_t before)
{
	assert(store && feature);
	return statement_run(store, sql[SQL_PRUNE], "ti", feature, before);
}

enum fault
store_auto_lease_forget(struct store *store, int64_t at)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_FORGET_REPORTS], "i", at)) ||
	    (fault = statement_run(store, sql[SQL_FORGET_ENDS], "i", at)))
		return fault;
	return statement_run(store, sql[SQL_FORGET_JUDGED], "i", at);
}
