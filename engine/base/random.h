/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.h: unpredictable bytes from OpenSSL's generator.
 */
#ifndef LEASEHOLD_BASE_RANDOM_H
#define LEASEHOLD_BASE_RANDOM_H

#include "engine/base/fault.h"
#include <stddef.h>
#include <stdint.h>

enum fault random_bytes(void *out, size_t bytes) MUST_CHECK;
/* "bytes" random bytes as lower-case hexadecimal; out needs 2 * bytes + 1. */
enum fault random_hex(char *out, size_t bytes) MUST_CHECK;
/* A 128-bit password in 26 characters of Crockford base32, for a person to copy. */
enum fault random_password(char out[27]) MUST_CHECK;
/* Uniform in [0, limit); limit >= 1. For jitter, where a failure may yield 0. */
int64_t random_below(int64_t limit);

#endif
