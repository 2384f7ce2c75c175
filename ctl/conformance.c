/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance.c: each rule as a question to the server and what its answer has
 * to be. Wrong credentials are sent six times in all, which no server that
 * goes by the protocol slows down.
 */
#include "ctl/conformance.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/base/text.h"
#include "engine/peer/device_proof.h"
#include "engine/peer/sync_ask.h"
#include "engine/peer/sync_reply.h"
#include <inttypes.h>
#include <string.h>

#define TOO_LARGE      65537
#define DEEP           1000
#define SKEW_SECONDS   (16 * 60)
#define INTERVAL_LEAST 60
#define SEEN_BYTES     120
#define NO_MEMORY      "not enough memory here"
#define NO_SYNC        "not tried: no sync was answered"

/* How one request shows who sends it. */
struct guise {
	const char *client, *password; /* NULL: the token instead */
	const char *signed_body;       /* NULL: not signed; "": its own body */
};

static const char *
seen(const struct conformance *conformance, const struct http_answer *answer)
{
	const char *text;

	if (answer->outcome != HTTP_ANSWERED)
		text = arena_format(
		    conformance->arena, "no answer: %s", answer->detail);
	else
		text = arena_format(conformance->arena, "%ld %s: %.*s",
		    answer->status, answer->content_type, SEEN_BYTES,
		    answer->body);
	return text ? text : NO_MEMORY;
}

static const char *
authorization(const struct conformance *conformance, const struct guise *guise)
{
	struct arena *arena = conformance->arena;

	return guise->password
	    ? http_basic(arena, guise->client, guise->password)
	    : arena_format(arena, "Authorization: Bearer %s",
		  conformance->token ? conformance->token : "");
}

static bool
send_bytes(struct http_answer *out, struct conformance *conformance,
    const char *body, size_t bytes, const struct guise *guise)
{
	struct http_request request = conformance->target;
	const char *headers[3] = { NULL };
	struct device_proof_subject subject = { "POST", SYNC_ASK_PATH, body,
		bytes };
	size_t count = 0;
	char *proof;

	if (guise && guise->signed_body) {
		if (*guise->signed_body) {
			subject.body = guise->signed_body;
			subject.bytes = strlen(guise->signed_body);
		}
		if (device_proof_make(&proof, conformance->arena,
			conformance->device, &subject, clock_now()))
			return false;
		headers[count++] = arena_format(
		    conformance->arena, DEVICE_PROOF_HEADER ": %s", proof);
	}
	if (guise)
		headers[count++] = authorization(conformance, guise);
	request.headers = headers;
	request.body = body;
	request.body_bytes = bytes;
	return !conformance->arena->failed &&
	    !http_post(out, conformance->http, conformance->arena, &request);
}

static bool
send_text(struct http_answer *out, struct conformance *conformance,
    const char *body, const struct guise *guise)
{
	return body && send_bytes(out, conformance, body, strlen(body), guise);
}

/* A whole request; "feature" NULL asks for none. */
static const char *
new_body(struct conformance *conformance, const char *hardware_id,
    int64_t sent_at, const char *feature)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	char id[SYNC_ASK_ID_SIZE];
	const char *text;
	json_t *body;

	if (random_hex(id, (SYNC_ASK_ID_SIZE - 1) / 2))
		return NULL;
	keypair_public(key, conformance->device);
	body = json_pack("{s:i, s:s, s:I, s:s, s:s, s:s, s:s, s:I, s:o, s:o,"
			 " s:{s:b}}",
	    "protocol", 1, "request_id", id, "sent_at", (json_int_t)sent_at,
	    "hardware_id", hardware_id, "platform", "PSA-3000", "product",
	    "PCS", "version", "9.1r1", "holds", (json_int_t)conformance->number,
	    "features",
	    feature ? json_pack("{s:{s:I}}", feature, "users",
			  (json_int_t)conformance->users)
		    : json_object(),
	    "device_key", keypair_public_to_jwk(key), "later", "member", 1);
	text = body ? json_dump(conformance->arena, body) : NULL;
	json_decref(body);
	return text;
}

