/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_sync_auto.c: when a license server lets its clients lease by
 * themselves, what becomes of what they took, and how a penalty begins and
 * ends.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/rules/auto_lease.h"
#include "engine/store/agreement_file.h"
#include "engine/store/statement.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_pool_change.h"
#include "engine/store/store_private.h"
#include "engine/store/store_watch.h"
#include <stdlib.h>
#include <string.h>

#define BEGAN    "LIC30828"
#define OVER     "LIC30829"
#define REPORTED "LIC30844"
#define SWITCHED "LIC30846"
#define ENDED    "LIC30847"

#define PENALTY (120 * HOUR)

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
	good(ledger_watch_clock(&estate->ledger));
	good(estate_end(estate, ledger_watch(&estate->ledger)));
}

static struct auto_lease_row
switch_of(struct estate *estate, const char *feature)
{
	struct auto_lease_row *rows;
	const struct auto_lease_row *row;
	size_t count;

	good(store_auto_lease_list(
	    &rows, &count, &estate->arena, estate->appliance.store));
	row = store_auto_lease_of(rows, count, feature);
	assert_non_null(row);
	return *row;
}

static const char *
sentence_of(struct estate *estate, const char *feature)
{
	struct auto_lease_row row = switch_of(estate, feature);

	return mistake_verdict_text(
	    &estate->arena, row.verdict, feature, &row.numbers);
}

/* The history begins anew: from "at" on of 1,000 units so many were held. */
static void
forget_history(struct estate *estate)
{
	good(statement_run(
	    estate->appliance.store, "DELETE FROM pool_change", ""));
}

static void
was_held(struct estate *estate, int64_t at, int64_t total, int64_t held)
{
	const struct auto_lease_change change = { at, total, held };

	good(
	    store_pool_change_save(estate->appliance.store, "CONSEC", &change));
}

/* 1,000 units, none of them used; one client that may have all. */
static int64_t
idle_pool(struct estate *estate)
{
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 0, 100, 1000 }, "", START);
	assert_int_not_equal(id, 0);
	return id;
}

/* ---- the switch ---- */

static void
exactly_thirty_percent_is_off(void **state)
{
	struct estate *estate = *state;
	int64_t now = START + 10 * DAY;

	idle_pool(estate);
	forget_history(estate);
	was_held(estate, now - DAY, 1000, 700);
	watch(estate, now);
	assert_false(switch_of(estate, "CONSEC").is_on);
	assert_int_equal(
	    switch_of(estate, "CONSEC").verdict, VERDICT_AUTO_LEASE_OFF);
	assert_string_equal(sentence_of(estate, "CONSEC"),
	    "Auto-leasing is off for CONSEC: the 24-hour average available, "
	    "300, is not above 30 % of the unallocated maximum 1,000 = 300.");
	assert_int_equal(estate_events(estate, SWITCHED, NULL), 0);
}

static void
one_unit_second_more_is_on(void **state)
{
	struct estate *estate = *state;
	int64_t now = START + 10 * DAY;

	idle_pool(estate);
	forget_history(estate);
	was_held(estate, now - DAY, 1000, 700);
	was_held(estate, now - 1, 1000, 699);
	watch(estate, now);
	assert_true(switch_of(estate, "CONSEC").is_on);
	assert_int_equal(switch_of(estate, "CONSEC").changed_at, now);
	assert_int_equal(estate_events(estate, SWITCHED, "CONSEC"), 1);
	assert_non_null(
	    strstr(estate_last_event(estate, SWITCHED), "switched on"));
	/* Said once, as long as it stays so. */
	watch(estate, now + 60);
	assert_true(switch_of(estate, "CONSEC").is_on);
	assert_int_equal(switch_of(estate, "CONSEC").changed_at, now);
	assert_int_equal(estate_events(estate, SWITCHED, "CONSEC"), 1);
}

static void
a_second_less_than_a_day_is_collecting(void **state)
{
	struct estate *estate = *state;
	int64_t now = START + 10 * DAY;

	idle_pool(estate);
	forget_history(estate);
	was_held(estate, now - DAY + 1, 1000, 0);
	watch(estate, now);
	assert_false(switch_of(estate, "CONSEC").is_on);
	assert_string_equal(sentence_of(estate, "CONSEC"),
	    "Auto-leasing is off for CONSEC: collecting history, 23 of 24 "
	    "hours so far.");
	watch(estate, now + 1);
	assert_true(switch_of(estate, "CONSEC").is_on);
}

