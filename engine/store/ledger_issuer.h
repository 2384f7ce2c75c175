/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issuer.h: issuer keys change, in their files (issuer_keys.h) and in the
 * log: at the center those by which it signs, on an appliance those it trusts.
 */
#ifndef LEASEHOLD_STORE_LEDGER_ISSUER_H
#define LEASEHOLD_STORE_LEDGER_ISSUER_H

#include "engine/store/ledger.h"
#include <jansson.h>

/* New license keys are signed by a new key from now on; "kid" is its thumbprint. A mistake when another key than "present" signs by now, NULL = whichever does, or when there are too many. */
enum fault ledger_issuer_rotate(struct ledger *ledger, char kid[44], const char *present) MUST_CHECK;
/* A former key is published and used no more; what it signed stays. A mistake when there is none of that thumbprint, or it is the present one. */
enum fault ledger_issuer_retire(struct ledger *ledger, const char *kid) MUST_CHECK;
/* On an appliance: what they signed is installed from now on. Keys of issuer_keys_offered(). */
enum fault ledger_issuer_trust(struct ledger *ledger, const json_t *keys) MUST_CHECK;

#endif
