/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * certificate.c: a certificate that is its own authority, so that a peer can
 * trust this one appliance by taking this very file, and nothing beyond it.
 */
#include "engine/base/certificate.h"

#include "engine/base/base64.h"
#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/secret.h"
#include <assert.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY INT64_C(86400)
/* Ten years with two leap days; a third one is not owed. */
#define VALID_DAYS 3652
/* A peer whose clock is behind must not find the certificate unborn. */
#define BACKDATED_DAYS 1
/* RFC 5280 4.1.2.2: positive, at most 20 octets. */
#define SERIAL_BITS 127
/* RFC 5280 appendix A, ub-common-name. */
#define COMMON_NAME_MAX 64
#define HOSTNAME_MAX    253
#define PEM_MAX_BYTES   ((size_t)256 * 1024)
#define SCRATCH_BYTES   ((size_t)512)

static enum fault
refused(const char *what, enum fault fault)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	log_line(LOG_SEVERITY_ERROR, "certificate: %s: %s", what,
	    reason ? reason : fault_text(fault));
	ERR_clear_error();
	return fault;
}

static enum fault
refused_names(const char *hostname, const char *address)
{
	char what[HOSTNAME_MAX + COMMON_NAME_MAX];

	snprintf(what, sizeof(what), "host name \"%s\", address \"%s\"",
	    hostname, address);
	return refused(what, FAULT_CRYPTO);
}

static bool
is_hostname(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";

	return *name && strlen(name) <= HOSTNAME_MAX &&
	    strspn(name, letters) == strlen(name);
}

static bool
set_serial(X509 *certificate)
{
	BIGNUM *number = BN_new();
	bool is_set = number &&
	    BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
	    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));

	BN_free(number);
	return is_set;
}

static bool
set_times(X509 *certificate, int64_t now)
{
	return ASN1_TIME_set(X509_getm_notBefore(certificate),
		   now - BACKDATED_DAYS * DAY) &&
	    ASN1_TIME_set(
		X509_getm_notAfter(certificate), now + VALID_DAYS * DAY);
}

static bool
set_name(X509 *certificate, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(certificate);

	if (!*name || strlen(name) > COMMON_NAME_MAX)
		name = "Leasehold appliance";
	return X509_NAME_add_entry_by_NID(subject, NID_commonName,
		   MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) &&
	    X509_set_issuer_name(certificate, subject);
}

/* Takes "value" over, also when it fails. */
static bool
push_name(GENERAL_NAMES *names, int type, ASN1_STRING *value)
{
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (!name || !value) {
		ASN1_STRING_free(value);
		GENERAL_NAME_free(name);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, value);
	if (sk_GENERAL_NAME_push(names, name) > 0)
		return true;
	GENERAL_NAME_free(name);
	return false;
}

static ASN1_STRING *
dns_value(const char *name)
{
	ASN1_STRING *value = ASN1_IA5STRING_new();

	if (value && ASN1_STRING_set(value, name, -1))
		return value;
	ASN1_STRING_free(value);
	return NULL;
}

/* A host "name" that is an address is compared as one, so it is stored as one. */
static bool
push_host(GENERAL_NAMES *names, const char *host)
{
	ASN1_OCTET_STRING *address = a2i_IPADDRESS(host);

	if (address)
		return push_name(names, GEN_IPADD, address);
	ERR_clear_error();
	return is_hostname(host) && push_name(names, GEN_DNS, dns_value(host));
}

/* Built from parts, not from configuration text: there a comma in a name would begin another entry. */
static bool
add_names(X509 *certificate, const char *hostname, const char *address)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	bool is_added = names && (!*hostname || push_host(names, hostname)) &&
	    (!*address || strcmp(address, hostname) == 0 ||
		push_name(names, GEN_IPADD, a2i_IPADDRESS(address)));

	if (is_added && sk_GENERAL_NAME_num(names) > 0)
		is_added = X509_add1_ext_i2d(certificate, NID_subject_alt_name,
			       names, 0, X509V3_ADD_DEFAULT) == 1;
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
	return is_added;
}

