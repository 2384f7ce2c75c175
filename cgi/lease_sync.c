/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_sync.c: the checks in the order the protocol names them, each of
 * which may be the last. What a client gets is decided in the ledger.
 */
#include "cgi/lease_sync.h"

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define MEDIA_TYPE "application/json"
/* Of a name that is nobody's, as much as an event shows. */
#define STRANGER_SIZE 256
#define TOO_FAST      "This client asks too often. Try again later."

/* Whom the log names: the client, or what it calls itself. */
static const char *
shown_name(const struct lease_identity *identity)
{
	if (identity->is_known)
		return identity->row.name;
	return identity->client;
}

/* Leaves the refusal as response and says so in the log; true, as the exchange is over. */
static bool
refuse(struct lease_exchange *exchange, enum lease_refusal refusal,
    const char *detail)
{
	lease_answer_refuse(&exchange->response, &exchange->arena, refusal,
	    exchange->body.request_id, detail);
	log_line(LOG_SEVERITY_NOTICE, "refused client \"%.64s\" at %s: %s%s%s",
	    shown_name(&exchange->identity), exchange->message.address,
	    exchange->response.code, detail ? ": " : "", detail ? detail : "");
	return true;
}

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
is_refused_by_header(struct lease_exchange *exchange)
{
	const struct lease_message *message = &exchange->message;

	if (strcmp(message->path, LEASE_SYNC_PATH) != 0)
		return refuse(exchange, LEASE_REFUSAL_NOT_FOUND, NULL);
	if (strcmp(message->method, "POST") != 0)
		return refuse(exchange, LEASE_REFUSAL_METHOD, NULL);
	if (message->is_too_large || message->bytes > LEASE_REQUEST_MAX_BYTES)
		return refuse(exchange, LEASE_REFUSAL_TOO_LARGE, NULL);
	if (message->content_encoding &&
	    !text_equals_ignoring_case(message->content_encoding, "identity"))
		return refuse(exchange, LEASE_REFUSAL_ENCODING, NULL);
	if (!is_json(message->content_type))
		return refuse(exchange, LEASE_REFUSAL_BAD_REQUEST,
		    "The Content-Type must be application/json.");
	return false;
}

static bool
is_refused_by_body(struct lease_exchange *exchange)
{
	switch (lease_request_parse(&exchange->body, &exchange->arena,
	    exchange->message.body, exchange->message.bytes)) {
	case LEASE_REQUEST_GOOD:
		return false;
	case LEASE_REQUEST_BAD:
		return refuse(
		    exchange, LEASE_REFUSAL_BAD_REQUEST, exchange->body.reason);
	case LEASE_REQUEST_OTHER_PROTOCOL:
		return refuse(exchange, LEASE_REFUSAL_PROTOCOL, NULL);
	case LEASE_REQUEST_NO_MEMORY:
		break;
	}
	return refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
}

/*
 * What others guess for a client must not keep out the client itself: who
 * comes with its hardware ID, or from where it last got in, waits for the
 * failures of its address alone.
 */
static bool
looks_familiar(const struct lease_exchange *exchange)
{
	const struct client_row *row = &exchange->identity.row;

	if (!exchange->identity.is_known)
		return false;
	return (*row->hardware_id &&
		   strcmp(row->hardware_id, exchange->body.hardware_id) == 0) ||
	    (row->address && *row->address &&
		strcmp(row->address, exchange->message.address) == 0);
}

/* Credentials are only guessed at where there are some. */
static bool
is_slowed(struct lease_exchange *exchange, struct lease_service *service)
{
	const struct lease_identity *identity = &exchange->identity;
	int64_t now_ms = clock_elapsed_ms(), address, client = 0;

	if (identity->kind == LEASE_AUTH_NONE ||
	    identity->is_registered_device || identity->is_token_good ||
	    identity->is_token_over)
		return false;
	address = lease_throttle_wait(&service->throttle,
	    LEASE_THROTTLE_ADDRESS, exchange->message.address, now_ms);
	if (identity->kind == LEASE_AUTH_PASSWORD && !looks_familiar(exchange))
		client = lease_throttle_wait(&service->throttle,
		    LEASE_THROTTLE_CLIENT, identity->client, now_ms);
	if (!address && !client)
		return false;
	refuse(exchange, LEASE_REFUSAL_TOO_MANY, NULL);
	exchange->response
	    .retry_after = ((address > client ? address : client) + 999) / 1000;
	return true;
}

/* One event, at most one a minute for each name (the ledger sees to that). */
static void
tell_of_failure(struct lease_exchange *exchange, struct lease_service *service)
{
	const struct lease_identity *identity = &exchange->identity;
	char stranger[STRANGER_SIZE];
	struct lease_op op = { .client = stranger,
		.address = exchange->message.address,
		.arena = &exchange->arena };

	(void)text_copy(stranger, sizeof(stranger), identity->client);
	if (identity->is_known)
		op.client = identity->row.name;
	if (*op.client && lease_writer_run(&service->writer, &op))
		log_line(LOG_SEVERITY_WARNING,
		    "the event of wrong credentials was not written");
}

static bool
refuse_credentials(
    struct lease_exchange *exchange, struct lease_service *service)
{
	const struct lease_identity *identity = &exchange->identity;
	int64_t now_ms = clock_elapsed_ms();

