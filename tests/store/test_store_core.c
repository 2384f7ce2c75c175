/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_core.c: a store is opened only when it is whole and ours, and
 * what was committed is there.
 */
#include "tests/store/fixture.h"

#include "engine/store/migrate.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char sql_put[] =
    "INSERT INTO setting (name, value) VALUES (?1, ?2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char sql_get[] = "SELECT value FROM setting WHERE name = ?1";
static const char sql_all[] = "SELECT name FROM setting ORDER BY name";

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_directory(fixture);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static void
create(struct fixture *fixture)
{
	struct store *store;

	assert_int_equal(store_create(&store, fixture->state), FAULT_NONE);
	store_close(&store);
}

static struct store *
open_it(struct fixture *fixture)
{
	struct store *store;

	assert_int_equal(store_open(&store, fixture->state, true), FAULT_NONE);
	return store;
}

static void
put(struct store *store, const char *name, int64_t value)
{
	assert_int_equal(
	    statement_run(store, sql_put, "ti", name, value), FAULT_NONE);
}

static int64_t
get(struct store *store, const char *name)
{
	int64_t value;

	assert_int_equal(
	    statement_number(&value, -1, store, sql_get, "t", name),
	    FAULT_NONE);
	return value;
}

static void
assert_refused(struct fixture *fixture, bool check, enum fault wanted)
{
	struct store *store;

	assert_int_equal(store_open(&store, fixture->state, check), wanted);
	assert_null(store);
}

static void
write_file(struct fixture *fixture, const char *data, size_t bytes)
{
	FILE *file = fopen(fixture_path(fixture, "store.db"), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, bytes, file), bytes);
	fclose(file);
}

static mode_t
mode_of(struct fixture *fixture, const char *name)
{
	struct stat about;

	assert_int_equal(stat(fixture_path(fixture, name), &about), 0);
	return about.st_mode & 0777;
}

/* ---- creating and opening ---- */

static void
a_new_store_is_private_and_durable(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;

	assert_int_equal(store_create(&store, fixture->state), FAULT_NONE);
	put(store, "x", 1);
	assert_int_equal(mode_of(fixture, "store.db"), 0600);
	assert_int_equal(mode_of(fixture, "store.db-wal"), 0600);
	store_close(&store);
	assert_int_equal(fixture_sql_number(fixture, "PRAGMA application_id"),
	    STORE_APPLICATION_ID);
	assert_int_equal(fixture_sql_number(fixture, "PRAGMA user_version"),
	    (int64_t)schema_steps_count);
	assert_int_equal(fixture_sql_number(fixture,
			     "SELECT journal_mode = 'wal'"
			     " FROM pragma_journal_mode"),
	    1);
}

static void
a_second_creation_leaves_the_first_alone(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;

	create(fixture);
	store = open_it(fixture);
	put(store, "x", 7);
	store_close(&store);
	assert_int_equal(store_create(&store, fixture->state), FAULT_BUSY);
	assert_null(store);
	store = open_it(fixture);
	assert_int_equal(get(store, "x"), 7);
	store_close(&store);
}

static void
a_missing_store_is_not_made(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, true, FAULT_NOT_FOUND);
	assert_int_not_equal(
	    access(fixture_path(fixture, "store.db"), F_OK), 0);
}

static void
a_creation_without_a_directory_fails(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;

	assert_int_not_equal(
	    store_create(&store, fixture_path(fixture, "nowhere")), FAULT_NONE);
	assert_null(store);
}

static void
garbage_is_refused(void **state)
{
	char garbage[8192];

	memset(garbage, 'x', sizeof(garbage));
	write_file(*state, garbage, sizeof(garbage));
	assert_refused(*state, false, FAULT_DAMAGED);
}

static void
an_empty_file_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct stat about;

	write_file(fixture, "", 0);
	assert_refused(fixture, false, FAULT_DAMAGED);
	assert_int_equal(stat(fixture_path(fixture, "store.db"), &about), 0);
	assert_int_equal(about.st_size, 0);
}

static void
a_truncated_store_is_refused(void **state)
{
	struct fixture *fixture = *state;

	create(fixture);
	assert_int_equal(
	    truncate(fixture_path(fixture, "store.db"), 3 * 4096), 0);
	assert_refused(fixture, false, FAULT_DAMAGED);
}

static void
a_newer_schema_is_refused(void **state)
{
	create(*state);
	fixture_sql(*state, "PRAGMA user_version = 9999");
	assert_refused(*state, false, FAULT_DAMAGED);
	fixture_sql(*state, "PRAGMA user_version = 0");
	assert_refused(*state, false, FAULT_DAMAGED);
	fixture_sql(*state, "PRAGMA user_version = -1");
	assert_refused(*state, false, FAULT_DAMAGED);
}

