/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_cluster.h: inside this room only: the cluster that a client is
 * in, and who asks for its nodes (rules.md 7).
 */
#ifndef LEASEHOLD_STORE_LEDGER_SYNC_CLUSTER_H
#define LEASEHOLD_STORE_LEDGER_SYNC_CLUSTER_H

#include "engine/store/ledger_sync_work.h"

/* Of a request that a leader sent along: may it? out->status is set when not. */
enum fault ledger_sync_cluster_check(struct sync_work *work) MUST_CHECK;
/* Takes down the cluster that the client names, and who leads it from now on. */
enum fault ledger_sync_cluster_note(struct sync_work *work) MUST_CHECK;
/* "client" is in its cluster no more, nor in another: moved away or deleted. */
enum fault ledger_sync_cluster_leave(struct ledger *ledger, const struct client_row *client) MUST_CHECK;

#endif
