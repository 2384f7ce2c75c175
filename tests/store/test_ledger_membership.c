/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_membership.c: where units come from on a real store: members
 * and others, subscriptions that end, strict membership, surrendered licenses
 * and their recall; and what a denied client is told of who has the units.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/statement.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_denial.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_surrendered.h"
#include <stdio.h>
#include <string.h>

/* R 50, I 25, M 200 */
static const struct allocation wide = { 50, 25, 200 };

/* 2025-03-11 00:00 UTC is the first instant after it. */
#define LAST_DAY "2025-03-10"
#define OVER     (START + 10 * DAY)

static int
open_server(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_SERVER);
	estate_trust(&estate, true);
	estate_set(&estate, SETTING_GRACE, 0);
	*state = &estate;
	return 0;
}

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

/* Asks with or without its member license; every earlier document is confirmed. */
static void
ask_as(struct sync_outcome *out, struct estate *estate, int64_t client,
    bool is_member, int64_t users, int64_t now)
{
	const struct sync_want want = { "CONSEC", users };
	struct sync_request request = estate_request(
	    estate, client, &want, INT64_MAX, now);
	const char *key = estate_key(estate, request.hardware_id,
	    arena_format(&estate->arena, "M-%d", (int)client),
	    "PSA-LICENSE-MBR", "2025-01-01", NULL);

	request.members = &key;
	request.member_count = is_member;
	estate_send(out, estate, &request, now);
	assert_string_equal(out->answer.code, "");
}

static void
sync_as(struct estate *estate, int64_t client, bool is_member, int64_t users,
    int64_t now)
{
	struct sync_outcome outcome;

	ask_as(&outcome, estate, client, is_member, users, now);
	estate_forget(&outcome);
}

static json_t *
feature_of(const struct sync_outcome *outcome)
{
	return json_object_get(
	    json_object_get(outcome->json, "features"), "CONSEC");
}

static const char *
denied_code(const struct sync_outcome *outcome)
{
	const char *code = json_string_value(json_object_get(
	    json_object_get(feature_of(outcome), "denied"), "code"));

	return code ? code : "";
}

/* The code of the denial, and L. */
static void
assert_asked(struct estate *estate, int64_t client, bool is_member,
    int64_t users, int64_t now, const char *code, int64_t leased)
{
	struct sync_outcome outcome;

	ask_as(&outcome, estate, client, is_member, users, now);
	assert_string_equal(denied_code(&outcome), code);
	assert_int_equal(
	    json_integer_value(json_object_get(feature_of(&outcome), "leased")),
	    leased);
	estate_forget(&outcome);
}

/* Subscription units among the live ones of a client. */
static int64_t
drawn(struct estate *estate, int64_t client, int64_t now)
{
	struct client_part_row *parts;
	int64_t units = 0;
	size_t count;

	assert_int_equal(store_client_parts(&parts, &count, &estate->arena,
			     estate->appliance.store, client, now),
	    FAULT_NONE);
	for (size_t i = 0; i < count; i++)
		units += parts[i].part.subscription;
	return units;
}

static int64_t
client_of(struct estate *estate, const char *name, struct allocation allocation)
{
	return estate_client(estate, name, "CONSEC", allocation, "", START);
}

/* ---- drawing ---- */

