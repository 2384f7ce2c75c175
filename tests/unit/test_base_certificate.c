/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_certificate.c: a client that holds this very file trusts this
 * appliance, under each of its names and no other.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/certificate.h"
#include "tests/unit/test_base_scratch.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <sys/stat.h>

#define NOW INT64_C(1767225600)
#define DAY INT64_C(86400)

static X509 *
read_certificate(const char *name)
{
	FILE *file = fopen(scratch_path(name), "r");
	X509 *certificate;

	assert_non_null(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(certificate);
	return certificate;
}

static void
make(const char *hostname, const char *address)
{
	assert_int_equal(
	    certificate_make(scratch_path("pem"), hostname, address, NOW),
	    FAULT_NONE);
}

/* As a TLS client does, with the file as its only authority. */
static bool
verifies(const char *authority, const char *presented, const char *hostname,
    const char *address, int64_t at)
{
	X509 *trusted = read_certificate(authority),
	     *leaf = read_certificate(presented);
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *rules;
	bool is_good;

	assert_int_equal(X509_STORE_add_cert(store, trusted), 1);
	assert_int_equal(X509_STORE_CTX_init(context, store, leaf, NULL), 1);
	assert_int_equal(X509_STORE_CTX_set_default(context, "ssl_server"), 1);
	rules = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(rules, at);
	X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
	if (hostname)
		assert_int_equal(
		    X509_VERIFY_PARAM_set1_host(rules, hostname, 0), 1);
	if (address)
		assert_int_equal(
		    X509_VERIFY_PARAM_set1_ip_asc(rules, address), 1);
	is_good = X509_verify_cert(context) == 1;
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	X509_free(trusted);
	X509_free(leaf);
	return is_good;
}

static void
holder_of_the_file_trusts_it(void **state)
{
	(void)state;
	make("lic01.example.net", "192.0.2.1");
	assert_true(verifies("pem", "pem", NULL, NULL, NOW));
	assert_true(verifies("pem", "pem", "lic01.example.net", NULL, NOW));
	assert_true(verifies("pem", "pem", "LIC01.example.net", NULL, NOW));
	assert_true(verifies("pem", "pem", NULL, "192.0.2.1", NOW));
	assert_false(verifies("pem", "pem", "lic02.example.net", NULL, NOW));
	assert_false(verifies("pem", "pem", "192.0.2.1", NULL, NOW));
	assert_false(verifies("pem", "pem", NULL, "192.0.2.2", NOW));
}

static void
holder_of_another_file_does_not(void **state)
{
	(void)state;
	make("lic01.example.net", "");
	assert_int_equal(certificate_make(scratch_path("other"),
			     "lic01.example.net", "", NOW),
	    FAULT_NONE);
	assert_false(verifies("other", "pem", NULL, NULL, NOW));
}

static void
names_may_be_absent_or_addresses(void **state)
{
	(void)state;
	make("", "2001:db8::1");
	assert_true(verifies("pem", "pem", NULL, "2001:db8::1", NOW));
	make("127.0.0.1", "");
	assert_true(verifies("pem", "pem", NULL, "127.0.0.1", NOW));
	make("127.0.0.1", "127.0.0.1");
	assert_true(verifies("pem", "pem", NULL, "127.0.0.1", NOW));
	make("", "");
	assert_true(verifies("pem", "pem", NULL, NULL, NOW));
	make("a-name-of-more-than-sixty-four-characters-is-no-common-name."
	     "example.net",
	    "");
	assert_true(verifies("pem", "pem",
	    "a-name-of-more-than-sixty-four-characters-is-no-common-name."
	    "example.net",
	    NULL, NOW));
}

static void
odd_names_are_refused(void **state)
{
	(void)state;
	assert_int_equal(
	    certificate_make(scratch_path("odd"), "a,DNS:b", "", NOW),
	    FAULT_CRYPTO);
	assert_int_equal(certificate_make(scratch_path("odd"), "a b", "", NOW),
	    FAULT_CRYPTO);
	assert_int_equal(certificate_make(scratch_path("odd"), "a\n", "", NOW),
	    FAULT_CRYPTO);
	assert_int_equal(
	    certificate_make(scratch_path("odd"), "a", "300.0.0.1", NOW),
	    FAULT_CRYPTO);
	assert_int_equal(
	    certificate_make(scratch_path("odd"), "a", "host", NOW),
	    FAULT_CRYPTO);
	assert_int_not_equal(access(scratch_path("odd"), F_OK), 0);
	assert_int_equal(
	    certificate_make(scratch_path("no/folder"), "a", "", NOW),
	    FAULT_IO);
}

static void
validity_is_ten_years(void **state)
{
	int64_t end;

	(void)state;
	make("a", "");
	assert_int_equal(
	    certificate_expires(&end, scratch_path("pem")), FAULT_NONE);
	assert_int_equal(end, NOW + 3652 * DAY);
	assert_true(verifies("pem", "pem", NULL, NULL, NOW - DAY));
	assert_false(verifies("pem", "pem", NULL, NULL, NOW - DAY - 1));
	assert_true(verifies("pem", "pem", NULL, NULL, end - 1));
	assert_false(verifies("pem", "pem", NULL, NULL, end));
	/* Past 2049 the encoding of times changes. */
	assert_int_equal(certificate_make(scratch_path("late"), "a", "",
			     INT64_C(2524608000)),
	    FAULT_NONE);
	assert_int_equal(
	    certificate_expires(&end, scratch_path("late")), FAULT_NONE);
	assert_int_equal(end, INT64_C(2524608000) + 3652 * DAY);
}

static void
extensions_are_those_of_a_leaf(void **state)
{
	X509 *certificate;
	ASN1_INTEGER *first;

	(void)state;
	make("a", "");
	certificate = read_certificate("pem");
	assert_int_equal(X509_check_ca(certificate), 0);
	assert_int_equal(
	    X509_get_extended_key_usage(certificate), XKU_SSL_SERVER);
	assert_non_null(X509_get0_subject_key_id(certificate));
	assert_int_equal(X509_get_version(certificate), X509_VERSION_3);
	assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(certificate)), 256);
	first = ASN1_INTEGER_dup(X509_get_serialNumber(certificate));
	X509_free(certificate);
	make("a", "");
	certificate = read_certificate("pem");
	assert_int_not_equal(
	    ASN1_INTEGER_cmp(first, X509_get_serialNumber(certificate)), 0);
	ASN1_INTEGER_free(first);
	X509_free(certificate);
}

