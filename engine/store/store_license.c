/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_license.c: installed license statements. Turns their dates into
 * instants; what they are worth then is for the rules to say.
 */
#include "engine/store/store_license.h"

#include "engine/base/calendar.h"
#include "engine/base/log.h"
#include "engine/store/statement.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

/* What the rules need comes first, in both lists. A key that is not believed is worth what a revoked one is. */
#define RULES_COLUMNS                                                          \
	"id, prefix, units, is_subscription, is_renewal, start_date,"          \
	" end_date, ended_at, max(revoked_at, distrusted_at), surrender,"      \
	" expired_at,"                                                         \
	" activated_at, serial, renews"

enum {
	SQL_LIST,
	SQL_OF_FEATURE,
	SQL_EXISTS,
	SQL_INSERT,
	SQL_MARK,
	SQL_DISTRUST,
	SQL_IS_VERIFIED,
	SQL_VERIFIED,
	SQL_DELETE,
	SQL_SURRENDER,
	SQL_SURRENDER_SENT,
	SQL_SURRENDER_FOLLOW,
	SQL_UNSEND,
	SQL_LEAVE,
	SQL_REJOIN,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT " RULES_COLUMNS ", issuer, kid, sku, feature,"
		     "  org, statement, added_by, added_at, surrender_at,"
		     "  announced, distrusted_at, surrender_sent,"
		     "  surrender_server, surrender_text, left_at, left_server"
		     "  FROM license"
		     " ORDER BY feature, end_date = '', end_date, id",
	[SQL_OF_FEATURE] = "SELECT " RULES_COLUMNS " FROM license"
			   " WHERE feature = ?1 ORDER BY id",
	[SQL_EXISTS] =
	    "SELECT 1 FROM license WHERE issuer = ?1 AND serial = ?2",
	[SQL_INSERT] = "INSERT INTO license (issuer, serial, kid, sku, prefix,"
		       "  feature, units, is_subscription, is_renewal,"
		       "  start_date, end_date, org, statement, added_at,"
		       "  added_by, renews)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		       "  ?11, ?12, ?13, ?14, ?15, ?16)",
	[SQL_MARK] = "UPDATE license SET ended_at = ?2, activated_at = ?3,"
		     "  expired_at = ?4, announced = ?5"
		     " WHERE id = ?1",
	[SQL_DISTRUST] = "UPDATE license SET distrusted_at = ?2 WHERE id = ?1",
	[SQL_IS_VERIFIED] =
	    "SELECT count(*) FROM appliance WHERE verified_digest = ?1"
	    "  AND verified_at > ?2 AND verified_at <= ?3",
	[SQL_VERIFIED] = "UPDATE appliance SET verified_digest = ?1,"
			 "  verified_at = ?2",
	[SQL_DELETE] = "DELETE FROM license WHERE id = ?1",
	[SQL_SURRENDER] = "UPDATE license SET surrender = ?2,"
			  "  surrender_at = ?3, surrender_sent = ?4,"
			  "  surrender_server = ?5, surrender_text = ?6"
			  " WHERE id = ?1",
	[SQL_SURRENDER_FOLLOW] = "UPDATE license SET surrender_server = ?2"
				 "  WHERE surrender_server = ?1",
	[SQL_SURRENDER_SENT] = "UPDATE license SET surrender_sent = 1"
			       " WHERE surrender > 0 AND surrender_sent = 0",
	/* Nobody was told: it is as if it had not been clicked. */
	[SQL_UNSEND] =
	    "UPDATE license SET surrender = 0, surrender_server = '',"
	    "  surrender_text = ''"
	    " WHERE surrender > 0 AND surrender_sent = 0",
	[SQL_LEAVE] = "UPDATE license SET left_at = ?1, left_server = ?2,"
		      "  left_key = (SELECT server_key FROM link)"
		      " WHERE surrender > 0 AND left_at = 0",
	[SQL_REJOIN] = "UPDATE license SET surrender_server = ?1, left_at = 0,"
		       "  left_server = '', left_key = NULL"
		       " WHERE left_at > 0 AND EXISTS (SELECT 1 FROM link"
		       "  WHERE surrender_server = ?1"
		       "   OR left_key = link.server_key)",
};

static enum fault
damaged(int64_t id, const char *what)
{
	log_line(
	    LOG_SEVERITY_ERROR, "license row %lld: %s", (long long)id, what);
	return FAULT_DAMAGED;
}

static enum fault
read_dates(struct license *out, const char *start, const char *end)
{
	out->start = INT64_MIN;
	out->end = INSTANT_NEVER;
	if (*start && !calendar_date_start(&out->start, start))
		return damaged(out->id, "start date");
	if (*end && !calendar_date_end(&out->end, end))
		return damaged(out->id, "end date");
	return FAULT_NONE;
}

