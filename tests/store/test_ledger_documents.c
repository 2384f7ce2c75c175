/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_documents.c: a unit is lent again only when the client confirmed
 * the smaller lease document, or when what was signed has run out.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/statement.h"
#include "engine/store/store_client_list.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_private.h"
#include <string.h>

#define T 100

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

static int64_t
quanta_client(struct estate *estate, const char *name, int64_t maximum)
{
	int64_t id = estate_client(estate, name, "CONSEC",
	    (struct allocation){ 0, 25, maximum }, "", START);

	assert_int_not_equal(id, 0);
	return id;
}

/* What another client can get of the pool, given back at once. */
static int64_t
free_units(struct estate *estate, int64_t now)
{
	return estate_pool(estate, "CONSEC", now).available;
}

/* A and B share 100 units; A leases all of them at START, document 1 confirmed. */
static void
lend_all(int64_t *a, int64_t *b, struct estate *estate)
{
	estate_license(estate, "CONSEC", T, "");
	*a = quanta_client(estate, "a", T);
	*b = quanta_client(estate, "b", T);
	estate_sync(estate, *a, "CONSEC", T, 0, START);
	estate_sync(estate, *a, "CONSEC", T, 1, START + 1);
	assert_int_equal(free_units(estate, START + 1), 0);
}

static void
lost_reply_lends_nothing_again(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, now = START + DAY;

	lend_all(&a, &b, estate);
	estate_sync(estate, a, "CONSEC", T, 2, now - 1);
	/* A needs nothing any more: document 4 holds nothing, but A has 3. */
	assert_int_equal(estate_sync(estate, a, "CONSEC", 0, 3, now), 4);
	assert_int_equal(estate_leased(estate, a, "CONSEC", now), 0);
	assert_int_equal(free_units(estate, now), 0);
	estate_sync(estate, b, "CONSEC", 1, 0, now);
	assert_int_equal(estate_leased(estate, b, "CONSEC", now), 0);
	/* It asks again without having stored it: nothing is confirmed. */
	estate_sync(estate, a, "CONSEC", 0, 3, now + 1);
	assert_int_equal(free_units(estate, now + 1), 0);
	/* It confirms 4 by holding it. */
	estate_sync(estate, a, "CONSEC", 0, 4, now + 2);
	assert_int_equal(free_units(estate, now + 2), T);
	estate_sync(estate, b, "CONSEC", T, 0, now + 2);
	assert_int_equal(estate_leased(estate, b, "CONSEC", now + 2), T);
}

static void
what_was_signed_runs_out(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, now = START + DAY;
	struct client_feature_row feature;

	lend_all(&a, &b, estate);
	estate_sync(estate, a, "CONSEC", T, 2, now - 1);
	estate_sync(estate, a, "CONSEC", 0, 3, now);
	feature = estate_feature(estate, a, "CONSEC", now);
	assert_int_equal(feature.held, T);
	assert_int_equal(feature.releasing, T);
	assert_int_equal(feature.releasing_until, now - 1 + DAY);
	assert_int_equal(free_units(estate, now - 2 + DAY), 0);
	assert_int_equal(free_units(estate, now - 1 + DAY), T);
	estate_reclaim(estate, now - 1 + DAY);
	assert_int_equal(free_units(estate, now - 1 + DAY), T);
}

static void
lowered_maximum_frees_nothing_before(void **state)
{
	struct estate *estate = *state;
	int64_t a, b;

	lend_all(&a, &b, estate);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 0, 25, 50 }, "", START + 2));
	assert_int_equal(free_units(estate, START + 2), 0);
	estate_sync(estate, a, "CONSEC", T, 2, START + 3);
	assert_int_equal(estate_leased(estate, a, "CONSEC", START + 3), 50);
	assert_int_equal(free_units(estate, START + 3), 0);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", START + 3).releasing, 50);
	estate_sync(estate, a, "CONSEC", T, 3, START + 4);
	assert_int_equal(free_units(estate, START + 4), 50);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", START + 4).releasing, 0);
}

