/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer_keys.h: the keys by which a center signs: the present one, and former
 * ones that appliances still trust (decision 0039). The private halves are the
 * files issuer.key and issuer-THUMBPRINT.key of the state directory, the
 * public ones its trusted.jwks.
 */
#ifndef LEASEHOLD_STORE_ISSUER_KEYS_H
#define LEASEHOLD_STORE_ISSUER_KEYS_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/jwks.h"
#include "engine/base/keypair.h"
#include <jansson.h>
#include <stdbool.h>

#define ISSUER_KEYS_MAX 32	/* in all */

struct issuer_keys {
	struct keypair *keys[ISSUER_KEYS_MAX];	/* the present one first */
	size_t count;
	struct jwks trust;	/* the public halves, with their names; memory is the arena's */
};

/* FAULT_NOT_FOUND without a present one. */
enum fault issuer_keys_load(struct issuer_keys *out, struct arena *arena, const char *state_directory) MUST_CHECK;
/* Accepts a cleared one. */
void issuer_keys_free(struct issuer_keys *keys);
/* {"keys":[…],"signed":[…]}: the public halves, and the same signed by each private one; in the arena. */
enum fault issuer_keys_publish(const char **out, struct arena *arena, const struct issuer_keys *keys, int64_t now) MUST_CHECK;

/*
 * A new present key; the one before becomes a former one. Killed in between it
 * is finished by the next call: no key signs before it is published. "kid" is
 * of the new one. FAULT_FULL when there are ISSUER_KEYS_MAX.
 */
enum fault issuer_keys_rotate(char kid[44], struct arena *arena, const char *state_directory) MUST_CHECK;
/* A former key is trusted, published and used no more. FAULT_NOT_FOUND when there is none of that kid, FAULT_BUSY when it is the present one. */
enum fault issuer_keys_retire(struct arena *arena, const char *state_directory, const char *kid) MUST_CHECK;

/*
 * On an appliance: of signed texts of issuer_keys_publish, one a line, what an
 * issuer whom "trust" knows says in the newest: the keys that "trust" does not
 * have yet, as JWKs with iss and kid, the thumbprint. *signer is the kid of who
 * says so, NULL when nobody who is trusted signed.
 */
enum fault issuer_keys_offered(json_t **out, const char **signer, struct arena *arena, const struct jwks *trust, const char *texts) MUST_CHECK;
/* Adds public keys to trusted.jwks. */
enum fault issuer_keys_trust(struct arena *arena, const char *state_directory, const json_t *keys) MUST_CHECK;

#endif
