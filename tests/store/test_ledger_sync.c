/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_sync.c: the lease protocol on a real store: grow, deny, shrink,
 * renew and lapse, at the instants that matter; repeats; refusals.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/statement.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_private.h"
#include <string.h>

static const struct allocation seed = { 50, 10, 100 };
static const struct allocation quarter = { 50, 25, 150 };

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

static json_t *
feature_of(const struct sync_outcome *outcome, const char *name)
{
	return json_object_get(
	    json_object_get(outcome->json, "features"), name);
}

static int64_t
number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static const char *
denied_code(const struct sync_outcome *outcome, const char *feature)
{
	const char *code = json_string_value(json_object_get(
	    json_object_get(feature_of(outcome, feature), "denied"), "code"));

	return code ? code : "";
}

static void
ask(struct sync_outcome *out, struct estate *estate, int64_t client,
    int64_t users, int64_t holds, int64_t now)
{
	const struct sync_want want = { "CONSEC", users };
	struct sync_request request = estate_request(
	    estate, client, &want, holds, now);

	estate_send(out, estate, &request, now);
}

/* ---- the arithmetic of the seed ---- */

static void
seed_figures_leave_400(void **state)
{
	struct estate *estate = *state;
	struct pool_row pool;
	char name[16];
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	for (int i = 0; i < 10; i++) {
		(void)snprintf(name, sizeof(name), "gw%d", i);
		id = estate_client(estate, name, "CONSEC", seed, "", START);
		assert_int_not_equal(id, 0);
		estate_sync(estate, id, "CONSEC", 51, 0, START);
		assert_int_equal(
		    estate_leased(estate, id, "CONSEC", START), 60);
	}
	pool = estate_pool(estate, "CONSEC", START);
	assert_int_equal(pool.installed, 1000);
	assert_int_equal(pool.reserved, 500);
	assert_int_equal(pool.leased, 600);
	assert_int_equal(pool.held, 600);
	assert_int_equal(pool.available, 400);
	assert_int_equal(pool.unallocated, 400);
	assert_int_equal(pool.clients, 10);
}

static void
idle_reservation_counts(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	int64_t other;

	estate_license(estate, "CONSEC", 100, "");
	estate_client(estate, "idle", "CONSEC",
	    (struct allocation){ 100, 0, 100 }, "", START);
	other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 1, 1 }, "", START);
	ask(&outcome, estate, other, 1, 0, START);
	assert_string_equal(denied_code(&outcome, "CONSEC"), "pool_exhausted");
	assert_int_equal(estate_pool(estate, "CONSEC", START).available, 0);
	estate_forget(&outcome);
}

/* ---- grow and deny ---- */

static void
grows_by_whole_quanta_up_to_the_maximum(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	json_t *feature;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 50, 25, 100 }, "", START);
	ask(&outcome, estate, id, 51, 0, START);
	feature = feature_of(&outcome, "CONSEC");
	assert_int_equal(number_of(feature, "leased"), 75);
	assert_true(json_is_null(json_object_get(feature, "denied")));
	assert_int_equal(
	    number_of(feature, "reserved_expires"), START + 240 * HOUR);
	assert_int_equal(number_of(feature, "expires"), START + DAY);
	assert_true(outcome.answer.changed);
	estate_forget(&outcome);
	ask(&outcome, estate, id, 120, 1, START + 1);
	feature = feature_of(&outcome, "CONSEC");
	assert_int_equal(number_of(feature, "leased"), 100);
	assert_string_equal(denied_code(&outcome, "CONSEC"), "maximum_reached");
	assert_int_equal(
	    number_of(json_object_get(feature, "denied"), "wanted"), 120);
	estate_forget(&outcome);
	assert_int_equal(estate_events(estate, "LIC30503", "gw"), 2);
	assert_int_equal(estate_events(estate, "LIC30504", "gw"), 1);
	assert_string_equal(estate_last_event(estate, "LIC30503"),
	    "Client gw leases CONSEC 100 now, 75 before; "
	    "reserved/increment/maximum 50/25/100.");
}

