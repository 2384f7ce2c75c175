/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_cluster.c: who leads a cluster from which instant to which, for
 * whom it may ask, and what is told of who comes and goes.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/store_cluster.h"
#include <string.h>

#define RENEWAL INT64_C(14400)
#define TERM    (3 * RENEWAL)

static const struct allocation counts = { 50, 25, 100 };

static int64_t one, two, three;

static int
open_server(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_SERVER);
	estate_license(&estate, "CONSEC", 1000, "");
	one = estate_client(&estate, "one", "CONSEC", counts, "", START);
	two = estate_client(&estate, "two", "CONSEC", counts, "", START);
	three = estate_client(&estate, "three", "CONSEC", counts, "", START);
	*state = &estate;
	return 0;
}

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

/* What one client says about its cluster; "leader" = asked for by that one. */
struct talk {
	int64_t client;
	const char *cluster;
	bool offers;
	int64_t leader;
};

static void
send(struct sync_outcome *out, struct estate *estate, struct talk talk,
    int64_t now)
{
	const struct sync_want want = { "CONSEC", 10 };
	struct sync_request request = estate_request(
	    estate, talk.client, &want, 0, now);

	request.cluster = talk.cluster;
	request.offers_to_lead = talk.offers;
	request.relayed_by = talk.leader;
	estate_send(out, estate, &request, now);
}

/* The answer must name that leader (NULL = none) until that instant. */
static void
assert_leads(struct estate *estate, struct talk talk, int64_t now,
    const char *leader, int64_t until)
{
	struct sync_outcome outcome;
	json_t *cluster;

	send(&outcome, estate, talk, now);
	assert_int_equal(outcome.answer.status, 200);
	cluster = json_object_get(outcome.json, "cluster");
	if (!leader) {
		assert_true(json_is_null(cluster));
	} else {
		assert_string_equal(
		    json_string_value(json_object_get(cluster, "leader")),
		    leader);
		assert_int_equal(
		    json_integer_value(json_object_get(cluster, "until")),
		    until);
	}
	estate_forget(&outcome);
}

/* "" = granted, else the sentence of the refusal. */
static const char *
asked_for(struct estate *estate, struct talk talk, int64_t now)
{
	struct sync_outcome outcome;
	const char *text = "";

	send(&outcome, estate, talk, now);
	if (outcome.answer.status != 200) {
		assert_int_equal(outcome.answer.status, 403);
		assert_string_equal(outcome.answer.code, "cluster_mismatch");
		text = outcome.answer.text;
	}
	estate_forget(&outcome);
	return text;
}

static void
the_first_that_offers_leads(void **state)
{
	struct estate *estate = *state;

	assert_leads(
	    estate, (struct talk){ one, "emea", false, 0 }, START, NULL, 0);
	assert_leads(estate, (struct talk){ two, "emea", true, 0 }, START,
	    "two", START + TERM);
	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "two", START + TERM);
	/* Another cluster is another matter; case counts. */
	assert_leads(estate, (struct talk){ three, "EMEA", true, 0 }, START,
	    "three", START + TERM);
}

static void
a_leader_stays_for_as_long_as_it_asks_in_time(void **state)
{
	struct estate *estate = *state;
	const struct talk rival = { two, "emea", true, 0 };

	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	/* It need not offer again. */
	assert_leads(estate, (struct talk){ one, "emea", false, 0 },
	    START + TERM - 1, "one", START + TERM - 1 + TERM);
	assert_leads(estate, rival, START + 2 * TERM - 2, "one",
	    START + TERM - 1 + TERM);
	assert_leads(estate, (struct talk){ three, "emea", false, 0 },
	    START + 2 * TERM - 1, NULL, 0);
	assert_leads(
	    estate, rival, START + 2 * TERM - 1, "two", START + 3 * TERM - 1);
	assert_leads(estate, (struct talk){ one, "emea", true, 0 },
	    START + 2 * TERM, "two", START + 3 * TERM - 1);
}

