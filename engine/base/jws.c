/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jws.c: the compact serialization, read strictly and in a fixed order: the
 * header says what it is before anything else is believed, and what verifies
 * is the text as it came, never a re-encoding of it.
 */
#include "engine/base/jws.h"

#include "engine/base/base64.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

#define MEDIA_PREFIX "application/"

struct part {
	const char *text;
	size_t length;
};

struct parts {
	struct part header;
	struct part payload;
	struct part signature;
};

/* Exactly two dots. */
static bool
split(struct parts *out, const char *text, size_t length)
{
	const char *end, *first, *second;

	if (length == 0 || !(first = memchr(text, '.', length)))
		return false;
	end = text + length;
	second = memchr(first + 1, '.', (size_t)(end - first - 1));
	if (!second || memchr(second + 1, '.', (size_t)(end - second - 1)))
		return false;
	out->header = (struct part){ text, (size_t)(first - text) };
	out->payload = (struct part){ first + 1, (size_t)(second - first - 1) };
	out->signature = (struct part){ second + 1,
		(size_t)(end - second - 1) };
	return true;
}

static json_t *
decode_object(struct arena *arena, const struct part *part)
{
	size_t bytes;
	uint8_t *data = base64_url_decode(
	    &bytes, arena, part->text, part->length);

	return data ? json_load_object((const char *)data, bytes, NULL, 0)
		    : NULL;
}

/* RFC 7515 section 4.1.9: without a slash, "application/" is understood; media types ignore case. */
static bool
is_type(const char *found, const char *expected)
{
	size_t prefix = strlen(MEDIA_PREFIX);

	if (text_equals_ignoring_case(found, expected))
		return true;
	return strlen(found) == prefix + strlen(expected) &&
	    text_equals_ignoring_case(found + prefix, expected) &&
	    strncasecmp(found, MEDIA_PREFIX, prefix) == 0;
}

/* The member's text in the arena, "" when absent; NULL when it is no text. */
static const char *
header_text(struct arena *arena, const json_t *header, const char *name)
{
	if (!json_object_get(header, name))
		return "";
	return arena_text(arena, json_text(header, name));
}

static enum jws_state
check_refused_members(const json_t *header)
{
	static const char *const embedded[] = { "jwk", "jku", "x5u", "x5c" };
	size_t i;

	for (i = 0; i < sizeof(embedded) / sizeof(embedded[0]); i++)
		if (json_object_get(header, embedded[i]))
			return JWS_EMBEDDED_KEY;
	return json_object_get(header, "crit") ? JWS_CRITICAL : JWS_OK;
}

static enum jws_state
read_members(
    struct jws *out, struct arena *arena, const json_t *header, const char *typ)
{
	enum jws_state state;

	out->alg = header_text(arena, header, "alg");
	if (!out->alg ||
	    (strcmp(out->alg, "EdDSA") && strcmp(out->alg, "Ed25519")))
		return JWS_ALGORITHM;
	if ((state = check_refused_members(header)))
		return state;
	out->kid = header_text(arena, header, "kid");
	out->typ = header_text(arena, header, "typ");
	if (!out->kid || !out->typ)
		return JWS_MALFORMED;
	return !typ || is_type(out->typ, typ) ? JWS_OK : JWS_TYPE;
}

static enum jws_state
read_header(struct jws *out, struct arena *arena, const struct part *part,
    const char *typ)
{
	json_t *header = decode_object(arena, part);
	enum jws_state state = JWS_MALFORMED;

	if (header)
		state = read_members(out, arena, header, typ);
	json_decref(header);
	return state;
}

static enum jws_state
read_signature(struct jws *out, struct arena *arena, const struct part *part)
{
	size_t bytes;
	uint8_t *data = base64_url_decode(
	    &bytes, arena, part->text, part->length);

	if (!data)
		return JWS_MALFORMED;
	if (bytes != KEYPAIR_SIGNATURE_BYTES)
		return JWS_SIGNATURE;
	memcpy(out->signature, data, bytes);
	return JWS_OK;
}

/* Header and signature of "parts"; the payload is the caller's matter. */
static enum jws_state
read_frame(struct jws *out, struct arena *arena, const struct parts *parts,
    const char *typ)
{
	enum jws_state state;

	if ((state = read_header(out, arena, &parts->header, typ)))
		return state;
	return read_signature(out, arena, &parts->signature);
}

