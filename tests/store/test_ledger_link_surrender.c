/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_link_surrender.c: a license of a client's own on its way to the
 * server and back, whatever is lost, repeated or late in between. No unit ever
 * counts on both sides.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/peer/sync_news.h"
#include "engine/rules/surrender.h"
#include "engine/store/statement.h"
#include <string.h>

#define SERVER    "7331J8K29P4T77QX"
#define SURRENDER "LIC30632"

/* ---- a client with a server and a member license ---- */

static struct estate *
make(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_CLIENT);
	*state = &estate;
	return &estate;
}

static void
save_server(struct estate *estate, const char *server)
{
	const struct link_input input = { .server = server,
		.client_name = "gw001",
		.password = "secret",
		.network = "internal",
		.verify = true };

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_save(&estate->ledger, &input)),
	    FAULT_NONE);
}

/* "key" tells one signing key from another. */
static void
answer_with(struct estate *estate, char key, const char *server_id,
    const struct link_surrender *said, size_t count, int64_t now)
{
	struct link_answer answer = {
		.server_id = server_id,
		.server_key = { (uint8_t)key },
		.epoch = 1,
		.number = 1,
		.document = "paper",
		.server_time = now,
		.next_sync = now + 4 * HOUR,
		.anchor_boot = "boot",
		.surrenders = said,
		.surrender_count = count,
	};

	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(estate, ledger_link_answer(&estate->ledger, &answer)),
	    FAULT_NONE);
}

static void
answer_as(struct estate *estate, const char *server_id,
    const struct link_surrender *said, size_t count, int64_t now)
{
	answer_with(estate, 0, server_id, said, count, now);
}

/* Another appliance, whose key the client holds the server to from now on. */
static void
answer_as_stranger(struct estate *estate, const char *server_id,
    const struct link_surrender *said, size_t count, int64_t now)
{
	estate_begin(estate, now);
	assert_int_equal(estate_end(estate,
			     statement_run(estate->appliance.store,
				 "UPDATE link SET server_key = NULL", "")),
	    FAULT_NONE);
	answer_with(estate, strcmp(server_id, SERVER) ? server_id[0] : 0,
	    server_id, said, count, now);
}

static int
open_alone(void **state)
{
	make(state);
	return 0;
}

static int
open_client(void **state)
{
	struct estate *estate = make(state);

	save_server(estate, "ls.example.com");
	answer_as(estate, SERVER, NULL, 0, START);
	estate_license(estate, "member", 0, "");
	return 0;
}

static struct license_row
load(struct estate *estate, int64_t id)
{
	struct license_row *rows, row = { .serial = NULL };
	size_t count;

	assert_int_equal(store_license_list(&rows, &count, &estate->arena,
			     estate->appliance.store, START),
	    FAULT_NONE);
	for (size_t i = 0; i < count; i++)
		if (rows[i].license.id == id)
			row = rows[i];
	assert_non_null(row.serial);
	return row;
}

static int64_t
own(struct estate *estate)
{
	int64_t units;

	assert_int_equal(store_license_total(
			     &units, estate->appliance.store, "CONSEC", START),
	    FAULT_NONE);
	return units;
}

