/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_surrendered.c: the server's side of licenses that clients give
 * to the pool and take back. A unit counts on one side or on none, whatever
 * message is lost, repeated or late.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/base/hardware_id.h"
#include "engine/store/agreement_file.h"
#include "engine/store/statement.h"
#include "engine/store/store_finding.h"
#include "engine/store/store_surrendered.h"
#include <stdlib.h>
#include <string.h>

#define SERIAL "L-1"

/* What a client says in one sync beside its wish. */
struct message {
	int64_t surrendered; /* since when; 0 = it does not name it */
	int64_t recalled;
	bool is_member;
};

/* A server with 100 units of its own, a client with a license of 50, and another client. */
struct scene {
	struct estate estate;
	int64_t client, other;
	const char *key, *member;
	const char *hardware_id;
};

static int
open_scene(void **state)
{
	static struct scene scene;
	struct estate *estate = &scene.estate;

	estate_open(estate, ROLE_SERVER);
	estate_trust(estate, true);
	estate_license(estate, "CONSEC", 100, "");
	scene.client = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 0, 25, 200 }, "", START);
	scene.other = estate_client(estate, "other", "CONSEC",
	    (struct allocation){ 0, 25, 200 }, "", START);
	scene.hardware_id = estate_hardware(estate, scene.client);
	scene.key = estate_key(estate, scene.hardware_id, SERIAL,
	    "CONSEC-ADD-50U", "2025-01-01", NULL);
	scene.member = estate_key(estate, scene.hardware_id, "M-1",
	    "PSA-LICENSE-MBR", "2025-01-01", NULL);
	*state = &scene;
	return 0;
}

static int
close_scene(void **state)
{
	struct scene *scene = *state;

	estate_close(&scene->estate);
	return 0;
}

/* The whole request, so that it can be sent again. */
struct saying {
	struct sync_want want;
	struct sync_surrender surrender;
	struct sync_recall recall;
	const char *members[1];
	struct sync_request request;
};

static void
say(struct saying *out, struct scene *scene, struct message message,
    int64_t users, int64_t holds, int64_t now)
{
	*out = (struct saying){
		.want = { "CONSEC", users },
		.surrender = { scene->key, message.surrendered },
		.recall = { SERIAL, message.recalled },
		.members = { scene->member },
	};
	out->request = estate_request(
	    &scene->estate, scene->client, &out->want, holds, now);
	out->request.hardware_id = scene->hardware_id;
	out->request.surrenders = &out->surrender;
	out->request.surrender_count = message.surrendered != 0;
	out->request.recalls = &out->recall;
	out->request.recall_count = message.recalled != 0;
	out->request.members = out->members;
	out->request.member_count = message.is_member;
}

static const char *
text_in(const struct sync_outcome *outcome, const char *list, const char *name)
{
	const json_t *rows = json_object_get(outcome->json, list);
	const char *text = json_string_value(
	    json_object_get(json_array_get(rows, 0), name));

	assert_true(json_array_size(rows) <= 1);
	return text ? text : "";
}

/* Says it, and answers the state of the license in the list that matters; "" when it is not in it. */
static const char *
sync_of(struct scene *scene, struct message message, int64_t users,
    int64_t holds, int64_t now)
{
	const char *list = message.recalled ? "recalls" : "surrenders", *state;
	struct saying saying;
	struct sync_outcome outcome;

	say(&saying, scene, message, users, holds, now);
	estate_send(&outcome, &scene->estate, &saying.request, now);
	assert_int_equal(outcome.answer.status, 200);
	state = arena_text(
	    &scene->estate.arena, text_in(&outcome, list, "state"));
	estate_forget(&outcome);
	return state;
}

static int64_t
total(struct scene *scene, int64_t now)
{
	return estate_pool(&scene->estate, "CONSEC", now).installed;
}

static int64_t
leased(struct scene *scene, int64_t client, int64_t now)
{
	return estate_leased(&scene->estate, client, "CONSEC", now);
}

static void
run_sql(struct scene *scene, const char *text)
{
	estate_begin(&scene->estate, START);
	assert_int_equal(
	    estate_end(&scene->estate,
		statement_run(scene->estate.appliance.store, text, "")),
	    FAULT_NONE);
}

static const char sql_member[] =
    "SELECT member FROM client_contact WHERE client = ?1";

static const char *
member_of(struct scene *scene)
{
	sqlite3_stmt *row;
	const char *text;

	assert_int_equal(statement_row(&row, scene->estate.appliance.store,
			     sql_member, "i", scene->client),
	    FAULT_NONE);
	text = statement_text(&scene->estate.arena, row, 0);
	statement_done(row);
	return text;
}

