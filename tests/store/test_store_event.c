/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_event.c: the logs tell what happened, and whether somebody
 * changed what they tell.
 */
#include "tests/store/fixture.h"

#include "engine/store/store_event.h"
#include <stdlib.h>
#include <string.h>

static const struct actor ada = { "ada", "192.0.2.7" };

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_directory(fixture);
	assert_int_equal(
	    store_create(&fixture->appliance.store, fixture->state),
	    FAULT_NONE);
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
append(struct fixture *fixture, const char *object, int64_t now)
{
	assert_int_equal(
	    store_event_append(fixture->appliance.store, EVENT_LEASE_GIVEN,
		&ada, object, "75", "CONSEC", "50", "50/25/100", now),
	    FAULT_NONE);
}

/* Rows 1 to 5. */
static void
append_five(struct fixture *fixture)
{
	int i;

	for (i = 0; i < 5; i++)
		append(fixture, "gw1", FIXTURE_NOW + i);
}

static int64_t
broken(struct fixture *fixture)
{
	int64_t id;

	assert_int_equal(
	    store_event_verify(&id, fixture->appliance.store), FAULT_NONE);
	return id;
}

static void
a_row_tells_the_sentence_with_its_values(void **state)
{
	struct fixture *fixture = *state;
	struct event_row *rows;
	size_t count;

	append(fixture, "gw1", FIXTURE_NOW);
	assert_int_equal(store_event_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, NULL, NULL, 10),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].text,
	    "Client gw1 leases 75 CONSEC now, 50 before; "
	    "reserved/increment/maximum 50/25/100.");
	assert_string_equal(rows[0].code, "LIC30503");
	assert_string_equal(rows[0].log, "event");
	assert_string_equal(rows[0].actor, "ada");
	assert_string_equal(rows[0].address, "192.0.2.7");
	assert_string_equal(rows[0].object, "gw1");
	assert_int_equal(rows[0].severity, 1);
	assert_int_equal(rows[0].at, FIXTURE_NOW);
	assert_int_equal(rows[0].id, 1);
}

static void
a_value_in_braces_stays_a_value(void **state)
{
	struct fixture *fixture = *state;
	struct event_row *rows;
	size_t count;

	assert_int_equal(
	    store_event_append(fixture->appliance.store, EVENT_LICENSE_REFUSED,
		&ada, "{reason}", "{key} {", NULL, NULL, NULL, INT64_MAX),
	    FAULT_NONE);
	assert_int_equal(store_event_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, "admin", "{reason}", 1),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].text, "License key refused: {key} {");
	assert_true(rows[0].at == INT64_MAX);
	assert_int_equal(broken(fixture), 0);
}

/* A name that a sentence asks for is among the parameters, and each parameter is named once. */
static void
every_sentence_asks_for_its_parameters(void **state)
{
	static const struct {
		const char *parameters, *sentence;
	} kinds[] = {
#define EVENT(symbol, code, severity, log, parameters, sentence)               \
	{ parameters, sentence },
#include "engine/store/events.tbl"
#undef EVENT
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *at = kinds[i].sentence;

		while ((at = strchr(at, '{')) != NULL) {
			size_t length = strcspn(++at, "}");
			const char *name = kinds[i].parameters;
			size_t found = 0;

			while (*name) {
				size_t word = strcspn(name, " ");

				found += word == length &&
				    memcmp(name, at, length) == 0;
				name += word + (name[word] == ' ');
			}
			if (found != 1)
				fail_msg("%.*s of \"%s\"", (int)length, at,
				    kinds[i].sentence);
		}
	}
}

static void
lists_are_newest_first_and_by_log_and_object(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = fixture->appliance.store;
	struct event_row *rows;
	size_t count;

	append_five(fixture);
	append(fixture, "gw2", FIXTURE_NOW + 9);
	assert_int_equal(store_event_append(store, EVENT_SIGNED_IN, &ada, "ada",
			     NULL, NULL, NULL, NULL, FIXTURE_NOW),
	    FAULT_NONE);
	assert_int_equal(store_event_list(&rows, &count, &fixture->arena, store,
			     NULL, NULL, 3),
	    FAULT_NONE);
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].id, 7);
	assert_int_equal(rows[2].id, 5);
	assert_int_equal(store_event_list(&rows, &count, &fixture->arena, store,
			     "admin", NULL, 100),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(store_event_list(&rows, &count, &fixture->arena, store,
			     "event", "gw2", 100),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(store_event_list(&rows, &count, &fixture->arena, store,
			     NULL, NULL, 0),
	    FAULT_NONE);
	assert_int_equal(count, 0);
}

static void
an_empty_log_and_a_whole_one_verify(void **state)
{
	assert_int_equal(broken(*state), 0);
	append_five(*state);
	assert_int_equal(broken(*state), 0);
}

static void
each_changed_column_shows(void **state)
{
	static const char *const changes[] = {
		"UPDATE event SET at = at + 1 WHERE id = 3",
		"UPDATE event SET log = 'admin' WHERE id = 3",
		"UPDATE event SET code = 'X' WHERE id = 3",
		"UPDATE event SET severity = 9 WHERE id = 3",
		"UPDATE event SET actor = 'eve' WHERE id = 3",
		"UPDATE event SET address = '' WHERE id = 3",
		"UPDATE event SET object = 'gw' WHERE id = 3",
		"UPDATE event SET text = text || '.' WHERE id = 3",
		"UPDATE event SET hash = zeroblob(32) WHERE id = 3",
		/* The same bytes, shared out between columns otherwise. */
		"UPDATE event SET actor = 'ada1', address = '92.0.2.7'"
		" WHERE id = 3",
	};
	struct fixture *fixture = *state;
	size_t i;

	append_five(fixture);
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		fixture_sql(fixture,
		    "DROP TABLE IF EXISTS kept;"
		    "CREATE TABLE kept AS SELECT * FROM event");
		fixture_sql(fixture, changes[i]);
		assert_int_equal(broken(fixture), 3);
		fixture_sql(fixture,
		    "DELETE FROM event WHERE id = 3;"
		    "INSERT INTO event SELECT * FROM kept"
		    " WHERE id = 3");
		assert_int_equal(broken(fixture), 0);
	}
}

