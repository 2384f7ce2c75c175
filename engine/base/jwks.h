/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jwks.h: a file of trusted issuer keys (RFC 7517), read whole.
 */
#ifndef LEASEHOLD_BASE_JWKS_H
#define LEASEHOLD_BASE_JWKS_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include <stddef.h>
#include <stdint.h>

struct jwks_key {
	const char *kid;	/* the thumbprint when the file names none */
	const char *issuer;	/* member "iss" of the key: the issuer it speaks for; "" = any */
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
};
struct jwks {
	struct jwks_key *keys;
	size_t count;
	char digest[65];	/* SHA-256 of the file, to see a change */
};

/* Keys that are not for Ed25519 signatures are passed over; a file that is no JWKS, holds a broken Ed25519 key or one kid twice is FAULT_DAMAGED; no file is FAULT_NOT_FOUND. On a fault *out is empty. Memory is the arena's. */
enum fault jwks_load(struct jwks *out, struct arena *arena, const char *path) MUST_CHECK;
/* The key of that id, NULL when none. */
const struct jwks_key *jwks_find(const struct jwks *jwks, const char *kid);

#endif