/* ---- member licenses ---- */

static void
member_key_is_kept_while_it_is_shown(void **state)
{
	struct scene *scene = *state;

	sync_of(scene, (struct message){ .is_member = true }, 0, 0, START);
	assert_string_equal(member_of(scene), "M-1");
	sync_of(scene, (struct message){ 0 }, 0, 0, START + 1);
	assert_string_equal(member_of(scene), "");
}

static void
member_key_must_be_good(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	const char *const bad[] = {
		estate_key(estate, "DEVICE9999999999", "M-2", "PSA-LICENSE-MBR",
		    "2025-01-01", NULL),
		estate_key(estate, scene->hardware_id, "M-3", "MAG-LICENSE-MBR",
		    "2025-01-01", NULL),
		scene->key,
		"nothing",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scene->member = bad[i];
		sync_of(scene, (struct message){ .is_member = true }, 0, 0,
		    START + (int64_t)i);
		assert_string_equal(member_of(scene), "");
	}
}

static void
member_key_counts_from_its_day_on(void **state)
{
	struct scene *scene = *state;
	struct message shown = { .is_member = true };

	scene->member = estate_key(&scene->estate, scene->hardware_id, "M-5",
	    "PSA-LICENSE-MBR", "2025-03-02", NULL);
	sync_of(scene, shown, 0, 0, START + DAY - 1);
	assert_string_equal(member_of(scene), "");
	sync_of(scene, shown, 0, 0, START + DAY);
	assert_string_equal(member_of(scene), "M-5");
	estate_trust(&scene->estate, false);
	sync_of(scene, shown, 0, 0, START + DAY + 1);
	assert_string_equal(member_of(scene), "");
}

/* ---- surrender ---- */

static void
surrendered_units_are_lent_in_the_same_sync(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct message named = { 10, 0, true };

	assert_string_equal(sync_of(scene, named, 150, 0, START), "accepted");
	assert_int_equal(total(scene, START), 150);
	assert_int_equal(leased(scene, scene->client, START), 150);
	assert_string_equal(estate_last_event(estate, "LIC30630"),
	    "Surrender of client gw: L-1 CONSEC-ADD-50U accepted.");
	/* Named in every sync: nothing more happens. */
	assert_string_equal(
	    sync_of(scene, named, 150, 1, START + 1), "accepted");
	assert_int_equal(total(scene, START + 1), 150);
	assert_int_equal(estate_events(estate, "LIC30630", "gw"), 1);
}

static void
repeated_surrender_counts_once(void **state)
{
	struct scene *scene = *state;
	struct saying saying;
	struct sync_outcome outcome;

	say(&saying, scene, (struct message){ 10, 0, true }, 0, 0, START);
	for (int i = 0; i < 3; i++) {
		estate_send(
		    &outcome, &scene->estate, &saying.request, START + i);
		assert_string_equal(
		    text_in(&outcome, "surrenders", "state"), "accepted");
		assert_int_equal(outcome.answer.is_repeat, i > 0);
		estate_forget(&outcome);
		assert_int_equal(total(scene, START + i), 150);
	}
}

static void
refuse(struct scene *scene, struct message message, const char *code)
{
	struct saying saying;
	struct sync_outcome outcome;

	say(&saying, scene, message, 0, 0, START);
	estate_send(&outcome, &scene->estate, &saying.request, START);
	assert_string_equal(
	    text_in(&outcome, "surrenders", "state"), "refused");
	assert_string_equal(text_in(&outcome, "surrenders", "code"), code);
	assert_true(*text_in(&outcome, "surrenders", "text"));
	estate_forget(&outcome);
	assert_int_equal(total(scene, START), 100);
}

static void
surrender_is_refused_by_its_rule(void **state)
{
	struct scene *scene = *state;
	const struct {
		const char *hardware_id, *sku, *start, *end, *code;
	} bad[] = {
		{ "DEVICE9999999999", "CONSEC-ADD-50U", "2025-01-01", NULL,
		    "key_hardware" },
		{ scene->hardware_id, "CONSEC-ADD-50U-1YR", "2025-01-01",
		    "2025-12-31", "surrender_not_permanent" },
		{ scene->hardware_id, "CONSEC-ADD-50U", "2025-03-02", NULL,
		    "surrender_not_active" },
		{ scene->hardware_id, "PSA-LICENSE-MBR", "2025-01-01", NULL,
		    "surrender_not_counted" },
		{ scene->hardware_id, "WHAT-ADD-50U", "2025-01-01", NULL,
		    "key_sku" },
	};

	refuse(scene, (struct message){ 10, 0, false }, "surrender_no_member");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scene->key = estate_key(&scene->estate, bad[i].hardware_id,
		    "L-2", bad[i].sku, bad[i].start, bad[i].end);
		refuse(scene, (struct message){ 10, 0, true }, bad[i].code);
	}
	scene->key = "no.key.atall";
	refuse(scene, (struct message){ 10, 0, true }, "key_malformed");
	estate_trust(&scene->estate, false);
	scene->key = estate_key(&scene->estate, scene->hardware_id, "L-3",
	    "CONSEC-ADD-50U", "2025-01-01", NULL);
	refuse(scene, (struct message){ 10, 0, true }, "key_issuer");
}

