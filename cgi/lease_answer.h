/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_answer.h: what leaves the lease endpoint: a signed answer, or a
 * refusal as problem+json (RFC 9457). Knows no socket.
 */
#ifndef LEASEHOLD_CGI_LEASE_ANSWER_H
#define LEASEHOLD_CGI_LEASE_ANSWER_H

#include "cgi/lease_request.h"
#include "cgi/lease_token.h"
#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/store/ledger.h"
#include <stdint.h>

#define REFUSAL(symbol, code, status, title, detail) LEASE_REFUSAL_##symbol,
enum lease_refusal {
#include "cgi/lease_refusals.tbl"
	LEASE_REFUSAL__COUNT
};
#undef REFUSAL

struct lease_response {
	int status;
	const char *type;    /* media type of the body */
	const char *code;    /* of a refusal; "" at 200 */
	int64_t retry_after; /* seconds; 0 = no such header */
	const char *body;
};

/* By what an answer is made genuine. */
struct lease_signer {
	const struct keypair *key;
	char kid[44];
	uint8_t token_secret[32];
};

/* "detail" NULL = the table's; "request_id" "" = not known. A full arena leaves a fixed body. */
void lease_answer_refuse(struct lease_response *out, struct arena *arena,
    enum lease_refusal refusal, const char *request_id, const char *detail);
/* A refusal of the ledger, by its code. */
void lease_answer_refuse_code(struct lease_response *out, struct arena *arena,
    const struct sync_answer *answer, const char *request_id);
/*
 * The ledger's answer with the signed lease document, a token issued at the
 * answer's server_time, and a notice of what in the request was not acted
 * upon. The same input gives the same bytes, so that a repeat is one.
 */
enum fault lease_answer_grant(struct lease_response *out, struct arena *arena,
    const struct lease_signer *signer, const struct sync_answer *answer,
    const struct lease_request_body *body,
    const struct lease_token_subject *subject) MUST_CHECK;

#endif
