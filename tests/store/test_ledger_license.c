/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_license.c: which license keys are installed, which are refused
 * and why, and when an installed license counts.
 */
#include "tests/store/fixture.h"

#include "engine/base/base64.h"
#include "engine/base/file.h"
#include "engine/store/store_license.h"
#include "engine/store/store_setting.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY   INT64_C(86400)
#define HOUR  INT64_C(3600)
#define GRACE (31 * DAY)

/* Events: a license counts no more; it counts again. */
#define DISTRUSTED "LHD10014"
#define BELIEVED   "LHD10015"
/* Midnight before 1 June, before 1 July 2026, and after 30 June 2027. */
#define JUNE      INT64_C(1780272000)
#define JULY      INT64_C(1782864000)
#define JULY_2027 INT64_C(1814400000)

static int
set_up_role(void **state, enum appliance_role role, const char *platform)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_open(fixture, role, platform);
	fixture_accept(fixture);
	*state = fixture;
	return 0;
}

static int
set_up(void **state)
{
	return set_up_role(state, ROLE_SERVER, "PSA-5000");
}

static int
set_up_virtual_client(void **state)
{
	return set_up_role(state, ROLE_CLIENT, "VA-SPE");
}

static int
set_up_virtual_server(void **state)
{
	return set_up_role(state, ROLE_VIRTUAL_SERVER, "VA-SPE");
}

static int
tear_down(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

/* The results of one paste, committed. */
static struct license_result *
add(size_t *count, struct fixture *fixture, const char *text, int64_t now)
{
	struct ledger *ledger = fixture_begin(fixture, now);
	struct license_result *results;
	enum fault fault = ledger_license_add(&results, count, ledger, text);

	assert_int_equal(fixture_end(fixture, fault), 0);
	return results;
}

static struct license_result *
add_one(struct fixture *fixture, const char *text, int64_t now)
{
	struct license_result *results;
	size_t count;

	results = add(&count, fixture, text, now);
	assert_int_equal(count, 1);
	return results;
}

/* "starts" to "ends"; either may be NULL. */
static const char *
key_of(struct fixture *fixture, const char *serial, const char *sku,
    const char *start, const char *end)
{
	const struct fixture_claims claims = {
		.jti = serial, .sku = sku, .start = start, .end = end
	};

	return fixture_key(fixture, &claims);
}

static void
install(struct fixture *fixture, const char *serial, const char *sku,
    const char *start, const char *end, int64_t now)
{
	struct license_result *result = add_one(
	    fixture, key_of(fixture, serial, sku, start, end), now);

	if (!result->is_installed)
		fail_msg("%s: %s", serial, result->text);
}

static void
assert_refused(struct fixture *fixture, const char *key, const char *text)
{
	struct license_result *result = add_one(fixture, key, FIXTURE_NOW);

	assert_false(result->is_installed);
	assert_false(result->is_duplicate);
	if (!strstr(result->text, text))
		fail_msg("%s: %s", text, result->text);
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT count(*) FROM license"), 0);
}

static struct license_row
row_of(struct fixture *fixture, const char *serial, int64_t now)
{
	struct license_row row;

	assert_int_equal(store_license_load(&row, &fixture->arena,
			     fixture->appliance.store, serial, now),
	    FAULT_NONE);
	return row;
}

static void
assert_state(struct fixture *fixture, const char *serial, int64_t now,
    enum license_state state)
{
	struct license_row row = row_of(fixture, serial, now);

	if (row.state != state)
		fail_msg("%s at %lld: %s", serial, (long long)now,
		    license_state_word(row.state));
}

static int64_t
total(struct fixture *fixture, const char *feature, int64_t at)
{
	int64_t units;

	assert_int_equal(
	    store_license_total(&units, fixture->appliance.store, feature, at),
	    FAULT_NONE);
	return units;
}

static void
sweep(struct fixture *fixture, int64_t now)
{
	struct ledger *ledger = fixture_begin(fixture, now);

	assert_int_equal(fixture_end(fixture, ledger_license_sweep(ledger)), 0);
}

static size_t
remove_license(struct fixture *fixture, const char *serial, int64_t now)
{
	struct ledger *ledger = fixture_begin(fixture, now);

	return fixture_end(fixture, ledger_license_remove(ledger, serial));
}

static int64_t
events(struct fixture *fixture, const char *code)
{
	return fixture_sql_number(fixture,
	    arena_format(&fixture->arena,
		"SELECT count(*) FROM event WHERE code = '%s'", code));
}

/* ---- what is installed ---- */

static void
a_good_key_counts_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct license_result *result = add_one(fixture,
	    key_of(fixture, "A-1", "CONSEC-ADD-1000U", "2026-06-15", NULL),
	    FIXTURE_NOW);
	struct license_row row;

	assert_true(result->is_installed);
	assert_string_equal(result->serial, "A-1");
	assert_string_equal(result->sku, "CONSEC-ADD-1000U");
	assert_string_equal(result->feature, "CONSEC");
	assert_int_equal(result->units, 1000);
	assert_string_equal(result->text, "Installed. It is active.");
	assert_int_equal(total(fixture, "CONSEC", FIXTURE_NOW), 1000);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 0);
	assert_int_equal(total(fixture, "CONSEC", INT64_MAX - 1), 1000);
	assert_int_equal(total(fixture, "CONSEC", INT64_MIN), 0);
	row = row_of(fixture, "A-1", FIXTURE_NOW);
	assert_string_equal(row.issuer, FIXTURE_ISSUER);
	assert_string_equal(row.kid, fixture->kid);
	assert_string_equal(row.added_by, "ada");
	assert_string_equal(row.start_date, "2026-06-15");
	assert_string_equal(row.end_date, "");
	assert_int_equal(row.added_at, FIXTURE_NOW);
	assert_string_equal(row.statement, result->entered);
	assert_int_equal(events(fixture, "LIC10201"), 1);
	assert_int_equal(events(fixture, "LIC10291"), 1);
}