static json_t *
open_answer(const struct http_answer *answer)
{
	return json_load_object(answer->body, answer->body_bytes, NULL, 0);
}

static bool
is_refusal(const struct http_answer *answer, long status, const char *code)
{
	json_t *problem = open_answer(answer);
	const char *said = json_text(problem, "code");
	bool is_so = answer->outcome == HTTP_ANSWERED &&
	    answer->status == status && said && strcmp(said, code) == 0;

	json_decref(problem);
	return is_so;
}

/* Sends and wants that refusal. */
static const char *
expect(struct conformance *conformance, const char *body,
    const struct guise *guise, long status, const char *code)
{
	struct http_answer answer;

	if (!send_text(&answer, conformance, body, guise))
		return NO_MEMORY;
	return is_refusal(&answer, status, code) ? NULL
						 : seen(conformance, &answer);
}

const char *
conformance_problems(struct conformance *conformance)
{
	static const char media[] = "application/problem+json";
	struct http_answer answer;
	json_t *problem;
	int64_t status;
	bool is_so;

	if (!send_text(&answer, conformance, "{", NULL))
		return NO_MEMORY;
	problem = open_answer(&answer);
	is_so = strncmp(answer.content_type, media, sizeof(media) - 1) == 0 &&
	    json_int64(&status, problem, "status", 400, 599) &&
	    status == answer.status && json_text(problem, "title") &&
	    json_text(problem, "code");
	json_decref(problem);
	return is_so ? NULL : seen(conformance, &answer);
}

const char *
conformance_too_large(struct conformance *conformance)
{
	char *body = arena_alloc(conformance->arena, TOO_LARGE + 1);

	if (!body)
		return NO_MEMORY;
	memset(body, ' ', TOO_LARGE);
	return expect(conformance, body, NULL, 413, "too_large");
}

/* All else in it is good, so that a server which overlooks the flaw asks for credentials. */
static const char *
refuses_flaw(struct conformance *conformance, const char *flaw)
{
	const char *body = new_body(
	    conformance, conformance->hardware_id, clock_now(), NULL);

	return expect(conformance,
	    body ? arena_format(conformance->arena, "{%s,%s", flaw, body + 1)
		 : NULL,
	    NULL, 400, "bad_request");
}

const char *
conformance_bad_json(struct conformance *conformance)
{
	static const char *const flaws[] = {
		"\"x\":1,\"x\":1", "\"x\":\"\xff\"",
		"\"recalls\":[{\"serial\":\"s\",\"since\":1.0}]",
		"\"recalls\":[{\"serial\":\"s\",\"since\":9223372036854775808}]"
	};
	char *deep = arena_alloc(conformance->arena, 2 * DEEP + 1);
	const char *found;
	size_t i;

	if ((found = expect(conformance, "{", NULL, 400, "bad_request")))
		return found;
	for (i = 0; i < sizeof(flaws) / sizeof(*flaws); i++)
		if ((found = refuses_flaw(conformance, flaws[i])))
			return found;
	if (!deep)
		return NO_MEMORY;
	memset(deep, '[', DEEP);
	memset(deep + DEEP, ']', DEEP);
	return refuses_flaw(
	    conformance, arena_format(conformance->arena, "\"x\":%s", deep));
}

const char *
conformance_versions(struct conformance *conformance)
{
	struct http_answer answer;
	bool is_so = false;
	json_t *problem, *version;
	size_t i;

	if (!send_text(&answer, conformance, "{\"protocol\":2}", NULL))
		return NO_MEMORY;
	problem = open_answer(&answer);
	json_array_foreach(json_object_get(problem, "versions"), i, version)
	    is_so = is_so || json_integer_value(version) == 1;
	json_decref(problem);
	return is_so && is_refusal(&answer, 400, "unsupported_protocol")
	    ? NULL
	    : seen(conformance, &answer);
}

