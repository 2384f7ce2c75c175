/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_proof.c: one request bound to one device key. Does not know who the
 * client is, nor whether its clock is right.
 */
#include "engine/peer/device_proof.h"

#include "engine/base/digest.h"
#include "engine/base/jws.h"
#include "engine/base/text.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define PROOF_TYPE "leasehold-device"
/* A header of 32-byte keys stays far below this. */
#define VALUE_MAX_BYTES 1024

/* The four lines; NULL without memory. */
static char *
signed_lines(struct arena *arena, const struct device_proof_subject *subject,
    int64_t time)
{
	char hex[2 * DIGEST_BYTES + 1];

	if (digest_sha256_hex(hex, subject->body, subject->bytes))
		return NULL;
	return arena_format(arena, "%s\n%s\n%s\n%" PRId64, subject->method,
	    subject->path, hex, time);
}

enum fault
device_proof_make(char **out, struct arena *arena, const struct keypair *device,
    const struct device_proof_subject *subject, int64_t now)
{
	enum fault fault;
	char *lines, *jws;

	assert(out && arena && device && subject);
	*out = NULL;
	if (!(lines = signed_lines(arena, subject, now)))
		return FAULT_MEMORY;
	if ((fault = jws_sign_detached(
		 &jws, arena, device, PROOF_TYPE, lines, strlen(lines))))
		return fault;
	*out = arena_format(arena, "%" PRId64 ";%s", now, jws);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

/* What stands after the time; NULL when the value is no proof. */
static const char *
read_time(int64_t *time, struct arena *arena, const char *value)
{
	const char *separator;
	char *number;

	if (!value || strnlen(value, VALUE_MAX_BYTES + 1) > VALUE_MAX_BYTES ||
	    !(separator = strchr(value, ';')))
		return NULL;
	number = arena_text_n(arena, value, (size_t)(separator - value));
	if (!text_parse_int64(time, number, 0, INT64_MAX))
		return NULL;
	return separator + 1;
}

bool
device_proof_check(struct arena *arena,
    const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *value,
    const struct device_proof_subject *subject)
{
	const char *jws;
	char *lines;
	int64_t time;

	assert(arena && public_key && subject);
	if (!(jws = read_time(&time, arena, value)) ||
	    !(lines = signed_lines(arena, subject, time)))
		return false;
	return jws_verify_detached(arena, jws, PROOF_TYPE, lines, strlen(lines),
		   public_key) == JWS_OK;
}

bool
device_proof_is_fresh(struct arena *arena, const char *value, int64_t now)
{
	int64_t time;

	assert(arena);
	/* No time is negative: none of the differences overflows. */
	return now >= 0 && read_time(&time, arena, value) &&
	    time - now <= DEVICE_PROOF_FRESH_SECONDS &&
	    now - time <= DEVICE_PROOF_FRESH_SECONDS;
}