/* Is it done, or what is the code of the refusal's sentence? */
static bool
surrender(struct estate *estate, int64_t id, int64_t now)
{
	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(estate, ledger_surrender(&estate->ledger, id)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static bool
recall(struct estate *estate, int64_t id, int64_t now)
{
	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(estate, ledger_surrender_recall(&estate->ledger, id)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

/* What a request would say now; from then on a server may know. */
static struct sync_news
say(struct estate *estate)
{
	struct sync_news news;

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, sync_news_load(&news, &estate->ledger, START, NULL)),
	    FAULT_NONE);
	return news;
}

static void
hear(struct estate *estate, int64_t id, const char *state, const char *text,
    int64_t since)
{
	const struct link_surrender said = { .serial = load(estate, id).serial,
		.state = state,
		.text = text,
		.since = since };

	answer_as(estate, SERVER, &said, 1, START);
}

static const char *
mistake(const struct estate *estate)
{
	assert_int_equal(estate->ledger.mistakes.count, 1);
	assert_string_equal(estate->ledger.mistakes.items[0].field, "license");
	return estate->ledger.mistakes.items[0].text;
}

static void
assert_says(const struct estate *estate, const char *part)
{
	if (!strstr(mistake(estate), part))
		fail_msg("\"%s\" lacks \"%s\"", mistake(estate), part);
}

/* ---- who may ---- */

static void
only_what_the_rules_allow_is_surrendered(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	int64_t term = estate_license(estate, "CONSEC", 50, "2026-01-01");
	int64_t member;

	assert_false(surrender(estate, id, START));
	assert_says(estate, "LICENSE-MBR");
	member = estate_license(estate, "member", 0, "");
	assert_false(surrender(estate, id, START));
	assert_says(estate, "Configure Server");
	assert_false(surrender(estate, term, START));
	assert_says(estate, "subscription");
	assert_false(surrender(estate, member, START));
	assert_says(estate, "counts users");
	assert_false(surrender(estate, 9999, START));
	assert_false(recall(estate, id, START));
	assert_says(estate, "Only a surrendered license");
	assert_int_equal(own(estate), 150);
	assert_int_equal(estate_events(estate, SURRENDER, NULL), 0);
	/* Who never answered is nobody yet. */
	save_server(estate, "ls.example.com");
	assert_false(surrender(estate, id, START));
	assert_says(estate, "has not answered yet");
	answer_as(estate, SERVER, NULL, 0, START);
	assert_true(surrender(estate, id, START));
	assert_int_equal(own(estate), 50);
}

static void
a_server_surrenders_nothing(void **state)
{
	struct estate *estate = *state;
	int64_t id;

	estate->appliance.role = ROLE_SERVER;
	id = estate_license(estate, "CONSEC", 100, "");
	assert_false(surrender(estate, id, START));
	assert_true(estate_has_mistake(estate, "", MISTAKE_WRONG_ROLE));
	assert_false(recall(estate, id, START));
	assert_true(estate_has_mistake(estate, "", MISTAKE_WRONG_ROLE));
}

/* ---- one click after another ---- */

static void
from_the_click_on_it_counts_no_more(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	struct license_row row;

	assert_int_equal(own(estate), 100);
	assert_int_not_equal(estate_link(estate).next_sync, 0);
	assert_true(surrender(estate, id, START + 7));
	assert_int_equal(own(estate), 0);
	row = load(estate, id);
	assert_int_equal(row.state, LICENSE_SURRENDER_PENDING);
	assert_int_equal(row.surrender_at, START + 7);
	assert_false(row.is_surrender_sent);
	assert_string_equal(row.surrender_server, SERVER);
	/* It is told at once, and a second click is the same one. */
	assert_int_equal(estate_link(estate).next_sync, 0);
	assert_true(surrender(estate, id, START + 9));
	assert_int_equal(load(estate, id).surrender_at, START + 7);
	assert_int_equal(estate_events(estate, SURRENDER, row.serial), 1);
}

static void
what_nobody_heard_of_is_canceled(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");

	assert_true(surrender(estate, id, START));
	assert_true(recall(estate, id, START));
	assert_int_equal(load(estate, id).state, LICENSE_ACTIVE);
	assert_int_equal(own(estate), 100);
	/* The instant of a click never comes again, not even with the clock set back. */
	assert_true(surrender(estate, id, START));
	assert_int_equal(load(estate, id).surrender_at, START + 1);
	assert_true(recall(estate, id, START - DAY));
	assert_true(surrender(estate, id, START - DAY));
	assert_int_equal(load(estate, id).surrender_at, START + 2);
}

static void
what_was_said_comes_back_only_by_an_answer(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	struct sync_news news;
	int64_t since;

	surrender(estate, id, START);
	news = say(estate);
	assert_int_equal(news.license_count, 1);
	assert_false(news.licenses[0].is_recall);
	/* The answer is lost, or this appliance crashed before it came. */
	assert_true(load(estate, id).is_surrender_sent);
	assert_true(recall(estate, id, START));
	assert_int_equal(load(estate, id).state, LICENSE_RECALL_PENDING);
	assert_int_equal(own(estate), 0);
	since = load(estate, id).surrender_at;
	assert_int_equal(since, START + 1);
	/* Clicked twice is clicked; and it cannot be surrendered meanwhile. */
	assert_true(recall(estate, id, START + 5));
	assert_int_equal(load(estate, id).surrender_at, since);
	assert_false(surrender(estate, id, START + 5));
	news = say(estate);
	assert_true(news.licenses[0].is_recall);
	assert_int_equal(news.licenses[0].since, since);
	hear(estate, id, "pending", "The recall waits for 50.", since);
	assert_int_equal(load(estate, id).state, LICENSE_RECALL_PENDING);
	assert_string_equal(
	    load(estate, id).surrender_text, "The recall waits for 50.");
	assert_int_equal(own(estate), 0);
	hear(estate, id, "returned", NULL, since);
	assert_int_equal(load(estate, id).state, LICENSE_ACTIVE);
	assert_string_equal(load(estate, id).surrender_text, "");
	assert_false(load(estate, id).is_surrender_sent);
	assert_int_equal(own(estate), 100);
	assert_int_equal(say(estate).license_count, 0);
}

static void
accepted_is_surrendered(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	int64_t since;

	surrender(estate, id, START);
	since = load(estate, id).surrender_at;
	say(estate);
	hear(estate, id, "accepted", NULL, since);
	assert_int_equal(load(estate, id).state, LICENSE_SURRENDERED);
	assert_int_equal(own(estate), 0);
	assert_string_equal(estate_last_event(estate, SURRENDER),
	    arena_format(&estate->arena,
		"License %s: surrendered s to ls.example.com.",
		load(estate, id).serial));
	/* It is named in every sync, and heard of once. */
	assert_int_equal(say(estate).license_count, 1);
	hear(estate, id, "accepted", NULL, since);
	assert_int_equal(estate_events(estate, SURRENDER, NULL), 2);
}

static void
refused_is_active_again_and_says_why(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	int64_t since;

	surrender(estate, id, START);
	since = load(estate, id).surrender_at;
	say(estate);
	hear(estate, id, "refused", "No member license.", since);
	assert_int_equal(load(estate, id).state, LICENSE_ACTIVE);
	assert_int_equal(own(estate), 100);
	assert_string_equal(
	    load(estate, id).surrender_text, "No member license.");
	assert_non_null(
	    strstr(estate_last_event(estate, SURRENDER), "No member license."));
	/* The reason is gone with the next click, whose instant is another. */
	surrender(estate, id, START);
	assert_string_equal(load(estate, id).surrender_text, "");
	assert_true(load(estate, id).surrender_at > since);
}

static void
an_answer_to_an_older_click_says_nothing(void **state)
{
	static const char *const states[] = { "accepted", "refused", "returned",
		"pending" };
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	int64_t first;

	surrender(estate, id, START);
	first = load(estate, id).surrender_at;
	say(estate);
	recall(estate, id, START);
	for (size_t i = 0; i < 4; i++) {
		hear(estate, id, states[i], "late", first);
		assert_int_equal(
		    load(estate, id).state, LICENSE_RECALL_PENDING);
		assert_string_equal(load(estate, id).surrender_text, "");
		/* Nor one to no message of ours. */
		hear(estate, id, states[i], "late", 0);
		assert_int_equal(
		    load(estate, id).state, LICENSE_RECALL_PENDING);
	}
	assert_int_equal(own(estate), 0);
	/* A recall is never answered by what answers a surrender. */
	hear(estate, id, "refused", "late", first + 1);
	hear(estate, id, "accepted", "late", first + 1);
	assert_int_equal(load(estate, id).state, LICENSE_RECALL_PENDING);
}

/* ---- a client set back to an earlier copy ---- */

static void
a_server_reminds_of_what_was_forgotten(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");

	hear(estate, id, "refused", "x", 0);
	hear(estate, id, "returned", NULL, 0);
	hear(estate, id, "accepted", NULL, START - 5);
	assert_int_equal(own(estate), 100);
	hear(estate, id, "accepted", NULL, 0);
	assert_int_equal(own(estate), 0);
	assert_int_equal(load(estate, id).state, LICENSE_SURRENDERED);
	assert_true(load(estate, id).is_surrender_sent);
	assert_int_equal(load(estate, id).surrender_at, START);
	assert_int_equal(estate_events(estate, SURRENDER, NULL), 1);
	/* It can be recalled as if it had never been forgotten. */
	assert_true(recall(estate, id, START));
	assert_int_equal(load(estate, id).surrender_at, START + 1);
}

/* The serials of member licenses are told to every server. */
static void
only_what_can_be_surrendered_is_believed_to_be(void **state)
{
	struct estate *estate = *state;
	int64_t member = estate_license(estate, "member", 0, "");
	int64_t year = estate_license(estate, "CONSEC", 50, "2027-12-31");

	hear(estate, member, "accepted", NULL, 0);
	hear(estate, year, "accepted", NULL, 0);
	assert_int_equal(load(estate, member).state, LICENSE_ACTIVE);
	assert_int_equal(load(estate, year).state, LICENSE_ACTIVE);
	assert_int_equal(own(estate), 50);
	assert_int_equal(estate_events(estate, SURRENDER, NULL), 0);
}

/* ---- what waits until it is back ---- */

static void
another_server_cannot_give_it_back(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");

	surrender(estate, id, START);
	say(estate);
	hear(estate, id, "accepted", NULL, load(estate, id).surrender_at);
	/* Behind the same name there is another one by now. */
	answer_as_stranger(estate, "8331J8K29P4T77QX", NULL, 0, START);
	assert_false(recall(estate, id, START));
	assert_says(estate, "another license server");
	assert_int_equal(load(estate, id).state, LICENSE_SURRENDERED);
	answer_as_stranger(estate, SERVER, NULL, 0, START);
	assert_true(recall(estate, id, START));
}

/* A restored console may lead to a server that never heard of it: its no is not the other's. */
static void
only_the_server_that_was_asked_decides(void **state)
{
	static const char *const words[] = { "refused", "returned",
		"accepted" };
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	struct link_surrender said = { .state = "refused", .text = "No." };

	surrender(estate, id, START);
	say(estate);
	said.serial = load(estate, id).serial;
	said.since = load(estate, id).surrender_at;
	for (size_t i = 0; i < 3; i++) {
		said.state = words[i];
		answer_as_stranger(estate, "8331J8K29P4T77QX", &said, 1, START);
		assert_int_equal(
		    load(estate, id).license.surrender, SURRENDER_PENDING);
		assert_string_equal(load(estate, id).surrender_server, SERVER);
		assert_int_equal(own(estate), 0);
	}
	said.state = "refused";
	answer_as_stranger(estate, SERVER, &said, 1, START);
	assert_int_equal(load(estate, id).license.surrender, SURRENDER_NONE);
	assert_int_equal(own(estate), 100);
}

/* The spare of a server has its key and an ID of its own: what was surrendered is there. */
static void
a_spare_with_the_same_key_decides(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");

	surrender(estate, id, START);
	say(estate);
	hear(estate, id, "accepted", NULL, load(estate, id).surrender_at);
	assert_string_equal(load(estate, id).surrender_server, SERVER);
	answer_as(estate, "8331J8K29P4T77QX", NULL, 0, START);
	assert_string_equal(
	    load(estate, id).surrender_server, "8331J8K29P4T77QX");
	assert_int_equal(own(estate), 0);
	assert_true(recall(estate, id, START));
	assert_int_equal(own(estate), 0);
}

static void
a_server_that_has_licenses_is_not_left(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	struct link_input input = { .server = "other.example.com",
		.client_name = "gw001",
		.password = "secret",
		.network = "internal",
		.verify = true };
	const char *serial = load(estate, id).serial;

	surrender(estate, id, START);
	say(estate);
	assert_false(estate_link_save(estate, &input));
	assert_true(
	    estate_has_mistake(estate, "leave", MISTAKE_LINK_SURRENDERED));
	assert_non_null(strstr(estate->ledger.mistakes.items[0].text, serial));
	input.server = "ls.example.com";
	input.client_name = "gw002";
	assert_false(estate_link_save(estate, &input));
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_remove(&estate->ledger, false)),
	    FAULT_NONE);
	assert_true(
	    estate_has_mistake(estate, "leave", MISTAKE_LINK_SURRENDERED));
	assert_string_equal(estate_link(estate).server, "ls.example.com");
	/* The rest may change. */
	input.client_name = "gw001";
	input.network = "external";
	assert_true(estate_link_save(estate, &input));
	recall(estate, id, START);
	hear(estate, id, "returned", NULL, load(estate, id).surrender_at);
	input.server = "other.example.com";
	assert_true(estate_link_save(estate, &input));
}

