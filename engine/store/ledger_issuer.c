/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issuer.c: see ledger_issuer.h.
 */
#include "engine/store/ledger_issuer.h"

#include "engine/base/json.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_act.h"
#include <assert.h>
#include <string.h>

/* Two who press at once make one key. */
static enum fault
check_present(struct ledger *ledger, const char *present)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	struct issuer_keys issuers;
	char kid[44];
	enum fault fault = issuer_keys_load(
	    &issuers, ledger->arena, ledger->appliance->state_directory);

	if (fault)
		return fault;
	keypair_public(public_key, issuers.keys[0]);
	issuer_keys_free(&issuers);
	if ((fault = keypair_thumbprint(kid, public_key)))
		return fault;
	if (strcmp(kid, present) != 0)
		mistake_add(&ledger->mistakes, "present",
		    MISTAKE_ISSUER_CHANGED, arena_text(ledger->arena, kid),
		    NULL);
	return FAULT_NONE;
}

enum fault
ledger_issuer_rotate(struct ledger *ledger, char kid[44], const char *present)
{
	enum fault fault = FAULT_NONE;

	assert(ledger && kid && ledger->appliance->role == ROLE_CENTER);
	if (present)
		fault = check_present(ledger, present);
	if (fault || ledger->mistakes.count > 0)
		return fault;
	fault = issuer_keys_rotate(
	    kid, ledger->arena, ledger->appliance->state_directory);
	if (fault == FAULT_FULL) {
		mistake_add(&ledger->mistakes, "present", MISTAKE_ISSUER_FULL,
		    NULL, NULL);
		return FAULT_NONE;
	}
	return fault ? fault
		     : ledger_act_event(ledger, EVENT_ISSUER_ROTATED, kid, NULL,
			   NULL, NULL, NULL);
}

enum fault
ledger_issuer_retire(struct ledger *ledger, const char *kid)
{
	enum fault fault;

	assert(ledger && kid && ledger->appliance->role == ROLE_CENTER);
	fault = issuer_keys_retire(
	    ledger->arena, ledger->appliance->state_directory, kid);
	if (fault == FAULT_NOT_FOUND || fault == FAULT_BUSY) {
		mistake_add(&ledger->mistakes, "kid",
		    fault == FAULT_BUSY ? MISTAKE_ISSUER_PRESENT
					: MISTAKE_ISSUER_UNKNOWN,
		    kid, NULL);
		return FAULT_NONE;
	}
	return fault ? fault
		     : ledger_act_event(ledger, EVENT_ISSUER_RETIRED, kid, NULL,
			   NULL, NULL, NULL);
}

enum fault
ledger_issuer_trust(struct ledger *ledger, const json_t *keys)
{
	size_t index;
	json_t *jwk;
	enum fault fault;

	assert(ledger && keys && ledger->appliance->role != ROLE_CENTER);
	fault = issuer_keys_trust(
	    ledger->arena, ledger->appliance->state_directory, keys);
	json_array_foreach(keys, index, jwk)
	{
		const char *kid = json_text(jwk, "kid");

		if (!fault && kid)
			fault = ledger_act_event(ledger, EVENT_ISSUER_TRUSTED,
			    kid, NULL, NULL, NULL, NULL);
	}
	return fault;
}