static void
deleted_client_keeps_its_paper(void **state)
{
	struct estate *estate = *state;
	struct client_row *rows;
	struct store *store = estate->appliance.store;
	int64_t a, b, again, end = START + 1 + DAY;
	struct sync_outcome outcome;
	struct sync_request request;
	size_t count;

	lend_all(&a, &b, estate);
	estate_delete(estate, a, START + 2);
	assert_int_equal(free_units(estate, START + 2), 0);
	assert_int_equal(estate_pool(estate, "CONSEC", START + 2).leased, 0);
	assert_int_equal(store_client_list_releasing(
			     &rows, &count, &estate->arena, store, START + 2),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].name, "a");
	/* Its name is free at once, and it is let in no more. */
	again = quanta_client(estate, "a", T);
	assert_int_not_equal(again, a);
	request = estate_request(estate, a, NULL, 2, START + 3);
	estate_send(&outcome, estate, &request, START + 3);
	assert_string_equal(outcome.answer.code, "unauthorized");
	estate_sync(estate, again, "CONSEC", 1, 0, START + 3);
	assert_int_equal(estate_leased(estate, again, "CONSEC", START + 3), 0);
	estate_reclaim(estate, end - 1);
	assert_int_equal(free_units(estate, end - 1), 0);
	estate_reclaim(estate, end);
	assert_int_equal(free_units(estate, end), T);
	assert_int_equal(
	    store_client_load_id(&rows[0], &estate->arena, store, a),
	    FAULT_NOT_FOUND);
	assert_int_equal(estate_events(estate, "LIC30564", "a"), 0);
}

static void
added_again_numbers_above_what_it_holds(void **state)
{
	struct estate *estate = *state;
	const struct sync_want want = { "CONSEC", 25 };
	struct sync_request request;
	struct sync_outcome outcome;
	int64_t id, held;

	estate_license(estate, "CONSEC", T, "");
	id = quanta_client(estate, "a", T);
	for (int i = 0; i < 5; i++)
		estate_sync(estate, id, "CONSEC", 25, i, START + 2 * i);
	request = estate_request(estate, id, &want, 5, START + 10);
	estate_send(&outcome, estate, &request, START + 10);
	held = outcome.answer.number;
	estate_forget(&outcome);
	estate_delete(estate, id, START + 11);
	id = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 0, 25, T }, "", START + 12);
	request = estate_request(estate, id, &want, held, START + 13);
	estate_send(&outcome, estate, &request, START + 13);
	assert_true(outcome.answer.number > held);
	estate_forget(&outcome);
	assert_int_equal(estate_leased(estate, id, "CONSEC", START + 13), 25);
}

static void
shortened_expiration_leaves_the_old_paper(void **state)
{
	struct estate *estate = *state;
	int64_t a, end = START + 2 * DAY;

	estate_license(estate, "CONSEC", T, "");
	a = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 50, 0, 50 }, "", START);
	estate_sync(estate, a, "CONSEC", 0, 0, START);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 50, 0, 50 }, "2025-03-02", START + 1));
	/* The new document ends at the new date; the old one does not. */
	estate_sync(estate, a, "CONSEC", 0, 0, START + 2);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", START + 2).reserved_expires,
	    end);
	assert_int_equal(free_units(estate, end), 50);
	assert_int_equal(free_units(estate, START + 240 * HOUR), T);
	estate_reclaim(estate, end);
	assert_int_equal(free_units(estate, end), 50);
	assert_int_equal(estate_events(estate, "LIC30564", "a"), 1);
}

static void
shortened_expiration_confirmed_frees_at_its_end(void **state)
{
	struct estate *estate = *state;
	int64_t a, end = START + 2 * DAY;

	estate_license(estate, "CONSEC", T, "");
	a = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 50, 0, 50 }, "", START);
	estate_sync(estate, a, "CONSEC", 0, 0, START);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 50, 0, 50 }, "2025-03-02", START + 1));
	estate_sync(estate, a, "CONSEC", 0, 1, START + 2);
	estate_sync(estate, a, "CONSEC", 0, 2, START + 3);
	assert_int_equal(free_units(estate, end - 1), 50);
	assert_int_equal(free_units(estate, end), T);
}

