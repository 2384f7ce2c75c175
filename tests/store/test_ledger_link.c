/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_link.c: a license client's server: what a person enters, what
 * answers and failures make of it, and what its clock is worth.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/store_membership.h"
#include <string.h>

#define PIN_A "sha256//AAAA"
#define PIN_B "sha256//BBBB"

static const struct link_input good = { .server = "ls.example.com",
	.client_name = "gw001",
	.password = "secret",
	.network = "internal",
	.verify = true };

/* ---- the form ---- */

/* Who may change the server must not learn the password by that. */
static void
a_password_is_for_its_server_and_its_id(void **state)
{
	struct estate *estate = *state;
	struct link_input input = good;

	assert_true(estate_link_save(estate, &input));
	input.password = NULL;
	input.network = "external";
	assert_true(estate_link_save(estate, &input));
	input.server = "LS.example.com";
	assert_true(estate_link_save(estate, &input));
	input.server = "ls2.example.com";
	assert_false(estate_link_save(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "password", MISTAKE_LINK_PASSWORD_MISSING));
	input.server = good.server;
	input.client_name = "gw002";
	assert_false(estate_link_save(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "password", MISTAKE_LINK_PASSWORD_MISSING));
	input.password = "other";
	assert_true(estate_link_save(estate, &input));
	assert_string_equal(estate_link(estate).password, "other");
}

static void
every_mistake_of_the_form_is_shown(void **state)
{
	struct estate *estate = *state;
	struct link_input input = { .server = "",
		.client_name = "a b",
		.password = NULL,
		.network = "wan" };
	struct link_row row;

	assert_false(estate_link_save(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "server", MISTAKE_SERVER_MISSING));
	assert_true(estate_has_mistake(
	    estate, "unique_id", MISTAKE_CLIENT_ID_CHARACTERS));
	assert_true(
	    estate_has_mistake(estate, "password", MISTAKE_PASSWORD_MISSING));
	assert_true(
	    estate_has_mistake(estate, "network", MISTAKE_NETWORK_UNKNOWN));
	assert_int_equal(
	    store_link_load(&row, &estate->arena, estate->appliance.store),
	    FAULT_NOT_FOUND);
}

static void
server_is_a_host_with_or_without_a_port(void **state)
{
	static const char *const fine[] = { "a", "LS.Example.COM", "127.0.0.1",
		"127.0.0.2:8443", "ls:1", "ls:65535", "[::1]",
		"[2001:db8::1]:8443", "a-b.c9" };
	static const char *const wrong[] = { "https://ls", "ls/", "ls:", "ls:0",
		"ls:65536", "ls:+1", "ls:1 ", " ls", "-ls", "ls-", "a..b", ".a",
		"a.", "256.1.1.1", "1.2.3", "::1", "[::1", "[::1]x", "[]",
		"[::1]:", "[gg::]", "a_b", "a@b", "a%62", "l\xc3\xb6", "a\nb",
		":443" };
	struct estate *estate = *state;
	struct link_input input = good;
	char host[300];

	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		input.server = fine[i];
		assert_true(estate_link_save(estate, &input));
		assert_string_equal(estate_link(estate).server, fine[i]);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		input.server = wrong[i];
		assert_false(estate_link_save(estate, &input));
		assert_true(estate_has_mistake(
		    estate, "server", MISTAKE_SERVER_INVALID));
	}
	memset(host, 'a', sizeof(host));
	host[64] = '\0';
	input.server = host;
	assert_false(estate_link_save(estate, &input));
	host[63] = '\0';
	assert_true(estate_link_save(estate, &input));
	host[64] = 'a';
	host[63] = host[127] = host[191] = '.';
	host[253] = '\0';
	assert_true(estate_link_save(estate, &input));
	host[253] = 'a';
	host[254] = '\0';
	assert_false(estate_link_save(estate, &input));
}

static void
saving_twice_changes_once(void **state)
{
	struct estate *estate = *state;
	struct link_input input = good;

	assert_true(estate_link_save(estate, &input));
	assert_string_equal(estate_last_event(estate, "LIC30511"),
	    "License server settings changed: ls.example.com, Unique ID gw001, "
	    "network internal, Verify SSL Certificate on.");
	input.password = NULL;
	assert_true(estate_link_save(estate, &input));
	assert_int_equal(estate_events(estate, "LIC30511", NULL), 1);
	assert_string_equal(estate_link(estate).password, "secret");
	input.row_version = estate_link(estate).row_version;
	input.network = "external";
	assert_true(estate_link_save(estate, &input));
	assert_false(estate_link_save(estate, &input));
	assert_true(estate_has_mistake(estate, "", MISTAKE_EDIT_CONFLICT));
	input.row_version = 0;
	input.password = "";
	assert_false(estate_link_save(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "password", MISTAKE_PASSWORD_MISSING));
}

