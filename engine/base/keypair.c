/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keypair.c: Ed25519 through EVP. Does not know whose key it is.
 */
#include "engine/base/keypair.h"

#include "engine/base/base64.h"
#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/secret.h"
#include <assert.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEM_MAX_BYTES ((size_t)16 * 1024)
#define SCRATCH_BYTES ((size_t)512)

struct keypair {
	EVP_PKEY *key;
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
};

static enum fault
refused(const char *what, enum fault fault)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	log_line(LOG_SEVERITY_ERROR, "%s: %s", what,
	    reason ? reason : fault_text(fault));
	ERR_clear_error();
	return fault;
}

/* Takes "key" over, also when it fails. */
static enum fault
wrap(struct keypair **out, EVP_PKEY *key)
{
	size_t length = KEYPAIR_PUBLIC_BYTES;
	struct keypair *keypair = calloc(1, sizeof(*keypair));

	if (!keypair) {
		EVP_PKEY_free(key);
		return FAULT_MEMORY;
	}
	keypair->key = key;
	if (EVP_PKEY_get_raw_public_key(key, keypair->public_key, &length) !=
		1 ||
	    length != KEYPAIR_PUBLIC_BYTES) {
		keypair_free(&keypair);
		return refused("Ed25519 public key", FAULT_CRYPTO);
	}
	*out = keypair;
	return FAULT_NONE;
}

/* An encrypted file must not make a daemon ask a terminal. */
static int
no_passphrase(char *buffer, int size, int is_writing, void *context)
{
	(void)buffer;
	(void)size;
	(void)is_writing;
	(void)context;
	return 0;
}

static EVP_PKEY *
read_pem(const char *pem, size_t bytes)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)bytes);
	EVP_PKEY *key;

	if (!bio)
		return NULL;
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (key && EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key;
}

