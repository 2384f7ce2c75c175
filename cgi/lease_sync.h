/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_sync.h: one request of the lease protocol from its bytes to its
 * answer's bytes. Knows no socket and no threads but the writer's.
 */
#ifndef LEASEHOLD_CGI_LEASE_SYNC_H
#define LEASEHOLD_CGI_LEASE_SYNC_H

#include "cgi/lease_answer.h"
#include "cgi/lease_auth.h"
#include "cgi/lease_request.h"
#include "cgi/lease_throttle.h"
#include "cgi/lease_writer.h"
#include "engine/store/appliance.h"

#define LEASE_SYNC_PATH "/lease/v1/sync"

/* What HTTP brought. Texts are NULL when there is no such header. */
struct lease_message {
	const char *method, *path;
	const char *content_type, *content_encoding;
	const char *authorization, *proof;
	const char *address; /* the peer's; "" when unknown */
	const char *body;
	size_t bytes;
	bool is_too_large; /* the body was not read to its end */
};

/* What all requests share. */
struct lease_service {
	struct lease_signer signer;
	struct lease_throttle throttle;
	struct lease_writer writer;
};

struct lease_exchange {
	struct arena arena; /* the caller inits and clears it */
	struct lease_message message;
	struct lease_request_body body;
	struct lease_identity identity;
	struct lease_response response;
};

/* True: the response is ready. False: lease_sync_password comes next, which is slow and may wait its turn elsewhere. */
bool lease_sync_begin(struct lease_exchange *exchange,
    struct lease_service *service, struct store *store);
/* Checks the password and leaves a response on every path. */
void lease_sync_password(
    struct lease_exchange *exchange, struct lease_service *service);
/* Too much waits: the client is asked to come again. */
void lease_sync_busy(struct lease_exchange *exchange);

#endif