static void
expired_and_live_again_counts_its_paper_once(void **state)
{
	struct estate *estate = *state;
	const struct allocation allocation = { 50, 0, 50 };
	int64_t a, end = START + 2 * DAY;

	estate_license(estate, "CONSEC", T, "");
	a = estate_client(estate, "a", "CONSEC", allocation, "", START);
	estate_sync(estate, a, "CONSEC", 0, 0, START);
	assert_true(estate_change(
	    estate, a, "CONSEC", allocation, "2025-03-02", START + 1));
	estate_reclaim(estate, end + 1);
	assert_int_equal(free_units(estate, end + 1), 50);
	assert_true(estate_change(
	    estate, a, "CONSEC", allocation, "2025-04-01", end + 2));
	estate_sync(estate, a, "CONSEC", 0, 1, end + 3);
	assert_int_equal(estate_leased(estate, a, "CONSEC", end + 3), 50);
	assert_int_equal(free_units(estate, end + 3), 50);
	/* It expires again, and is told again. */
	estate_reclaim(estate, START + 40 * DAY);
	assert_int_equal(estate_events(estate, "LIC30566", "a"), 2);
}

static void
reinstalled_client_takes_nothing_back(void **state)
{
	struct estate *estate = *state;
	struct client_row client;
	int64_t a, b;

	lend_all(&a, &b, estate);
	estate_sync(estate, a, "CONSEC", T, 0, START + 2);
	assert_int_equal(store_client_load_id(&client, &estate->arena,
			     estate->appliance.store, a),
	    FAULT_NONE);
	assert_int_equal(client.confirmed, START + 1);
	assert_int_equal(client.number, START + 3);
	/* Beyond the newest document nothing can be held. */
	estate_sync(estate, a, "CONSEC", T, INT64_MAX, START + 3);
	assert_int_equal(store_client_load_id(&client, &estate->arena,
			     estate->appliance.store, a),
	    FAULT_NONE);
	assert_int_equal(client.confirmed, START + 3);
	estate_sync(estate, a, "CONSEC", T, INT64_MIN, START + 4);
	assert_int_equal(store_client_load_id(&client, &estate->arena,
			     estate->appliance.store, a),
	    FAULT_NONE);
	assert_int_equal(client.confirmed, START + 3);
	assert_int_equal(free_units(estate, START + 4), 0);
}

/* What was confirmed was on the disk; a client that was set up anew holds none. */
static void
a_disk_that_was_set_back_is_told_of(void **state)
{
	struct estate *estate = *state;
	int64_t a, b;

	lend_all(&a, &b, estate);
	estate_sync(estate, a, "CONSEC", T, START + 1, START + 2);
	estate_sync(estate, a, "CONSEC", T, 0, START + 3);
	assert_int_equal(estate_events(estate, "LHD10035", NULL), 0);
	estate_sync(estate, a, "CONSEC", T, START, START + 4);
	assert_int_equal(estate_events(estate, "LHD10035", "a"), 1);
	estate_sync(estate, a, "CONSEC", T, START, START + 5);
	assert_int_equal(estate_events(estate, "LHD10035", NULL), 1);
	assert_int_equal(free_units(estate, START + 5), 0);
}

static void
the_most_of_several_papers_counts(void **state)
{
	struct estate *estate = *state;
	int64_t a;

	estate_license(estate, "CONSEC", 1000, "");
	a = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 100, 0, 100 }, "", START);
	estate_sync(estate, a, "CONSEC", 0, 0, START);
	/* 100, then 40, then 70: never 170 or 210. */
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 40, 0, 40 }, "", START));
	estate_sync(estate, a, "CONSEC", 0, 0, START + 1);
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 70, 0, 70 }, "", START));
	estate_sync(estate, a, "CONSEC", 0, 0, START + 2);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", START + 2).held, 100);
	assert_int_equal(estate_pool(estate, "CONSEC", START + 2).held, 100);
	/* It holds document 2 of 40: 3 may still come. */
	estate_sync(estate, a, "CONSEC", 0, 2, START + 3);
	assert_int_equal(estate_pool(estate, "CONSEC", START + 3).held, 70);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", START + 3).held, 70);
}