static const char *
request_id_of(struct conformance *conformance, const char *body)
{
	json_t *object = json_load_object(body, strlen(body), NULL, 0);
	const char *id = arena_text(
	    conformance->arena, json_text(object, "request_id"));

	json_decref(object);
	return id ? id : "";
}

const char *
conformance_first(struct conformance *conformance)
{
	const struct guise guise = { conformance->client, conformance->password,
		"" };
	const char *body = new_body(
	    conformance, conformance->hardware_id, clock_now(), NULL);
	struct http_answer answer;
	const char *id;
	json_t *object;
	bool is_so;

	if (!send_text(&answer, conformance, body, &guise))
		return NO_MEMORY;
	object = open_answer(&answer);
	id = json_text(object, "request_id");
	is_so = answer.status == 200 &&
	    strncmp(answer.content_type, "application/json", 16) == 0 && id &&
	    strcmp(id, request_id_of(conformance, body)) == 0;
	if (answer.status == 200 && object) {
		conformance->body = body;
		conformance->answer = answer.body;
		conformance->token = arena_text(
		    conformance->arena, json_text(object, "token"));
		(void)json_int64(
		    &conformance->number, object, "number", 0, INT64_MAX);
		(void)json_int64(
		    &conformance->epoch, object, "epoch", 0, INT64_MAX);
	}
	json_decref(object);
	return is_so ? NULL : seen(conformance, &answer);
}

/* As a client of ours would take it. */
const char *
conformance_document(struct conformance *conformance)
{
	struct sync_expectation expectation = {
		.client_name = conformance->client,
		.hardware_id = conformance->hardware_id
	};
	struct sync_reply reply;

	if (!conformance->body)
		return NO_SYNC;
	expectation.request_id = request_id_of(conformance, conformance->body);
	if (sync_reply_read(&reply, conformance->arena, conformance->answer,
		strlen(conformance->answer), &expectation))
		return NO_MEMORY;
	return reply.failure
	    ? arena_format(conformance->arena, "%s: %s",
		  link_failure_code(reply.failure), reply.detail)
	    : NULL;
}

const char *
conformance_interval(struct conformance *conformance)
{
	json_t *object;
	int64_t interval;
	bool is_so;

	if (!conformance->body)
		return NO_SYNC;
	object = json_load_object(
	    conformance->answer, strlen(conformance->answer), NULL, 0);
	is_so = json_int64(
		    &interval, object, "renew_after", INT64_MIN, INT64_MAX) &&
	    interval >= INTERVAL_LEAST;
	json_decref(object);
	return is_so ? NULL
		     : arena_format(conformance->arena, "renew_after %" PRId64,
			   interval);
}

const char *
conformance_repeat(struct conformance *conformance)
{
	const struct guise guise = { conformance->client, conformance->password,
		"" };
	struct http_answer answer;

	if (!conformance->body)
		return NO_SYNC;
	if (!send_text(&answer, conformance, conformance->body, &guise))
		return NO_MEMORY;
	return answer.status == 200 &&
		strcmp(answer.body, conformance->answer) == 0
	    ? NULL
	    : seen(conformance, &answer);
}

const char *
conformance_reused(struct conformance *conformance)
{
	const struct guise guise = { NULL, NULL, "" };

	if (!conformance->body)
		return NO_SYNC;
	return expect(conformance,
	    arena_format(conformance->arena, "%s ", conformance->body), &guise,
	    409, "request_reused");
}

/* A new request by token; what it says is kept as what is held. */
static const char *
sync_by_token(struct http_answer *answer, struct conformance *conformance,
    int64_t sent_at, const char *feature)
{
	const struct guise guise = { NULL, NULL, "" };

	if (!conformance->body)
		return NO_SYNC;
	if (!send_text(answer, conformance,
		new_body(
		    conformance, conformance->hardware_id, sent_at, feature),
		&guise))
		return NO_MEMORY;
	return answer->status == 200 ? NULL : seen(conformance, answer);
}