static void
a_deleted_row_shows(void **state)
{
	append_five(*state);
	fixture_sql(*state, "DELETE FROM event WHERE id = 2");
	assert_int_equal(broken(*state), 2);
}

static void
a_deleted_first_row_shows(void **state)
{
	append_five(*state);
	fixture_sql(*state, "DELETE FROM event WHERE id = 1");
	assert_int_equal(broken(*state), 1);
}

static void
a_cut_end_shows(void **state)
{
	struct fixture *fixture = *state;

	append_five(fixture);
	fixture_sql(fixture, "DELETE FROM event WHERE id >= 4");
	assert_int_equal(broken(fixture), 4);
	/* And goes on showing when the log goes on. */
	append(fixture, "gw1", FIXTURE_NOW);
	assert_int_equal(broken(fixture), 4);
}

static void
an_emptied_log_shows(void **state)
{
	append_five(*state);
	fixture_sql(*state, "DELETE FROM event");
	assert_int_equal(broken(*state), 1);
}

static void
an_inserted_row_shows(void **state)
{
	append_five(*state);
	fixture_sql(*state,
	    "INSERT INTO event SELECT 6, at, log, code,"
	    " severity, actor, address, object, text, hash"
	    " FROM event WHERE id = 5");
	assert_int_equal(broken(*state), 6);
}

static void
two_rows_exchanged_show(void **state)
{
	append_five(*state);
	fixture_sql(*state,
	    "UPDATE event SET id = 100 WHERE id = 2;"
	    "UPDATE event SET id = 2 WHERE id = 3;"
	    "UPDATE event SET id = 3 WHERE id = 100");
	assert_int_equal(broken(*state), 2);
}

static size_t
find(struct fixture *fixture, const struct event_filter *filter,
    int64_t *matching)
{
	struct event_row *rows;
	size_t count;

	assert_int_equal(store_event_page(&rows, &count, matching,
			     &fixture->arena, fixture->appliance.store, filter),
	    FAULT_NONE);
	return count;
}

static void
a_page_is_filtered_and_counted(void **state)
{
	struct fixture *fixture = *state;
	struct event_filter filter = { NULL, "", 0, 0, 2 };
	struct event_row row;
	int64_t matching;

	append_five(fixture);
	append(fixture, "West", FIXTURE_NOW);
	assert_int_equal(find(fixture, &filter, &matching), 2);
	assert_int_equal(matching, 6);
	filter.offset = 5;
	assert_int_equal(find(fixture, &filter, &matching), 1);
	filter = (struct event_filter){ "event", "wEST", 0, 0, 9 };
	assert_int_equal(find(fixture, &filter, &matching), 1);
	assert_int_equal(matching, 1);
	filter.log = "admin";
	assert_int_equal(find(fixture, &filter, &matching), 0);
	/* LIC30503 has severity 1. */
	filter = (struct event_filter){ NULL, "lic30503", 1, 0, 9 };
	assert_int_equal(find(fixture, &filter, &matching), 6);
	filter.severity = 2;
	assert_int_equal(find(fixture, &filter, &matching), 0);
	/* No character of what is looked for means anything else. */
	filter = (struct event_filter){ NULL, "%", 0, 0, 9 };
	assert_int_equal(find(fixture, &filter, &matching), 0);

	assert_int_equal(store_event_load(&row, &fixture->arena,
			     fixture->appliance.store, 6),
	    FAULT_NONE);
	assert_string_equal(row.object, "West");
	assert_int_equal(store_event_load(&row, &fixture->arena,
			     fixture->appliance.store, 7),
	    FAULT_NOT_FOUND);
}

static void
an_event_goes_with_its_transaction(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = fixture->appliance.store;

	append(fixture, "gw1", FIXTURE_NOW);
	assert_int_equal(store_begin(store), FAULT_NONE);
	append(fixture, "gw2", FIXTURE_NOW);
	store_rollback(store);
	append(fixture, "gw3", FIXTURE_NOW);
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT max(id) FROM event"), 2);
	assert_int_equal(broken(fixture), 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_row_tells_the_sentence_with_its_values),
		T(a_value_in_braces_stays_a_value),
		T(every_sentence_asks_for_its_parameters),
		T(lists_are_newest_first_and_by_log_and_object),
		T(an_empty_log_and_a_whole_one_verify),
		T(each_changed_column_shows),
		T(a_deleted_row_shows),
		T(a_deleted_first_row_shows),
		T(a_cut_end_shows),
		T(an_emptied_log_shows),
		T(an_inserted_row_shows),
		T(two_rows_exchanged_show),
		T(a_page_is_filtered_and_counted),
		T(an_event_goes_with_its_transaction),
	};
#undef T

	return cmocka_run_group_tests_name("store events", tests, NULL, NULL);
}
