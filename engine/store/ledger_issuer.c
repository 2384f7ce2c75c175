/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issuer.c: see ledger_issuer.h.
 */
#include "engine/store/ledger_issuer.h"

#include "engine/base/json.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_act.h"
#include <assert.h>

enum fault
ledger_issuer_rotate(struct ledger *ledger, char kid[44])
{
	enum fault fault;

	assert(ledger && kid && ledger->appliance->role == ROLE_CENTER);
	fault = issuer_keys_rotate(
	    kid, ledger->arena, ledger->appliance->state_directory);
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
