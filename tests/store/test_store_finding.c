/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_finding.c: what is not as it should be is found, with its
 * numbers and instants, and not found an instant before or after.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/store_finding.h"
#include "engine/store/store_watch.h"
#include <string.h>

static const struct allocation counts = { 50, 25, 200 };

static size_t
list(struct finding **out, struct estate *estate, int64_t now)
{
	size_t count;

	assert_int_equal(store_finding_list(out, &count, &estate->arena,
			     estate->appliance.store, &estate->appliance, now),
	    FAULT_NONE);
	return count;
}

/* The first of that kind; NULL = none. */
static const struct finding *
find(struct estate *estate, enum finding_kind kind, int64_t now)
{
	struct finding *findings;
	size_t count = list(&findings, estate, now);

	for (size_t i = 0; i < count; i++)
		if (findings[i].kind == kind)
			return &findings[i];
	return NULL;
}

static void
assert_says(const struct finding *finding, const char *words)
{
	assert_non_null(finding);
	if (!strstr(finding->text, words))
		fail_msg("\"%s\" does not say \"%s\"", finding->text, words);
}

static void
a_sound_server_has_none(void **state)
{
	struct estate *estate = *state;
	struct finding *findings;
	int64_t client;

	estate_license(estate, "CONSEC", 100, "");
	estate_license(estate, "ACCESS", 100, "2030-01-01");
	client = estate_client(estate, "gw1", "ACCESS", counts, "", START);
	estate_sync(estate, client, "ACCESS", 60, 0, START);
	assert_int_equal(list(&findings, estate, START), 0);
}

static void
over_allocation_is_named_with_its_numbers(void **state)
{
	struct estate *estate = *state;
	const struct finding *finding;
	int64_t license = estate_license(estate, "CONSEC", 10, "");

	estate_license(estate, "CONSEC", 45, "");
	assert_true(
	    estate_client(estate, "gw1", "CONSEC", counts, "", START) != 0);
	assert_null(find(estate, FINDING_OVER_ALLOCATED, START));
	estate_license_remove(estate, license);
	finding = find(estate, FINDING_OVER_ALLOCATED, START);
	assert_says(finding,
	    "over-allocated by 5: 50 units are held, but only "
	    "45 are licensed");
	assert_string_equal(finding->object, "CONSEC");
	assert_string_equal(finding->severity, "error");
}

static void
permanent_units_without_a_member_license(void **state)
{
	struct estate *estate = *state;
	const struct finding *finding;
	int64_t client;

	estate_license(estate, "CONSEC", 100, "");
	client = estate_client(estate, "gw1", "CONSEC", counts, "", START);
	estate_sync(estate, client, "CONSEC", 60, 0, START + 5);
	finding = find(estate, FINDING_SOURCE, START + 5);
	assert_says(finding, "75 CONSEC units");
	assert_int_equal(finding->client, client);
	assert_int_equal(finding->since, START + 5);
	assert_string_equal(finding->code, "out_of_compliance");
	/* Quanta end after a day, the reserved part after ten; then nothing is drawn. */
	assert_says(
	    find(estate, FINDING_SOURCE, START + 5 + DAY), "50 CONSEC units");
	assert_non_null(find(estate, FINDING_SOURCE, START + 4 + 10 * DAY));
	assert_null(find(estate, FINDING_SOURCE, START + 5 + 10 * DAY));
}

static void
an_overdue_client_is_one_after_two_renewals(void **state)
{
	struct estate *estate = *state;
	int64_t client, last = START + 2 * 4 * HOUR;

	estate_license(estate, "CONSEC", 100, "2030-01-01");
	client = estate_client(estate, "gw1", "CONSEC", counts, "", START);
	assert_null(find(estate, FINDING_OVERDUE, START + 100 * DAY));
	estate_sync(estate, client, "CONSEC", 10, 0, START);
	assert_null(find(estate, FINDING_OVERDUE, last));
	assert_says(
	    find(estate, FINDING_OVERDUE, last + 1), "more than two renewals");
}

static void
an_expired_configuration_until_its_last_document_ends(void **state)
{
	struct estate *estate = *state;
	const struct finding *finding;
	int64_t client, over = START + 2 * DAY;

	estate_license(estate, "CONSEC", 100, "2030-01-01");
	client = estate_client(estate, "gw1", "CONSEC", counts, "", START);
	estate_sync(estate, client, "CONSEC", 10, 0, START);
	assert_true(estate_change(
	    estate, client, "CONSEC", counts, "2025-03-02", START + HOUR));
	assert_null(find(estate, FINDING_EXPIRED, over - 1));
	finding = find(estate, FINDING_EXPIRED, over);
	assert_says(finding, "50 units");
	assert_int_equal(finding->since, over);
	assert_int_equal(finding->until, START + 10 * DAY);
	assert_null(find(estate, FINDING_EXPIRED, START + 10 * DAY));
}