static void
refused_surrender_stays_refused(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 0, false }, 0, 0, START),
	    "refused");
	/* A late copy, when a member license is there: the client counts the license again. */
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START + 1),
	    "returned");
	assert_string_equal(
	    sync_of(scene, (struct message){ 9, 0, true }, 0, 0, START + 2),
	    "returned");
	assert_int_equal(total(scene, START + 2), 100);
	assert_int_equal(estate_events(&scene->estate, "LIC30630", "gw"), 1);
	/* Clicked anew, it is another matter. */
	assert_string_equal(
	    sync_of(scene, (struct message){ 11, 0, true }, 0, 0, START + 3),
	    "accepted");
	assert_int_equal(total(scene, START + 3), 150);
}

static void
one_license_counts_for_one_client(void **state)
{
	struct scene *scene = *state;
	struct saying saying;
	struct sync_outcome outcome;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	/* Another client that says it is that very device. */
	say(&saying, scene, (struct message){ 20, 0, true }, 0, 0, START + 1);
	saying.request.client = scene->other;
	estate_send(&outcome, &scene->estate, &saying.request, START + 1);
	assert_string_equal(
	    text_in(&outcome, "surrenders", "code"), "surrender_other");
	/* Not refused: if it is that device, it must not count the license again. */
	assert_string_equal(
	    text_in(&outcome, "surrenders", "state"), "pending");
	estate_forget(&outcome);
	assert_int_equal(total(scene, START + 1), 150);
}

/* The device under one of its Client IDs, signed with the key that its hardware ID follows from. */
static const char *
sync_signed(
    struct scene *scene, int64_t client, struct message message, int64_t now)
{
	static const uint8_t key[KEYPAIR_PUBLIC_BYTES] = { 7 };
	const char *list = message.recalled ? "recalls" : "surrenders", *state;
	struct sync_outcome outcome;
	struct saying saying;

	say(&saying, scene, message, 0, 0, now);
	saying.request.client = client;
	saying.request.has_device_key = true;
	memcpy(saying.request.device_key, key, KEYPAIR_PUBLIC_BYTES);
	estate_send(&outcome, &scene->estate, &saying.request, now);
	state = arena_text(
	    &scene->estate.arena, text_in(&outcome, list, "state"));
	estate_forget(&outcome);
	return state;
}

/* It has proved which one it is: what it gave is known under each of its IDs. */
static void
licenses_go_with_their_device(void **state)
{
	struct scene *scene = *state;
	struct surrendered_row *rows;
	size_t count;

	sync_signed(
	    scene, scene->client, (struct message){ 10, 0, true }, START);
	/* Set back to a time before, and linked anew: it is reminded. */
	assert_string_equal(sync_signed(scene, scene->other,
				(struct message){ 0, 0, true }, START + 1),
	    "accepted");
	assert_int_equal(total(scene, START + 1), 150);
	assert_string_equal(sync_signed(scene, scene->other,
				(struct message){ 20, 0, true }, START + 2),
	    "accepted");
	assert_int_equal(total(scene, START + 2), 150);
	assert_int_equal(
	    store_surrendered_list(&rows, &count, &scene->estate.arena,
		scene->estate.appliance.store, scene->other),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	/* A late copy under the former ID moves nothing out of the pool or into it. */
	assert_string_equal(sync_signed(scene, scene->client,
				(struct message){ 10, 0, true }, START + 3),
	    "accepted");
	assert_int_equal(total(scene, START + 3), 150);
	assert_string_equal(sync_signed(scene, scene->other,
				(struct message){ 0, 30, true }, START + 4),
	    "returned");
	assert_int_equal(total(scene, START + 4), 100);
	assert_string_equal(sync_signed(scene, scene->client,
				(struct message){ 10, 0, true }, START + 5),
	    "returned");
	assert_int_equal(total(scene, START + 5), 100);
}

/* A device with two Client IDs that does not prove which one it is: units that count for the one are not given back to the other. */
static void
recall_under_another_id_gives_nothing_back(void **state)
{
	struct scene *scene = *state;
	struct saying saying;
	struct sync_outcome outcome;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	say(&saying, scene, (struct message){ 0, 20, true }, 0, 0, START + 1);
	saying.request.client = scene->other;
	estate_send(&outcome, &scene->estate, &saying.request, START + 1);
	assert_string_equal(text_in(&outcome, "recalls", "state"), "pending");
	assert_string_equal(
	    text_in(&outcome, "recalls", "code"), "surrender_other");
	assert_non_null(strstr(text_in(&outcome, "recalls", "text"), "gw"));
	estate_forget(&outcome);
	assert_int_equal(total(scene, START + 1), 150);
	/* Under its own ID it comes back, and then there is nothing left to wait for. */
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 30, true }, 0, 1, START + 2),
	    "returned");
	assert_int_equal(total(scene, START + 2), 100);
	say(&saying, scene, (struct message){ 0, 20, true }, 0, 1, START + 3);
	saying.request.client = scene->other;
	estate_send(&outcome, &scene->estate, &saying.request, START + 3);
	assert_string_equal(text_in(&outcome, "recalls", "state"), "returned");
	estate_forget(&outcome);
}