enum jws_state
jws_parse(struct jws *out, struct arena *arena, const char *text, size_t length,
    const char *typ)
{
	enum jws_state state;
	struct parts parts;

	assert(out && arena && (text || length == 0));
	*out = (struct jws){ 0 };
	if (length > JWS_MAX_BYTES || !split(&parts, text, length))
		return JWS_MALFORMED;
	if ((state = read_frame(out, arena, &parts, typ)))
		goto refused;
	state = JWS_MALFORMED;
	if (!(out->payload = decode_object(arena, &parts.payload)))
		goto refused;
	out->signed_bytes = parts.header.length + 1 + parts.payload.length;
	if (!(out->signed_text = arena_text_n(arena, text, out->signed_bytes)))
		goto refused;
	return JWS_OK;
refused:
	jws_clear(out);
	return state;
}

bool
jws_verify(
    const struct jws *jws, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	assert(jws && public_key);
	return jws->signed_text &&
	    keypair_verify(public_key, jws->signed_text, jws->signed_bytes,
		jws->signature);
}

void
jws_clear(struct jws *jws)
{
	assert(jws);
	json_decref(jws->payload);
	*jws = (struct jws){ 0 };
}

/* Base64url of the header; NULL without memory. "kid" and "typ" may be NULL or "". */
static char *
write_header(struct arena *arena, const char *typ, const char *kid)
{
	json_t *header = json_pack("{s:s, s:s*, s:s*}", "alg", "EdDSA", "kid",
	    kid && *kid ? kid : NULL, "typ", typ && *typ ? typ : NULL);
	char *text = header ? json_dump(arena, header) : NULL;

	json_decref(header);
	return text ? base64_url_encode(arena, text, strlen(text)) : NULL;
}

/* header.payload, both encoded. */
static char *
write_signed_text(
    struct arena *arena, const char *header, const void *payload, size_t bytes)
{
	char *encoded = base64_url_encode(arena, payload, bytes);

	return header && encoded ? arena_format(arena, "%s.%s", header, encoded)
				 : NULL;
}

static enum fault
write_signature(char **out, struct arena *arena, const struct keypair *keypair,
    const char *signed_text)
{
	uint8_t signature[KEYPAIR_SIGNATURE_BYTES];
	enum fault fault;

	*out = NULL;
	if (!signed_text)
		return FAULT_MEMORY;
	if ((fault = keypair_sign(
		 signature, keypair, signed_text, strlen(signed_text))))
		return fault;
	*out = base64_url_encode(arena, signature, sizeof(signature));
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
jws_sign(char **out, struct arena *arena, const struct keypair *keypair,
    const char *typ, const char *kid, const json_t *payload)
{
	char *body, *signed_text, *signature;
	enum fault fault;

	assert(out && arena && keypair && json_is_object(payload));
	*out = NULL;
	if (!(body = json_dump(arena, payload)))
		return FAULT_MEMORY;
	signed_text = write_signed_text(
	    arena, write_header(arena, typ, kid), body, strlen(body));
	if ((fault = write_signature(&signature, arena, keypair, signed_text)))
		return fault;
	if (strlen(signed_text) + 1 + strlen(signature) > JWS_MAX_BYTES) {
		log_line(LOG_SEVERITY_ERROR, "JWS of %zu bytes is too large",
		    strlen(signed_text));
		return FAULT_FULL;
	}
	*out = arena_format(arena, "%s.%s", signed_text, signature);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
jws_sign_detached(char **out, struct arena *arena,
    const struct keypair *keypair, const char *typ, const void *payload,
    size_t bytes)
{
	char *header, *signature;
	enum fault fault;

	assert(out && arena && keypair && (payload || bytes == 0));
	*out = NULL;
	if (!(header = write_header(arena, typ, NULL)))
		return FAULT_MEMORY;
	if ((fault = write_signature(&signature, arena, keypair,
		 write_signed_text(arena, header, payload, bytes))))
		return fault;
	*out = arena_format(arena, "%s..%s", header, signature);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

enum jws_state
jws_verify_detached(struct arena *arena, const char *text, const char *typ,
    const void *payload, size_t bytes,
    const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	struct jws jws = { 0 };
	struct parts parts;
	enum jws_state state;
	char *header;

	assert(arena && text && public_key && (payload || bytes == 0));
	if (strnlen(text, JWS_MAX_BYTES + 1) > JWS_MAX_BYTES ||
	    !split(&parts, text, strlen(text)) || parts.payload.length)
		return JWS_MALFORMED;
	if ((state = read_frame(&jws, arena, &parts, typ)))
		return state;
	header = arena_text_n(arena, parts.header.text, parts.header.length);
	jws.signed_text = write_signed_text(arena, header, payload, bytes);
	if (!jws.signed_text)
		return JWS_MALFORMED;
	jws.signed_bytes = strlen(jws.signed_text);
	return jws_verify(&jws, public_key) ? JWS_OK : JWS_SIGNATURE;
}
