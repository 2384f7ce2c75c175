/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_reclaim.h: inside this room only: what ran out is taken back before
 * a sync decides anew.
 */
#ifndef LEASEHOLD_STORE_LEDGER_RECLAIM_H
#define LEASEHOLD_STORE_LEDGER_RECLAIM_H

#include "engine/store/ledger.h"

/* Takes back what of one client's leases ran out, with one event each. */
enum fault ledger_reclaim_client(struct ledger *ledger, const struct client_row *client) MUST_CHECK;

#endif
