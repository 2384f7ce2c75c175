/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.c: OpenSSL's generator, and shapes people and files can take.
 */
#include "engine/base/random.h"

#include "engine/base/crockford.h"
#include "engine/base/log.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"
#include <assert.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#define PASSWORD_BYTES      16
#define PASSWORD_CHARACTERS 26
#define HEX_STEP            32

enum fault
random_bytes(void *out, size_t bytes)
{
	uint8_t *to = out;
	size_t step;

	assert(out || bytes == 0);
	for (; bytes; bytes -= step, to += step) {
		step = bytes < INT_MAX ? bytes : INT_MAX;
		if (RAND_bytes(to, (int)step) != 1) {
			log_line(LOG_SEVERITY_ERROR, "random generator: %s",
			    ERR_reason_error_string(ERR_peek_last_error()));
			ERR_clear_error();
			return FAULT_CRYPTO;
		}
	}
	return FAULT_NONE;
}

enum fault
random_hex(char *out, size_t bytes)
{
	uint8_t raw[HEX_STEP];
	enum fault fault = FAULT_NONE;
	size_t step;

	assert(out);
	*out = '\0';
	for (; bytes; bytes -= step, out += 2 * step) {
		step = bytes < sizeof(raw) ? bytes : sizeof(raw);
		if ((fault = random_bytes(raw, step)))
			break;
		text_hex(out, raw, step);
	}
	secret_wipe(raw, sizeof(raw));
	return fault;
}

enum fault
random_password(char out[27])
{
	uint8_t raw[PASSWORD_BYTES];
	enum fault fault;

	assert(out);
	*out = '\0';
	if ((fault = random_bytes(raw, sizeof(raw))))
		return fault;
	crockford_encode(out, PASSWORD_CHARACTERS, raw, sizeof(raw));
	secret_wipe(raw, sizeof(raw));
	return FAULT_NONE;
}

/* The values above the last whole multiple of "limit" are thrown again: they would favour small results. */
int64_t
random_below(int64_t limit)
{
	uint64_t value, range = (uint64_t)limit, excess;

	assert(limit >= 1);
	excess = (UINT64_MAX % range + 1) % range;
	do {
		if (random_bytes(&value, sizeof(value)))
			return 0;
	} while (value > UINT64_MAX - excess);
	return (int64_t)(value % range);
}