static void
exhausted_pool_names_its_holders(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	json_t *denied, *holder;
	int64_t big, small;

	estate_license(estate, "CONSEC", 200, "");
	big = estate_client(estate, "big", "CONSEC",
	    (struct allocation){ 0, 100, 200 }, "", START);
	small = estate_client(estate, "small", "CONSEC",
	    (struct allocation){ 50, 25, 200 }, "", START);
	estate_sync(estate, big, "CONSEC", 100, 0, START);
	ask(&outcome, estate, small, 140, 0, START);
	assert_int_equal(
	    number_of(feature_of(&outcome, "CONSEC"), "leased"), 100);
	assert_string_equal(denied_code(&outcome, "CONSEC"), "pool_exhausted");
	denied = json_object_get(feature_of(&outcome, "CONSEC"), "denied");
	assert_int_equal(number_of(denied, "available"), 0);
	holder = json_array_get(json_object_get(denied, "holders"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(holder, "client")), "big");
	assert_int_equal(number_of(holder, "units"), 100);
	assert_int_equal(number_of(holder, "expires"), START + DAY);
	estate_forget(&outcome);
}

static void
denial_is_told_once_and_forgotten_when_over(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	for (int i = 0; i < 3; i++)
		estate_sync(estate, id, "CONSEC", 200 + i, i, START + i);
	assert_int_equal(estate_events(estate, "LIC30504", "gw"), 1);
	assert_string_equal(
	    estate_feature(estate, id, "CONSEC", START + 3).denied_code,
	    "maximum_reached");
	estate_sync(estate, id, "CONSEC", 150, 3, START + 4);
	assert_string_equal(
	    estate_feature(estate, id, "CONSEC", START + 4).denied_code, "");
	/* Again within the minute: kept for the pages, not written again. */
	estate_sync(estate, id, "CONSEC", 151, 4, START + 5);
	assert_string_equal(
	    estate_feature(estate, id, "CONSEC", START + 5).denied_code,
	    "maximum_reached");
	assert_int_equal(estate_events(estate, "LIC30504", "gw"), 1);
	estate_sync(estate, id, "CONSEC", 150, 5, START + 60);
	estate_sync(estate, id, "CONSEC", 151, 6, START + 61);
	assert_int_equal(estate_events(estate, "LIC30504", "gw"), 2);
}

static void
asked_but_not_allocated_is_denied(void **state)
{
	struct estate *estate = *state;
	const struct sync_want wants[] = { { "ACCESS", 5 }, { "NOSUCH", 1 },
		{ "member", 1 }, { "ACCESS-RDP", 0 } };
	struct sync_request request;
	struct sync_outcome outcome;
	int64_t id;

	id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	request = estate_request(estate, id, wants, 0, START);
	request.want_count = 4;
	estate_send(&outcome, estate, &request, START);
	assert_string_equal(denied_code(&outcome, "ACCESS"), "not_allocated");
	assert_string_equal(denied_code(&outcome, "NOSUCH"), "not_allocated");
	assert_string_equal(denied_code(&outcome, "member"), "not_allocated");
	assert_null(feature_of(&outcome, "ACCESS-RDP"));
	assert_int_equal(
	    json_object_size(json_object_get(outcome.document, "features")), 0);
	assert_int_equal(estate_events(estate, "LIC30504", "gw"), 1);
	estate_forget(&outcome);
}

static void
old_version_is_denied_and_releases(void **state)
{
	struct estate *estate = *state;
	const struct sync_want want = { "CONSEC", 51 };
	struct sync_request request;
	struct sync_outcome outcome;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	request = estate_request(estate, id, &want, 0, START);
	request.version = "8.0r5";
	estate_send(&outcome, estate, &request, START);
	assert_int_equal(
	    number_of(feature_of(&outcome, "CONSEC"), "leased"), 75);
	estate_forget(&outcome);
	request = estate_request(estate, id, &want, 1, START + 1);
	request.version = "8.0r4";
	estate_send(&outcome, estate, &request, START + 1);
	assert_string_equal(denied_code(&outcome, "CONSEC"), "not_compatible");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_object_get(feature_of(&outcome, "CONSEC"), "denied"),
		"text")),
	    "CONSEC needs PCS 8.0r5 or 7.4r12 on this client.");
	assert_int_equal(
	    number_of(feature_of(&outcome, "CONSEC"), "leased"), 0);
	estate_forget(&outcome);
	/* On paper it has 75 still, and the reservation stays anyway. */
	assert_int_equal(estate_pool(estate, "CONSEC", START + 1).held, 75);
}