static void
units_add_up(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "A-1", "ACCESS-100U-1YR", "2026-06-01", "2027-05-31",
	    FIXTURE_NOW);
	install(fixture, "A-2", "access-100u-1y", "2026-06-01", "2027-05-31",
	    FIXTURE_NOW);
	install(fixture, "A-3", "ACCESS-ADD-10000000U", "2026-06-01", NULL,
	    FIXTURE_NOW);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 10000200);
}

static void
a_second_copy_is_no_error_and_counts_once(void **state)
{
	struct fixture *fixture = *state;
	const char *key = key_of(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL);
	struct license_result *results;
	size_t count;

	results = add(&count, fixture,
	    arena_format(&fixture->arena, "%s\n%s", key, key), FIXTURE_NOW);
	assert_int_equal(count, 2);
	assert_true(results[0].is_installed);
	assert_true(results[1].is_duplicate && !results[1].is_installed);
	assert_string_equal(
	    results[1].text, "This license key is already installed.");
	assert_true(add_one(fixture, key, FIXTURE_NOW + DAY)->is_duplicate);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 5);
	assert_int_equal(events(fixture, "LIC10201"), 1);
	assert_int_equal(events(fixture, "LIC23599"), 0);
}

static void
of_a_mail_each_good_key_is_installed(void **state)
{
	struct fixture *fixture = *state;
	struct license_result *results;
	size_t count;

	results = add(&count, fixture,
	    arena_format(&fixture->arena,
		"Dear customer,\r\n\r\n> %s\r\n> %s\r\n> %s\r\n\r\nRegards\r\n",
		key_of(fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL),
		key_of(fixture, "A-2", "NONSENSE-5U", "2026-06-01", NULL),
		key_of(fixture, "A-3", "CONSEC-ADD-7U", "2026-06-01", NULL)),
	    FIXTURE_NOW);
	assert_int_equal(count, 3);
	assert_true(results[0].is_installed);
	assert_false(results[1].is_installed);
	assert_true(results[2].is_installed);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 5);
	assert_int_equal(total(fixture, "CONSEC", FIXTURE_NOW), 7);
	assert_int_equal(events(fixture, "LIC23599"), 1);
}

static void
no_key_and_too_many_are_mistakes(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);
	struct license_result *results;
	char *many = arena_array(&fixture->arena, 201 * 20 + 1, 1);
	size_t count, i;

	assert_int_equal(
	    fixture_end(fixture,
		ledger_license_add(&results, &count, ledger, "Good morning.")),
	    1);
	assert_int_equal(ledger->mistakes.items[0].kind, MISTAKE_KEY_NONE);
	assert_string_equal(ledger->mistakes.items[0].field, "keys");
	assert_int_equal(count, 0);
	for (i = 0; i < 201; i++)
		memcpy(many + i * 20, "eyJhbGciOiJFIn0.a.b\n", 20);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(
		fixture, ledger_license_add(&results, &count, ledger, many)),
	    1);
	assert_int_equal(ledger->mistakes.items[0].kind, MISTAKE_KEY_TOO_MANY);
	assert_string_equal(ledger->mistakes.items[0].text,
	    "Enter at most 200 license keys at once.");
	assert_int_equal(events(fixture, "LIC23599"), 0);
}

