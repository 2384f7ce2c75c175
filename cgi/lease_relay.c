/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_relay.c: nodes asked for by their leader. Does not know whether it
 * leads: that is decided in the ledger.
 */
#include "cgi/lease_relay.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define TOO_MANY_PASSWORDS                                                     \
	"Too many passwords were sent along by this leader. Send tokens of "   \
	"earlier answers, or try again later."

static void
begin_call(struct lease_call *call, const struct lease_call *asker,
    const struct lease_request_node *node)
{
	*call = (struct lease_call){ .arena = asker->arena,
		.asker = asker,
		.body = { .request_id = "" },
		.identity = { .client = "" } };
	call->message = (struct lease_message){ .method = asker->message.method,
		.path = asker->message.path,
		.authorization = node->authorization,
		.proof = node->proof,
		.address = asker->message.address,
		.body = node->text,
		.bytes = node->bytes };
}

enum fault
lease_relay_open(struct lease_relay *out, const struct lease_call *asker,
    struct lease_service *service, struct store *store)
{
	const struct lease_request_body *body = &asker->body;
	struct arena *arena = asker->arena;
	size_t i;

	assert(out && asker && service && store);
	*out = (struct lease_relay){ .count = body->node_count };
	out->calls = arena_array(arena, out->count, sizeof(*out->calls));
	out->ops = arena_array(arena, out->count, sizeof(*out->ops));
	out->acts = arena_array(arena, out->count, sizeof(*out->acts));
	if (!out->calls || !out->ops || !out->acts)
		return FAULT_MEMORY;
	for (i = 0; i < out->count; i++) {
		begin_call(&out->calls[i], asker, &body->nodes[i]);
		(void)lease_call_is_refused(&out->calls[i], service, store);
	}
	return FAULT_NONE;
}

bool
lease_relay_has_passwords(const struct lease_relay *relay)
{
	size_t i;

	assert(relay);
	for (i = 0; i < relay->count; i++)
		if (lease_call_needs_password(&relay->calls[i]))
			return true;
	return false;
}

/* A leader is no way around the throttles: it may have so many passwords looked at as a client may send requests. */
static bool
is_over_quota(struct lease_call *call, struct lease_service *service)
{
	const char *name = arena_format(
	    call->arena, "passwords %" PRId64, call->asker->identity.row.id);
	int64_t wait;

	if (!name)
		return lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	wait = lease_throttle_spend(&service->throttle,
	    LEASE_THROTTLE_PACE, name, clock_elapsed_ms());
	if (!wait)
		return false;
	lease_call_refuse(call, LEASE_REFUSAL_TOO_MANY, TOO_MANY_PASSWORDS);
	call->response.retry_after = (wait + 999) / 1000;
	return true;
}

void
lease_relay_check_passwords(
    struct lease_relay *relay, struct lease_service *service)
{
	struct lease_call *call;
	size_t i;

	assert(relay && service);
	for (i = 0; i < relay->count; i++) {
		call = &relay->calls[i];
		if (lease_call_needs_password(call) &&
		    !lease_call_is_slowed(call, service) &&
		    !is_over_quota(call, service))
			(void)lease_call_is_refused_password(call, service);
	}
}

/* NULL when there is nothing to be written of it. */
static const struct sync_request *
request_of(struct lease_call *call, struct lease_service *service)
{
	struct sync_request *request;

	if (call->response.status || lease_call_is_too_fast(call, service))
		return NULL;
	request = arena_alloc(call->arena, sizeof(*request));
	if (request && !lease_call_fill(request, call, service))
		return request;
	lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	return NULL;
}

enum fault
lease_relay_prepare(struct lease_relay *relay, struct lease_service *service)
{
	const struct sync_request *request;
	struct lease_call *call;
	size_t i;

	assert(relay && service);
	for (i = 0; i < relay->count; i++) {
		call = &relay->calls[i];
		request = request_of(call, service);
		if (!request && !call->has_failed)
			continue;
		relay->ops[i] = &relay->acts[relay->act_count++];
		*relay->ops[i] = (struct lease_op){ .request = request,
			.client = call->identity.is_known
			    ? call->identity.row.name
			    : NULL,
			.address = call->message.address,
			.asker = call->asker->identity.row.name,
			.arena = call->arena };
	}
	return relay->count && relay->calls[0].arena->failed ? FAULT_MEMORY
							     : FAULT_NONE;
}

static void
finish_call(struct lease_call *call, const struct lease_op *op,
    const struct lease_service *service)
{
	if (call->response.status)
		return;
	if (!op || op->fault)
		lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	else
		lease_call_answer(call, service, &op->answer, NULL);
}

/* New reference to one node's answer, NULL without memory. */
static json_t *
make_answer(const struct lease_call *call)
{
	const struct lease_response *response = &call->response;
	const char *name = lease_call_name(call);
	json_t *body = json_load_object(
	    response->body, strlen(response->body), NULL, 0);
	/* A stranger's name may be no UTF-8: then it is null. */
	json_t *shown = *name ? json_string(name) : NULL;

	return json_pack("{s:o, s:i, s:o, s:o*}", "client",
	    shown ? shown : json_null(), "status", response->status,
	    response->status == 200 ? "answer" : "problem", body, "retry_after",
	    response->retry_after
		? json_integer((json_int_t)response->retry_after)
		: NULL);
}

json_t *
lease_relay_answers(
    struct lease_relay *relay, const struct lease_service *service)
{
	json_t *answers = json_array();
	size_t i;

	assert(relay && service);
	for (i = 0; i < relay->count; i++) {
		finish_call(&relay->calls[i], relay->ops[i], service);
		if (json_array_append_new(
			answers, make_answer(&relay->calls[i]))) {
			json_decref(answers);
			return NULL;
		}
	}
	return answers;
}
