/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_keypair.c: RFC 8037 appendix A, and keys that survive the disk.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/base64.h"
#include "engine/base/keypair.h"
#include "tests/unit/test_base_scratch.h"
#include <pthread.h>
#include <sys/stat.h>

/* RFC 8037 A.1 as PKCS#8: the fixed prefix of RFC 8410 and the seed. */
#define RFC_PEM                                                                \
	"-----BEGIN PRIVATE KEY-----\n"                                        \
	"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"   \
	"-----END PRIVATE KEY-----\n"
#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

static void
rfc_public(uint8_t out[KEYPAIR_PUBLIC_BYTES])
{
	json_t *jwk = json_pack(
	    "{s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "x", RFC_X);

	assert_true(keypair_public_from_jwk(out, jwk));
	json_decref(jwk);
}

static void
rfc_8037_key_is_read_and_signs(void **state)
{
	static const char signed_text[] =
	    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
	uint8_t expected[KEYPAIR_PUBLIC_BYTES], found[KEYPAIR_PUBLIC_BYTES];
	uint8_t signature[KEYPAIR_SIGNATURE_BYTES];
	struct keypair *keypair;
	struct arena arena;

	(void)state;
	scratch_write("rfc", RFC_PEM, strlen(RFC_PEM));
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("rfc")), FAULT_NONE);
	keypair_public(found, keypair);
	rfc_public(expected);
	assert_memory_equal(found, expected, sizeof(found));
	assert_int_equal(
	    keypair_sign(signature, keypair, signed_text, strlen(signed_text)),
	    FAULT_NONE);
	arena_init(&arena, 0);
	assert_string_equal(
	    base64_url_encode(&arena, signature, sizeof(signature)),
	    "hgyY0il_MGCjP0JzlnLWG1PPOt7-"
	    "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
	assert_true(
	    keypair_verify(found, signed_text, strlen(signed_text), signature));
	arena_clear(&arena);
	keypair_free(&keypair);
}

static void
rfc_8037_thumbprint(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	char thumbprint[44];

	(void)state;
	rfc_public(key);
	assert_int_equal(keypair_thumbprint(thumbprint, key), FAULT_NONE);
	assert_string_equal(
	    thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

static void
every_wrong_bit_is_noticed(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES], signature[KEYPAIR_SIGNATURE_BYTES];
	char data[] = "data";
	struct keypair *keypair;
	size_t bit;

	(void)state;
	assert_int_equal(keypair_generate(&keypair), FAULT_NONE);
	keypair_public(key, keypair);
	assert_int_equal(keypair_sign(signature, keypair, data, 4), FAULT_NONE);
	for (bit = 0; bit < 8 * sizeof(signature); bit++) {
		signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(keypair_verify(key, data, 4, signature));
		signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (bit = 0; bit < 8 * sizeof(key); bit++) {
		key[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(keypair_verify(key, data, 4, signature));
		key[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	data[3] ^= 1;
	assert_false(keypair_verify(key, data, 4, signature));
	assert_false(keypair_verify(key, data, 3, signature));
	data[3] ^= 1;
	assert_true(keypair_verify(key, data, 4, signature));
	assert_int_equal(keypair_sign(signature, keypair, NULL, 0), FAULT_NONE);
	assert_true(keypair_verify(key, NULL, 0, signature));
	keypair_free(&keypair);
	assert_null(keypair);
	keypair_free(&keypair);
}

static void
saved_key_comes_back(void **state)
{
	uint8_t before[KEYPAIR_PUBLIC_BYTES], after[KEYPAIR_PUBLIC_BYTES];
	struct keypair *keypair, *loaded;
	struct stat about;
	int count;

	(void)state;
	assert_int_equal(keypair_generate(&keypair), FAULT_NONE);
	keypair_public(before, keypair);
	count = scratch_count();
	assert_int_equal(
	    keypair_save(keypair, scratch_path("key")), FAULT_NONE);
	assert_int_equal(scratch_count(), count + 1);
	assert_int_equal(stat(scratch_path("key"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(about.st_nlink, 1);
	assert_int_equal(
	    keypair_load(&loaded, scratch_path("key")), FAULT_NONE);
	keypair_public(after, loaded);
	assert_memory_equal(before, after, sizeof(before));
	keypair_free(&loaded);
	keypair_free(&keypair);
}

static void
existing_key_is_never_overwritten(void **state)
{
	uint8_t before[KEYPAIR_PUBLIC_BYTES], after[KEYPAIR_PUBLIC_BYTES];
	struct keypair *first, *second, *loaded;
	int count;

	(void)state;
	assert_int_equal(keypair_generate(&first), FAULT_NONE);
	assert_int_equal(keypair_generate(&second), FAULT_NONE);
	keypair_public(before, first);
	assert_int_equal(keypair_save(first, scratch_path("once")), FAULT_NONE);
	count = scratch_count();
	assert_int_equal(keypair_save(second, scratch_path("once")), FAULT_IO);
	assert_int_equal(scratch_count(), count);
	assert_int_equal(
	    keypair_load(&loaded, scratch_path("once")), FAULT_NONE);
	keypair_public(after, loaded);
	assert_memory_equal(before, after, sizeof(before));
	assert_int_equal(
	    keypair_save(first, scratch_path("no/such/folder")), FAULT_IO);
	keypair_free(&loaded);
	keypair_free(&second);
	keypair_free(&first);
}

static void
other_files_are_no_keys(void **state)
{
	static const char p256[] =
	    "-----BEGIN PRIVATE KEY-----\n"
	    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglH0uYgryQRZl9Ulf\n"
	    "xzSEBolSki5yHqg18DMwZOVmyXWhRANCAAT111iECYqh/DzUXlmTRI+Vz0L4zDDH\n"
	    "8YzTdd+XEebuDM01EIygnpECGMq7AMlxX58NnqnBmVFnevxfiIVISWdN\n"
	    "-----END PRIVATE KEY-----\n";
	static const char encrypted[] =
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjcetwKvY73nAICCAAw\n"
	    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEMz8bhiu6ahn6l+sIs1aq7UEQDqd\n"
	    "iam1phIS+OeDijZrsTUCtnru17qZ1um96nAfYM0+N1YupUJFTFKxrwiaV9569CiU\n"
	    "qKWCrDM/0drAZKLoxOY=\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n";
	static const char public_key[] =
	    "-----BEGIN PUBLIC KEY-----\n"
	    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
	    "-----END PUBLIC KEY-----\n";
	static char large[20000];
	struct keypair *keypair;

	(void)state;
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("absent")), FAULT_NOT_FOUND);
	assert_null(keypair);
	scratch_write("p256", p256, strlen(p256));
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("p256")), FAULT_DAMAGED);
	assert_null(keypair);
	scratch_write("public", public_key, strlen(public_key));
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("public")), FAULT_DAMAGED);
	/* Nobody is asked for its passphrase. */
	scratch_write("encrypted", encrypted, strlen(encrypted));
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("encrypted")), FAULT_DAMAGED);
	scratch_write("empty", "", 0);
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("empty")), FAULT_DAMAGED);
	scratch_write("cut", RFC_PEM, strlen(RFC_PEM) / 2);
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("cut")), FAULT_DAMAGED);
	scratch_write("large", large, sizeof(large));
	assert_int_equal(
	    keypair_load(&keypair, scratch_path("large")), FAULT_DAMAGED);
	assert_int_equal(keypair_load(&keypair, scratch_folder), FAULT_IO);
}

