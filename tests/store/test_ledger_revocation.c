/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_revocation.c: whose word against a license key counts, and that
 * it is never undone.
 */
#include "tests/store/fixture.h"

#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/store_license.h"
#include <stdlib.h>
#include <string.h>

#define NOW FIXTURE_NOW
#define TYP "leasehold-revocations"

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct fixture_claims claims = { .iss = FIXTURE_ISSUER,
		.sku = "CONSEC-ADD-5U",
		.start = "2026-01-01" };
	struct license_result *results;
	static const char *const serials[] = { "L-1", "L-2" };
	size_t count;

	assert_non_null(fixture);
	fixture_open(fixture, ROLE_SERVER, "PSA-5000");
	fixture_accept(fixture);
	claims.sub = fixture->appliance.hardware_id;
	for (size_t i = 0; i < 2; i++) {
		claims.jti = serials[i];
		assert_int_equal(
		    fixture_end(fixture,
			ledger_license_add(&results, &count,
			    fixture_begin(fixture, NOW),
			    fixture_key(fixture, &claims))),
		    0);
		assert_true(results[0].is_installed);
	}
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
list_by(struct fixture *fixture, const struct keypair *signer, const char *typ,
    const char *issuer, int64_t at, const char *serial)
{
	json_t *payload = json_pack("{s:s, s:I, s:[s]}", "iss", issuer, "iat",
	    (json_int_t)at, "serials", serial);
	char *jws = NULL;

	assert_int_equal(jws_sign(&jws, &fixture->arena, signer, typ,
			     fixture->kid, payload),
	    FAULT_NONE);
	json_decref(payload);
	return jws;
}

static bool
take(struct fixture *fixture, const char *list)
{
	bool is_taken;

	assert_int_equal(
	    fixture_end(fixture,
		ledger_revocation_take(
		    &is_taken, fixture_begin(fixture, NOW), list)),
	    0);
	return is_taken;
}

static int64_t
units(struct fixture *fixture)
{
	int64_t out;

	assert_int_equal(store_license_total(&out, fixture->appliance.store,
			     "CONSEC", NOW),
	    FAULT_NONE);
	return out;
}

static void
what_is_taken_back_counts_no_more(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(units(fixture), 10);
	assert_true(take(fixture,
	    list_by(fixture, fixture->issuer, TYP, FIXTURE_ISSUER, 100,
		"L-1")));
	assert_int_equal(units(fixture), 5);
	/* An empty or older word undoes nothing. */
	assert_true(take(fixture,
	    list_by(fixture, fixture->issuer, TYP, FIXTURE_ISSUER, 101,
		"L-9")));
	assert_int_equal(units(fixture), 5);
	assert_false(take(fixture,
	    list_by(fixture, fixture->issuer, TYP, FIXTURE_ISSUER, 100,
		"L-2")));
	assert_int_equal(units(fixture), 5);
	assert_int_equal(fixture_sql_number(fixture,
			     "SELECT count(*) FROM event"
			     " WHERE code = 'LHD10110'"),
	    1);
}

static void
nobody_elses_word_counts(void **state)
{
	struct fixture *fixture = *state;
	struct keypair *other;

	assert_int_equal(keypair_generate(&other), FAULT_NONE);
	assert_false(take(fixture,
	    list_by(fixture, other, TYP, FIXTURE_ISSUER, 100, "L-1")));
	assert_false(take(fixture,
	    list_by(fixture, fixture->issuer, "license+jwt", FIXTURE_ISSUER,
		100, "L-1")));
	assert_false(take(fixture, "not.a.list"));
	assert_false(take(fixture, ""));
	/* A trusted issuer's word is about its own keys. */
	(void)take(fixture,
	    list_by(fixture, fixture->issuer, TYP, "Another", 100, "L-1"));
	assert_int_equal(units(fixture), 10);
	keypair_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(what_is_taken_back_counts_no_more),
		TEST(nobody_elses_word_counts),
#undef TEST
	};

	return cmocka_run_group_tests_name("revocation", tests, NULL, NULL);
}