/* ---- a server is left that has a license (decision 0029) ---- */

static void
leave(struct estate *estate, const char *server, const char *client_name)
{
	struct link_input input = { .server = server,
		.client_name = client_name,
		.password = "secret",
		.network = "internal",
		.verify = true,
		.leaves_licenses = true };

	assert_true(estate_link_save(estate, &input));
}

/* A surrender that the server has accepted. */
static int64_t
given(struct estate *estate)
{
	int64_t id = estate_license(estate, "CONSEC", 100, "");

	assert_true(surrender(estate, id, START));
	say(estate);
	hear(estate, id, "accepted", NULL, load(estate, id).surrender_at);
	assert_int_equal(load(estate, id).license.surrender, SURRENDER_ACCEPTED);
	return id;
}

static void
what_was_never_told_comes_back_when_its_server_is_left(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	struct link_input input = { .server = "other.example.com",
		.client_name = "gw001",
		.password = "secret",
		.network = "internal",
		.verify = true };

	assert_true(surrender(estate, id, START));
	assert_int_equal(own(estate), 0);
	assert_true(estate_link_save(estate, &input));
	assert_int_equal(load(estate, id).license.surrender, SURRENDER_NONE);
	assert_int_equal(own(estate), 100);
	assert_int_equal(say(estate).license_count, 0);
	assert_int_equal(estate_events(estate, SURRENDER, "L"), 0);
	assert_int_equal(
	    estate_events(estate, SURRENDER, load(estate, id).serial), 2);
}

