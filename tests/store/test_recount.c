/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_recount.c: a recount finds nothing in what the ledger wrote, and names
 * each row that somebody else changed.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/agreement_file.h"
#include "engine/store/recount.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include <stdlib.h>
#include <string.h>

#define SERVER "0331J8K29P4T77QX"

static void
good(enum fault fault)
{
	assert_string_equal(fault_text(fault), fault_text(FAULT_NONE));
}

static void
begin_at(struct estate *estate, int64_t now)
{
	estate_begin(estate, now);
	good(ledger_watch_clock(&estate->ledger));
}

static void
watch(struct estate *estate, int64_t now)
{
	begin_at(estate, now);
	good(estate_end(estate, ledger_watch(&estate->ledger)));
}

static void
install(struct estate *estate, const char *serial, const char *sku,
    const char *start, const char *end)
{
	struct license_result *results;
	size_t count;

	begin_at(estate, START);
	good(estate_end(estate,
	    ledger_license_add(&results, &count, &estate->ledger,
		estate_key(estate, SERVER, serial, sku, start, end))));
	assert_int_equal(count, 1);
	assert_true(results[0].is_installed);
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
	begin_at(estate, START);
	good(estate_end(
	    estate, ledger_agreement_accept(&estate->ledger, text.digest)));
}

static void
sync_at(struct estate *estate, int64_t client, int64_t users, int64_t holds,
    int64_t now)
{
	const struct sync_want want = { "CONSEC", users };
	struct sync_request request = estate_request(
	    estate, client, &want, holds, now);
	struct sync_answer answer;

	begin_at(estate, now);
	good(estate_end(
	    estate, ledger_sync(&answer, &estate->ledger, &request)));
	assert_int_equal(answer.status, 200);
}

static int64_t a, b;

/* A server with both kinds of licenses, two clients and their leases. */
static int
open_server(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_SERVER);
	estate_trust(&estate, true);
	accept_agreement(&estate);
	install(&estate, "P", "CONSEC-ADD-100U", "2025-01-01", NULL);
	install(
	    &estate, "S", "CONSEC-ADD-100U-1YR", "2025-01-01", "2025-12-31");
	a = estate_client(&estate, "a", "CONSEC",
	    (struct allocation){ 20, 10, 100 }, "", START);
	b = estate_client(&estate, "b", "CONSEC",
	    (struct allocation){ 0, 25, 100 }, "", START);
	sync_at(&estate, a, 40, 0, START + 1);
	sync_at(&estate, b, 60, 0, START + 2);
	sync_at(&estate, a, 40, 1, START + 3);
	watch(&estate, START + 60);
	*state = &estate;
	return 0;
}

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

static struct recount *
count(struct estate *estate)
{
	static struct recount recount;

	good(store_begin_read(estate->appliance.store));
	good(recount_run(
	    &recount, &estate->arena, &estate->appliance, START + DAY));
	store_rollback(estate->appliance.store);
	return &recount;
}

static void
finds_nothing(struct estate *estate)
{
	struct recount *recount = count(estate);

	if (recount->found > 0)
		fail_msg(
		    "%s: %s", recount->items[0].code, recount->items[0].text);
	assert_true(recount_is_sound(recount));
}

/* One difference of that kind says so; there may be more. */
static void
finds(struct estate *estate, const char *code, const char *text)
{
	struct recount *recount = count(estate);

	assert_false(recount_is_sound(recount));
	for (size_t i = 0; i < recount->count; i++) {
		if (strcmp(recount->items[i].code, code) != 0)
			continue;
		assert_string_equal(recount->items[i].text, text);
		return;
	}
	fail_msg("no difference \"%s\"", code);
}

static void
plant(struct estate *estate, const char *text)
{
	good(statement_run(
	    estate->appliance.store, arena_text(&estate->arena, text), ""));
}

/* ---- what the ledger writes ---- */