static void
members_draw_on_permanent_units_first(void **state)
{
	struct estate *estate = *state;
	struct pool_row pool;
	int64_t other, member, late;

	estate_license(estate, "CONSEC", 100, "2030-01-01");
	estate_license(estate, "CONSEC", 100, "");
	other = client_of(estate, "other", wide);
	member = client_of(estate, "member", wide);
	late = client_of(estate, "late", (struct allocation){ 0, 25, 200 });
	sync_as(estate, other, false, 100, START);
	sync_as(estate, member, true, 75, START);
	assert_int_equal(drawn(estate, other, START), 100);
	assert_int_equal(drawn(estate, member, START), 0);
	pool = estate_pool(estate, "CONSEC", START);
	assert_int_equal(pool.installed, 200);
	assert_int_equal(pool.subscription, 100);
	assert_int_equal(pool.subscription_drawn, 100);
	assert_int_equal(pool.permanent_drawn, 75);
	/* What the preferred source lacks comes from the other one. */
	sync_as(estate, late, false, 25, START);
	assert_int_equal(drawn(estate, late, START), 0);
	/* The quanta ran out; 25 permanent units are free again. */
	sync_as(estate, other, false, 0, START + DAY);
	assert_int_equal(drawn(estate, other, START + DAY), 50);
	sync_as(estate, member, true, 125, START + DAY);
	assert_int_equal(drawn(estate, member, START + DAY), 25);
	pool = estate_pool(estate, "CONSEC", START + DAY);
	assert_int_equal(pool.leased, 175);
	assert_int_equal(
	    pool.subscription_drawn + pool.permanent_drawn, pool.leased);
}

static void
a_part_may_draw_on_both(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	json_t *entry;
	int64_t id;

	estate_license(estate, "CONSEC", 60, "2030-01-01");
	estate_license(estate, "CONSEC", 100, "");
	id = client_of(estate, "gw", wide);
	ask_as(&outcome, estate, id, false, 100, START);
	assert_int_equal(drawn(estate, id, START), 60);
	entry = json_array_get(json_object_get(outcome.json, "compliance"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(entry, "feature")), "CONSEC");
	assert_string_equal(json_string_value(json_object_get(entry, "code")),
	    "out_of_compliance");
	assert_int_equal(
	    json_integer_value(json_object_get(entry, "units")), 40);
	assert_non_null(strstr(
	    json_string_value(json_object_get(entry, "text")), "40 CONSEC"));
	estate_forget(&outcome);
	/* The row stays, its source changes. */
	estate_license(estate, "CONSEC", 39, "2030-01-01");
	ask_as(&outcome, estate, id, false, 100, START + 60);
	assert_false(outcome.answer.changed);
	assert_int_equal(drawn(estate, id, START + 60), 99);
	estate_forget(&outcome);
	estate_license(estate, "CONSEC", 1, "2030-01-01");
	ask_as(&outcome, estate, id, false, 100, START + 120);
	assert_int_equal(drawn(estate, id, START + 120), 100);
	assert_int_equal(
	    json_array_size(json_object_get(outcome.json, "compliance")), 0);
	assert_int_equal(
	    json_array_size(json_object_get(outcome.json, "notices")), 0);
	estate_forget(&outcome);
}

static void
a_source_may_change_alone(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = client_of(estate, "gw", wide);
	sync_as(estate, id, false, 100, START);
	estate_license(estate, "CONSEC", 70, "2030-01-01");
	/* At the same instant: no expiry moves. */
	sync_as(estate, id, false, 100, START);
	assert_int_equal(drawn(estate, id, START), 70);
}

static void
parts_put_together_keep_their_sources(void **state)
{
	struct estate *estate = *state;
	struct pool_row pool;
	int64_t id, at = START;

	estate_license(estate, "CONSEC", 90, "2030-01-01");
	estate_license(estate, "CONSEC", 1000, "");
	id = client_of(estate, "gw", (struct allocation){ 0, 1, 1000 });
	for (int users = 1; users <= 120; users++, at += 60) {
		sync_as(estate, id, false, users, at);
		assert_int_equal(
		    drawn(estate, id, at), users < 90 ? users : 90);
	}
	pool = estate_pool(estate, "CONSEC", at);
	assert_int_equal(pool.leased, 120);
	assert_int_equal(pool.permanent_drawn, 30);
}

