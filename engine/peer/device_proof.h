/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_proof.h: the header "Leasehold-Device", by which a client shows that
 * a request comes from the device that registered. Its value is
 *
 *	<time>;<detached JWS, RFC 7515 appendix F>
 *
 * with the sender's clock in decimal seconds, signed (typ "leasehold-device")
 * over these four lines, the last one without a line end:
 *
 *	POST
 *	/lease/v1/sync
 *	<SHA-256 of the body in lower-case hexadecimal>
 *	<time>
 */
#ifndef LEASEHOLD_PEER_DEVICE_PROOF_H
#define LEASEHOLD_PEER_DEVICE_PROOF_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEVICE_PROOF_HEADER "Leasehold-Device"
/* As far as a client's clock may be off before it is told so. */
#define DEVICE_PROOF_FRESH_SECONDS 900

/* What is signed, but for the time. */
struct device_proof_subject {
	const char *method; /* "POST" */
	const char *path;   /* "/lease/v1/sync" */
	const void *body;
	size_t bytes;
};

/* The header's value, in the arena. */
enum fault
device_proof_make(char **out, struct arena *arena, const struct keypair *device,
    const struct device_proof_subject *subject, int64_t now) MUST_CHECK;
/* Did that key sign this request? Any time is taken: what bars a replay is the request ID in the body. */
bool device_proof_check(struct arena *arena,
    const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *value,
    const struct device_proof_subject *subject);
/* Was a proof that fits made just now? An older one may have been recorded. */
bool device_proof_is_fresh(struct arena *arena, const char *value, int64_t now);

#endif