static void
a_feature_of_one_family_is_never_on(void **state)
{
	struct estate *estate = *state;

	estate_license(estate, "ACCESSX600", 1000, "");
	watch(estate, START);
	watch(estate, START + 2 * DAY);
	assert_false(switch_of(estate, "ACCESSX600").is_on);
	assert_int_equal(switch_of(estate, "ACCESSX600").verdict,
	    VERDICT_AUTO_LEASE_NOT_ELIGIBLE);
}

static void
lease_sixty_for_a_day(struct estate *estate, int64_t ids[10])
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g",
		"h", "i", "j" };

	estate_license(estate, "CONSEC", 1000, "");
	for (size_t i = 0; i < 10; i++) {
		ids[i] = estate_client(estate, names[i], "CONSEC",
		    (struct allocation){ 50, 10, 100 }, "", START);
		assert_int_not_equal(ids[i], 0);
		estate_sync(estate, ids[i], "CONSEC", 60, 0, START);
	}
	for (int64_t hour = 8; hour <= 24; hour += 8)
		for (size_t i = 0; i < 10; i++)
			estate_sync(estate, ids[i], "CONSEC", 60, 1,
			    START + hour * HOUR);
}

/* The seed's worked example. */
static void
four_hundred_of_a_thousand_is_on_until_maximum_two_hundred(void **state)
{
	struct estate *estate = *state;
	int64_t ids[10], now = START + DAY;

	lease_sixty_for_a_day(estate, ids);
	assert_int_equal(estate_pool(estate, "CONSEC", now).available, 400);
	watch(estate, now);
	assert_string_equal(sentence_of(estate, "CONSEC"),
	    "Auto-leasing is on for CONSEC: the 24-hour average available, "
	    "400, is above 30 % of the unallocated maximum 400 = 120.");
	assert_true(switch_of(estate, "CONSEC").is_on);

	for (size_t i = 0; i < 10; i++)
		assert_true(estate_change(estate, ids[i], "CONSEC",
		    (struct allocation){ 50, 10, 200 }, "", now + 60));
	/* Judged with the change, not a minute later. */
	assert_false(switch_of(estate, "CONSEC").is_on);
	assert_string_equal(sentence_of(estate, "CONSEC"),
	    "Auto-leasing is off for CONSEC: the 24-hour average available, "
	    "400, is not above 30 % of the unallocated maximum 1,400 = 420.");
	assert_int_equal(estate_events(estate, SWITCHED, "CONSEC"), 2);
}

/* Sends one request with those reports; the answer is the caller's to forget. */
static void
report(struct sync_outcome *out, struct estate *estate, int64_t client,
    const struct sync_auto_lease *said, size_t count, int64_t now)
{
	struct sync_request request = estate_request(
	    estate, client, NULL, 0, now);

	request.auto_leases = said;
	request.auto_lease_count = count;
	estate_send(out, estate, &request, now);
	assert_int_equal(out->answer.status, 200);
}

static void
report_one(struct estate *estate, int64_t client, int64_t units, int64_t from,
    int64_t to, int64_t now)
{
	const struct sync_auto_lease said = { "CONSEC", units, from, to };
	struct sync_outcome outcome;

	report(&outcome, estate, client, &said, 1, now);
	estate_forget(&outcome);
}

static bool
answer_says_on(struct estate *estate, int64_t client, int64_t now)
{
	struct sync_outcome outcome;
	bool is_on;

	report(&outcome, estate, client, NULL, 0, now);
	is_on = json_is_true(json_object_get(
	    json_object_get(
		json_object_get(outcome.json, "features"), "CONSEC"),
	    "auto_lease"));
	estate_forget(&outcome);
	return is_on;
}

static void
the_switch_travels_with_every_answer(void **state)
{
	struct estate *estate = *state;
	int64_t id = idle_pool(estate), now = START + 10 * DAY;

	assert_false(answer_says_on(estate, id, now));
	forget_history(estate);
	was_held(estate, now - DAY, 1000, 0);
	watch(estate, now);
	assert_true(answer_says_on(estate, id, now));
}