enum fault
keypair_generate(struct keypair **out)
{
	EVP_PKEY *key;

	assert(out);
	*out = NULL;
	if (!(key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")))
		return refused("Ed25519 key generation", FAULT_CRYPTO);
	return wrap(out, key);
}

enum fault
keypair_load(struct keypair **out, const char *path)
{
	struct arena arena;
	EVP_PKEY *key;
	enum fault fault;
	size_t bytes;
	char *pem;

	assert(out && path);
	*out = NULL;
	arena_init(&arena, PEM_MAX_BYTES + 1);
	fault = file_read(&pem, &bytes, &arena, path, PEM_MAX_BYTES);
	if (!fault && (key = read_pem(pem, bytes)))
		fault = wrap(out, key);
	else if (!fault)
		fault = refused(path, FAULT_DAMAGED);
	else if (fault == FAULT_FULL)
		fault = FAULT_DAMAGED;
	arena_clear(&arena);
	return fault;
}

enum fault
keypair_save(const struct keypair *keypair, const char *path)
{
	BIO *bio = BIO_new(BIO_s_mem());
	enum fault fault;
	char *pem = NULL;
	long bytes;

	assert(keypair && path);
	if (!bio)
		return FAULT_MEMORY;
	if (PEM_write_bio_PKCS8PrivateKey(
		bio, keypair->key, NULL, NULL, 0, no_passphrase, NULL) == 1 &&
	    (bytes = BIO_get_mem_data(bio, &pem)) > 0) {
		fault = file_create(path, pem, (size_t)bytes, 0600);
		secret_wipe(pem, (size_t)bytes);
	} else {
		fault = refused("PEM of a private key", FAULT_CRYPTO);
	}
	BIO_free(bio);
	return fault;
}

void
keypair_free(struct keypair **keypair)
{
	assert(keypair);
	if (!*keypair)
		return;
	EVP_PKEY_free((*keypair)->key);
	secret_wipe(*keypair, sizeof(**keypair));
	free(*keypair);
	*keypair = NULL;
}

void
keypair_public(uint8_t out[KEYPAIR_PUBLIC_BYTES], const struct keypair *keypair)
{
	assert(out && keypair);
	memcpy(out, keypair->public_key, KEYPAIR_PUBLIC_BYTES);
}

enum fault
keypair_sign(uint8_t out[KEYPAIR_SIGNATURE_BYTES],
    const struct keypair *keypair, const void *data, size_t bytes)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t length = KEYPAIR_SIGNATURE_BYTES;
	enum fault fault = FAULT_NONE;

	assert(out && keypair && (data || bytes == 0));
	memset(out, 0, KEYPAIR_SIGNATURE_BYTES);
	if (!context)
		return FAULT_MEMORY;
	if (EVP_DigestSignInit(context, NULL, NULL, NULL, keypair->key) != 1 ||
	    EVP_DigestSign(context, out, &length,
		data ? data : (const void *)"", bytes) != 1 ||
	    length != KEYPAIR_SIGNATURE_BYTES)
		fault = refused("Ed25519 signature", FAULT_CRYPTO);
	EVP_MD_CTX_free(context);
	return fault;
}

bool
keypair_verify(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const void *data,
    size_t bytes, const uint8_t signature[KEYPAIR_SIGNATURE_BYTES])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(
	    EVP_PKEY_ED25519, NULL, public_key, KEYPAIR_PUBLIC_BYTES);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool matches = false;

	assert(public_key && signature && (data || bytes == 0));
	if (key && context)
		matches = EVP_DigestVerifyInit(
			      context, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestVerify(context, signature,
			KEYPAIR_SIGNATURE_BYTES, data ? data : (const void *)"",
			bytes) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	/* A wrong signature is an answer; its trace must not surface in the next error. */
	ERR_clear_error();
	return matches;
}

json_t *
keypair_public_to_jwk(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	struct arena arena;
	json_t *jwk = NULL;
	char *x;

	assert(public_key);
	arena_init(&arena, SCRATCH_BYTES);
	if ((x = base64_url_encode(&arena, public_key, KEYPAIR_PUBLIC_BYTES)))
		jwk = json_pack(
		    "{s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "x", x);
	arena_clear(&arena);
	return jwk;
}

bool
keypair_public_from_jwk(uint8_t out[KEYPAIR_PUBLIC_BYTES], const json_t *jwk)
{
	const char *kty = json_string_value(json_object_get(jwk, "kty"));
	const char *crv = json_string_value(json_object_get(jwk, "crv"));
	const json_t *x = json_object_get(jwk, "x");
	struct arena arena;
	uint8_t *key = NULL;
	size_t bytes = 0;

	assert(out);
	memset(out, 0, KEYPAIR_PUBLIC_BYTES);
	if (!kty || !crv || strcmp(kty, "OKP") || strcmp(crv, "Ed25519") ||
	    !json_is_string(x))
		return false;
	arena_init(&arena, SCRATCH_BYTES);
	key = base64_url_decode(
	    &bytes, &arena, json_string_value(x), json_string_length(x));
	if (key && bytes == KEYPAIR_PUBLIC_BYTES)
		memcpy(out, key, KEYPAIR_PUBLIC_BYTES);
	arena_clear(&arena);
	return key && bytes == KEYPAIR_PUBLIC_BYTES;
}

/* RFC 7638 section 3: the required members only, in this order, no blanks. */
enum fault
keypair_thumbprint(char out[44], const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	uint8_t digest[DIGEST_BYTES];
	enum fault fault = FAULT_MEMORY;
	struct arena arena;
	char *x, *text;

	assert(out && public_key);
	*out = '\0';
	arena_init(&arena, SCRATCH_BYTES);
	if (!(x = base64_url_encode(
		  &arena, public_key, KEYPAIR_PUBLIC_BYTES)) ||
	    !(text = arena_format(&arena,
		  "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x)))
		goto out;
	if ((fault = digest_sha256(digest, text, strlen(text))))
		goto out;
	if ((text = base64_url_encode(&arena, digest, sizeof(digest))))
		snprintf(out, 44, "%s", text);
	else
		fault = FAULT_MEMORY;
out:
	arena_clear(&arena);
	return fault;
}
