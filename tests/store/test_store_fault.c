/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_fault.c: a disk that fails at the worst moment. A shim below
 * SQLite refuses to sync or to write when told to.
 */
#include "tests/store/fixture.h"

#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include <stdlib.h>
#include <string.h>

static const char sql_put[] =
    "INSERT INTO setting (name, value) VALUES (?1, ?2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char sql_get[] = "SELECT value FROM setting WHERE name = ?1";

/* ---- the shim: the default VFS with two methods of its files replaced ---- */

/* Files of different kinds have different methods below. */
struct layer {
	sqlite3_io_methods methods; /* first: found by a file's pMethods */
	const sqlite3_io_methods *below;
};

static sqlite3_vfs shim;
static struct layer layers[8];
static int sync_answer, write_answer;

static const sqlite3_io_methods *
below(sqlite3_file *file)
{
	return ((const struct layer *)(const void *)file->pMethods)->below;
}

static int
shim_sync(sqlite3_file *file, int flags)
{
	return sync_answer ? sync_answer : below(file)->xSync(file, flags);
}

static int
shim_write(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 at)
{
	return write_answer ? write_answer
			    : below(file)->xWrite(file, data, bytes, at);
}

static struct layer *
layer_over(const sqlite3_io_methods *methods)
{
	struct layer *layer = layers;

	while (layer->below && layer->below != methods)
		layer++;
	assert_true(layer < layers + 7);
	layer->below = methods;
	layer->methods = *methods;
	layer->methods.xSync = shim_sync;
	layer->methods.xWrite = shim_write;
	return layer;
}

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
	sqlite3_vfs *base = vfs->pAppData;
	int code = base->xOpen(base, name, file, flags, out_flags);

	if (code == SQLITE_OK && file->pMethods)
		file->pMethods = &layer_over(file->pMethods)->methods;
	return code;
}

static void
install_shim(void)
{
	sqlite3_vfs *base = sqlite3_vfs_find(NULL);

	shim = *base;
	shim.zName = "shim";
	shim.pNext = NULL;
	shim.pAppData = base;
	shim.xOpen = shim_open;
	assert_int_equal(sqlite3_vfs_register(&shim, 1), SQLITE_OK);
}

/* ---- tests ---- */

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct store *store;

	assert_non_null(fixture);
	fixture_directory(fixture);
	assert_int_equal(store_create(&store, fixture->state), FAULT_NONE);
	store_close(&store);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	sync_answer = write_answer = SQLITE_OK;
	fixture_close(*state);
	free(*state);
	return 0;
}

static struct store *
begin(struct fixture *fixture, int64_t value)
{
	struct store *store;

	assert_int_equal(store_open(&store, fixture->state, false), FAULT_NONE);
	assert_int_equal(store_begin(store), FAULT_NONE);
	assert_int_equal(
	    statement_run(store, sql_put, "ti", "x", value), FAULT_NONE);
	return store;
}

static int64_t
get(struct store *store)
{
	int64_t value;

	assert_int_equal(
	    statement_number(&value, -1, store, sql_get, "t", "x"), FAULT_NONE);
	return value;
}

static void
a_sync_that_fails_leaves_the_outcome_unknown(void **state)
{
	struct store *store = begin(*state, 1);

	sync_answer = SQLITE_IOERR_FSYNC;
	assert_int_equal(store_commit(store), FAULT_UNKNOWN_OUTCOME);
	sync_answer = SQLITE_OK;
	/* The transaction is over, whatever became of it. */
	assert_int_equal(store_begin(store), FAULT_NONE);
	store_rollback(store);
	store_close(&store);
}

static void
a_full_disk_is_told_as_such(void **state)
{
	struct store *store = begin(*state, 1);

	write_answer = SQLITE_FULL;
	assert_int_equal(store_commit(store), FAULT_FULL);
	write_answer = SQLITE_OK;
	assert_int_equal(get(store), -1);
	store_close(&store);
	store = begin(*state, 2);
	assert_int_equal(store_commit(store), FAULT_NONE);
	assert_int_equal(get(store), 2);
	store_close(&store);
}

static void
an_act_that_could_not_be_kept_is_reported_by_the_ledger(void **state)
{
	struct fixture *fixture = *state;
	const struct actor actor = { "ada", NULL };
	struct store *store = begin(fixture, 1);
	struct ledger ledger;

	ledger_init(&ledger, store, &fixture->appliance, &fixture->arena,
	    &actor, FIXTURE_NOW);
	assert_string_equal(ledger.actor.address, "");
	sync_answer = SQLITE_IOERR_FSYNC;
	assert_int_equal(
	    ledger_end(&ledger, FAULT_NONE), FAULT_UNKNOWN_OUTCOME);
	sync_answer = SQLITE_OK;
	store_close(&store);
}

static void
a_writer_that_waits_in_vain_is_busy_not_stuck(void **state)
{
	struct fixture *fixture = *state;
	struct store *holder = begin(fixture, 1), *other;

	assert_int_equal(store_open(&other, fixture->state, false), FAULT_NONE);
	/* The nap of ten seconds is not for a test. */
	sqlite3_busy_timeout(other->db, 1);
	assert_int_equal(store_begin(other), FAULT_BUSY);
	assert_int_equal(store_commit(holder), FAULT_NONE);
	assert_int_equal(store_begin(other), FAULT_NONE);
	assert_int_equal(get(other), 1);
	store_rollback(other);
	store_close(&other);
	store_close(&holder);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_sync_that_fails_leaves_the_outcome_unknown),
		T(a_full_disk_is_told_as_such),
		T(an_act_that_could_not_be_kept_is_reported_by_the_ledger),
		T(a_writer_that_waits_in_vain_is_busy_not_stuck),
	};
#undef T

	install_shim();
	return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