static void
license_installed_here_is_not_surrendered_to_itself(void **state)
{
	struct scene *scene = *state;

	run_sql(scene, "UPDATE license SET serial = 'L-1'");
	refuse(scene, (struct message){ 10, 0, true }, "surrender_installed");
}

/* ---- recall ---- */

static void
recall_of_idle_units_is_done_at_once(void **state)
{
	struct scene *scene = *state;
	struct message recall = { 10, 20, true };

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_string_equal(
	    sync_of(scene, recall, 0, 1, START + 1), "returned");
	assert_int_equal(total(scene, START + 1), 100);
	/* The answer was lost: it asks again. */
	assert_string_equal(
	    sync_of(scene, recall, 0, 1, START + 2), "returned");
	assert_int_equal(total(scene, START + 2), 100);
	/* Accepted, asked for, returned. */
	assert_int_equal(estate_events(&scene->estate, "LIC30630", "gw"), 3);
}

static void
late_surrender_after_its_recall_counts_nowhere(void **state)
{
	struct scene *scene = *state;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	sync_of(scene, (struct message){ 10, 20, true }, 0, 1, START + 1);
	/* Of one age the recall wins. */
	for (int64_t since = 10; since <= 20; since += 10) {
		assert_string_equal(
		    sync_of(scene, (struct message){ since, 0, true }, 0, 1,
			START + since),
		    "returned");
		assert_int_equal(total(scene, START + since), 100);
	}
	assert_string_equal(
	    sync_of(scene, (struct message){ 21, 0, true }, 0, 1, START + 21),
	    "accepted");
	/* And the late copy of the first recall takes nothing back. */
	assert_string_equal(
	    sync_of(scene, (struct message){ 21, 20, true }, 0, 1, START + 22),
	    "");
	assert_int_equal(total(scene, START + 22), 150);
}

static void
recall_that_overtakes_its_surrender_wins(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
	    sync_of(scene, (struct message){ 0, 20, true }, 0, 0, START),
	    "returned");
	for (int64_t since = 10; since <= 20; since += 10)
		assert_string_equal(
		    sync_of(scene, (struct message){ since, 0, true }, 0, 0,
			START + since),
		    "returned");
	assert_int_equal(total(scene, START + 20), 100);
	assert_string_equal(
	    sync_of(scene, (struct message){ 21, 0, true }, 0, 0, START + 21),
	    "accepted");
}

/* The client leases all 150; the other nothing. */
static void
lend_all(struct scene *scene)
{
	sync_of(scene, (struct message){ 10, 0, true }, 150, 0, START);
	sync_of(scene, (struct message){ 10, 0, true }, 150, 1, START + 1);
	assert_int_equal(
	    estate_pool(&scene->estate, "CONSEC", START + 1).available, 0);
}

static void
recall_waits_for_the_last_unit(void **state)
{
	struct scene *scene = *state;
	struct message recall = { 10, 20, true };
	struct saying saying;
	struct sync_outcome outcome;
	int64_t over = START + 1 + DAY;

	lend_all(scene);
	say(&saying, scene, recall, 150, 2, START + 2);
	estate_send(&outcome, &scene->estate, &saying.request, START + 2);
	assert_string_equal(text_in(&outcome, "recalls", "state"), "pending");
	assert_string_equal(
	    text_in(&outcome, "recalls", "code"), "recall_waits");
	assert_int_equal(
	    json_integer_value(json_object_get(
		json_array_get(json_object_get(outcome.json, "recalls"), 0),
		"missing")),
	    50);
	estate_forget(&outcome);
	/* Nothing of the lease is cut; what needs the recalled units is just not extended. */
	assert_string_equal(
	    sync_of(scene, recall, 150, 3, over - 1), "pending");
	assert_int_equal(total(scene, over - 1), 150);
	assert_int_equal(leased(scene, scene->client, over - 1), 150);
	/* They ran out: what is left of the pool is held in full, and no unit more. */
	assert_string_equal(sync_of(scene, recall, 150, 4, over), "returned");
	assert_int_equal(total(scene, over), 100);
	assert_int_equal(estate_pool(&scene->estate, "CONSEC", over).held, 100);
	assert_int_equal(leased(scene, scene->client, over), 100);
}

