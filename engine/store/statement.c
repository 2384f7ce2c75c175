/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * statement.c: prepared statements, kept per store. Knows SQLite's calling
 * conventions so that the nouns need not; knows no table.
 */
#include "engine/store/statement.h"

#include "engine/base/log.h"
#include "engine/store/store_private.h"
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define FIRST_ROWS 16

static enum fault
fault_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return FAULT_BUSY;
	case SQLITE_FULL:
		return FAULT_FULL;
	case SQLITE_NOMEM:
	case SQLITE_TOOBIG:
		return FAULT_MEMORY;
	case SQLITE_IOERR:
		return code == SQLITE_IOERR_NOMEM ? FAULT_MEMORY : FAULT_IO;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_READONLY:
		return FAULT_IO;
	/* Damage proper, and what a sound store cannot answer: a broken constraint, a table that is missing. */
	default:
		return FAULT_DAMAGED;
	}
}

enum fault
statement_fault(sqlite3 *db, int code, const char *sql)
{
	assert(code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE);
	log_line(LOG_SEVERITY_ERROR, "store: %s (%d): %.60s",
	    db ? sqlite3_errmsg(db) : sqlite3_errstr(code), code, sql);
	return fault_of(code);
}

/* Where "sql" is kept, or the free place for it: open addressing, never full. */
static struct store_kept *
find_kept(struct store *store, const char *sql)
{
	size_t place = ((uintptr_t)sql >> 3) * UINT64_C(0x9e3779b97f4a7c15) >>
	    32;

	while (store->kept[place % STORE_KEPT_MAX].sql &&
	    store->kept[place % STORE_KEPT_MAX].sql != sql)
		place++;
	return &store->kept[place % STORE_KEPT_MAX];
}

static enum fault
prepare(struct store_kept *kept, struct store *store, const char *sql)
{
	int code = sqlite3_prepare_v3(store->db, sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &kept->statement, NULL);

	if (code != SQLITE_OK)
		return statement_fault(store->db, code, sql);
	kept->sql = sql;
	store->kept_count++;
	return FAULT_NONE;
}

enum fault
statement_get(sqlite3_stmt **out, struct store *store, const char *sql)
{
	struct store_kept *kept;
	enum fault fault;

	assert(out && store && sql);
	assert(store->kept_count < STORE_KEPT_MAX / 2);
	*out = NULL;
	kept = find_kept(store, sql);
	if (!kept->sql && (fault = prepare(kept, store, sql)))
		return fault;
	assert(!sqlite3_stmt_busy(kept->statement));
	statement_done(kept->statement);
	*out = kept->statement;
	return FAULT_NONE;
}

/* sqlite3_bind_blob takes an int; the limit of a value is far below that. */
static int
bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t bytes)
{
	if (!data)
		return sqlite3_bind_null(statement, index);
	if (bytes > INT_MAX)
		return SQLITE_TOOBIG;
	return sqlite3_bind_blob(
	    statement, index, data, (int)bytes, SQLITE_STATIC);
}

static int
bind_all(sqlite3_stmt *statement, const char *types, va_list values)
{
	int code = SQLITE_OK, index;
	const void *data;

	for (index = 1; *types && code == SQLITE_OK; types++, index++) {
		if (*types == 'i') {
			code = sqlite3_bind_int64(
			    statement, index, va_arg(values, int64_t));
		} else if (*types == 't') {
			code = sqlite3_bind_text(statement, index,
			    va_arg(values, const char *), -1, SQLITE_STATIC);
		} else if (*types == 'b') {
			data = va_arg(values, const void *);
			code = bind_blob(
			    statement, index, data, va_arg(values, size_t));
		} else {
			assert(*types == 'n');
		}
	}
	assert(code != SQLITE_OK ||
	    index - 1 == sqlite3_bind_parameter_count(statement));
	return code;
}

static enum fault
bind_values(sqlite3_stmt *statement, const char *types, va_list values)
{
	int code = bind_all(statement, types, values);
	enum fault fault;

	if (code == SQLITE_OK)
		return FAULT_NONE;
	fault = statement_fault(
	    sqlite3_db_handle(statement), code, sqlite3_sql(statement));
	statement_done(statement);
	return fault;
}

static enum fault
start(sqlite3_stmt **out, struct store *store, const char *sql,
    const char *types, va_list values)
{
	enum fault fault;

	if ((fault = statement_get(out, store, sql)))
		return fault;
	if ((fault = bind_values(*out, types, values)))
		*out = NULL;
	return fault;
}

/* The first row of a started statement; none is FAULT_NOT_FOUND. */
static enum fault
first_row(sqlite3_stmt *statement)
{
	enum fault fault;
	bool has_row;

	if ((fault = statement_step(&has_row, statement)))
		return fault;
	return has_row ? FAULT_NONE : FAULT_NOT_FOUND;
}

enum fault
statement_bind(sqlite3_stmt *statement, const char *types, ...)
{
	enum fault fault;
	va_list values;

	assert(statement && types);
	va_start(values, types);
	fault = bind_values(statement, types, values);
	va_end(values);
	return fault;
}

enum fault
statement_start(sqlite3_stmt **out, struct store *store, const char *sql,
    const char *types, ...)
{
	enum fault fault;
	va_list values;

	assert(out && store && sql && types);
	va_start(values, types);
	fault = start(out, store, sql, types, values);
	va_end(values);
	return fault;
}

