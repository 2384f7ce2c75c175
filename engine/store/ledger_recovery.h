/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_recovery.h: is this license server still finding out what its clients
 * hold after it was restored (rules.md 15)?
 */
#ifndef LEASEHOLD_STORE_LEDGER_RECOVERY_H
#define LEASEHOLD_STORE_LEDGER_RECOVERY_H

#include "engine/store/ledger.h"
#include <stdbool.h>

/* Of one feature, or of any (NULL). *since: the restore that it recovers from. */
enum fault ledger_recovery_is_on(bool *out, int64_t *since, struct ledger *ledger, const char *feature) MUST_CHECK;
/* Ends it once every client has reported, or its time is over. Called by each minute's sweep. */
enum fault ledger_recovery_sweep(struct ledger *ledger) MUST_CHECK;
/* What of a store must not go back. */
struct recovery_marks { int64_t epoch, clock_mark; };
enum fault ledger_recovery_marks(struct recovery_marks *out, struct store *store) MUST_CHECK;
/*
 * This store, not in place yet, is a copy that shall replace another: a new
 * epoch, above that one's too, and no earlier in time. Inside a transaction,
 * in place of ledger_watch_restored().
 */
enum fault ledger_recovery_restore(struct ledger *ledger, const struct recovery_marks *replaced) MUST_CHECK;
/*
 * ledger_replace.c: after that, and in the same transaction, of a copy of
 * another appliance's store: "own" goes on in its place. Installed licenses
 * count no more, unless they prove to be for "own"; those that clients
 * surrendered go on.
 */
enum fault ledger_replace(struct ledger *ledger, const struct appliance *own) MUST_CHECK;
/* Did the client sync in this epoch, or does that not matter (any more)? */
enum fault ledger_recovery_has_reported(bool *out, struct ledger *ledger, const struct client_row *client) MUST_CHECK;

#endif