/* ---- was it there? ---- */

static int64_t
penalty_until(struct estate *estate)
{
	struct watch_row row;

	good(store_watch_load(&row, &estate->arena, estate->appliance.store));
	return row.penalty_until;
}

/* Of 1,000 units 900 were held until START + 100, then 950. */
static int64_t
tight_pool(struct estate *estate)
{
	int64_t id = idle_pool(estate);

	forget_history(estate);
	was_held(estate, START, 1000, 900);
	was_held(estate, START + 100, 1000, 950);
	return id;
}

static void
an_interval_up_to_an_excess_is_fine(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate);

	report_one(estate, id, 100, START + 10, START + 100, START + HOUR);
	assert_int_equal(penalty_until(estate), 0);
	assert_int_equal(estate_events(estate, BEGAN, NULL), 0);
	assert_int_equal(estate_events(estate, REPORTED, "gw"), 1);
}

static void
one_second_into_an_excess_is_punished(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate), now = START + HOUR;

	report_one(estate, id, 100, START + 10, START + 101, now);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	assert_int_equal(estate_events(estate, BEGAN, "gw"), 1);
	assert_non_null(strstr(estate_last_event(estate, BEGAN),
	    "100 units were auto-leased beside 950 held ones, 50 more than "
	    "the 1,000 there were"));
}

static void
one_unit_too_many_is_punished(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate);

	report_one(estate, id, 50, START + 100, START + 200, START + HOUR);
	assert_int_equal(penalty_until(estate), 0);
	report_one(estate, id, 1, START + 199, START + 200, START + HOUR);
	assert_int_equal(penalty_until(estate), START + HOUR + PENALTY);
}

static void
all_that_reported_so_far_count_together(void **state)
{
	struct estate *estate = *state;
	int64_t other, id = tight_pool(estate);

	other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 100, 1000 }, "", START);
	forget_history(estate);
	was_held(estate, START, 1000, 900);
	report_one(estate, other, 60, START + 10, START + 50, START + HOUR);
	report_one(estate, other, 30, START + 50, START + 90, START + HOUR);
	/* 60 and then 30 beside it: 40 fit everywhere, 41 do not. */
	report_one(estate, id, 40, START, START + 90, START + HOUR);
	assert_int_equal(penalty_until(estate), 0);
	report_one(estate, id, 1, START + 49, START + 60, START + HOUR);
	assert_int_equal(estate_events(estate, BEGAN, "gw"), 1);
	assert_int_equal(estate_events(estate, BEGAN, "other"), 0);
}

static void
an_interval_reported_twice_counts_once(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate), now = START + HOUR;
	const struct sync_auto_lease said[] = {
		{ "CONSEC", 60, START + 10, START + 90 },
		{ "CONSEC", 60, START + 10, START + 90 },
	};
	struct sync_outcome outcome;

	report(&outcome, estate, id, said, 2, now);
	estate_forget(&outcome);
	report_one(estate, id, 60, START + 10, START + 90, now + 60);
	/* A shorter copy is older news. */
	report_one(estate, id, 60, START + 10, START + 80, now + 60);
	assert_int_equal(penalty_until(estate), 0);
	assert_int_equal(estate_events(estate, REPORTED, "gw"), 1);
}

/* Only what is new is judged: a later end of the same interval. */
static void
a_lengthened_interval_is_judged_again(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate), now = START + HOUR;

	report_one(estate, id, 60, START + 10, START + 90, now);
	report_one(estate, id, 60, START + 10, START + 100, now);
	assert_int_equal(penalty_until(estate), 0);
	report_one(estate, id, 60, START + 10, START + 101, now);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	assert_int_equal(estate_events(estate, REPORTED, "gw"), 1);
	/* The same failure once more is no news and punishes nobody anew. */
	report_one(estate, id, 60, START + 10, START + 101, now + HOUR);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	assert_int_equal(estate_events(estate, BEGAN, NULL), 1);
}