/* B shrinks while a license is missing, and its answer is lost: A does not live on B's units. */
static void
shortage_extends_nothing_on_unconfirmed_units(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, lost, noon = START + 12 * HOUR, day = START + DAY;

	estate_license(estate, "CONSEC", 50, "");
	lost = estate_license(estate, "CONSEC", 50, "");
	a = quanta_client(estate, "a", 50);
	b = quanta_client(estate, "b", 50);
	estate_sync(estate, b, "CONSEC", 50, 0, START);
	estate_sync(estate, a, "CONSEC", 50, 0, noon);
	estate_license_remove(estate, lost);
	estate_sync(estate, a, "CONSEC", 50, 1, noon + 1);
	estate_sync(estate, b, "CONSEC", 50, 1, noon + 2);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", noon + 2).expires, noon + DAY);
	assert_int_equal(estate_feature(estate, b, "CONSEC", noon + 2).expires,
	    noon + 2 + DAY);
	estate_sync(estate, b, "CONSEC", 0, 2, day);
	assert_int_equal(estate_leased(estate, b, "CONSEC", day), 0);
	estate_sync(estate, a, "CONSEC", 50, 2, day + 1);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", day + 1).expires, noon + DAY);
	/* B confirms, and A has them. */
	estate_sync(estate, b, "CONSEC", 0, 3, day + 2);
	estate_sync(estate, a, "CONSEC", 50, 3, day + 3);
	assert_int_equal(estate_feature(estate, a, "CONSEC", day + 3).expires,
	    day + 3 + DAY);
}

/* ---- a client that never confirms ---- */

static int64_t
count_parts(struct estate *estate, const char *text)
{
	int64_t count;

	assert_int_equal(
	    statement_number(&count, 0, estate->appliance.store, text, ""),
	    FAULT_NONE);
	return count;
}

static void
unconfirmed_client_closes_few_rows(void **state)
{
	static const char sql_closed[] =
	    "SELECT count(*) FROM lease_part WHERE last IS NOT NULL";
	struct estate *estate = *state;
	struct client_feature_row feature;
	int64_t a, leased, number = 0;

	estate_license(estate, "CONSEC", T, "");
	a = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 10, 0, 10 }, "", START);
	for (int i = 0; i < 200; i++) {
		assert_true(estate_change(estate, a, "CONSEC",
		    (struct allocation){ 20 - i % 2, 1, 20 }, "", START + i));
		number = estate_sync(estate, a, "CONSEC", 0, 0, START + i);
	}
	assert_int_equal(count_parts(estate, sql_closed), 128);
	/* What it has is renewed, in place. */
	leased = estate_leased(estate, a, "CONSEC", START + HOUR);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ leased, 1, 25 }, "", START + HOUR));
	number = estate_sync(estate, a, "CONSEC", 25, 0, START + HOUR);
	feature = estate_feature(estate, a, "CONSEC", START + HOUR);
	assert_int_equal(feature.leased, leased);
	assert_int_equal(feature.reserved_expires, START + HOUR + 240 * HOUR);
	assert_string_equal(feature.denied_code, "recovering");
	assert_int_equal(count_parts(estate, sql_closed), 128);
	/* A lowered count is not renewed beyond what was given. */
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 5, 0, 5 }, "", START + 2 * HOUR));
	number = estate_sync(estate, a, "CONSEC", 0, 0, START + 2 * HOUR);
	feature = estate_feature(estate, a, "CONSEC", START + 2 * HOUR);
	assert_int_equal(feature.leased, leased);
	assert_int_equal(feature.reserved_expires, START + HOUR + 240 * HOUR);
	/* It confirms, and gets what it may have. */
	estate_sync(estate, a, "CONSEC", 0, number, START + 2 * HOUR + 1);
	assert_int_equal(
	    estate_leased(estate, a, "CONSEC", START + 2 * HOUR + 1), 5);
	assert_int_equal(count_parts(estate, sql_closed), 1);
}

