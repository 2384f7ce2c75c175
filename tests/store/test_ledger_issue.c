/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_issue.c: the keys a center makes are the keys an appliance
 * takes, and a wrong wish is answered field by field.
 */
#include "tests/store/fixture.h"

#include "engine/base/jws.h"
#include "engine/base/json.h"
#include "engine/store/license_claim.h"
#include "engine/store/store_issued.h"
#include <stdlib.h>
#include <string.h>

static const struct issue_input blank = { "", "", "", "", "", 0 };

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_open(fixture, ROLE_CENTER, "PSA-5000");
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static const char *
issue_at(struct fixture *fixture, const char *sku, const char *start,
    const char *end, int64_t now)
{
	struct issue_input input = blank;
	struct ledger *ledger = fixture_begin(fixture, now);
	const char *key;

	input.hardware_id = fixture->appliance.hardware_id;
	input.sku = sku;
	input.start_date = start;
	input.end_date = end;
	input.org = "Example & Söhne";
	assert_int_equal(
	    fixture_end(
		fixture, ledger_issue(&key, ledger, fixture->issuer, &input)),
	    0);
	assert_non_null(key);
	return key;
}

static struct license_claim
read_key(struct fixture *fixture, const char *key)
{
	struct license_claim claim;

	assert_int_equal(license_claim_read(
			     &claim, &fixture->arena, &fixture->appliance, key),
	    FAULT_NONE);
	assert_int_equal(claim.refusal, MISTAKE__COUNT);
	return claim;
}

static void
assert_mistake(struct fixture *fixture, const struct issue_input *input,
    const char *field, enum mistake_kind kind)
{
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);
	struct issue_input whole = *input;
	const char *key;

	if (!*whole.hardware_id)
		whole.hardware_id = fixture->appliance.hardware_id;
	if (!*whole.sku)
		whole.sku = "ACCESS-ADD-5U";
	assert_int_equal(
	    fixture_end(
		fixture, ledger_issue(&key, ledger, fixture->issuer, &whole)),
	    1);
	assert_null(key);
	assert_string_equal(ledger->mistakes.items[0].field, field);
	assert_int_equal(ledger->mistakes.items[0].kind, kind);
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT count(*) FROM issued"), 0);
}

static void
a_permanent_key_starts_today_and_never_ends(void **state)
{
	struct fixture *fixture = *state;
	struct license_claim claim;

	claim = read_key(fixture,
	    issue_at(fixture, "consec-add-1000u", "", "", FIXTURE_NOW));
	assert_string_equal(claim.sku_text, "CONSEC-ADD-1000U");
	assert_string_equal(claim.start_date, "2026-06-15");
	assert_string_equal(claim.end_date, "");
	assert_string_equal(claim.issuer, FIXTURE_ISSUER);
	assert_string_equal(claim.kid, fixture->kid);
	assert_string_equal(claim.org, "Example & Söhne");
	assert_int_equal(strncmp(claim.serial, "LH-", 3), 0);
	assert_int_equal(claim.sku.units, 1000);
}

static void
a_subscription_ends_the_day_before_its_years_are_over(void **state)
{
	static const struct {
		const char *sku, *start, *end;
	} rows[] = {
		{ "ACCESS-5U-1YR", "2026-01-01", "2026-12-31" },
		{ "ACCESS-5U-1YR", "2026-06-15", "2027-06-14" },
		{ "ACCESS-5U-1YR", "2026-03-01", "2027-02-28" },
		{ "ACCESS-5U-2Y", "2026-03-01", "2028-02-29" },
		{ "ACCESS-5U-1YR", "2028-02-29", "2029-02-28" },
		{ "ACCESS-5U-4YR", "2028-02-29", "2032-02-28" },
		{ "ACCESS-5U-99YR", "2026-01-01", "2124-12-31" },
		{ "ACCESS-5U-3YR-R", "2026-01-01", "2028-12-31" },
	};
	struct fixture *fixture = *state;
	struct license_claim claim;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		claim = read_key(fixture,
		    issue_at(
			fixture, rows[i].sku, rows[i].start, "", FIXTURE_NOW));
		assert_string_equal(claim.start_date, rows[i].start);
		assert_string_equal(claim.end_date, rows[i].end);
	}
	claim = read_key(
	    fixture, issue_at(fixture, "ACCESS-5U-1YR", "", "", FIXTURE_NOW));
	assert_string_equal(claim.start_date, "2026-06-15");
	assert_string_equal(claim.end_date, "2027-06-14");
}

static void
given_dates_are_taken(void **state)
{
	struct fixture *fixture = *state;
	struct license_claim claim;

	claim = read_key(fixture,
	    issue_at(fixture, "ACCESS-5U-1YR", "2026-07-01", "2026-07-01",
		FIXTURE_NOW));
	assert_string_equal(claim.start_date, "2026-07-01");
	assert_string_equal(claim.end_date, "2026-07-01");
}

static void
switches_are_issued_too(void **state)
{
	struct fixture *fixture = *state;
	struct license_claim claim;

	claim = read_key(
	    fixture, issue_at(fixture, "PSA-LICENSE-MBR", "", "", FIXTURE_NOW));
	assert_null(claim.sku.feature);
	assert_string_equal(claim.sku.prefix->feature, "member");
}

