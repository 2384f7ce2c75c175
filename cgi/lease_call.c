/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_call.c: the checks of one request in the order the protocol names
 * them, each of which may be the last. What a client gets is decided in the
 * ledger.
 */
#include "cgi/lease_call.h"

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define TOO_FAST "This client asks too often. Try again later."
#define NESTED   "on_behalf must not stand within on_behalf."

const char *
lease_call_name(const struct lease_call *call)
{
	const struct lease_identity *identity = &call->identity;

	if (identity->is_known &&
	    (identity->kind == LEASE_AUTH_PASSWORD ||
		(identity->is_token_good && identity->device_fits)))
		return identity->row.name;
	return identity->client ? identity->client : "";
}

bool
lease_call_refuse(
    struct lease_call *call, enum lease_refusal refusal, const char *detail)
{
	const struct lease_call *asker = call->asker;

	assert(call && call->arena);
	lease_answer_refuse(&call->response, call->arena, refusal,
	    call->body.request_id, detail);
	log_line(LOG_SEVERITY_NOTICE,
	    "refused client \"%.64s\"%s%.64s at %s: %s%s%s",
	    lease_call_name(call), asker ? " asked for by " : "",
	    asker ? lease_call_name(asker) : "", call->message.address,
	    call->response.code, detail ? ": " : "", detail ? detail : "");
	return true;
}

static bool
is_refused_by_body(struct lease_call *call)
{
	switch (lease_request_parse(&call->body, call->arena,
	    call->message.body, call->message.bytes)) {
	case LEASE_REQUEST_GOOD:
		if (!call->asker || !call->body.node_count)
			return false;
		return lease_call_refuse(
		    call, LEASE_REFUSAL_BAD_REQUEST, NESTED);
	case LEASE_REQUEST_BAD:
		return lease_call_refuse(
		    call, LEASE_REFUSAL_BAD_REQUEST, call->body.reason);
	case LEASE_REQUEST_OTHER_PROTOCOL:
		return lease_call_refuse(call, LEASE_REFUSAL_PROTOCOL, NULL);
	case LEASE_REQUEST_NO_MEMORY:
		break;
	}
	return lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
}

/*
 * What others guess for a client must not keep out the client itself: who
 * comes with its hardware ID, or from where it last got in, waits for the
 * failures of its address alone.
 */
static bool
looks_familiar(const struct lease_call *call)
{
	const struct client_row *row = &call->identity.row;

	if (!call->identity.is_known)
		return false;
	return (*row->hardware_id &&
		   strcmp(row->hardware_id, call->body.hardware_id) == 0) ||
	    (row->address && *row->address &&
		strcmp(row->address, call->message.address) == 0);
}

/*
 * Where guesses come from. Nodes share the address of their leader: each has
 * an account of its own there, so that one's old password slows no other.
 */
static const char *
origin(const struct lease_call *call)
{
	const char *name = call->message.address;

	if (call->asker)
		name = arena_format(call->arena, "node %" PRId64 " %s",
		    call->asker->identity.row.id, call->identity.client);
	return name ? name : call->message.address;
}

static void
refuse_for(struct lease_call *call, const char *detail, int64_t wait_ms)
{
	lease_call_refuse(call, LEASE_REFUSAL_TOO_MANY, detail);
	call->response.retry_after = (wait_ms + 999) / 1000;
}

/* Credentials are only guessed at where there are some. */
bool
lease_call_is_slowed(struct lease_call *call, struct lease_service *service)
{
	const struct lease_identity *identity = &call->identity;
	int64_t now_ms = clock_elapsed_ms(), address, client = 0;

	assert(call && service);
	if (identity->kind == LEASE_AUTH_NONE ||
	    identity->is_registered_device || identity->is_token_good ||
	    identity->is_token_over)
		return false;
	address = lease_throttle_wait(
	    &service->throttle, LEASE_THROTTLE_ADDRESS, origin(call), now_ms);
	if (identity->kind == LEASE_AUTH_PASSWORD && !looks_familiar(call))
		client = lease_throttle_wait(&service->throttle,
		    LEASE_THROTTLE_CLIENT, identity->client, now_ms);
	if (!address && !client)
		return false;
	refuse_for(call, NULL, address > client ? address : client);
	return true;
}

static bool
refuse_credentials(struct lease_call *call, struct lease_service *service)
{
	const struct lease_identity *identity = &call->identity;
	int64_t now_ms = clock_elapsed_ms();

	if (identity->kind != LEASE_AUTH_NONE && !identity->is_token_over)
		lease_throttle_failed(&service->throttle,
		    LEASE_THROTTLE_ADDRESS, origin(call), now_ms);
	/* A forged token names nobody for sure: it must not slow a client. */
	if (identity->kind == LEASE_AUTH_PASSWORD)
		lease_throttle_failed(&service->throttle, LEASE_THROTTLE_CLIENT,
		    identity->client, now_ms);
	call->has_failed = identity->kind == LEASE_AUTH_PASSWORD ||
	    identity->is_token_good;
	return lease_call_refuse(call, LEASE_REFUSAL_UNAUTHORIZED, NULL);
}

