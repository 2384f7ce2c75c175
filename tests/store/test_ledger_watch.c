/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_watch.c: the clock of a license server never goes back, and the
 * history of its pools says what was held at every instant, also when nobody
 * did anything.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/base/calendar.h"
#include "engine/rules/auto_lease.h"
#include "engine/store/statement.h"
#include "engine/store/store_pool_change.h"
#include "engine/store/store_private.h"
#include "engine/store/store_watch.h"
#include <string.h>

#define BEHIND  "LHD10017"
#define RIGHT   "LHD10018"
#define ACCEPT  "LHD10019"
#define LAPSED  "LIC30565"
#define ALL_OUT "LIC30564"

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

/* An act by the system's clock, as every program begins one; answers the instant it happens at. */
static int64_t
begin_at(struct estate *estate, int64_t system)
{
	estate_begin(estate, system);
	good(ledger_watch_clock(&estate->ledger));
	return estate->ledger.now;
}

/* An act that does nothing else. */
static int64_t
pass(struct estate *estate, int64_t system)
{
	int64_t now = begin_at(estate, system);

	good(estate_end(estate, FAULT_NONE));
	return now;
}

static void
watch(struct estate *estate, int64_t system)
{
	begin_at(estate, system);
	good(estate_end(estate, ledger_watch(&estate->ledger)));
}

static void
sync_at(struct estate *estate, int64_t client, int64_t users, int64_t holds,
    int64_t system)
{
	const struct sync_want want = { "CONSEC", users };
	struct sync_request request = estate_request(
	    estate, client, &want, holds, system);
	struct sync_answer answer;

	begin_at(estate, system);
	good(estate_end(
	    estate, ledger_sync(&answer, &estate->ledger, &request)));
	assert_int_equal(answer.status, 200);
}

static struct watch_row
row_of(struct estate *estate)
{
	struct watch_row row;

	good(store_watch_load(&row, &estate->arena, estate->appliance.store));
	return row;
}

static struct auto_lease_change *
history(size_t *count, struct estate *estate)
{
	struct auto_lease_change *changes;

	good(store_pool_change_list(&changes, count, &estate->arena,
	    estate->appliance.store, "CONSEC", 0));
	return changes;
}

static void
has_row(struct estate *estate, int64_t at, int64_t total, int64_t held)
{
	struct auto_lease_change *changes;
	size_t count;

	changes = history(&count, estate);
	for (size_t i = 0; i < count; i++) {
		if (changes[i].at != at)
			continue;
		assert_int_equal(changes[i].total, total);
		assert_int_equal(changes[i].held, held);
		return;
	}
	fail_msg("no change at START + %lld", (long long)(at - START));
}

/* ---- the clock ---- */

static void
clock_forward_moves_the_mark(void **state)
{
	struct estate *estate = *state;

	assert_int_equal(pass(estate, START + 10), START + 10);
	assert_int_equal(row_of(estate).clock_mark, START + 10);
	assert_int_equal(pass(estate, START + 11), START + 11);
	assert_int_equal(row_of(estate).clock_mark, START + 11);
	assert_int_equal(estate_events(estate, BEHIND, NULL), 0);
	assert_int_equal(estate_events(estate, RIGHT, NULL), 0);
}

static void
what_was_rolled_back_moves_nothing(void **state)
{
	struct estate *estate = *state;

	pass(estate, START + 10);
	begin_at(estate, START + 20);
	assert_int_equal(estate_end(estate, FAULT_FULL), FAULT_FULL);
	assert_int_equal(row_of(estate).clock_mark, START + 10);
}

static void
time_stands_still_when_the_clock_goes_back(void **state)
{
	static const int64_t back[] = { 1, HOUR, DAY, 400 * DAY };
	struct estate *estate = *state;

	pass(estate, START + DAY);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(
		    pass(estate, START + DAY - back[i]), START + DAY);
	assert_int_equal(row_of(estate).clock_mark, START + DAY);
	assert_int_equal(pass(estate, START + DAY + 1), START + DAY + 1);
}