/* What a client may still hold on paper is held, but drawn from nowhere. */
static void
only_the_newest_document_draws(void **state)
{
	struct estate *estate = *state;
	struct pool_row pool;
	struct pool snapshot;
	int64_t id, at = START + HOUR;

	estate_license(estate, "CONSEC", 100, "2030-01-01");
	id = client_of(estate, "gw", wide);
	sync_as(estate, id, false, 100, START);
	assert_true(estate_change(
	    estate, id, "CONSEC", (struct allocation){ 50, 0, 50 }, "", at));
	sync_as(estate, id, false, 50, at);
	pool = estate_pool(estate, "CONSEC", at);
	assert_int_equal(pool.held, 100);
	assert_int_equal(pool.leased, 50);
	assert_int_equal(pool.subscription_drawn, 50);
	assert_int_equal(pool.permanent_drawn, 0);
	assert_int_equal(store_pool_load(&snapshot, &estate->arena,
			     estate->appliance.store, "CONSEC", 0, at),
	    FAULT_NONE);
	assert_int_equal(snapshot.subscription_others, 50);
	assert_int_equal(snapshot.permanent_others, 0);
}

static void
put_part(struct estate *estate, int64_t client, const struct lease_part *part,
    int64_t first, int64_t last)
{
	struct store *store = estate->appliance.store;
	enum fault fault;

	estate_begin(estate, START);
	fault = store_lease_insert(store, client, "CONSEC", part, first);
	if (!fault && last > 0)
		fault = store_lease_close(
		    store, statement_inserted(store), last);
	assert_int_equal(estate_end(estate, fault), FAULT_NONE);
}

/* So many papers, none confirmed, that its lease stays as it is; and so does what it draws. */
static void
an_unconfirmed_lease_is_out_of_compliance_too(void **state)
{
	struct estate *estate = *state;
	const struct lease_part paper = { .kind = LEASE_PART_QUANTUM,
		.size = 1,
		.count = 1,
		.granted = START,
		.expires = START + 5 * DAY };
	const struct sync_want want = { "CONSEC", 50 };
	struct sync_request request;
	struct sync_outcome outcome;
	json_t *entry;
	int64_t id;

	estate_license(estate, "CONSEC", 60, "2030-01-01");
	estate_license(estate, "CONSEC", 1000, "");
	id = client_of(estate, "gw", wide);
	sync_as(estate, id, false, 100, START);
	for (int i = 0; i < 128; i++)
		put_part(estate, id, &paper, START, START);
	assert_true(estate_change(estate, id, "CONSEC",
	    (struct allocation){ 50, 0, 50 }, "", START + 60));
	request = estate_request(estate, id, &want, 0, START + 60);
	estate_send(&outcome, estate, &request, START + 60);
	assert_int_equal(
	    json_integer_value(json_object_get(feature_of(&outcome), "leased")),
	    100);
	entry = json_array_get(json_object_get(outcome.json, "compliance"), 0);
	assert_int_equal(
	    json_integer_value(json_object_get(entry, "units")), 40);
	estate_forget(&outcome);
}

static int64_t
noncompliant_since(struct estate *estate, int64_t client)
{
	struct contact_row row;

	assert_int_equal(store_contact_load(&row, &estate->arena,
			     estate->appliance.store, client),
	    FAULT_NONE);
	return row.noncompliant_at;
}