static void
before_the_history_nothing_is_known(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate);

	report_one(estate, id, 100000, START - 500, START, START + HOUR);
	assert_int_equal(penalty_until(estate), 0);
	report_one(estate, id, 99999, START - 500, START + 1, START + HOUR);
	assert_int_equal(penalty_until(estate), START + HOUR + PENALTY);
}

static size_t
notices(const struct sync_outcome *outcome, const char *code)
{
	const json_t *list = json_object_get(outcome->json, "notices");
	size_t found = 0;

	for (size_t i = 0; i < json_array_size(list); i++)
		found += strcmp(json_string_value(json_object_get(
				    json_array_get(list, i), "code")),
			     code) == 0;
	return found;
}

static int64_t
reports(struct estate *estate)
{
	int64_t count;

	good(statement_number(&count, 0, estate->appliance.store,
	    "SELECT count(*) FROM auto_lease_report", ""));
	return count;
}

static void
nonsense_is_a_notice(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate), now = START + HOUR;
	const struct sync_auto_lease said[] = {
		{ "CONSEC", 0, START, START + 1 },
		{ "CONSEC", -5, START, START + 1 },
		{ "CONSEC", ALLOCATION_COUNT_MAX + 1, START, START + 1 },
		{ "CONSEC", INT64_MAX, INT64_MIN, INT64_MAX },
		{ "CONSEC", 5, START + 1, START },
		{ "CONSEC", 5, INT64_MAX, INT64_MIN },
		{ "NOSUCH", 5, START, START + 1 },
		{ "member", 5, START, START + 1 },
		{ "CONSEC", 5, now, now + 5 },
		{ "CONSEC", 5, now - 12 * DAY, now - 11 * DAY },
		/* Nothing wrong, and nothing to say: */
		{ "CONSEC", 5, START, START },
	};
	struct sync_outcome outcome;

	report(&outcome, estate, id, said, 11, now);
	assert_int_equal(notices(&outcome, "auto_lease_ignored"), 10);
	assert_int_equal(reports(estate), 0);
	assert_int_equal(penalty_until(estate), 0);
	estate_forget(&outcome);
}

static void
what_has_not_come_yet_is_cut_off(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate), now = START + 90;

	/* Of an excess at START + 100 nothing is known at START + 90. */
	report_one(estate, id, 100, START + 10, INT64_MAX, now);
	assert_int_equal(penalty_until(estate), 0);
	assert_int_equal(reports(estate), 1);
}

/* The same old interval, reported on two days, is one. */
static void
what_is_longer_ago_than_the_history_is_cut_off(void **state)
{
	struct estate *estate = *state;
	int64_t id = idle_pool(estate), now = START + 20 * DAY;

	forget_history(estate);
	was_held(estate, START, 1000, 900);
	report_one(estate, id, 60, INT64_MIN, START + 10 * DAY, now);
	report_one(estate, id, 60, INT64_MIN, START + 10 * DAY, now + HOUR);
	assert_int_equal(reports(estate), 1);
	assert_int_equal(penalty_until(estate), 0);
}

static void
reports_are_kept_for_eleven_days(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate);

	report_one(estate, id, 10, START + 10, START + 100, START + HOUR);
	watch(estate, START + 99 + 11 * DAY);
	assert_int_equal(reports(estate), 1);
	watch(estate, START + 100 + 11 * DAY);
	assert_int_equal(reports(estate), 0);
}

/* Thousands that were alone at the same time: each one's judgment costs no more than a look at all of them. */
static void
many_reports_are_judged_in_time(void **state)
{
	struct estate *estate = *state;
	int64_t id = idle_pool(estate), other;

	other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 100, 1000 }, "", START);
	forget_history(estate);
	estate_begin(estate, START);
	for (int64_t i = 0; i < 5000; i++) {
		was_held(estate, START + i, 1000, 500 + i % 2);
		good(statement_run(estate->appliance.store,
		    "INSERT INTO auto_lease_report (client, feature, from_at,"
		    " to_at, units, reported_at)"
		    " VALUES (?1, 'CONSEC', ?2, ?3, 1, ?2)",
		    "iii", id, START + i, START + i + 499));
	}
	good(estate_end(estate, FAULT_NONE));
	/* 499 at once beside 500 or 501 held ones: at the odd seconds nothing is left. */
	report_one(estate, other, 2, START, START + 497, START + HOUR);
	assert_int_equal(penalty_until(estate), 0);
	report_one(estate, other, 1, START + 600, START + 601, START + HOUR);
	assert_int_equal(penalty_until(estate), 0);
	report_one(estate, other, 1, START + 602, START + 5001, START + HOUR);
	assert_int_equal(penalty_until(estate), START + HOUR + PENALTY);
	assert_non_null(strstr(estate_last_event(estate, BEGAN),
	    "500 units were auto-leased beside 501 held ones"));
}