static void
clock_that_is_behind_is_told_of_once(void **state)
{
	struct estate *estate = *state;

	pass(estate, START + DAY);
	pass(estate, START + DAY - 59);
	assert_int_equal(estate_events(estate, BEHIND, NULL), 0);
	pass(estate, START + DAY - 60);
	assert_int_equal(estate_events(estate, BEHIND, NULL), 1);
	assert_non_null(strstr(estate_last_event(estate, BEHIND), " 60 "));
	assert_int_equal(row_of(estate).clock_behind_at, START + DAY - 60);
	pass(estate, START + DAY - HOUR);
	pass(estate, START + DAY - 1);
	assert_int_equal(estate_events(estate, BEHIND, NULL), 1);
	assert_int_equal(estate_events(estate, RIGHT, NULL), 0);
	pass(estate, START + DAY);
	assert_int_equal(estate_events(estate, RIGHT, NULL), 1);
	assert_int_equal(row_of(estate).clock_behind_at, 0);
	pass(estate, START + DAY + 5);
	assert_int_equal(estate_events(estate, RIGHT, NULL), 1);
}

static void
nothing_revives_under_a_clock_that_went_back(void **state)
{
	struct estate *estate = *state;
	int64_t id, now;

	estate_license(estate, "CONSEC", 100, "2026-01-01");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 0, 25, 100 }, "", START);
	sync_at(estate, id, 25, 0, START);
	pass(estate, START + DAY);
	good(
	    store_watch_now(&now, estate->appliance.store, START + DAY - HOUR));
	assert_int_equal(now, START + DAY);
	assert_int_equal(estate_leased(estate, id, "CONSEC", now), 0);
	good(store_watch_now(&now, estate->appliance.store, START + 2 * DAY));
	assert_int_equal(now, START + 2 * DAY);
	/* What is granted now is granted at the mark. */
	sync_at(estate, id, 25, 1, START + DAY - HOUR);
	assert_int_equal(
	    estate_feature(estate, id, "CONSEC", START + DAY).expires,
	    START + 2 * DAY);
	assert_int_equal(estate_events(estate, ALL_OUT, NULL), 1);
}

static void
a_client_goes_by_its_own_clock(void **state)
{
	struct estate *estate = *state;

	estate->appliance.role = ROLE_CLIENT;
	assert_int_equal(pass(estate, START + DAY), START + DAY);
	assert_int_equal(pass(estate, START), START);
	assert_int_equal(row_of(estate).clock_mark, 0);
}

/* Its client counts on from the instant that it was told, and has its lease for as long as it was told. */
static void
what_was_signed_while_time_stood_still_runs_on_after_the_leap(void **state)
{
	struct estate *estate = *state;
	const struct allocation counts = { 0, 50, 50 };
	int64_t before, meanwhile;

	estate_license(estate, "CONSEC", 100, "");
	before = estate_client(estate, "before", "CONSEC", counts, "", START);
	meanwhile = estate_client(
	    estate, "meanwhile", "CONSEC", counts, "", START);
	sync_at(estate, before, 50, 0, START);
	pass(estate, START + HOUR);
	/* Ten hours behind: it is still the first hour. */
	sync_at(estate, meanwhile, 50, 0, START - 9 * HOUR);
	pass(estate, START + 11 * HOUR);

	assert_int_equal(
	    estate_leased(estate, before, "CONSEC", START + DAY - 1), 50);
	assert_int_equal(
	    estate_leased(estate, before, "CONSEC", START + DAY), 0);
	assert_int_equal(estate_leased(estate, meanwhile, "CONSEC",
			     START + DAY + 11 * HOUR - 1),
	    50);
	assert_int_equal(
	    estate_leased(estate, meanwhile, "CONSEC", START + DAY + 11 * HOUR),
	    0);
}

/* ---- a clock that is taken as right ---- */

static size_t
accept_clock(struct estate *estate, int64_t system)
{
	begin_at(estate, system);
	good(estate_end(
	    estate, ledger_watch_accept_clock(&estate->ledger, system)));
	return estate->ledger.mistakes.count;
}