/* ---- renew, shrink, lapse ---- */

static void
renewal_counts_from_now_and_tells_nothing(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	estate_sync(estate, id, "CONSEC", 75, 0, START);
	ask(&outcome, estate, id, 75, 1, START + 4 * HOUR);
	assert_false(outcome.answer.changed);
	assert_int_equal(outcome.answer.number, START + 2);
	assert_int_equal(number_of(outcome.json, "renew_after"), 4 * HOUR);
	assert_int_equal(number_of(feature_of(&outcome, "CONSEC"), "expires"),
	    START + 28 * HOUR);
	assert_int_equal(
	    number_of(feature_of(&outcome, "CONSEC"), "reserved_expires"),
	    START + 244 * HOUR);
	assert_int_equal(estate_events(estate, "LIC30503", "gw"), 1);
	estate_forget(&outcome);
}

static void
idle_quantum_is_kept_24_hours(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	estate_sync(estate, id, "CONSEC", 75, 0, START);
	estate_sync(estate, id, "CONSEC", 0, 1, START + 12 * HOUR);
	estate_sync(estate, id, "CONSEC", 0, 2, START + DAY - 1);
	assert_int_equal(
	    estate_leased(estate, id, "CONSEC", START + DAY - 1), 75);
	estate_sync(estate, id, "CONSEC", 0, 3, START + DAY);
	assert_int_equal(estate_leased(estate, id, "CONSEC", START + DAY), 50);
}

static void
lapses_at_its_instant_and_is_told_once(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	estate_sync(estate, id, "CONSEC", 100, 0, START);
	assert_int_equal(
	    estate_pool(estate, "CONSEC", START + DAY - 1).leased, 100);
	estate_reclaim(estate, START + DAY - 1);
	assert_int_equal(estate_events(estate, "LIC30565", "gw"), 0);
	/* From its instant on it counts nowhere, reclaimed or not. */
	assert_int_equal(estate_pool(estate, "CONSEC", START + DAY).leased, 50);
	estate_reclaim(estate, START + DAY);
	estate_reclaim(estate, START + DAY);
	assert_int_equal(estate_events(estate, "LIC30565", "gw"), 1);
	assert_string_equal(estate_last_event(estate, "LIC30565"),
	    "50 units of incremental CONSEC leases of client gw lapsed.");
	estate_reclaim(estate, START + 240 * HOUR - 1);
	assert_int_equal(estate_events(estate, "LIC30564", "gw"), 0);
	estate_reclaim(estate, START + 240 * HOUR);
	estate_reclaim(estate, START + 240 * HOUR + 1);
	assert_int_equal(estate_events(estate, "LIC30564", "gw"), 1);
	assert_int_equal(
	    estate_pool(estate, "CONSEC", START + 240 * HOUR).held, 50);
}

static void
lapse_found_by_the_sync_is_told_once(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	estate_sync(estate, id, "CONSEC", 75, 0, START);
	estate_sync(estate, id, "CONSEC", 75, 1, START + DAY);
	estate_reclaim(estate, START + DAY);
	assert_int_equal(estate_events(estate, "LIC30565", "gw"), 1);
	assert_int_equal(estate_leased(estate, id, "CONSEC", START + DAY), 75);
	assert_string_equal(estate_last_event(estate, "LIC30503"),
	    "Client gw leases CONSEC 75 now, 50 before; "
	    "reserved/increment/maximum 50/25/150.");
}