static void
a_subscription_ends_and_each_change_is_told_once(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	json_t *notice;
	int64_t id;

	estate_license(estate, "CONSEC", 100, LAST_DAY);
	estate_license(estate, "CONSEC", 100, "");
	id = client_of(estate, "gw", wide);
	sync_as(estate, id, false, 100, OVER - DAY);
	sync_as(estate, id, false, 100, OVER - 1);
	assert_int_equal(drawn(estate, id, OVER - 1), 100);
	assert_int_equal(estate_events(estate, "LHD10024", "gw"), 0);
	ask_as(&outcome, estate, id, false, 100, OVER);
	assert_int_equal(drawn(estate, id, OVER), 0);
	assert_int_equal(estate_leased(estate, id, "CONSEC", OVER), 100);
	assert_int_equal(estate_events(estate, "LHD10024", "gw"), 1);
	assert_true(outcome.answer.changed);
	estate_forget(&outcome);
	/* Not again, while it lasts; the notice says since when. */
	ask_as(&outcome, estate, id, false, 100, OVER + HOUR);
	assert_int_equal(estate_events(estate, "LHD10024", "gw"), 1);
	assert_int_equal(noncompliant_since(estate, id), OVER);
	notice = json_array_get(json_object_get(outcome.json, "notices"), 0);
	assert_string_equal(json_string_value(json_object_get(notice, "code")),
	    "out_of_compliance");
	assert_int_equal(
	    json_integer_value(json_object_get(notice, "since")), OVER);
	assert_false(outcome.answer.changed);
	estate_forget(&outcome);
	/* A member license mends it, and so would a subscription. */
	sync_as(estate, id, true, 100, OVER + 2 * HOUR);
	assert_int_equal(estate_events(estate, "LHD10025", "gw"), 1);
	assert_int_equal(noncompliant_since(estate, id), 0);
	sync_as(estate, id, true, 100, OVER + 3 * HOUR);
	assert_int_equal(estate_events(estate, "LHD10025", "gw"), 1);
	sync_as(estate, id, false, 100, OVER + 4 * HOUR);
	assert_int_equal(estate_events(estate, "LHD10024", "gw"), 2);
	estate_license(estate, "CONSEC", 100, "2030-01-01");
	sync_as(estate, id, false, 100, OVER + 5 * HOUR);
	assert_int_equal(estate_events(estate, "LHD10025", "gw"), 2);
}

/* ---- strict membership ---- */

static void
strict_membership_is_a_switch(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	int64_t id;

	estate_license(estate, "CONSEC", 74, "2030-01-01");
	estate_license(estate, "CONSEC", 500, "");
	id = client_of(estate, "gw", wide);
	estate_set(estate, SETTING_STRICT_MEMBERSHIP, 1);
	ask_as(&outcome, estate, id, false, 51, START);
	assert_string_equal(denied_code(&outcome), "membership_required");
	assert_int_equal(
	    json_array_size(json_object_get(outcome.json, "compliance")), 0);
	estate_forget(&outcome);
	assert_int_equal(estate_events(estate, "LIC30504", "gw"), 1);
	assert_asked(estate, id, true, 51, START + 1, "", 75);
	/* What it has is renewed without the license, but grows no more. */
	assert_asked(estate, id, false, 75, START + 2, "", 75);
	assert_int_equal(drawn(estate, id, START + 2), 74);
	assert_int_equal(estate_events(estate, "LHD10024", "gw"), 1);
	assert_asked(
	    estate, id, false, 76, START + 3, "membership_required", 75);
	estate_license(estate, "CONSEC", 26, "2030-01-01");
	assert_asked(estate, id, false, 76, START + 4, "", 100);
	assert_asked(
	    estate, id, false, 101, START + 5, "membership_required", 100);
	estate_set(estate, SETTING_STRICT_MEMBERSHIP, 0);
	assert_asked(estate, id, false, 101, START + 6, "", 125);
}

static void
strict_membership_keeps_a_reservation_whole_or_not_at_all(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 49, "2030-01-01");
	estate_license(estate, "CONSEC", 500, "");
	estate_set(estate, SETTING_STRICT_MEMBERSHIP, 1);
	id = client_of(estate, "gw", (struct allocation){ 50, 0, 50 });
	assert_asked(estate, id, false, 0, START, "membership_required", 0);
	estate_license(estate, "CONSEC", 1, "2030-01-01");
	assert_asked(estate, id, false, 0, START + 1, "", 50);
	/* Another client's reserved part finds no subscription unit left. */
	id = client_of(estate, "other", (struct allocation){ 1, 0, 1 });
	assert_asked(estate, id, false, 1, START + 2, "membership_required", 0);
	assert_asked(estate, id, true, 1, START + 3, "", 1);
}