/* 512 of a client and feature are kept, told 256 at a time; one more is not, and stops nobody. */
static void
reports_of_a_client_are_bounded(void **state)
{
	static struct sync_auto_lease said[AUTO_LEASE_REPORTS_MAX + 1];
	struct estate *estate = *state;
	int64_t id = idle_pool(estate), now = START + DAY, other;
	const size_t half = AUTO_LEASE_REPORTS_MAX / 2;
	struct sync_outcome outcome;

	other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 100, 1000 }, "", START);
	for (size_t i = 0; i <= AUTO_LEASE_REPORTS_MAX; i++)
		said[i] = (struct sync_auto_lease){ "CONSEC", 1,
			START + 1 + (int64_t)i, now };
	report(&outcome, estate, id, said, half, now);
	assert_int_equal(notices(&outcome, "auto_lease_ignored"), 0);
	estate_forget(&outcome);
	report(&outcome, estate, id, said + half, half, now);
	assert_int_equal(notices(&outcome, "auto_lease_ignored"), 0);
	estate_forget(&outcome);
	assert_int_equal(reports(estate), AUTO_LEASE_REPORTS_MAX);
	report(&outcome, estate, id, said + 2 * half, 1, now);
	assert_int_equal(notices(&outcome, "auto_lease_ignored"), 1);
	estate_forget(&outcome);
	assert_int_equal(reports(estate), AUTO_LEASE_REPORTS_MAX);
	/* What is known may go on, and others are heard. */
	said[0].to = now + 5;
	report(&outcome, estate, id, said, 1, now + 10);
	assert_int_equal(notices(&outcome, "auto_lease_ignored"), 0);
	estate_forget(&outcome);
	report_one(estate, other, 1, START + 1, now, now + 10);
	assert_int_equal(reports(estate), AUTO_LEASE_REPORTS_MAX + 1);
	assert_int_equal(penalty_until(estate), 0);
}

/* 200 reports beside 5,000 are more than one sync has memory for, unless each gives it back. */
static void
reports_give_their_memory_back(void **state)
{
	static struct sync_auto_lease said[200];
	struct estate *estate = *state;
	int64_t id = idle_pool(estate), now = START + DAY, other;
	struct sync_outcome outcome;

	other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 100, 1000 }, "", START);
	forget_history(estate);
	was_held(estate, START, 1000, 0);
	estate_begin(estate, START);
	for (int64_t i = 0; i < 5000; i++)
		good(statement_run(estate->appliance.store,
		    "INSERT INTO auto_lease_report (client, feature, from_at,"
		    " to_at, units, reported_at)"
		    " VALUES (?1, 'CONSEC', ?2, ?3, 1, ?2)",
		    "iii", other, START + i, now));
	good(estate_end(estate, FAULT_NONE));
	for (int64_t i = 0; i < 200; i++)
		said[i] = (struct sync_auto_lease){ "CONSEC", 1, START + i,
			now };
	report(&outcome, estate, id, said, 200, now);
	assert_int_equal(reports(estate), 5200);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	estate_forget(&outcome);
}

/* ---- penalty ---- */

static int64_t
punish(struct estate *estate, int64_t now)
{
	int64_t id = idle_pool(estate);

	forget_history(estate);
	was_held(estate, now - 2 * DAY, 1000, 0);
	watch(estate, now);
	assert_true(answer_says_on(estate, id, now));
	report_one(estate, id, 1001, now - HOUR, now, now);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	return id;
}