static void
what_the_ledger_wrote_adds_up(void **state)
{
	struct estate *estate = *state;
	struct recount *recount;

	finds_nothing(estate);
	recount = count(estate);
	assert_int_equal(recount->licenses, 2);
	assert_int_equal(recount->clients, 2);
	assert_true(recount->parts >= 3);
	assert_false(recount->is_over);
}

static void
a_long_play_adds_up_at_every_step(void **state)
{
	struct estate *estate = *state;
	const int64_t ids[] = { a, b };

	for (int64_t step = 1; step < 120; step++) {
		int64_t now = START + step * 5 * HOUR;

		sync_at(estate, ids[step % 2], step * 29 % 130,
		    step % 3 ? step / 2 : 0, now);
		if (step % 7 == 0)
			watch(estate, now + 30);
		if (step % 11 == 0) {
			begin_at(estate, now + 40);
			good(estate_end(
			    estate, ledger_reclaim(&estate->ledger)));
		}
		if (step % 13 == 0) {
			watch(estate, now + 50);
			estate_change(estate, a, "CONSEC",
			    (struct allocation){ step % 40, 10, 100 }, "",
			    now + 50);
		}
		finds_nothing(estate);
	}
	/* Long after the last: what ended since is nobody's mistake. */
	finds_nothing(estate);
	watch(estate, START + 700 * HOUR);
	estate_delete(estate, b, START + 700 * HOUR);
	finds_nothing(estate);
}

static void
over_allocation_is_said_and_is_no_mistake(void **state)
{
	struct estate *estate = *state;
	struct recount *recount;

	begin_at(estate, START + HOUR);
	good(estate_end(estate, ledger_license_remove(&estate->ledger, "P")));
	assert_int_equal(estate->ledger.mistakes.count, 0);
	recount = count(estate);
	assert_true(recount->is_over);
	assert_true(recount_is_sound(recount));
	assert_int_equal(recount->found, 1);
	assert_string_equal(recount->items[0].text,
	    "CONSEC: 115 units are held, more than the 100 there are.");
}

/* ---- what somebody else wrote ---- */

static void
a_license_of_more_units_than_its_key(void **state)
{
	plant(*state, "UPDATE license SET units = 1000 WHERE serial = 'P'");
	finds(*state, "license_row",
	    "License P is stored as CONSEC-ADD-100U, 1,000 units, from "
	    "2025-01-01, but its key says CONSEC-ADD-100U, 100 units, from "
	    "2025-01-01.");
	finds(*state, "total",
	    "CONSEC: 200 units by the license keys, but 1,100 by the pool.");
}

static void
a_license_whose_end_was_moved(void **state)
{
	plant(*state,
	    "UPDATE license SET end_date = '2035-12-31' WHERE serial = 'S'");
	finds(*state, "license_row",
	    "License S is stored as CONSEC-ADD-100U-1YR, 100 units, from "
	    "2025-01-01, to 2035-12-31, but its key says "
	    "CONSEC-ADD-100U-1YR, 100 units, from 2025-01-01, to "
	    "2025-12-31.");
}

static void
a_license_whose_key_was_tampered_with(void **state)
{
	plant(*state,
	    "UPDATE license SET statement = replace(statement, '.', '.A')"
	    " WHERE serial = 'P'");
	assert_false(recount_is_sound(count(*state)));
	finds(*state, "total",
	    "CONSEC: 100 units by the license keys, but 200 by the pool.");
}

static void
a_license_turned_from_permanent_to_subscription(void **state)
{
	plant(*state,
	    "UPDATE license SET is_subscription = 1 WHERE serial = 'P'");
	finds(*state, "subscription",
	    "CONSEC: 100 subscription units by the license keys, but 200 by "
	    "the pool.");
}

