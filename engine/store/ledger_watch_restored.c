/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_restored.c: this store was restored from a copy. What happened
 * after the copy was made is known to others only.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_recovery.h"
#include <assert.h>
#include <inttypes.h>

static enum fault
restore_server(struct ledger *ledger)
{
	struct recovery_row row;
	enum fault fault;

	if ((fault = store_recovery_load(&row, ledger->store)))
		return fault;
	return ledger_act_event(ledger, EVENT_RESTORED, "",
	    arena_format(ledger->arena, "%" PRId64, row.epoch), NULL, NULL,
	    NULL);
}

/* What a client leased or surrendered since, its server knows: nothing of that counts before they have talked. */
static enum fault
restore_client(struct ledger *ledger)
{
	enum fault fault = store_recovery_forget_lease(ledger->store);

	return fault ? fault
		     : ledger_act_event(ledger, EVENT_RESTORED_CLIENT, "", NULL,
			   NULL, NULL, NULL);
}

enum fault
ledger_watch_restored(struct ledger *ledger)
{
	enum fault fault;

	assert(ledger);
	if ((fault = store_recovery_begin(ledger->store, ledger->now)))
		return fault;
	if (ledger->appliance->role == ROLE_CLIENT)
		return restore_client(ledger);
	if (!appliance_lends(ledger->appliance))
		return store_recovery_end(ledger->store);
	return restore_server(ledger);
}
