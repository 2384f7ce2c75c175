/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_guard.c: a decision that breaks the sums is undone and stops
 * granting, and nothing else; whoever finds everything sound lets it go on.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/ledger_guard.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include "engine/store/store_watch.h"
#include <stdio.h>
#include <string.h>

#define HALTED  "LHD10022"
#define RESUMED "LHD10023"

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

static void
good(enum fault fault)
{
	assert_string_equal(fault_text(fault), fault_text(FAULT_NONE));
}

static void
watch(struct estate *estate, int64_t now)
{
	estate_begin(estate, now);
	good(estate_end(estate, ledger_watch(&estate->ledger)));
}

static struct watch_row
row_of(struct estate *estate)
{
	struct watch_row row;

	good(store_watch_load(&row, &estate->arena, estate->appliance.store));
	return row;
}

static int64_t
client(struct estate *estate, const char *name)
{
	return estate_client(estate, name, "CONSEC",
	    (struct allocation){ 10, 10, 100 }, "", START);
}

/* What no test may name otherwise: a rule or a disk that does not do what it should. */
static void
break_inserts(struct estate *estate, const char *what)
{
	char text[256];

	(void)snprintf(text, sizeof(text),
	    "CREATE TRIGGER broken AFTER INSERT ON lease_part BEGIN UPDATE"
	    " lease_part SET %s WHERE id = NEW.id; END",
	    what);
	good(statement_run(
	    estate->appliance.store, arena_text(&estate->arena, text), ""));
}

static void
mend_inserts(struct estate *estate)
{
	good(statement_run(estate->appliance.store, "DROP TRIGGER broken", ""));
}

static const char *
denied_code(struct estate *estate, int64_t id, int64_t now)
{
	return estate_feature(estate, id, "CONSEC", now).denied_code;
}

static void
a_broken_decision_is_undone_and_stops_granting(void **state)
{
	struct estate *estate = *state;
	int64_t a, b;

	estate_license(estate, "CONSEC", 100, "");
	a = client(estate, "a");
	b = client(estate, "b");
	estate_sync(estate, b, "CONSEC", 20, 0, START);
	break_inserts(estate, "size = size * 1000");
	/* Answered all the same, with nothing. */
	estate_sync(estate, a, "CONSEC", 20, 0, START + 1);
	assert_int_equal(estate_leased(estate, a, "CONSEC", START + 1), 0);
	assert_string_equal(denied_code(estate, a, START + 1), "recovering");
	assert_int_equal(row_of(estate).halted_at, START + 1);
	assert_non_null(strstr(row_of(estate).halted_text, "CONSEC: "));
	assert_int_equal(estate_events(estate, HALTED, "CONSEC"), 1);
	mend_inserts(estate);

	/* From then on nothing is granted, and what there is goes on. */
	estate_sync(estate, b, "CONSEC", 30, 1, START + HOUR);
	assert_int_equal(estate_leased(estate, b, "CONSEC", START + HOUR), 20);
	assert_int_equal(
	    estate_feature(estate, b, "CONSEC", START + HOUR).expires,
	    START + HOUR + DAY);
	assert_string_equal(denied_code(estate, b, START + HOUR), "recovering");
	assert_int_equal(estate_events(estate, HALTED, NULL), 1);
	/* Releases, too. */
	estate_sync(estate, b, "CONSEC", 0, 2, START + 25 * HOUR);
	assert_int_equal(
	    estate_leased(estate, b, "CONSEC", START + 25 * HOUR), 10);
}

static void
each_sum_is_watched(void **state)
{
	static const char *const wrongs[] = { "size = size * 1000",
		"subscription = size * count", "count = count + 90" };
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	for (size_t i = 0; i < 3; i++) {
		const char *const names[] = { "a", "b", "c" };

		id = client(estate, names[i]);
		break_inserts(estate, wrongs[i]);
		estate_sync(estate, id, "CONSEC", 20, 0, START + 1);
		mend_inserts(estate);
		assert_int_equal(
		    estate_leased(estate, id, "CONSEC", START + 1), 0);
		assert_int_equal(row_of(estate).halted_at, START + 1);
		estate_begin(estate, START + 2);
		good(estate_end(estate, ledger_watch_resume(&estate->ledger)));
		assert_int_equal(row_of(estate).halted_at, 0);
		estate_sync(estate, id, "CONSEC", 20, 0, START + 3);
		assert_int_equal(
		    estate_leased(estate, id, "CONSEC", START + 3), 20);
	}
	assert_int_equal(estate_events(estate, RESUMED, NULL), 3);
}

