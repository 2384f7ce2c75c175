/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keypair.h: Ed25519 keys: the device key, the server key that signs leases,
 * the issuer key that signs licenses. PEM (PKCS#8) on disk, JWK (RFC 8037)
 * on the wire.
 */
#ifndef LEASEHOLD_BASE_KEYPAIR_H
#define LEASEHOLD_BASE_KEYPAIR_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYPAIR_PUBLIC_BYTES 32
#define KEYPAIR_SIGNATURE_BYTES 64

struct keypair;		/* private and public part */

enum fault keypair_generate(struct keypair **out) MUST_CHECK;
/* Reads PEM; FAULT_NOT_FOUND without a file, FAULT_DAMAGED when it is not an Ed25519 key. */
enum fault keypair_load(struct keypair **out, const char *path) MUST_CHECK;
/* Writes PEM with mode 0600, atomically, never over an existing file. */
enum fault keypair_save(const struct keypair *keypair, const char *path) MUST_CHECK;
/* Wipes, frees, sets NULL; accepts NULL inside. */
void keypair_free(struct keypair **keypair);

void keypair_public(uint8_t out[KEYPAIR_PUBLIC_BYTES], const struct keypair *keypair);
/* Safe to call from many threads on one keypair. */
enum fault keypair_sign(uint8_t out[KEYPAIR_SIGNATURE_BYTES], const struct keypair *keypair, const void *data, size_t bytes) MUST_CHECK;
/* Is it that key's signature over that data? */
bool keypair_verify(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const void *data, size_t bytes, const uint8_t signature[KEYPAIR_SIGNATURE_BYTES]);

/* {"kty":"OKP","crv":"Ed25519","x":…}; new reference, NULL without memory. */
json_t *keypair_public_to_jwk(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
bool keypair_public_from_jwk(uint8_t out[KEYPAIR_PUBLIC_BYTES], const json_t *jwk);
/* RFC 7638 thumbprint (base64url of SHA-256), 43 characters: our kid. */
enum fault keypair_thumbprint(char out[44], const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]) MUST_CHECK;

#endif