/* ---- surrendered licenses ---- */

static int64_t
surrender(struct estate *estate, int64_t client, int64_t units,
    enum surrender_row state, int64_t now)
{
	struct surrendered_row row = { .client = client,
		.issuer = "test",
		.serial = "P-1",
		.sku = "CONSEC-ADD-50U",
		.feature = "CONSEC",
		.statement = "x",
		.units = units,
		.state = state,
		.since = now,
		.accepted_at = START,
		.changed_at = now };
	struct surrendered_row old;
	struct store *store = estate->appliance.store;

	if (store_surrendered_load(
		&old, &estate->arena, store, "test", "P-1") == FAULT_NONE)
		row.id = old.id;
	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(estate, store_surrendered_save(store, &row)),
	    FAULT_NONE);
	return units;
}

static void
surrendered_units_are_permanent_ones(void **state)
{
	struct estate *estate = *state;
	struct pool_row pool;
	struct pool snapshot;
	int64_t id;

	id = client_of(estate, "gw", (struct allocation){ 0 });
	/* Alone, they make the feature appear. */
	surrender(estate, id, 50, SURRENDER_ROW_ACCEPTED, START);
	pool = estate_pool(estate, "CONSEC", START);
	assert_int_equal(pool.installed, 50);
	assert_int_equal(pool.surrendered, 50);
	assert_int_equal(pool.subscription, 0);
	estate_license(estate, "CONSEC", 100, LAST_DAY);
	assert_true(estate_change(estate, id, "CONSEC",
	    (struct allocation){ 0, 25, 500 }, "", START));
	assert_asked(estate, id, true, 150, OVER - DAY, "", 150);
	assert_int_equal(drawn(estate, id, OVER - DAY), 100);
	/* The fall of own licenses leaves them alone. */
	assert_int_equal(store_pool_load(&snapshot, &estate->arena,
			     estate->appliance.store, "CONSEC", id, OVER - DAY),
	    FAULT_NONE);
	assert_int_equal(snapshot.total, 150);
	assert_int_equal(snapshot.subscription, 100);
	assert_int_equal(snapshot.recalling, 0);
	assert_int_equal(snapshot.fall_count, 1);
	assert_int_equal(snapshot.falls[0].at, OVER);
	assert_int_equal(snapshot.falls[0].total, 50);
	pool = estate_pool(estate, "CONSEC", OVER);
	assert_int_equal(pool.installed, 50);
	/* Returned, or its key not believed: it counts nowhere. */
	surrender(estate, id, 50, SURRENDER_ROW_RETURNED, OVER);
	pool = estate_pool(estate, "CONSEC", OVER);
	assert_int_equal(pool.installed, 0);
	assert_int_equal(pool.surrendered, 0);
}

/* What the first gives up is not asked of the second again. */
static void
a_recall_takes_no_more_than_its_units(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, at = START + HOUR;

	estate_license(estate, "CONSEC", 150, "");
	a = client_of(estate, "a", (struct allocation){ 0, 25, 100 });
	b = client_of(estate, "b", (struct allocation){ 0, 25, 100 });
	surrender(estate, a, 50, SURRENDER_ROW_ACCEPTED, START);
	sync_as(estate, a, true, 100, START);
	sync_as(estate, b, true, 100, START);
	surrender(estate, a, 50, SURRENDER_ROW_RECALLING, at);
	sync_as(estate, a, true, 100, at);
	/* It counts from the instant at which the client has confirmed that. */
	sync_as(estate, a, true, 100, at + 1);
	sync_as(estate, b, true, 100, at + 1);
	assert_int_equal(estate_leased(estate, a, "CONSEC", START + DAY), 50);
	assert_int_equal(estate_leased(estate, b, "CONSEC", START + DAY), 100);
}

