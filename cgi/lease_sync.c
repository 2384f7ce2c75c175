/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_sync.c: one exchange: the client itself is let in first, then the
 * nodes that it asks for; all that is to be written goes to the writer at
 * once.
 */
#include "cgi/lease_sync.h"

#include "engine/base/log.h"
#include "engine/base/text.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

#define MEDIA_TYPE "application/json"
/* Of a name that is nobody's, as much as an event shows. */
#define STRANGER_SIZE 256

/* "application/json", with or without a charset that is UTF-8. */
static bool
is_json(const char *type)
{
	size_t length = strlen(MEDIA_TYPE);

	if (!type || strncasecmp(type, MEDIA_TYPE, length) != 0)
		return false;
	type += length + strspn(type + length, " \t");
	if (*type == '\0')
		return true;
	if (*type++ != ';')
		return false;
	type += strspn(type, " \t");
	return text_equals_ignoring_case(type, "charset=utf-8") ||
	    text_equals_ignoring_case(type, "charset=\"utf-8\"");
}

/* Everything before the body is looked into. */
static bool
is_refused_by_header(struct lease_call *call)
{
	const struct lease_message *message = &call->message;

	if (strcmp(message->path, LEASE_SYNC_PATH) != 0)
		return lease_call_refuse(call, LEASE_REFUSAL_NOT_FOUND, NULL);
	if (strcmp(message->method, "POST") != 0)
		return lease_call_refuse(call, LEASE_REFUSAL_METHOD, NULL);
	if (message->is_too_large || message->bytes > LEASE_REQUEST_MAX_BYTES)
		return lease_call_refuse(call, LEASE_REFUSAL_TOO_LARGE, NULL);
	if (message->content_encoding &&
	    !text_equals_ignoring_case(message->content_encoding, "identity"))
		return lease_call_refuse(call, LEASE_REFUSAL_ENCODING, NULL);
	if (!is_json(message->content_type))
		return lease_call_refuse(call, LEASE_REFUSAL_BAD_REQUEST,
		    "The Content-Type must be application/json.");
	return false;
}

/* One event, at most one a minute for each name (the ledger sees to that). */
static void
tell_of_failure(struct lease_call *call, struct lease_service *service)
{
	const struct lease_identity *identity = &call->identity;
	char stranger[STRANGER_SIZE];
	struct lease_op op = { .client = stranger,
		.address = call->message.address,
		.arena = call->arena };

	(void)text_copy(stranger, sizeof(stranger), identity->client);
	if (identity->is_known)
		op.client = identity->row.name;
	if (*op.client && lease_writer_run(&service->writer, &op))
		log_line(LOG_SEVERITY_WARNING,
		    "the event of wrong credentials was not written");
}

/* The client is who it says: the ledger decides, and the answer is signed. */
static void
answer(struct lease_exchange *exchange, struct lease_service *service)
{
	struct lease_call *call = &exchange->call;
	struct lease_relay *relay = &exchange->relay;
	struct sync_request request;
	struct lease_op op = { .request = &request,
		.client = call->identity.row.name,
		.address = call->message.address,
		.arena = call->arena };
	json_t *on_behalf = NULL;

	if (lease_call_fill(&request, call, service) ||
	    lease_relay_prepare(relay, service)) {
		lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
		return;
	}
	op.relayed = relay->acts;
	op.relayed_count = relay->act_count;
	if (lease_writer_run(&service->writer, &op) ||
	    (op.answer.status == 200 && relay->count &&
		!(on_behalf = lease_relay_answers(relay, service))))
		lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	else
		lease_call_answer(call, service, &op.answer, on_behalf);
	json_decref(on_behalf);
}

/* True: the response is ready. False: passwords of nodes are to be checked first. */
static bool
let_in(struct lease_exchange *exchange, struct lease_service *service,
    struct store *store)
{
	struct lease_call *call = &exchange->call;

	if (lease_call_is_too_fast(call, service))
		return true;
	exchange->is_let_in = true;
	if (lease_relay_open(&exchange->relay, call, service, store))
		return lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	if (lease_relay_has_passwords(&exchange->relay))
		return false;
	answer(exchange, service);
	return true;
}

bool
lease_sync_begin(struct lease_exchange *exchange, struct lease_service *service,
    struct store *store)
{
	struct lease_call *call;

	assert(exchange && service && store);
	call = &exchange->call;
	*call = (struct lease_call){ .arena = &exchange->arena,
		.message = call->message,
		.body = { .request_id = "" },
		.identity = { .client = "" } };
	exchange->is_let_in = false;
	if (is_refused_by_header(call))
		return true;
	if (lease_call_is_refused(call, service, store)) {
		if (call->has_failed)
			tell_of_failure(call, service);
		return true;
	}
	if (lease_call_needs_password(call))
		return false;
	return let_in(exchange, service, store);
}

void
lease_sync_password(struct lease_exchange *exchange,
    struct lease_service *service, struct store *store)
{
	struct lease_call *call;

	assert(exchange && service && store);
	call = &exchange->call;
	if (!exchange->is_let_in) {
		if (lease_call_is_refused_password(call, service)) {
			if (call->has_failed)
				tell_of_failure(call, service);
			return;
		}
		if (let_in(exchange, service, store))
			return;
	}
	lease_relay_check_passwords(&exchange->relay, service);
	answer(exchange, service);
}

void
lease_sync_busy(struct lease_exchange *exchange)
{
	assert(exchange);
	lease_call_refuse(&exchange->call, LEASE_REFUSAL_UNAVAILABLE, NULL);
}