static void
a_cluster_is_kept_and_told(void **state)
{
	struct estate *estate = *state;
	struct link_input input = good;
	char name[66];

	estate_link_save(estate, &good);
	assert_string_equal(estate_link(estate).cluster, "");
	input.cluster = "emea";
	input.offers_to_lead = true;
	assert_true(estate_link_save(estate, &input));
	assert_string_equal(estate_link(estate).cluster, "emea");
	assert_true(estate_link(estate).offers_to_lead);
	assert_string_equal(estate_last_event(estate, "LIC30511"),
	    "License server settings changed: ls.example.com, Unique ID gw001, "
	    "network internal, Verify SSL Certificate on, cluster emea, offers "
	    "to lead.");
	assert_true(estate_link_save(estate, &input));
	assert_int_equal(estate_events(estate, "LIC30511", NULL), 2);
	/* Who does not name it keeps it; another server is of the same cluster. */
	input = good;
	input.server = "other.example.com";
	assert_true(estate_link_save(estate, &input));
	assert_string_equal(estate_link(estate).cluster, "emea");
	memset(name, 'c', 65);
	name[65] = '\0';
	input.cluster = name;
	assert_false(estate_link_save(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "cluster", MISTAKE_CLUSTER_NAME));
	name[64] = '\0';
	assert_true(estate_link_save(estate, &input));
	input.cluster = "a\nb";
	assert_false(estate_link_save(estate, &input));
	input.cluster = "";
	assert_true(estate_link_save(estate, &input));
	assert_string_equal(estate_link(estate).cluster, "");
}

/* ---- answers ---- */

static const struct link_feature_row consec = { .feature = "CONSEC",
	.reserved = 50,
	.increment = 25,
	.maximum = 150,
	.denied_code = "",
	.denied_text = "" };
static const struct link_part_row parts[] = {
	{ "CONSEC", LEASE_PART_RESERVED, 50, START, START + 10 * DAY, false },
	{ "CONSEC", LEASE_PART_QUANTUM, 25, START, START + DAY, false },
};

static struct link_answer
answer_of(int64_t epoch, int64_t number)
{
	struct link_answer answer = {
		.server_id = "0331J8K29P4T77QX",
		.token = "token",
		.epoch = epoch,
		.number = number,
		.document = "paper",
		.server_time = START,
		.next_sync = START + 4 * HOUR,
		.anchor_elapsed_ms = 1000,
		.anchor_wall = START,
		.anchor_boot = "boot",
		.network_used = "internal",
		.features = &consec,
		.feature_count = 1,
		.parts = parts,
		.part_count = 2,
	};

	memset(answer.server_key, 5, KEYPAIR_PUBLIC_BYTES);
	return answer;
}

static enum fault
take(struct estate *estate, const struct link_answer *answer)
{
	estate_begin(estate, START + 1);
	return estate_end(estate, ledger_link_answer(&estate->ledger, answer));
}

static void
answer_is_kept_whole(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 7);
	struct link_feature_row *features;
	struct link_part_row *rows;
	struct link_row row;
	size_t count;

	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	row = estate_link(estate);
	assert_int_equal(row.number, 7);
	assert_string_equal(row.document, "paper");
	assert_string_equal(row.token, "token");
	assert_true(row.has_server_key);
	assert_int_equal(row.last_success, START + 1);
	assert_int_equal(row.next_sync, START + 4 * HOUR);
	assert_string_equal(row.failure_code, "");
	assert_int_equal(store_link_parts(&rows, &count, &estate->arena,
			     estate->appliance.store),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_int_equal(store_link_features(&features, &count, &estate->arena,
			     estate->appliance.store, START + DAY - 1),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(features[0].leased, 75);
	assert_int_equal(features[0].expires, START + DAY);
	assert_int_equal(features[0].reserved_expires, START + 10 * DAY);
	assert_int_equal(store_link_features(&features, &count, &estate->arena,
			     estate->appliance.store, START + DAY),
	    FAULT_NONE);
	assert_int_equal(features[0].leased, 50);
	assert_int_equal(features[0].expires, START + 10 * DAY);
	assert_int_equal(store_link_features(&features, &count, &estate->arena,
			     estate->appliance.store, INT64_MAX),
	    FAULT_NONE);
	assert_int_equal(features[0].leased, 0);
	assert_int_equal(features[0].expires, 0);
	assert_int_equal(estate_events(estate, "LIC30498", NULL), 1);
	assert_string_equal(estate_last_event(estate, "LIC30499"),
	    "Leased CONSEC 75 from ls.example.com; "
	    "reserved/increment/maximum 50/25/150.");
	/* A plain renewal is no news. */
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(estate_events(estate, "LIC30498", NULL), 1);
	assert_int_equal(estate_events(estate, "LIC30499", NULL), 1);
}

static void
what_is_said_beside_leases_is_kept(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 7);

	estate_link_save(estate, &good);
	answer.leader = "gw002";
	answer.leader_until = START + HOUR;
	answer.penalty_until = START + DAY;
	answer.notices = "[{\"code\":\"n\"}]";
	answer.compliance = "[{\"code\":\"c\"}]";
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_string_equal(estate_link(estate).leader, "gw002");
	assert_int_equal(estate_link(estate).leader_until, START + HOUR);
	assert_int_equal(estate_link(estate).penalty_until, START + DAY);
	assert_string_equal(estate_link(estate).notices, "[{\"code\":\"n\"}]");
	assert_string_equal(
	    estate_link(estate).compliance, "[{\"code\":\"c\"}]");
	assert_int_equal(estate_link(estate).success_time, START);
	/* By the next answer, not beside it. */
	answer = answer_of(1, 8);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_string_equal(estate_link(estate).leader, "");
	assert_int_equal(estate_link(estate).penalty_until, 0);
	assert_string_equal(estate_link(estate).notices, "[]");
	assert_string_equal(estate_link(estate).compliance, "[]");
}