/* Two documents may run, of which it can use one. */
static void
an_expired_configuration_tells_what_one_document_gives(void **state)
{
	struct estate *estate = *state;
	int64_t client, over = START + 2 * DAY;

	estate_license(estate, "CONSEC", 100, "2030-01-01");
	client = estate_client(estate, "gw1", "CONSEC",
	    (struct allocation){ 50, 0, 50 }, "", START);
	estate_sync(estate, client, "CONSEC", 0, 0, START);
	assert_true(estate_change(estate, client, "CONSEC",
	    (struct allocation){ 60, 0, 60 }, "", START + 1));
	estate_sync(estate, client, "CONSEC", 0, 0, START + 2);
	assert_true(estate_change(estate, client, "CONSEC",
	    (struct allocation){ 60, 0, 60 }, "2025-03-02", START + HOUR));
	assert_int_equal(estate_pool(estate, "CONSEC", over).held, 60);
	assert_says(find(estate, FINDING_EXPIRED, over), "; 60 units");
}

static void
a_denial_says_what_the_client_was_told(void **state)
{
	struct estate *estate = *state;
	int64_t client;

	estate_license(estate, "CONSEC", 60, "2030-01-01");
	client = estate_client(estate, "gw1", "CONSEC", counts, "", START);
	estate_sync(estate, client, "CONSEC", 50, 0, START);
	assert_null(find(estate, FINDING_DENIED, START));
	estate_sync(estate, client, "CONSEC", 51, INT64_MAX, START + 1);
	assert_says(find(estate, FINDING_DENIED, START + 1),
	    "only 10 of 60 units are free");
}

static void
a_license_near_its_end_and_in_grace(void **state)
{
	struct estate *estate = *state;
	/* Its end is 2025-04-02 00:00, 31 days of grace follow. */
	int64_t end = START + 32 * DAY;
	const struct finding *finding;

	estate_license(estate, "CONSEC", 60, "2025-04-01");
	assert_null(find(estate, FINDING_ENDING, end - 30 * DAY - 1));
	finding = find(estate, FINDING_ENDING, end - 30 * DAY);
	assert_says(finding, "60 CONSEC units");
	assert_int_equal(finding->until, end);
	assert_null(find(estate, FINDING_GRACE, end - 1));
	assert_null(find(estate, FINDING_ENDING, end));
	finding = find(estate, FINDING_GRACE, end);
	assert_int_equal(finding->since, end);
	assert_int_equal(finding->until, end + 31 * DAY);
	assert_null(find(estate, FINDING_GRACE, end + 31 * DAY));
}

static void
watch(struct estate *estate, enum fault fault)
{
	assert_int_equal(estate_end(estate, fault), FAULT_NONE);
}

static void
what_watches_speaks_up_worst_first(void **state)
{
	struct estate *estate = *state;
	struct store *store = estate->appliance.store;
	struct finding *findings;

	estate_begin(estate, START);
	watch(estate,
	    store_watch_penalty(
		store, START + 120 * HOUR, "gw1", "It took 5."));
	estate_begin(estate, START);
	watch(estate, store_watch_recovering(store, START));
	estate_begin(estate, START);
	watch(estate, store_watch_halted(store, START, "It is odd."));
	assert_int_equal(list(&findings, estate, START), 3);
	assert_int_equal(findings[0].kind, FINDING_HALTED);
	assert_string_equal(findings[0].text, "It is odd.");
	assert_int_equal(findings[1].kind, FINDING_RECOVERING);
	assert_int_equal(findings[1].until, START + 240 * HOUR);
	assert_int_equal(findings[2].kind, FINDING_PENALTY);
	assert_says(&findings[2], "It took 5.");
	assert_non_null(find(estate, FINDING_PENALTY, START + 120 * HOUR - 1));
	assert_null(find(estate, FINDING_PENALTY, START + 120 * HOUR));
	estate_set(estate, SETTING_SERVER_ENABLED, 0);
	assert_non_null(find(estate, FINDING_SERVER_OFF, START));
}

int
main(void)
{
#define T(name)                                                                \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_server, estate_tear_down)
	const struct CMUnitTest tests[] = {
		T(a_sound_server_has_none),
		T(over_allocation_is_named_with_its_numbers),
		T(permanent_units_without_a_member_license),
		T(an_overdue_client_is_one_after_two_renewals),
		T(an_expired_configuration_until_its_last_document_ends),
		T(an_expired_configuration_tells_what_one_document_gives),
		T(a_denial_says_what_the_client_was_told),
		T(a_license_near_its_end_and_in_grace),
		T(what_watches_speaks_up_worst_first),
	};
#undef T

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