/* At held = T - units, and not with one unit more. */
static void
recall_is_done_exactly_when_the_rest_holds(void **state)
{
	struct scene *scene = *state;
	struct message recall = { 10, 20, true };

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_true(estate_change(&scene->estate, scene->other, "CONSEC",
	    (struct allocation){ 101, 0, 101 }, "", START + 1));
	assert_string_equal(sync_of(scene, recall, 0, 1, START + 2), "pending");
	assert_int_equal(total(scene, START + 2), 150);
	assert_true(estate_change(&scene->estate, scene->other, "CONSEC",
	    (struct allocation){ 100, 0, 100 }, "", START + 3));
	assert_string_equal(
	    sync_of(scene, recall, 0, 1, START + 4), "returned");
	assert_int_equal(total(scene, START + 4), 100);
}

static void
recall_that_reservations_hold_names_them(void **state)
{
	struct scene *scene = *state;
	struct saying saying;
	struct sync_outcome outcome;
	const char *text;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_true(estate_change(&scene->estate, scene->other, "CONSEC",
	    (struct allocation){ 120, 0, 120 }, "", START + 1));
	say(&saying, scene, (struct message){ 10, 20, true }, 0, 1, START + 2);
	estate_send(&outcome, &scene->estate, &saying.request, START + 2);
	text = text_in(&outcome, "recalls", "text");
	assert_string_equal(text_in(&outcome, "recalls", "state"), "pending");
	assert_string_equal(
	    text_in(&outcome, "recalls", "code"), "recall_waits_reserved");
	assert_non_null(strstr(text, " by 20 "));
	assert_non_null(strstr(text, "Reserved: other 120."));
	estate_forget(&outcome);
}

/* What the client itself gives back leaves when it confirmed the smaller document. */
static void
recall_is_done_when_the_client_confirms(void **state)
{
	struct scene *scene = *state;
	struct message recall = { 10, 20, true };
	int64_t now = START + DAY;

	lend_all(scene);
	sync_of(scene, (struct message){ 10, 0, true }, 150, 2, now - 1);
	/* It needs no more than 100, but still holds the paper of 150. */
	assert_string_equal(sync_of(scene, recall, 100, 3, now), "pending");
	assert_int_equal(leased(scene, scene->client, now), 100);
	assert_string_equal(sync_of(scene, recall, 100, 3, now + 1), "pending");
	assert_int_equal(total(scene, now + 1), 150);
	assert_string_equal(
	    sync_of(scene, recall, 100, 5, now + 2), "returned");
	assert_int_equal(total(scene, now + 2), 100);
}

static void
nobody_gets_units_that_are_recalled(void **state)
{
	struct scene *scene = *state;
	struct message recall = { 10, 20, true };
	int64_t now = START + 1 + DAY;

	lend_all(scene);
	sync_of(scene, recall, 150, 2, START + 2);
	/* The quanta that were not extended ran out, and the other is first. */
	estate_sync(&scene->estate, scene->other, "CONSEC", 200, 0, now);
	assert_int_equal(leased(scene, scene->other, now), 0);
	assert_string_equal(sync_of(scene, recall, 0, 3, now), "returned");
	assert_int_equal(total(scene, now), 100);
}

static void
recall_taken_back_counts_here_on(void **state)
{
	struct scene *scene = *state;

	lend_all(scene);
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 20, true }, 150, 2, START + 2),
	    "pending");
	assert_string_equal(
	    sync_of(scene, (struct message){ 30, 0, true }, 150, 3, START + 3),
	    "accepted");
	assert_int_equal(total(scene, START + 3), 150);
	/* No recall is under way: the lease is extended as a whole. */
	assert_int_equal(leased(scene, scene->client, START + 2 + DAY), 150);
}