static void
no_key_is_taken_before_the_agreement(void **state)
{
	struct fixture *fixture = *state;
	struct license_result *results;
	struct ledger *ledger;
	size_t count;

	fixture_sql(fixture, "UPDATE agreement SET digest = 'of another text'");
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(fixture_end(fixture,
			     ledger_license_add(&results, &count, ledger,
				 key_of(fixture, "A-1", "ACCESS-ADD-5U",
				     "2026-06-01", NULL))),
	    1);
	assert_int_equal(
	    ledger->mistakes.items[0].kind, MISTAKE_AGREEMENT_NEEDED);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 0);
}

/* ---- what is refused ---- */

static void
a_key_for_other_hardware_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct fixture_claims claims = { .jti = "A-1",
		.sku = "ACCESS-ADD-5U",
		.start = "2026-06-01",
		.sub = "0000000000000000" };

	assert_refused(fixture, fixture_key(fixture, &claims),
	    "hardware ID 0000000000000000");
	claims.sub = "";
	assert_refused(fixture, fixture_key(fixture, &claims), "hardware ID ?");
	claims.sub = "<script>";
	assert_refused(fixture, fixture_key(fixture, &claims), "hardware ID ?");
}

static void
each_altered_byte_is_noticed(void **state)
{
	struct fixture *fixture = *state;
	const char *key = key_of(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL);
	struct license_result *results;
	size_t length = strlen(key), at, count;
	char *altered;

	for (at = 3; at < length; at += 3) {
		altered = arena_text(&fixture->arena, key);
		if (altered[at] == '.')
			continue;
		altered[at] = altered[at] == 'A' ? 'B' : 'A';
		results = add(&count, fixture, altered, FIXTURE_NOW);
		assert_int_equal(count, 1);
		assert_false(results[0].is_installed);
	}
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT count(*) FROM license"), 0);
}

static void
a_changed_claim_is_told_as_changed(void **state)
{
	struct fixture *fixture = *state;
	const char *key = key_of(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL);
	const char *more = key_of(
	    fixture, "A-1", "ACCESS-ADD-500U", "2026-06-01", NULL);

	/* Header and payload of one, signature of the other. */
	assert_refused(fixture,
	    arena_format(&fixture->arena, "%.*s%s",
		(int)(strrchr(more, '.') - more), more, strrchr(key, '.')),
	    "changed after it was issued");
}

static void
an_unknown_issuer_is_named_and_refused(void **state)
{
	struct fixture *fixture = *state;
	struct fixture_claims claims = { .iss = "Mallory",
		.jti = "A-1",
		.sku = "ACCESS-ADD-5U",
		.start = "2026-06-01",
		.sub = fixture->appliance.hardware_id };
	struct keypair *stranger;

	assert_int_equal(keypair_generate(&stranger), FAULT_NONE);
	assert_refused(fixture,
	    fixture_key_by(
		fixture, &claims, "license+jwt", "unknown-kid", stranger),
	    "does not trust (Mallory)");
	/* A known name of the key, but another key. */
	assert_refused(fixture,
	    fixture_key_by(
		fixture, &claims, "license+jwt", fixture->kid, stranger),
	    "changed after it was issued");
	/* The right key, speaking for somebody else. */
	assert_refused(fixture,
	    fixture_key_by(
		fixture, &claims, "license+jwt", fixture->kid, fixture->issuer),
	    "does not trust (Mallory)");
	/* No name of a key at all. */
	assert_refused(fixture,
	    fixture_key_by(
		fixture, &claims, "license+jwt", NULL, fixture->issuer),
	    "does not trust (Mallory)");
	keypair_free(&stranger);
}

static void
another_kind_of_statement_is_refused(void **state)
{
	struct fixture *fixture = *state;
	const struct fixture_claims claims = { .iss = FIXTURE_ISSUER,
		.jti = "A-1",
		.sku = "ACCESS-ADD-5U",
		.start = "2026-06-01",
		.sub = fixture->appliance.hardware_id };

	assert_refused(fixture,
	    fixture_key_by(
		fixture, &claims, "lease+jwt", fixture->kid, fixture->issuer),
	    "not a whole license key");
	assert_refused(fixture,
	    fixture_key_by(
		fixture, &claims, NULL, fixture->kid, fixture->issuer),
	    "not a whole license key");
}

/* The key with another header. */
static const char *
with_header(struct fixture *fixture, const char *key, const char *header)
{
	return arena_format(&fixture->arena, "%s%s",
	    base64_url_encode(&fixture->arena, header, strlen(header)),
	    strchr(key, '.'));
}