static void
only_the_leader_asks_for_its_own_cluster(void **state)
{
	struct estate *estate = *state;
	const int64_t last = START + TERM - 1;

	assert_string_equal(
	    asked_for(estate, (struct talk){ two, "emea", false, one }, START),
	    "This client is not in the cluster of the one that asks for it.");
	assert_leads(
	    estate, (struct talk){ one, "emea", false, 0 }, START, NULL, 0);
	assert_string_equal(
	    asked_for(estate, (struct talk){ two, "emea", false, one }, START),
	    "Nobody asks for this cluster now. Offer to lead it, and ask "
	    "again for its nodes once the answer names you.");
	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	assert_string_equal(
	    asked_for(estate, (struct talk){ two, "emea", false, one }, START),
	    "");
	assert_string_equal(
	    asked_for(estate, (struct talk){ one, "emea", false, two }, START),
	    "Client one asks for this cluster now.");
	assert_string_equal(
	    asked_for(
		estate, (struct talk){ three, "apac", false, one }, START),
	    "This client is not in the cluster of the one that asks for it.");
	assert_string_equal(
	    asked_for(estate, (struct talk){ three, "", false, one }, START),
	    "This client is not in the cluster of the one that asks for it.");
	assert_string_equal(
	    asked_for(estate, (struct talk){ two, "emea", false, one }, last),
	    "");
	assert_string_equal(
	    asked_for(
		estate, (struct talk){ two, "emea", false, one }, last + 1),
	    "Nobody asks for this cluster now. Offer to lead it, and ask "
	    "again for its nodes once the answer names you.");
}

static void
being_asked_for_names_no_leader(void **state)
{
	struct estate *estate = *state;
	struct cluster_row row;

	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	/* Neither does the node lead by offering, nor does the term move. */
	assert_leads(estate, (struct talk){ two, "emea", true, one },
	    START + 100, "one", START + TERM);
	assert_int_equal(store_cluster_load(&row, &estate->arena,
			     estate->appliance.store, "emea"),
	    FAULT_NONE);
	assert_int_equal(row.leader, one);
	assert_int_equal(row.until, START + TERM);
}

static void
a_refusal_leaves_nothing_but_its_event(void **state)
{
	struct estate *estate = *state;
	struct client_row row;

	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	for (int i = 0; i < 3; i++)
		(void)asked_for(estate,
		    (struct talk){ three, "apac", true, one }, START + i);
	assert_int_equal(estate_events(estate, "LIC30693", "three"), 1);
	assert_string_equal(estate_last_event(estate, "LIC30693"),
	    "Request of one on behalf of three refused: This client is not "
	    "in the cluster of the one that asks for it.");
	assert_int_equal(store_client_load_id(&row, &estate->arena,
			     estate->appliance.store, three),
	    FAULT_NONE);
	assert_string_equal(row.cluster, "");
	assert_string_equal(row.hardware_id, "");
	assert_int_equal(row.last_contact, 0);
	assert_int_equal(estate_leased(estate, three, "CONSEC", START), 0);
	(void)asked_for(estate, (struct talk){ three, "apac", true, one },
	    START + 2 * SECONDS_PER_MINUTE);
	assert_int_equal(estate_events(estate, "LIC30693", "three"), 2);
}

static void
a_nodes_repeat_outlives_its_leader(void **state)
{
	struct estate *estate = *state;
	const struct sync_want want = { "CONSEC", 60 };
	struct sync_request request;
	struct sync_outcome first, again;

	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	request = estate_request(estate, two, &want, 0, START);
	request.cluster = "emea";
	request.relayed_by = one;
	estate_send(&first, estate, &request, START);
	assert_int_equal(first.answer.status, 200);
	estate_send(&again, estate, &request, START + TERM);
	assert_int_equal(again.answer.status, 200);
	assert_true(again.answer.is_repeat);
	assert_string_equal(again.answer.answer, first.answer.answer);
	estate_forget(&again);
	request.relayed_by = 0;
	estate_send(&again, estate, &request, START + TERM);
	assert_true(again.answer.is_repeat);
	estate_forget(&again);
	estate_forget(&first);
	assert_int_equal(estate_leased(estate, two, "CONSEC", START), 75);
}