/* Units that leases run on beyond the end of a subscription do not leave before. */
static void
recall_waits_for_what_outlasts_a_fall(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct message recall = { 10, 20, true };

	/* From 2025-03-04 on only the surrendered 50 are there. */
	run_sql(scene,
	    "UPDATE license SET is_subscription = 1,"
	    " start_date = '2025-01-01', end_date = '2025-03-03'");
	estate_set(estate, SETTING_GRACE, 0);
	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_true(estate_change(estate, scene->other, "CONSEC",
	    (struct allocation){ 50, 0, 50 }, "", START));
	estate_sync(estate, scene->other, "CONSEC", 50, 0, START + 1);
	assert_true(estate_feature(estate, scene->other, "CONSEC", START + 1)
			.reserved_expires > START + 3 * DAY);
	/* 100 of 150 would be free today. */
	assert_string_equal(sync_of(scene, recall, 0, 1, START + 2), "pending");
	assert_int_equal(total(scene, START + 2), 150);
}

/* ---- clients that go, keys that are not believed ---- */

static bool
remove_client(struct scene *scene, bool keep, int64_t now)
{
	struct ledger *ledger = &scene->estate.ledger;

	estate_begin(&scene->estate, now);
	assert_int_equal(
	    estate_end(&scene->estate,
		ledger_client_delete(ledger, scene->client, 0, keep)),
	    FAULT_NONE);
	return ledger->mistakes.count == 0;
}

static void
client_that_surrendered_is_not_deleted(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_false(remove_client(scene, false, START + 1));
	assert_true(estate_has_mistake(estate, "", MISTAKE_CLIENT_SURRENDERED));
	assert_non_null(strstr(estate->ledger.mistakes.items[0].text, SERIAL));
	sync_of(scene, (struct message){ 10, 20, true }, 0, 1, START + 2);
	assert_true(remove_client(scene, false, START + 3));
	estate_reclaim(estate, START + 3);
	assert_int_equal(total(scene, START + 3), 100);
}

static void
deleted_by_choice_leaves_its_units_to_its_device(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	int64_t before = scene->client, later = START + 2 * DAY;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_true(remove_client(scene, true, START + 1));
	estate_reclaim(estate, later);
	assert_int_equal(total(scene, later), 150);
	/* The same device, added again under another ID. */
	scene->client = estate_client(estate, "gw2", "CONSEC",
	    (struct allocation){ 0, 25, 200 }, "", later);
	assert_int_not_equal(scene->client, before);
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 0, true }, 0, 0, later),
	    "accepted");
	assert_int_equal(total(scene, later), 150);
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 20, true }, 0, 1, later + 1),
	    "returned");
	assert_int_equal(total(scene, later + 1), 100);
	/* Nothing refers to the deleted row any more. */
	estate_reclaim(estate, later + 1);
}

/* A hardware ID that can be entered; "keep": its surrendered licenses stay here. */
static bool
replace_device(struct scene *scene, bool keep, int64_t now)
{
	const uint8_t key[KEYPAIR_PUBLIC_BYTES] = { 7 };
	char hardware_id[HARDWARE_ID_SIZE];
	struct device_input input = { .hardware_id = hardware_id,
		.keep_surrendered = keep };

	assert_int_equal(hardware_id_of(hardware_id, key), FAULT_NONE);
	estate_begin(&scene->estate, now);
	assert_int_equal(estate_end(&scene->estate,
			     ledger_device_replace(
				 &scene->estate.ledger, scene->client, &input)),
	    FAULT_NONE);
	return scene->estate.ledger.mistakes.count == 0;
}

static void
replaced_device_leaves_its_units_to_itself(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	int64_t later = START + 2 * DAY;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_false(replace_device(scene, false, START + 1));
	assert_true(estate_has_mistake(estate, "", MISTAKE_DEVICE_SURRENDERED));
	assert_non_null(strstr(estate->ledger.mistakes.items[0].text, SERIAL));
	assert_true(replace_device(scene, true, START + 1));
	estate_reclaim(estate, later);
	assert_int_equal(total(scene, later), 150);
	/* The same device, as a client of its own. */
	scene->client = estate_client(estate, "gw2", "CONSEC",
	    (struct allocation){ 0, 25, 200 }, "", later);
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 0, true }, 0, 0, later),
	    "accepted");
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 20, true }, 0, 1, later + 1),
	    "returned");
	assert_int_equal(total(scene, later + 1), 100);
	estate_reclaim(estate, later + 1);
}

static void
forgotten_surrender_is_told_again(void **state)
{
	struct scene *scene = *state;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	assert_string_equal(
	    sync_of(scene, (struct message){ 0, 0, true }, 0, 1, START + 1),
	    "accepted");
	assert_int_equal(total(scene, START + 1), 150);
}

