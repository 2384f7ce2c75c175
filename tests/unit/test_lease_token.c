/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lease_token.c: when a token is good, and all that voids it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/lease_token.h"
#include <stdio.h>
#include <string.h>

#define ISSUED INT64_C(1767225600)

static const uint8_t secret[32] = { 1, 2, 3 };
static const struct lease_token_subject subject = { .client = 7,
	.made_at = 1767000000,
	.password_version = 3,
	.hardware_id = "0331J8K29P4T77QX" };
static char token[LEASE_TOKEN_SIZE];

static int
make(void **state)
{
	(void)state;
	return lease_token_make(token, secret, &subject, ISSUED);
}

static enum lease_token_state
check_for(const struct lease_token_subject *other)
{
	return lease_token_check(token, secret, other, ISSUED);
}

static void
lasts_24_hours(void **state)
{
	(void)state;
	assert_int_equal(LEASE_TOKEN_SECONDS, 86400);
	assert_int_equal(lease_token_check(token, secret, &subject, ISSUED),
	    LEASE_TOKEN_GOOD);
	assert_int_equal(
	    lease_token_check(token, secret, &subject, ISSUED + 86399),
	    LEASE_TOKEN_GOOD);
	assert_int_equal(
	    lease_token_check(token, secret, &subject, ISSUED + 86400),
	    LEASE_TOKEN_OVER);
	assert_int_equal(
	    lease_token_check(token, secret, &subject, ISSUED + 86401),
	    LEASE_TOKEN_OVER);
	assert_int_equal(lease_token_check(token, secret, &subject, INT64_MAX),
	    LEASE_TOKEN_OVER);
}

static void
a_clock_set_back_a_little_is_borne(void **state)
{
	(void)state;
	assert_int_equal(
	    lease_token_check(token, secret, &subject, ISSUED - 900),
	    LEASE_TOKEN_GOOD);
	assert_int_equal(
	    lease_token_check(token, secret, &subject, ISSUED - 901),
	    LEASE_TOKEN_FORGED);
}

static void
one_altered_byte_voids_it(void **state)
{
	size_t i, length = strlen(token);
	char kept;

	(void)state;
	for (i = 0; i < length; i++) {
		kept = token[i];
		token[i] = kept == '1' ? '2' : '1';
		if (token[i] != kept)
			assert_int_equal(
			    lease_token_check(token, secret, &subject, ISSUED),
			    LEASE_TOKEN_FORGED);
		token[i] = kept;
	}
	for (i = 0; i < length; i++) {
		kept = token[i];
		token[i] = '\0';
		assert_int_equal(
		    lease_token_check(token, secret, &subject, ISSUED),
		    LEASE_TOKEN_FORGED);
		token[i] = kept;
	}
}

static void
it_has_one_spelling(void **state)
{
	char other[LEASE_TOKEN_SIZE + 8];

	(void)state;
	snprintf(other, sizeof(other), "1.0%s", token + 2);
	assert_int_equal(lease_token_check(other, secret, &subject, ISSUED),
	    LEASE_TOKEN_FORGED);
	snprintf(other, sizeof(other), "%s ", token);
	assert_int_equal(lease_token_check(other, secret, &subject, ISSUED),
	    LEASE_TOKEN_FORGED);
	snprintf(other, sizeof(other), "2%s", token + 1);
	assert_int_equal(lease_token_check(other, secret, &subject, ISSUED),
	    LEASE_TOKEN_FORGED);
}

static void
whatever_it_speaks_of_voids_it_when_changed(void **state)
{
	struct lease_token_subject other = subject;
	uint8_t other_secret[32] = { 1, 2, 4 };

	(void)state;
	other.password_version++;
	assert_int_equal(check_for(&other), LEASE_TOKEN_FORGED);
	other = subject;
	other.hardware_id = "0331J8K29P4T77QY";
	assert_int_equal(check_for(&other), LEASE_TOKEN_FORGED);
	other = subject;
	other.client++;
	assert_int_equal(check_for(&other), LEASE_TOKEN_FORGED);
	other = subject;
	other.made_at++;
	assert_int_equal(check_for(&other), LEASE_TOKEN_FORGED);
	assert_int_equal(
	    lease_token_check(token, other_secret, &subject, ISSUED),
	    LEASE_TOKEN_FORGED);
}

static void
names_its_client(void **state)
{
	static const char *const none[] = { "", "1", "1.", "1.7", "1.7.",
		"1..1.x", "1.x.1.x", "1.-7.1.x", "1.9223372036854775808.1.x",
		"1.00000000000000000000000007.1.x", "x" };
	int64_t client;
	size_t i;

	(void)state;
	assert_true(lease_token_client(&client, token));
	assert_int_equal(client, 7);
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_false(lease_token_client(&client, none[i]));
		assert_int_equal(
		    lease_token_check(none[i], secret, &subject, ISSUED),
		    LEASE_TOKEN_FORGED);
	}
}

static void
the_same_issue_gives_the_same_token(void **state)
{
	char again[LEASE_TOKEN_SIZE];

	(void)state;
	assert_int_equal(lease_token_make(again, secret, &subject, ISSUED), 0);
	assert_string_equal(again, token);
}

static void
numbers_of_any_size_fit(void **state)
{
	struct lease_token_subject large = { INT64_MAX, INT64_MAX, INT64_MAX,
		"0331J8K29P4T77QX" };

	(void)state;
	assert_int_equal(lease_token_make(token, secret, &large, INT64_MAX), 0);
	assert_int_equal(lease_token_check(token, secret, &large, INT64_MAX),
	    LEASE_TOKEN_GOOD);
}

#define TEST(name) cmocka_unit_test_setup(name, make)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lasts_24_hours),
		TEST(a_clock_set_back_a_little_is_borne),
		TEST(one_altered_byte_voids_it),
		TEST(it_has_one_spelling),
		TEST(whatever_it_speaks_of_voids_it_when_changed),
		TEST(names_its_client),
		TEST(the_same_issue_gives_the_same_token),
		TEST(numbers_of_any_size_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