/* Whatever another server says about it, and whatever it is asked. */
static void
what_is_left_with_a_server_counts_nowhere(void **state)
{
	struct estate *estate = *state;
	int64_t id = given(estate);
	struct link_surrender said = { .serial = load(estate, id).serial };
	static const char *const states[] = { "returned", "refused",
		"accepted", "pending" };
	const int64_t since = load(estate, id).surrender_at;

	leave(estate, "other.example.com", "gw001");
	assert_int_equal(load(estate, id).left_at, START);
	assert_string_equal(load(estate, id).left_server, "ls.example.com");
	assert_int_equal(own(estate), 0);
	for (size_t i = 0; i < 8; i++) {
		said.state = states[i % 4];
		said.since = i < 4 ? since : 0;
		answer_as_stranger(
		    estate, "8331J8K29P4T77QX", &said, 1, START);
		assert_int_equal(say(estate).license_count, 0);
		assert_int_equal(own(estate), 0);
		assert_int_equal(load(estate, id).left_at, START);
	}
	assert_false(recall(estate, id, START));
	assert_says(estate, "another license server");
	assert_false(surrender(estate, estate_license(estate, "CONSEC", 5, "2020-01-01"), START));
	assert_int_equal(load(estate, id).license.surrender, SURRENDER_ACCEPTED);
}