static int
count_steps(void *steps)
{
	++*(int64_t *)steps;
	return 0;
}

static void
pool_reads_each_closed_row_about_once(void **state)
{
	static const int64_t rows = 2000;
	struct estate *estate = *state;
	struct store *store = estate->appliance.store;
	struct lease_part part = { .kind = LEASE_PART_QUANTUM,
		.size = 7,
		.count = 1,
		.granted = START,
		.expires = START + DAY };
	int64_t a, thousands = 0;

	estate_license(estate, "CONSEC", T, "");
	a = quanta_client(estate, "a", T);
	estate_begin(estate, START);
	for (int64_t i = 1; i <= rows; i++) {
		assert_int_equal(
		    store_lease_insert(store, a, "CONSEC", &part, i),
		    FAULT_NONE);
		assert_int_equal(
		    store_lease_close(store, statement_inserted(store), i + 2),
		    FAULT_NONE);
	}
	estate_end(estate, FAULT_NONE);
	sqlite3_progress_handler(store->db, 1000, count_steps, &thousands);
	assert_int_equal(estate_pool(estate, "CONSEC", START).held, 3 * 7);
	sqlite3_progress_handler(store->db, 0, NULL, NULL);
	assert_true(thousands < rows);
}

/* ---- the pool falls ---- */

static void
shortage_never_cuts_a_lease_short(void **state)
{
	struct estate *estate = *state;
	int64_t license, a, b;
	struct client_feature_row before, after;

	license = estate_license(estate, "CONSEC", 60, "");
	estate_license(estate, "CONSEC", 40, "");
	a = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 50, 0, 50 }, "", START);
	b = quanta_client(estate, "b", 50);
	estate_sync(estate, a, "CONSEC", 0, 0, START);
	estate_sync(estate, b, "CONSEC", 50, 0, START);
	before = estate_feature(estate, b, "CONSEC", START);
	estate_license_remove(estate, license);
	assert_int_equal(free_units(estate, START + HOUR), -60);
	estate_sync(estate, b, "CONSEC", 50, 1, START + HOUR);
	after = estate_feature(estate, b, "CONSEC", START + HOUR);
	assert_int_equal(after.leased, 50);
	assert_int_equal(after.expires, before.expires);
	estate_sync(estate, a, "CONSEC", 0, 1, START + HOUR);
	assert_int_equal(estate_leased(estate, a, "CONSEC", START + HOUR), 50);
	assert_int_equal(estate_leased(estate, b, "CONSEC", START + DAY), 0);
}

static void
no_quantum_outlasts_the_licenses_behind_it(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, fall = START + 12 * HOUR;

	estate_set(estate, SETTING_GRACE, 0);
	estate_license(estate, "CONSEC", 50, "");
	/* The subscription ends with the 28th of February. */
	estate_license(estate, "CONSEC", 50, "2025-02-28");
	fall = START;
	a = estate_client(estate, "a", "CONSEC",
	    (struct allocation){ 0, 25, 100 }, "", fall - 12 * HOUR);
	b = estate_client(estate, "b", "CONSEC",
	    (struct allocation){ 0, 25, 100 }, "", fall - 12 * HOUR);
	estate_sync(estate, a, "CONSEC", 50, 0, fall - 12 * HOUR);
	assert_int_equal(estate_feature(estate, a, "CONSEC", fall - 1).expires,
	    fall + 12 * HOUR);
	estate_sync(estate, b, "CONSEC", 50, 0, fall - 12 * HOUR);
	assert_int_equal(estate_leased(estate, b, "CONSEC", fall - 1), 50);
	assert_int_equal(
	    estate_feature(estate, b, "CONSEC", fall - 1).expires, fall);
	assert_int_equal(estate_pool(estate, "CONSEC", fall).available, 0);
	assert_int_equal(estate_pool(estate, "CONSEC", fall).leased, 50);
}