static void
older_paper_is_refused(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(2, 7);

	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	answer = answer_of(2, 6);
	assert_int_equal(take(estate, &answer), FAULT_DAMAGED);
	answer = answer_of(1, 99);
	assert_int_equal(take(estate, &answer), FAULT_DAMAGED);
	answer = answer_of(2, 8);
	answer.server_key[0] ^= 1;
	assert_int_equal(take(estate, &answer), FAULT_DAMAGED);
	assert_int_equal(estate_link(estate).number, 7);
	answer = answer_of(3, 1);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(estate_link(estate).number, 1);
}

static void
denial_is_told_when_it_begins_or_changes(void **state)
{
	struct estate *estate = *state;
	struct link_feature_row denied = consec;
	struct link_answer answer = answer_of(1, 1);

	estate_link_save(estate, &good);
	answer.features = &denied;
	denied.denied_code = "pool_exhausted";
	denied.denied_text = "why";
	for (int i = 0; i < 3; i++)
		assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(estate_events(estate, "LIC30500", NULL), 1);
	denied.denied_code = "maximum_reached";
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(estate_events(estate, "LIC30500", NULL), 2);
}

static void
another_server_forgets_everything(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 7);
	struct link_input input = good;
	struct link_feature_row *features;
	struct link_row row;
	size_t count;

	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	input.server = "LS.example.com";
	assert_true(estate_link_save(estate, &input));
	assert_int_equal(estate_link(estate).number, 7);
	input.password = "other";
	assert_true(estate_link_save(estate, &input));
	assert_string_equal(estate_link(estate).token, "");
	assert_int_equal(estate_link(estate).number, 7);
	input.client_name = "gw002";
	assert_true(estate_link_save(estate, &input));
	row = estate_link(estate);
	assert_int_equal(row.number, 0);
	assert_int_equal(row.epoch, 0);
	assert_false(row.has_server_key);
	assert_string_equal(row.document, "");
	assert_string_equal(row.server_id, "");
	assert_int_equal(row.last_success, 0);
	assert_int_equal(row.server_time, 0);
	assert_int_equal(store_link_features(&features, &count, &estate->arena,
			     estate->appliance.store, START),
	    FAULT_NONE);
	assert_int_equal(count, 0);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_remove(&estate->ledger, false)),
	    FAULT_NONE);
	assert_int_equal(
	    estate_events(estate, "LIC30513", "LS.example.com"), 1);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_remove(&estate->ledger, false)),
	    FAULT_NOT_FOUND);
}

/* ---- failures and pins ---- */

static void
attempt_fails(
    struct estate *estate, const char *code, const char *pin, int64_t now)
{
	estate_begin(estate, now);
	assert_int_equal(estate_end(estate,
			     ledger_link_failed(
				 &estate->ledger, code, "why", pin, now + 60)),
	    FAULT_NONE);
}

static void
failure_is_told_when_it_changes(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 1);

	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	for (int i = 0; i < 3; i++)
		attempt_fails(estate, "connect", NULL, START + i);
	assert_int_equal(estate_events(estate, "LIC30543", NULL), 1);
	assert_string_equal(estate_link(estate).failure_code, "connect");
	assert_int_equal(estate_link(estate).last_attempt, START + 2);
	assert_string_equal(estate_link(estate).token, "token");
	attempt_fails(estate, "unauthorized", NULL, START + 4);
	assert_int_equal(estate_events(estate, "LIC30496", NULL), 1);
	assert_string_equal(estate_link(estate).token, "");
	assert_int_equal(estate_link(estate).number, 1);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_string_equal(estate_link(estate).failure_code, "");
	attempt_fails(estate, "connect", NULL, START + 5);
	assert_int_equal(estate_events(estate, "LIC30543", NULL), 2);
}