static void
what_was_left_is_found_with_the_same_server(void **state)
{
	struct estate *estate = *state;
	int64_t id = given(estate);
	const int64_t since = load(estate, id).surrender_at;

	leave(estate, "other.example.com", "gw001");
	answer_as_stranger(estate, "8331J8K29P4T77QX", NULL, 0, START);
	/* Under another Unique ID, too: the license is the device's. */
	leave(estate, "ls.example.com", "gw002");
	assert_int_equal(say(estate).license_count, 0);
	answer_as_stranger(estate, SERVER, NULL, 0, START);
	assert_int_equal(load(estate, id).left_at, 0);
	assert_string_equal(load(estate, id).left_server, "");
	assert_string_equal(load(estate, id).surrender_server, SERVER);
	assert_int_equal(own(estate), 0);
	assert_int_equal(say(estate).license_count, 1);
	assert_true(recall(estate, id, START));
	hear(estate, id, "returned", NULL, since);
	assert_int_equal(own(estate), 0);
	hear(estate, id, "returned", NULL, load(estate, id).surrender_at);
	assert_int_equal(own(estate), 100);
	assert_int_equal(
	    estate_events(estate, SURRENDER, load(estate, id).serial), 6);
}

/* A spare signs leases with the key of the server in whose place it is (decision 0030). */
static void
what_was_left_is_found_with_the_spare(void **state)
{
	struct estate *estate = *state;
	int64_t id = given(estate);

	leave(estate, "other.example.com", "gw001");
	answer_as(estate, "9331J8K29P4T77QX", NULL, 0, START);
	assert_int_equal(load(estate, id).left_at, 0);
	assert_string_equal(
	    load(estate, id).surrender_server, "9331J8K29P4T77QX");
	assert_int_equal(own(estate), 0);
}

