/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_device_proof.c: what the device's signature binds, and one header that
 * another program made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/base64.h"
#include "engine/peer/device_proof.h"
#include <stdio.h>
#include <string.h>

/* The key of RFC 8037 appendix A; Node's crypto made the signature. */
#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define FOREIGN                                                                \
	"1767225600;eyJhbGciOiJFZERTQSIsInR5cCI6ImxlYXNlaG9sZC1kZXZpY2UifQ.."  \
	"JmSjxsD5h9p9NH3XCiqyKil2SbxIr002iVEYVbJZrD3KKy0Wir4sBM57UWQ2CK9vXoIo" \
	"vxYaQcfpD32pDOR9Ag"

static const struct device_proof_subject subject = { "POST", "/lease/v1/sync",
	"{}", 2 };
static struct arena arena;
static struct keypair *device;
static uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
static char *value;

static int
make(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	if (keypair_generate(&device))
		return -1;
	keypair_public(public_key, device);
	return device_proof_make(&value, &arena, device, &subject, 1767225600);
}

static int
drop(void **state)
{
	(void)state;
	keypair_free(&device);
	arena_clear(&arena);
	return 0;
}

static bool
fits(const char *header)
{
	return device_proof_check(&arena, public_key, header, &subject);
}

static void
its_own_proof_fits(void **state)
{
	(void)state;
	assert_true(fits(value));
	assert_int_equal(strncmp(value, "1767225600;", 11), 0);
}

static void
a_proof_of_another_program_fits(void **state)
{
	uint8_t *key;
	size_t bytes;

	(void)state;
	key = base64_url_decode(&bytes, &arena, RFC_X, strlen(RFC_X));
	assert_non_null(key);
	assert_true(device_proof_check(&arena, key, FOREIGN, &subject));
}

static void
one_altered_byte_does_not_fit(void **state)
{
	size_t i, length = strlen(value);
	char kept;

	(void)state;
	for (i = 0; i < length; i++) {
		kept = value[i];
		value[i] = kept == 'A' ? 'B' : 'A';
		assert_false(fits(value));
		value[i] = '\0';
		assert_false(fits(value));
		value[i] = kept;
	}
	assert_true(fits(value));
}

static void
it_binds_method_path_body_and_time(void **state)
{
	struct device_proof_subject other = subject;
	char *text;

	(void)state;
	other.method = "GET";
	assert_false(device_proof_check(&arena, public_key, value, &other));
	other = subject;
	other.path = "/lease/v1/sync2";
	assert_false(device_proof_check(&arena, public_key, value, &other));
	other = subject;
	other.body = "[]";
	assert_false(device_proof_check(&arena, public_key, value, &other));
	other = subject;
	other.bytes = 1;
	assert_false(device_proof_check(&arena, public_key, value, &other));
	text = arena_format(&arena, "1767225601%s", strchr(value, ';'));
	assert_false(fits(text));
}

static void
proof_is_fresh_for_a_quarter_of_an_hour(void **state)
{
	static const int64_t made = 1767225600;

	(void)state;
	assert_true(device_proof_is_fresh(&arena, value, made));
	assert_true(device_proof_is_fresh(&arena, value, made + 900));
	assert_false(device_proof_is_fresh(&arena, value, made + 901));
	assert_true(device_proof_is_fresh(&arena, value, made - 900));
	assert_false(device_proof_is_fresh(&arena, value, made - 901));
	assert_false(device_proof_is_fresh(&arena, value, INT64_MIN));
	assert_false(device_proof_is_fresh(&arena, value, INT64_MAX));
	assert_false(device_proof_is_fresh(&arena, "x;", made));
	assert_false(device_proof_is_fresh(&arena, NULL, made));
}

static void
no_proof_does_not_fit(void **state)
{
	static char huge[70000];

	(void)state;
	memset(huge, '1', sizeof(huge) - 1);
	assert_false(fits(NULL));
	assert_false(fits(""));
	assert_false(fits(";"));
	assert_false(fits("1767225600;"));
	assert_false(fits("1767225600;.."));
	assert_false(fits("x;y"));
	assert_false(fits("-1;y"));
	assert_false(fits(huge));
}

static void
another_device_does_not_fit(void **state)
{
	struct keypair *other;
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	(void)state;
	assert_int_equal(keypair_generate(&other), 0);
	keypair_public(key, other);
	keypair_free(&other);
	assert_false(device_proof_check(&arena, key, value, &subject));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(its_own_proof_fits),
		TEST(a_proof_of_another_program_fits),
		TEST(one_altered_byte_does_not_fit),
		TEST(it_binds_method_path_body_and_time),
		TEST(proof_is_fresh_for_a_quarter_of_an_hour),
		TEST(no_proof_does_not_fit),
		TEST(another_device_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