static void
other_algorithms_are_refused(void **state)
{
	static const char *const headers[] = {
		"{\"alg\":\"none\",\"typ\":\"license+jwt\"}",
		"{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"license+jwt\"}",
		"{\"alg\":\"ES256\",\"kid\":\"x\",\"typ\":\"license+jwt\"}",
		"{\"alg\":\"EdDSA\",\"jwk\":{},\"typ\":\"license+jwt\"}",
		"{\"alg\":\"EdDSA\",\"crit\":[\"x\"],\"typ\":\"license+jwt\"}",
	};
	struct fixture *fixture = *state;
	const char *key = key_of(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL);
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		assert_refused(fixture, with_header(fixture, key, headers[i]),
		    "signed in a way that is not accepted");
}

static void
a_key_cut_short_is_told_as_such(void **state)
{
	struct fixture *fixture = *state;
	const char *key = key_of(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL);

	assert_refused(fixture,
	    arena_text_n(&fixture->arena, key, strlen(key) - 1),
	    "not a whole license key");
	assert_refused(fixture, arena_format(&fixture->arena, "%sA", key),
	    "not a whole license key");
}

static void
unknown_skus_are_refused_with_their_name(void **state)
{
	static const char *const skus[] = { "NEWTHING-5U", "ACCESS-0U",
		"ACCESS", "ACCESS-10000001U", "ACCESS-5U-0YR", "ACCESS-5U-IYR",
		"ACCESS-5U-1YR-X" };
	struct fixture *fixture = *state;
	size_t i;

	for (i = 0; i < sizeof(skus) / sizeof(skus[0]); i++)
		assert_refused(fixture,
		    key_of(fixture, "A-1", skus[i], "2026-06-01", NULL),
		    arena_format(&fixture->arena,
			"names %s, which this version does not know", skus[i]));
}

static void
dates_that_do_not_fit_the_sku_are_refused(void **state)
{
	static const struct {
		const char *sku, *start, *end;
	} rows[] = {
		{ "ACCESS-5U-1YR", NULL, NULL },
		{ "ACCESS-5U-1YR", "2026-06-01", NULL },
		{ "ACCESS-5U-1YR", NULL, "2027-05-31" },
		{ "ACCESS-5U-1YR", "2026-06-02", "2026-06-01" },
		{ "ACCESS-5U-1YR", "2026-02-30", "2027-05-31" },
		{ "ACCESS-5U-1YR", "2026-06-01", "2027-02-29" },
		{ "ACCESS-5U-1YR", "2026-6-1", "2027-05-31" },
		{ "ACCESS-5U-1YR-R", "2026-06-01", NULL },
		{ "ACCESS-5U-R", "2026-06-01", NULL },
		{ "ACCESS-ADD-5U", "2026-06-01", "2027-05-31" },
		{ "ACCESS-ADD-5U", NULL, "2027-05-31" },
		{ "ACCESS-ADD-5U", NULL, NULL },
		{ "PSA-LICENSE-MBR", "2026-06-01", "2027-05-31" },
	};
	struct fixture *fixture = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refused(fixture,
		    key_of(fixture, "A-1", rows[i].sku, rows[i].start,
			rows[i].end),
		    "do not fit its SKU");
}

static void
missing_or_hostile_texts_are_refused(void **state)
{
	struct fixture *fixture = *state;
	const char *longest = arena_format(&fixture->arena, "%0129d", 0);

	assert_refused(fixture,
	    key_of(fixture, NULL, "ACCESS-ADD-5U", "2026-06-01", NULL),
	    "not a whole license key");
	assert_refused(fixture,
	    key_of(fixture, "A 1", "ACCESS-ADD-5U", "2026-06-01", NULL),
	    "not a whole license key");
	assert_refused(fixture,
	    key_of(fixture, "A\n1", "ACCESS-ADD-5U", "2026-06-01", NULL),
	    "not a whole license key");
	assert_refused(fixture,
	    key_of(fixture, longest, "ACCESS-ADD-5U", "2026-06-01", NULL),
	    "not a whole license key");
	assert_refused(fixture,
	    key_of(fixture, "A-1", NULL, "2026-06-01", NULL),
	    "not a whole license key");
}