static void
a_server_removed_keeps_what_it_has(void **state)
{
	struct estate *estate = *state;
	int64_t id = given(estate);

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_remove(&estate->ledger, true)),
	    FAULT_NONE);
	assert_int_equal(estate->ledger.mistakes.count, 0);
	assert_int_equal(own(estate), 0);
	assert_false(recall(estate, id, START));
	assert_int_equal(load(estate, id).left_at, START);
	/* Nor can its key be deleted and added again. */
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     ledger_license_remove(&estate->ledger,
				 load(estate, id).serial)),
	    FAULT_NONE);
	assert_int_equal(estate->ledger.mistakes.count, 1);
	/* It names the server that has it, which is not this client's any more. */
	assert_non_null(strstr(estate->ledger.mistakes.items[0].text,
	    "license server ls.example.com."));
	save_server(estate, "ls.example.com");
	answer_as(estate, SERVER, NULL, 0, START);
	assert_int_equal(load(estate, id).left_at, 0);
}

static void
a_surrendered_license_stays(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	const char *serial = load(estate, id).serial;

	surrender(estate, id, START);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_license_remove(&estate->ledger, serial)),
	    FAULT_NONE);
	assert_true(
	    estate_has_mistake(estate, "serial", MISTAKE_KEY_SURRENDERED));
	assert_int_equal(load(estate, id).state, LICENSE_SURRENDER_PENDING);
}

