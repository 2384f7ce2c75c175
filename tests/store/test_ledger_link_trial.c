/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_link_trial.c: changes of the connection that revert unless they
 * are kept: at which instant, and what of two leases counts then.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/ledger_cluster.h"
#include "engine/store/ledger_link_trial.h"
#include <string.h>

#define BEGAN "LHD10090"
#define KEPT  "LHD10091"
#define LEFT  "LHD10092"
#define OVER  "LHD10093"

#define SECONDS 90
/* Elapsed boot time at which every trial here begins, and at which it is over. */
#define FROM_MS  INT64_C(5000)
#define UNTIL_MS (FROM_MS + SECONDS * 1000)

static const struct link_input here = { .server = "a.example.com",
	.client_name = "gw001",
	.password = "secret",
	.network = "internal",
	.verify = true };
static const struct link_input there = { .server = "b.example.com",
	.client_name = "gw001",
	.password = "other",
	.network = "internal",
	.verify = true };

/* ---- acts ---- */

static bool
is_mended(struct estate *estate, enum fault fault)
{
	assert_int_equal(estate_end(estate, fault), FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

/* At "elapsed_ms" of that boot; *is_on_trial may be NULL. */
static bool
try_at(struct estate *estate, bool *is_on_trial, const struct link_input *input,
    const char *boot, int64_t elapsed_ms)
{
	const struct link_moment moment = { boot, elapsed_ms };
	bool ignored;

	estate_begin(estate, START);
	return is_mended(estate,
	    ledger_link_trial_save(is_on_trial ? is_on_trial : &ignored,
		&estate->ledger, input, true, &moment));
}

static bool
try(struct estate *estate, const struct link_input *input)
{
	return try_at(estate, NULL, input, "boot", FROM_MS);
}

static void
lapse_at(
    struct estate *estate, const char *boot, int64_t elapsed_ms, int64_t now)
{
	const struct link_moment moment = { boot, elapsed_ms };

	estate_begin(estate, now);
	assert_true(is_mended(
	    estate, ledger_link_trial_lapse(&estate->ledger, &moment)));
}

static void
run_out(struct estate *estate)
{
	lapse_at(estate, "boot", UNTIL_MS, START);
}

static bool
keep_at(struct estate *estate, int64_t elapsed_ms, int64_t row_version)
{
	const struct link_moment moment = { "boot", elapsed_ms };

	estate_begin(estate, START);
	return is_mended(estate,
	    ledger_link_trial_keep(&estate->ledger, &moment, row_version));
}

static bool
leave(struct estate *estate)
{
	estate_begin(estate, START);
	return is_mended(estate, ledger_link_trial_leave(&estate->ledger));
}

static bool
is_on_trial(struct estate *estate)
{
	bool is_there;

	assert_int_equal(
	    store_link_trial_is_there(&is_there, estate->appliance.store),
	    FAULT_NONE);
	return is_there;
}

static int64_t
leased(struct estate *estate, int64_t server_now)
{
	struct link_feature_row *rows;
	size_t count;

	assert_int_equal(store_link_features(&rows, &count, &estate->arena,
			     estate->appliance.store, server_now),
	    FAULT_NONE);
	return count ? rows[0].leased : 0;
}

/* ---- servers ---- */

static struct link_feature_row consec = { .feature = "CONSEC",
	.reserved = 50,
	.increment = 25,
	.maximum = 150,
	.auto_lease = true,
	.denied_code = "",
	.denied_text = "" };

/* A document of the server whose key is full of "key": 50 reserved and so many incremental units. */
static void
answer(struct estate *estate, int key, int64_t number, int64_t incremental)
{
	const struct link_part_row parts[] = {
		{ "CONSEC", LEASE_PART_RESERVED, 50, START, START + 10 * DAY,
		    false },
		{ "CONSEC", LEASE_PART_QUANTUM, incremental, START, START + DAY,
		    false },
	};
	struct link_answer said = {
		.server_id = "7331J8K29P4T77QX",
		.token = "token",
		.epoch = 1,
		.number = number,
		.document = "paper",
		.server_time = START,
		.next_sync = START + 4 * HOUR,
		.anchor_boot = "boot",
		.anchor_elapsed_ms = FROM_MS,
		.anchor_wall = START,
		.network_used = "internal",
		.features = &consec,
		.feature_count = 1,
		.parts = parts,
		.part_count = 2,
	};

	memset(said.server_key, key, KEYPAIR_PUBLIC_BYTES);
	estate_begin(estate, START);
	assert_true(
	    is_mended(estate, ledger_link_answer(&estate->ledger, &said)));
}

/* A client with 75 units of the server "here". */
static int
open_client(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_CLIENT);
	assert_true(estate_link_save(&estate, &here));
	answer(&estate, 1, 7, 25);
	*state = &estate;
	return 0;
}

/* ---- what is on trial ---- */

static void
only_a_connection_that_worked_is_put_on_trial(void **state)
{
	struct estate *estate = *state;
	struct link_input input = here;
	bool is_tried = true;

	estate_begin(estate, START);
	assert_true(is_mended(estate, ledger_link_remove(&estate->ledger, false)));
	assert_true(try_at(estate, &is_tried, &here, "boot", FROM_MS));
	assert_false(is_tried);
	input.network = "external";
	assert_true(try_at(estate, &is_tried, &input, "boot", FROM_MS));
	assert_false(is_tried);
	answer(estate, 1, 7, 25);
	assert_true(try_at(estate, &is_tried, &input, "boot", FROM_MS));
	assert_false(is_tried);
	assert_false(is_on_trial(estate));
	input.network = "internal";
	assert_true(try_at(estate, &is_tried, &input, "boot", FROM_MS));
	assert_true(is_tried);
	assert_true(is_on_trial(estate));
}

static void
whoever_asks_for_it_tries_one_that_never_worked(void **state)
{
	struct estate *estate = *state;
	const struct link_moment moment = { "boot", FROM_MS };
	bool is_tried;

	estate_begin(estate, START);
	assert_true(is_mended(estate, ledger_link_remove(&estate->ledger, false)));
	for (int i = 0; i < 2; i++) {
		estate_begin(estate, START);
		assert_true(is_mended(estate,
		    ledger_link_trial_save(&is_tried, &estate->ledger,
			i ? &there : &here, false, &moment)));
		assert_int_equal(is_tried, i);
	}
	/* The first word that the one server says is not the other's. */
	answer(estate, 2, 1, 100);
	run_out(estate);
	assert_string_equal(estate_link(estate).server, here.server);
	assert_int_equal(leased(estate, START), 0);
}

static void
a_change_that_is_refused_leaves_everything(void **state)
{
	struct estate *estate = *state;
	struct link_input input = there;
	const struct link_row before = estate_link(estate);

	input.password = NULL;
	assert_false(try(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "password",
		MISTAKE_LINK_PASSWORD_MISSING));
	input = there;
	input.row_version = before.row_version + 1;
	assert_false(try(estate, &input));
	assert_true(estate_has_mistake(estate, "", MISTAKE_EDIT_CONFLICT));
	assert_false(is_on_trial(estate));
	assert_int_equal(estate_link(estate).row_version, before.row_version);
	assert_int_equal(leased(estate, START), 75);
}

static void
what_was_changed_is_told(void **state)
{
	struct estate *estate = *state;
	const struct link_input input = { .server = "b.example.com",
		.client_name = "gw002",
		.password = "other",
		.network = "external",
		.verify = false,
		.cluster = "emea",
		.offers_to_lead = true };

	assert_true(try(estate, &input));
	assert_string_equal(estate_last_event(estate, BEGAN),
	    "The changed connection to license server b.example.com is on "
	    "trial for 90 seconds: License server a.example.com \u2192 "
	    "b.example.com, Unique ID gw001 \u2192 gw002, password changed, "
	    "Preferred Network internal \u2192 external, Verify SSL "
	    "Certificate on \u2192 off, cluster none \u2192 emea, offer to "
	    "lead off \u2192 on.");
	run_out(estate);
	assert_string_equal(estate_last_event(estate, OVER),
	    "Nobody kept the changed connection to license server "
	    "b.example.com in its 90 seconds on trial. The one of before to "
	    "a.example.com is back.");
	assert_string_equal(estate_last_event(estate, LEFT),
	    "The connection to license server a.example.com is as it was "
	    "before the trial: License server b.example.com \u2192 "
	    "a.example.com, Unique ID gw002 \u2192 gw001, password changed, "
	    "Preferred Network external \u2192 internal, Verify SSL "
	    "Certificate off \u2192 on, cluster emea \u2192 none, offer to "
	    "lead on \u2192 off.");
}

/* ---- when it is over ---- */

static void
it_reverts_at_the_instant_at_which_it_is_over(void **state)
{
	struct estate *estate = *state;
	int64_t version;

	assert_true(try(estate, &there));
	version = estate_link(estate).row_version;
	/* Whatever the wall clock says meanwhile. */
	lapse_at(estate, "boot", FROM_MS, START + DAY);
	lapse_at(estate, "boot", UNTIL_MS - 1, START);
	assert_string_equal(estate_link(estate).server, there.server);
	lapse_at(estate, "boot", UNTIL_MS, START);
	assert_string_equal(estate_link(estate).server, here.server);
	assert_true(estate_link(estate).row_version > version);
	assert_int_equal(estate_link(estate).next_sync, 0);
	assert_false(is_on_trial(estate));
	lapse_at(estate, "boot", UNTIL_MS + 1, START);
	assert_int_equal(estate_events(estate, OVER, NULL), 1);
	assert_int_equal(estate_events(estate, LEFT, NULL), 1);
}

static void
it_reverts_also_when_nobody_looked_in_time(void **state)
{
	struct estate *estate = *state;

	assert_true(try(estate, &there));
	lapse_at(estate, "boot", UNTIL_MS + 1000 * DAY, START);
	assert_string_equal(estate_link(estate).server, here.server);
}

static void
a_reboot_reverts_it_at_once(void **state)
{
	struct estate *estate = *state;

	assert_true(try(estate, &there));
	lapse_at(estate, "boot-2", FROM_MS, START);
	assert_string_equal(estate_link(estate).server, here.server);
}

static void
without_boot_identities_the_wall_clock_decides(void **state)
{
	struct estate *estate = *state;

	assert_true(try_at(estate, NULL, &there, "", FROM_MS));
	lapse_at(estate, "", INT64_MAX, START + SECONDS - 1);
	assert_true(is_on_trial(estate));
	lapse_at(estate, "", FROM_MS, START + SECONDS);
	assert_false(is_on_trial(estate));
}

static void
the_time_is_a_setting(void **state)
{
	struct estate *estate = *state;
	static const int64_t wrong[] = { 59, 601, 0, -1, INT64_MAX };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		estate_begin(estate, START);
		assert_false(is_mended(
		    estate, ledger_link_trial_time(&estate->ledger, wrong[i])));
		assert_true(
		    estate_has_mistake(estate, "trial", MISTAKE_FIELD_NUMBER));
	}
	for (int64_t seconds = 600; seconds >= 60; seconds -= 540) {
		estate_begin(estate, START);
		assert_true(is_mended(
		    estate, ledger_link_trial_time(&estate->ledger, seconds)));
	}
	assert_string_equal(estate_last_event(estate, "LHD10073"),
	    "Setting link-trial changed from 600 to 60.");
	assert_true(try(estate, &there));
	lapse_at(estate, "boot", FROM_MS + 59999, START);
	assert_true(is_on_trial(estate));
	lapse_at(estate, "boot", FROM_MS + 60000, START);
	assert_false(is_on_trial(estate));
}