static void
a_virtual_appliance_takes_no_permanent_access(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture,
	    key_of(fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL),
	    "ACCESS-ADD-5U cannot be used on this platform (VA-SPE): a "
	    "permanent license for all roles");
	install(fixture, "A-2", "ACCESS-5U-1YR", "2026-06-01", "2027-05-31",
	    FIXTURE_NOW);
	install(
	    fixture, "A-3", "CONSEC-ADD-5U", "2026-06-01", NULL, FIXTURE_NOW);
	install(
	    fixture, "A-4", "POLSEC-ADD-5U", "2026-06-01", NULL, FIXTURE_NOW);
}

static void
a_member_license_is_for_its_family(void **state)
{
	struct fixture *fixture = *state;
	bool is_on;

	assert_refused(fixture,
	    key_of(fixture, "A-1", "MAG2600-LICENSE-MBR", "2026-06-01", NULL),
	    "cannot be used on this platform");
	assert_refused(fixture,
	    key_of(fixture, "A-1", "VLS-LICENSE-SERVER", "2026-06-01", NULL),
	    "cannot be used on this platform");
	install(
	    fixture, "A-2", "PSA-LICENSE-MBR", "2026-07-01", NULL, FIXTURE_NOW);
	assert_int_equal(store_license_switch(&is_on, fixture->appliance.store,
			     "member", JULY - 1),
	    FAULT_NONE);
	assert_false(is_on);
	assert_int_equal(store_license_switch(
			     &is_on, fixture->appliance.store, "member", JULY),
	    FAULT_NONE);
	assert_true(is_on);
	assert_int_equal(store_license_switch(&is_on, fixture->appliance.store,
			     "license-server", JULY),
	    FAULT_NONE);
	assert_false(is_on);
}

static void
a_virtual_server_takes_its_own_license_and_no_mag_units(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture,
	    key_of(fixture, "A-1", "ACCESSX600-ADD-5U", "2026-06-01", NULL),
	    "cannot be used on this platform");
	assert_refused(fixture,
	    key_of(fixture, "A-6", "ACCESSX600-5U-1YR", "2026-06-01",
		"2027-05-31"),
	    "ACCESSX600-5U-1YR cannot be used on this platform: a virtual "
	    "license server leases to PSA-300, PSA-3000, PSA-5000, PSA-7000f, "
	    "PSA-7000c, VA-SPE only. Install it on a license server on "
	    "hardware.");
	install(fixture, "A-2", "VLS-LICENSE-SERVER", "2026-06-01", NULL,
	    FIXTURE_NOW);
	install(fixture, "A-3", "CONSEC-ADD-1000U", "2026-06-01", NULL,
	    FIXTURE_NOW);
	/* For the hardware that it leases to. */
	install(fixture, "A-4", "ACCESS-ADD-1000U", "2026-06-01", NULL,
	    FIXTURE_NOW);
	/* For virtual appliances. */
	install(
	    fixture, "A-5", "VCPU-ADD-8U", "2026-06-01", NULL, FIXTURE_NOW);
}

/* ---- time ---- */

static void
a_subscription_passes_through_its_states(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "A-1", "ACCESS-5U-1YR", "2026-07-01", "2027-06-30",
	    FIXTURE_NOW);
	assert_state(fixture, "A-1", INT64_MIN, LICENSE_FUTURE);
	assert_state(fixture, "A-1", JULY - 1, LICENSE_FUTURE);
	assert_state(fixture, "A-1", JULY, LICENSE_ACTIVE);
	assert_state(fixture, "A-1", JULY_2027 - 1, LICENSE_ACTIVE);
	assert_state(fixture, "A-1", JULY_2027, LICENSE_GRACE);
	assert_state(fixture, "A-1", JULY_2027 + GRACE - 1, LICENSE_GRACE);
	assert_state(fixture, "A-1", JULY_2027 + GRACE, LICENSE_EXPIRED);
	assert_state(fixture, "A-1", INT64_MAX - 1, LICENSE_EXPIRED);
	assert_int_equal(total(fixture, "ACCESS", JULY - 1), 0);
	assert_int_equal(total(fixture, "ACCESS", JULY), 5);
	assert_int_equal(total(fixture, "ACCESS", JULY_2027 + GRACE - 1), 5);
	assert_int_equal(total(fixture, "ACCESS", JULY_2027 + GRACE), 0);
}

static void
begin_and_end_are_announced_once_each(void **state)
{
	struct fixture *fixture = *state;
	int i;

	install(fixture, "A-1", "ACCESS-5U-1YR", "2026-07-01", "2027-06-30",
	    FIXTURE_NOW);
	sweep(fixture, JULY - 1);
	assert_int_equal(events(fixture, "LIC10291"), 0);
	for (i = 0; i < 3; i++)
		sweep(fixture, JULY + i);
	assert_int_equal(events(fixture, "LIC10291"), 1);
	sweep(fixture, JULY_2027 - 1);
	assert_int_equal(events(fixture, "LIC10200"), 0);
	for (i = 0; i < 3; i++)
		sweep(fixture, JULY_2027 + i);
	sweep(fixture, JULY_2027 + GRACE);
	assert_int_equal(events(fixture, "LIC10291"), 1);
	assert_int_equal(events(fixture, "LIC10200"), 1);
}

