/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_device.c: the device of a client is replaced. What the former
 * one may still use is lent to nobody, the new one included, until it runs
 * out; and no unit that is reserved is lost to others meanwhile.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/base/hardware_id.h"
#include "engine/rules/pool.h"
#include "engine/store/recount.h"
#include "engine/store/store_former.h"
#include "engine/store/store_other_device.h"
#include "engine/store/store_surrendered.h"
#include <stdlib.h>
#include <string.h>

#define FEATURE        "CONSEC"
#define RESERVED_LASTS (10 * DAY)

/* The hardware ID that follows from the device key of that number. */
static const char *
device(struct estate *estate, int number)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	char text[HARDWARE_ID_SIZE];

	memset(key, number, sizeof(key));
	assert_int_equal(hardware_id_of(text, key), FAULT_NONE);
	return arena_format(&estate->arena, "%s", text);
}

/* Reserves 50 of 100, and has that and a quantum. */
static int64_t
leasing_client(struct estate *estate)
{
	int64_t id;

	estate_license(estate, FEATURE, 100, "");
	id = estate_client(estate, "gw", FEATURE,
	    (struct allocation){ 50, 25, 100 }, "", START);
	assert_int_equal(estate_sync(estate, id, FEATURE, 75, 0, START), 1);
	return id;
}