static enum fault
identify(struct lease_call *call, const struct lease_service *service,
    struct store *store)
{
	const struct lease_message *message = &call->message;
	const struct lease_auth_input input = {
		.authorization = message->authorization,
		.proof = message->proof,
		.subject = { message->method, message->path, message->body,
		    message->bytes },
		.token_secret = service->signer.token_secret
	};
	enum fault fault;
	int64_t now;

	if ((fault = store_watch_now(&now, store, clock_now())))
		return fault;
	return lease_auth_identify(
	    &call->identity, call->arena, store, &input, &call->body, now);
}

bool
lease_call_is_refused(
    struct lease_call *call, struct lease_service *service, struct store *store)
{
	const struct lease_identity *identity = &call->identity;

	assert(call && call->arena && service && store);
	if (is_refused_by_body(call))
		return true;
	if (identify(call, service, store))
		return lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	if (lease_call_is_slowed(call, service))
		return true;
	if (identity->kind == LEASE_AUTH_PASSWORD ||
	    (identity->is_token_good && identity->device_fits))
		return false;
	return refuse_credentials(call, service);
}

bool
lease_call_needs_password(const struct lease_call *call)
{
	assert(call);
	return call->response.status == 0 &&
	    call->identity.kind == LEASE_AUTH_PASSWORD;
}

bool
lease_call_is_refused_password(
    struct lease_call *call, struct lease_service *service)
{
	bool fits;

	assert(call && service && lease_call_needs_password(call));
	/* Others may have failed while this one waited its turn. */
	if (lease_call_is_slowed(call, service))
		return true;
	if (lease_auth_check_password(&fits, &call->identity))
		return lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	if (!fits)
		return refuse_credentials(call, service);
	lease_throttle_succeeded(&service->throttle, LEASE_THROTTLE_CLIENT,
	    call->identity.client, clock_elapsed_ms());
	return false;
}

bool
lease_call_is_too_fast(struct lease_call *call, struct lease_service *service)
{
	const char *name;
	int64_t wait;

	assert(call && service);
	/* What a second device sends is not at the expense of the bound one. */
	name = arena_format(call->arena,
	    call->identity.is_other_device ? "other %" PRId64 : "%" PRId64,
	    call->identity.row.id);
	if (!name)
		return lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	wait = lease_throttle_spend(&service->throttle,
	    LEASE_THROTTLE_PACE, name, clock_elapsed_ms());
	if (wait)
		refuse_for(call, TOO_FAST, wait);
	return wait != 0;
}

enum fault
lease_call_fill(struct sync_request *out, struct lease_call *call,
    const struct lease_service *service)
{
	const struct lease_request_body *body = &call->body;
	const struct client_row *row = &call->identity.row;

	assert(out && call && service);
	*out = (struct sync_request){ .client = row->id,
		.password_version = row->password_version,
		.request_id = body->request_id,
		.sent_at = body->sent_at,
		.hardware_id = body->hardware_id,
		.platform = body->platform,
		.version = body->version,
		.cluster = body->cluster,
		.offers_to_lead = body->offers_to_lead,
		.relayed_by = call->asker ? call->asker->identity.row.id : 0,
		.address = call->message.address,
		.product = body->product,
		.has_device_key = body->has_device_key &&
		    (!row->has_device_key || call->identity.is_other_device),
		.holds = body->holds,
		.wants = body->wants,
		.want_count = body->want_count,
		.members = body->members,
		.member_count = body->member_count,
		.surrenders = body->surrenders,
		.surrender_count = body->surrender_count,
		.recalls = body->recalls,
		.recall_count = body->recall_count,
		.auto_leases = body->auto_leases,
		.auto_lease_count = body->auto_lease_count,
		.is_probe = body->is_probe };
	memcpy(out->device_key, body->device_key, sizeof(out->device_key));
	if (body->lease)
		out->proof = lease_answer_proof(
		    call->arena, &service->signer, body->lease);
	call->shows_a_strange_lease = body->lease && !out->proof;
	return digest_sha256(
	    out->body_digest, call->message.body, call->message.bytes);
}

void
lease_call_answer(struct lease_call *call, const struct lease_service *service,
    const struct sync_answer *answer, json_t *on_behalf)
{
	const struct lease_token_subject subject = lease_auth_token_subject(
	    &call->identity.row, call->body.hardware_id);
	const struct lease_answer_extra extra = { call->shows_a_strange_lease,
		on_behalf };

	assert(call && service && answer);
	if (answer->status != 200) {
		lease_answer_refuse_code(&call->response, call->arena, answer,
		    call->body.request_id);
		log_line(LOG_SEVERITY_NOTICE,
		    "refused client \"%.64s\" at %s: %s", lease_call_name(call),
		    call->message.address, answer->code);
	} else if (lease_answer_grant(&call->response, call->arena,
		       &service->signer, answer, &subject, &extra)) {
		lease_call_refuse(call, LEASE_REFUSAL_UNAVAILABLE, NULL);
	}
}