static void
reserved_parts_outlast_a_fall_as_far_as_they_fit(void **state)
{
	struct estate *estate = *state;
	const struct allocation fifty = { 50, 0, 50 };
	int64_t a, b, before = START - HOUR;

	estate_set(estate, SETTING_GRACE, 0);
	estate_license(estate, "CONSEC", 50, "");
	estate_license(estate, "CONSEC", 50, "2025-02-28");
	a = estate_client(estate, "a", "CONSEC", fifty, "", before);
	b = estate_client(estate, "b", "CONSEC", fifty, "", before);
	estate_sync(estate, a, "CONSEC", 0, 0, before);
	estate_sync(estate, b, "CONSEC", 0, 0, before);
	assert_int_equal(estate_feature(estate, a, "CONSEC", before).expires,
	    before + 240 * HOUR);
	assert_int_equal(
	    estate_feature(estate, b, "CONSEC", before).expires, START);
}

static void
date_moved_without_a_sync_ends_the_lease_once(void **state)
{
	struct estate *estate = *state;
	const struct allocation fifty = { 50, 0, 50 };
	int64_t a, end = START + 2 * DAY;

	estate_license(estate, "CONSEC", T, "");
	a = estate_client(estate, "a", "CONSEC", fifty, "", START);
	estate_sync(estate, a, "CONSEC", 0, 0, START);
	assert_true(
	    estate_change(estate, a, "CONSEC", fifty, "2025-03-02", START + 1));
	estate_reclaim(estate, end);
	assert_int_equal(estate_events(estate, "LIC30564", "a"), 1);
	assert_int_equal(estate_pool(estate, "CONSEC", end).leased, 0);
	assert_int_equal(free_units(estate, end), T - 50);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", end).releasing, 50);
	assert_int_equal(
	    estate_feature(estate, a, "CONSEC", end).releasing_until,
	    START + 240 * HOUR);
	estate_reclaim(estate, START + 240 * HOUR);
	assert_int_equal(free_units(estate, START + 240 * HOUR), T);
	assert_int_equal(estate_events(estate, "LIC30564", "a"), 1);
}

static void
released_when_the_papers_give_no_more_than_is_kept(void **state)
{
	struct estate *estate = *state;
	struct client_feature_row feature;
	int64_t a, later = START + 12 * HOUR;

	/* 25 until START + 1 d, 25 more until 12 h later, all given back unheard. */
	estate_license(estate, "CONSEC", T, "");
	a = quanta_client(estate, "a", T);
	estate_sync(estate, a, "CONSEC", 25, 0, START);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 0, 0, 0 }, "", START + 1));
	estate_sync(estate, a, "CONSEC", 0, 0, START + 1);
	feature = estate_feature(estate, a, "CONSEC", START + 1);
	assert_int_equal(feature.releasing, 25);
	assert_int_equal(feature.releasing_until, START + DAY);
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 0, 25, T }, "", later));
	estate_sync(estate, a, "CONSEC", 25, 0, later);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 20, 0, 20 }, "", later + 1));
	estate_sync(estate, a, "CONSEC", 0, 0, later + 1);
	feature = estate_feature(estate, a, "CONSEC", later + 1);
	assert_int_equal(feature.leased, 20);
	assert_int_equal(feature.held, 25);
	assert_int_equal(feature.releasing, 5);
	assert_int_equal(feature.releasing_until, later + DAY);
}

static void
snapshot_counts_what_others_may_use(void **state)
{
	struct estate *estate = *state;
	struct pool pool;
	int64_t a, b;

	lend_all(&a, &b, estate);
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 0, 25, 50 }, "", START + 2));
	estate_sync(estate, a, "CONSEC", T, 2, START + 3);
	assert_int_equal(store_pool_load(&pool, &estate->arena,
			     estate->appliance.store, "CONSEC", b, START + 3),
	    FAULT_NONE);
	assert_int_equal(pool.total, T);
	assert_int_equal(pool.held, T);
	assert_int_equal(pool.held_own, 0);
	/* What A gave back counts until A confirms that. */
	assert_int_equal(pool.leased_others, T);
	assert_int_equal(pool.documented_others, T);
	assert_int_equal(store_pool_load(&pool, &estate->arena,
			     estate->appliance.store, "CONSEC", a, START + 3),
	    FAULT_NONE);
	assert_int_equal(pool.held_own, T);
	assert_int_equal(pool.leased_others, 0);
	assert_int_equal(pool_reservable(&pool), T);
}