static void
configuration_ends_at_midnight(void **state)
{
	struct estate *estate = *state;
	int64_t end = START + 2 * DAY, id;
	struct sync_outcome outcome;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(
	    estate, "gw", "CONSEC", quarter, "2025-03-02", START);
	estate_sync(estate, id, "CONSEC", 75, 0, START);
	assert_int_equal(
	    estate_feature(estate, id, "CONSEC", START).reserved_expires, end);
	ask(&outcome, estate, id, 75, 1, end - 1);
	assert_int_equal(outcome.answer.status, 200);
	assert_int_equal(number_of(outcome.json, "renew_after"), 60);
	estate_forget(&outcome);
	ask(&outcome, estate, id, 75, 2, end);
	assert_int_equal(outcome.answer.status, 403);
	assert_string_equal(outcome.answer.code, "configuration_expired");
	assert_int_equal(estate_pool(estate, "CONSEC", end).held, 0);
	estate_reclaim(estate, end);
	estate_reclaim(estate, end + 60);
	assert_int_equal(estate_events(estate, "LIC30566", "gw"), 1);
	assert_int_equal(estate_events(estate, "LIC30564", "gw"), 1);
}

/* ---- repeats and refusals ---- */

static void
repeat_gets_the_same_and_grants_nothing(void **state)
{
	struct estate *estate = *state;
	const struct sync_want want = { "CONSEC", 75 };
	struct sync_outcome first, again;
	struct sync_request request;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	request = estate_request(estate, id, &want, 0, START);
	estate_send(&first, estate, &request, START);
	estate_send(&again, estate, &request, START + DAY - 1);
	assert_true(again.answer.is_repeat);
	assert_false(first.answer.is_repeat);
	assert_string_equal(first.answer.answer, again.answer.answer);
	assert_string_equal(first.answer.document, again.answer.document);
	assert_int_equal(first.answer.number, again.answer.number);
	assert_int_equal(estate_pool(estate, "CONSEC", START).leased, 75);
	assert_int_equal(estate_events(estate, "LIC30503", "gw"), 1);
	estate_forget(&again);
	request.body_digest[0] ^= 1;
	estate_send(&again, estate, &request, START + 2);
	assert_int_equal(again.answer.status, 409);
	assert_string_equal(again.answer.code, "request_reused");
	/* Kept for 24 hours: then it is a new request. */
	estate_send(&again, estate, &request, START + DAY);
	assert_int_equal(again.answer.status, 200);
	assert_false(again.answer.is_repeat);
	estate_forget(&first);
	estate_forget(&again);
}

static int
count_steps(void *steps)
{
	++*(int64_t *)steps;
	return 0;
}

static void
old_answers_go_without_reading_the_others(void **state)
{
	struct estate *estate = *state;
	struct store *store = estate->appliance.store;
	char text[] = "{}";
	struct answer_row row = { .answer = text, .document = text };
	int64_t hundreds = 0, id, left;

	estate_license(estate, "CONSEC", 100, "");
	id = estate_client(estate, "gw", "CONSEC", seed, "", START);
	estate_begin(estate, START);
	for (int i = 0; i < 3000; i++) {
		row.request_id = arena_format(&estate->arena, "%d", i);
		row.at = START - (i < 2 ? DAY : 0);
		assert_int_equal(
		    store_contact_answer_insert(store, id, &row), FAULT_NONE);
	}
	sqlite3_progress_handler(store->db, 100, count_steps, &hundreds);
	assert_int_equal(
	    store_contact_answer_prune(store, id, START), FAULT_NONE);
	sqlite3_progress_handler(store->db, 0, NULL, NULL);
	assert_true(hundreds < 5);
	assert_int_equal(statement_number(&left, 0, store,
			     "SELECT count(*) FROM sync_answer", ""),
	    FAULT_NONE);
	assert_int_equal(left, 2998);
	assert_int_equal(estate_end(estate, FAULT_NONE), FAULT_NONE);
}