static bool
replace(struct estate *estate, int64_t id, const struct device_input *input,
    int64_t now)
{
	estate_begin(estate, now);
	assert_int_equal(estate_end(estate,
			     ledger_device_replace(&estate->ledger, id, input)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static void
replace_by(struct estate *estate, int64_t id, int number, int64_t now)
{
	const struct device_input input = { .hardware_id = device(
						estate, number) };

	assert_true(replace(estate, id, &input, now));
}

/* Asks as that device; *units is what its lease document gives, unless it is refused. */
static const char *
ask(int64_t *units, struct estate *estate, int64_t id, const char *hardware,
    int64_t users, int64_t now)
{
	struct sync_want want = { FEATURE, users };
	struct sync_request request = estate_request(estate, id, &want, 0, now);
	struct sync_outcome outcome;
	const char *code;

	request.hardware_id = hardware;
	estate_send(&outcome, estate, &request, now);
	code = outcome.answer.code;
	if (units)
		*units = outcome.answer.status == 200
		    ? json_integer_value(json_object_get(
			  json_object_get(
			      json_object_get(outcome.json, "features"),
			      FEATURE),
			  "leased"))
		    : 0;
	estate_forget(&outcome);
	return code;
}

static int64_t
units_of(
    struct estate *estate, int64_t id, int number, int64_t users, int64_t now)
{
	int64_t units;

	assert_string_equal(
	    ask(&units, estate, id, device(estate, number), users, now), "");
	return units;
}

/* Differences that are none here: the estate's licenses have no keys, so a recount finds no total. */
static bool
is_of_total(const char *code)
{
	static const char *const codes[] = { "license_key", "total", "over",
		"history" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

/* Counted anew, from rows alone. */
static void
assert_adds_up(struct estate *estate, int64_t now)
{
	struct recount *found = arena_array(&estate->arena, 1, sizeof(*found));

	assert_non_null(found);
	estate_begin(estate, now);
	assert_int_equal(
	    recount_run(found, &estate->arena, &estate->appliance, now),
	    FAULT_NONE);
	assert_int_equal(estate_end(estate, FAULT_NONE), FAULT_NONE);
	for (size_t i = 0; i < found->count; i++)
		if (!is_of_total(found->items[i].code))
			fail_msg("%s", found->items[i].text);
}

static void
former_device_keeps_its_units_and_is_refused(void **state)
{
	struct estate *estate = *state;
	int64_t id = leasing_client(estate), at = START + HOUR;
	struct former_row *rows;
	size_t count;

	replace_by(estate, id, 2, at);
	assert_string_equal(
	    ask(NULL, estate, id, estate_hardware(estate, id), 75, at + 1),
	    "hardware_mismatch");
	assert_int_equal(estate_pool(estate, FEATURE, at + 1).held, 75);
	assert_int_equal(estate_leased(estate, id, FEATURE, at + 1), 0);
	assert_int_equal(store_former_list(&rows, &count, &estate->arena,
			     estate->appliance.store, id, at + 1),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].hardware_id, estate_hardware(estate, id));
	assert_int_equal(rows[0].units, 75);
	assert_int_equal(rows[0].until, START + RESERVED_LASTS);
	assert_int_equal(rows[0].replaced_at, at);
	assert_int_equal(estate_events(estate, "LHD10094", "gw"), 1);
	assert_non_null(
	    strstr(estate_last_event(estate, "LHD10094"), "75 CONSEC until"));
	assert_adds_up(estate, at + 1);
}

/* 100 in all, 75 on the former device, then 50, then none. */
static void
new_device_gets_what_is_left_and_then_the_rest(void **state)
{
	struct estate *estate = *state;
	int64_t id = leasing_client(estate), at = START + HOUR;

	replace_by(estate, id, 2, at);
	assert_int_equal(units_of(estate, id, 2, 100, at + 1), 25);
	assert_int_equal(estate_pool(estate, FEATURE, at + 1).held, 100);
	assert_string_equal(
	    estate_feature(estate, id, FEATURE, at + 1).denied_code,
	    "pool_exhausted");
	at = START + DAY;
	assert_int_equal(units_of(estate, id, 2, 50, at), 50);
	assert_int_equal(estate_pool(estate, FEATURE, at).held, 100);
	at = START + RESERVED_LASTS - 1;
	assert_int_equal(units_of(estate, id, 2, 100, at), 50);
	at = START + RESERVED_LASTS;
	assert_int_equal(units_of(estate, id, 2, 100, at), 100);
	assert_int_equal(estate_pool(estate, FEATURE, at).held, 100);
	assert_adds_up(estate, at);
}

/* What is reserved for both is held once: nobody else loses units by a replacement, or gains any. */
static void
reservation_is_held_once(void **state)
{
	struct estate *estate = *state;
	int64_t id = leasing_client(estate), at = START + 2 * DAY, other;

	/* Only its reserved part is left by then. */
	other = estate_client(
	    estate, "other", FEATURE, (struct allocation){ 50, 0, 50 }, "", at);
	assert_true(other > 0);
	replace_by(estate, id, 2, at);
	assert_int_equal(estate_pool(estate, FEATURE, at).held, 100);
	assert_int_equal(estate_feature(estate, id, FEATURE, at).held, 0);
	assert_int_equal(units_of(estate, id, 2, 50, at), 0);
	assert_int_equal(estate_sync(estate, other, FEATURE, 50, 0, at), 1);
	assert_int_equal(estate_leased(estate, other, FEATURE, at), 50);
	/* And when the former device's run out they are still the client's. */
	at = START + RESERVED_LASTS;
	assert_int_equal(estate_pool(estate, FEATURE, at).held, 100);
	assert_int_equal(estate_feature(estate, id, FEATURE, at).held, 50);
	assert_int_equal(units_of(estate, id, 2, 50, at), 50);
	assert_adds_up(estate, at);
}

static void
form_may_still_reserve_what_the_former_device_holds(void **state)
{
	struct estate *estate = *state;
	int64_t id = leasing_client(estate), at = START + 2 * DAY;
	struct pool pool;

	replace_by(estate, id, 2, at);
	assert_int_equal(store_pool_load(&pool, &estate->arena,
			     estate->appliance.store, FEATURE, id, at),
	    FAULT_NONE);
	assert_int_equal(pool_reservable(&pool), 100);
	assert_true(estate_change(
	    estate, id, FEATURE, (struct allocation){ 100, 0, 100 }, "", at));
	assert_int_equal(estate_pool(estate, FEATURE, at).held, 100);
	assert_false(estate_change(
	    estate, id, FEATURE, (struct allocation){ 101, 0, 101 }, "", at));
	assert_adds_up(estate, at);
}

/* A device that is bound again holds one lease, not two. */
static void
replacement_is_taken_back(void **state)
{
	struct estate *estate = *state;
	int64_t id, at = START + HOUR;

	estate_license(estate, FEATURE, 100, "");
	id = estate_client(estate, "gw", FEATURE,
	    (struct allocation){ 50, 25, 100 }, "", START - HOUR);
	/* Bound to a device the ID of which can be entered again. */
	assert_int_equal(units_of(estate, id, 1, 75, START), 75);
	replace_by(estate, id, 2, at);
	assert_int_equal(units_of(estate, id, 2, 25, at), 25);
	replace_by(estate, id, 1, at + 1);
	assert_string_equal(
	    ask(NULL, estate, id, device(estate, 2), 25, at + 2),
	    "hardware_mismatch");
	/* 25 stay with the second one; the first has its own 75 again. */
	assert_int_equal(estate_pool(estate, FEATURE, at + 2).held, 100);
	assert_int_equal(units_of(estate, id, 1, 75, at + 2), 75);
	assert_int_equal(estate_events(estate, "LHD10035", "gw"), 0);
	assert_int_equal(estate_pool(estate, FEATURE, at + 2).held, 100);
	assert_adds_up(estate, at + 2);
}

static void
deleted_client_takes_no_unit_of_its_former_device_along(void **state)
{
	struct estate *estate = *state;
	int64_t id = leasing_client(estate), at = START + HOUR, anew;

	replace_by(estate, id, 2, at);
	assert_int_equal(units_of(estate, id, 2, 25, at), 25);
	estate_delete(estate, id, at + 1);
	assert_int_equal(estate_pool(estate, FEATURE, at + 1).held, 100);
	anew = estate_client(estate, "gw", FEATURE,
	    (struct allocation){ 0, 25, 100 }, "", at + 2);
	assert_int_equal(units_of(estate, anew, 3, 25, at + 3), 0);
	estate_reclaim(estate, START + RESERVED_LASTS);
	assert_int_equal(
	    estate_pool(estate, FEATURE, START + RESERVED_LASTS).held, 0);
	assert_adds_up(estate, START + RESERVED_LASTS);
}

/* The key that it showed as a second device is the one that must sign from now on. */
static void
known_key_is_bound(void **state)
{
	struct estate *estate = *state;
	int64_t id = leasing_client(estate), at = START + HOUR;
	struct sync_request request = estate_request(estate, id, NULL, 0, at);
	struct sync_outcome outcome;
	struct other_device_row *others;
	struct client_row row;
	size_t count;

	request.hardware_id = device(estate, 2);
	request.has_device_key = true;
	memset(request.device_key, 2, KEYPAIR_PUBLIC_BYTES);
	estate_send(&outcome, estate, &request, at);
	assert_string_equal(outcome.answer.code, "hardware_mismatch");
	assert_string_equal(ask(NULL, estate, id, device(estate, 3), 0, at),
	    "hardware_mismatch");
	replace_by(estate, id, 2, at + 1);
	assert_int_equal(store_client_load_id(
			     &row, &estate->arena, estate->appliance.store, id),
	    FAULT_NONE);
	assert_true(row.has_device_key);
	assert_int_equal(row.device_key[0], 2);
	assert_string_equal(row.hardware_id, device(estate, 2));
	assert_int_equal(row.last_contact, 0);
	/* The other one that came is none of the client's still. */
	assert_int_equal(store_other_device_list(&others, &count,
			     &estate->arena, estate->appliance.store, id),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_string_equal(others[0].hardware_id, device(estate, 3));
}

/* One mistake, on that field; and nothing changed. */
static void
refuse(struct estate *estate, int64_t id, const struct device_input *input,
    const char *field, enum mistake_kind kind)
{
	assert_false(replace(estate, id, input, START + HOUR));
	assert_int_equal(estate->ledger.mistakes.count, 1);
	assert_true(estate_has_mistake(estate, field, kind));
	assert_int_equal(estate_events(estate, "LHD10094", NULL), 0);
}

static void
mistakes_name_what_to_enter(void **state)
{
	struct estate *estate = *state;
	int64_t id, unbound;
	struct device_input input = { .hardware_id = "" };

	estate_license(estate, FEATURE, 100, "");
	id = estate_client(estate, "gw", FEATURE,
	    (struct allocation){ 50, 25, 100 }, "", START);
	assert_int_equal(units_of(estate, id, 1, 75, START), 75);
	unbound = estate_client(estate, "new", FEATURE,
	    (struct allocation){ 0, 25, 100 }, "", START);
	refuse(estate, id, &input, "device", MISTAKE_DEVICE_MISSING);
	input.hardware_id = NULL;
	refuse(estate, id, &input, "device", MISTAKE_DEVICE_MISSING);
	input.hardware_id = "0331J8K29P4T77QX";
	refuse(estate, id, &input, "device", MISTAKE_ISSUE_HARDWARE);
	input.hardware_id = device(estate, 1);
	refuse(estate, id, &input, "device", MISTAKE_DEVICE_BOUND);
	input.hardware_id = device(estate, 2);
	refuse(estate, unbound, &input, "", MISTAKE_DEVICE_NONE);
	input.row_version = 99;
	refuse(estate, id, &input, "", MISTAKE_EDIT_CONFLICT);
}

/* ---- at random: whatever devices hold on paper, together it is never more than there is ---- */

#define CLIENTS 3
#define DEVICES 4
#define PARTS   32
#define STEPS   400
#define TOTAL   150

/* What a device read last; parts of another one's it never saw. */
struct paper {
	int64_t number;
	int64_t units[PARTS], expires[PARTS];
	size_t count;
};

struct walk {
	struct estate *estate;
	unsigned state;
	int64_t now, clients[CLIENTS];
	int bound[CLIENTS]; /* the device of each */
	struct paper papers[CLIENTS][DEVICES];
};

static int
chance(struct walk *walk, int below)
{
	walk->state = walk->state * 1664525U + 1013904223U;
	return (int)((walk->state >> 8) % (unsigned)below);
}

/* Devices of two clients have nothing in common. */
static const char *
device_of(struct walk *walk, int client, int number)
{
	return device(walk->estate, 1 + client * DEVICES + number);
}

static void
read_paper(struct paper *paper, const struct sync_outcome *outcome)
{
	json_t *parts = json_object_get(
	    json_object_get(
		json_object_get(outcome->document, "features"), FEATURE),
	    "parts");

	paper->number = outcome->answer.number;
	paper->count = json_array_size(parts);
	assert_true(paper->count <= PARTS);
	for (size_t i = 0; i < paper->count; i++) {
		json_t *part = json_array_get(parts, i);

		paper->units[i] = json_integer_value(
		    json_object_get(part, "units"));
		paper->expires[i] = json_integer_value(
		    json_object_get(part, "expires"));
	}
}

/* One of three answers is lost; any device may ask, and only the bound one is let in. */
static void
walk_sync(struct walk *walk, int client)
{
	int number = chance(walk, 3) == 0 ? chance(walk, DEVICES)
					  : walk->bound[client];
	struct paper *paper = &walk->papers[client][number];
	struct sync_want want = { FEATURE, chance(walk, 120) };
	struct sync_request request = estate_request(walk->estate,
	    walk->clients[client], &want, paper->number, walk->now);
	struct sync_outcome outcome;

	request.hardware_id = device_of(walk, client, number);
	estate_send(&outcome, walk->estate, &request, walk->now);
	assert_int_equal(
	    outcome.answer.status, number == walk->bound[client] ? 200 : 409);
	if (outcome.answer.status == 200 && chance(walk, 3) > 0)
		read_paper(paper, &outcome);
	estate_forget(&outcome);
}

static void
walk_replace(struct walk *walk, int client)
{
	int number = chance(walk, DEVICES);
	const struct device_input input = { .hardware_id = device_of(
						walk, client, number) };

	if (replace(walk->estate, walk->clients[client], &input, walk->now))
		walk->bound[client] = number;
	else
		assert_int_equal(number, walk->bound[client]);
}

static int64_t
usable(const struct walk *walk)
{
	int64_t units = 0;

	for (size_t i = 0; i < CLIENTS; i++)
		for (size_t j = 0; j < DEVICES; j++) {
			const struct paper *paper = &walk->papers[i][j];

			for (size_t k = 0; k < paper->count; k++)
				if (paper->expires[k] > walk->now)
					units += paper->units[k];
		}
	return units;
}

static void
walk_on(struct walk *walk)
{
	int client = chance(walk, CLIENTS);
	int64_t held;

	walk->now += 1 + chance(walk, (int)(8 * HOUR));
	if (chance(walk, 8) == 0)
		walk_replace(walk, client);
	else
		walk_sync(walk, client);
	if (chance(walk, 8) == 0)
		estate_reclaim(walk->estate, walk->now);
	held = estate_pool(walk->estate, FEATURE, walk->now).held;
	assert_true(usable(walk) <= held);
	assert_true(held <= TOTAL);
	assert_int_equal(estate_events(walk->estate, "LHD10022", NULL), 0);
}

static void
papers_never_give_more_than_there_is(void **state)
{
	struct walk walk = { .estate = *state, .state = 7, .now = START };

	estate_license(walk.estate, FEATURE, TOTAL, "");
	for (int i = 0; i < CLIENTS; i++) {
		walk.clients[i] = estate_client(walk.estate,
		    (const char *[]){ "a", "b", "c" }[i], FEATURE,
		    (struct allocation){ 40, 10, 90 }, "", START);
		assert_int_equal(units_of(walk.estate, walk.clients[i],
				     1 + i * DEVICES, 0, START),
		    40);
		/* Not read: that answer is lost. */
	}
	for (int i = 0; i < STEPS; i++)
		walk_on(&walk);
	assert_adds_up(walk.estate, walk.now);
}

int
main(void)
{
#define T(test)                                                                \
	cmocka_unit_test_setup_teardown(                                       \
	    test, estate_set_up_server, estate_tear_down)
	const struct CMUnitTest tests[] = {
		T(former_device_keeps_its_units_and_is_refused),
		T(new_device_gets_what_is_left_and_then_the_rest),
		T(reservation_is_held_once),
		T(form_may_still_reserve_what_the_former_device_holds),
		T(replacement_is_taken_back),
		T(deleted_client_takes_no_unit_of_its_former_device_along),
		T(known_key_is_bound),
		T(mistakes_name_what_to_enter),
		T(papers_never_give_more_than_there_is),
	};

	return cmocka_run_group_tests_name("ledger_device", tests, NULL, NULL);
}