static void
accepted_clock_counts_from_then_on(void **state)
{
	struct estate *estate = *state;

	pass(estate, START + 400 * DAY);
	assert_int_equal(accept_clock(estate, START + DAY), 0);
	assert_int_equal(row_of(estate).clock_mark, START + DAY);
	assert_int_equal(row_of(estate).clock_behind_at, 0);
	assert_int_equal(estate_events(estate, ACCEPT, NULL), 1);
	assert_int_equal(pass(estate, START + DAY + 1), START + DAY + 1);
	assert_int_equal(pass(estate, START + DAY), START + DAY + 1);
}

static void
clock_that_is_right_needs_no_accepting(void **state)
{
	struct estate *estate = *state;

	pass(estate, START + DAY);
	assert_int_equal(accept_clock(estate, START + DAY), 1);
	assert_true(estate_has_mistake(estate, "", MISTAKE_CLOCK_RIGHT));
	assert_int_equal(accept_clock(estate, START + DAY + 1), 1);
	assert_int_equal(estate_events(estate, ACCEPT, NULL), 0);
}

static void
what_ended_stays_ended_under_an_accepted_clock(void **state)
{
	struct estate *estate = *state;
	int64_t a, b;
	struct client_row client;

	/* The license ends with June, its grace with July. */
	estate_license(estate, "CONSEC", 100, "2025-06-30");
	estate_license(estate, "CONSEC", 100, "");
	a = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 50, 0, 50 }, "2025-05-31", START);
	b = estate_client(estate, "b", "CONSEC",
	    (struct allocation){ 50, 25, 100 }, "", START);
	sync_at(estate, a, 50, 0, START);
	sync_at(estate, b, 75, 0, START);
	assert_int_equal(estate_pool(estate, "CONSEC", START).installed, 200);
	pass(estate, START + 300 * DAY);
	/* These licenses have no key that could be looked at again. */
	good(statement_run(estate->appliance.store,
	    "UPDATE appliance SET verified_at = ?1", "i", START + 300 * DAY));
	assert_int_equal(accept_clock(estate, START + HOUR), 0);

	assert_int_equal(
	    estate_pool(estate, "CONSEC", START + HOUR).installed, 100);
	assert_int_equal(estate_leased(estate, a, "CONSEC", START + HOUR), 0);
	assert_int_equal(estate_leased(estate, b, "CONSEC", START + HOUR), 0);
	good(store_client_load_id(
	    &client, &estate->arena, estate->appliance.store, a));
	assert_int_equal(client.expires, START + HOUR);
	assert_int_equal(estate_events(estate, "LIC30566", "a"), 1);
	assert_int_equal(estate_events(estate, ALL_OUT, "a"), 1);
	assert_int_equal(estate_events(estate, ALL_OUT, "b"), 1);
	/* Told once, also when it comes round again. */
	estate_reclaim(estate, START + 300 * DAY);
	assert_int_equal(estate_events(estate, "LIC30566", "a"), 1);
}

static void
nothing_lies_behind_an_accepted_clock(void **state)
{
	struct estate *estate = *state;
	struct auto_lease_change *changes;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 10, 25, 100 }, "", START);
	sync_at(estate, id, 35, 0, START);
	watch(estate, START + 60);
	watch(estate, START + 300 * DAY);
	assert_int_equal(accept_clock(estate, START + HOUR), 0);
	changes = history(&count, estate);
	assert_true(count > 0);
	assert_int_equal(changes[count - 1].at, START + HOUR);
	assert_int_equal(changes[count - 1].held, 10);
	assert_true(row_of(estate).sampled_at <= START + HOUR);
}

/* ---- the history of a pool ---- */