static void
a_foreign_database_is_refused_and_left_alone(void **state)
{
	fixture_sql(*state, "CREATE TABLE other (id INTEGER)");
	assert_refused(*state, true, FAULT_DAMAGED);
	fixture_sql(*state, "PRAGMA application_id = 1");
	assert_refused(*state, true, FAULT_DAMAGED);
	assert_int_equal(
	    fixture_sql_number(*state, "SELECT count(*) FROM sqlite_schema"),
	    1);
}

static void
a_broken_page_shows_when_checked(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;
	int file, page;

	create(fixture);
	file = open(fixture_path(fixture, "store.db"), O_WRONLY);
	for (page = 2; page < 6; page++)
		assert_int_equal(
		    pwrite(file, "\xff\xff\xff\xff\xff\xff\xff\xff", 8,
			(off_t)page * 4096),
		    8);
	close(file);
	assert_refused(fixture, true, FAULT_DAMAGED);
	/* Unchecked it may open; the full check finds it. */
	if (store_open(&store, fixture->state, false) == FAULT_NONE)
		assert_int_equal(store_verify(store), FAULT_DAMAGED);
	store_close(&store);
}

static void
a_sound_store_verifies(void **state)
{
	struct store *store;

	create(*state);
	store = open_it(*state);
	assert_int_equal(store_verify(store), FAULT_NONE);
	/* And again: the doors were shut in between. */
	assert_int_equal(store_verify(store), FAULT_NONE);
	store_close(&store);
}

static void
a_reference_to_nothing_fails_verification(void **state)
{
	struct store *store;

	create(*state);
	fixture_sql(*state,
	    "PRAGMA foreign_keys = OFF;"
	    "INSERT INTO client_contact (client) VALUES (5)");
	store = open_it(*state);
	assert_int_equal(store_verify(store), FAULT_DAMAGED);
	store_close(&store);
}

static void
foreign_keys_hold(void **state)
{
	struct store *store;

	create(*state);
	store = open_it(*state);
	assert_int_not_equal(
	    statement_run(
		store, "INSERT INTO client_contact (client) VALUES (5)", ""),
	    FAULT_NONE);
	store_close(&store);
}

static void
an_open_store_has_no_side_doors(void **state)
{
	struct store *store;

	create(*state);
	store = open_it(*state);
	assert_int_not_equal(
	    statement_run(
		store, "ATTACH '/tmp/leasehold-side-door.db' AS side", ""),
	    FAULT_NONE);
	assert_int_not_equal(
	    statement_run(store, "PRAGMA synchronous = OFF", ""), FAULT_NONE);
	assert_int_not_equal(access("/tmp/leasehold-side-door.db", F_OK), 0);
	store_close(&store);
}

static void
closing_nothing_is_fine(void **state)
{
	struct store *store = NULL;

	(void)state;
	store_close(&store);
	assert_null(store);
}

/* ---- migrations ---- */

static const struct schema_step two_steps[] = {
	{ 1, "first",
	    "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"
	    "INSERT INTO a VALUES (1);" },
	{ 2, "second",
	    "CREATE TABLE b (a INTEGER NOT NULL REFERENCES a (id))"
	    " STRICT; INSERT INTO b SELECT id FROM a;" },
};

static const struct schema_step broken_step[] = {
	{ 3, "broken", "CREATE TABLE c (id INTEGER); CREATE TABLE a (x);" },
};

static const struct schema_step loose_step[] = {
	{ 3, "loose", "INSERT INTO b VALUES (77);" },
};

/* A bare connection, as migrate.c gets it. */
static void
open_bare(struct store *store, struct fixture *fixture)
{
	memset(store, 0, sizeof(*store));
	snprintf(store->path, sizeof(store->path), "bare");
	assert_int_equal(
	    sqlite3_open(fixture_path(fixture, "bare.db"), &store->db),
	    SQLITE_OK);
}

static void
close_bare(struct store *store)
{
	statement_forget(store);
	assert_int_equal(sqlite3_close(store->db), SQLITE_OK);
}

static void
steps_run_in_order_and_once(void **state)
{
	struct store store;
	int64_t number;

	open_bare(&store, *state);
	assert_int_equal(migrate_version(&number, &store), FAULT_NONE);
	assert_int_equal(number, 0);
	assert_int_equal(migrate_run(&store, two_steps, 1), FAULT_NONE);
	assert_int_equal(migrate_run(&store, two_steps, 2), FAULT_NONE);
	assert_int_equal(migrate_run(&store, two_steps, 2), FAULT_NONE);
	assert_int_equal(migrate_version(&number, &store), FAULT_NONE);
	assert_int_equal(number, 2);
	assert_int_equal(
	    statement_number(&number, -1, &store, "SELECT count(*) FROM b", ""),
	    FAULT_NONE);
	assert_int_equal(number, 1);
	close_bare(&store);
}

