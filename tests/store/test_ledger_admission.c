/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_admission.c: a gateway's settings, its limits, its history, and
 * when more users are here than there is capacity for.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/store_finding.h"
#include "engine/store/store_sample.h"
#include <string.h>

/* ---- settings ---- */

static const struct admission_input usual = { .wait = 5,
	.ahead = 20,
	.allowance = ADMISSION_PLATFORM,
	.default_users = 2 };

static bool
save(struct estate *estate, const struct admission_input *input)
{
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_session_settings(&estate->ledger, input)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static void
settings_are_saved_within_bounds(void **state)
{
	static const struct admission_input low = { .allowance = -1 };
	static const struct admission_input high = { .mode = 1,
		.wait = 60,
		.ahead = 100,
		.timeout = LEDGER_SESSION_TIMEOUT_MAX,
		.allowance = 1000,
		.default_users = 1000 };
	static const struct admission_input less = { .mode = -1,
		.wait = -1,
		.ahead = -1,
		.timeout = -1,
		.allowance = -2,
		.default_users = -1 };
	static const struct admission_input more = { .mode = 2,
		.wait = 61,
		.ahead = 101,
		.timeout = LEDGER_SESSION_TIMEOUT_MAX + 1,
		.allowance = 1001,
		.default_users = 1001 };
	static const char *const fields[] = { "mode", "wait", "ahead",
		"timeout", "allowance", "default_users" };
	struct estate *estate = *state;

	/* What is as it was is no event. */
	assert_true(save(estate, &usual));
	assert_int_equal(estate_events(estate, "LHD10073", NULL), 0);
	assert_true(save(estate, &high));
	assert_int_equal(estate_events(estate, "LHD10073", NULL), 6);
	assert_true(save(estate, &low));
	assert_int_equal(estate_events(estate, "LHD10073", NULL), 12);
	assert_int_equal(
	    estate_events(estate, "LHD10073", "admission-mode"), 2);
	for (int i = 0; i < 2; i++) {
		assert_false(save(estate, i ? &less : &more));
		for (size_t k = 0; k < 6; k++)
			assert_true(estate_has_mistake(
			    estate, fields[k], MISTAKE_FIELD_NUMBER));
	}
	assert_int_equal(estate_events(estate, "LHD10073", NULL), 12);
}

static void
server_admits_nobody(void **state)
{
	struct estate *estate = *state;

	assert_false(save(estate, &usual));
}

static struct admission_limits
limits(struct estate *estate)
{
	struct admission_limits out;

	assert_int_equal(
	    store_admission_limits(&out, &estate->arena,
		estate->appliance.store, &estate->appliance, START, INT64_MAX),
	    FAULT_NONE);
	return out;
}

static void
limits_follow_settings_and_licenses(void **state)
{
	struct estate *estate = *state;
	struct admission_input input = usual;

	assert_int_equal(limits(estate).users.capacity, 2);
	assert_false(limits(estate).is_monitoring);
	estate_license(estate, "CONSEC", 50, "");
	estate_license(estate, "ACCESS-RDP", 9, "");
	assert_int_equal(limits(estate).users.most, 50);
	input.allowance = 10;
	assert_true(save(estate, &input));
	assert_int_equal(limits(estate).users.capacity, 50);
	assert_int_equal(limits(estate).users.over_capacity, 5);
	assert_int_equal(limits(estate).rdp.capacity, 9);
	assert_int_equal(limits(estate).rdp.over_capacity, 0);
	input.mode = ADMISSION_MONITORING;
	assert_true(save(estate, &input));
	assert_true(limits(estate).is_monitoring);
	assert_true(limits(estate).users.most > 55);
	input.mode = ADMISSION_ENFORCING;
	input.default_users = 100;
	assert_true(save(estate, &input));
	assert_int_equal(limits(estate).users.capacity, 100);
	assert_int_equal(limits(estate).users.over_capacity, 0);
}

/* ---- beyond capacity ---- */

static void
beyond(struct estate *estate, const char *feature, int64_t since, int64_t users,
    int64_t now)
{
	const struct beyond_row row = { .feature = feature,
		.since = since,
		.users = users,
		.capacity = 50 };

	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(
		estate, ledger_session_usage_beyond(&estate->ledger, &row)),
	    FAULT_NONE);
}

static size_t
beyond_rows(struct beyond_row **rows, struct estate *estate)
{
	size_t count;

	assert_int_equal(store_admission_beyond_list(rows, &count,
			     &estate->arena, estate->appliance.store),
	    FAULT_NONE);
	return count;
}

