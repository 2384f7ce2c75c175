/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_agent_sessions.c: the table of users: found by ID, counted apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/sessions.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sessions sessions;

static int
drop(void **state)
{
	(void)state;
	sessions_clear(&sessions);
	return 0;
}

static struct session *
reserve(const char *id, const char *user, const char *feature, int64_t now)
{
	const struct session_row row = { .id = id,
		.user = user,
		.feature = feature,
		.gateway = "g",
		.began_at = now,
		.seen_at = now,
		.timeout = 60 };
	struct session *session;

	assert_int_equal(
	    sessions_reserve(&session, &sessions, &row), FAULT_NONE);
	return session;
}

static void
add(const char *id, const char *user, bool is_rdp, int64_t now)
{
	sessions_add(&sessions,
	    reserve(id, user, is_rdp ? "ACCESS-RDP" : "", now), now * 1000);
}

static void
an_empty_table_finds_nothing(void **state)
{
	(void)state;
	assert_null(sessions_find(&sessions, "a"));
	sessions_remove(&sessions, "a");
	assert_int_equal(sessions.count, 0);
}

static void
what_is_added_is_found_until_removed(void **state)
{
	const struct session *session;

	(void)state;
	add("a", "alice", false, 7);
	add("b", "bob", true, 8);
	session = sessions_find(&sessions, "a");
	assert_non_null(session);
	assert_string_equal(session->user, "alice");
	assert_int_equal(session->began_at, 7);
	assert_int_equal(sessions.users, 1);
	assert_int_equal(sessions.rdp_users, 1);
	sessions_remove(&sessions, "a");
	assert_null(sessions_find(&sessions, "a"));
	assert_int_equal(sessions.users, 0);
	assert_int_equal(sessions.rdp_users, 1);
}

static void
a_reserved_one_counts_for_nothing(void **state)
{
	struct session *session = reserve("a", "alice", "", 1);

	(void)state;
	assert_null(sessions_find(&sessions, "a"));
	sessions_release(&session);
	assert_null(session);
	assert_int_equal(sessions.count, 0);
}

static void
many_are_all_found(void **state)
{
	char id[32];
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		snprintf(id, sizeof(id), "session-%d", i);
		add(id, "u", i % 2, i);
	}
	for (i = 0; i < 5000; i++) {
		snprintf(id, sizeof(id), "session-%d", i);
		assert_int_equal(sessions_find(&sessions, id)->began_at, i);
	}
	assert_int_equal(sessions.count, 5000);
	assert_int_equal(sessions.users, 2500);
}

static void
the_list_is_oldest_first(void **state)
{
	const struct session **sorted;

	(void)state;
	add("c", "u", false, 3);
	add("b", "u", false, 1);
	add("a", "u", false, 3);
	sorted = sessions_sorted(&sessions);
	assert_string_equal(sorted[0]->id, "b");
	assert_string_equal(sorted[1]->id, "a");
	assert_string_equal(sorted[2]->id, "c");
	free(sorted);
}

static void
renewed_one_goes_on_from_now(void **state)
{
	struct session *session;
	struct session_row row;

	(void)state;
	add("a", "alice", true, 7);
	session = sessions_find(&sessions, "a");
	assert_int_equal(session->heard_ms, 7000);
	assert_false(session->is_renewed);
	sessions_renew(session, 9, 8999);
	assert_int_equal(session->heard_ms, 8999);
	assert_true(session->is_renewed);
	row = sessions_row(session);
	assert_string_equal(row.id, "a");
	assert_string_equal(row.user, "alice");
	assert_string_equal(row.feature, "ACCESS-RDP");
	assert_string_equal(row.gateway, "g");
	assert_int_equal(row.began_at, 7);
	assert_int_equal(row.seen_at, 9);
	assert_int_equal(row.timeout, 60);
}

static void
each_is_met_once(void **state)
{
	struct session *session = NULL;
	char id[32];
	int i, count = 0;

	(void)state;
	assert_null(sessions_next(&sessions, NULL));
	for (i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "session-%d", i);
		add(id, "u", false, i);
	}
	while ((session = sessions_next(&sessions, session))) {
		assert_false(session->is_leaving);
		session->is_leaving = true;
		count++;
	}
	assert_int_equal(count, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, drop)
		TEST(an_empty_table_finds_nothing),
		TEST(what_is_added_is_found_until_removed),
		TEST(a_reserved_one_counts_for_nothing),
		TEST(many_are_all_found),
		TEST(the_list_is_oldest_first),
		TEST(renewed_one_goes_on_from_now),
		TEST(each_is_met_once),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
