/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_surrendered.h: inside this room only: what is done about licenses
 * surrendered to this server beside the syncs of their clients.
 */
#ifndef LEASEHOLD_STORE_LEDGER_SURRENDERED_H
#define LEASEHOLD_STORE_LEDGER_SURRENDERED_H

#include "engine/store/ledger.h"

/* Looks at every key again: what is not believed any more counts nowhere, until it is again. */
enum fault ledger_surrendered_verify(struct ledger *ledger) MUST_CHECK;
/* The client for which that license counts here, NULL when none. */
enum fault ledger_surrendered_holder(const char **client, struct ledger *ledger, const char *issuer, const char *serial) MUST_CHECK;
/* Before a client goes, or its device: what it surrendered is kept by choice, told as "kept"; else (NULL) a mistake of that kind names it. */
enum fault ledger_surrendered_part(struct ledger *ledger, const struct client_row *client, const char *kept, enum mistake_kind kind) MUST_CHECK;

#endif
