/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.c: the database file and its transactions. Knows what makes an
 * acknowledged commit durable and a foreign file refused; knows no table.
 */
#include "engine/store/store.h"

#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/store/migrate.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STORE_NAME "store.db"

/*
 * SQLite's own busy_timeout backs off up to 100 ms and lets a saturated
 * writer starve the others; short naps do not. About ten seconds of them.
 */
#define NAP_NANOSECONDS 300000
#define NAPS_MAX        33000

#define VALUE_BYTES_MAX (1024 * 1024)

enum {
	SQL_BEGIN,
	SQL_BEGIN_READ,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SAVEPOINT,
	SQL_KEEP,
	SQL_UNDO,
	SQL_APPLICATION,
	SQL_WAL,
	SQL_QUICK_CHECK,
	SQL_CHECK,
	SQL_REFERENCES,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_BEGIN_READ] = "BEGIN",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SAVEPOINT] = "SAVEPOINT act",
	[SQL_KEEP] = "RELEASE act",
	[SQL_UNDO] = "ROLLBACK TO act",
	[SQL_APPLICATION] = "PRAGMA application_id",
	[SQL_WAL] = "PRAGMA journal_mode = WAL",
	[SQL_QUICK_CHECK] = "PRAGMA quick_check(1)",
	[SQL_CHECK] = "PRAGMA integrity_check(1)",
	[SQL_REFERENCES] = "PRAGMA foreign_key_check",
};

/* What each connection needs, before the first row is read. */
static const char sql_connection[] = "PRAGMA cell_size_check = ON;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA cache_size = -16000;"
				     "PRAGMA journal_size_limit = 16777216;"
				     "PRAGMA temp_store = MEMORY;";

static const char sql_little[] = "PRAGMA cache_size = -2048;";

/* STORE_APPLICATION_ID; a pragma takes no bound value. */
static const char sql_ours[] = "PRAGMA application_id = 0x4c685374";

static int
nap(void *unused, int naps)
{
	const struct timespec pause = { .tv_nsec = NAP_NANOSECONDS };

	(void)unused;
	if (naps >= NAPS_MAX)
		return 0;
	(void)nanosleep(&pause, NULL);
	return 1;
}

/* What no statement of ours asks once the store is open. */
static int
refuse_doors(void *unused, int action, const char *a, const char *b,
    const char *c, const char *d)
{
	(void)unused, (void)a, (void)b, (void)c, (void)d;
	return action == SQLITE_ATTACH || action == SQLITE_DETACH ||
		action == SQLITE_PRAGMA
	    ? SQLITE_DENY
	    : SQLITE_OK;
}

static enum fault
damaged(const struct store *store, const char *reason)
{
	log_line(LOG_SEVERITY_ERROR, "%s: %s", store->path, reason);
	return FAULT_DAMAGED;
}

static enum fault
execute(struct store *store, const char *text)
{
	int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? FAULT_NONE
				 : statement_fault(store->db, code, text);
}

static void
set_limits(sqlite3 *db)
{
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_busy_handler(db, nap, NULL);
}

static enum fault
set_foreign_keys(struct store *store, int are_on)
{
	int code = sqlite3_db_config(
	    store->db, SQLITE_DBCONFIG_ENABLE_FKEY, are_on, NULL);

	return code == SQLITE_OK
	    ? FAULT_NONE
	    : statement_fault(store->db, code, "foreign keys");
}

/* A connection with our settings; nothing is known of the file yet. */
static enum fault
connect_to(struct store **out, const char *path, int flags)
{
	struct store *store = calloc(1, sizeof(*store));
	enum fault fault;
	int code;

	if (!(*out = store))
		return FAULT_MEMORY;
	(void)snprintf(store->path, sizeof(store->path), "%s", path);
	code = sqlite3_open_v2(path, &store->db,
	    flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_EXRESCODE,
	    NULL);
	if (code != SQLITE_OK)
		return statement_fault(store->db, code, path);
	set_limits(store->db);
	if ((fault = set_foreign_keys(store, 0)))
		return fault;
	return execute(store, sql_connection);
}

/* Before anything is written: is it a store, of ours, and of a schema we know? */
static enum fault
check_identity(int64_t *version, struct store *store)
{
	enum fault fault;
	int64_t id;

	if ((fault = statement_number(&id, 0, store, sql[SQL_APPLICATION], "")))
		return fault;
	if (id != STORE_APPLICATION_ID)
		return damaged(store, "is not a store of this program");
	if ((fault = migrate_version(version, store)))
		return fault;
	if (*version < 1)
		return damaged(store, "has no schema");
	if (*version > (int64_t)schema_steps_count) {
		log_line(LOG_SEVERITY_ERROR,
		    "%s: schema %lld is newer than "
		    "this program, which knows up to %zu",
		    store->path, (long long)*version, schema_steps_count);
		return FAULT_DAMAGED;
	}
	return FAULT_NONE;
}