static bool
confirm(struct estate *estate, const char *pin)
{
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_confirm_pin(&estate->ledger, pin)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static void
only_the_key_that_was_shown_can_be_confirmed(void **state)
{
	struct estate *estate = *state;

	estate_link_save(estate, &good);
	assert_false(confirm(estate, ""));
	assert_false(confirm(estate, PIN_A));
	attempt_fails(estate, "pin_unconfirmed", PIN_A, START);
	assert_int_equal(estate_events(estate, "LHD10010", NULL), 0);
	assert_false(confirm(estate, PIN_B));
	assert_true(estate_has_mistake(estate, "pin", MISTAKE_PIN_CHANGED));
	assert_true(confirm(estate, PIN_A));
	assert_true(confirm(estate, PIN_A));
	assert_int_equal(estate_events(estate, "LHD10012", NULL), 1);
	assert_string_equal(estate_link(estate).pin, PIN_A);
	assert_string_equal(estate_link(estate).seen_pin, "");
	attempt_fails(estate, "pin_changed", PIN_B, START);
	attempt_fails(estate, "pin_changed", PIN_B, START);
	assert_int_equal(estate_events(estate, "LHD10010", NULL), 1);
	assert_string_equal(estate_link(estate).pin, PIN_A);
	assert_true(confirm(estate, PIN_B));
	assert_string_equal(estate_link(estate).pin, PIN_B);
}

/* ---- the server's clock ---- */

static struct link_row
anchored(void)
{
	return (struct link_row){ .server_time = START,
		.anchor_boot = "boot-1",
		.anchor_elapsed_ms = 5000,
		.anchor_wall = START + 100 };
}

static void
same_boot_counts_elapsed_time_whatever_the_wall_says(void **state)
{
	struct link_row link = anchored();
	int64_t now;

	(void)state;
	assert_true(store_link_server_now(&now, &link, "boot-1", 5000, 0));
	assert_int_equal(now, START);
	assert_true(store_link_server_now(&now, &link, "boot-1", 15999, -5));
	assert_int_equal(now, START + 10);
	assert_false(
	    store_link_server_now(&now, &link, "boot-1", 4999, START + 200));
	assert_true(store_link_server_now(&now, &link, "boot-1", INT64_MAX, 0));
	assert_true(now > START);
	link.anchor_elapsed_ms = INT64_MIN;
	assert_false(
	    store_link_server_now(&now, &link, "boot-1", INT64_MAX, 0));
}

static void
reboot_counts_the_wall_if_it_did_not_go_back(void **state)
{
	struct link_row link = anchored();
	int64_t now;

	(void)state;
	assert_false(store_link_anchor(&link, "boot-2", 1, START + 99));
	assert_string_equal(link.anchor_boot, "boot-1");
	assert_true(store_link_anchor(&link, "boot-2", 1, START + 100));
	assert_true(store_link_server_now(&now, &link, "boot-2", 1, 0));
	assert_int_equal(now, START);
	link = anchored();
	assert_true(store_link_anchor(&link, "boot-2", 1, START + 3700));
	assert_true(store_link_server_now(&now, &link, "boot-2", 1, 0));
	assert_int_equal(now, START + 3600);
	/* The clock of an attempt that failed may have been put right since. */
	link = anchored();
	link.last_attempt = START + 7200;
	assert_true(store_link_anchor(&link, "boot-2", 1, START + 500));
	assert_int_equal(link.server_time, START + 400);
	link = anchored();
	assert_true(store_link_anchor(&link, "boot-2", 1, INT64_MAX));
	assert_int_equal(link.server_time, INT64_MAX - 100);
	link.server_time = 0;
	assert_false(store_link_anchor(&link, "boot-3", 1, INT64_MAX));
}

static void
anchor_is_moved_on_a_new_boot_and_each_hour(void **state)
{
	struct link_row link = anchored();

	(void)state;
	assert_false(store_link_wants_anchor(&link, "boot-1", 5000));
	assert_false(store_link_wants_anchor(&link, "boot-1", 3604999));
	assert_true(store_link_wants_anchor(&link, "boot-1", 3605000));
	assert_false(store_link_wants_anchor(&link, "boot-1", 4999));
	assert_true(store_link_wants_anchor(&link, "boot-2", 1));
	assert_false(store_link_wants_anchor(&link, "", 1));
	/* By elapsed time, with no part of a second lost. */
	assert_true(store_link_anchor(&link, "boot-1", 3606999, 7));
	assert_int_equal(link.server_time, START + 3601);
	assert_int_equal(link.anchor_elapsed_ms, 3606000);
	assert_int_equal(link.anchor_wall, 7);
	assert_false(store_link_anchor(&link, "boot-1", 3605999, 7));
	link.server_time = 0;
	assert_false(store_link_wants_anchor(&link, "boot-2", 1));
}

static void
move_anchor(struct estate *estate, const char *boot_id, int64_t elapsed_ms,
    int64_t wall_now)
{
	estate_begin(estate, wall_now);
	assert_int_equal(
	    estate_end(estate,
		ledger_link_anchor(&estate->ledger, boot_id, elapsed_ms)),
	    FAULT_NONE);
}

/* Once carried over a reboot, the clock runs by elapsed time again. */
static void
setting_the_clock_back_after_a_reboot_gains_nothing(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 1);
	struct link_row link;
	int64_t now;

	move_anchor(estate, "boot-2", 500, START);
	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	move_anchor(estate, "boot-2", 500, START - 1);
	link = estate_link(estate);
	assert_false(
	    store_link_server_now(&now, &link, "boot-2", 500, START + HOUR));
	move_anchor(estate, "boot-2", 500, START + HOUR);
	link = estate_link(estate);
	assert_true(
	    store_link_server_now(&now, &link, "boot-2", 500, START + HOUR));
	assert_int_equal(now, START + HOUR);
	/* Back to the mark, within this boot and by another one. */
	move_anchor(estate, "boot-2", 500 + 1000 * DAY, START);
	link = estate_link(estate);
	assert_true(store_link_server_now(
	    &now, &link, "boot-2", 500 + 1000 * DAY, START));
	assert_int_equal(now, START + HOUR + DAY);
	move_anchor(estate, "boot-3", 1, START);
	assert_int_equal(estate_link(estate).server_time, START + HOUR + DAY);
}

