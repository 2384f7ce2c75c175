/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jws.h: JWS compact serialization (RFC 7515) over Ed25519 (RFC 8037, RFC
 * 9864). Everything but EdDSA/Ed25519, and any embedded key or unknown
 * "crit", is refused before a signature is looked at (protocol.md 2).
 */
#ifndef LEASEHOLD_BASE_JWS_H
#define LEASEHOLD_BASE_JWS_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JWS_MAX_BYTES (64 * 1024)

enum jws_state {
	JWS_OK,
	JWS_MALFORMED,		/* not three base64url parts of JSON */
	JWS_ALGORITHM,		/* alg is neither EdDSA nor Ed25519 */
	JWS_EMBEDDED_KEY,	/* jwk, jku, x5u, x5c in the header */
	JWS_CRITICAL,		/* crit is there: we know no extension */
	JWS_TYPE,		/* typ is not the one expected */
	JWS_UNKNOWN_KEY,	/* kid names no key at hand */
	JWS_SIGNATURE		/* signature does not match, or is not 64 bytes */
};

struct jws {
	const char *alg;
	const char *kid;	/* "" when absent */
	const char *typ;	/* "" when absent */
	json_t *payload;	/* object; owned by the jws: jws_clear releases it */
	const char *signed_text;	/* header.payload, in the arena */
	size_t signed_bytes;
	uint8_t signature[KEYPAIR_SIGNATURE_BYTES];
};

/* Splits and reads, checks the header; nothing in it is trusted yet. All text is in the arena. "typ" NULL = any; compared as RFC 7515 4.1.9 says (no case, "application/" understood). A full arena reads as JWS_MALFORMED, with arena->failed set. On any state but JWS_OK *out is cleared. */
enum jws_state jws_parse(struct jws *out, struct arena *arena, const char *text, size_t length, const char *typ);
bool jws_verify(const struct jws *jws, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
void jws_clear(struct jws *jws);

/* Signs a JSON object; compact text in the arena. "typ" and "kid" NULL or "" = left out. Larger than JWS_MAX_BYTES is FAULT_FULL. */
enum fault jws_sign(char **out, struct arena *arena, const struct keypair *keypair, const char *typ, const char *kid, const json_t *payload) MUST_CHECK;
/* Detached form "header..signature" over "payload" bytes (RFC 7515 appendix F), for request proofs. */
enum fault jws_sign_detached(char **out, struct arena *arena, const struct keypair *keypair, const char *typ, const void *payload, size_t bytes) MUST_CHECK;
/* Verifies a detached one against a known key; the header is checked as in jws_parse. */
enum jws_state jws_verify_detached(struct arena *arena, const char *text, const char *typ, const void *payload, size_t bytes, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);

#endif