static void
a_penalty_is_off_for_all_features_and_clients(void **state)
{
	struct estate *estate = *state;
	int64_t other, now = START + 10 * DAY;
	struct sync_outcome outcome;
	const struct sync_want want = { "CONSEC", 0 };
	struct sync_request request;

	other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 100, 1000 }, "", START);
	estate_license(estate, "ACCESS", 100, "");
	punish(estate, now);
	assert_false(switch_of(estate, "CONSEC").is_on);
	assert_int_equal(
	    switch_of(estate, "CONSEC").verdict, VERDICT_AUTO_LEASE_PENALTY);
	assert_int_equal(
	    switch_of(estate, "ACCESS").verdict, VERDICT_AUTO_LEASE_PENALTY);
	assert_string_equal(sentence_of(estate, "CONSEC"),
	    "Auto-leasing is off for all features until 2025-03-16 00:00 "
	    "+00:00, because client gw had taken units that were not free. A "
	    "new subscription for users ends this at once.");
	request = estate_request(estate, other, &want, 0, now);
	estate_send(&outcome, estate, &request, now);
	assert_int_equal(
	    json_integer_value(json_object_get(outcome.json, "penalty_until")),
	    now + PENALTY);
	assert_int_equal(notices(&outcome, "auto_lease_penalty"), 1);
	estate_forget(&outcome);
	assert_false(answer_says_on(estate, other, now));
}

static void
a_penalty_lasts_to_its_last_second(void **state)
{
	struct estate *estate = *state;
	int64_t now = START + 10 * DAY, id = punish(estate, now);
	struct sync_outcome outcome;

	watch(estate, now + PENALTY - 1);
	assert_false(switch_of(estate, "CONSEC").is_on);
	report(&outcome, estate, id, NULL, 0, now + PENALTY - 1);
	assert_int_equal(
	    json_integer_value(json_object_get(outcome.json, "penalty_until")),
	    now + PENALTY);
	estate_forget(&outcome);
	/* From the next on it is over, whether anybody looked or not. */
	report(&outcome, estate, id, NULL, 0, now + PENALTY);
	assert_true(
	    json_is_null(json_object_get(outcome.json, "penalty_until")));
	assert_int_equal(notices(&outcome, "auto_lease_penalty"), 0);
	estate_forget(&outcome);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
	watch(estate, now + PENALTY);
	watch(estate, now + PENALTY + 60);
	assert_int_equal(estate_events(estate, OVER, NULL), 1);
	assert_true(switch_of(estate, "CONSEC").is_on);
	assert_int_equal(penalty_until(estate), 0);
}

static void
a_failure_during_a_penalty_begins_it_anew(void **state)
{
	struct estate *estate = *state;
	int64_t now = START + 10 * DAY, id = punish(estate, now);

	report_one(estate, id, 1002, now, now + 1, now + DAY);
	assert_int_equal(penalty_until(estate), now + DAY + PENALTY);
	assert_int_equal(estate_events(estate, BEGAN, NULL), 2);
	watch(estate, now + PENALTY);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
	assert_false(switch_of(estate, "CONSEC").is_on);
}

static void
accept_agreement(struct estate *estate)
{
	const char *source = getenv("top_srcdir");
	struct agreement_text text;

	estate->appliance.data_directory = source ? source : ".";
	estate->appliance.vendor_directory = source ? source : ".";
	good(agreement_file_load(
	    &text, &estate->arena, estate->appliance.data_directory));
	estate_begin(estate, START);
	good(estate_end(
	    estate, ledger_agreement_accept(&estate->ledger, text.digest)));
}

static void
install(struct estate *estate, const char *serial, const char *sku,
    const char *start, const char *end, int64_t now)
{
	struct license_result *results;
	size_t count;

	estate_begin(estate, now);
	good(estate_end(estate,
	    ledger_license_add(&results, &count, &estate->ledger,
		estate_key(
		    estate, "0331J8K29P4T77QX", serial, sku, start, end))));
	assert_int_equal(estate->ledger.mistakes.count, 0);
	assert_int_equal(count, 1);
	assert_true(results[0].is_installed);
}

static void
remove_license(struct estate *estate, const char *serial, int64_t now)
{
	estate_begin(estate, now);
	good(
	    estate_end(estate, ledger_license_remove(&estate->ledger, serial)));
	assert_int_equal(estate->ledger.mistakes.count, 0);
}