static bool
add_extension(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension;
	bool is_added;
	X509V3_CTX context;

	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	is_added = extension && X509_add_ext(certificate, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return is_added;
}

static bool
add_extensions(X509 *certificate)
{
	static const struct {
		int nid;
		const char *value;
	} extensions[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" },
		{ NID_key_usage, "critical,digitalSignature" },
		{ NID_ext_key_usage, "serverAuth" },
		{ NID_subject_key_identifier, "hash" },
	};
	size_t i;

	for (i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (!add_extension(
			certificate, extensions[i].nid, extensions[i].value))
			return false;
	return true;
}

static X509 *
build(EVP_PKEY *key, const char *hostname, const char *address, int64_t now)
{
	X509 *certificate = X509_new();

	if (certificate && X509_set_version(certificate, X509_VERSION_3) &&
	    set_serial(certificate) && set_times(certificate, now) &&
	    set_name(certificate, *hostname ? hostname : address) &&
	    X509_set_pubkey(certificate, key) && add_extensions(certificate) &&
	    add_names(certificate, hostname, address) &&
	    X509_sign(certificate, key, EVP_sha256()))
		return certificate;
	X509_free(certificate);
	return NULL;
}

static enum fault
save(const char *path, EVP_PKEY *key, X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	enum fault fault;
	char *pem = NULL;
	long bytes = 0;

	if (bio &&
	    PEM_write_bio_PKCS8PrivateKey(
		bio, key, NULL, NULL, 0, NULL, NULL) &&
	    PEM_write_bio_X509(bio, certificate))
		bytes = BIO_get_mem_data(bio, &pem);
	if (bytes > 0) {
		fault = file_replace(path, pem, (size_t)bytes, 0600);
		secret_wipe(pem, (size_t)bytes);
	} else {
		fault = refused("PEM", FAULT_CRYPTO);
	}
	BIO_free(bio);
	return fault;
}

static enum fault
load(X509 **out, const char *path)
{
	struct arena arena;
	enum fault fault;
	size_t bytes;
	BIO *bio = NULL;
	char *pem;

	*out = NULL;
	arena_init(&arena, PEM_MAX_BYTES + 1);
	fault = file_read(&pem, &bytes, &arena, path, PEM_MAX_BYTES);
	if (!fault && (bio = BIO_new_mem_buf(pem, (int)bytes)))
		*out = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (!fault && !*out)
		fault = refused(path, FAULT_DAMAGED);
	BIO_free(bio);
	arena_clear(&arena);
	return fault;
}

enum fault
certificate_make(
    const char *path, const char *hostname, const char *address, int64_t now)
{
	X509 *certificate = NULL;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	enum fault fault;

	assert(path && hostname && address);
	if (key)
		certificate = build(key, hostname, address, now);
	if (certificate)
		fault = save(path, key, certificate);
	else
		fault = refused_names(hostname, address);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return fault;
}

static enum fault
pin_of(char out[64], X509 *certificate)
{
	uint8_t digest[DIGEST_BYTES];
	unsigned char *encoded = NULL;
	int bytes = i2d_X509_PUBKEY(
	    X509_get_X509_PUBKEY(certificate), &encoded);
	struct arena arena;
	enum fault fault;
	char *text;

	if (bytes <= 0)
		return refused("public key", FAULT_CRYPTO);
	fault = digest_sha256(digest, encoded, (size_t)bytes);
	OPENSSL_free(encoded);
	if (fault)
		return fault;
	arena_init(&arena, SCRATCH_BYTES);
	if ((text = base64_encode(&arena, digest, sizeof(digest))))
		snprintf(out, 64, "sha256//%s", text);
	else
		fault = FAULT_MEMORY;
	arena_clear(&arena);
	return fault;
}

enum fault
certificate_pin(char out[64], const char *path)
{
	X509 *certificate;
	enum fault fault;

	assert(out && path);
	*out = '\0';
	if (!(fault = load(&certificate, path)))
		fault = pin_of(out, certificate);
	X509_free(certificate);
	return fault;
}

enum fault
certificate_expires(int64_t *out, const char *path)
{
	X509 *certificate;
	struct tm end;
	enum fault fault;

	assert(out && path);
	*out = 0;
	if ((fault = load(&certificate, path)))
		return fault;
	if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1)
		*out = timegm(&end);
	else
		fault = refused(path, FAULT_DAMAGED);
	X509_free(certificate);
	return fault;
}
