/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_appliance.c: what a program opens first, and what it is told
 * when that cannot be had.
 */
#include "tests/store/fixture.h"

#include "engine/base/file.h"
#include "engine/store/store_private.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_open(fixture, ROLE_SERVER, "PSA-5000");
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
replace(struct fixture *fixture, const char *name, const char *text)
{
	assert_int_equal(
	    file_replace(fixture_path(fixture, name), text, strlen(text), 0644),
	    FAULT_NONE);
}

/* Opening it again fails so. */
static void
assert_refused(struct fixture *fixture, enum fault wanted, const char *reason)
{
	struct appliance appliance;
	char text[256];

	assert_int_equal(appliance_open(&appliance, fixture->state, true, text,
			     sizeof(text)),
	    wanted);
	if (!strstr(text, reason))
		fail_msg("%s: %s", reason, text);
	assert_null(appliance.store);
	/* Closing what was never open is fine. */
	appliance_close(&appliance);
}

static int64_t
changes(struct fixture *fixture)
{
	return fixture_sql_number(
	    fixture, "SELECT count(*) FROM event WHERE code = 'LHD10008'");
}

static void
everything_of_it_is_there(void **state)
{
	struct fixture *fixture = *state;
	const struct appliance *appliance = &fixture->appliance;

	assert_int_equal(appliance->role, ROLE_SERVER);
	assert_string_equal(appliance->hostname, "box.test");
	assert_string_equal(appliance->listen, "127.0.0.1:8443");
	assert_string_equal(appliance->platform, "PSA-5000");
	assert_string_equal(appliance->version, "8.0r5");
	assert_string_equal(appliance->zone, "UTC");
	assert_int_equal(appliance->product, PRODUCT_PCS);
	assert_int_equal(appliance->epoch, 1);
	assert_true(hardware_id_is_valid(appliance->hardware_id));
	assert_non_null(catalogue_feature(&appliance->catalogue, "CONSEC"));
	assert_int_equal(appliance->trust.count, 1);
	assert_true(appliance_lends(appliance));
	assert_int_equal(
	    fixture_sql_number(
		fixture, "SELECT count(*) FROM event WHERE code = 'LHD10009'"),
	    1);
}

static void
there_is_one_row_only(void **state)
{
	struct fixture *fixture = *state;
	const struct appliance_input input = { .role = ROLE_CLIENT,
		.hostname = "x",
		.listen = "x",
		.platform = "x",
		.version = "x",
		.zone = "UTC",
		.product = PRODUCT_PPS,
		.hardware_id = fixture->appliance.hardware_id };

	assert_int_not_equal(
	    appliance_insert(fixture->appliance.store, &input, FIXTURE_NOW),
	    FAULT_NONE);
}

static void
another_thread_gets_a_store_of_its_own(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;

	assert_int_equal(
	    appliance_store(&store, &fixture->appliance), FAULT_NONE);
	assert_ptr_not_equal(store, fixture->appliance.store);
	store_close(&store);
}

static int64_t
cache_size(struct store *store)
{
	sqlite3_stmt *statement;
	int64_t size;

	sqlite3_set_authorizer(store->db, NULL, NULL);
	assert_int_equal(sqlite3_prepare_v2(store->db, "PRAGMA cache_size", -1,
			     &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	size = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return size;
}

static void
only_the_first_store_keeps_many_pages(void **state)
{
	struct fixture *fixture = *state;
	struct store *store;
	char *message = NULL;

	assert_int_equal(
	    appliance_store(&store, &fixture->appliance), FAULT_NONE);
	/* It opens no doors. */
	assert_int_equal(
	    sqlite3_exec(store->db, "PRAGMA cache_size", NULL, NULL, &message),
	    SQLITE_AUTH);
	sqlite3_free(message);
	assert_int_equal(cache_size(store), -2048);
	assert_int_equal(cache_size(fixture->appliance.store), -16000);
	store_close(&store);
}

static void
a_missing_store_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct appliance appliance;
	char reason[256];

	assert_int_equal(
	    appliance_open(&appliance, fixture_path(fixture, "nowhere"), true,
		reason, sizeof(reason)),
	    FAULT_NOT_FOUND);
	assert_non_null(strstr(reason, "store.db"));
}

static void
a_damaged_row_is_told(void **state)
{
	struct fixture *fixture = *state;

	fixture_sql(fixture,
	    "UPDATE appliance SET hardware_id ="
	    " '0000000000000001'");
	assert_refused(fixture, FAULT_DAMAGED, "store.db");
	fixture_sql(fixture, "DELETE FROM appliance");
	assert_refused(fixture, FAULT_DAMAGED, "store.db");
}

static void
an_unknown_zone_is_told(void **state)
{
	fixture_sql(*state, "UPDATE appliance SET zone = 'Moon/Copernicus'");
	assert_refused(*state, FAULT_DAMAGED, "time zone");
}

static void
a_bad_catalogue_is_told_with_its_member(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdir(fixture_path(fixture, "conf"), 0700), 0);
	replace(fixture, "conf/catalogue.json", "{\"features\":[{\"x\":1}]}");
	setenv("LEASEHOLD_DATADIR", fixture->state, 1);
	assert_refused(fixture, FAULT_DAMAGED, "features[0].x: unknown member");
}

