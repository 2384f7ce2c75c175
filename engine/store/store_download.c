/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_download.c: rows, and the schedule's row as the licenses are now.
 * Fetches nothing.
 */
#include "engine/store/store_download.h"

#include "engine/base/calendar.h"
#include "engine/store/statement.h"
#include "engine/store/store_license.h"
#include "engine/store/store_setting.h"
#include <assert.h>

#define KEPT 1000

enum {
	SQL_SETTINGS,
	SQL_SAVE,
	SQL_LIST,
	SQL_LAST,
	SQL_LAST_LIST,
	SQL_HOLDS,
	SQL_INSERT,
	SQL_TRIM,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_SETTINGS] = "SELECT center_url, download_network, proxy,"
			 " proxy_user, proxy_password FROM appliance",
	[SQL_SAVE] = "UPDATE appliance SET center_url = ?1,"
		     " download_network = ?2, proxy = ?3, proxy_user = ?4,"
		     " proxy_password = ?5",
	[SQL_LIST] = "SELECT id, began_at, ended_at, started_by,"
		     " is_automatic, codes, received, installed, is_good,"
		     " text FROM download ORDER BY id DESC LIMIT ?1",
	[SQL_LAST] = "SELECT ended_at, is_good FROM download"
		     " WHERE (is_good OR is_automatic)"
		     " AND codes = ''"
		     " ORDER BY id DESC LIMIT 1",
	/* A run for codes brings no list; one for all keys does. */
	[SQL_LAST_LIST] = "SELECT ended_at, is_good FROM download"
			  " WHERE (is_good OR is_automatic)"
			  " AND codes IN ('', '" DOWNLOAD_CODES_REVOCATIONS "')"
			  " ORDER BY id DESC LIMIT 1",
	[SQL_HOLDS] = "SELECT EXISTS (SELECT 1 FROM surrendered"
		      " WHERE state < 3)",
	[SQL_INSERT] = "INSERT INTO download (began_at, ended_at, started_by,"
		       " is_automatic, codes, received, installed, is_good,"
		       " text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[SQL_TRIM] = "DELETE FROM download WHERE id <= (SELECT id FROM download"
		     " ORDER BY id DESC LIMIT 1 OFFSET ?1)",
};

enum fault
store_download_settings(
    struct download_settings *out, struct arena *arena, struct store *store)
{
	sqlite3_stmt *row;
	int64_t is_enabled;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct download_settings){ .center = "" };
	if ((fault = store_setting_load(
		 &is_enabled, store, SETTING_DOWNLOAD_ENABLED)) ||
	    (fault = statement_row(&row, store, sql[SQL_SETTINGS], "")))
		return fault;
	out->is_enabled = is_enabled != 0;
	out->center = statement_text(arena, row, 0);
	out->network = statement_text(arena, row, 1);
	out->proxy = statement_text(arena, row, 2);
	out->proxy_user = statement_text(arena, row, 3);
	out->proxy_password = statement_text(arena, row, 4);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_download_settings_save(
    struct store *store, const struct download_settings *settings)
{
	assert(store && settings);
	return statement_run(store, sql[SQL_SAVE], "ttttt", settings->center,
	    settings->network, settings->proxy, settings->proxy_user,
	    settings->proxy_password);
}

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct download_row *row = item;

	row->id = statement_int(statement, 0);
	row->began_at = statement_int(statement, 1);
	row->ended_at = statement_int(statement, 2);
	row->started_by = statement_text(arena, statement, 3);
	row->is_automatic = statement_int(statement, 4) != 0;
	row->codes = statement_text(arena, statement, 5);
	row->received = statement_int(statement, 6);
	row->installed = statement_int(statement, 7);
	row->is_good = statement_int(statement, 8) != 0;
	row->text = statement_text(arena, statement, 9);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_download_list(struct download_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t limit)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "i", limit);
	*out = rows;
	return fault;
}