static void
a_recall_lets_quanta_lapse_and_reservations_stand(void **state)
{
	struct estate *estate = *state;
	struct pool_row pool;
	int64_t id, idle, at = START + HOUR;

	estate_license(estate, "CONSEC", 150, "");
	id = client_of(estate, "gw", wide);
	/* It never asks for its own: held all the same. */
	idle = client_of(estate, "idle", (struct allocation){ 50, 0, 50 });
	assert_int_not_equal(idle, 0);
	surrender(estate, id, 50, SURRENDER_ROW_ACCEPTED, START);
	assert_asked(estate, id, true, 150, START, "", 150);
	assert_asked(estate, id, true, 151, START, "pool_exhausted", 150);
	surrender(estate, id, 50, SURRENDER_ROW_RECALLING, at);
	/* 50 idle ones and 50 reserved ones: two quanta of four still fit. */
	assert_asked(estate, id, true, 150, at, "", 150);
	pool = estate_pool(estate, "CONSEC", at);
	assert_int_equal(pool.installed, 200);
	assert_int_equal(pool.recalling, 50);
	assert_int_equal(pool.held, 200);
	assert_int_equal(
	    estate_leased(estate, id, "CONSEC", START + DAY - 1), 150);
	assert_int_equal(estate_leased(estate, id, "CONSEC", START + DAY), 100);
	assert_asked(estate, id, true, 100, START + DAY, "", 100);
	assert_int_equal(estate_pool(estate, "CONSEC", START + DAY).held, 150);
	/* Room there is, but for the recall. */
	assert_asked(
	    estate, id, true, 101, START + DAY, "recall_in_progress", 100);
	/* The reservation is lent while the recall waits. */
	assert_asked(estate, idle, false, 50, START + DAY, "", 50);
	assert_asked(
	    estate, id, true, 101, START + DAY + 1, "recall_in_progress", 100);
	assert_int_equal(
	    estate_feature(estate, id, "CONSEC", START + DAY).reserved_expires,
	    START + DAY + 1 + 240 * HOUR);
	surrender(estate, id, 50, SURRENDER_ROW_RETURNED, START + DAY + 2);
	assert_asked(
	    estate, id, true, 101, START + DAY + 2, "pool_exhausted", 100);
}

/* ---- who has them, and until when ---- */

static void
assert_free(struct estate *estate, int64_t client, int64_t now,
    const struct pool_free *expected, size_t expected_count, size_t most)
{
	struct pool_free *frees;
	size_t count;

	assert_int_equal(
	    store_pool_next_free(&frees, &count, &estate->arena,
		estate->appliance.store, "CONSEC", client, most, now),
	    FAULT_NONE);
	assert_int_equal(count, expected_count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(frees[i].client, expected[i].client);
		assert_int_equal(frees[i].at, expected[i].at);
		assert_int_equal(frees[i].units, expected[i].units);
	}
}

static void
units_come_free_in_order(void **state)
{
	struct estate *estate = *state;
	int64_t a, b, c, at = START + HOUR;
	const struct pool_free all[] = {
		{ "a", START + DAY, 50 },
		{ "c", START + DAY, 25 },
		{ "b", at + DAY, 75 },
		{ "b", START + 5 * DAY, 50 },
	};

	estate_license(estate, "CONSEC", 1000, "");
	a = client_of(estate, "a", wide);
	b = estate_client(estate, "b", "CONSEC", wide, "2025-03-05", START);
	c = client_of(estate, "c", (struct allocation){ 0, 25, 25 });
	assert_free(estate, 0, START, NULL, 0, 5);
	sync_as(estate, c, true, 25, START);
	sync_as(estate, a, true, 100, START);
	sync_as(estate, b, true, 125, at);
	/* A's reserved part stays held when it runs out, B's until its date. */
	assert_free(estate, 0, at, all, 4, 5);
	assert_free(estate, 0, at, all, 4, 4);
	assert_free(estate, 0, at, all, 2, 2);
	assert_free(estate, 0, at, all, 1, 1);
	assert_free(estate, 0, START + DAY - 1, all, 3, 3);
	assert_free(estate, 0, START + DAY, &all[2], 2, 3);
	assert_free(estate, b, at, all, 2, 5);
	assert_free(estate, a, at, &all[1], 3, 5);
	assert_free(estate, 0, START + 5 * DAY - 1, &all[3], 1, 5);
	assert_free(estate, 0, START + 5 * DAY, NULL, 0, 5);
}

