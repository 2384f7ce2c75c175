/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issuer.c: see ledger_issuer.h.
 */
#include "engine/store/ledger_issuer.h"

#include "engine/store/ledger_act.h"
#include <assert.h>

enum fault
ledger_issuer_rotated(struct ledger *ledger, const char *kid)
{
	assert(ledger && kid && ledger->appliance->role == ROLE_CENTER);
	return ledger_act_event(
	    ledger, EVENT_ISSUER_ROTATED, kid, NULL, NULL, NULL, NULL);
}

enum fault
ledger_issuer_retired(struct ledger *ledger, const char *kid)
{
	assert(ledger && kid && ledger->appliance->role == ROLE_CENTER);
	return ledger_act_event(
	    ledger, EVENT_ISSUER_RETIRED, kid, NULL, NULL, NULL, NULL);
}