static void
what_was_missed_while_off_is_announced_once(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "A-1", "ACCESS-5U-1YR", "2026-07-01", "2027-06-30",
	    FIXTURE_NOW);
	sweep(fixture, JULY_2027 + 100 * DAY);
	sweep(fixture, JULY_2027 + 101 * DAY);
	assert_int_equal(events(fixture, "LIC10291"), 1);
	assert_int_equal(events(fixture, "LIC10200"), 1);
}

static void
a_sweep_rolled_back_announces_later(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;

	install(fixture, "A-1", "ACCESS-5U-1YR", "2026-07-01", "2027-06-30",
	    FIXTURE_NOW);
	ledger = fixture_begin(fixture, JULY);
	assert_int_equal(ledger_license_sweep(ledger), FAULT_NONE);
	store_rollback(fixture->appliance.store);
	assert_int_equal(events(fixture, "LIC10291"), 0);
	sweep(fixture, JULY);
	assert_int_equal(events(fixture, "LIC10291"), 1);
}

/* What the administrator of the machine does to trusted.jwks. */
static void
trust_only(struct fixture *fixture, const char *text)
{
	assert_int_equal(file_replace(fixture_path(fixture, "trusted.jwks"),
			     text, strlen(text), 0644),
	    FAULT_NONE);
	assert_int_equal(
	    appliance_refresh_trust(&fixture->appliance, FIXTURE_NOW),
	    FAULT_NONE);
}

static void
issuer_no_longer_trusted_counts_no_more(void **state)
{
	struct fixture *fixture = *state;
	char trusted[4096] = "";
	FILE *file = fopen(fixture_path(fixture, "trusted.jwks"), "r");

	assert_non_null(file);
	assert_true(fread(trusted, 1, sizeof(trusted) - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	install(fixture, "A-1", "ACCESS-5U", "2026-06-01", NULL, FIXTURE_NOW);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 5);
	trust_only(fixture, "{\"keys\":[]}");
	for (int i = 0; i < 3; i++)
		sweep(fixture, FIXTURE_NOW + 60 * i);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 0);
	assert_state(fixture, "A-1", FIXTURE_NOW, LICENSE_REVOKED);
	assert_int_equal(events(fixture, DISTRUSTED), 1);
	trust_only(fixture, trusted);
	for (int i = 0; i < 3; i++)
		sweep(fixture, FIXTURE_NOW + 240 + 60 * i);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 5);
	assert_int_equal(events(fixture, DISTRUSTED), 1);
	assert_int_equal(events(fixture, BELIEVED), 1);
}

static void
row_altered_by_hand_counts_no_more(void **state)
{
	static const char *const alterations[] = { "units = units * 2",
		"start_date = '2020-01-01'", "sku = 'ACCESS-10U'",
		"serial = 'A-2'", "feature = 'CONSEC'", "is_subscription = 1",
		"statement = 'none'" };
	struct fixture *fixture = *state;
	const size_t count = sizeof(alterations) / sizeof(*alterations);

	install(fixture, "A-1", "ACCESS-5U", "2026-06-01", NULL, FIXTURE_NOW);
	fixture_sql(fixture, "CREATE TABLE kept AS SELECT * FROM license");
	for (size_t i = 0; i < count; i++) {
		int64_t now = FIXTURE_NOW + 2 * HOUR * (int64_t)(i + 1);

		fixture_sql(fixture,
		    arena_format(&fixture->arena, "UPDATE license SET %s",
			alterations[i]));
		sweep(fixture, now);
		assert_int_equal(total(fixture, "ACCESS", now), 0);
		assert_int_equal(total(fixture, "CONSEC", now), 0);
		assert_int_equal(events(fixture, DISTRUSTED), i + 1);
		fixture_sql(fixture,
		    "DELETE FROM license; INSERT INTO license"
		    " SELECT * FROM kept");
		sweep(fixture, now + HOUR);
		assert_int_equal(total(fixture, "ACCESS", now), 5);
	}
}