/* Nobody looked in between: both are told. */
static void
a_failure_after_a_penalty_ends_that_one_first(void **state)
{
	struct estate *estate = *state;
	int64_t id = tight_pool(estate), over = START + HOUR + PENALTY;

	report_one(estate, id, 200, START, START + 50, START + HOUR);
	report_one(estate, id, 300, START, START + 50, over);
	assert_int_equal(penalty_until(estate), over + PENALTY);
	assert_int_equal(estate_events(estate, BEGAN, NULL), 2);
	assert_int_equal(estate_events(estate, OVER, NULL), 1);
	watch(estate, over + 60);
	assert_int_equal(estate_events(estate, OVER, NULL), 1);
}

static void
only_a_new_subscription_for_users_ends_a_penalty(void **state)
{
	struct estate *estate = *state;
	int64_t now = START + 10 * DAY;

	estate_trust(estate, true);
	accept_agreement(estate);
	install(estate, "OLD", "CONSEC-ADD-100U-1YR", "2025-01-01",
	    "2025-12-31", START);
	remove_license(estate, "OLD", START + 1);
	punish(estate, now);
	install(estate, "P", "CONSEC-ADD-100U", "2025-01-01", NULL, now + 1);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	install(estate, "R", "CONSEC-ADD-100U-1YR-R", "2025-01-01",
	    "2025-12-31", now + 2);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	/* One that was here before. */
	install(estate, "OLD", "CONSEC-ADD-100U-1YR", "2025-01-01",
	    "2025-12-31", now + 3);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	/* One that begins tomorrow. */
	install(estate, "F", "CONSEC-ADD-100U-1YR", "2025-03-12", "2026-03-11",
	    now + 4);
	assert_int_equal(penalty_until(estate), now + PENALTY);
	assert_int_equal(estate_events(estate, ENDED, NULL), 0);

	install(estate, "S", "CONSEC-ADD-100U-1YR", "2025-03-01", "2026-02-28",
	    now + 5);
	assert_int_equal(penalty_until(estate), 0);
	assert_int_equal(estate_events(estate, ENDED, "S"), 1);
	assert_true(switch_of(estate, "CONSEC").is_on);
	/* It ended; it did not run out. */
	watch(estate, now + PENALTY);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
}

#define AUTO_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    test, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AUTO_TEST(exactly_thirty_percent_is_off),
		AUTO_TEST(one_unit_second_more_is_on),
		AUTO_TEST(a_second_less_than_a_day_is_collecting),
		AUTO_TEST(a_feature_of_one_family_is_never_on),
		AUTO_TEST(
		    four_hundred_of_a_thousand_is_on_until_maximum_two_hundred),
		AUTO_TEST(the_switch_travels_with_every_answer),
		AUTO_TEST(an_interval_up_to_an_excess_is_fine),
		AUTO_TEST(one_second_into_an_excess_is_punished),
		AUTO_TEST(one_unit_too_many_is_punished),
		AUTO_TEST(all_that_reported_so_far_count_together),
		AUTO_TEST(an_interval_reported_twice_counts_once),
		AUTO_TEST(a_lengthened_interval_is_judged_again),
		AUTO_TEST(before_the_history_nothing_is_known),
		AUTO_TEST(nonsense_is_a_notice),
		AUTO_TEST(what_has_not_come_yet_is_cut_off),
		AUTO_TEST(what_is_longer_ago_than_the_history_is_cut_off),
		AUTO_TEST(reports_are_kept_for_eleven_days),
		AUTO_TEST(many_reports_are_judged_in_time),
		AUTO_TEST(reports_of_a_client_are_bounded),
		AUTO_TEST(reports_give_their_memory_back),
		AUTO_TEST(a_penalty_is_off_for_all_features_and_clients),
		AUTO_TEST(a_penalty_lasts_to_its_last_second),
		AUTO_TEST(a_failure_during_a_penalty_begins_it_anew),
		AUTO_TEST(a_failure_after_a_penalty_ends_that_one_first),
		AUTO_TEST(only_a_new_subscription_for_users_ends_a_penalty),
	};

	return cmocka_run_group_tests_name(
	    "ledger_sync_auto", tests, NULL, NULL);
}
