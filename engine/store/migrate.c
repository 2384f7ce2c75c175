/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * migrate.c: numbered SQL files, each run once. Does not know what they say.
 */
#include "engine/store/migrate.h"

#include "engine/base/log.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include <assert.h>

enum {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_VERSION,
	SQL_REFERENCES,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_BEGIN] = "BEGIN EXCLUSIVE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_VERSION] = "PRAGMA user_version",
	[SQL_REFERENCES] = "PRAGMA foreign_key_check",
};

static enum fault
execute(struct store *store, const char *text)
{
	int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? FAULT_NONE
				 : statement_fault(store->db, code, text);
}

/* A pragma takes no bound value; this one is a number of ours. */
static enum fault
set_version(struct store *store, int number)
{
	char *text = sqlite3_mprintf("PRAGMA user_version = %d", number);
	enum fault fault = text ? execute(store, text) : FAULT_MEMORY;

	sqlite3_free(text);
	return fault;
}

static enum fault
run_step(struct store *store, const struct schema_step *step)
{
	enum fault fault;

	if ((fault = execute(store, step->sql)))
		log_line(LOG_SEVERITY_ERROR, "%s: schema step %d (%s) failed",
		    store->path, step->number, step->name);
	return fault ? fault : set_version(store, step->number);
}

static enum fault
check_references(struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	fault = statement_row(&row, store, sql[SQL_REFERENCES], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	log_line(LOG_SEVERITY_ERROR, "%s: row %lld of %s refers to nothing",
	    store->path, (long long)sqlite3_column_int64(row, 1),
	    (const char *)sqlite3_column_text(row, 0));
	statement_done(row);
	return FAULT_DAMAGED;
}

/* The version is read again inside: another program may have been first. */
static enum fault
run_missing(struct store *store, const struct schema_step *steps, size_t count)
{
	enum fault fault;
	int64_t version;
	size_t i;

	if ((fault = migrate_version(&version, store)))
		return fault;
	for (i = 0; i < count; i++)
		if (steps[i].number > version &&
		    (fault = run_step(store, &steps[i])))
			return fault;
	return check_references(store);
}

enum fault
migrate_version(int64_t *out, struct store *store)
{
	assert(out && store);
	return statement_number(out, 0, store, sql[SQL_VERSION], "");
}

enum fault
migrate_run(struct store *store, const struct schema_step *steps, size_t count)
{
	enum fault fault;

	assert(store && steps);
	if ((fault = statement_run(store, sql[SQL_BEGIN], "")))
		return fault;
	if (!(fault = run_missing(store, steps, count)))
		fault = statement_run(store, sql[SQL_COMMIT], "");
	if (fault)
		store_rollback(store);
	return fault;
}