/* ---- whose lease counts ---- */

static void
assert_row(const struct link_row *found, const struct link_row *wanted)
{
	assert_string_equal(found->server, wanted->server);
	assert_string_equal(found->client_name, wanted->client_name);
	assert_string_equal(found->password, wanted->password);
	assert_string_equal(found->network, wanted->network);
	assert_int_equal(found->verify, wanted->verify);
	assert_string_equal(found->pin, wanted->pin);
	assert_string_equal(found->seen_pin, wanted->seen_pin);
	assert_int_equal(found->has_server_key, wanted->has_server_key);
	assert_memory_equal(
	    found->server_key, wanted->server_key, KEYPAIR_PUBLIC_BYTES);
	assert_string_equal(found->server_id, wanted->server_id);
	assert_string_equal(found->token, wanted->token);
	assert_int_equal(found->epoch, wanted->epoch);
	assert_int_equal(found->number, wanted->number);
	assert_string_equal(found->document, wanted->document);
	assert_int_equal(found->last_success, wanted->last_success);
	assert_int_equal(found->last_attempt, wanted->last_attempt);
	assert_string_equal(found->failure_code, wanted->failure_code);
	assert_string_equal(found->failure_text, wanted->failure_text);
	assert_string_equal(found->network_used, wanted->network_used);
	assert_int_equal(found->server_time, wanted->server_time);
	assert_string_equal(found->anchor_boot, wanted->anchor_boot);
	assert_int_equal(found->anchor_elapsed_ms, wanted->anchor_elapsed_ms);
	assert_int_equal(found->anchor_wall, wanted->anchor_wall);
	assert_string_equal(found->cluster, wanted->cluster);
	assert_int_equal(found->offers_to_lead, wanted->offers_to_lead);
	assert_string_equal(found->leader, wanted->leader);
	assert_int_equal(found->leader_until, wanted->leader_until);
	assert_int_equal(found->penalty_until, wanted->penalty_until);
	assert_int_equal(found->success_time, wanted->success_time);
	assert_int_equal(found->lost_at, wanted->lost_at);
	assert_string_equal(found->notices, wanted->notices);
	assert_string_equal(found->compliance, wanted->compliance);
}