static void
file_holds_the_key_for_its_owner_only(void **state)
{
	X509 *certificate;
	struct stat about;
	EVP_PKEY *key;
	FILE *file;

	(void)state;
	make("a", "");
	assert_int_equal(stat(scratch_path("pem"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	file = fopen(scratch_path("pem"), "r");
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(key);
	certificate = read_certificate("pem");
	assert_int_equal(X509_check_private_key(certificate, key), 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void
pin_follows_the_key(void **state)
{
	char pin[64], again[64];
	int64_t end = 7;

	(void)state;
	make("a", "");
	assert_int_equal(certificate_pin(pin, scratch_path("pem")), FAULT_NONE);
	assert_int_equal(
	    certificate_pin(again, scratch_path("pem")), FAULT_NONE);
	assert_string_equal(pin, again);
	assert_memory_equal(pin, "sha256//", 8);
	assert_int_equal(strlen(pin), 8 + 44);
	make("a", "");
	assert_int_equal(
	    certificate_pin(again, scratch_path("pem")), FAULT_NONE);
	assert_string_not_equal(pin, again);
	assert_int_equal(
	    certificate_pin(pin, scratch_path("absent")), FAULT_NOT_FOUND);
	assert_string_equal(pin, "");
	scratch_write("text", "text", 4);
	assert_int_equal(
	    certificate_pin(pin, scratch_path("text")), FAULT_DAMAGED);
	assert_int_equal(
	    certificate_expires(&end, scratch_path("text")), FAULT_DAMAGED);
	assert_int_equal(end, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holder_of_the_file_trusts_it),
		cmocka_unit_test(holder_of_another_file_does_not),
		cmocka_unit_test(names_may_be_absent_or_addresses),
		cmocka_unit_test(odd_names_are_refused),
		cmocka_unit_test(validity_is_ten_years),
		cmocka_unit_test(extensions_are_those_of_a_leaf),
		cmocka_unit_test(file_holds_the_key_for_its_owner_only),
		cmocka_unit_test(pin_follows_the_key),
	};

	return cmocka_run_group_tests_name(
	    "base/certificate", tests, scratch_make, scratch_remove);
}