/* The mark is moved where a lease lapsed, though the anchor is not an hour old. */
static void
a_reboot_brings_no_lapsed_lease_back(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 1);
	struct link_row link;
	int64_t now;

	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	link = estate_link(estate);
	/* Ten minutes later the clock is 25 hours back. */
	move_anchor(estate, "boot", link.anchor_elapsed_ms + 600 * 1000,
	    START - 25 * HOUR);
	link = estate_link(estate);
	assert_int_equal(link.anchor_wall, START - 25 * HOUR);
	move_anchor(estate, "boot-2", 1, START - 25 * HOUR - 1);
	link = estate_link(estate);
	assert_false(store_link_server_now(&now, &link, "boot-2", 1, 0));
	move_anchor(estate, "boot-2", 1, START - 25 * HOUR);
	link = estate_link(estate);
	assert_true(store_link_server_now(&now, &link, "boot-2", 1, 0));
	assert_int_equal(now, START + 600);
	move_anchor(estate, "", 1, START);
	assert_string_equal(estate_link(estate).anchor_boot, "boot-2");
}

static void
unknown_clock_is_not_guessed(void **state)
{
	struct link_row link = anchored();
	int64_t now;

	(void)state;
	/* Without a boot identity two boots cannot be told apart. */
	link.anchor_boot = "";
	assert_true(store_link_server_now(&now, &link, "", 99999, START + 101));
	assert_int_equal(now, START + 1);
	assert_false(store_link_server_now(&now, &link, "", 99999, START));
	link.server_time = 0;
	assert_false(
	    store_link_server_now(&now, &link, "", 99999, START + 101));
	link.server_time = START;
	link.anchor_wall = INT64_MIN;
	assert_false(store_link_server_now(&now, &link, "", 0, INT64_MAX));
	assert_false(store_link_anchor(&link, "x", 0, INT64_MAX));
}

/* ---- lapses, demand, sessions ---- */

static void
sweep(struct estate *estate, int64_t server_now)
{
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_sweep(&estate->ledger, server_now)),
	    FAULT_NONE);
}

static void
lapses_are_told_once_each(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 1);

	sweep(estate, START);
	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	sweep(estate, INT64_MAX);
	sweep(estate, START + DAY - 1);
	assert_int_equal(estate_events(estate, "LIC30495", NULL), 0);
	sweep(estate, START + DAY);
	sweep(estate, START + DAY);
	assert_string_equal(estate_last_event(estate, "LIC30495"),
	    "CONSEC from ls.example.com lapsed: 75 units before, 50 now.");
	assert_int_equal(estate_events(estate, "LIC30495", NULL), 1);
	assert_int_equal(estate_events(estate, "LIC30494", NULL), 1);
	sweep(estate, START + 10 * DAY);
	sweep(estate, START + 11 * DAY);
	assert_int_equal(estate_events(estate, "LIC30493", NULL), 1);
	assert_int_equal(estate_events(estate, "LIC30494", NULL), 1);
}