static void
mark_lapsed(struct estate *estate, int64_t server_now)
{
	estate_begin(estate, START);
	assert_true(
	    is_mended(estate, ledger_link_sweep(&estate->ledger, server_now)));
}

static void
all_of_before_comes_back(void **state)
{
	struct estate *estate = *state;
	struct link_feature_row *features;
	struct link_part_row *parts;
	struct link_row before, after;
	size_t count;

	estate_attempt_fails(estate, "pin_changed", "sha256//A", START);
	/* One part ran out, and that was told. */
	mark_lapsed(estate, START + DAY);
	before = estate_link(estate);
	assert_true(try(estate, &there));
	assert_int_equal(leased(estate, START), 0);
	run_out(estate);
	after = estate_link(estate);
	assert_row(&after, &before);
	assert_int_equal(leased(estate, START + HOUR), 75);
	assert_int_equal(store_link_features(&features, &count, &estate->arena,
			     estate->appliance.store, 0),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(features[0].reserved, 50);
	assert_int_equal(features[0].increment, 25);
	assert_int_equal(features[0].maximum, 150);
	assert_true(features[0].auto_lease);
	assert_int_equal(store_link_parts(&parts, &count, &estate->arena,
			     estate->appliance.store),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_false(parts[0].is_told);
	assert_int_equal(parts[0].expires, START + 10 * DAY);
	assert_true(parts[1].is_told);
	assert_int_equal(parts[1].kind, LEASE_PART_QUANTUM);
	assert_int_equal(parts[1].granted, START);
	/* So it is not told again, and the other part once. */
	mark_lapsed(estate, START + DAY);
	assert_int_equal(estate_events(estate, "LIC30495", NULL), 1);
	mark_lapsed(estate, START + 10 * DAY);
	assert_int_equal(estate_events(estate, "LIC30495", NULL), 2);
}

static void
what_another_server_lent_counts_no_more(void **state)
{
	struct estate *estate = *state;

	assert_true(try(estate, &there));
	answer(estate, 2, 99, 100);
	assert_int_equal(leased(estate, START), 150);
	run_out(estate);
	assert_int_equal(leased(estate, START), 75);
	assert_int_equal(estate_link(estate).number, 7);
	assert_int_equal(estate_link(estate).server_key[0], 1);
}

/* Same server, same key, another Unique ID: two clients there, each with a lease of its own. */
static void
what_was_lent_to_another_id_counts_no_more(void **state)
{
	struct estate *estate = *state;
	struct link_input input = here;

	input.client_name = "gw002";
	assert_true(try(estate, &input));
	answer(estate, 1, 99, 100);
	run_out(estate);
	assert_int_equal(leased(estate, START), 75);
	assert_int_equal(estate_link(estate).number, 7);
}

/* It was met by another name: what it took back by the newer document may be lent to others by now. */
static void
the_newer_word_of_the_same_server_goes_on(void **state)
{
	struct estate *estate = *state;

	assert_true(try(estate, &there));
	answer(estate, 1, 8, 5);
	run_out(estate);
	assert_string_equal(estate_link(estate).server, here.server);
	assert_string_equal(estate_link(estate).password, here.password);
	assert_int_equal(estate_link(estate).number, 8);
	assert_int_equal(leased(estate, START), 55);
}

/* And a copy of it that is behind says nothing newer. */
static void
the_older_word_of_the_same_server_does_not(void **state)
{
	struct estate *estate = *state;

	assert_true(try(estate, &there));
	answer(estate, 1, 6, 100);
	run_out(estate);
	assert_int_equal(estate_link(estate).number, 7);
	assert_int_equal(leased(estate, START), 75);
}

static void
only_settings_go_back_where_the_server_stays(void **state)
{
	struct estate *estate = *state;
	struct link_input input = here;
	struct link_row row;

	input.password = NULL;
	input.network = "external";
	input.verify = false;
	assert_true(try(estate, &input));
	assert_int_equal(leased(estate, START), 75);
	answer(estate, 1, 8, 50);
	run_out(estate);
	row = estate_link(estate);
	assert_string_equal(row.network, "internal");
	assert_true(row.verify);
	assert_int_equal(row.number, 8);
	assert_int_equal(leased(estate, START), 100);
	assert_string_equal(row.token, "token");
	assert_string_equal(row.failure_code, "");
	/* A token that another password got goes with it. */
	input = here;
	input.password = "new";
	assert_true(try(estate, &input));
	answer(estate, 1, 9, 50);
	run_out(estate);
	row = estate_link(estate);
	assert_string_equal(row.password, here.password);
	assert_string_equal(row.token, "");
	assert_int_equal(row.number, 9);
}

/* ---- what was taken without the server ---- */

static void
taken_units_end_with_the_change_and_are_told_after_it(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START);
	/* An hour and a minute later, by the server's clock. */
	assert_true(
	    try_at(estate, NULL, &there, "boot", FROM_MS + 3660 * 1000));
	(void)estate_taken(&count, estate);
	assert_int_equal(count, 0);
	lapse_at(estate, "boot", UNTIL_MS + 3660 * 1000, START);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].units, 25);
	assert_int_equal(rows[0].from, START);
	assert_int_equal(rows[0].to, START + 3660);
}

