/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_sync.h: one request of the lease protocol from its bytes to its
 * answer's bytes. Knows no socket and no threads but the writer's.
 */
#ifndef LEASEHOLD_CGI_LEASE_SYNC_H
#define LEASEHOLD_CGI_LEASE_SYNC_H

#include "cgi/lease_call.h"
#include "cgi/lease_relay.h"
#include "engine/store/appliance.h"

#define LEASE_SYNC_PATH "/lease/v1/sync"

struct lease_exchange {
	struct arena arena;     /* the caller inits and clears it */
	struct lease_call call; /* the caller fills call.message */
	bool is_let_in;
	struct lease_relay relay; /* once it is */
};

/* True: the response is ready. False: lease_sync_password comes next, which is slow and may wait its turn elsewhere. */
bool lease_sync_begin(struct lease_exchange *exchange,
    struct lease_service *service, struct store *store);
/* Checks the passwords and leaves a response on every path. */
void lease_sync_password(struct lease_exchange *exchange,
    struct lease_service *service, struct store *store);
/* Too much waits: the client is asked to come again. */
void lease_sync_busy(struct lease_exchange *exchange);

#endif