static void
a_broken_list_of_issuers_is_told(void **state)
{
	struct fixture *fixture = *state;

	replace(fixture, "trusted.jwks", "{");
	assert_refused(fixture, FAULT_DAMAGED, "trusted.jwks");
}

static void
no_list_of_issuers_is_no_issuer(void **state)
{
	struct fixture *fixture = *state;
	struct appliance appliance;
	char reason[256];

	assert_int_equal(unlink(fixture_path(fixture, "trusted.jwks")), 0);
	assert_int_equal(appliance_open(&appliance, fixture->state, false,
			     reason, sizeof(reason)),
	    FAULT_NONE);
	assert_int_equal(appliance.trust.count, 0);
	appliance_close(&appliance);
}

static void
a_changed_list_counts_and_is_told_once(void **state)
{
	struct fixture *fixture = *state;
	struct appliance other, *appliance = &fixture->appliance;
	char reason[256];

	assert_int_equal(appliance_open(&other, fixture->state, false, reason,
			     sizeof(reason)),
	    FAULT_NONE);
	assert_int_equal(
	    appliance_refresh_trust(appliance, FIXTURE_NOW), FAULT_NONE);
	assert_int_equal(changes(fixture), 0);
	replace(fixture, "trusted.jwks", "{\"keys\":[]}");
	assert_int_equal(
	    appliance_refresh_trust(appliance, FIXTURE_NOW), FAULT_NONE);
	assert_int_equal(
	    appliance_refresh_trust(appliance, FIXTURE_NOW), FAULT_NONE);
	assert_int_equal(appliance->trust.count, 0);
	assert_int_equal(changes(fixture), 1);
	/* Another program takes it over without telling it again. */
	assert_int_equal(other.trust.count, 1);
	assert_int_equal(
	    appliance_refresh_trust(&other, FIXTURE_NOW), FAULT_NONE);
	assert_int_equal(other.trust.count, 0);
	assert_int_equal(changes(fixture), 1);
	assert_int_equal(unlink(fixture_path(fixture, "trusted.jwks")), 0);
	assert_int_equal(
	    appliance_refresh_trust(&other, FIXTURE_NOW), FAULT_NONE);
	assert_int_equal(changes(fixture), 2);
	appliance_close(&other);
}

static void
a_broken_list_leaves_the_old_one_in_force(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
	    appliance_refresh_trust(&fixture->appliance, FIXTURE_NOW),
	    FAULT_NONE);
	replace(fixture, "trusted.jwks", "{\"keys\":");
	assert_int_equal(
	    appliance_refresh_trust(&fixture->appliance, FIXTURE_NOW),
	    FAULT_DAMAGED);
	assert_int_equal(fixture->appliance.trust.count, 1);
	assert_int_equal(changes(fixture), 0);
}

static void
roles_have_words(void **state)
{
	enum appliance_role role;
	int i;

	(void)state;
	for (i = ROLE_SERVER; i <= ROLE_CENTER; i++) {
		assert_true(appliance_role_parse(
		    &role, appliance_role_word((enum appliance_role)i)));
		assert_int_equal(role, i);
	}
	assert_false(appliance_role_parse(&role, "Server"));
	assert_false(appliance_role_parse(&role, ""));
}

static void
paths_that_do_not_fit_are_refused(void **state)
{
	char out[8];

	(void)state;
	assert_true(appliance_path(out, sizeof(out), "/s", "name"));
	assert_string_equal(out, "/s/name");
	assert_false(appliance_path(out, sizeof(out), "/s", "name1"));
}

static void
directories_come_from_the_environment_when_set(void **state)
{
	(void)state;
	setenv("LEASEHOLD_LIBEXECDIR", "/elsewhere", 1);
	assert_string_equal(appliance_program_directory(), "/elsewhere");
	setenv("LEASEHOLD_LIBEXECDIR", "", 1);
	assert_string_not_equal(appliance_program_directory(), "");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(everything_of_it_is_there),
		T(there_is_one_row_only),
		T(another_thread_gets_a_store_of_its_own),
		T(only_the_first_store_keeps_many_pages),
		T(a_missing_store_is_told),
		T(a_damaged_row_is_told),
		T(an_unknown_zone_is_told),
		T(a_bad_catalogue_is_told_with_its_member),
		T(a_broken_list_of_issuers_is_told),
		T(no_list_of_issuers_is_no_issuer),
		T(a_changed_list_counts_and_is_told_once),
		T(a_broken_list_leaves_the_old_one_in_force),
		T(roles_have_words),
		T(paths_that_do_not_fit_are_refused),
		T(directories_come_from_the_environment_when_set),
	};
#undef T

	return cmocka_run_group_tests_name(
	    "store appliance", tests, NULL, NULL);
}
