/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_anchor.c: a license client carries its server's clock on, from
 * hour to hour and from boot to boot.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_link_edit.h"
#include <assert.h>

enum fault
ledger_link_anchor(
    struct ledger *ledger, const char *boot_id, int64_t elapsed_ms)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && boot_id);
	fault = store_link_load(&row, ledger->arena, ledger->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (!*boot_id ||
	    !store_link_anchor(&row, boot_id, elapsed_ms, ledger->now))
		return FAULT_NONE;
	return store_link_edit_save(ledger->store, &row);
}
