/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_auto_lease.c: units that a client takes by itself: when they
 * count, when they end, and that each second of them is told, once.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/peer/sync_news.h"
#include "engine/rules/lease.h"
#include <string.h>

#define TAKEN    "LIC30651"
#define OVER     "LIC30660"
#define TEN_DAYS (10 * DAY)

static const struct link_input server = { .server = "ls.example.com",
	.client_name = "gw001",
	.password = "secret",
	.network = "internal",
	.verify = true };

/* ---- what a client was told ---- */

static const struct link_feature_row consec = { .feature = "CONSEC",
	.reserved = 50,
	.increment = 25,
	.maximum = 150,
	.auto_lease = true,
	.denied_code = "",
	.denied_text = "" };
static const struct link_part_row part = { "CONSEC", LEASE_PART_RESERVED, 50,
	START, START + TEN_DAYS, false };

static void
answer(struct estate *estate, int64_t reported, int64_t now)
{
	const struct link_answer answer = {
		.server_id = "7331J8K29P4T77QX",
		.epoch = 1,
		.number = 1,
		.document = "paper",
		.server_time = now,
		.next_sync = now + 4 * HOUR,
		.anchor_boot = "boot",
		.features = &consec,
		.feature_count = 1,
		.parts = &part,
		.part_count = 1,
		.reported = reported,
	};

	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(estate, ledger_link_answer(&estate->ledger, &answer)),
	    FAULT_NONE);
}

static int
open_client(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_CLIENT);
	estate_begin(&estate, START);
	assert_int_equal(
	    estate_end(&estate, ledger_link_save(&estate.ledger, &server)),
	    FAULT_NONE);
	answer(&estate, 0, START);
	*state = &estate;
	return 0;
}

static void
end_all(struct estate *estate, const char *feature, int64_t server_now)
{
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate,
		ledger_auto_lease_end(&estate->ledger, feature, server_now)),
	    FAULT_NONE);
}

static void
drop(struct estate *estate, int64_t units, int64_t server_now)
{
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     ledger_auto_lease_drop(
				 &estate->ledger, "CONSEC", units, server_now)),
	    FAULT_NONE);
}

/* Leased and auto-leased units of CONSEC that an admission counts. */
static int64_t
borrowed(struct estate *estate, int64_t server_now)
{
	struct demand_feature *features;
	size_t count;

	assert_int_equal(
	    store_link_demand(&features, &count, &estate->arena,
		estate->appliance.store, &estate->appliance.catalogue,
		PRODUCT_PCS, START, server_now),
	    FAULT_NONE);
	for (size_t i = 0; i < count; i++)
		if (strcmp(features[i].feature->name, "CONSEC") == 0)
			return features[i].leased + features[i].auto_leased;
	return -1;
}

static struct sync_news
say(struct estate *estate, int64_t server_now)
{
	struct sync_news news;

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate,
		sync_news_load(&news, &estate->ledger, server_now, NULL)),
	    FAULT_NONE);
	return news;
}

static void
assert_row(const struct link_auto_lease_row *row, int64_t units, int64_t from,
    int64_t to)
{
	assert_string_equal(row->feature, "CONSEC");
	assert_int_equal(row->units, units);
	assert_int_equal(row->from, from);
	assert_int_equal(row->to, to);
}

/* ---- contact ---- */