static void
beyond_is_told_when_it_begins_and_ends(void **state)
{
	struct estate *estate = *state;
	struct beyond_row *rows, row;
	struct finding *found;
	size_t count;

	assert_int_equal(beyond_rows(&rows, estate), 0);
	beyond(estate, "", 0, 51, START);
	assert_string_equal(estate_last_event(estate, "LHD10071"),
	    "More users are signed in than there is capacity for: 51, capacity "
	    "50.");
	assert_int_equal(beyond_rows(&rows, estate), 1);
	assert_int_equal(rows[0].since, START);
	/* Even more is no event of its own. */
	beyond(estate, "", START, 1234, START + 60);
	beyond(estate, "ACCESS-RDP", 0, 60, START + 60);
	assert_int_equal(estate_events(estate, "LHD10071", NULL), 2);
	assert_int_equal(beyond_rows(&rows, estate), 2);
	row = rows[0];
	assert_int_equal(row.since, START);
	assert_int_equal(row.users, 1234);
	assert_int_equal(
	    store_finding_list(&found, &count, &estate->arena,
		estate->appliance.store, &estate->appliance, START + 60),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_int_equal(found[0].kind, FINDING_BEYOND);
	assert_int_equal(found[0].since, START);
	assert_string_equal(found[0].text,
	    "1,234 users were signed in at once, where there was capacity for "
	    "50.");
	assert_string_equal(found[1].text,
	    "60 RDP users were signed in at once, where there was capacity for "
	    "50.");
	estate_begin(estate, START + 120);
	assert_int_equal(
	    estate_end(
		estate, ledger_session_usage_within(&estate->ledger, &row)),
	    FAULT_NONE);
	assert_string_equal(estate_last_event(estate, "LHD10072"),
	    "No more users are signed in than there is capacity for; at most "
	    "there were 1,234, capacity 50.");
	assert_int_equal(beyond_rows(&rows, estate), 1);
	assert_string_equal(rows[0].feature, "ACCESS-RDP");
}

/* ---- history ---- */

static void
note(struct estate *estate, int64_t users, int64_t denials, int64_t now)
{
	const struct usage_note one = { .feature = "",
		.capacity = 50,
		.borrowed = 25,
		.users = users,
		.denials = denials };

	estate_begin(estate, now);
	assert_int_equal(
	    estate_end(estate, ledger_session_usage(&estate->ledger, &one)),
	    FAULT_NONE);
}

static struct sample *
samples(size_t *count, struct estate *estate, enum sample_span span,
    int64_t from, int64_t to)
{
	struct sample *out;

	assert_int_equal(
	    store_sample_list(&out, count, &estate->arena,
		estate->appliance.store, span, "", SAMPLE_ALL, from, to),
	    FAULT_NONE);
	return out;
}

static void
history_has_peaks_and_denials_of_each_span(void **state)
{
	struct estate *estate = *state;
	struct sample *rows;
	size_t count;

	note(estate, 10, 0, START);
	note(estate, 52, 3, START + 60);
	note(estate, 20, 1, START + 299);
	note(estate, 5, 0, START + 300);
	note(estate, 5, 0, START + 360);
	note(estate, 5, 0, START + 3600);
	rows = samples(&count, estate, SAMPLE_FIVE_MINUTES, START, START + 900);
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].users, 52);
	assert_int_equal(rows[0].denials, 4);
	assert_int_equal(rows[0].total, 50);
	assert_int_equal(rows[0].available, -2);
	assert_int_equal(rows[0].leased, 25);
	assert_int_equal(rows[1].users, 5);
	assert_int_equal(rows[1].denials, 0);
	assert_int_equal(rows[2].users, 5);
	rows = samples(&count, estate, SAMPLE_HOUR, START, START + 7200);
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].users, 52);
	assert_int_equal(rows[0].denials, 4);
	assert_int_equal(rows[1].users, 5);
}

/* Two days of five minutes, whatever goes on longer. */
static void
history_is_bounded(void **state)
{
	struct estate *estate = *state;
	struct sample *rows;
	size_t count;

	for (int64_t at = START; at < START + 4 * DAY; at += 300)
		note(estate, 1 + at % 7, 0, at);
	rows = samples(&count, estate, SAMPLE_FIVE_MINUTES, 0, START + 4 * DAY);
	assert_true(count <= 2 * DAY / 300 + 1);
	assert_true(rows[0].at >= START + 2 * DAY - 300);
	(void)samples(&count, estate, SAMPLE_HOUR, 0, START + 4 * DAY);
	assert_int_equal(count, 4 * 24);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_client, estate_tear_down)
		TEST(settings_are_saved_within_bounds),
		cmocka_unit_test_setup_teardown(server_admits_nobody,
		    estate_set_up_server, estate_tear_down),
		TEST(limits_follow_settings_and_licenses),
		TEST(beyond_is_told_when_it_begins_and_ends),
		TEST(history_has_peaks_and_denials_of_each_span),
		TEST(history_is_bounded),
#undef TEST
	};

	return cmocka_run_group_tests_name(
	    "ledger_admission", tests, NULL, NULL);
}