static void
what_has_ended_stays_ended(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "A-1", "ACCESS-5U-1YR", "2026-07-01", "2027-06-30",
	    FIXTURE_NOW);
	sweep(fixture, JULY_2027);
	/* Neither a clock set back … */
	assert_state(fixture, "A-1", JULY + 1, LICENSE_GRACE);
	sweep(fixture, JULY_2027 + GRACE);
	assert_state(fixture, "A-1", JULY + 1, LICENSE_EXPIRED);
	/* … nor a longer grace brings it back. */
	assert_int_equal(store_setting_save(fixture->appliance.store,
			     SETTING_GRACE, setting_rows[SETTING_GRACE].high),
	    FAULT_NONE);
	assert_state(fixture, "A-1", JULY_2027 + GRACE, LICENSE_EXPIRED);
	assert_int_equal(total(fixture, "ACCESS", JULY + 1), 0);
}

static void
an_ended_key_is_installed_and_does_not_count(void **state)
{
	struct fixture *fixture = *state;
	struct license_result *result = add_one(fixture,
	    key_of(fixture, "A-1", "ACCESS-5U-1YR", "2025-01-01", "2025-12-31"),
	    FIXTURE_NOW);

	assert_true(result->is_installed);
	assert_string_equal(result->text,
	    "Installed, but it ended on 2025-12-31 and does not count.");
	assert_int_equal(events(fixture, "LIC10291"), 0);
	assert_int_equal(events(fixture, "LIC10200"), 1);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 0);
}

static void
results_say_what_becomes_of_a_key(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(add_one(fixture,
				key_of(fixture, "A-1", "ACCESS-5U-1YR",
				    "2026-07-01", "2027-06-30"),
				FIXTURE_NOW)
				->text,
	    "Installed. It becomes active on 2026-07-01.");
	assert_string_equal(add_one(fixture,
				key_of(fixture, "A-2", "ACCESS-5U-1YR",
				    "2025-06-01", "2026-05-31"),
				FIXTURE_NOW)
				->text,
	    "Installed. It ended on 2026-05-31 and counts until its grace "
	    "period is over.");
	assert_string_equal(add_one(fixture,
				key_of(fixture, "A-3", "CONSEC-5U-1YR-R",
				    "2026-06-01", "2027-05-31"),
				FIXTURE_NOW)
				->text,
	    "Installed. It becomes active when the license that it renews "
	    "ends.");
}

static void
a_renewal_takes_over_at_the_end_of_its_parent(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "P", "ACCESS-5U-1YR", "2025-07-01", "2026-06-30",
	    FIXTURE_NOW);
	install(fixture, "R", "ACCESS-5U-1YR-R", "2026-06-01", "2027-06-30",
	    FIXTURE_NOW);
	assert_state(fixture, "R", JULY - 1, LICENSE_PENDING_RENEWAL);
	assert_int_equal(total(fixture, "ACCESS", JULY - 1), 5);
	assert_state(fixture, "R", JULY, LICENSE_ACTIVE);
	assert_state(fixture, "P", JULY, LICENSE_RENEWED);
	assert_int_equal(total(fixture, "ACCESS", JULY), 5);
	sweep(fixture, JULY);
	/* From then on it needs its parent no more. */
	assert_int_equal(remove_license(fixture, "P", JULY), 0);
	assert_state(fixture, "R", JULY, LICENSE_ACTIVE);
	assert_int_equal(total(fixture, "ACCESS", JULY), 5);
}

static void
a_license_that_a_renewal_waits_for_stays(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "P", "ACCESS-5U-1YR", "2025-07-01", "2026-06-30",
	    FIXTURE_NOW);
	install(fixture, "R", "ACCESS-5U-1YR-R", "2026-06-01", "2027-06-30",
	    FIXTURE_NOW);
	assert_int_equal(remove_license(fixture, "P", JULY - 1), 1);
	assert_int_equal(
	    fixture->ledger.mistakes.items[0].kind, MISTAKE_KEY_RENEWAL_WAITS);
	assert_non_null(
	    strstr(fixture->ledger.mistakes.items[0].text, "R waits"));
	/* The renewal itself may go, and then its parent. */
	assert_int_equal(remove_license(fixture, "R", JULY - 1), 0);
	assert_int_equal(remove_license(fixture, "P", JULY - 1), 0);
}

static void
removing_without_a_sweep_before_keeps_a_take_over(void **state)
{
	struct fixture *fixture = *state;

	install(fixture, "P", "ACCESS-5U-1YR", "2025-07-01", "2026-06-30",
	    FIXTURE_NOW);
	install(fixture, "R", "ACCESS-5U-1YR-R", "2026-06-01", "2027-06-30",
	    FIXTURE_NOW);
	assert_int_equal(remove_license(fixture, "P", JULY + 5), 0);
	assert_state(fixture, "R", JULY + 5, LICENSE_ACTIVE);
}