/* ---- against a plain model ---- */

#define CLIENTS 5
#define NUMBERS 512
#define MODEL_T 200

/* The papers of one client as they were handed out, word for word. */
struct papers {
	int64_t id;
	int64_t number, confirmed, holds;
	json_t *documents[NUMBERS];
};

struct model {
	struct estate *estate;
	uint64_t seed;
	int64_t now;
	struct papers papers[CLIENTS + NUMBERS]; /* deleted ones stay */
	size_t count;
};

static int64_t
any(struct model *model, int64_t limit)
{
	uint64_t *seed = &model->seed;

	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (int64_t)((*seed >> 11) % (uint64_t)limit);
}

/* Units that one document gives at an instant. */
static int64_t
given_by(const json_t *document, int64_t at)
{
	const json_t *part,
	    *parts = json_object_get(
		json_object_get(
		    json_object_get(document, "features"), "CONSEC"),
		"parts");
	int64_t units = 0;
	size_t i;

	json_array_foreach(parts, i,
	    part) if (json_integer_value(json_object_get(part, "expires")) > at)
	    units += json_integer_value(json_object_get(part, "units"));
	return units;
}

/* The most that a client could use, whichever paper it really has. */
static int64_t
could_use(const struct papers *papers, int64_t at)
{
	int64_t most = 0;

	for (int64_t n = papers->confirmed; n <= papers->number; n++)
		if (given_by(papers->documents[n], at) > most)
			most = given_by(papers->documents[n], at);
	return most;
}

static void
check_model(struct model *model)
{
	static const int64_t later[] = { 0, 1, HOUR, DAY, 3 * DAY, 9 * DAY,
		11 * DAY };
	struct estate *estate = model->estate;
	struct pool_row pool = estate_pool(estate, "CONSEC", model->now);
	int64_t held = 0, used;

	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++) {
		used = 0;
		for (size_t c = 0; c < model->count; c++)
			used += could_use(
			    &model->papers[c], model->now + later[i]);
		assert_true(used <= MODEL_T);
	}
	for (size_t c = 0; c < model->count; c++) {
		const struct papers *papers = &model->papers[c];
		struct client_feature_row *rows;
		size_t count;
		enum fault fault = store_client_features(&rows, &count,
		    &estate->arena, estate->appliance.store, papers->id,
		    model->now);

		used = could_use(papers, model->now);
		if (fault == FAULT_NOT_FOUND) {
			assert_int_equal(used, 0);
			continue;
		}
		assert_int_equal(fault, FAULT_NONE);
		if (count == 0) {
			assert_int_equal(used, 0);
			continue;
		}
		assert_true(rows[0].held >= used);
		assert_true(rows[0].releasing >= 0);
		held += rows[0].held;
	}
	assert_int_equal(pool.held, held);
	assert_true(held <= MODEL_T);
}

static void
model_sync(struct model *model, struct papers *papers)
{
	const struct sync_want want = { "CONSEC", any(model, 140) };
	struct sync_request request = estate_request(
	    model->estate, papers->id, &want, papers->holds, model->now);
	struct sync_outcome outcome;

	estate_send(&outcome, model->estate, &request, model->now);
	if (outcome.answer.status != 200)
		return;
	if (papers->holds > papers->confirmed)
		papers->confirmed = papers->holds;
	papers->number = estate_document(
	    model->estate, papers->id, outcome.answer.number);
	assert_true(papers->number < NUMBERS);
	papers->documents[papers->number] = json_incref(outcome.document);
	/* One reply in three is lost. */
	if (any(model, 3) != 0)
		papers->holds = papers->number;
	estate_forget(&outcome);
}

