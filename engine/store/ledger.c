/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger.c: what every act begins and ends with.
 */
#include "engine/store/ledger.h"

#include "engine/base/log.h"
#include "engine/store/ledger_guard.h"
#include <assert.h>
#include <string.h>

void
ledger_init(struct ledger *ledger, struct store *store,
    const struct appliance *appliance, struct arena *arena,
    const struct actor *actor, int64_t now)
{
	assert(ledger && store && appliance && arena && actor && actor->name);
	memset(ledger, 0, sizeof(*ledger));
	ledger->store = store;
	ledger->appliance = appliance;
	ledger->arena = arena;
	ledger->actor = *actor;
	if (!ledger->actor.address)
		ledger->actor.address = "";
	ledger->now = now;
	mistake_init(&ledger->mistakes, arena);
}

enum fault
ledger_begin(struct ledger *ledger)
{
	enum fault fault;

	assert(ledger && ledger->store);
	if ((fault = store_begin(ledger->store)))
		return fault;
	if ((fault = ledger_watch_clock(ledger)))
		store_rollback(ledger->store);
	return fault;
}

enum fault
ledger_undo(struct ledger *ledger)
{
	enum fault fault;

	assert(ledger && ledger->store);
	if ((fault = store_undo(ledger->store)) || !ledger->broken)
		return fault;
	return ledger_guard_halt(ledger);
}

/* In a transaction of its own: what was to be committed is gone. */
static void
halt(struct ledger *ledger)
{
	enum fault fault = store_begin(ledger->store);

	if (!fault && (fault = ledger_guard_halt(ledger)))
		store_rollback(ledger->store);
	else if (!fault)
		fault = store_commit(ledger->store);
	if (fault)
		log_line(LOG_SEVERITY_ERROR, "granting could not be stopped");
}

enum fault
ledger_end(struct ledger *ledger, enum fault fault)
{
	assert(ledger && ledger->store);
	if (!fault && ledger->mistakes.count == 0)
		return store_commit(ledger->store);
	store_rollback(ledger->store);
	if (ledger->broken)
		halt(ledger);
	return fault;
}