/* Runs a check whose first row says "ok", or has none, when all is well. */
static enum fault
run_check(struct store *store, const char *text)
{
	sqlite3_stmt *row;
	const char *finding;
	enum fault fault;

	fault = statement_row(&row, store, text, "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	finding = (const char *)sqlite3_column_text(row, 0);
	if (!finding || strcmp(finding, "ok")) {
		log_line(LOG_SEVERITY_ERROR, "%s: %s: %s", store->path, text,
		    finding ? finding : "?");
		fault = FAULT_DAMAGED;
	}
	statement_done(row);
	return fault;
}

static enum fault
set_wal(struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	if ((fault = statement_row(&row, store, sql[SQL_WAL], "")))
		return fault;
	if (strcmp((const char *)sqlite3_column_text(row, 0), "wal"))
		fault = damaged(store, "cannot keep a write-ahead log here");
	statement_done(row);
	return fault;
}

static enum fault
make_ready(struct store *store, bool check)
{
	enum fault fault;
	int64_t version;

	if ((fault = check_identity(&version, store)))
		return fault;
	if (check && (fault = run_check(store, sql[SQL_QUICK_CHECK])))
		return fault;
	if ((fault = set_wal(store)))
		return fault;
	if (version < (int64_t)schema_steps_count &&
	    (fault = migrate_run(store, schema_steps, schema_steps_count)))
		return fault;
	if ((fault = set_foreign_keys(store, 1)))
		return fault;
	statement_forget(store);
	(void)sqlite3_set_authorizer(store->db, refuse_doors, NULL);
	return FAULT_NONE;
}

static enum fault
find_path(char out[PATH_MAX], const char *state_directory)
{
	int length = snprintf(out, PATH_MAX, "%s/" STORE_NAME, state_directory);

	if (length > 0 && length < PATH_MAX)
		return FAULT_NONE;
	log_line(LOG_SEVERITY_ERROR, "state directory: name is too long");
	return FAULT_IO;
}

/* The bytes of a new store, made in memory so that no half of one ever has a name. */
static enum fault
write_new(const char *path, struct store *memory)
{
	sqlite3_int64 bytes;
	unsigned char *image;
	enum fault fault;

	if ((fault = execute(memory, sql_ours)) ||
	    (fault = migrate_run(memory, schema_steps, schema_steps_count)))
		return fault;
	if (!(image = sqlite3_serialize(memory->db, "main", &bytes, 0)))
		return FAULT_MEMORY;
	fault = file_create(path, image, (size_t)bytes, 0600);
	sqlite3_free(image);
	return fault;
}

enum fault
store_create(struct store **out, const char *state_directory)
{
	struct store *memory = NULL;
	char path[PATH_MAX];
	enum fault fault;

	assert(out && state_directory);
	*out = NULL;
	if ((fault = find_path(path, state_directory)))
		return fault;
	if (file_exists(path))
		return FAULT_BUSY;
	if (!(fault = connect_to(&memory, ":memory:", SQLITE_OPEN_MEMORY)))
		fault = write_new(path, memory);
	store_close(&memory);
	return fault ? fault : store_open(out, state_directory, false);
}

enum fault
store_open(struct store **out, const char *state_directory, bool check)
{
	char path[PATH_MAX];
	enum fault fault;

	assert(out && state_directory);
	*out = NULL;
	if ((fault = find_path(path, state_directory)))
		return fault;
	if (!file_exists(path))
		return FAULT_NOT_FOUND;
	if (!(fault = connect_to(out, path, 0)))
		fault = make_ready(*out, check);
	if (fault)
		store_close(out);
	return fault;
}

enum fault
store_keep_little(struct store *store)
{
	enum fault fault;

	assert(store);
	(void)sqlite3_set_authorizer(store->db, NULL, NULL);
	fault = execute(store, sql_little);
	(void)sqlite3_set_authorizer(store->db, refuse_doors, NULL);
	return fault;
}

void
store_close(struct store **store)
{
	assert(store);
	if (!*store)
		return;
	statement_forget(*store);
	if (sqlite3_close((*store)->db) != SQLITE_OK)
		log_line(LOG_SEVERITY_ERROR, "%s: closed while in use",
		    (*store)->path);
	free(*store);
	*store = NULL;
}

enum fault
store_begin(struct store *store)
{
	assert(store && sqlite3_get_autocommit(store->db));
	return statement_run(store, sql[SQL_BEGIN], "");
}

enum fault
store_begin_read(struct store *store)
{
	assert(store && sqlite3_get_autocommit(store->db));
	return statement_run(store, sql[SQL_BEGIN_READ], "");
}

enum fault
store_commit(struct store *store)
{
	enum fault fault;

	assert(store && !sqlite3_get_autocommit(store->db));
	if (!(fault = statement_run(store, sql[SQL_COMMIT], "")))
		return FAULT_NONE;
	store_rollback(store);
	/* A write may have reached the disk although its sync failed. */
	return fault == FAULT_IO ? FAULT_UNKNOWN_OUTCOME : fault;
}

void
store_rollback(struct store *store)
{
	assert(store);
	statement_end_all(store);
	if (!sqlite3_get_autocommit(store->db))
		(void)!statement_run(store, sql[SQL_ROLLBACK], "");
}

enum fault
store_savepoint(struct store *store)
{
	assert(store && !sqlite3_get_autocommit(store->db));
	return statement_run(store, sql[SQL_SAVEPOINT], "");
}

enum fault
store_keep(struct store *store)
{
	assert(store && !sqlite3_get_autocommit(store->db));
	return statement_run(store, sql[SQL_KEEP], "");
}

enum fault
store_undo(struct store *store)
{
	enum fault fault;

	assert(store);
	statement_end_all(store);
	if (sqlite3_get_autocommit(store->db)) {
		log_line(LOG_SEVERITY_ERROR,
		    "%s: the whole transaction was rolled back", store->path);
		return FAULT_IO;
	}
	if ((fault = statement_run(store, sql[SQL_UNDO], "")))
		return fault;
	return statement_run(store, sql[SQL_KEEP], "");
}

enum fault
store_verify(struct store *store)
{
	enum fault fault;

	assert(store && sqlite3_get_autocommit(store->db));
	(void)sqlite3_set_authorizer(store->db, NULL, NULL);
	if (!(fault = run_check(store, sql[SQL_CHECK])))
		fault = run_check(store, sql[SQL_REFERENCES]);
	(void)sqlite3_set_authorizer(store->db, refuse_doors, NULL);
	return fault;
}