static void
acts_are_noted_when_they_happen(void **state)
{
	struct estate *estate = *state;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 10, 25, 100 }, "", START);
	has_row(estate, START, 100, 10);
	sync_at(estate, id, 60, 0, START + 5);
	has_row(estate, START + 5, 100, 60);
	/* A renewal changes nothing. */
	sync_at(estate, id, 60, 1, START + HOUR);
	history(&count, estate);
	assert_int_equal(count, 2);
	assert_true(estate_change(estate, id, "CONSEC",
	    (struct allocation){ 70, 25, 100 }, "", START + 2 * HOUR));
	has_row(estate, START + 2 * HOUR, 100, 70);
	/* Its paper still gives 60. */
	estate_delete(estate, id, START + 3 * HOUR);
	has_row(estate, START + 3 * HOUR, 100, 60);
}

/* What a sync notes by difference is what a recount finds. */
static void
a_sync_notes_what_a_recount_finds(void **state)
{
	struct estate *estate = *state;
	int64_t ids[3];
	struct auto_lease_change *changes;
	size_t count;

	estate_license(estate, "CONSEC", 200, "");
	for (size_t i = 0; i < 3; i++) {
		const char *const names[] = { "a", "b", "c" };

		ids[i] = estate_client(estate, names[i], "CONSEC",
		    (struct allocation){ 20, 10, 100 }, "", START);
	}
	for (int64_t step = 1; step < 60; step++) {
		int64_t now = START + step * HOUR;

		sync_at(estate, ids[step % 3], step * 37 % 110,
		    step % 4 ? step / 3 : 0, now);
		changes = history(&count, estate);
		assert_true(count > 0);
		assert_int_equal(changes[count - 1].held,
		    estate_pool(estate, "CONSEC", now).held);
		assert_int_equal(changes[count - 1].total, 200);
	}
}

/* It goes on naming the feature, of which it has no counts any more. */
static void
what_a_client_without_counts_confirms_is_noted(void **state)
{
	struct estate *estate = *state;
	int64_t client;

	estate_license(estate, "CONSEC", 100, "");
	client = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 50, 0, 50 }, "", START);
	sync_at(estate, client, 50, 0, START + 10);
	assert_true(estate_change(estate, client, "CONSEC",
	    (struct allocation){ 0 }, "", START + 20));
	sync_at(estate, client, 0, 1, START + 30);
	sync_at(estate, client, 0, 2, START + 40);
	assert_int_equal(estate_pool(estate, "CONSEC", START + 40).held, 0);
	has_row(estate, START + 40, 100, 0);
}

static void
what_ends_by_itself_is_noted_at_its_instant(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, end;

	/* 2025-03-05 closes four days on; 31 days of grace. */
	estate_license(estate, "CONSEC", 100, "2025-03-04");
	estate_license(estate, "CONSEC", 100, "");
	a = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 20, 25, 100 }, "2025-03-03", START);
	b = estate_client(estate, "b", "CONSEC",
	    (struct allocation){ 0, 25, 100 }, "", START);
	sync_at(estate, a, 45, 0, START + 7);
	sync_at(estate, b, 50, 0, START + 11);
	has_row(estate, START + 11, 200, 95);
	/* Nobody looks for fifty days. */
	pass(estate, START + 50 * DAY);
	has_row(estate, START + 7 + DAY, 200, 70);
	has_row(estate, START + 11 + DAY, 200, 20);
	has_row(estate, START + 3 * DAY, 200, 0);
	end = START + 4 * DAY + 31 * DAY;
	has_row(estate, end, 100, 0);
	/* The next looks find nothing new. */
	watch(estate, START + 50 * DAY + 60);
	has_row(estate, end, 100, 0);
}

static void
what_begins_by_itself_is_noted_too(void **state)
{
	struct estate *estate = *state;
	int64_t begin;

	estate_license(estate, "CONSEC", 100, "");
	watch(estate, START);
	assert_true(calendar_date_start(&begin, "2025-03-09"));
	estate_license(estate, "CONSEC", 50, "2026-03-01");
	good(statement_run(estate->appliance.store,
	    "UPDATE license SET start_date = '2025-03-09'"
	    " WHERE end_date <> ''",
	    ""));
	pass(estate, begin - 1);
	has_row(estate, START, 100, 0);
	watch(estate, begin + 100);
	has_row(estate, begin, 150, 0);
}