static void
taken_units_of_no_time_are_none(void **state)
{
	struct estate *estate = *state;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START);
	assert_true(try(estate, &there));
	run_out(estate);
	(void)estate_taken(&count, estate);
	assert_int_equal(count, 0);
}

/* A change that leaves the server lets them run; they are there once afterwards. */
static void
taken_units_go_on_where_the_server_stays(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	struct link_input input = here;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START);
	input.network = "external";
	assert_true(try_at(estate, NULL, &input, "boot", FROM_MS + 60 * 1000));
	run_out(estate);
	lapse_at(estate, "boot", UNTIL_MS + 60 * 1000, START);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].to, 0);
}

/* The same server by another name, which was not told yet: whether the change is kept or not. */
static void
taken_units_are_told_whichever_way_it_ends(void **state)
{
	struct estate *estate = *state;
	size_t count;

	for (int is_kept = 0; is_kept < 2; is_kept++) {
		estate_attempt_fails(estate, "connect", NULL, START);
		estate_auto_lease(estate, 25, START + is_kept);
		assert_true(
		    try_at(estate, NULL, &there, "boot", FROM_MS + 60 * 1000));
		answer(estate, 1, 8 + is_kept, 25);
		if (is_kept)
			assert_true(keep_at(estate, FROM_MS + 61 * 1000, 0));
		else
			assert_true(leave(estate));
		(void)estate_taken(&count, estate);
		assert_int_equal(count, 1 + is_kept);
	}
}

