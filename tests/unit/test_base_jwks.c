/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_jwks.c: which keys of a file are trusted, and which files are
 * not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/jwks.h"
#include "tests/unit/test_base_scratch.h"

#define X          "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define THUMBPRINT "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define OKP        "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\""

static struct arena arena;
static struct jwks jwks;

static int
clear_arena(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static enum fault
load(const char *text)
{
	scratch_write("jwks", text, strlen(text));
	return jwks_load(&jwks, &arena, scratch_path("jwks"));
}

static void
keys_are_found_by_kid(void **state)
{
	const struct jwks_key *key;

	(void)state;
	assert_int_equal(
	    load("{\"keys\":[{" OKP ",\"kid\":\"a\",\"iss\":\"Vendor\"},"
		 "{" OKP ",\"kid\":\"b\",\"use\":\"sig\",\"alg\":\"EdDSA\"},"
		 "{" OKP "}]}"),
	    FAULT_NONE);
	assert_int_equal(jwks.count, 3);
	assert_int_equal(strlen(jwks.digest), 64);
	key = jwks_find(&jwks, "a");
	assert_non_null(key);
	assert_string_equal(key->issuer, "Vendor");
	assert_int_equal(key->public_key[0], 0xd7);
	key = jwks_find(&jwks, "b");
	assert_string_equal(key->issuer, "");
	assert_non_null(jwks_find(&jwks, THUMBPRINT));
	assert_null(jwks_find(&jwks, "c"));
	assert_null(jwks_find(&jwks, ""));
	assert_null(jwks_find(&jwks, "A"));
}

static void
other_keys_are_passed_over(void **state)
{
	(void)state;
	assert_int_equal(
	    load("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"},"
		 "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X "\"},"
		 "{" OKP ",\"use\":\"enc\"},{" OKP ",\"alg\":\"ES256\"},{},"
		 "{" OKP ",\"kid\":\"ours\",\"alg\":\"Ed25519\"}],\"more\":1}"),
	    FAULT_NONE);
	assert_int_equal(jwks.count, 1);
	assert_non_null(jwks_find(&jwks, "ours"));
	assert_int_equal(load("{\"keys\":[]}"), FAULT_NONE);
	assert_int_equal(jwks.count, 0);
}

static void
doubtful_files_are_damaged(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"keys\":{}}",
		"{\"keys\":[1]}", "{\"keys\":[{" OKP "}]} x",
		"{\"keys\":[],\"keys\":[]}",
		"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
		"\"AAAA\"}]}",
		"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}]}",
		"{\"keys\":[{" OKP ",\"kid\":1}]}",
		"{\"keys\":[{" OKP ",\"iss\":null}]}",
		"{\"keys\":[{" OKP ",\"kid\":\"a\"},{" OKP ",\"kid\":\"a\"}]}",
		"{\"keys\":[{" OKP "},{" OKP "}]}" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(load(bad[i]), FAULT_DAMAGED);
		assert_int_equal(jwks.count, 0);
		assert_null(jwks.keys);
		assert_string_equal(jwks.digest, "");
	}
}

static void
absent_file_is_not_found(void **state)
{
	(void)state;
	assert_int_equal(
	    jwks_load(&jwks, &arena, scratch_path("absent")), FAULT_NOT_FOUND);
	assert_int_equal(jwks.count, 0);
}

static void
changed_file_has_another_digest(void **state)
{
	char before[65];

	(void)state;
	assert_int_equal(load("{\"keys\":[]}"), FAULT_NONE);
	memcpy(before, jwks.digest, sizeof(before));
	assert_int_equal(load("{\"keys\":[] }"), FAULT_NONE);
	assert_string_not_equal(before, jwks.digest);
}

static void
full_arena_is_out_of_memory(void **state)
{
	static const char text[] = "{\"keys\":[{" OKP ",\"kid\":\"a\"}]}";
	struct arena small;

	(void)state;
	scratch_write("jwks", text, strlen(text));
	arena_init(&small, 120);
	assert_int_equal(
	    jwks_load(&jwks, &small, scratch_path("jwks")), FAULT_MEMORY);
	assert_int_equal(jwks.count, 0);
	arena_clear(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(keys_are_found_by_kid, clear_arena),
		cmocka_unit_test_teardown(
		    other_keys_are_passed_over, clear_arena),
		cmocka_unit_test_teardown(
		    doubtful_files_are_damaged, clear_arena),
		cmocka_unit_test_teardown(
		    absent_file_is_not_found, clear_arena),
		cmocka_unit_test_teardown(
		    changed_file_has_another_digest, clear_arena),
		cmocka_unit_test_teardown(
		    full_arena_is_out_of_memory, clear_arena),
	};

	return cmocka_run_group_tests_name(
	    "base/jwks", tests, scratch_make, scratch_remove);
}