/* One that cannot even be decided without growth: the request fails, and the stop is kept. */
static void
what_stays_broken_fails_and_stops_granting(void **state)
{
	struct estate *estate = *state;
	const struct sync_want want = { "CONSEC", 20 };
	struct sync_request request;
	struct sync_answer answer;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a");
	estate_sync(estate, id, "CONSEC", 20, 0, START);
	good(statement_run(estate->appliance.store,
	    "CREATE TRIGGER broken AFTER UPDATE OF expires ON lease_part"
	    " WHEN NEW.size < 1000 BEGIN UPDATE lease_part"
	    " SET size = 5000 WHERE id = NEW.id; END",
	    ""));
	request = estate_request(estate, id, &want, 1, START + HOUR);
	estate_begin(estate, START + HOUR);
	assert_int_equal(
	    estate_end(estate, ledger_sync(&answer, &estate->ledger, &request)),
	    FAULT_DAMAGED);
	mend_inserts(estate);
	assert_int_equal(estate_leased(estate, id, "CONSEC", START + HOUR), 20);
	assert_int_equal(row_of(estate).halted_at, START + HOUR);
	assert_int_equal(estate_events(estate, HALTED, NULL), 1);
}

static void
a_broken_form_is_not_saved_and_stops_granting(void **state)
{
	struct estate *estate = *state;
	struct client_count count = { "CONSEC", { 20, 10, 100 } };
	struct client_input input = { .name = "b",
		.password_hash = "hash",
		.expires_date = "",
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = &count,
		.count_count = 1 };
	int64_t id, clients;

	estate_license(estate, "CONSEC", 100, "");
	client(estate, "a");
	good(statement_run(estate->appliance.store,
	    "CREATE TRIGGER broken AFTER INSERT ON allocation BEGIN"
	    " UPDATE allocation SET reserved = 95 WHERE client = NEW.client;"
	    " END",
	    ""));
	estate_begin(estate, START + 1);
	assert_int_equal(
	    estate_end(estate, ledger_client_add(&id, &estate->ledger, &input)),
	    FAULT_DAMAGED);
	mend_inserts(estate);
	good(store_client_count(&clients, estate->appliance.store));
	assert_int_equal(clients, 1);
	assert_int_equal(row_of(estate).halted_at, START + 1);
	assert_int_equal(estate_events(estate, HALTED, "CONSEC"), 1);
}

/* What was planted between two looks. */
static void
a_minutes_look_finds_what_nobody_decided(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = client(estate, "a");
	watch(estate, START + 60);
	good(statement_run(estate->appliance.store,
	    "INSERT INTO lease_part (client, feature, kind, size, count,"
	    " granted, expires, first) VALUES (?1, 'CONSEC', 1, 101, 1, 1,"
	    " 9999999999, 1)",
	    "i", id));
	watch(estate, START + 120);
	assert_int_equal(row_of(estate).halted_at, START + 120);
	watch(estate, START + 180);
	assert_int_equal(estate_events(estate, HALTED, NULL), 1);
}

/* A license that is lost is no broken decision. */
static void
a_total_that_fell_halts_nothing(void **state)
{
	struct estate *estate = *state;
	int64_t id, license;

	license = estate_license(estate, "CONSEC", 100, "");
	estate_license(estate, "CONSEC", 50, "");
	id = client(estate, "a");
	estate_sync(estate, id, "CONSEC", 100, 0, START);
	watch(estate, START + 60);
	estate_license_remove(estate, license);
	watch(estate, START + 120);
	assert_true(estate_pool(estate, "CONSEC", START + 120).available < 0);
	estate_sync(estate, id, "CONSEC", 100, 1, START + HOUR);
	watch(estate, START + HOUR);
	assert_int_equal(row_of(estate).halted_at, 0);
	assert_int_equal(
	    estate_leased(estate, id, "CONSEC", START + HOUR), 100);
}

static void
resuming_what_runs_is_no_event(void **state)
{
	struct estate *estate = *state;

	estate_begin(estate, START);
	good(estate_end(estate, ledger_watch_resume(&estate->ledger)));
	assert_int_equal(estate_events(estate, RESUMED, NULL), 0);
}

#define GUARD_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		GUARD_TEST(a_broken_decision_is_undone_and_stops_granting),
		GUARD_TEST(each_sum_is_watched),
		GUARD_TEST(what_stays_broken_fails_and_stops_granting),
		GUARD_TEST(a_broken_form_is_not_saved_and_stops_granting),
		GUARD_TEST(a_minutes_look_finds_what_nobody_decided),
		GUARD_TEST(a_total_that_fell_halts_nothing),
		GUARD_TEST(resuming_what_runs_is_no_event),
	};

	return cmocka_run_group_tests_name("ledger_guard", tests, NULL, NULL);
}