/* ---- a change during a trial ---- */

static void
the_first_connection_comes_back_after_the_second_change(void **state)
{
	struct estate *estate = *state;
	struct link_input third = there;

	assert_true(try(estate, &there));
	answer(estate, 2, 1, 100);
	third.server = "c.example.com";
	/* The time begins anew. */
	assert_true(try_at(estate, NULL, &third, "boot", UNTIL_MS - 1));
	lapse_at(estate, "boot", UNTIL_MS, START);
	assert_string_equal(estate_link(estate).server, third.server);
	lapse_at(estate, "boot", UNTIL_MS - 1 + SECONDS * 1000, START);
	assert_string_equal(estate_link(estate).server, here.server);
	assert_int_equal(estate_link(estate).number, 7);
	assert_int_equal(leased(estate, START), 75);
	assert_int_equal(estate_events(estate, BEGAN, NULL), 2);
}

/* What the first server said meanwhile, by another name, is not lost with that name. */
static void
a_newer_word_survives_the_second_change(void **state)
{
	struct estate *estate = *state;
	struct link_input third = there;

	assert_true(try(estate, &there));
	answer(estate, 1, 8, 5);
	third.server = "c.example.com";
	assert_true(try(estate, &third));
	answer(estate, 3, 1, 100);
	run_out(estate);
	assert_string_equal(estate_link(estate).server, here.server);
	assert_string_equal(estate_link(estate).password, here.password);
	assert_int_equal(estate_link(estate).number, 8);
	assert_int_equal(leased(estate, START), 55);
}