static void
refusals_come_in_order_and_leave_nothing(void **state)
{
	struct estate *estate = *state;
	const struct sync_want want = { "CONSEC", 75 };
	static const char sql_forget[] = "DELETE FROM agreement";
	struct store *store = estate->appliance.store;
	struct sync_outcome outcome;
	struct sync_request request;
	struct client_row client;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(
	    estate, "gw", "CONSEC", quarter, "2025-03-02", START);
	estate_sync(estate, id, "CONSEC", 50, 0, START);
	estate_set(estate, SETTING_SERVER_ENABLED, 0);
	estate_begin(estate, START);
	assert_int_equal(statement_run(store, sql_forget, ""), FAULT_NONE);
	assert_int_equal(estate_end(estate, FAULT_NONE), FAULT_NONE);
	request = estate_request(estate, id, &want, 1, START + 2 * DAY);
	request.password_version = 2;
	request.hardware_id = "SOMEOTHERDEVICE1";
	estate_send(&outcome, estate, &request, START + 2 * DAY);
	assert_string_equal(outcome.answer.code, "unauthorized");
	request.password_version = 1;
	estate_send(&outcome, estate, &request, START + 2 * DAY);
	assert_string_equal(outcome.answer.code, "hardware_mismatch");
	assert_int_equal(outcome.answer.status, 409);
	assert_int_equal(estate_events(estate, "LIC30635", "gw"), 1);
	assert_non_null(strstr(estate_last_event(estate, "LIC30635"),
	    "Bound is DEVICE0000000001"));
	request.hardware_id = "DEVICE0000000001";
	estate_send(&outcome, estate, &request, START + 2 * DAY);
	assert_string_equal(outcome.answer.code, "configuration_expired");
	estate_send(&outcome, estate, &request, START + 1);
	assert_string_equal(outcome.answer.code, "agreement_missing");
	assert_string_not_equal(outcome.answer.text, "");
	assert_int_equal(
	    store_client_load_id(&client, &estate->arena, store, id),
	    FAULT_NONE);
	assert_int_equal(client.number, START + 1);
	assert_int_equal(client.confirmed, 0);
	assert_int_equal(client.last_contact, START);
}

static void
switched_off_refuses(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	int64_t id;

	id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	estate_set(estate, SETTING_SERVER_ENABLED, 0);
	ask(&outcome, estate, id, 1, 0, START);
	assert_string_equal(outcome.answer.code, "server_disabled");
	assert_int_equal(outcome.answer.status, 403);
	ask(&outcome, estate, id, 1, 0, START + 30);
	assert_int_equal(estate_events(estate, "LIC30501", "gw"), 1);
	ask(&outcome, estate, id, 1, 0, START + 61);
	assert_int_equal(estate_events(estate, "LIC30501", "gw"), 2);
}

static void
first_contact_registers_the_device_for_good(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	struct sync_request request;
	struct client_row client;
	int64_t id;

	id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	request = estate_request(estate, id, NULL, 0, START);
	request.has_device_key = true;
	memset(request.device_key, 7, KEYPAIR_PUBLIC_BYTES);
	request.cluster = "emea";
	estate_send(&outcome, estate, &request, START);
	assert_int_equal(outcome.answer.status, 200);
	assert_true(outcome.answer.changed);
	assert_string_equal(
	    json_string_value(json_object_get(outcome.document, "client")),
	    "gw");
	assert_string_equal(
	    json_string_value(json_object_get(outcome.document, "iss")),
	    "0331J8K29P4T77QX");
	assert_int_equal(number_of(outcome.document, "issued"), START);
	estate_forget(&outcome);
	assert_int_equal(store_client_load(&client, &estate->arena,
			     estate->appliance.store, "gw"),
	    FAULT_NONE);
	assert_string_equal(client.hardware_id, request.hardware_id);
	assert_true(client.has_device_key);
	assert_string_equal(client.cluster, "emea");
	assert_int_equal(client.registered_at, START);
	assert_int_equal(estate_events(estate, "LIC30502", "gw"), 1);
	request = estate_request(estate, id, NULL, 1, START + 1);
	request.has_device_key = true;
	memset(request.device_key, 8, KEYPAIR_PUBLIC_BYTES);
	estate_send(&outcome, estate, &request, START + 1);
	assert_string_equal(outcome.answer.code, "hardware_mismatch");
	assert_int_equal(estate_events(estate, "LIC30502", "gw"), 1);
}

