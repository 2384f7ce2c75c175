/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_call.h: one request of one client and who it is from, whether it came
 * over HTTP or within the request of the client that leads its cluster.
 * Knows no socket, no ledger and no other call.
 */
#ifndef LEASEHOLD_CGI_LEASE_CALL_H
#define LEASEHOLD_CGI_LEASE_CALL_H

#include "cgi/lease_answer.h"
#include "cgi/lease_auth.h"
#include "cgi/lease_request.h"
#include "cgi/lease_throttle.h"
#include "cgi/lease_writer.h"

/* What HTTP brought, or would have brought. Texts are NULL when there is no such header. */
struct lease_message {
	const char *method, *path;
	const char *content_type, *content_encoding;
	const char *authorization, *proof;
	const char *address; /* the peer's; "" when unknown */
	const char *body;
	size_t bytes;
	bool is_too_large; /* the body was not read to its end */
};

/* What all calls share. */
struct lease_service {
	struct lease_signer signer;
	struct lease_throttle throttle;
	struct lease_writer writer;
};

struct lease_call {
	struct arena *arena;
	const struct lease_call *asker; /* it came within that one's request; NULL = by itself */
	struct lease_message message;
	struct lease_request_body body;
	struct lease_identity identity;
	bool has_failed;     /* with wrong credentials that an event tells of */
	bool shows_a_strange_lease;
	struct lease_response response; /* status 0 until it is known */
};

/* Leaves the refusal as response and says so in the log; true, as the call is over. */
bool lease_call_refuse(struct lease_call *call, enum lease_refusal refusal, const char *detail);
/* Reads the body and looks for the client. True: refused, the password not looked at. */
bool lease_call_is_refused(struct lease_call *call, struct lease_service *service, struct store *store);
bool lease_call_needs_password(const struct lease_call *call);
/* Whoever guesses waits. True: refused. */
bool lease_call_is_slowed(struct lease_call *call, struct lease_service *service);
/* Takes the time of one scrypt, unless it is slowed by now. True: refused. */
bool lease_call_is_refused_password(struct lease_call *call, struct lease_service *service);
/* Of a client that is let in. True: refused, as it asks too often. */
bool lease_call_is_too_fast(struct lease_call *call, struct lease_service *service);
/* For the ledger; looks at the lease document that is shown. */
enum fault lease_call_fill(struct sync_request *out, struct lease_call *call, const struct lease_service *service) MUST_CHECK;
/* Makes the ledger's answer the call's, refusal or not. */
void lease_call_answer(struct lease_call *call, const struct lease_service *service, const struct sync_answer *answer, json_t *on_behalf);
/* Whom the log and the leader may be told: the client once it is let in, or what it calls itself; "" = it did not say. */
const char *lease_call_name(const struct lease_call *call);

#endif