static void
saving_the_same_again_changes_nothing(void **state)
{
	struct estate *estate = *state;
	bool is_tried;

	assert_true(try(estate, &there));
	assert_true(try_at(estate, &is_tried, &there, "boot", UNTIL_MS - 1));
	assert_true(is_tried);
	assert_int_equal(estate_events(estate, BEGAN, NULL), 1);
	lapse_at(estate, "boot", UNTIL_MS, START);
	assert_string_equal(estate_link(estate).server, here.server);
}

static void
entering_the_server_of_before_goes_back(void **state)
{
	struct estate *estate = *state;
	struct link_input input = here;
	bool is_tried;

	assert_true(try(estate, &there));
	/* Its password is known still. */
	input.password = NULL;
	input.row_version = estate_link(estate).row_version;
	assert_true(try_at(estate, &is_tried, &input, "boot", FROM_MS + 1));
	assert_false(is_tried);
	assert_false(is_on_trial(estate));
	assert_int_equal(leased(estate, START), 75);
	assert_int_equal(estate_events(estate, LEFT, NULL), 1);
	/* With another network that alone is on trial. */
	assert_true(try(estate, &there));
	input.row_version = estate_link(estate).row_version;
	input.network = "external";
	assert_true(try_at(estate, &is_tried, &input, "boot", FROM_MS + 1));
	assert_true(is_tried);
	assert_int_equal(leased(estate, START), 75);
	run_out(estate);
	lapse_at(estate, "boot", UNTIL_MS + 1, START);
	assert_string_equal(estate_link(estate).network, "internal");
	/* Who saw something older than what is there overwrites nothing. */
	assert_true(try(estate, &there));
	assert_false(try(estate, &input));
	assert_true(estate_has_mistake(estate, "", MISTAKE_EDIT_CONFLICT));
	assert_string_equal(estate_link(estate).server, there.server);
}

static void
a_change_after_the_end_is_a_trial_of_its_own(void **state)
{
	struct estate *estate = *state;
	struct link_input third = here;

	assert_true(try(estate, &there));
	third.network = "external";
	assert_true(try_at(estate, NULL, &third, "boot", UNTIL_MS));
	assert_int_equal(estate_events(estate, OVER, NULL), 1);
	assert_string_equal(estate_link(estate).network, "external");
	assert_int_equal(leased(estate, START), 75);
	lapse_at(estate, "boot", UNTIL_MS + SECONDS * 1000, START);
	assert_string_equal(estate_link(estate).network, "internal");
}

static void
confirming_a_key_gives_the_time_again(void **state)
{
	struct estate *estate = *state;
	const struct link_moment moment = { "boot", UNTIL_MS - 1 };
	struct link_input input = here;

	input.verify = false;
	input.password = NULL;
	assert_true(try(estate, &input));
	estate_attempt_fails(estate, "pin_unconfirmed", "sha256//A", START);
	estate_begin(estate, START);
	assert_true(is_mended(
	    estate, ledger_link_confirm_pin(&estate->ledger, "sha256//A")));
	estate_begin(estate, START);
	assert_true(is_mended(
	    estate, ledger_link_trial_again(&estate->ledger, &moment)));
	run_out(estate);
	assert_true(is_on_trial(estate));
	assert_string_equal(estate_link(estate).pin, "sha256//A");
	lapse_at(estate, "boot", UNTIL_MS - 1 + SECONDS * 1000, START);
	assert_string_equal(estate_link(estate).pin, "");
	assert_true(estate_link(estate).verify);
}

