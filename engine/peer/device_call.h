/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_call.h: the header of a call to the center, by which the center knows
 * which device speaks (protocol.md 4):
 *
 *	Authorization: Device <JWS>
 *
 * The JWS (typ "leasehold-device-call") is signed with the device key over an
 * object of "method", "path", "digest" (SHA-256 of the body in lower-case
 * hexadecimal), "time" (the sender's clock in seconds) and "nonce".
 */
#ifndef LEASEHOLD_PEER_DEVICE_CALL_H
#define LEASEHOLD_PEER_DEVICE_CALL_H

#include "engine/peer/device_proof.h"

/* As far as the sender's clock may be off. */
#define DEVICE_CALL_FRESH_SECONDS 900

struct device_call {
	const char *nonce;
	int64_t time;
};

/* "Authorization: Device …", in the arena; the path without a query. */
enum fault device_call_make(const char **out, struct arena *arena,
    const struct keypair *device, const struct device_proof_subject *subject,
    int64_t now) MUST_CHECK;
/* Did that key sign this call? "value" is the header's. Whether it is fresh, and new, is for the caller to say. */
bool device_call_check(struct device_call *out, struct arena *arena,
    const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *value,
    const struct device_proof_subject *subject);

#endif
