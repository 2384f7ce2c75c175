/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secret.c: OpenSSL's wiping and comparing, which no compiler removes or
 * shortens.
 */
#include "engine/base/secret.h"

#include <openssl/crypto.h>

void
secret_wipe(void *data, size_t bytes)
{
	if (data)
		OPENSSL_cleanse(data, bytes);
}

bool
secret_equals(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
	if (a_bytes != b_bytes)
		return false;
	return a_bytes == 0 || CRYPTO_memcmp(a, b, a_bytes) == 0;
}
