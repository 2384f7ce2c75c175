/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * statement.h: inside this room only: SQL text to prepared statements, kept
 * per store, values bound, columns read. Everything that asks the database
 * goes through here, so that a failure is logged once and named alike.
 *
 * Reading:   if ((fault = statement_row(&row, store, sql[SQL_X], "it", id, name)))
 *                    return fault;                    (FAULT_NOT_FOUND: no row, not logged)
 *            out->units = statement_int(row, 0);
 *            out->name = statement_text(arena, row, 1);
 *            statement_done(row);
 *            return arena->failed ? FAULT_MEMORY : FAULT_NONE;
 * Many:      statement_all(); or statement_start(), then statement_list() or statement_step(), statement_done().
 * Writing:   statement_run().
 *
 * A statement is in use from statement_start()/_row() to statement_done() (or
 * to store_rollback(), which ends all); starting it again before is a bug.
 */
#ifndef LEASEHOLD_STORE_STATEMENT_H
#define LEASEHOLD_STORE_STATEMENT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sqlite3.h>

/*
 * The prepared statement of "sql", reset and unbound; kept for the life of
 * the store under the ADDRESS of the text, so "sql" is a string literal (of
 * the sql[] table).
 */
enum fault statement_get(sqlite3_stmt **out, struct store *store, const char *sql) MUST_CHECK;
/*
 * Binds ?1, ?2 … One letter per value: i int64_t · t const char * (NULL is
 * NULL) · b const void *, size_t (NULL is NULL) · n nothing, NULL. Mind that
 * an "i" value must really be of type int64_t. Text and blobs are not copied:
 * they must live until statement_done().
 */
enum fault statement_bind(sqlite3_stmt *statement, const char *types, ...) MUST_CHECK;
/* get and bind. */
enum fault statement_start(sqlite3_stmt **out, struct store *store, const char *sql, const char *types, ...) MUST_CHECK;
/* The next row; at the end or on a fault *has_row is false and the statement is done. */
enum fault statement_step(bool *has_row, sqlite3_stmt *statement) MUST_CHECK;
/* get, bind and the first row: FAULT_NOT_FOUND, *out NULL and nothing to be done when there is none. */
enum fault statement_row(sqlite3_stmt **out, struct store *store, const char *sql, const char *types, ...) MUST_CHECK;
/* get, bind, step to the end, done: for what writes. */
enum fault statement_run(struct store *store, const char *sql, const char *types, ...) MUST_CHECK;
/* The one integer a statement answers; "otherwise" when it answers no row or NULL. */
enum fault statement_number(int64_t *out, int64_t otherwise, struct store *store, const char *sql, const char *types, ...) MUST_CHECK;
/* Frees it for the next use; accepts NULL. Bindings go, so nothing bound is referred to any more. */
void statement_done(sqlite3_stmt *statement);

/*
 * All rows of a started statement as an array of items of "size" in the
 * arena, each filled by "read" (cleared before); the statement is done
 * afterwards, whatever happens. "read" answers FAULT_MEMORY when the arena
 * failed; statement_list looks at arena->failed itself too.
 */
enum fault statement_list(void **out, size_t *count, struct arena *arena, sqlite3_stmt *statement, size_t size, enum fault (*read)(void *item, struct arena *arena, sqlite3_stmt *statement)) MUST_CHECK;
/* get, bind and list: the whole of it. On a fault *out is NULL or partly filled, and *count 0. */
enum fault statement_all(void **out, size_t *count, struct arena *arena, struct store *store, size_t size, enum fault (*read)(void *item, struct arena *arena, sqlite3_stmt *statement), const char *sql, const char *types, ...) MUST_CHECK;

/* Columns from 0. NULL reads as 0, "" and false. */
int64_t statement_int(sqlite3_stmt *statement, int column);
/* Copied; NULL only when the arena failed. */
const char *statement_text(struct arena *arena, sqlite3_stmt *statement, int column);
/* Exactly "bytes" of blob into "out"; false (and zeros) when NULL or of another length. */
bool statement_blob(void *out, size_t bytes, sqlite3_stmt *statement, int column);
bool statement_is_null(sqlite3_stmt *statement, int column);

/* Rows changed by the last write, row id of the last insert. */
int64_t statement_changes(const struct store *store);
int64_t statement_inserted(const struct store *store);

/* Result code of SQLite as a fault, logged with the text that failed. */
enum fault statement_fault(sqlite3 *db, int code, const char *sql);
/* Ends every statement in use; forgets (finalizes) all kept ones. */
void statement_end_all(struct store *store);
void statement_forget(struct store *store);

#endif