	if (identity->kind != LEASE_AUTH_NONE && !identity->is_token_over)
		lease_throttle_failed(&service->throttle,
		    LEASE_THROTTLE_ADDRESS, exchange->message.address, now_ms);
	/* A forged token names nobody for sure: it must not slow a client. */
	if (identity->kind == LEASE_AUTH_PASSWORD)
		lease_throttle_failed(&service->throttle, LEASE_THROTTLE_CLIENT,
		    identity->client, now_ms);
	if (identity->kind == LEASE_AUTH_PASSWORD || identity->is_token_good)
		tell_of_failure(exchange, service);
	return refuse(exchange, LEASE_REFUSAL_UNAUTHORIZED, NULL);
}

static enum fault
fill_request(struct sync_request *out, const struct lease_exchange *exchange)
{
	const struct lease_request_body *body = &exchange->body;
	const struct client_row *row = &exchange->identity.row;

	*out = (struct sync_request){ .client = row->id,
		.password_version = row->password_version,
		.request_id = body->request_id,
		.sent_at = body->sent_at,
		.hardware_id = body->hardware_id,
		.platform = body->platform,
		.version = body->version,
		.cluster = body->cluster,
		.address = exchange->message.address,
		.product = body->product,
		.has_device_key = body->has_device_key && !row->has_device_key,
		.holds = body->holds,
		.wants = body->wants,
		.want_count = body->want_count };
	memcpy(out->device_key, body->device_key, sizeof(out->device_key));
	return digest_sha256(
	    out->body_digest, exchange->message.body, exchange->message.bytes);
}

/* Before the ledger: a client that is let in may not fill it either. */
static bool
is_too_fast(struct lease_exchange *exchange, struct lease_service *service)
{
	const char *name = arena_format(
	    &exchange->arena, "%" PRId64, exchange->identity.row.id);
	int64_t wait;

	if (!name)
		return refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
	wait = lease_throttle_spend(
	    &service->throttle, name, clock_elapsed_ms());
	if (!wait)
		return false;
	refuse(exchange, LEASE_REFUSAL_TOO_MANY, TOO_FAST);
	exchange->response.retry_after = (wait + 999) / 1000;
	return true;
}

/* The client is who it says: the ledger decides, and the answer is signed. */
static bool
answer(struct lease_exchange *exchange, struct lease_service *service)
{
	const struct client_row *row = &exchange->identity.row;
	const struct lease_token_subject subject = lease_auth_token_subject(
	    row, exchange->body.hardware_id);
	struct sync_request request;
	struct lease_op op = { .request = &request,
		.client = row->name,
		.address = exchange->message.address,
		.arena = &exchange->arena };

	if (is_too_fast(exchange, service))
		return true;
	if (fill_request(&request, exchange) ||
	    lease_writer_run(&service->writer, &op))
		return refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
	if (op.answer.status != 200) {
		lease_answer_refuse_code(&exchange->response, &exchange->arena,
		    &op.answer, exchange->body.request_id);
		log_line(LOG_SEVERITY_NOTICE,
		    "refused client \"%.64s\" at %s: %s", row->name,
		    exchange->message.address, op.answer.code);
		return true;
	}
	if (lease_answer_grant(&exchange->response, &exchange->arena,
		&service->signer, &op.answer, &exchange->body, &subject))
		return refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
	return true;
}

static enum fault
identify(struct lease_exchange *exchange, const struct lease_service *service,
    struct store *store)
{
	const struct lease_message *message = &exchange->message;
	const struct lease_auth_input input = {
		.authorization = message->authorization,
		.proof = message->proof,
		.subject = { message->method, message->path, message->body,
		    message->bytes },
		.token_secret = service->signer.token_secret
	};

	return lease_auth_identify(&exchange->identity, &exchange->arena, store,
	    &input, &exchange->body, clock_now());
}

bool
lease_sync_begin(struct lease_exchange *exchange, struct lease_service *service,
    struct store *store)
{
	const struct lease_identity *identity = &exchange->identity;

	assert(exchange && service && store);
	exchange->body = (struct lease_request_body){ .request_id = "" };
	exchange->identity = (struct lease_identity){ .client = "" };
	if (is_refused_by_header(exchange) || is_refused_by_body(exchange))
		return true;
	if (identify(exchange, service, store))
		return refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
	if (is_slowed(exchange, service))
		return true;
	if (identity->kind == LEASE_AUTH_PASSWORD)
		return false;
	if (!identity->is_token_good || !identity->device_fits)
		return refuse_credentials(exchange, service);
	return answer(exchange, service);
}

void
lease_sync_password(
    struct lease_exchange *exchange, struct lease_service *service)
{
	bool fits;

	assert(exchange && service);
	/* Others may have failed while this one waited its turn. */
	if (is_slowed(exchange, service))
		return;
	if (lease_auth_check_password(&fits, &exchange->identity)) {
		refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
		return;
	}
	if (!fits) {
		refuse_credentials(exchange, service);
		return;
	}
	lease_throttle_succeeded(&service->throttle, LEASE_THROTTLE_CLIENT,
	    exchange->identity.client, clock_elapsed_ms());
	answer(exchange, service);
}

void
lease_sync_busy(struct lease_exchange *exchange)
{
	assert(exchange);
	refuse(exchange, LEASE_REFUSAL_UNAVAILABLE, NULL);
}