static void
contact_is_lost_by_what_keeps_from_the_server(void **state)
{
	static const char *const lost[] = { "dns", "connect", "network",
		"timeout", "broken", "tls", "tls_verify", "pin_changed",
		"store_unavailable" };
	static const char *const kept[] = { "unauthorized", "server_disabled",
		"configuration_expired", "hardware_mismatch",
		"agreement_missing", "virtual_server_stopped",
		"unsupported_protocol", "replayed", "server_key_changed",
		"protocol", "pin_unconfirmed" };
	struct estate *estate = *state;

	for (size_t i = 0; i < sizeof(lost) / sizeof(*lost); i++) {
		estate_attempt_fails(estate, lost[i], NULL, START + 10);
		assert_int_equal(estate_link(estate).lost_at, START + 10);
		/* Since the first of them. */
		estate_attempt_fails(estate, "connect", NULL, START + 20);
		assert_int_equal(estate_link(estate).lost_at, START + 10);
		estate_attempt_fails(
		    estate, "too_many_requests", NULL, START + 30);
		assert_int_equal(estate_link(estate).lost_at, START + 10);
		answer(estate, 0, START + 40);
		assert_int_equal(estate_link(estate).lost_at, 0);
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		estate_attempt_fails(estate, kept[i], NULL, START + 50);
		assert_int_equal(estate_link(estate).lost_at, 0);
		estate_attempt_fails(estate, "connect", NULL, START + 60);
		/* A refusal is contact, too. */
		estate_attempt_fails(estate, kept[i], NULL, START + 70);
		assert_int_equal(estate_link(estate).lost_at, 0);
	}
	estate_attempt_fails(estate, "too_many_requests", NULL, START + 80);
	assert_int_equal(estate_link(estate).lost_at, 0);
}

/* ---- what counts ---- */

static void
taken_units_count_while_the_server_is_lost(void **state)
{
	struct estate *estate = *state;

	estate_attempt_fails(estate, "connect", NULL, START + HOUR);
	estate_auto_lease(estate, 25, START + HOUR);
	assert_int_equal(borrowed(estate, START + HOUR), 75);
	assert_string_equal(estate_last_event(estate, TAKEN),
	    "Auto-leased 25 CONSEC while the license server cannot be "
	    "reached.");
	estate_auto_lease(estate, 25, START + 2 * HOUR);
	assert_int_equal(borrowed(estate, START + 2 * HOUR), 100);
	assert_int_equal(estate_events(estate, TAKEN, NULL), 2);
	/* A refusal is contact: they count no more, before anybody ended them. */
	estate_attempt_fails(estate, "server_disabled", NULL, START + 3 * HOUR);
	assert_int_equal(borrowed(estate, START + 3 * HOUR), 50);
}

static void
they_count_until_the_reserved_part_ends(void **state)
{
	struct estate *estate = *state;

	estate_attempt_fails(estate, "connect", NULL, START + HOUR);
	estate_auto_lease(estate, 25, START + HOUR);
	assert_int_equal(borrowed(estate, START + TEN_DAYS - 1), 75);
	assert_int_equal(borrowed(estate, START + TEN_DAYS), 0);
	/* Where the server's clock is not known nothing counts. */
	assert_int_equal(borrowed(estate, INT64_MAX), 0);
}

static void
a_moved_anchor_does_not_lengthen_the_right(void **state)
{
	struct estate *estate = *state;

	estate_attempt_fails(estate, "connect", NULL, START + HOUR);
	estate_begin(estate, START + 5 * DAY);
	assert_int_equal(
	    estate_end(estate,
		ledger_link_anchor(&estate->ledger, "boot", 5 * DAY * 1000)),
	    FAULT_NONE);
	assert_int_equal(estate_link(estate).server_time, START + 5 * DAY);
	assert_int_equal(estate_link(estate).success_time, START);
}

static void
without_the_servers_clock_nothing_is_taken(void **state)
{
	struct estate *estate = *state;
	size_t count;

	estate_auto_lease(estate, 25, INT64_MAX);
	estate_auto_lease(estate, 25, 0);
	estate_auto_lease(estate, 0, START);
	estate_taken(&count, estate);
	assert_int_equal(count, 0);
	assert_int_equal(estate_events(estate, TAKEN, NULL), 0);
}

/* ---- intervals ---- */

static void
two_of_one_instant_are_one_interval(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_auto_lease(estate, 25, START + 1);
	estate_auto_lease(estate, 50, START + 1);
	estate_auto_lease(estate, 25, START + 2);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 2);
	assert_row(&rows[0], 75, START + 1, 0);
	assert_row(&rows[1], 25, START + 2, 0);
}

static void
ending_is_told_once(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_auto_lease(estate, 25, START + 1);
	estate_auto_lease(estate, 25, START + 9);
	end_all(estate, "ACCESS", START + 9);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
	end_all(estate, "CONSEC", START + 9);
	end_all(estate, NULL, START + 20);
	assert_int_equal(estate_events(estate, OVER, "ls.example.com"), 1);
	rows = estate_taken(&count, estate);
	/* What never lasted is not kept. */
	assert_int_equal(count, 1);
	assert_row(&rows[0], 25, START + 1, START + 9);
}