static void
a_failed_step_leaves_the_schema_as_it_was(void **state)
{
	struct store store;
	int64_t number;

	open_bare(&store, *state);
	assert_int_equal(migrate_run(&store, two_steps, 2), FAULT_NONE);
	assert_int_not_equal(migrate_run(&store, broken_step, 1), FAULT_NONE);
	assert_int_equal(migrate_version(&number, &store), FAULT_NONE);
	assert_int_equal(number, 2);
	assert_int_equal(
	    statement_number(&number, -1, &store,
		"SELECT count(*) FROM sqlite_schema WHERE name = 'c'", ""),
	    FAULT_NONE);
	assert_int_equal(number, 0);
	close_bare(&store);
}

static void
a_step_that_breaks_references_is_undone(void **state)
{
	struct store store;
	int64_t number;

	open_bare(&store, *state);
	assert_int_equal(migrate_run(&store, two_steps, 2), FAULT_NONE);
	assert_int_equal(migrate_run(&store, loose_step, 1), FAULT_DAMAGED);
	assert_int_equal(migrate_version(&number, &store), FAULT_NONE);
	assert_int_equal(number, 2);
	close_bare(&store);
}

/* ---- statements ---- */

static void
the_ends_of_int64_come_back(void **state)
{
	struct store *store;

	create(*state);
	store = open_it(*state);
	put(store, "low", INT64_MIN);
	put(store, "high", INT64_MAX);
	assert_true(get(store, "low") == INT64_MIN);
	assert_true(get(store, "high") == INT64_MAX);
	store_close(&store);
}

static void
rows_that_are_not_there_are_told_from_faults(void **state)
{
	struct store *store;
	sqlite3_stmt *row;

	create(*state);
	store = open_it(*state);
	assert_int_equal(
	    statement_row(&row, store, sql_get, "t", "none"), FAULT_NOT_FOUND);
	assert_null(row);
	assert_int_equal(get(store, "none"), -1);
	assert_int_equal(
	    statement_row(&row, store, "SELECT 1 FROM nothing", ""),
	    FAULT_DAMAGED);
	assert_null(row);
	store_close(&store);
}

static enum fault
read_name(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	*(const char **)item = statement_text(arena, statement, 0);
	return FAULT_NONE;
}

static void
lists_grow_with_their_rows(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;
	sqlite3_stmt *statement;
	const char **names;
	char name[16];
	void *items;
	size_t count, i;

	create(fixture);
	store = open_it(fixture);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "n%03zu", i);
		put(store, name, 0);
	}
	assert_int_equal(
	    statement_start(&statement, store, sql_all, ""), FAULT_NONE);
	assert_int_equal(statement_list(&items, &count, &fixture->arena,
			     statement, sizeof(*names), read_name),
	    FAULT_NONE);
	names = items;
	assert_int_equal(count, 100);
	assert_string_equal(names[0], "n000");
	assert_string_equal(names[15], "n015");
	assert_string_equal(names[16], "n016");
	assert_string_equal(names[99], "n099");
	store_close(&store);
}

static void
a_full_arena_is_a_fault_and_frees_the_statement(void **state)
{
	struct store *store;
	sqlite3_stmt *statement;
	struct arena small;
	void *items;
	size_t count;

	create(*state);
	store = open_it(*state);
	put(store, "a-name-of-some-length-that-does-not-fit", 0);
	arena_init(&small, 32);
	assert_int_equal(
	    statement_start(&statement, store, sql_all, ""), FAULT_NONE);
	assert_int_equal(statement_list(&items, &count, &small, statement,
			     sizeof(const char *), read_name),
	    FAULT_MEMORY);
	assert_int_equal(count, 0);
	arena_clear(&small);
	assert_int_equal(
	    statement_start(&statement, store, sql_all, ""), FAULT_NONE);
	statement_done(statement);
	store_close(&store);
}

static void
blobs_have_their_length_or_are_none(void **state)
{
	struct store *store;
	sqlite3_stmt *row;
	uint8_t in[4] = { 1, 2, 3, 4 }, out[4], five[5];

	create(*state);
	store = open_it(*state);
	assert_int_equal(
	    statement_row(&row, store, "SELECT ?1, NULL", "b", in, sizeof(in)),
	    FAULT_NONE);
	assert_true(statement_blob(out, sizeof(out), row, 0));
	assert_memory_equal(in, out, sizeof(in));
	assert_false(statement_blob(five, sizeof(five), row, 0));
	assert_false(statement_blob(out, sizeof(out), row, 1));
	assert_true(statement_is_null(row, 1));
	assert_int_equal(out[0], 0);
	statement_done(row);
	store_close(&store);
}