static void
sweep(struct scene *scene, bool is_trusted, int64_t now)
{
	estate_trust(&scene->estate, is_trusted);
	estate_begin(&scene->estate, now);
	assert_int_equal(estate_end(&scene->estate,
			     ledger_license_sweep(&scene->estate.ledger)),
	    FAULT_NONE);
}

/* Is it told that the units that the client surrendered do not count, and why? */
static bool
is_told_uncounted(struct scene *scene, const char *why, int64_t now)
{
	struct estate *estate = &scene->estate;
	struct finding *findings;
	bool is_told = false;
	size_t count;

	assert_int_equal(store_finding_list(&findings, &count, &estate->arena,
			     estate->appliance.store, &estate->appliance, now),
	    FAULT_NONE);
	for (size_t i = 0; i < count; i++)
		is_told |= findings[i].kind == FINDING_UNCOUNTED &&
		    strcmp(findings[i].object, SERIAL) == 0 &&
		    strstr(
			findings[i].text, "50 CONSEC units that client gw") &&
		    strstr(findings[i].text, why);
	return is_told;
}

static void
recovery_that_ends_unheard_is_told_of(void **state)
{
	struct scene *scene = *state;

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	run_sql(scene, "UPDATE appliance SET epoch = epoch + 1");
	assert_false(is_told_uncounted(scene, "", START + 1));
	assert_int_equal(
	    store_surrendered_unheard(scene->estate.appliance.store),
	    FAULT_NONE);
	assert_int_equal(total(scene, START + 1), 100);
	assert_true(is_told_uncounted(
	    scene, "its client was not heard of since", START + 1));
}

/* Before the click its administrator knows who would stand in the way, and for how long. */
static void
accepted_tells_what_a_recall_would_wait_for(void **state)
{
	struct scene *scene = *state;
	struct sync_outcome outcome;
	struct saying saying;
	const struct {
		int64_t at;
		const char *code;
	} cases[] = {
		{ START + 2, "recall_waits" },
		{ START + DAY, "recall_waits" },
		{ START + DAY + 1, "" },
	};

	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	estate_sync(&scene->estate, scene->other, "CONSEC", 125, 0, START + 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		say(&saying, scene, (struct message){ 10, 0, true }, 0,
		    (int64_t)i + 1, cases[i].at);
		estate_send(
		    &outcome, &scene->estate, &saying.request, cases[i].at);
		assert_string_equal(
		    text_in(&outcome, "surrenders", "state"), "accepted");
		assert_string_equal(
		    text_in(&outcome, "surrenders", "code"), cases[i].code);
		assert_int_equal(
		    !!strstr(text_in(&outcome, "surrenders", "text"),
			"waits until 25 more CONSEC units come free on the "
			"license server. Next to run out, if not renewed: "
			"other 125 on "),
		    *cases[i].code != '\0');
		estate_forget(&outcome);
	}
}

static void
issuer_no_longer_trusted_takes_the_units_out(void **state)
{
	struct scene *scene = *state;

	run_sql(scene, "DELETE FROM license");
	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	sweep(scene, false, START + 1);
	assert_int_equal(total(scene, START + 1), 0);
	assert_true(
	    is_told_uncounted(scene, "issuer is not trusted", START + 1));
	sweep(scene, true, START + 2);
	assert_false(is_told_uncounted(scene, "", START + 2));
	assert_int_equal(total(scene, START + 2), 50);
	/* A recall of what counts nowhere waits for nothing. */
	sweep(scene, false, START + 3);
	assert_string_equal(
	    sync_of(scene, (struct message){ 10, 20, true }, 0, 1, START + 4),
	    "returned");
	sweep(scene, true, START + 5);
	assert_int_equal(total(scene, START + 5), 0);
}

static void
accept_agreement(struct estate *estate)
{
	const char *source = getenv("top_srcdir");
	struct agreement_text text;

	estate->appliance.data_directory = source ? source : ".";
	estate->appliance.vendor_directory = source ? source : ".";
	assert_int_equal(agreement_file_load(&text, &estate->arena,
			     estate->appliance.data_directory),
	    FAULT_NONE);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, ledger_agreement_accept(&estate->ledger, text.digest)),
	    FAULT_NONE);
}

