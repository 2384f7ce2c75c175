/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_answer.c: JSON out. What is in an answer the ledger has decided; here
 * it is signed and worded.
 */
#include "cgi/lease_answer.h"

#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/base/log.h"
#include <assert.h>
#include <string.h>

#define DOCUMENT_TYPE "lease+jwt"
#define PROBLEM_TYPE  "application/problem+json"
#define PROBLEM_URN   "urn:leasehold:problem:"
#define FIXED_BODY                                                             \
	"{\"type\":\"about:blank\",\"status\":503,\"title\":\"Temporarily "    \
	"unavailable\",\"code\":\"store_unavailable\"}"

#define NOTICE_STRANGE                                                         \
	"The lease document shown was not signed by this license server, so "  \
	"it was passed over."

struct refusal_row {
	const char *code;
	int status;
	const char *title, *detail;
};

#define REFUSAL(symbol, code, status, title, detail)                           \
	[LEASE_REFUSAL_##symbol] = { code, status, title, detail },
static const struct refusal_row refusals[LEASE_REFUSAL__COUNT] = {
#include "cgi/lease_refusals.tbl"
};
#undef REFUSAL

/* Seconds after which a request that met a full queue or a busy store is welcome again. */
#define RETRY_SECONDS 2

static void
set_problem(struct lease_response *out, struct arena *arena,
    const struct refusal_row *row, const char *request_id, const char *detail)
{
	json_t *problem = json_pack("{s:o*, s:i, s:s, s:s, s:s, s:s*}", "type",
	    json_sprintf(PROBLEM_URN "%s", row->code), "status", row->status,
	    "title", row->title, "code", row->code, "detail", detail,
	    "request_id", *request_id ? request_id : NULL);
	const char *body;

	if (problem && row == &refusals[LEASE_REFUSAL_PROTOCOL])
		json_object_set_new(problem, "versions",
		    json_pack("[i]", LEASE_REQUEST_PROTOCOL));
	body = problem ? json_dump(arena, problem) : NULL;
	json_decref(problem);
	*out = (struct lease_response){ .status = row->status,
		.type = PROBLEM_TYPE,
		.code = row->code,
		.retry_after = row->status == 503 ? RETRY_SECONDS : 0,
		.body = body ? body : FIXED_BODY };
}

void
lease_answer_refuse(struct lease_response *out, struct arena *arena,
    enum lease_refusal refusal, const char *request_id, const char *detail)
{
	const struct refusal_row *row = &refusals[refusal];

	assert(out && arena && refusal < LEASE_REFUSAL__COUNT && request_id);
	set_problem(out, arena, row, request_id, detail ? detail : row->detail);
}

void
lease_answer_refuse_code(struct lease_response *out, struct arena *arena,
    const struct sync_answer *answer, const char *request_id)
{
	struct refusal_row row = { answer->code, answer->status, answer->code,
		answer->text };
	size_t i;

	assert(out && arena && answer->status != 200 && request_id);
	for (i = 0; i < LEASE_REFUSAL__COUNT; i++)
		if (strcmp(refusals[i].code, answer->code) == 0)
			break;
	if (i == LEASE_REFUSAL_UNAUTHORIZED) {
		/* One wording, whatever did not fit. */
		lease_answer_refuse(
		    out, arena, LEASE_REFUSAL_UNAUTHORIZED, request_id, NULL);
		return;
	}
	if (i < LEASE_REFUSAL__COUNT)
		row.title = refusals[i].title;
	set_problem(out, arena, &row, request_id, row.detail);
}

/* Adds to the answer's notices; false without memory. */
static bool
add_strange_lease(json_t *answer, int64_t now)
{
	json_t *notices = json_object_get(answer, "notices");

	if (!notices) {
		notices = json_array();
		if (json_object_set_new(answer, "notices", notices))
			return false;
	}
	return json_array_append_new(notices,
		   json_pack("{s:s, s:s, s:s, s:I}", "code",
		       "lease_not_recognized", "severity", "warning", "text",
		       NOTICE_STRANGE, "since", (json_int_t)now)) == 0;
}

static enum fault
sign_document(char **out, struct arena *arena,
    const struct lease_signer *signer, const struct sync_answer *answer)
{
	json_t *document = json_load_object(
	    answer->document, strlen(answer->document), NULL, 0);
	enum fault fault = FAULT_DAMAGED;

	*out = NULL;
	if (document)
		fault = jws_sign(out, arena, signer->key, DOCUMENT_TYPE,
		    signer->kid, document);
	else
		log_line(LOG_SEVERITY_ERROR, "lease document is not JSON");
	json_decref(document);
	return fault;
}

static enum fault
add_extra(json_t *answer, const struct lease_answer_extra *extra, int64_t now)
{
	if (extra->lease_is_strange && !add_strange_lease(answer, now))
		return FAULT_MEMORY;
	if (extra->on_behalf &&
	    json_object_set(answer, "on_behalf", extra->on_behalf))
		return FAULT_MEMORY;
	return FAULT_NONE;
}

/* What makes the ledger's answer genuine. */
static enum fault
add_signed(json_t *answer, const struct lease_signer *signer, const char *lease,
    const struct lease_token_subject *subject, int64_t issued)
{
	char token[LEASE_TOKEN_SIZE];
	enum fault fault;

	if ((fault = lease_token_make(
		 token, signer->token_secret, subject, issued)))
		return fault;
	/* The key is for the client to pin at first contact; it believes no later one. */
	return json_object_set_new(answer, "server_key",
		   keypair_public_to_jwk(signer->public_key)) ||
		json_object_set_new(answer, "lease", json_string(lease)) ||
		json_object_set_new(answer, "token", json_string(token))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

enum fault
lease_answer_grant(struct lease_response *out, struct arena *arena,
    const struct lease_signer *signer, const struct sync_answer *answer,
    const struct lease_token_subject *subject,
    const struct lease_answer_extra *extra)
{
	json_t *object;
	enum fault fault = FAULT_NONE;
	int64_t server_time;
	char *lease = NULL;

	assert(out && arena && signer && answer->status == 200 && extra);
	*out = (struct lease_response){
		.status = 200, .type = "application/json", .code = ""
	};
	/* A probe is answered with nothing that could be used. */
	if (answer->document &&
	    (fault = sign_document(&lease, arena, signer, answer)))
		return fault;
	object = json_load_object(
	    answer->answer, strlen(answer->answer), NULL, 0);
	if (!object ||
	    !json_int64(&server_time, object, "server_time", 0, INT64_MAX)) {
		log_line(LOG_SEVERITY_ERROR, "answer of the ledger is damaged");
		fault = FAULT_DAMAGED;
	}
	if (!fault && lease)
		fault = add_signed(object, signer, lease, subject, server_time);
	if (!fault)
		fault = add_extra(object, extra, server_time);
	if (!fault && !(out->body = json_dump(arena, object)))
		fault = FAULT_MEMORY;
	json_decref(object);
	return fault;
}

const char *
lease_answer_proof(
    struct arena *arena, const struct lease_signer *signer, const char *lease)
{
	const char *payload = NULL;
	struct jws jws;

	assert(arena && signer && lease);
	if (jws_parse(&jws, arena, lease, strlen(lease), DOCUMENT_TYPE))
		return NULL;
	if (jws_verify(&jws, signer->public_key))
		payload = json_dump(arena, jws.payload);
	jws_clear(&jws);
	return payload;
}