static void
lapse(struct estate *estate, int64_t server_now)
{
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, ledger_auto_lease_lapse(&estate->ledger, server_now)),
	    FAULT_NONE);
}

static void
a_right_that_is_over_ends_at_its_own_instant(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START + 1);
	lapse(estate, START + TEN_DAYS - 1);
	rows = estate_taken(&count, estate);
	assert_int_equal(rows[0].to, 0);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
	/* The agent did not run when it ended. */
	lapse(estate, START + TEN_DAYS + 5 * HOUR);
	rows = estate_taken(&count, estate);
	assert_row(&rows[0], 25, START + 1, START + TEN_DAYS);
	lapse(estate, START + TEN_DAYS + 6 * HOUR);
	assert_int_equal(estate_events(estate, OVER, NULL), 1);
}

static void
a_refusal_ends_the_right_at_once(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START + 1);
	estate_attempt_fails(estate, "server_disabled", NULL, START + 70);
	lapse(estate, START + 71);
	rows = estate_taken(&count, estate);
	assert_row(&rows[0], 25, START + 1, START + 71);
}

static void
an_answer_after_the_end_tells_of_no_more(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START + 1);
	answer(estate, 0, START + 20 * DAY);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 1);
	assert_row(&rows[0], 25, START + 1, START + TEN_DAYS);
}

static void
what_is_given_back_goes_oldest_first(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	size_t count;

	estate_auto_lease(estate, 75, START + 1);
	estate_auto_lease(estate, 50, START + 2);
	drop(estate, 50, START + DAY);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 3);
	assert_row(&rows[0], 75, START + 1, START + DAY);
	assert_row(&rows[1], 50, START + 2, 0);
	assert_row(&rows[2], 25, START + DAY, 0);
	/* The rest is as old as it was. */
	assert_int_equal(rows[2].taken_at, START + 1);
	drop(estate, 50, START + DAY + 5);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 4);
	assert_row(&rows[2], 25, START + DAY, START + DAY + 5);
	assert_row(&rows[1], 50, START + 2, START + DAY + 5);
	assert_row(&rows[3], 25, START + DAY + 5, 0);
	drop(estate, INT64_MAX, START + DAY + 6);
	assert_int_equal(
	    store_link_auto_lease_units(
		rows = estate_taken(&count, estate), count, "CONSEC"),
	    0);
	assert_int_equal(estate_events(estate, OVER, NULL), 0);
}

/* ---- telling ---- */

static void
each_interval_is_told_up_to_the_sending(void **state)
{
	struct estate *estate = *state;
	struct sync_news news;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START + 10);
	end_all(estate, NULL, START + 20);
	estate_auto_lease(estate, 50, START + 30);
	news = say(estate, START + 100);
	assert_int_equal(news.auto_lease_count, 2);
	assert_row(&news.auto_leases[0], 25, START + 10, START + 20);
	assert_row(&news.auto_leases[1], 50, START + 30, START + 100);
	/* The answer is lost: the next request tells of a longer one. */
	news = say(estate, START + 200);
	assert_row(&news.auto_leases[1], 50, START + 30, START + 200);
	estate_taken(&count, estate);
	assert_int_equal(count, 2);
	answer(estate, news.auto_leases[1].id, START + 201);
	estate_taken(&count, estate);
	assert_int_equal(count, 0);
	assert_int_equal(say(estate, START + 300).auto_lease_count, 0);
	assert_int_equal(borrowed(estate, START + 300), 50);
	assert_int_equal(estate_events(estate, OVER, NULL), 2);
}

