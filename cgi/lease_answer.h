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
#include <jansson.h>
#include <stdbool.h>
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
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char kid[44];
	uint8_t token_secret[32];
};

/* "detail" NULL = the table's; "request_id" "" = not known. A full arena leaves a fixed body. */
void lease_answer_refuse(struct lease_response *out, struct arena *arena,
    enum lease_refusal refusal, const char *request_id, const char *detail);
/* A refusal of the ledger, by its code. */
void lease_answer_refuse_code(struct lease_response *out, struct arena *arena,
    const struct sync_answer *answer, const char *request_id);
/* What the front itself has to say in an answer. */
struct lease_answer_extra {
	bool lease_is_strange; /* the document shown is none of this server's */
	json_t *on_behalf;     /* an answer for each node; NULL = asked for none */
};

/*
 * The ledger's answer with the signed lease document, a token issued at the
 * answer's server_time, and what is extra. The same input gives the same
 * bytes, so that a repeat is one.
 */
enum fault lease_answer_grant(struct lease_response *out, struct arena *arena,
    const struct lease_signer *signer, const struct sync_answer *answer,
    const struct lease_token_subject *subject,
    const struct lease_answer_extra *extra) MUST_CHECK;
/*
 * What a lease document says that a client shows, when this server signed it:
 * its payload in the arena, else NULL.
 */
const char *lease_answer_proof(
    struct arena *arena, const struct lease_signer *signer, const char *lease);

#endif
