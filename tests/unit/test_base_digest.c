/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_digest.c: published vectors of SHA-256 and HMAC (RFC 4231).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/digest.h"
#include "engine/base/text.h"
#include <string.h>

static void
sha256_vectors(void **state)
{
	char hex[2 * DIGEST_BYTES + 1];

	(void)state;
	assert_int_equal(digest_sha256_hex(hex, NULL, 0), FAULT_NONE);
	assert_string_equal(hex,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(digest_sha256_hex(hex, "abc", 3), FAULT_NONE);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
hmac_is(
    const char *expected, const void *key, size_t key_bytes, const char *data)
{
	uint8_t out[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];

	assert_int_equal(
	    digest_hmac(out, key, key_bytes, data, strlen(data)), FAULT_NONE);
	text_hex(hex, out, sizeof(out));
	assert_string_equal(hex, expected);
}

static void
hmac_vectors(void **state)
{
	uint8_t long_key[131];

	(void)state;
	memset(long_key, 0xaa, sizeof(long_key));
	hmac_is(
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	    "Jefe", 4, "what do ya want for nothing?");
	hmac_is(
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	    long_key, sizeof(long_key),
	    "Test Using Larger Than Block-Size Key - Hash Key First");
	hmac_is(
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
	    NULL, 0, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_vectors),
		cmocka_unit_test(hmac_vectors),
	};

	return cmocka_run_group_tests_name("base/digest", tests, NULL, NULL);
}