static void
removing_takes_the_units_away(void **state)
{
	struct fixture *fixture = *state;

	install(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL, FIXTURE_NOW);
	assert_int_equal(remove_license(fixture, "none", FIXTURE_NOW), 1);
	assert_int_equal(
	    fixture->ledger.mistakes.items[0].kind, MISTAKE_KEY_UNKNOWN);
	assert_int_equal(remove_license(fixture, "A-1", FIXTURE_NOW), 0);
	assert_int_equal(total(fixture, "ACCESS", FIXTURE_NOW), 0);
	assert_int_equal(events(fixture, "LIC10202"), 1);
}

static void
lists_are_by_feature_and_end(void **state)
{
	struct fixture *fixture = *state;
	struct license_row *rows;
	size_t count;

	install(fixture, "C", "CONSEC-ADD-5U", "2026-06-01", NULL, FIXTURE_NOW);
	install(
	    fixture, "A3", "ACCESS-ADD-5U", "2026-06-01", NULL, FIXTURE_NOW);
	install(fixture, "A2", "ACCESS-5U-2YR", "2026-06-01", "2028-05-31",
	    FIXTURE_NOW);
	install(fixture, "A1", "ACCESS-5U-1YR", "2026-06-01", "2027-05-31",
	    FIXTURE_NOW);
	assert_int_equal(store_license_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, FIXTURE_NOW),
	    FAULT_NONE);
	assert_int_equal(count, 4);
	assert_string_equal(rows[0].serial, "A1");
	assert_string_equal(rows[1].serial, "A2");
	assert_string_equal(rows[2].serial, "A3");
	assert_string_equal(rows[3].serial, "C");
	assert_int_equal(rows[0].license.start, JUNE);
	assert_true(rows[2].license.end == INSTANT_NEVER);
}

static void
a_damaged_date_is_a_fault_not_a_guess(void **state)
{
	struct fixture *fixture = *state;
	struct license_row *rows;
	size_t count;

	install(
	    fixture, "A-1", "ACCESS-ADD-5U", "2026-06-01", NULL, FIXTURE_NOW);
	fixture_sql(fixture, "UPDATE license SET end_date = 'never'");
	assert_int_equal(store_license_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store, FIXTURE_NOW),
	    FAULT_DAMAGED);
	assert_int_equal(count, 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_good_key_counts_at_once),
		T(units_add_up),
		T(a_second_copy_is_no_error_and_counts_once),
		T(of_a_mail_each_good_key_is_installed),
		T(no_key_and_too_many_are_mistakes),
		T(no_key_is_taken_before_the_agreement),
		T(a_key_for_other_hardware_is_refused),
		T(each_altered_byte_is_noticed),
		T(a_changed_claim_is_told_as_changed),
		T(an_unknown_issuer_is_named_and_refused),
		T(another_kind_of_statement_is_refused),
		T(other_algorithms_are_refused),
		T(a_key_cut_short_is_told_as_such),
		T(unknown_skus_are_refused_with_their_name),
		T(dates_that_do_not_fit_the_sku_are_refused),
		T(missing_or_hostile_texts_are_refused),
		cmocka_unit_test_setup_teardown(
		    a_virtual_appliance_takes_no_permanent_access,
		    set_up_virtual_client, tear_down),
		T(a_member_license_is_for_its_family),
		cmocka_unit_test_setup_teardown(
		    a_virtual_server_takes_its_own_license_and_no_mag_units,
		    set_up_virtual_server, tear_down),
		T(a_subscription_passes_through_its_states),
		T(begin_and_end_are_announced_once_each),
		T(what_was_missed_while_off_is_announced_once),
		T(a_sweep_rolled_back_announces_later),
		T(issuer_no_longer_trusted_counts_no_more),
		T(row_altered_by_hand_counts_no_more),
		T(what_has_ended_stays_ended),
		T(an_ended_key_is_installed_and_does_not_count),
		T(results_say_what_becomes_of_a_key),
		T(a_renewal_takes_over_at_the_end_of_its_parent),
		T(a_license_that_a_renewal_waits_for_stays),
		T(removing_without_a_sweep_before_keeps_a_take_over),
		T(removing_takes_the_units_away),
		T(lists_are_by_feature_and_end),
		T(a_damaged_date_is_a_fault_not_a_guess),
	};
#undef T

	return cmocka_run_group_tests_name(
	    "ledger licenses", tests, NULL, NULL);
}