static void
units_on_paper_come_free_when_it_runs_out(void **state)
{
	struct estate *estate = *state;
	const struct pool_free paper = { "a", START + DAY, 50 };
	int64_t a, at = START + HOUR;

	estate_license(estate, "CONSEC", 1000, "");
	a = client_of(estate, "a", wide);
	sync_as(estate, a, true, 100, START);
	/* The maximum falls; the smaller document is not confirmed yet. */
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 50, 0, 50 }, "", at));
	sync_as(estate, a, true, 50, at);
	assert_int_equal(estate_leased(estate, a, "CONSEC", at), 50);
	assert_free(estate, 0, at, &paper, 1, 5);
	sync_as(estate, a, true, 50, at + 1);
	assert_free(estate, 0, at + 1, NULL, 0, 5);
}

/* Reserved parts end by the dozen and free nothing: the search goes on behind them. */
static void
what_frees_nothing_hides_nothing(void **state)
{
	struct estate *estate = *state;
	const struct pool_free last = { "last", START + 11 * DAY, 25 };
	char name[16];
	int64_t id;

	estate_license(estate, "CONSEC", 10000, "");
	for (int i = 0; i < 40; i++) {
		(void)snprintf(name, sizeof(name), "gw%d", i);
		id = client_of(estate, name, (struct allocation){ 1, 0, 1 });
		sync_as(estate, id, true, 0, START);
	}
	id = client_of(estate, "last", (struct allocation){ 0, 25, 25 });
	estate_set(estate, SETTING_LEASE_DURATION, 10 * DAY);
	sync_as(estate, id, true, 25, START + DAY);
	assert_free(estate, 0, START + DAY, &last, 1, 1);
	assert_free(estate, 0, START + DAY, &last, 1, 2);
}

/* The units of a client that is looked at may come free later than those of one that is not. */
static void
the_search_ends_before_its_horizon(void **state)
{
	struct estate *estate = *state;
	struct lease_part reserved = { .kind = LEASE_PART_RESERVED,
		.size = 1,
		.count = 1,
		.granted = START,
		.expires = START + DAY };
	struct lease_part quantum = { .kind = LEASE_PART_QUANTUM,
		.size = 5,
		.count = 1,
		.granted = START,
		.expires = START + 3 * DAY };
	const struct pool_free expected[] = {
		{ "hidden", START + 2 * DAY, 5 },
		{ "gw15", START + 3 * DAY, 5 },
		{ "zzz", START + 3 * DAY, 5 },
	};
	char name[16];
	int64_t id;

	estate_license(estate, "CONSEC", 10000, "");
	id = client_of(estate, "zzz", (struct allocation){ 0, 5, 5 });
	put_part(estate, id, &quantum, 1, 0);
	for (int i = 0; i < 15; i++) {
		(void)snprintf(name, sizeof(name), "gw%d", i);
		id = client_of(estate, name, (struct allocation){ 1, 0, 1 });
		put_part(estate, id, &reserved, 1, 0);
	}
	/* On paper it has one or the other, so the first frees nothing. */
	id = client_of(estate, "gw15", (struct allocation){ 0, 5, 5 });
	put_part(estate, id, &quantum, 2, 0);
	quantum.expires = START + DAY;
	put_part(estate, id, &quantum, 1, 1);
	id = client_of(estate, "hidden", (struct allocation){ 0, 5, 5 });
	quantum.expires = START + 2 * DAY;
	put_part(estate, id, &quantum, 1, 0);
	assert_free(estate, 0, START, expected, 1, 1);
	/* Of one instant, by name: whoever was found first. */
	assert_free(estate, 0, START, expected, 2, 2);
	assert_free(estate, 0, START, expected, 3, 4);
	assert_free(estate, id, START, &expected[1], 1, 1);
}

