/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_reset.c: see ledger_reset.h.
 */
#include "engine/store/ledger_reset.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_download.h"
#include "engine/store/store_reset.h"
#include <assert.h>

#define EVENT(symbol, code, severity, log, parameters, sentence)               \
	[EVENT_##symbol] = (code),
static const char *const codes[] = {
#include "engine/store/events.tbl"
};
#undef EVENT

enum fault
ledger_reset_first(struct ledger *ledger, const char *admin,
    const char *password_hash, const char *network)
{
	const struct download_input input = { .network = network };
	enum fault fault;

	assert(ledger && admin && password_hash && network);
	if ((fault = ledger_act_event(ledger, EVENT_FACTORY_RESET,
		 ledger->appliance->hardware_id, NULL, NULL, NULL, NULL)) ||
	    (fault = ledger_admin_add(ledger, admin, password_hash,
		 ADMIN_ADMINISTRATOR)))
		return fault;
	return ledger_download_save(ledger, &input);
}

bool
ledger_reset_is_new(const struct appliance *appliance)
{
	bool is_new = false;

	return !store_reset_is_new(&is_new, appliance->store,
		   codes[EVENT_FACTORY_RESET]) &&
	    is_new;
}
