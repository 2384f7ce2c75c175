/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.h: SHA-256 and HMAC-SHA-256 through EVP.
 */
#ifndef LEASEHOLD_BASE_DIGEST_H
#define LEASEHOLD_BASE_DIGEST_H

#include "engine/base/fault.h"
#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 32

enum fault digest_sha256(uint8_t out[DIGEST_BYTES], const void *data, size_t bytes) MUST_CHECK;
/* Lower-case hexadecimal of the digest. */
enum fault digest_sha256_hex(char out[2 * DIGEST_BYTES + 1], const void *data, size_t bytes) MUST_CHECK;
enum fault digest_hmac(uint8_t out[DIGEST_BYTES], const void *key, size_t key_bytes, const void *data, size_t bytes) MUST_CHECK;

#endif