static void
a_trial_that_is_over_gets_no_more_time(void **state)
{
	struct estate *estate = *state;
	const struct link_moment moment = { "boot", UNTIL_MS };

	assert_true(try(estate, &there));
	estate_begin(estate, START);
	assert_true(is_mended(
	    estate, ledger_link_trial_again(&estate->ledger, &moment)));
	run_out(estate);
	assert_string_equal(estate_link(estate).server, here.server);
}

/* ---- kept, or left ---- */

static void
it_can_be_kept_until_it_is_over(void **state)
{
	struct estate *estate = *state;

	assert_false(keep_at(estate, FROM_MS, 0));
	assert_true(estate_has_mistake(estate, "", MISTAKE_TRIAL_NONE));
	assert_true(try(estate, &there));
	assert_false(keep_at(estate, UNTIL_MS, 0));
	assert_true(estate_has_mistake(estate, "", MISTAKE_TRIAL_OVER));
	assert_false(
	    keep_at(estate, UNTIL_MS - 1, estate_link(estate).row_version + 1));
	assert_true(estate_has_mistake(estate, "", MISTAKE_EDIT_CONFLICT));
	assert_true(is_on_trial(estate));
	assert_true(
	    keep_at(estate, UNTIL_MS - 1, estate_link(estate).row_version));
	assert_string_equal(estate_last_event(estate, KEPT),
	    "The changed connection to license server b.example.com was "
	    "kept, without contact so far: License server a.example.com "
	    "\u2192 b.example.com, password changed.");
	run_out(estate);
	assert_string_equal(estate_link(estate).server, there.server);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
}

static void
whether_there_was_contact_is_known(void **state)
{
	struct estate *estate = *state;
	struct link_row row;
	struct link_input input = here;

	input.network = "external";
	assert_true(try(estate, &input));
	/* That of before is none of the change. */
	row = estate_link(estate);
	assert_int_equal(store_link_trial_outcome(&row), LINK_TRIAL_UNTRIED);
	assert_true(row.last_success > 0);
	estate_attempt_fails(estate, "connect", NULL, START);
	row = estate_link(estate);
	assert_int_equal(store_link_trial_outcome(&row), LINK_TRIAL_FAILED);
	answer(estate, 1, 8, 25);
	row = estate_link(estate);
	assert_int_equal(store_link_trial_outcome(&row), LINK_TRIAL_CONNECTED);
	assert_true(keep_at(estate, FROM_MS + 1, 0));
	assert_string_equal(estate_last_event(estate, KEPT),
	    "The changed connection to license server a.example.com was "
	    "kept, with contact: Preferred Network internal \u2192 external.");
}

static void
it_can_be_left_at_once(void **state)
{
	struct estate *estate = *state;

	assert_false(leave(estate));
	assert_true(estate_has_mistake(estate, "", MISTAKE_TRIAL_NONE));
	assert_true(try(estate, &there));
	assert_true(leave(estate));
	assert_string_equal(estate_link(estate).server, here.server);
	assert_int_equal(estate_events(estate, LEFT, here.server), 1);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
	assert_false(leave(estate));
}

/* ---- what waits for its end ---- */

static void
nothing_else_changes_the_connection_meanwhile(void **state)
{
	struct estate *estate = *state;
	struct link_input input = here;
	const struct cluster_input cluster = { .name = "emea",
		.password = "cluster" };

	assert_true(try(estate, &there));
	assert_false(estate_link_save(estate, &input));
	assert_true(estate_has_mistake(estate, "", MISTAKE_TRIAL_RUNS));
	assert_true(estate_link_save(estate, &there));
	estate_begin(estate, START);
	assert_false(
	    is_mended(estate, ledger_cluster_save(&estate->ledger, &cluster)));
	assert_true(estate_has_mistake(estate, "", MISTAKE_TRIAL_RUNS));
	estate_begin(estate, START);
	assert_false(is_mended(estate, ledger_surrender(&estate->ledger, 1)));
	assert_true(estate_has_mistake(estate, "license", MISTAKE_TRIAL_RUNS));
	run_out(estate);
	input.network = "external";
	assert_true(estate_link_save(estate, &input));
}