static void
key_shown_later_is_bound_then(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	struct sync_request request;
	struct client_row client;
	int64_t id;

	id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	for (int i = 0; i < 3; i++) {
		request = estate_request(estate, id, NULL, i, START + i);
		request.has_device_key = i > 0;
		memset(request.device_key, 7, KEYPAIR_PUBLIC_BYTES);
		estate_send(&outcome, estate, &request, START + i);
		assert_int_equal(outcome.answer.status, 200);
		estate_forget(&outcome);
	}
	assert_int_equal(store_client_load(&client, &estate->arena,
			     estate->appliance.store, "gw"),
	    FAULT_NONE);
	assert_true(client.has_device_key);
	assert_memory_equal(
	    client.device_key, request.device_key, KEYPAIR_PUBLIC_BYTES);
	assert_string_equal(client.hardware_id, request.hardware_id);
	assert_int_equal(client.registered_at, START);
	assert_int_equal(estate_events(estate, "LHD10016", "gw"), 1);
	memset(request.device_key, 8, KEYPAIR_PUBLIC_BYTES);
	request.request_id = "other";
	estate_send(&outcome, estate, &request, START + 3);
	assert_string_equal(outcome.answer.code, "hardware_mismatch");
}

static void
answer_says_what_the_protocol_names(void **state)
{
	struct estate *estate = *state;
	static const char *const empty[] = { "surrenders", "recalls",
		"on_behalf", "compliance", "notices" };
	struct sync_outcome outcome;
	json_t *parts;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "2026-01-01");
	id = estate_client(estate, "gw", "CONSEC", quarter, "", START);
	ask(&outcome, estate, id, 100, 0, START);
	for (size_t i = 0; i < 5; i++) {
		json_t *list = json_object_get(outcome.json, empty[i]);

		assert_true(json_is_array(list));
		assert_int_equal(json_array_size(list), 0);
	}
	assert_true(json_is_null(json_object_get(outcome.json, "cluster")));
	assert_true(
	    json_is_null(json_object_get(outcome.json, "penalty_until")));
	assert_int_equal(number_of(outcome.json, "protocol"), 1);
	assert_int_equal(number_of(outcome.json, "epoch"), 1);
	assert_int_equal(number_of(outcome.json, "server_time"), START);
	assert_true(json_is_false(
	    json_object_get(feature_of(&outcome, "CONSEC"), "auto_lease")));
	parts = json_object_get(feature_of(&outcome, "CONSEC"), "parts");
	assert_int_equal(json_array_size(parts), 2);
	assert_int_equal(number_of(json_array_get(parts, 1), "units"), 50);
	assert_int_equal(number_of(json_array_get(parts, 1), "size"), 25);
	assert_int_equal(number_of(json_array_get(parts, 1), "count"), 2);
	assert_true(json_equal(parts,
	    json_object_get(
		json_object_get(
		    json_object_get(outcome.document, "features"), "CONSEC"),
		"parts")));
	estate_forget(&outcome);
}

static void
odd_clock_is_answered_with_a_notice(void **state)
{
	struct estate *estate = *state;
	static const int64_t odd[] = { START + 901, START - 901, INT64_MAX,
		INT64_MIN, 0 };
	struct sync_outcome outcome;
	struct sync_request request;
	int64_t id;

	id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	for (size_t i = 0; i < 5; i++) {
		request = estate_request(estate, id, NULL, 0, START);
		request.sent_at = odd[i];
		estate_send(&outcome, estate, &request, START);
		assert_string_equal(
		    json_string_value(json_object_get(
			json_array_get(
			    json_object_get(outcome.json, "notices"), 0),
			"code")),
		    "clock_skew");
		estate_forget(&outcome);
	}
	assert_int_equal(estate_events(estate, "LIC30520", "gw"), 1);
	request = estate_request(estate, id, NULL, 0, START);
	request.sent_at = START - 900;
	estate_send(&outcome, estate, &request, START);
	assert_int_equal(
	    json_array_size(json_object_get(outcome.json, "notices")), 0);
	estate_forget(&outcome);
}