/* Held at every instant, told from the rows as they stood, is what the history says. */
static void
history_is_what_was_held(void **state)
{
	struct estate *estate = *state;
	int64_t ids[5], held[60];
	struct auto_lease_change *changes;
	size_t count, at = 0;

	estate_license(estate, "CONSEC", 1000, "");
	for (size_t i = 0; i < 5; i++) {
		const char *const names[] = { "a", "b", "c", "d", "e" };

		ids[i] = estate_client(estate, names[i], "CONSEC",
		    (struct allocation){ (int64_t)i * 10, 10, 200 },
		    i == 2 ? "2025-03-02" : "", START);
	}
	for (int64_t step = 0; step < 10; step++) {
		sync_at(estate, ids[step % 5], 20 + step * 31 % 120,
		    step > 5 ? 1 : 0, START + step * 1013);
	}
	for (int64_t hour = 0; hour < 60; hour++)
		held[hour] = estate_pool(
		    estate, "CONSEC", START + 3 * HOUR + hour * HOUR)
				 .held;
	pass(estate, START + 90 * HOUR);
	changes = history(&count, estate);
	for (int64_t hour = 0; hour < 60; hour++) {
		while (at + 1 < count &&
		    changes[at + 1].at <= START + 3 * HOUR + hour * HOUR)
			at++;
		assert_int_equal(changes[at].held, held[hour]);
	}
	assert_true(at > 8);
}

static void
history_is_kept_for_eleven_days(void **state)
{
	struct estate *estate = *state;
	struct auto_lease_change *changes;
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 10, 0, 10 }, "", START);
	assert_true(estate_change(estate, id, "CONSEC",
	    (struct allocation){ 20, 0, 20 }, "", START + DAY));
	assert_true(estate_change(estate, id, "CONSEC",
	    (struct allocation){ 30, 0, 30 }, "", START + 2 * DAY));
	watch(estate, START + 12 * DAY - 1);
	history(&count, estate);
	assert_int_equal(count, 3);
	/* The one that held at the cut stays. */
	watch(estate, START + 12 * DAY);
	changes = history(&count, estate);
	assert_int_equal(count, 2);
	assert_int_equal(changes[0].at, START + DAY);
	watch(estate, START + 100 * DAY);
	changes = history(&count, estate);
	assert_int_equal(count, 1);
	assert_int_equal(changes[0].held, 30);
}

#define WATCH_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(                                       \
	    test, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_TEST(clock_forward_moves_the_mark),
		WATCH_TEST(what_was_rolled_back_moves_nothing),
		WATCH_TEST(time_stands_still_when_the_clock_goes_back),
		WATCH_TEST(clock_that_is_behind_is_told_of_once),
		WATCH_TEST(
		    what_was_signed_while_time_stood_still_runs_on_after_the_leap),
		WATCH_TEST(nothing_revives_under_a_clock_that_went_back),
		WATCH_TEST(a_client_goes_by_its_own_clock),
		WATCH_TEST(accepted_clock_counts_from_then_on),
		WATCH_TEST(clock_that_is_right_needs_no_accepting),
		WATCH_TEST(what_ended_stays_ended_under_an_accepted_clock),
		WATCH_TEST(nothing_lies_behind_an_accepted_clock),
		WATCH_TEST(acts_are_noted_when_they_happen),
		WATCH_TEST(a_sync_notes_what_a_recount_finds),
		WATCH_TEST(what_a_client_without_counts_confirms_is_noted),
		WATCH_TEST(what_ends_by_itself_is_noted_at_its_instant),
		WATCH_TEST(what_begins_by_itself_is_noted_too),
		WATCH_TEST(history_is_what_was_held),
		WATCH_TEST(history_is_kept_for_eleven_days),
	};

	return cmocka_run_group_tests_name("ledger_watch", tests, NULL, NULL);
}