static void
what_is_on_the_way_is_named_first_and_with_its_member(void **state)
{
	struct estate *estate = *state;
	int64_t one = estate_license(estate, "CONSEC", 100, "");
	int64_t two = estate_license(estate, "CONSEC", 200, "");
	struct sync_news news;
	bool is_stale;

	surrender(estate, one, START);
	say(estate);
	hear(estate, one, "accepted", NULL, START);
	news = say(estate);
	surrender(estate, two, START);
	assert_int_equal(sync_news_is_stale(&is_stale, &news, &estate->arena,
			     estate->appliance.store, START),
	    FAULT_NONE);
	assert_true(is_stale);
	news = say(estate);
	assert_int_equal(news.member_count, 1);
	assert_int_equal(news.license_count, 2);
	assert_string_equal(news.licenses[0].serial, load(estate, two).serial);
	assert_int_equal(
	    sync_news_since(&news, load(estate, one).serial), START);
	assert_int_equal(sync_news_since(&news, "none"), 0);
	assert_int_equal(sync_news_is_stale(&is_stale, &news, &estate->arena,
			     estate->appliance.store, START),
	    FAULT_NONE);
	assert_false(is_stale);
	recall(estate, two, START);
	assert_int_equal(sync_news_is_stale(&is_stale, &news, &estate->arena,
			     estate->appliance.store, START),
	    FAULT_NONE);
	assert_true(is_stale);
}

/* ---- every order of messages ---- */

#define STEPS    4000
#define MESSAGES 8

/* Copies of what was said and answered, each of which may arrive at any time, twice, or never. */
struct wire {
	struct sync_news_license said[MESSAGES];
	struct link_surrender answers[MESSAGES];
	size_t said_count, answer_count;
};

struct server {
	enum surrender_row row;
	instant since;
};

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 8) % below;
}

/* Oldest copies are lost first. */
static void
keep_said(struct wire *wire, const struct sync_news_license *said)
{
	wire->said[wire->said_count++ % MESSAGES] = *said;
}

static size_t
kept(size_t count)
{
	return count < MESSAGES ? count : MESSAGES;
}

/* As the rules want it: a refusal leaves the row as a recall would. */
static const char *
serve(struct server *server, const struct sync_news_license *said, bool refuses,
    bool waits)
{
	enum surrender_row before = server->row;

	server->row = surrender_next(
	    before, server->since, said->is_recall, said->since);
	if (said->since > server->since || before == SURRENDER_ROW_NONE)
		server->since = said->since;
	if (server->row == SURRENDER_ROW_ACCEPTED &&
	    before != SURRENDER_ROW_ACCEPTED && refuses)
		server->row = SURRENDER_ROW_RETURNED;
	if (server->row == SURRENDER_ROW_RECALLING && !waits)
		server->row = SURRENDER_ROW_RETURNED;
	if (server->row == SURRENDER_ROW_ACCEPTED)
		return "accepted";
	if (server->row == SURRENDER_ROW_RECALLING)
		return "pending";
	return said->is_recall ? "returned" : "refused";
}

static void
deliver(struct wire *wire, struct server *server, uint32_t *seed,
    const char *serial)
{
	const struct sync_news_license *said;

	if (!wire->said_count)
		return;
	said = &wire->said[draw(seed, (uint32_t)kept(wire->said_count))];
	wire->answers[wire->answer_count++ % MESSAGES] =
	    (struct link_surrender){ .serial = serial,
		    .state = serve(server, said, !draw(seed, 4), draw(seed, 2)),
		    .text = "why",
		    .since = said->since };
}

static void
step(struct estate *estate, int64_t id, struct wire *wire,
    struct server *server, uint32_t *seed)
{
	const char *serial = load(estate, id).serial;
	struct sync_news news;
	/* A clock that stands still, and one that goes back. */
	int64_t now = START + (int64_t)draw(seed, 5);