const char *
conformance_token(struct conformance *conformance)
{
	struct http_answer answer;
	const char *found = sync_by_token(
	    &answer, conformance, clock_now(), NULL);
	int64_t number = 0, epoch = 0;
	json_t *object;
	bool is_so;

	if (found)
		return found;
	object = open_answer(&answer);
	is_so = json_int64(&number, object, "number", 0, INT64_MAX) &&
	    json_int64(&epoch, object, "epoch", 0, INT64_MAX) &&
	    number == conformance->number + 1 && epoch == conformance->epoch;
	json_decref(object);
	found = arena_format(conformance->arena,
	    "number %" PRId64 " epoch %" PRId64 " after %" PRId64
	    " and %" PRId64,
	    number, epoch, conformance->number, conformance->epoch);
	conformance->number = number;
	return is_so ? NULL : found;
}

const char *
conformance_hardware(struct conformance *conformance)
{
	const struct guise guise = { NULL, NULL, "" };
	struct http_answer answer;
	const char *body = new_body(
	    conformance, "0123456789ABCDEF", clock_now(), NULL);
	json_t *object;

	if (!conformance->body || !body)
		return NO_SYNC;
	object = json_load_object(body, strlen(body), NULL, 0);
	json_object_del(object, "device_key");
	body = object ? json_dump(conformance->arena, object) : NULL;
	json_decref(object);
	if (!send_text(&answer, conformance, body, &guise))
		return NO_MEMORY;
	return answer.status == 401 || answer.status == 409
	    ? NULL
	    : seen(conformance, &answer);
}

const char *
conformance_unsigned(struct conformance *conformance)
{
	const struct guise guise = { conformance->client, conformance->password,
		NULL };

	if (!conformance->body)
		return NO_SYNC;
	return expect(conformance,
	    new_body(conformance, conformance->hardware_id, clock_now(), NULL),
	    &guise, 401, "unauthorized");
}

const char *
conformance_other_body(struct conformance *conformance)
{
	const struct guise guise = { NULL, NULL, conformance->body };

	if (!conformance->body)
		return NO_SYNC;
	return expect(conformance,
	    new_body(conformance, conformance->hardware_id, clock_now(), NULL),
	    &guise, 401, "unauthorized");
}

const char *
conformance_strangers(struct conformance *conformance)
{
	const struct guise wrong = { conformance->client, "x", "" };
	const struct guise unknown = { "conformancenobody", "x", "" };
	const char *body = new_body(
	    conformance, conformance->hardware_id, clock_now(), NULL);
	struct http_answer first, second;

	if (!send_text(&first, conformance, body, &wrong) ||
	    !send_text(&second, conformance, body, &unknown))
		return NO_MEMORY;
	if (!is_refusal(&first, 401, "unauthorized"))
		return seen(conformance, &first);
	return second.status == 401 && strcmp(first.body, second.body) == 0
	    ? NULL
	    : seen(conformance, &second);
}

const char *
conformance_skew(struct conformance *conformance)
{
	struct http_answer answer;
	const char *found = sync_by_token(
	    &answer, conformance, clock_now() - SKEW_SECONDS, NULL);
	json_t *object, *notice;
	bool is_so = false;
	size_t i;

	if (found)
		return found;
	object = open_answer(&answer);
	json_array_foreach(json_object_get(object, "notices"), i, notice)
	{
		const char *code = json_text(notice, "code");

		is_so = is_so || (code && strcmp(code, "clock_skew") == 0);
	}
	json_decref(object);
	return is_so ? NULL : "200 without the notice";
}

const char *
conformance_denied(struct conformance *conformance)
{
	static const char feature[] = "CONFORMANCE-NONE";
	struct http_answer answer;
	const char *code, *text, *found;
	json_t *object, *denied;
	bool is_so;

	conformance->users = 1;
	found = sync_by_token(&answer, conformance, clock_now(), feature);
	if (found)
		return found;
	object = open_answer(&answer);
	denied = json_object_get(
	    json_object_get(json_object_get(object, "features"), feature),
	    "denied");
	code = json_text(denied, "code");
	text = json_text(denied, "text");
	is_so = code && strcmp(code, "not_allocated") == 0 && text && *text;
	json_decref(object);
	return is_so ? NULL : "200 without that denial";
}