static void
stated_platform_changes_nothing_but_is_noticed(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	struct sync_request request;
	int64_t id;

	id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	request = estate_request(estate, id, NULL, 0, START);
	request.platform = "MAG-SM160";
	request.product = PRODUCT_PPS;
	estate_send(&outcome, estate, &request, START);
	assert_int_equal(
	    json_array_size(json_object_get(outcome.json, "notices")), 2);
	estate_forget(&outcome);
}

/* ---- a virtual license server ---- */

static int
open_virtual(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_VIRTUAL_SERVER);
	estate_license(&estate, CATALOGUE_LICENSE_SERVER, 0, "");
	*state = &estate;
	return 0;
}

/* What a device of that platform gets of ACCESS, and why not more. */
static int64_t
gets(const char **denial, struct estate *estate, int64_t id,
    const char *platform, int64_t now)
{
	const struct sync_want want = { .feature = "ACCESS", .users = 10 };
	struct sync_request request = estate_request(estate, id, &want, 0, now);
	struct sync_outcome outcome;
	const json_t *feature;
	int64_t leased;

	request.platform = platform;
	estate_send(&outcome, estate, &request, now);
	feature = feature_of(&outcome, "ACCESS");
	leased = number_of(feature, "leased");
	*denial = arena_text(&estate->arena,
	    json_string_value(
		json_object_get(json_object_get(feature, "denied"), "text")));
	estate_forget(&outcome);
	return leased;
}

static void
a_virtual_server_lends_to_no_disguised_mag(void **state)
{
	struct estate *estate = *state;
	const char *denial;
	int64_t id;

	estate_license(estate, "ACCESS", 100, "");
	id = estate_client(estate, "gw", "ACCESS",
	    (struct allocation){ 0, 10, 100 }, "", START);
	assert_int_equal(gets(&denial, estate, id, "MAG-SM160", START), 0);
	assert_string_equal(denial,
	    "A virtual license server does not lease to the platform of this "
	    "client. Let it lease from a license server on hardware.");
	assert_int_equal(gets(&denial, estate, id, "PSA-5000", START), 10);
	assert_null(denial);
	/* One that the catalogue does not know is what the client was entered as. */
	assert_int_equal(gets(&denial, estate, id, "unknown", START), 10);
}

static void
a_virtual_server_lends_no_permanent_access_to_a_virtual_appliance(void **state)
{
	struct estate *estate = *state;
	const char *denial;
	int64_t id;

	estate_license(estate, "ACCESS", 100, "");
	id = estate_client(estate, "gw", "ACCESS",
	    (struct allocation){ 0, 10, 100 }, "", START);
	assert_int_equal(gets(&denial, estate, id, "VA-SPE", START), 0);
	assert_string_equal(denial,
	    "ACCESS units left are permanent, and those are not for a virtual "
	    "appliance. Add a subscription of ACCESS on the license server, or "
	    "a license for the role of this client.");
	estate_license(estate, "ACCESS", 10, "2099-12-31");
	assert_int_equal(gets(&denial, estate, id, "VA-SPE", START), 10);
	assert_null(denial);
}

static void
wrong_passwords_do_not_fill_the_log(void **state)
{
	struct estate *estate = *state;
	static const char *const names[] = { "gw", "gw", "nobody", "noone" };

	estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);
	for (int64_t at = START; at < START + 120; at += 20)
		for (size_t i = 0; i < 4; i++) {
			estate_begin(estate, at);
			assert_int_equal(estate_end(estate,
					     ledger_sync_unauthorized(
						 &estate->ledger, names[i])),
			    FAULT_NONE);
		}
	assert_int_equal(estate_events(estate, "LIC30586", "gw"), 2);
	assert_int_equal(estate_events(estate, "LIC30501", ""), 2);
}