static enum fault
read_license(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct license *out = item;
	const char *start = statement_text(arena, statement, 5);
	const char *end = statement_text(arena, statement, 6);

	out->id = statement_int(statement, 0);
	out->prefix = statement_text(arena, statement, 1);
	out->units = statement_int(statement, 2);
	out->is_subscription = statement_int(statement, 3) != 0;
	out->is_renewal = statement_int(statement, 4) != 0;
	out->ended_at = statement_int(statement, 7);
	out->is_revoked = statement_int(statement, 8) != 0;
	out->surrender = (enum license_surrender)statement_int(statement, 9);
	out->expired_at = statement_int(statement, 10);
	out->activated_at = statement_int(statement, 11);
	out->serial = statement_text(arena, statement, 12);
	out->renews = statement_text(arena, statement, 13);
	if (arena->failed)
		return FAULT_MEMORY;
	if (!*out->renews)
		out->renews = NULL;
	return read_dates(out, start, end);
}

static enum fault
read_row(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct license_row *out = item;
	enum fault fault;

	if ((fault = read_license(&out->license, arena, statement)))
		return fault;
	out->serial = out->license.serial;
	out->start_date = statement_text(arena, statement, 5);
	out->end_date = statement_text(arena, statement, 6);
	out->issuer = statement_text(arena, statement, 14);
	out->kid = statement_text(arena, statement, 15);
	out->sku = statement_text(arena, statement, 16);
	out->feature = statement_text(arena, statement, 17);
	out->org = statement_text(arena, statement, 18);
	out->statement = statement_text(arena, statement, 19);
	out->added_by = statement_text(arena, statement, 20);
	out->added_at = statement_int(statement, 21);
	out->surrender_at = statement_int(statement, 22);
	out->announced = (int)statement_int(statement, 23);
	out->distrusted_at = statement_int(statement, 24);
	out->is_surrender_sent = statement_int(statement, 25) != 0;
	out->surrender_server = statement_text(arena, statement, 26);
	out->surrender_text = statement_text(arena, statement, 27);
	out->left_at = statement_int(statement, 28);
	out->left_server = statement_text(arena, statement, 29);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

static enum fault
load_rows(struct license_row **out, size_t *count, struct arena *arena,
    struct store *store)
{
	enum fault fault;
	void *rows;

	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_row, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

/* Pairs over all features at once: a prefix belongs to one feature. */
static enum fault
pair_rows(struct license_row *rows, size_t count, struct arena *arena)
{
	struct license *licenses = arena_array(arena, count, sizeof(*licenses));
	size_t i;

	if (!licenses)
		return FAULT_MEMORY;
	for (i = 0; i < count; i++)
		licenses[i] = rows[i].license;
	license_pair(licenses, count);
	for (i = 0; i < count; i++)
		rows[i].license = licenses[i];
	return FAULT_NONE;
}

enum fault
store_license_list(struct license_row **out, size_t *count, struct arena *arena,
    struct store *store, int64_t now)
{
	enum fault fault;
	int64_t grace;
	size_t i;

	assert(out && count && arena && store);
	*out = NULL;
	*count = 0;
	if ((fault = store_setting_load(&grace, store, SETTING_GRACE)) ||
	    (fault = load_rows(out, count, arena, store)) ||
	    (fault = pair_rows(*out, *count, arena))) {
		*count = 0;
		return fault;
	}
	for (i = 0; i < *count; i++)
		(*out)[i].state = license_state_at(
		    &(*out)[i].license, grace, now);
	return FAULT_NONE;
}

enum fault
store_license_load(struct license_row *out, struct arena *arena,
    struct store *store, const char *serial, int64_t now)
{
	struct license_row *rows;
	enum fault fault;
	size_t count, i;

	assert(out && arena && store && serial);
	memset(out, 0, sizeof(*out));
	/* All, since the state of one depends on what it is paired with. */
	if ((fault = store_license_list(&rows, &count, arena, store, now)))
		return fault;
	for (i = 0; i < count; i++) {
		if (strcmp(rows[i].serial, serial) == 0) {
			*out = rows[i];
			return FAULT_NONE;
		}
	}
	return FAULT_NOT_FOUND;
}

enum fault
store_license_snapshot(struct license **out, size_t *count, struct arena *arena,
    struct store *store, const char *feature)
{
	enum fault fault;
	void *items;

	assert(out && count && arena && store && feature);
	fault = statement_all(&items, count, arena, store, sizeof(**out),
	    read_license, sql[SQL_OF_FEATURE], "t", feature);
	*out = items;
	if (!fault)
		license_pair(*out, *count);
	return fault;
}

enum fault
store_license_total(
    int64_t *out, struct store *store, const char *feature, int64_t at)
{
	struct license *licenses;
	struct arena arena;
	enum fault fault;
	int64_t grace;
	size_t count;

	assert(out && store && feature);
	*out = 0;
	arena_init(&arena, 0);
	if (!(fault = store_setting_load(&grace, store, SETTING_GRACE)) &&
	    !(fault = store_license_snapshot(
		  &licenses, &count, &arena, store, feature)))
		*out = license_total_at(licenses, count, grace, at);
	arena_clear(&arena);
	return fault;
}

static bool
any_counts(
    const struct license *licenses, size_t count, int64_t grace, int64_t now)
{
	enum license_state state;
	size_t i;

	for (i = 0; i < count; i++) {
		state = license_state_at(&licenses[i], grace, now);
		if (state == LICENSE_ACTIVE || state == LICENSE_GRACE)
			return true;
	}
	return false;
}

enum fault
store_license_switch(
    bool *out, struct store *store, const char *feature, int64_t now)
{
	struct license *licenses;
	struct arena arena;
	enum fault fault;
	int64_t grace;
	size_t count;

	assert(out && store && feature);
	*out = false;
	arena_init(&arena, 0);
	if (!(fault = store_setting_load(&grace, store, SETTING_GRACE)) &&
	    !(fault = store_license_snapshot(
		  &licenses, &count, &arena, store, feature)))
		*out = any_counts(licenses, count, grace, now);
	arena_clear(&arena);
	return fault;
}

enum fault
store_license_exists(
    bool *out, struct store *store, const char *issuer, const char *serial)
{
	enum fault fault;
	int64_t found;

	assert(out && store && issuer && serial);
	fault = statement_number(
	    &found, 0, store, sql[SQL_EXISTS], "tt", issuer, serial);
	*out = found == 1;
	return fault;
}

enum fault
store_license_insert(struct store *store, const struct license_row *row)
{
	const struct license *license;

	assert(store && row && row->issuer && row->serial);
	license = &row->license;
	return statement_run(store, sql[SQL_INSERT], "ttttttiiittttitt",
	    row->issuer, row->serial, row->kid, row->sku, license->prefix,
	    row->feature, license->units, (int64_t)license->is_subscription,
	    (int64_t)license->is_renewal, row->start_date, row->end_date,
	    row->org, row->statement, row->added_at, row->added_by,
	    license->renews ? license->renews : "");
}

enum fault
store_license_mark(struct store *store, const struct license_row *row)
{
	const struct license *license;

	assert(store && row && row->license.id > 0);
	license = &row->license;
	return statement_run(store, sql[SQL_MARK], "iiiii", license->id,
	    license->ended_at, license->activated_at, license->expired_at,
	    (int64_t)row->announced);
}

enum fault
store_license_distrust(struct store *store, int64_t id, int64_t at)
{
	assert(store && id > 0);
	return statement_run(store, sql[SQL_DISTRUST], "ii", id, at);
}

enum fault
store_license_is_verified(bool *out, struct store *store, const char *digest,
    int64_t since, int64_t now)
{
	enum fault fault;
	int64_t found;

	assert(out && store && digest);
	fault = statement_number(
	    &found, 0, store, sql[SQL_IS_VERIFIED], "tii", digest, since, now);
	*out = !fault && found > 0;
	return fault;
}

enum fault
store_license_verified(struct store *store, const char *digest, int64_t now)
{
	assert(store && digest);
	return statement_run(store, sql[SQL_VERIFIED], "ti", digest, now);
}

enum fault
store_license_delete(struct store *store, int64_t id)
{
	assert(store && id > 0);
	return statement_run(store, sql[SQL_DELETE], "i", id);
}

enum fault
store_license_surrender(struct store *store, const struct license_row *row)
{
	assert(store && row && row->license.id > 0);
	return statement_run(store, sql[SQL_SURRENDER], "iiiitt",
	    row->license.id, (int64_t)row->license.surrender, row->surrender_at,
	    (int64_t)row->is_surrender_sent, row->surrender_server,
	    row->surrender_text);
}

enum fault
store_license_surrender_sent(struct store *store)
{
	assert(store);
	return statement_run(store, sql[SQL_SURRENDER_SENT], "");
}

enum fault
store_license_surrender_follow(
    struct store *store, const char *server_id, const char *next)
{
	assert(store && server_id && next);
	return statement_run(
	    store, sql[SQL_SURRENDER_FOLLOW], "tt", server_id, next);
}

bool
store_license_surrender_is_with(
    const struct license_row *row, const char *server_id)
{
	assert(row && server_id);
	return row->left_at == 0 &&
	    (!*row->surrender_server ||
		strcmp(row->surrender_server, server_id) == 0);
}

enum fault
store_license_surrender_leave(
    struct store *store, const char *server, int64_t now)
{
	enum fault fault;

	assert(store && server && now > 0);
	fault = statement_run(store, sql[SQL_UNSEND], "");
	return fault ? fault
		     : statement_run(store, sql[SQL_LEAVE], "it", now, server);
}

enum fault
store_license_surrender_rejoin(struct store *store, const char *server_id)
{
	assert(store && server_id && *server_id);
	return statement_run(store, sql[SQL_REJOIN], "t", server_id);
}