static int64_t
leased_units(struct estate *estate, int64_t server_now)
{
	struct link_feature_row *rows;
	size_t count;

	assert_int_equal(store_link_features(&rows, &count, &estate->arena,
			     estate->appliance.store, server_now),
	    FAULT_NONE);
	return count ? rows[0].leased : 0;
}

static void
lapsed_parts_count_again_when_the_clock_is_put_right(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 1);

	estate_link_save(estate, &good);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	sweep(estate, START + 99 * DAY);
	assert_int_equal(leased_units(estate, START + 99 * DAY), 0);
	assert_int_equal(estate_events(estate, "LIC30493", NULL), 1);
	assert_int_equal(leased_units(estate, START + HOUR), 75);
	sweep(estate, START + HOUR);
	assert_int_equal(estate_events(estate, "LIC30495", NULL), 1);
	/* What runs again lapses again, and is told of then. */
	sweep(estate, START + DAY);
	sweep(estate, START + DAY);
	assert_int_equal(leased_units(estate, START + DAY), 50);
	assert_int_equal(estate_events(estate, "LIC30494", NULL), 1);
	assert_int_equal(estate_events(estate, "LIC30495", NULL), 2);
}

static void
demand_has_own_and_leased_units(void **state)
{
	struct estate *estate = *state;
	struct link_feature_row denied = consec;
	struct link_answer answer = answer_of(1, 1);
	struct demand_feature *rows;
	size_t count;

	estate_license(estate, "CONSEC", 40, "");
	estate_link_save(estate, &good);
	denied.denied_code = "maximum_reached";
	answer.features = &denied;
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(
	    store_link_demand(&rows, &count, &estate->arena,
		estate->appliance.store, &estate->appliance.catalogue,
		PRODUCT_PCS, START, START),
	    FAULT_NONE);
	/* No switch, and nothing of another platform's family. */
	assert_int_equal(count, 3);
	assert_string_equal(rows[1].feature->name, "CONSEC");
	assert_int_equal(rows[1].own, 40);
	assert_int_equal(rows[1].leased, 75);
	assert_int_equal(rows[1].reachable, 150);
	assert_true(rows[1].is_denied);
	assert_int_equal(rows[0].reachable, 0);
	assert_int_equal(
	    store_link_demand(&rows, &count, &estate->arena,
		estate->appliance.store, &estate->appliance.catalogue,
		PRODUCT_PPS, START, INT64_MAX),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].leased, 0);
}

static int64_t
own_units(struct estate *estate, int64_t server_now)
{
	struct demand_feature *rows;
	size_t count;

	assert_int_equal(
	    store_link_demand(&rows, &count, &estate->arena,
		estate->appliance.store, &estate->appliance.catalogue,
		PRODUCT_PCS, START, server_now),
	    FAULT_NONE);
	assert_string_equal(rows[1].feature->name, "CONSEC");
	return rows[1].own;
}

static void
permanent_licenses_wait_for_a_lost_clock(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 1);

	estate_license(estate, "CONSEC", 40, "");
	estate_license(estate, "CONSEC", 25, "2026-01-01");
	assert_int_equal(own_units(estate, INT64_MAX), 65);
	/* The server never told a time that could be lost. */
	estate_link_save(estate, &good);
	assert_int_equal(own_units(estate, INT64_MAX), 65);
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(own_units(estate, START), 65);
	assert_int_equal(own_units(estate, INT64_MAX - 1), 65);
	assert_int_equal(own_units(estate, INT64_MAX), 25);
}

static bool
begin(struct estate *estate, const char *id, const char *user,
    const char *feature)
{
	const struct session_row row = { .id = id,
		.user = user,
		.feature = feature,
		.gateway = "ocserv",
		.timeout = 60,
		.over_at = START + 60 };

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_session_begin(&estate->ledger, &row)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static void
sessions_come_and_go(void **state)
{
	struct estate *estate = *state;
	struct store *store = estate->appliance.store;
	struct session_row *rows, row;
	int64_t users, rdp;
	char long_name[600];
	size_t count;

	assert_true(begin(estate, "s1", "ann", ""));
	assert_true(begin(estate, "s2", "bob", "ACCESS-RDP"));
	assert_true(begin(estate, "s2", "bob", "ACCESS-RDP"));
	assert_true(begin(estate, "s3", "\xc3\xa9mile", ""));
	assert_int_equal(store_session_count(&users, &rdp, store), FAULT_NONE);
	assert_int_equal(users, 2);
	assert_int_equal(rdp, 1);
	assert_false(begin(estate, "s4", "", ""));
	assert_false(begin(estate, "s4", "a\tb", ""));
	assert_false(begin(estate, "s4", "a\xc2\x85", ""));
	assert_false(begin(estate, "s4", "\xff", ""));
	assert_false(begin(estate, "s4", "ann", "CONSEC"));
	for (size_t i = 0; i < 256; i++)
		memcpy(&long_name[2 * i], "\xc3\xa9", 2);
	memcpy(&long_name[512], "x", 2);
	assert_false(begin(estate, "s4", long_name, ""));
	assert_true(estate_has_mistake(estate, "user", MISTAKE_USER_INVALID));
	long_name[512] = '\0';
	assert_true(begin(estate, "s4", long_name, ""));
	assert_int_equal(
	    store_session_load(&row, &estate->arena, store, "s2"), FAULT_NONE);
	assert_string_equal(row.user, "bob");
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_session_end(&estate->ledger, "s2")),
	    FAULT_NONE);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_session_end(&estate->ledger, "s2")),
	    FAULT_NOT_FOUND);
	assert_int_equal(store_session_load(&row, &estate->arena, store, "s2"),
	    FAULT_NOT_FOUND);
	assert_int_equal(
	    store_session_list(&rows, &count, &estate->arena, store, NULL),
	    FAULT_NONE);
	assert_int_equal(count, 3);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, ledger_session_refused(&estate->ledger, "ann", "full")),
	    FAULT_NONE);
	assert_string_equal(
	    estate_last_event(estate, "AUT22677"), "User ann refused: full");
}