enum fault
store_download_insert(struct store *store, const struct download_row *row)
{
	enum fault fault;

	assert(store && row);
	fault = statement_run(store, sql[SQL_INSERT], "iititiiit",
	    row->began_at, row->ended_at, row->started_by,
	    (int64_t)row->is_automatic, row->codes, row->received,
	    row->installed, (int64_t)row->is_good, row->text);
	return fault ? fault
		     : statement_run(store, sql[SQL_TRIM], "i", (int64_t)KEPT);
}

/* ---- the schedule ---- */

static enum fault
find_row(enum download_schedule_row *out, struct arena *arena,
    struct store *store, int64_t now)
{
	const struct download_schedule_bounds bounds = {
		.months3 = calendar_later(now, 3, 0),
		.weeks2 = calendar_later(now, 0, 14),
		.week1 = calendar_later(now, 0, 7),
	};
	struct license_row *rows;
	struct license *licenses;
	int64_t grace;
	size_t count;
	enum fault fault;

	if ((fault = store_setting_load(&grace, store, SETTING_GRACE)) ||
	    (fault = store_license_list(&rows, &count, arena, store, now)))
		return fault;
	if (!(licenses = arena_array(arena, count + 1, sizeof(*licenses))))
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++)
		licenses[i] = rows[i].license;
	*out = download_schedule_row(licenses, count, grace, &bounds, now);
	return FAULT_NONE;
}

static int64_t
after(int64_t last, enum download_schedule_row row)
{
	switch (row) {
	case DOWNLOAD_SCHEDULE_MONTHLY:
		return calendar_later(last, 1, 0);
	case DOWNLOAD_SCHEDULE_WEEKLY:
		return calendar_later(last, 0, 7);
	case DOWNLOAD_SCHEDULE_DAILY:
		return calendar_later(last, 0, 1);
	case DOWNLOAD_SCHEDULE_QUARTERLY:
		break;
	}
	return calendar_later(last, 3, 0);
}

/* End and success of the last run of a kind; 0 when there was none. */
static enum fault
load_last(int64_t *at, bool *has_failed, struct store *store, const char *text)
{
	sqlite3_stmt *last;
	enum fault fault = statement_row(&last, store, text, "");

	*at = 0;
	*has_failed = false;
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	*at = statement_int(last, 0);
	*has_failed = statement_int(last, 1) == 0;
	statement_done(last);
	return FAULT_NONE;
}

/* After a failure soon again. */
static int64_t
next_of(int64_t last, bool has_failed, enum download_schedule_row row)
{
	int64_t next = after(last, row);
	int64_t retry = instant_add(last, STORE_DOWNLOAD_RETRY);

	return has_failed && retry < next ? retry : next;
}

static enum fault
plan_revocations(struct download_plan *out, struct store *store, int64_t now)
{
	int64_t holds, last;
	bool has_failed;
	enum fault fault = statement_number(
	    &holds, 0, store, sql[SQL_HOLDS], "");

	if (fault ||
	    (fault = load_last(&last, &has_failed, store, sql[SQL_LAST_LIST])))
		return fault;
	out->revocations = download_schedule_revocations(holds != 0,
	    last ? next_of(last, has_failed, DOWNLOAD_SCHEDULE_DAILY) : now);
	return FAULT_NONE;
}

enum fault
store_download_plan(struct download_plan *out, struct arena *arena,
    struct store *store, int64_t now)
{
	enum fault fault;

	assert(out && arena && store);
	*out = (struct download_plan){ .next = now };
	if ((fault = find_row(&out->row, arena, store, now)) ||
	    (fault = plan_revocations(out, store, now)) ||
	    (fault = load_last(
		 &out->last, &out->has_failed, store, sql[SQL_LAST])))
		return fault;
	if (out->last)
		out->next = next_of(out->last, out->has_failed, out->row);
	return FAULT_NONE;
}