	switch (draw(seed, 6)) {
	case 0:
		surrender(estate, id, now);
		break;
	case 1:
		recall(estate, id, now);
		break;
	case 2:
		news = say(estate);
		if (news.license_count)
			keep_said(wire, &news.licenses[0]);
		break;
	case 3:
	case 4:
		deliver(wire, server, seed, serial);
		break;
	default:
		if (wire->answer_count)
			answer_as(estate, SERVER,
			    &wire->answers[draw(
				seed, (uint32_t)kept(wire->answer_count))],
			    1, START);
	}
}

static bool
counts_there(const struct server *server)
{
	return server->row == SURRENDER_ROW_ACCEPTED ||
	    server->row == SURRENDER_ROW_RECALLING;
}

/* Everything arrives now, once, in order. */
static void
settle(struct estate *estate, int64_t id, struct server *server)
{
	struct sync_news news = say(estate);
	struct link_surrender answer = { .serial = load(estate, id).serial };

	if (!news.license_count)
		return;
	answer.state = serve(server, &news.licenses[0], false, false);
	answer.since = news.licenses[0].since;
	answer_as(estate, SERVER, &answer, 1, START);
}

static void
no_order_of_messages_counts_it_twice(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_license(estate, "CONSEC", 100, "");
	struct server server = { SURRENDER_ROW_NONE, 0 };
	struct wire wire = { .said_count = 0 };
	size_t here = 0, there = 0, nowhere = 0;
	uint32_t seed = 20261125;

	for (int i = 0; i < STEPS; i++) {
		step(estate, id, &wire, &server, &seed);
		assert_false(own(estate) > 0 && counts_there(&server));
		here += own(estate) > 0;
		there += counts_there(&server);
		nowhere += own(estate) == 0 && !counts_there(&server);
	}
	/* It was everywhere, so that this says something. */
	assert_true(here > 100 && there > 100 && nowhere > 100);
	/* And it ends where the last click wanted it. */
	if (load(estate, id).license.surrender == SURRENDER_NONE)
		surrender(estate, id, START);
	else
		settle(estate, id, &server);
	settle(estate, id, &server);
	assert_int_equal((own(estate) > 0) + counts_there(&server), 1);
	if (own(estate) == 0) {
		recall(estate, id, START);
		settle(estate, id, &server);
	}
	assert_int_equal(own(estate), 100);
	assert_false(counts_there(&server));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_client, estate_tear_down)
#define ALONE(name)                                                            \
	cmocka_unit_test_setup_teardown(name, open_alone, estate_tear_down)
		ALONE(only_what_the_rules_allow_is_surrendered),
		ALONE(a_server_surrenders_nothing),
		TEST(from_the_click_on_it_counts_no_more),
		TEST(what_nobody_heard_of_is_canceled),
		TEST(what_was_said_comes_back_only_by_an_answer),
		TEST(accepted_is_surrendered),
		TEST(refused_is_active_again_and_says_why),
		TEST(an_answer_to_an_older_click_says_nothing),
		TEST(a_server_reminds_of_what_was_forgotten),
		TEST(only_what_can_be_surrendered_is_believed_to_be),
		TEST(another_server_cannot_give_it_back),
		TEST(only_the_server_that_was_asked_decides),
		TEST(a_spare_with_the_same_key_decides),
		TEST(a_server_that_has_licenses_is_not_left),
		TEST(what_was_never_told_comes_back_when_its_server_is_left),
		TEST(what_is_left_with_a_server_counts_nowhere),
		TEST(what_was_left_is_found_with_the_same_server),
		TEST(what_was_left_is_found_with_the_spare),
		TEST(a_server_removed_keeps_what_it_has),
		TEST(a_surrendered_license_stays),
		TEST(what_is_on_the_way_is_named_first_and_with_its_member),
		TEST(no_order_of_messages_counts_it_twice),
#undef ALONE
#undef TEST
	};

	return cmocka_run_group_tests_name("surrender", tests, NULL, NULL);
}