static bool
begin_at(
    struct estate *estate, const char *id, const char *gateway, int64_t timeout)
{
	const struct session_row row = { .id = id,
		.user = "ann",
		.feature = "",
		.gateway = gateway,
		.timeout = timeout };

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_session_begin(&estate->ledger, &row)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static size_t
sessions_of(struct estate *estate, const char *gateway)
{
	struct session_row *rows;
	size_t count;

	assert_int_equal(store_session_list(&rows, &count, &estate->arena,
			     estate->appliance.store, gateway),
	    FAULT_NONE);
	return count;
}

static void
sessions_belong_to_a_gateway(void **state)
{
	struct estate *estate = *state;
	struct session_row row;
	char name[66] = "";

	memset(name, 'g', 65);
	assert_false(begin_at(estate, "x", name, 0));
	assert_true(
	    estate_has_mistake(estate, "gateway", MISTAKE_GATEWAY_INVALID));
	name[64] = '\0';
	assert_true(begin_at(estate, "s1", name, 0));
	assert_false(begin_at(estate, "x", "a\nb", 0));
	assert_false(begin_at(estate, "x", "a", -1));
	assert_false(
	    begin_at(estate, "x", "a", LEDGER_SESSION_TIMEOUT_MAX + 1));
	assert_true(
	    estate_has_mistake(estate, "timeout", MISTAKE_TIMEOUT_INVALID));
	assert_true(begin_at(estate, "s2", "a", LEDGER_SESSION_TIMEOUT_MAX));
	assert_true(begin_at(estate, "s3", "a", 0));
	assert_true(begin_at(estate, "s4", "", 0));
	assert_int_equal(sessions_of(estate, NULL), 4);
	assert_int_equal(sessions_of(estate, "a"), 2);
	assert_int_equal(sessions_of(estate, ""), 1);
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     ledger_session_end_gateway(&estate->ledger, "a")),
	    FAULT_NONE);
	assert_int_equal(sessions_of(estate, "a"), 0);
	assert_int_equal(sessions_of(estate, NULL), 2);
	/* Nobody is left to end: that is no fault. */
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     ledger_session_end_gateway(&estate->ledger, "a")),
	    FAULT_NONE);
	assert_int_equal(store_session_load(&row, &estate->arena,
			     estate->appliance.store, "s1"),
	    FAULT_NONE);
	assert_string_equal(row.gateway, name);
	assert_int_equal(row.seen_at, START);
}

static void
session_times_out_once_with_an_event(void **state)
{
	struct estate *estate = *state;
	struct store *store = estate->appliance.store;
	struct session_row row;

	assert_true(begin_at(estate, "s1", "ocserv", 3600));
	estate_begin(estate, START + 10);
	assert_int_equal(estate_end(estate,
			     ledger_session_seen(&estate->ledger, "s1",
				 START + 10, START + 3610)),
	    FAULT_NONE);
	assert_int_equal(
	    store_session_load(&row, &estate->arena, store, "s1"), FAULT_NONE);
	assert_int_equal(row.began_at, START);
	assert_int_equal(row.seen_at, START + 10);
	assert_int_equal(row.over_at, START + 3610);
	estate_begin(estate, START + 3610);
	assert_int_equal(
	    estate_end(
		estate, ledger_session_timed_out(&estate->ledger, &row, 3600)),
	    FAULT_NONE);
	assert_string_equal(estate_last_event(estate, "LHD10070"),
	    "The session of user ann is over: gateway ocserv did not renew s1 "
	    "for 3,600 seconds.");
	estate_begin(estate, START + 3611);
	assert_int_equal(
	    estate_end(
		estate, ledger_session_timed_out(&estate->ledger, &row, 3600)),
	    FAULT_NOT_FOUND);
}