static void
a_license_that_counts_twice(void **state)
{
	struct estate *estate = *state;
	const char *key = estate_key(estate, estate_hardware(estate, a), "P",
	    "CONSEC-ADD-100U", "2025-01-01", NULL);

	good(statement_run(estate->appliance.store,
	    "INSERT INTO surrendered (client, issuer, serial, sku, feature,"
	    " units, statement, state, since, accepted_at, changed_at)"
	    " VALUES (?1, 'test', 'P', 'CONSEC-ADD-100U', 'CONSEC', 100, ?2,"
	    "  1, 1, 1, 1)",
	    "it", a, key));
	finds(estate, "license_twice",
	    "License P counts twice: as one of this server's own, and as one "
	    "that client a surrendered.");
}

static void
a_surrendered_license_of_another_device(void **state)
{
	struct estate *estate = *state;
	const char *key = estate_key(estate, estate_hardware(estate, b), "X",
	    "CONSEC-ADD-100U", "2025-01-01", NULL);
	struct recount *recount;

	good(statement_run(estate->appliance.store,
	    "INSERT INTO surrendered (client, issuer, serial, sku, feature,"
	    " units, statement, state, since, accepted_at, changed_at)"
	    " VALUES (?1, 'test', 'X', 'CONSEC-ADD-100U', 'CONSEC', 100, ?2,"
	    "  1, 1, 1, 1)",
	    "it", a, key));
	recount = count(estate);
	assert_false(recount_is_sound(recount));
	assert_string_equal(recount->items[0].code, "license_key");
	assert_non_null(strstr(recount->items[0].text,
	    "License X counts as 100 units of CONSEC, but its key is not "
	    "believed: "));
}

static void
a_part_that_grew(void **state)
{
	plant(*state,
	    "UPDATE lease_part SET count = count + 1"
	    " WHERE kind = 1 AND last IS NULL AND client ="
	    " (SELECT id FROM client WHERE name = 'b')");
	finds(*state, "document",
	    "Client b's newest lease document gives it 75 units of CONSEC, "
	    "but its parts come to 100.");
	finds(*state, "history",
	    "CONSEC: the pool's history ends with 115 of 200 held, but "
	    "counted are 140 of 200.");
}

static void
a_part_that_is_gone(void **state)
{
	plant(*state,
	    "DELETE FROM lease_part WHERE client ="
	    " (SELECT id FROM client WHERE name = 'b')");
	finds(*state, "document",
	    "Client b's newest lease document gives it 75 units of CONSEC, "
	    "but its parts come to 0.");
	finds(*state, "history",
	    "CONSEC: the pool's history ends with 115 of 200 held, but "
	    "counted are 40 of 200.");
}

static void
a_part_in_a_document_never_signed(void **state)
{
	struct recount *recount;

	plant(*state, "UPDATE lease_part SET first = first + 7 WHERE kind = 0");
	recount = count(*state);
	assert_false(recount_is_sound(recount));
	assert_string_equal(recount->items[0].code, "part_document");
	assert_non_null(strstr(recount->items[0].text,
	    "A part of client a's CONSEC lease stands in document "));
}

static void
a_second_reserved_part(void **state)
{
	plant(*state,
	    "INSERT INTO lease_part (client, feature, kind, size, count,"
	    " granted, expires, lapsing, first, last)"
	    " SELECT client, feature, kind, 1, count, granted, expires,"
	    "  lapsing, first, last FROM lease_part WHERE kind = 0");
	finds(*state, "part_reserved",
	    "Client a has 2 reserved parts of CONSEC at once.");
}

static void
a_part_that_draws_more_than_it_has(void **state)
{
	plant(*state, "UPDATE lease_part SET subscription = 21 WHERE kind = 0");
	finds(*state, "part_source",
	    "A part of client a's CONSEC lease draws 21 subscription units, "
	    "but has 20 in all.");
}

static void
a_document_that_was_confirmed_before_it_was_signed(void **state)
{
	struct recount *recount;

	plant(*state, "UPDATE client_contact SET confirmed = number + 1");
	recount = count(*state);
	assert_false(recount_is_sound(recount));
	assert_string_equal(recount->items[0].code, "confirmed");
}