static void
many_small_quanta_stay_few_parts(void **state)
{
	struct estate *estate = *state;
	struct sync_outcome outcome;
	int64_t id, at = START;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 0, 1, 1000 }, "", START);
	for (int users = 1; users <= 200; users++, at += 60)
		estate_sync(estate, id, "CONSEC", users, users - 1, at);
	ask(&outcome, estate, id, 200, 200, at);
	assert_int_equal(
	    number_of(feature_of(&outcome, "CONSEC"), "leased"), 200);
	assert_true(json_array_size(json_object_get(
			feature_of(&outcome, "CONSEC"), "parts")) <= 65);
	estate_forget(&outcome);
	assert_int_equal(estate_pool(estate, "CONSEC", at).held, 200);
}

static void
large_counts_add_up(void **state)
{
	struct estate *estate = *state;
	char name[16];
	int64_t id;

	for (int i = 0; i < 30; i++)
		estate_license(estate, "CONSEC", 10000000, "");
	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "gw%d", i);
		id = estate_client(estate, name, "CONSEC",
		    (struct allocation){ 10000000, 0, 10000000 }, "", START);
		assert_int_not_equal(id, 0);
		estate_sync(estate, id, "CONSEC", INT64_MAX, 0, START);
	}
	id = estate_client(estate, "ones", "CONSEC",
	    (struct allocation){ 0, 1, 10000000 }, "", START);
	estate_sync(estate, id, "CONSEC", 10000000, 0, START);
	assert_int_equal(estate_leased(estate, id, "CONSEC", START), 10000000);
	assert_int_equal(
	    estate_pool(estate, "CONSEC", START).available, 90000000);
	assert_int_equal(estate_client(estate, "over", "CONSEC",
			     (struct allocation){ 0, 1, 10000001 }, "", START),
	    0);
}

#define SYNC_TEST(name)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYNC_TEST(seed_figures_leave_400),
		SYNC_TEST(idle_reservation_counts),
		SYNC_TEST(grows_by_whole_quanta_up_to_the_maximum),
		SYNC_TEST(exhausted_pool_names_its_holders),
		SYNC_TEST(denial_is_told_once_and_forgotten_when_over),
		SYNC_TEST(asked_but_not_allocated_is_denied),
		SYNC_TEST(old_version_is_denied_and_releases),
		SYNC_TEST(renewal_counts_from_now_and_tells_nothing),
		SYNC_TEST(idle_quantum_is_kept_24_hours),
		SYNC_TEST(lapses_at_its_instant_and_is_told_once),
		SYNC_TEST(lapse_found_by_the_sync_is_told_once),
		SYNC_TEST(configuration_ends_at_midnight),
		SYNC_TEST(repeat_gets_the_same_and_grants_nothing),
		SYNC_TEST(old_answers_go_without_reading_the_others),
		SYNC_TEST(refusals_come_in_order_and_leave_nothing),
		SYNC_TEST(switched_off_refuses),
		SYNC_TEST(first_contact_registers_the_device_for_good),
		SYNC_TEST(key_shown_later_is_bound_then),
		SYNC_TEST(answer_says_what_the_protocol_names),
		SYNC_TEST(odd_clock_is_answered_with_a_notice),
		SYNC_TEST(stated_platform_changes_nothing_but_is_noticed),
		cmocka_unit_test_setup_teardown(
		    a_virtual_server_lends_to_no_disguised_mag, open_virtual,
		    estate_tear_down),
		cmocka_unit_test_setup_teardown(
		    a_virtual_server_lends_no_permanent_access_to_a_virtual_appliance,
		    open_virtual, estate_tear_down),
		SYNC_TEST(wrong_passwords_do_not_fill_the_log),
		SYNC_TEST(many_small_quanta_stay_few_parts),
		SYNC_TEST(large_counts_add_up),
	};

	return cmocka_run_group_tests_name("ledger_sync", tests, NULL, NULL);
}