static void
server_has_no_server_of_its_own(void **state)
{
	struct estate *estate = *state;

	assert_false(estate_link_save(estate, &good));
	assert_true(estate_has_mistake(estate, "", MISTAKE_WRONG_ROLE));
	assert_false(begin(estate, "s1", "ann", ""));
}

#define LINK_TEST(name)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_client, estate_tear_down)

/* ---- what its server says of member licenses ---- */

static size_t
membership(struct membership_part **out, struct estate *estate, int64_t now)
{
	const struct link_row link = estate_link(estate);
	size_t count;

	assert_int_equal(store_membership_own(out, &count, &estate->arena,
			     estate->appliance.store, &link, now),
	    FAULT_NONE);
	return count;
}

static void
what_lacks_a_member_license_is_told_while_it_runs(void **state)
{
	struct estate *estate = *state;
	struct link_answer answer = answer_of(1, 7);
	struct membership_part *found;
	size_t next;
	static const char said[] =
	    "[{\"feature\":\"ACCESS\",\"units\":30,\"since\":1000,"
	    "\"parts\":[{\"kind\":\"reserved\",\"units\":10,"
	    "\"granted\":1,\"expires\":%lld},{\"kind\":\"quantum\","
	    "\"units\":20,\"granted\":2,\"expires\":%lld}]},"
	    "{\"feature\":\"CONSEC\",\"units\":5}]";

	assert_true(estate_link_save(estate, &good));
	answer.server_time = START;
	answer.compliance = arena_format(&estate->arena, said,
	    (long long)(START + DAY), (long long)(START + HOUR));
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(membership(&found, estate, START + HOUR - 1), 3);
	assert_true(found[0].is_reserved);
	assert_int_equal(found[0].since, 1000);
	assert_int_equal(store_membership_units(&next, found, 3), 30);
	assert_int_equal(next, 2);
	assert_string_equal(found[2].feature, "CONSEC");
	assert_int_equal(found[2].units, 5);
	assert_int_equal(membership(&found, estate, START + HOUR), 2);
	assert_int_equal(store_membership_units(&next, found, 2), 10);
	assert_int_equal(membership(&found, estate, START + DAY), 1);
	/* What was not as it should be says nothing. */
	answer = answer_of(1, 8);
	answer.compliance = "[7,{\"feature\":3},{\"feature\":\"CONSEC\","
			    "\"units\":-1}]";
	assert_int_equal(take(estate, &answer), FAULT_NONE);
	assert_int_equal(membership(&found, estate, START), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LINK_TEST(every_mistake_of_the_form_is_shown),
		LINK_TEST(a_password_is_for_its_server_and_its_id),
		LINK_TEST(server_is_a_host_with_or_without_a_port),
		LINK_TEST(saving_twice_changes_once),
		LINK_TEST(a_cluster_is_kept_and_told),
		LINK_TEST(what_is_said_beside_leases_is_kept),
		LINK_TEST(what_lacks_a_member_license_is_told_while_it_runs),
		LINK_TEST(answer_is_kept_whole),
		LINK_TEST(older_paper_is_refused),
		LINK_TEST(denial_is_told_when_it_begins_or_changes),
		LINK_TEST(another_server_forgets_everything),
		LINK_TEST(failure_is_told_when_it_changes),
		LINK_TEST(only_the_key_that_was_shown_can_be_confirmed),
		cmocka_unit_test(
		    same_boot_counts_elapsed_time_whatever_the_wall_says),
		cmocka_unit_test(reboot_counts_the_wall_if_it_did_not_go_back),
		cmocka_unit_test(anchor_is_moved_on_a_new_boot_and_each_hour),
		LINK_TEST(setting_the_clock_back_after_a_reboot_gains_nothing),
		LINK_TEST(a_reboot_brings_no_lapsed_lease_back),
		cmocka_unit_test(unknown_clock_is_not_guessed),
		LINK_TEST(lapses_are_told_once_each),
		LINK_TEST(lapsed_parts_count_again_when_the_clock_is_put_right),
		LINK_TEST(demand_has_own_and_leased_units),
		LINK_TEST(permanent_licenses_wait_for_a_lost_clock),
		LINK_TEST(sessions_come_and_go),
		LINK_TEST(sessions_belong_to_a_gateway),
		LINK_TEST(session_times_out_once_with_an_event),
		cmocka_unit_test_setup_teardown(server_has_no_server_of_its_own,
		    estate_set_up_server, estate_tear_down),
	};

	return cmocka_run_group_tests_name("ledger_link", tests, NULL, NULL);
}
