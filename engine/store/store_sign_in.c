/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_sign_in.c: running sign-ins, found by the digest of their cookie.
 * The cookie itself is never here.
 */
#include "engine/store/store_admin.h"

#include "engine/rules/instant.h"
#include "engine/store/statement.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

/* A page load must not cost a write each time. */
#define TOUCH_SECONDS 60

enum {
	SQL_LOAD,
	SQL_SEEN,
	SQL_TOUCH,
	SQL_NOTICE,
	SQL_INSERT,
	SQL_DELETE,
	SQL_DELETE_ALL,
	SQL_SWEEP,
	SQL_FORGET,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT admin, csrf, address, notice, made_at, seen_at"
		     "  FROM sign_in WHERE digest = ?1"
		     "   AND made_at > ?2 AND seen_at > ?3",
	[SQL_SEEN] = "SELECT seen_at FROM sign_in WHERE digest = ?1",
	[SQL_TOUCH] = "UPDATE sign_in SET seen_at = ?2 WHERE digest = ?1",
	[SQL_NOTICE] = "UPDATE sign_in SET notice = ?2 WHERE digest = ?1",
	[SQL_INSERT] = "INSERT INTO sign_in (digest, admin, csrf, address,"
		       "  made_at, seen_at)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
	[SQL_DELETE] = "DELETE FROM sign_in WHERE digest = ?1",
	[SQL_DELETE_ALL] = "DELETE FROM sign_in WHERE admin = ?1",
	[SQL_SWEEP] =
	    "DELETE FROM sign_in WHERE made_at <= ?1 OR seen_at <= ?2",
	[SQL_FORGET] =
	    "DELETE FROM sign_in WHERE made_at > ?1 OR seen_at > ?1",
};

/* One made or seen at that instant, or before, is over. */
struct bounds {
	int64_t made;
	int64_t seen;
};

static enum fault
load_bounds(struct bounds *out, struct store *store, int64_t now)
{
	enum fault fault;
	int64_t longest, idle;

	if ((fault = store_setting_load(
		 &longest, store, SETTING_SIGN_IN_MAX)) ||
	    (fault = store_setting_load(&idle, store, SETTING_SIGN_IN_IDLE)))
		return fault;
	out->made = instant_add(now, -longest);
	out->seen = instant_add(now, -idle);
	return FAULT_NONE;
}

enum fault
store_sign_in_load(struct sign_in_row *out, struct arena *arena,
    struct store *store, const uint8_t digest[DIGEST_BYTES], int64_t now)
{
	struct bounds bounds;
	sqlite3_stmt *row;
	enum fault fault;
	int64_t admin;

	assert(out && arena && store && digest);
	memset(out, 0, sizeof(*out));
	if ((fault = load_bounds(&bounds, store, now)) ||
	    (fault = statement_row(&row, store, sql[SQL_LOAD], "bii", digest,
		 (size_t)DIGEST_BYTES, bounds.made, bounds.seen)))
		return fault;
	admin = statement_int(row, 0);
	out->csrf = statement_text(arena, row, 1);
	out->address = statement_text(arena, row, 2);
	out->notice = statement_text(arena, row, 3);
	out->made_at = statement_int(row, 4);
	out->seen_at = statement_int(row, 5);
	statement_done(row);
	if (arena->failed)
		return FAULT_MEMORY;
	return store_admin_load_id(&out->admin, arena, store, admin);
}

enum fault
store_sign_in_touch(
    struct store *store, const uint8_t digest[DIGEST_BYTES], int64_t now)
{
	enum fault fault;
	int64_t seen;

	assert(store && digest);
	/* Looked at first: even an update of no row waits for the writers' lock. */
	if ((fault = statement_number(&seen, now, store, sql[SQL_SEEN], "b",
		 digest, (size_t)DIGEST_BYTES)))
		return fault;
	if (now < instant_add(seen, TOUCH_SECONDS))
		return FAULT_NONE;
	return statement_run(
	    store, sql[SQL_TOUCH], "bi", digest, (size_t)DIGEST_BYTES, now);
}

enum fault
store_sign_in_notice(
    struct store *store, const uint8_t digest[DIGEST_BYTES], const char *notice)
{
	assert(store && digest && notice);
	return statement_run(
	    store, sql[SQL_NOTICE], "bt", digest, (size_t)DIGEST_BYTES, notice);
}

enum fault
store_sign_in_insert(struct store *store, int64_t admin,
    const uint8_t digest[DIGEST_BYTES], const char *csrf, const char *address,
    int64_t now)
{
	assert(store && digest && csrf && address);
	return statement_run(store, sql[SQL_INSERT], "bitti", digest,
	    (size_t)DIGEST_BYTES, admin, csrf, address, now);
}

enum fault
store_sign_in_delete(struct store *store, const uint8_t digest[DIGEST_BYTES])
{
	assert(store && digest);
	return statement_run(
	    store, sql[SQL_DELETE], "b", digest, (size_t)DIGEST_BYTES);
}

enum fault
store_sign_in_delete_all(struct store *store, int64_t admin)
{
	assert(store);
	return statement_run(store, sql[SQL_DELETE_ALL], "i", admin);
}

enum fault
store_sign_in_forget(struct store *store, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_FORGET], "i", at);
}

enum fault
store_sign_in_sweep(struct store *store, int64_t now)
{
	struct bounds bounds;
	enum fault fault;

	assert(store);
	if ((fault = load_bounds(&bounds, store, now)))
		return fault;
	return statement_run(
	    store, sql[SQL_SWEEP], "ii", bounds.made, bounds.seen);
}