static void
coming_and_going_is_told_once(void **state)
{
	struct estate *estate = *state;

	for (int i = 0; i < 2; i++)
		assert_leads(estate, (struct talk){ one, "emea", true, 0 },
		    START, "one", START + TERM);
	assert_int_equal(estate_events(estate, "LIC30605", "emea"), 1);
	assert_int_equal(estate_events(estate, "LIC30606", "one"), 1);
	assert_leads(estate, (struct talk){ two, "emea", false, 0 }, START,
	    "one", START + TERM);
	assert_int_equal(estate_events(estate, "LIC30605", NULL), 1);
	assert_int_equal(estate_events(estate, "LIC30606", "two"), 1);
	assert_int_equal(estate_events(estate, "LIC30602", NULL), 0);
	/* From one to another: it is not standalone in between. */
	assert_leads(
	    estate, (struct talk){ two, "apac", false, 0 }, START, NULL, 0);
	assert_int_equal(estate_events(estate, "LIC30602", "two"), 1);
	assert_int_equal(estate_events(estate, "LIC30605", "apac"), 1);
	assert_int_equal(estate_events(estate, "LIC30604", NULL), 0);
	assert_int_equal(estate_events(estate, "LIC30603", NULL), 0);
	for (int i = 0; i < 2; i++)
		assert_leads(
		    estate, (struct talk){ two, "", true, 0 }, START, NULL, 0);
	assert_int_equal(estate_events(estate, "LIC30602", "two"), 2);
	assert_int_equal(estate_events(estate, "LIC30603", "apac"), 1);
	assert_int_equal(estate_events(estate, "LIC30604", "two"), 1);
}

static void
a_leader_that_leaves_makes_way_at_once(void **state)
{
	struct estate *estate = *state;

	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	assert_leads(estate, (struct talk){ two, "emea", true, 0 }, START,
	    "one", START + TERM);
	assert_leads(
	    estate, (struct talk){ one, "apac", false, 0 }, START, NULL, 0);
	assert_leads(estate, (struct talk){ two, "emea", true, 0 }, START,
	    "two", START + TERM);
	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "two", START + TERM);
}

static void
a_deleted_client_is_in_no_cluster(void **state)
{
	struct estate *estate = *state;

	assert_leads(estate, (struct talk){ one, "emea", true, 0 }, START,
	    "one", START + TERM);
	assert_leads(estate, (struct talk){ two, "emea", false, 0 }, START,
	    "one", START + TERM);
	estate_delete(estate, one, START);
	assert_int_equal(estate_events(estate, "LIC30602", "one"), 1);
	assert_int_equal(estate_events(estate, "LIC30603", "emea"), 0);
	assert_leads(estate, (struct talk){ two, "emea", true, 0 }, START,
	    "two", START + TERM);
	assert_string_equal(
	    asked_for(estate, (struct talk){ two, "emea", false, one }, START),
	    "Client two asks for this cluster now.");
	estate_delete(estate, two, START);
	assert_int_equal(estate_events(estate, "LIC30603", "emea"), 1);
}

static void
credentials_that_do_not_fit_are_told_seldom(void **state)
{
	struct estate *estate = *state;

	for (int i = 0; i < 2; i++) {
		estate_begin(estate, START + i);
		assert_int_equal(
		    ledger_sync_cluster_refused(&estate->ledger, "one", "two"),
		    FAULT_NONE);
		assert_int_equal(
		    ledger_sync_cluster_refused(&estate->ledger, "one", NULL),
		    FAULT_NONE);
		assert_int_equal(estate_end(estate, FAULT_NONE), FAULT_NONE);
	}
	assert_int_equal(estate_events(estate, "LIC30690", "two"), 1);
	assert_string_equal(estate_last_event(estate, "LIC30690"),
	    "Request of one on behalf of two refused: wrong password.");
	assert_int_equal(estate_events(estate, "LIC30692", "one"), 1);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_that_offers_leads),
		TEST(a_leader_stays_for_as_long_as_it_asks_in_time),
		TEST(only_the_leader_asks_for_its_own_cluster),
		TEST(being_asked_for_names_no_leader),
		TEST(a_refusal_leaves_nothing_but_its_event),
		TEST(a_nodes_repeat_outlives_its_leader),
		TEST(coming_and_going_is_told_once),
		TEST(a_leader_that_leaves_makes_way_at_once),
		TEST(a_deleted_client_is_in_no_cluster),
		TEST(credentials_that_do_not_fit_are_told_seldom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