static bool
jwk_is_taken(const char *kty, const char *crv, const char *x)
{
	json_t *jwk = json_pack(
	    "{s:s, s:s, s:s}", "kty", kty, "crv", crv, "x", x);
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	bool is_taken = keypair_public_from_jwk(key, jwk);

	json_decref(jwk);
	return is_taken;
}

static void
jwk_is_read_strictly(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES], back[KEYPAIR_PUBLIC_BYTES];
	json_t *jwk, *empty = json_object();

	(void)state;
	rfc_public(key);
	jwk = keypair_public_to_jwk(key);
	assert_int_equal(json_object_size(jwk), 3);
	assert_string_equal(
	    json_string_value(json_object_get(jwk, "x")), RFC_X);
	assert_true(keypair_public_from_jwk(back, jwk));
	assert_memory_equal(key, back, sizeof(key));
	json_decref(jwk);
	assert_true(jwk_is_taken("OKP", "Ed25519", RFC_X));
	assert_false(jwk_is_taken("okp", "Ed25519", RFC_X));
	assert_false(jwk_is_taken("EC", "Ed25519", RFC_X));
	assert_false(jwk_is_taken("OKP", "X25519", RFC_X));
	assert_false(jwk_is_taken("OKP", "Ed25519", ""));
	assert_false(jwk_is_taken("OKP", "Ed25519", RFC_X "="));
	assert_false(jwk_is_taken("OKP", "Ed25519", RFC_X "AA"));
	assert_false(jwk_is_taken(
	    "OKP", "Ed25519", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"));
	assert_false(jwk_is_taken(
	    "OKP", "Ed25519", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"));
	assert_false(keypair_public_from_jwk(back, empty));
	assert_false(keypair_public_from_jwk(back, NULL));
	json_decref(empty);
}

static void *
sign_often(void *context)
{
	const struct keypair *keypair = context;
	uint8_t key[KEYPAIR_PUBLIC_BYTES], signature[KEYPAIR_SIGNATURE_BYTES];
	uintptr_t good = 0;
	int i;

	keypair_public(key, keypair);
	for (i = 0; i < 50; i++)
		good += keypair_sign(signature, keypair, &i, sizeof(i)) ==
			FAULT_NONE &&
		    keypair_verify(key, &i, sizeof(i), signature);
	return (void *)good;
}

static void
one_key_signs_in_many_threads(void **state)
{
	struct keypair *keypair;
	pthread_t threads[8];
	void *good;
	size_t i;

	(void)state;
	assert_int_equal(keypair_generate(&keypair), FAULT_NONE);
	for (i = 0; i < 8; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, sign_often, keypair), 0);
	for (i = 0; i < 8; i++) {
		pthread_join(threads[i], &good);
		assert_int_equal((uintptr_t)good, 50);
	}
	keypair_free(&keypair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_8037_key_is_read_and_signs),
		cmocka_unit_test(rfc_8037_thumbprint),
		cmocka_unit_test(every_wrong_bit_is_noticed),
		cmocka_unit_test(saved_key_comes_back),
		cmocka_unit_test(existing_key_is_never_overwritten),
		cmocka_unit_test(other_files_are_no_keys),
		cmocka_unit_test(jwk_is_read_strictly),
		cmocka_unit_test(one_key_signs_in_many_threads),
	};

	return cmocka_run_group_tests_name(
	    "base/keypair", tests, scratch_make, scratch_remove);
}