const char *
conformance_order(struct conformance *conformance)
{
	const struct guise guise = { conformance->client, conformance->password,
		NULL };

	if (!conformance->body)
		return NO_SYNC;
	return expect(conformance,
	    arena_format(conformance->arena, "%s ", conformance->body), &guise,
	    401, "unauthorized");
}

/* ---- growth ---- */

/* What an answer says of the feature that may be grown. */
struct grown {
	int64_t reserved, increment, maximum, leased, wanted;
	const char *code; /* of its denial, in the arena; "" = none */
	bool has_text;
};

static bool
read_grown(struct grown *out, const struct conformance *conformance,
    const struct http_answer *answer)
{
	json_t *object = open_answer(answer);
	const json_t *feature = json_object_get(
	    json_object_get(object, "features"), conformance->grow);
	const json_t *denied = json_object_get(feature, "denied");
	const char *text = json_text(denied, "text"), *code;
	bool is_whole = json_int64(&out->reserved, feature, "reserved", 0,
			    INT64_MAX) &&
	    json_int64(&out->increment, feature, "increment", 0, INT64_MAX) &&
	    json_int64(&out->maximum, feature, "maximum", 0, INT64_MAX) &&
	    json_int64(&out->leased, feature, "leased", 0, INT64_MAX);

	code = arena_text(conformance->arena, json_text(denied, "code"));
	out->code = code ? code : "";
	out->has_text = text && *text;
	(void)json_int64(&out->wanted, denied, "wanted", 0, INT64_MAX);
	json_decref(object);
	return is_whole;
}

/* Asks for so many users of it; the body is for a repeat. */
static const char *
ask_to_grow(struct grown *out, const char **body, struct http_answer *answer,
    struct conformance *conformance, int64_t users)
{
	const struct guise guise = { NULL, NULL, "" };

	if (!conformance->body)
		return NO_SYNC;
	conformance->users = users;
	*body = new_body(conformance, conformance->hardware_id, clock_now(),
	    conformance->grow);
	if (!send_text(answer, conformance, *body, &guise))
		return NO_MEMORY;
	return answer->status == 200 && read_grown(out, conformance, answer)
	    ? NULL
	    : seen(conformance, answer);
}

const char *
conformance_grows(struct conformance *conformance)
{
	const struct guise guise = { NULL, NULL, "" };
	struct http_answer answer, again;
	struct grown before, after;
	const char *found, *body;
	int64_t expected;

	if ((found = ask_to_grow(&before, &body, &answer, conformance, 0)) ||
	    (found = ask_to_grow(
		 &after, &body, &answer, conformance, before.leased + 1)))
		return found;
	expected = *after.code ? before.leased
			       : before.leased + before.increment;
	if (after.leased != expected || (*after.code && !after.has_text))
		return arena_format(conformance->arena,
		    "%" PRId64 " leased, then %" PRId64
		    " with an increment of %" PRId64 " and denial \"%s\"",
		    before.leased, after.leased, before.increment, after.code);
	if (!send_text(&again, conformance, body, &guise))
		return NO_MEMORY;
	return again.status == 200 && strcmp(again.body, answer.body) == 0
	    ? NULL
	    : seen(conformance, &again);
}

const char *
conformance_maximum(struct conformance *conformance)
{
	struct http_answer answer;
	struct grown before, after;
	const char *found, *body;

	if ((found = ask_to_grow(&before, &body, &answer, conformance, 0)) ||
	    (found = ask_to_grow(
		 &after, &body, &answer, conformance, before.maximum + 1)))
		return found;
	return *after.code && after.has_text &&
		after.wanted == before.maximum + 1 &&
		after.leased <= before.maximum
	    ? NULL
	    : arena_format(conformance->arena,
		  "%" PRId64 " leased of at most %" PRId64
		  ", denial \"%s\" with wanted %" PRId64,
		  after.leased, before.maximum, after.code, after.wanted);
}