/* ---- transactions ---- */

static void
rollback_leaves_nothing_and_ends_statements(void **state)
{
	struct store *store;
	sqlite3_stmt *row;

	create(*state);
	store = open_it(*state);
	put(store, "x", 1);
	assert_int_equal(store_begin(store), FAULT_NONE);
	put(store, "x", 2);
	assert_int_equal(
	    statement_row(&row, store, sql_get, "t", "x"), FAULT_NONE);
	store_rollback(store);
	store_rollback(store);
	assert_int_equal(get(store, "x"), 1);
	store_close(&store);
}

static void
one_act_of_a_batch_is_undone_alone(void **state)
{
	struct store *store;

	create(*state);
	store = open_it(*state);
	assert_int_equal(store_begin(store), FAULT_NONE);
	assert_int_equal(store_savepoint(store), FAULT_NONE);
	put(store, "first", 1);
	assert_int_equal(store_keep(store), FAULT_NONE);
	assert_int_equal(store_savepoint(store), FAULT_NONE);
	put(store, "second", 2);
	assert_int_equal(store_undo(store), FAULT_NONE);
	assert_int_equal(store_commit(store), FAULT_NONE);
	assert_int_equal(get(store, "first"), 1);
	assert_int_equal(get(store, "second"), -1);
	store_close(&store);
}

static void
a_read_sees_one_snapshot(void **state)
{
	struct store *reader, *writer;

	create(*state);
	reader = open_it(*state);
	writer = open_it(*state);
	put(writer, "x", 1);
	assert_int_equal(store_begin_read(reader), FAULT_NONE);
	assert_int_equal(get(reader, "x"), 1);
	put(writer, "x", 2);
	assert_int_equal(get(reader, "x"), 1);
	assert_int_equal(store_commit(reader), FAULT_NONE);
	assert_int_equal(get(reader, "x"), 2);
	store_close(&reader);
	store_close(&writer);
}

#define COUNTS 200

/* Reads and writes back one more, in one transaction each time. */
static int
count_up(const char *directory)
{
	struct store *store;
	int64_t value;
	int i;

	if (store_open(&store, directory, false))
		return 1;
	for (i = 0; i < COUNTS; i++) {
		if (store_begin(store) ||
		    statement_number(&value, 0, store, sql_get, "t", "n") ||
		    statement_run(store, sql_put, "ti", "n", value + 1) ||
		    store_commit(store))
			return 2;
	}
	store_close(&store);
	return 0;
}

static void
processes_that_write_at_once_lose_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;
	pid_t children[3];
	size_t i;
	int status;

	create(fixture);
	for (i = 0; i < 3; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			_exit(count_up(fixture->state));
	}
	for (i = 0; i < 3; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	store = open_it(fixture);
	assert_int_equal(get(store, "n"), 3 * COUNTS);
	store_close(&store);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_new_store_is_private_and_durable),
		T(a_second_creation_leaves_the_first_alone),
		T(a_missing_store_is_not_made),
		T(a_creation_without_a_directory_fails),
		T(garbage_is_refused),
		T(an_empty_file_is_refused),
		T(a_truncated_store_is_refused),
		T(a_newer_schema_is_refused),
		T(a_foreign_database_is_refused_and_left_alone),
		T(a_broken_page_shows_when_checked),
		T(a_sound_store_verifies),
		T(a_reference_to_nothing_fails_verification),
		T(foreign_keys_hold),
		T(an_open_store_has_no_side_doors),
		T(closing_nothing_is_fine),
		T(steps_run_in_order_and_once),
		T(a_failed_step_leaves_the_schema_as_it_was),
		T(a_step_that_breaks_references_is_undone),
		T(the_ends_of_int64_come_back),
		T(rows_that_are_not_there_are_told_from_faults),
		T(lists_grow_with_their_rows),
		T(a_full_arena_is_a_fault_and_frees_the_statement),
		T(blobs_have_their_length_or_are_none),
		T(rollback_leaves_nothing_and_ends_statements),
		T(one_act_of_a_batch_is_undone_alone),
		T(a_read_sees_one_snapshot),
		T(processes_that_write_at_once_lose_nothing),
	};
#undef T

	return cmocka_run_group_tests_name("store core", tests, NULL, NULL);
}
