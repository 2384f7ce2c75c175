/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_guard.h: inside this room only: after each decision, do the sums
 * still add up? One that breaks them is rolled back, and from then on nothing
 * new is granted (decision 0017).
 */
#ifndef LEASEHOLD_STORE_LEDGER_GUARD_H
#define LEASEHOLD_STORE_LEDGER_GUARD_H

#include "engine/rules/invariant.h"
#include "engine/store/ledger.h"
#include "engine/store/store_pool.h"

/*
 * FAULT_DAMAGED and ledger->broken set when "after" broke what held "before":
 * the caller undoes what it did. ledger_end() stops granting then, or the
 * caller itself after its undo, by ledger_guard_halt().
 */
enum fault ledger_guard_check(struct ledger *ledger, const char *feature, const struct invariant_figures *before, const struct invariant_figures *after) MUST_CHECK;
/* The same for T and Σ held of a whole pool, against the last note in its history. */
enum fault ledger_guard_pool(struct ledger *ledger, const struct pool_row *row) MUST_CHECK;
/* Stops granting because of ledger->broken, with one event, and forgets it; once it stands still nothing more is written. */
enum fault ledger_guard_halt(struct ledger *ledger) MUST_CHECK;

#endif
