/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_replace.c: a spare goes on in the place of another license server,
 * with that one's store (rules.md 8.6). What was leased goes on; what was
 * installed there was for the other hardware ID, and counts here no more.
 */
#include "engine/store/ledger_recovery.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_license.h"
#include "engine/store/store_predecessor.h"
#include <assert.h>

enum fault
ledger_replace(struct ledger *ledger, const struct appliance *own)
{
	struct license_row *rows;
	const char *former;
	enum fault fault;
	size_t count;

	assert(ledger && own);
	former = ledger->appliance->hardware_id;
	if ((fault = store_predecessor_become(
		 ledger->store, own, ledger->now)) ||
	    (fault = store_license_list(
		 &rows, &count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = ledger_watch_pools_changed(
			 ledger, rows[i].feature)))
			return fault;
	return ledger_act_event(ledger, EVENT_SERVER_REPLACED, former,
	    own->hardware_id, NULL, NULL, NULL);
}