static void
a_server_that_was_removed_does_not_come_back(void **state)
{
	struct estate *estate = *state;
	struct link_row row;

	assert_true(try(estate, &there));
	estate_begin(estate, START);
	assert_true(is_mended(estate, ledger_link_remove(&estate->ledger, false)));
	assert_false(is_on_trial(estate));
	run_out(estate);
	assert_int_equal(
	    store_link_load(&row, &estate->arena, estate->appliance.store),
	    FAULT_NOT_FOUND);
}

/* ---- the text in which it waits ---- */

static void
any_password_comes_back(void **state)
{
	struct estate *estate = *state;
	struct link_input input = here;

	input.password = "\xff\"\\\x01 \xc3\xa9";
	assert_true(estate_link_save(estate, &input));
	assert_true(try(estate, &there));
	run_out(estate);
	assert_string_equal(estate_link(estate).password, input.password);
}

static void
a_text_that_is_none_is_damage(void **state)
{
	static const char *const wrong[] = { "", "{}", "[]",
		"{\"link\":{},\"server_key\":\"\",\"features\":[],\"parts\":[],"
		"\"taken\":[]}" };
	struct estate *estate = *state;
	struct link_copy copy, back;
	const char *text;

	assert_int_equal(
	    link_copy_load(&copy, &estate->arena, estate->appliance.store),
	    FAULT_NONE);
	text = link_copy_to_text(&estate->arena, &copy);
	assert_int_equal(
	    link_copy_of_text(&back, &estate->arena, text), FAULT_NONE);
	assert_row(&back.row, &copy.row);
	assert_int_equal(back.row.row_version, copy.row.row_version);
	assert_int_equal(back.row.next_sync, copy.row.next_sync);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(
		    link_copy_of_text(&back, &estate->arena, wrong[i]),
		    FAULT_DAMAGED);
}

#define TRIAL_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, open_client, estate_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL_TEST(only_a_connection_that_worked_is_put_on_trial),
		TRIAL_TEST(whoever_asks_for_it_tries_one_that_never_worked),
		TRIAL_TEST(a_change_that_is_refused_leaves_everything),
		TRIAL_TEST(what_was_changed_is_told),
		TRIAL_TEST(it_reverts_at_the_instant_at_which_it_is_over),
		TRIAL_TEST(it_reverts_also_when_nobody_looked_in_time),
		TRIAL_TEST(a_reboot_reverts_it_at_once),
		TRIAL_TEST(without_boot_identities_the_wall_clock_decides),
		TRIAL_TEST(the_time_is_a_setting),
		TRIAL_TEST(all_of_before_comes_back),
		TRIAL_TEST(what_another_server_lent_counts_no_more),
		TRIAL_TEST(what_was_lent_to_another_id_counts_no_more),
		TRIAL_TEST(the_newer_word_of_the_same_server_goes_on),
		TRIAL_TEST(the_older_word_of_the_same_server_does_not),
		TRIAL_TEST(only_settings_go_back_where_the_server_stays),
		TRIAL_TEST(
		    taken_units_end_with_the_change_and_are_told_after_it),
		TRIAL_TEST(taken_units_of_no_time_are_none),
		TRIAL_TEST(taken_units_go_on_where_the_server_stays),
		TRIAL_TEST(taken_units_are_told_whichever_way_it_ends),
		TRIAL_TEST(
		    the_first_connection_comes_back_after_the_second_change),
		TRIAL_TEST(a_newer_word_survives_the_second_change),
		TRIAL_TEST(saving_the_same_again_changes_nothing),
		TRIAL_TEST(entering_the_server_of_before_goes_back),
		TRIAL_TEST(a_change_after_the_end_is_a_trial_of_its_own),
		TRIAL_TEST(confirming_a_key_gives_the_time_again),
		TRIAL_TEST(a_trial_that_is_over_gets_no_more_time),
		TRIAL_TEST(it_can_be_kept_until_it_is_over),
		TRIAL_TEST(whether_there_was_contact_is_known),
		TRIAL_TEST(it_can_be_left_at_once),
		TRIAL_TEST(nothing_else_changes_the_connection_meanwhile),
		TRIAL_TEST(a_server_that_was_removed_does_not_come_back),
		TRIAL_TEST(any_password_comes_back),
		TRIAL_TEST(a_text_that_is_none_is_damage),
	};

	return cmocka_run_group_tests_name(
	    "ledger_link_trial", tests, NULL, NULL);
}
