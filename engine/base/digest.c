/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.c: SHA-256 and its HMAC, one shot each.
 */
#include "engine/base/digest.h"

#include "engine/base/log.h"
#include "engine/base/text.h"
#include <assert.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

static enum fault
refused(const char *what)
{
	log_line(LOG_SEVERITY_ERROR, "%s: %s", what,
	    ERR_reason_error_string(ERR_peek_last_error()));
	ERR_clear_error();
	return FAULT_CRYPTO;
}

enum fault
digest_sha256(uint8_t out[DIGEST_BYTES], const void *data, size_t bytes)
{
	assert(out && (data || bytes == 0));
	memset(out, 0, DIGEST_BYTES);
	if (EVP_Digest(data, bytes, out, NULL, EVP_sha256(), NULL) != 1)
		return refused("SHA-256");
	return FAULT_NONE;
}

enum fault
digest_sha256_hex(
    char out[2 * DIGEST_BYTES + 1], const void *data, size_t bytes)
{
	uint8_t raw[DIGEST_BYTES];
	enum fault fault = digest_sha256(raw, data, bytes);

	text_hex(out, raw, fault ? 0 : sizeof(raw));
	return fault;
}

enum fault
digest_hmac(uint8_t out[DIGEST_BYTES], const void *key, size_t key_bytes,
    const void *data, size_t bytes)
{
	size_t made = 0;

	assert(out && (key || key_bytes == 0) && (data || bytes == 0));
	memset(out, 0, DIGEST_BYTES);
	/* A NULL key would mean "the key of last time" to OpenSSL. */
	if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key ? key : "",
		key_bytes, data, bytes, out, DIGEST_BYTES, &made) ||
	    made != DIGEST_BYTES)
		return refused("HMAC-SHA-256");
	return FAULT_NONE;
}