static void
an_answer_beyond_the_newest_document(void **state)
{
	struct recount *recount;

	plant(*state, "UPDATE sync_answer SET number = number + 100");
	recount = count(*state);
	assert_false(recount_is_sound(recount));
	assert_string_equal(recount->items[0].code, "answer");
}

static void
a_history_that_says_another_thing(void **state)
{
	plant(*state, "UPDATE pool_change SET held = 1, total = 2");
	finds(*state, "history",
	    "CONSEC: the pool's history ends with 1 of 2 held, but counted "
	    "are 115 of 200.");
}

static void
a_switch_that_was_turned(void **state)
{
	plant(
	    *state, "UPDATE auto_lease SET is_on = 1, average = 9, bound = 10");
	finds(*state, "auto_lease",
	    "CONSEC is said to be auto-leased, but its average available, 9, "
	    "is not above 10.");
}

static void
a_report_of_what_had_not_come_yet(void **state)
{
	struct estate *estate = *state;

	good(statement_run(estate->appliance.store,
	    "INSERT INTO auto_lease_report (client, feature, from_at, to_at,"
	    " units, reported_at) VALUES (?1, 'CONSEC', 1, 9, 5, 8)",
	    "i", a));
	finds(estate, "auto_lease_report",
	    "Client a is said to have auto-leased CONSEC until after it said "
	    "so.");
}

static void
a_sample_that_was_changed(void **state)
{
	plant(*state, "UPDATE sample SET leased = 999 WHERE client = 0");
	finds(*state, "sample",
	    "CONSEC: the newest sample of a series is not the one it goes on "
	    "from.");
}

static void
more_than_can_be_told_is_counted(void **state)
{
	struct estate *estate = *state;
	struct recount *recount;

	good(statement_run(estate->appliance.store,
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    "  WHERE i < 150)"
	    " INSERT INTO lease_part (client, feature, kind, size, count,"
	    "  granted, expires, first, last)"
	    " SELECT ?1, 'CONSEC', 1, 1, 1, 1, 2, 5, 4 FROM n",
	    "i", a));
	recount = count(estate);
	assert_int_equal(recount->count, RECOUNT_TOLD_MAX);
	assert_int_equal(recount->found, 150);
	assert_false(recount_is_sound(recount));
}

#define RECOUNT_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(test, open_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECOUNT_TEST(what_the_ledger_wrote_adds_up),
		RECOUNT_TEST(a_long_play_adds_up_at_every_step),
		RECOUNT_TEST(over_allocation_is_said_and_is_no_mistake),
		RECOUNT_TEST(a_license_of_more_units_than_its_key),
		RECOUNT_TEST(a_license_whose_end_was_moved),
		RECOUNT_TEST(a_license_whose_key_was_tampered_with),
		RECOUNT_TEST(a_license_turned_from_permanent_to_subscription),
		RECOUNT_TEST(a_license_that_counts_twice),
		RECOUNT_TEST(a_surrendered_license_of_another_device),
		RECOUNT_TEST(a_part_that_grew),
		RECOUNT_TEST(a_part_that_is_gone),
		RECOUNT_TEST(a_part_in_a_document_never_signed),
		RECOUNT_TEST(a_second_reserved_part),
		RECOUNT_TEST(a_part_that_draws_more_than_it_has),
		RECOUNT_TEST(
		    a_document_that_was_confirmed_before_it_was_signed),
		RECOUNT_TEST(an_answer_beyond_the_newest_document),
		RECOUNT_TEST(a_history_that_says_another_thing),
		RECOUNT_TEST(a_switch_that_was_turned),
		RECOUNT_TEST(a_report_of_what_had_not_come_yet),
		RECOUNT_TEST(a_sample_that_was_changed),
		RECOUNT_TEST(more_than_can_be_told_is_counted),
	};

	return cmocka_run_group_tests_name("recount", tests, NULL, NULL);
}