static void
model_change(struct model *model, struct papers *papers)
{
	static const char *const dates[] = { "", "", "", "2025-03-20",
		"2025-04-10", "2025-12-31" };
	struct allocation allocation = { any(model, 30), 1 + any(model, 20),
		60 + any(model, 90) };

	(void)estate_change(model->estate, papers->id, "CONSEC", allocation,
	    dates[any(model, 6)], model->now);
}

static void
model_add(struct model *model)
{
	struct papers *papers = &model->papers[model->count];
	char name[16];

	(void)snprintf(name, sizeof(name), "c%d", (int)model->count);
	papers->id = estate_client(model->estate, name, "CONSEC",
	    (struct allocation){ 0, 15, 100 }, "", model->now);
	assert_int_not_equal(papers->id, 0);
	model->count++;
}

static void
model_step(struct model *model)
{
	/* The newest few are alive. */
	struct papers *papers =
	    &model->papers[model->count - 1 - (size_t)any(model, CLIENTS)];
	struct client_row row;
	int64_t what = any(model, 40);

	model->now += any(model, 3 * HOUR);
	if (store_client_load_id(&row, &model->estate->arena,
		model->estate->appliance.store, papers->id) ||
	    row.deleted_at != 0)
		return;
	if (what < 6) {
		model_change(model, papers);
	} else if (what < 9) {
		estate_reclaim(model->estate, model->now);
	} else if (what == 9) {
		estate_delete(model->estate, papers->id, model->now);
		model_add(model);
	} else {
		model_sync(model, papers);
	}
}

static void
no_unit_twice_whatever_is_lost(void **state)
{
	static struct model model;

	memset(&model, 0, sizeof(model));
	model.estate = *state;
	model.seed = UINT64_C(88172645463325252);
	model.now = START;
	estate_license(model.estate, "CONSEC", MODEL_T, "");
	for (int i = 0; i < CLIENTS; i++)
		model_add(&model);
	for (int step = 0; step < 600; step++) {
		model_step(&model);
		check_model(&model);
		arena_clear(&model.estate->arena);
	}
	for (size_t c = 0; c < model.count; c++)
		for (size_t n = 0; n < NUMBERS; n++)
			json_decref(model.papers[c].documents[n]);
}

#define DOCUMENT_TEST(name)                                                    \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DOCUMENT_TEST(lost_reply_lends_nothing_again),
		DOCUMENT_TEST(what_was_signed_runs_out),
		DOCUMENT_TEST(lowered_maximum_frees_nothing_before),
		DOCUMENT_TEST(deleted_client_keeps_its_paper),
		DOCUMENT_TEST(added_again_numbers_above_what_it_holds),
		DOCUMENT_TEST(shortened_expiration_leaves_the_old_paper),
		DOCUMENT_TEST(a_disk_that_was_set_back_is_told_of),
		DOCUMENT_TEST(shortened_expiration_confirmed_frees_at_its_end),
		DOCUMENT_TEST(expired_and_live_again_counts_its_paper_once),
		DOCUMENT_TEST(reinstalled_client_takes_nothing_back),
		DOCUMENT_TEST(the_most_of_several_papers_counts),
		DOCUMENT_TEST(shortage_extends_nothing_on_unconfirmed_units),
		DOCUMENT_TEST(unconfirmed_client_closes_few_rows),
		DOCUMENT_TEST(pool_reads_each_closed_row_about_once),
		DOCUMENT_TEST(shortage_never_cuts_a_lease_short),
		DOCUMENT_TEST(no_quantum_outlasts_the_licenses_behind_it),
		DOCUMENT_TEST(reserved_parts_outlast_a_fall_as_far_as_they_fit),
		DOCUMENT_TEST(date_moved_without_a_sync_ends_the_lease_once),
		DOCUMENT_TEST(
		    released_when_the_papers_give_no_more_than_is_kept),
		DOCUMENT_TEST(snapshot_counts_what_others_may_use),
		DOCUMENT_TEST(no_unit_twice_whatever_is_lost),
	};

	return cmocka_run_group_tests_name(
	    "ledger_documents", tests, NULL, NULL);
}
