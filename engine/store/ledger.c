/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger.c: what every act begins and ends with.
 */
#include "engine/store/ledger.h"

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
ledger_end(struct ledger *ledger, enum fault fault)
{
	assert(ledger && ledger->store);
	if (!fault && ledger->mistakes.count == 0)
		return store_commit(ledger->store);
	store_rollback(ledger->store);
	return fault;
}