enum fault
statement_step(bool *has_row, sqlite3_stmt *statement)
{
	int code;
	enum fault fault;

	assert(has_row && statement);
	code = sqlite3_step(statement);
	*has_row = code == SQLITE_ROW;
	if (code == SQLITE_ROW)
		return FAULT_NONE;
	fault = code == SQLITE_DONE
	    ? FAULT_NONE
	    : statement_fault(
		  sqlite3_db_handle(statement), code, sqlite3_sql(statement));
	statement_done(statement);
	return fault;
}

enum fault
statement_row(sqlite3_stmt **out, struct store *store, const char *sql,
    const char *types, ...)
{
	enum fault fault;
	va_list values;

	assert(out && store && sql && types);
	va_start(values, types);
	fault = start(out, store, sql, types, values);
	va_end(values);
	if (!fault)
		fault = first_row(*out);
	if (fault)
		*out = NULL;
	return fault;
}

static enum fault
step_to_end(sqlite3_stmt *statement)
{
	enum fault fault;
	bool has_row;

	do
		fault = statement_step(&has_row, statement);
	while (!fault && has_row);
	return fault;
}

enum fault
statement_run(struct store *store, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	enum fault fault;
	va_list values;

	assert(store && sql && types);
	va_start(values, types);
	fault = start(&statement, store, sql, types, values);
	va_end(values);
	return fault ? fault : step_to_end(statement);
}

enum fault
statement_number(int64_t *out, int64_t otherwise, struct store *store,
    const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	enum fault fault;
	va_list values;

	assert(out && store && sql && types);
	*out = otherwise;
	va_start(values, types);
	fault = start(&statement, store, sql, types, values);
	va_end(values);
	if (!fault)
		fault = first_row(statement);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (!statement_is_null(statement, 0))
		*out = statement_int(statement, 0);
	statement_done(statement);
	return FAULT_NONE;
}

void
statement_done(sqlite3_stmt *statement)
{
	/* What reset answers is the failure of the last step, reported then. */
	(void)sqlite3_reset(statement);
	if (statement)
		(void)sqlite3_clear_bindings(statement);
}

/* Room for one item more: the array doubles when it is full. */
static bool
make_room(
    void **items, size_t *room, struct arena *arena, size_t count, size_t size)
{
	size_t more = *room ? *room * 2 : FIRST_ROWS;
	void *larger;

	if (count < *room)
		return true;
	if (!(larger = arena_array(arena, more, size)))
		return false;
	if (count)
		memcpy(larger, *items, count * size);
	*items = larger;
	*room = more;
	return true;
}

enum fault
statement_list(void **out, size_t *count, struct arena *arena,
    sqlite3_stmt *statement, size_t size,
    enum fault (*read)(
	void *item, struct arena *arena, sqlite3_stmt *statement))
{
	size_t room = 0;
	enum fault fault;
	bool has_row;

	assert(out && count && arena && statement && size && read);
	*out = NULL;
	*count = 0;
	while (!(fault = statement_step(&has_row, statement)) && has_row) {
		if (!make_room(out, &room, arena, *count, size))
			fault = FAULT_MEMORY;
		else
			fault = read(
			    (char *)*out + *count * size, arena, statement);
		if (!fault && arena->failed)
			fault = FAULT_MEMORY;
		if (fault)
			break;
		++*count;
	}
	statement_done(statement);
	if (fault)
		*count = 0;
	return fault;
}

enum fault
statement_all(void **out, size_t *count, struct arena *arena,
    struct store *store, size_t size,
    enum fault (*read)(
	void *item, struct arena *arena, sqlite3_stmt *statement),
    const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	enum fault fault;
	va_list values;

	assert(out && count && arena && store && read && sql && types);
	*out = NULL;
	*count = 0;
	va_start(values, types);
	fault = start(&statement, store, sql, types, values);
	va_end(values);
	return fault ? fault
		     : statement_list(out, count, arena, statement, size, read);
}

int64_t
statement_int(sqlite3_stmt *statement, int column)
{
	assert(statement && column < sqlite3_column_count(statement));
	return sqlite3_column_int64(statement, column);
}

const char *
statement_text(struct arena *arena, sqlite3_stmt *statement, int column)
{
	const char *text;

	assert(arena && statement && column < sqlite3_column_count(statement));
	text = (const char *)sqlite3_column_text(statement, column);
	return arena_text_n(arena, text ? text : "",
	    (size_t)sqlite3_column_bytes(statement, column));
}

bool
statement_blob(void *out, size_t bytes, sqlite3_stmt *statement, int column)
{
	const void *data;

	assert(out && bytes && statement);
	assert(column < sqlite3_column_count(statement));
	memset(out, 0, bytes);
	data = sqlite3_column_blob(statement, column);
	if (!data || (size_t)sqlite3_column_bytes(statement, column) != bytes)
		return false;
	memcpy(out, data, bytes);
	return true;
}

bool
statement_is_null(sqlite3_stmt *statement, int column)
{
	assert(statement && column < sqlite3_column_count(statement));
	return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

int64_t
statement_changes(const struct store *store)
{
	assert(store);
	return sqlite3_changes64(store->db);
}

int64_t
statement_inserted(const struct store *store)
{
	assert(store);
	return sqlite3_last_insert_rowid(store->db);
}

void
statement_end_all(struct store *store)
{
	sqlite3_stmt *statement = NULL;

	assert(store);
	while ((statement = sqlite3_next_stmt(store->db, statement)))
		statement_done(statement);
}

void
statement_forget(struct store *store)
{
	size_t i;

	assert(store);
	for (i = 0; i < STORE_KEPT_MAX; i++)
		(void)sqlite3_finalize(store->kept[i].statement);
	memset(store->kept, 0, sizeof(store->kept));
	store->kept_count = 0;
}