static void
each_key_has_a_serial_and_a_record(void **state)
{
	struct fixture *fixture = *state;
	const char *one = issue_at(
	    fixture, "ACCESS-ADD-5U", "", "", FIXTURE_NOW);
	const char *two = issue_at(
	    fixture, "ACCESS-ADD-5U", "", "", FIXTURE_NOW + 1);
	struct issued_row *rows;
	size_t count;

	assert_string_not_equal(
	    read_key(fixture, one).serial, read_key(fixture, two).serial);
	assert_int_equal(store_issued_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, NULL, 10),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].statement, two);
	assert_string_equal(rows[1].statement, one);
	assert_string_equal(rows[1].serial, read_key(fixture, one).serial);
	assert_string_equal(
	    rows[1].hardware_id, fixture->appliance.hardware_id);
	assert_string_equal(rows[1].actor, "ada");
	assert_int_equal(rows[1].at, FIXTURE_NOW);
	assert_int_equal(store_issued_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, "0000000000000000", 10),
	    FAULT_NONE);
	assert_int_equal(count, 0);
	assert_int_equal(
	    fixture_sql_number(
		fixture, "SELECT count(*) FROM event WHERE code = 'LHD10011'"),
	    2);
}

static void
the_statement_follows_the_protocol(void **state)
{
	struct fixture *fixture = *state;
	const char *key = issue_at(
	    fixture, "ACCESS-5U-1YR", "", "", FIXTURE_NOW);
	int64_t issued_at;
	struct jws jws;

	assert_int_equal(
	    jws_parse(&jws, &fixture->arena, key, strlen(key), "license+jwt"),
	    JWS_OK);
	assert_string_equal(jws.alg, "EdDSA");
	assert_string_equal(jws.kid, fixture->kid);
	assert_true(json_int64(&issued_at, jws.payload, "iat", 0, INT64_MAX));
	assert_int_equal(issued_at, FIXTURE_NOW);
	assert_string_equal(
	    json_text(jws.payload, "sub"), fixture->appliance.hardware_id);
	assert_null(json_object_get(jws.payload, "renews"));
	jws_clear(&jws);
}

static void
a_center_without_a_list_goes_by_its_host_name(void **state)
{
	struct fixture *fixture = *state;
	struct jwks kept = fixture->appliance.trust;
	struct license_claim claim;
	const char *key;

	fixture->appliance.trust.count = 0;
	key = issue_at(fixture, "ACCESS-ADD-5U", "", "", FIXTURE_NOW);
	assert_int_equal(license_claim_read(
			     &claim, &fixture->arena, &fixture->appliance, key),
	    FAULT_NONE);
	assert_string_equal(claim.issuer, "box.test");
	assert_string_equal(claim.kid, fixture->kid);
	fixture->appliance.trust = kept;
}

static void
wrong_wishes_are_named(void **state)
{
	static const struct {
		struct issue_input input;
		const char *field;
		enum mistake_kind kind;
	} rows[] = {
		{ { "123", "", "", "", "", 0 }, "hwid", MISTAKE_ISSUE_HARDWARE },
		{ { "0000000000000001", "", "", "", "", 0 }, "hwid",
		    MISTAKE_ISSUE_HARDWARE },
		{ { "", "NEWTHING-5U", "", "", "", 0 }, "sku", MISTAKE_ISSUE_SKU },
		{ { "", "ACCESS-5U-1YR-X", "", "", "", 0 }, "sku",
		    MISTAKE_ISSUE_SKU },
		{ { "", "ACCESS-ADD", "", "", "", 0 }, "sku",
		    MISTAKE_ISSUE_UNITS },
		{ { "", "ACCESS-0U", "", "", "", 0 }, "sku", MISTAKE_ISSUE_UNITS },
		{ { "", "ACCESS-5U-0YR", "", "", "", 0 }, "sku",
		    MISTAKE_ISSUE_TERM },
		{ { "", "", "2026-02-30", "", "", 0 }, "start",
		    MISTAKE_ISSUE_DATE },
		{ { "", "ACCESS-5U-1YR", "", "soon", "", 0 }, "end",
		    MISTAKE_ISSUE_DATE },
		{ { "", "", "", "2027-01-01", "", 0 }, "end",
		    MISTAKE_ISSUE_END_PERMANENT },
		{ { "", "ACCESS-5U-R", "", "", "", 0 }, "end",
		    MISTAKE_ISSUE_END_MISSING },
		{ { "", "ACCESS-5U-1YR", "2026-07-02", "2026-07-01", "", 0 },
		    "end", MISTAKE_ISSUE_END_EARLY },
		{ { "", "ACCESS-5U-1YR", "9999-06-01", "", "", 0 }, "start",
		    MISTAKE_ISSUE_DATE },
		{ { "", "", "", "", "a\nb", 0 }, "org", MISTAKE_ISSUE_ORG },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_mistake(
		    *state, &rows[i].input, rows[i].field, rows[i].kind);
}

static void
all_mistakes_are_told_at_once(void **state)
{
	struct fixture *fixture = *state;
	const struct issue_input input = { "x", "y", "z", "q", "", 0 };
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);
	const char *key;

	assert_int_equal(
	    fixture_end(
		fixture, ledger_issue(&key, ledger, fixture->issuer, &input)),
	    4);
}

static void
only_a_center_issues(void **state)
{
	struct fixture *fixture = *state;

	fixture->appliance.role = ROLE_SERVER;
	assert_mistake(fixture, &blank, "", MISTAKE_WRONG_ROLE);
	assert_string_equal(fixture->ledger.mistakes.items[0].text,
	    "This appliance is a server; that can be done on a center only.");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_permanent_key_starts_today_and_never_ends),
		T(a_subscription_ends_the_day_before_its_years_are_over),
		T(given_dates_are_taken),
		T(switches_are_issued_too),
		T(each_key_has_a_serial_and_a_record),
		T(the_statement_follows_the_protocol),
		T(a_center_without_a_list_goes_by_its_host_name),
		T(wrong_wishes_are_named),
		T(all_mistakes_are_told_at_once),
		T(only_a_center_issues),
	};
#undef T

	return cmocka_run_group_tests_name("ledger issue", tests, NULL, NULL);
}