static void
what_began_after_the_sending_is_told_next(void **state)
{
	struct estate *estate = *state;
	struct link_auto_lease_row *rows;
	struct sync_news news;
	bool is_stale;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START + 10);
	news = say(estate, START + 100);
	estate_auto_lease(estate, 50, START + 103);
	answer(estate, news.auto_leases[0].id, START + 110);
	rows = estate_taken(&count, estate);
	assert_int_equal(count, 1);
	assert_row(&rows[0], 50, START + 103, START + 110);
	assert_int_equal(sync_news_is_stale(&is_stale, &news, &estate->arena,
			     estate->appliance.store, START),
	    FAULT_NONE);
	assert_true(is_stale);
	news = say(estate, START + 111);
	assert_row(&news.auto_leases[0], 50, START + 103, START + 110);
	/* An ID is never given twice, so that this forgets no other. */
	answer(estate, news.auto_leases[0].id, START + 112);
	estate_attempt_fails(estate, "connect", NULL, START + 113);
	estate_auto_lease(estate, 25, START + 114);
	answer(estate, news.auto_leases[0].id, START + 115);
	estate_taken(&count, estate);
	assert_int_equal(count, 1);
}

static void
a_lease_is_shown_if_it_is_not_too_long(void **state)
{
	struct estate *estate = *state;
	struct sync_news news;
	char *lease = arena_array(
	    &estate->arena, SYNC_NEWS_LEASE_MAX_BYTES + 2, 1);

	memset(lease, 'l', SYNC_NEWS_LEASE_MAX_BYTES);
	for (int i = 0; i < 2; i++) {
		estate_begin(estate, START);
		assert_int_equal(
		    estate_end(estate,
			sync_news_load(&news, &estate->ledger, START, lease)),
		    FAULT_NONE);
		assert_ptr_equal(news.lease, i == 0 ? lease : NULL);
		lease[SYNC_NEWS_LEASE_MAX_BYTES] = 'l';
	}
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     sync_news_load(&news, &estate->ledger, START, "")),
	    FAULT_NONE);
	assert_null(news.lease);
}

static void
many_intervals_are_told_in_turns(void **state)
{
	struct estate *estate = *state;
	struct sync_news news;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	for (int64_t i = 0; i < SYNC_NEWS_AUTO_LEASES_MAX + 10; i++)
		estate_auto_lease(estate, 1, START + 1 + i);
	news = say(estate, START + 1000);
	assert_int_equal(news.auto_lease_count, SYNC_NEWS_AUTO_LEASES_MAX);
	answer(estate, news.auto_leases[news.auto_lease_count - 1].id,
	    START + 1001);
	estate_taken(&count, estate);
	assert_int_equal(count, 10);
	news = say(estate, START + 1002);
	assert_int_equal(news.auto_lease_count, 10);
	assert_row(&news.auto_leases[9], 1,
	    START + SYNC_NEWS_AUTO_LEASES_MAX + 10, START + 1001);
}

static void
another_server_hears_nothing_of_it(void **state)
{
	struct estate *estate = *state;
	struct link_input other = server;
	size_t count;

	estate_attempt_fails(estate, "connect", NULL, START);
	estate_auto_lease(estate, 25, START + 10);
	other.server = "other.example.com";
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_link_save(&estate->ledger, &other)),
	    FAULT_NONE);
	estate_taken(&count, estate);
	assert_int_equal(count, 0);
	assert_int_equal(estate_link(estate).lost_at, 0);
	assert_int_equal(estate_link(estate).success_time, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_client, estate_tear_down)
		TEST(contact_is_lost_by_what_keeps_from_the_server),
		TEST(taken_units_count_while_the_server_is_lost),
		TEST(they_count_until_the_reserved_part_ends),
		TEST(a_moved_anchor_does_not_lengthen_the_right),
		TEST(without_the_servers_clock_nothing_is_taken),
		TEST(two_of_one_instant_are_one_interval),
		TEST(ending_is_told_once),
		TEST(a_right_that_is_over_ends_at_its_own_instant),
		TEST(a_refusal_ends_the_right_at_once),
		TEST(an_answer_after_the_end_tells_of_no_more),
		TEST(what_is_given_back_goes_oldest_first),
		TEST(each_interval_is_told_up_to_the_sending),
		TEST(what_began_after_the_sending_is_told_next),
		TEST(a_lease_is_shown_if_it_is_not_too_long),
		TEST(many_intervals_are_told_in_turns),
		TEST(another_server_hears_nothing_of_it),
#undef TEST
	};

	return cmocka_run_group_tests_name("auto_lease", tests, NULL, NULL);
}
