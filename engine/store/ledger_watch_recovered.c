/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_recovered.c: somebody takes it on himself that no client holds
 * more than this restored store knows of.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_recovery.h"
#include "engine/store/store_surrendered.h"
#include <assert.h>

enum fault
ledger_watch_recovered(struct ledger *ledger)
{
	struct recovery_row row;
	enum fault fault;

	assert(ledger);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = store_recovery_load(&row, ledger->store)))
		return fault;
	if (row.recovering_at == 0) {
		mistake_add(
		    &ledger->mistakes, "", MISTAKE_NOT_RECOVERING, NULL, NULL);
		return FAULT_NONE;
	}
	if ((fault = store_recovery_end(ledger->store)) ||
	    (fault = store_surrendered_unheard(ledger->store)) ||
	    (fault = ledger_watch_pools_all(ledger)))
		return fault;
	return ledger_act_event(ledger, EVENT_RECOVERED, "",
	    "an administrator ended it", NULL, NULL, NULL);
}
