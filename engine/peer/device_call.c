/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_call.c: one call, bound to one device, one address and one body.
 */
#include "engine/peer/device_call.h"

#include "engine/base/digest.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/base/random.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

#define CALL_TYPE   "leasehold-device-call"
#define SCHEME	    "Device "
#define NONCE_BYTES 16
#define NONCE_MAX   64
/* Of a call as device_call_make writes it: far below. */
#define VALUE_MAX_BYTES 4096

enum fault
device_call_make(const char **out, struct arena *arena,
    const struct keypair *device, const struct device_proof_subject *subject,
    int64_t now)
{
	char digest[2 * DIGEST_BYTES + 1], nonce[2 * NONCE_BYTES + 1];
	json_t *payload;
	enum fault fault;
	char *jws = NULL;

	assert(out && arena && device && subject);
	*out = NULL;
	if ((fault = digest_sha256_hex(
		 digest, subject->body, subject->bytes)) ||
	    (fault = random_hex(nonce, NONCE_BYTES)))
		return fault;
	payload = json_pack("{s:s, s:s, s:s, s:I, s:s}", "method",
	    subject->method, "path", subject->path, "digest", digest, "time",
	    (json_int_t)now, "nonce", nonce);
	fault = payload
	    ? jws_sign(&jws, arena, device, CALL_TYPE, NULL, payload)
	    : FAULT_MEMORY;
	json_decref(payload);
	if (fault)
		return fault;
	*out = arena_format(arena, "Authorization: " SCHEME "%s", jws);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

static bool
is_text(const json_t *payload, const char *name, const char *wanted)
{
	const char *text = json_text(payload, name);

	return text && strcmp(text, wanted) == 0;
}

static bool
fits(struct device_call *out, struct arena *arena, const json_t *payload,
    const struct device_proof_subject *subject)
{
	char digest[2 * DIGEST_BYTES + 1];
	const char *nonce = json_text(payload, "nonce");

	if (digest_sha256_hex(digest, subject->body, subject->bytes) ||
	    !is_text(payload, "method", subject->method) ||
	    !is_text(payload, "path", subject->path) ||
	    !is_text(payload, "digest", digest) ||
	    !json_int64(&out->time, payload, "time", 0, INT64_MAX) || !nonce ||
	    !*nonce || strlen(nonce) > NONCE_MAX)
		return false;
	out->nonce = arena_text(arena, nonce);
	return out->nonce != NULL;
}

bool
device_call_check(struct device_call *out, struct arena *arena,
    const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *value,
    const struct device_proof_subject *subject)
{
	struct jws jws;
	size_t bytes;
	bool is_good;

	assert(out && arena && public_key && value && subject);
	*out = (struct device_call){ .nonce = NULL };
	if (strncasecmp(value, SCHEME, strlen(SCHEME)) != 0)
		return false;
	value += strlen(SCHEME);
	bytes = strnlen(value, VALUE_MAX_BYTES + 1);
	if (bytes > VALUE_MAX_BYTES ||
	    jws_parse(&jws, arena, value, bytes, CALL_TYPE) != JWS_OK)
		return false;
	is_good = jws_verify(&jws, public_key) &&
	    fits(out, arena, jws.payload, subject);
	jws_clear(&jws);
	return is_good;
}