static void
key_that_counts_here_already_is_a_duplicate(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct license_result *results;
	size_t count;

	/* Installed without a key, it would be found out. */
	run_sql(scene, "DELETE FROM license");
	sync_of(scene, (struct message){ 10, 0, true }, 0, 0, START);
	accept_agreement(estate);
	estate_begin(estate, START + 1);
	assert_int_equal(estate_end(estate,
			     ledger_license_add(&results, &count,
				 &estate->ledger, scene->key)),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_true(results[0].is_duplicate);
	assert_false(results[0].is_installed);
	assert_non_null(strstr(results[0].text, "gw"));
	assert_int_equal(total(scene, START + 1), 50);
}

/* Its own no, under whatever Client ID it was said, is never overtaken: the device counts the license. */
static void
late_surrender_of_a_former_id_counts_nowhere(void **state)
{
	struct scene *scene = *state;

	/* It took a new ID while its surrender was on the way, and recalled. */
	sync_signed(scene, scene->client, (struct message){ 0, 0, true }, START);
	assert_string_equal(sync_signed(scene, scene->other,
				(struct message){ 0, 20, true }, START + 1),
	    "returned");
	assert_string_equal(
	    sync_signed(scene, scene->client,
		(struct message){ 10, 0, true }, START + 2),
	    "returned");
	assert_int_equal(total(scene, START + 2), 100);
	/* It was refused under the new ID, for a reason that is gone. */
	assert_string_equal(sync_signed(scene, scene->other,
				(struct message){ 30, 0, false }, START + 3),
	    "refused");
	assert_string_equal(
	    sync_signed(scene, scene->client,
		(struct message){ 30, 0, true }, START + 4),
	    "returned");
	assert_int_equal(total(scene, START + 4), 100);
	assert_string_equal(
	    sync_signed(scene, scene->client,
		(struct message){ 40, 0, true }, START + 5),
	    "accepted");
	assert_int_equal(total(scene, START + 5), 150);
}

static void
say_unsigned(
    struct scene *scene, int64_t client, struct message message, int64_t now)
{
	struct sync_outcome outcome;
	struct saying saying;

	say(&saying, scene, message, 0, 0, now);
	saying.request.client = client;
	estate_send(&outcome, &scene->estate, &saying.request, now);
	estate_forget(&outcome);
}

/* Who only says which device it is closes nothing for that device. */
static void
recall_of_a_stranger_closes_nothing(void **state)
{
	struct scene *scene = *state;
	const struct message far = { 0, START + 1000000, true };

	say_unsigned(scene, scene->other, far, START);
	sync_signed(
	    scene, scene->client, (struct message){ 10, 0, true }, START + 1);
	assert_int_equal(total(scene, START + 1), 150);
	assert_string_equal(
	    sync_signed(scene, scene->client,
		(struct message){ 0, 20, true }, START + 2),
	    "returned");
	say_unsigned(scene, scene->other, far, START + 3);
	assert_string_equal(
	    sync_signed(scene, scene->client,
		(struct message){ 30, 0, true }, START + 4),
	    "accepted");
	assert_int_equal(total(scene, START + 4), 150);
}

#define SCENE(test)                                                            \
	cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(member_key_is_kept_while_it_is_shown),
		SCENE(member_key_must_be_good),
		SCENE(member_key_counts_from_its_day_on),
		SCENE(surrendered_units_are_lent_in_the_same_sync),
		SCENE(repeated_surrender_counts_once),
		SCENE(surrender_is_refused_by_its_rule),
		SCENE(refused_surrender_stays_refused),
		SCENE(one_license_counts_for_one_client),
		SCENE(licenses_go_with_their_device),
		SCENE(recall_under_another_id_gives_nothing_back),
		SCENE(late_surrender_of_a_former_id_counts_nowhere),
		SCENE(recall_of_a_stranger_closes_nothing),
		SCENE(license_installed_here_is_not_surrendered_to_itself),
		SCENE(recall_of_idle_units_is_done_at_once),
		SCENE(late_surrender_after_its_recall_counts_nowhere),
		SCENE(recall_that_overtakes_its_surrender_wins),
		SCENE(recall_waits_for_the_last_unit),
		SCENE(recall_is_done_exactly_when_the_rest_holds),
		SCENE(recall_that_reservations_hold_names_them),
		SCENE(recall_is_done_when_the_client_confirms),
		SCENE(nobody_gets_units_that_are_recalled),
		SCENE(recall_taken_back_counts_here_on),
		SCENE(recall_waits_for_what_outlasts_a_fall),
		SCENE(client_that_surrendered_is_not_deleted),
		SCENE(deleted_by_choice_leaves_its_units_to_its_device),
		SCENE(replaced_device_leaves_its_units_to_itself),
		SCENE(forgotten_surrender_is_told_again),
		SCENE(recovery_that_ends_unheard_is_told_of),
		SCENE(accepted_tells_what_a_recall_would_wait_for),
		SCENE(issuer_no_longer_trusted_takes_the_units_out),
		SCENE(key_that_counts_here_already_is_a_duplicate),
	};

	return cmocka_run_group_tests_name(
	    "ledger_surrendered", tests, NULL, NULL);
}