static void
a_denial_keeps_who_has_the_units(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	struct denial_row *denials;
	json_t *denied, *kept, *next;
	int64_t a, b;
	size_t count;

	estate_license(estate, "CONSEC", 100, "");
	a = client_of(estate, "a", (struct allocation){ 0, 25, 100 });
	b = client_of(estate, "b", (struct allocation){ 0, 25, 100 });
	sync_as(estate, a, true, 100, START);
	ask_as(&outcome, estate, b, true, 1, START + 60);
	denied = json_object_get(feature_of(&outcome), "denied");
	next = json_array_get(json_object_get(denied, "next_free"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(next, "client")), "a");
	assert_int_equal(
	    json_integer_value(json_object_get(next, "units")), 100);
	assert_int_equal(
	    json_integer_value(json_object_get(next, "at")), START + DAY);
	assert_int_equal(store_denial_list(&denials, &count, &estate->arena,
			     estate->appliance.store, b),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	kept = json_loads(denials[0].holders, 0, NULL);
	assert_true(json_equal(kept, json_object_get(denied, "holders")));
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(kept, 0), "client")),
	    "a");
	json_decref(kept);
	estate_forget(&outcome);
	/* They were renewed meanwhile: the row says so, no event does. */
	sync_as(estate, a, true, 100, START + HOUR);
	sync_as(estate, b, true, 1, START + HOUR + 60);
	assert_int_equal(store_denial_list(&denials, &count, &estate->arena,
			     estate->appliance.store, b),
	    FAULT_NONE);
	kept = json_loads(denials[0].holders, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(
			     json_array_get(kept, 0), "expires")),
	    START + HOUR + DAY);
	json_decref(kept);
	assert_int_equal(estate_events(estate, "LIC30504", "b"), 1);
}

#define MEMBERSHIP_TEST(name)                                                  \
	cmocka_unit_test_setup_teardown(name, open_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MEMBERSHIP_TEST(members_draw_on_permanent_units_first),
		MEMBERSHIP_TEST(a_part_may_draw_on_both),
		MEMBERSHIP_TEST(a_source_may_change_alone),
		MEMBERSHIP_TEST(parts_put_together_keep_their_sources),
		MEMBERSHIP_TEST(only_the_newest_document_draws),
		MEMBERSHIP_TEST(an_unconfirmed_lease_is_out_of_compliance_too),
		MEMBERSHIP_TEST(
		    a_subscription_ends_and_each_change_is_told_once),
		MEMBERSHIP_TEST(strict_membership_is_a_switch),
		MEMBERSHIP_TEST(
		    strict_membership_keeps_a_reservation_whole_or_not_at_all),
		MEMBERSHIP_TEST(surrendered_units_are_permanent_ones),
		MEMBERSHIP_TEST(a_recall_takes_no_more_than_its_units),
		MEMBERSHIP_TEST(
		    a_recall_lets_quanta_lapse_and_reservations_stand),
		MEMBERSHIP_TEST(units_come_free_in_order),
		MEMBERSHIP_TEST(units_on_paper_come_free_when_it_runs_out),
		MEMBERSHIP_TEST(what_frees_nothing_hides_nothing),
		MEMBERSHIP_TEST(the_search_ends_before_its_horizon),
		MEMBERSHIP_TEST(a_denial_keeps_who_has_the_units),
	};

	return cmocka_run_group_tests_name(
	    "ledger_membership", tests, NULL, NULL);
}
