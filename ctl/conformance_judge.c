/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_judge.c: one request against the tables of lease-protocol.md:
 * its form, its members, its ID, who says it and what it confirms.
 */
#include "ctl/conformance_judge.h"

#include "engine/base/hardware_id.h"
#include "engine/base/json.h"
#include "engine/base/text.h"
#include "engine/peer/device_proof.h"
#include "engine/peer/http.h"
#include "engine/peer/sync_ask.h"
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define ID_LEAST     16
#define ID_MOST      64
#define TEXT_MOST    64
#define FEATURES_MAX 64
#define NAME_MOST    32
#define USERS_MOST   10000000
#define HARDWARE     "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define ID_LETTERS                                                             \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

void
conformance_judge_note(struct conformance_bench *bench,
    enum conformance_note note, const char *seen)
{
	if (!bench->notes[note])
		bench->notes[note] = seen ? seen : "not enough memory here";
}

struct conformance_known *
conformance_judge_known(const struct conformance_bench *bench, const char *id)
{
	struct conformance_known *known = bench->known;

	while (known && strcmp(known->id, id) != 0)
		known = known->next;
	return known;
}

/* ---- form ---- */

static bool
is_json_type(const char *type)
{
	static const char json[] = "application/json";

	return type && strncasecmp(type, json, sizeof(json) - 1) == 0 &&
	    (!type[sizeof(json) - 1] || strchr("; ", type[sizeof(json) - 1]));
}

static void
judge_form(struct conformance_bench *bench, const struct conformance_call *call)
{
	const struct conformance_heard_request *request = &call->request;

	if (strcmp(request->method, "POST") != 0 ||
	    strcmp(request->path, SYNC_ASK_PATH) != 0)
		conformance_judge_note(bench, CONFORMANCE_NOTE_FORM,
		    arena_format(
			bench->arena, "%s %s", request->method, request->path));
	else if (!is_json_type(conformance_host_header(
		     bench->arena, request, "Content-Type")) ||
	    conformance_host_header(bench->arena, request, "Content-Encoding"))
		conformance_judge_note(bench, CONFORMANCE_NOTE_FORM,
		    "another Content-Type than application/json, or a "
		    "Content-Encoding");
}

/* ---- members ---- */

static bool
is_text(const json_t *body, const char *name, size_t least, size_t most)
{
	const char *text = json_text(body, name);
	size_t length = text ? strlen(text) : 0;

	return text && length >= least && length <= most;
}

static bool
is_of(const json_t *body, const char *name, const char *letters)
{
	const char *text = json_text(body, name);

	return text && strspn(text, letters) == strlen(text);
}

static bool
are_features(json_t *features)
{
	const char *name;
	json_t *feature;
	int64_t users;

	if (!json_is_object(features) ||
	    json_object_size(features) > FEATURES_MAX)
		return false;
	json_object_foreach(features, name, feature)
	{
		if (!*name || strlen(name) > NAME_MOST ||
		    !json_int64(&users, feature, "users", 0, USERS_MOST))
			return false;
	}
	return true;
}

static bool
is_list(const json_t *body, const char *name, size_t most)
{
	const json_t *list = json_object_get(body, name);

	return !list || json_is_null(list) ||
	    (json_is_array(list) && json_array_size(list) <= most);
}

static bool
is_holds(const json_t *body)
{
	int64_t holds;

	return !json_object_get(body, "holds") ||
	    json_int64(&holds, body, "holds", 0, INT64_MAX);
}

static bool
is_lease(const json_t *body)
{
	const json_t *lease = json_object_get(body, "lease");

	return !lease || json_is_null(lease) || json_is_string(lease);
}

/* Of the first member that is not as it has to be; NULL = all are. */
static const char *
wrong_member(const json_t *body)
{
	const char *product = json_text(body, "product");
	int64_t number;

	if (!json_int64(&number, body, "protocol", 1, 1))
		return "protocol";
	if (!is_text(body, "request_id", ID_LEAST, ID_MOST) ||
	    !is_of(body, "request_id", ID_LETTERS))
		return "request_id";
	if (!json_int64(&number, body, "sent_at", 0, INT64_MAX))
		return "sent_at";
	if (!is_text(body, "hardware_id", HARDWARE_ID_SIZE - 1,
		HARDWARE_ID_SIZE - 1) ||
	    !is_of(body, "hardware_id", HARDWARE))
		return "hardware_id";
	if (!is_text(body, "platform", 1, TEXT_MOST))
		return "platform";
	if (!is_text(body, "version", 1, TEXT_MOST))
		return "version";
	if (!product ||
	    (strcmp(product, "PCS") != 0 && strcmp(product, "PPS") != 0))
		return "product";
	if (!are_features(json_object_get(body, "features")))
		return "features";
	if (!is_holds(body))
		return "holds";
	if (!is_lease(body))
		return "lease";
	return is_list(body, "members", 32) &&
		is_list(body, "surrenders", 128) &&
		is_list(body, "recalls", 128) &&
		is_list(body, "auto_leases", 256) &&
		is_list(body, "on_behalf", 64)
	    ? NULL
	    : "a list";
}

static void
judge_members(
    struct conformance_bench *bench, const struct conformance_call *call)
{
	const char *wrong = call->body ? wrong_member(call->body)
				       : "the body is no JSON object";

	if (wrong)
		conformance_judge_note(bench, CONFORMANCE_NOTE_MEMBERS,
		    arena_format(
			bench->arena, "not as it has to be: %s", wrong));
}

/* ---- the request ID ---- */

static void
judge_id(struct conformance_bench *bench, struct conformance_call *call)
{
	struct conformance_known *known = conformance_judge_known(
	    bench, call->id);

	if (known) {
		call->is_repeat = strcmp(known->body, call->request.body) == 0;
		if (!call->is_repeat)
			conformance_judge_note(bench, CONFORMANCE_NOTE_IDS,
			    "an ID used before, with another body");
		return;
	}
	if (!(known = arena_alloc(bench->arena, sizeof(*known))))
		return;
	known->id = call->id;
	known->body = call->request.body;
	known->next = bench->known;
	bench->known = known;
}

/* ---- who says it ---- */

static bool
is_password(const struct conformance_bench *bench, const json_t *body)
{
	const char *client = json_text(body, "client");
	const char *password = json_text(body, "password");

	return client && password && strcmp(client, bench->client) == 0 &&
	    strcmp(password, bench->password) == 0;
}

static bool
is_given_token(const struct conformance_bench *bench, const char *token)
{
	const char *padded = arena_format(bench->arena, " %s ", token);

	return padded && bench->tokens && strstr(bench->tokens, padded);
}

static void
judge_credentials(
    struct conformance_bench *bench, struct conformance_call *call)
{
	static const char basic[] = "Authorization: ";
	const char *value = conformance_host_header(
	    bench->arena, &call->request, "Authorization");
	const char *expected = http_basic(
	    bench->arena, bench->client, bench->password);
	const char *seen = NULL;

	if (value && strncasecmp(value, "Bearer ", 7) == 0) {
		call->scheme = CONFORMANCE_SCHEME_TOKEN;
		if (!is_given_token(bench, value + 7))
			seen = "a token that was not given";
	} else if (value
		? expected && strcmp(value, expected + sizeof(basic) - 1) == 0
		: is_password(bench, call->body)) {
		call->scheme = CONFORMANCE_SCHEME_PASSWORD;
	} else {
		seen = "neither Client ID and password nor a token";
	}
	if (seen)
		conformance_judge_note(
		    bench, CONFORMANCE_NOTE_CREDENTIALS, seen);
}

static void
judge_device_key(
    struct conformance_bench *bench, const struct conformance_call *call)
{
	const json_t *jwk = json_object_get(call->body, "device_key");
	const char *said = json_text(call->body, "hardware_id");
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	char id[HARDWARE_ID_SIZE];
	const char *seen = NULL;

	if (!jwk || json_is_null(jwk))
		return;
	if (!keypair_public_from_jwk(key, jwk))
		seen = "a device_key that is no Ed25519 JWK";
	else if (bench->has_device &&
	    memcmp(key, bench->device, sizeof(key)) != 0)
		seen = "another device_key than before";
	else if (hardware_id_of(id, key) || !said || strcmp(id, said) != 0)
		seen = "a hardware_id that does not derive from device_key";
	if (seen) {
		conformance_judge_note(bench, CONFORMANCE_NOTE_DEVICE, seen);
		return;
	}
	bench->has_device = true;
	memcpy(bench->device, key, sizeof(key));
}

static void
judge_device(
    struct conformance_bench *bench, const struct conformance_call *call)
{
	const struct device_proof_subject subject = { "POST", SYNC_ASK_PATH,
		call->request.body, call->request.bytes };
	const char *proof = conformance_host_header(
	    bench->arena, &call->request, DEVICE_PROOF_HEADER);

	judge_device_key(bench, call);
	if (!bench->has_device)
		return;
	if (!proof)
		conformance_judge_note(
		    bench, CONFORMANCE_NOTE_DEVICE, "no " DEVICE_PROOF_HEADER);
	else if (!device_proof_check(
		     bench->arena, bench->device, proof, &subject))
		conformance_judge_note(bench, CONFORMANCE_NOTE_DEVICE,
		    "a signature that does not fit");
}

static void
judge_confirms(
    struct conformance_bench *bench, const struct conformance_call *call)
{
	if (!bench->expects_number || call->is_repeat ||
	    call->holds == bench->number)
		return;
	conformance_judge_note(bench, CONFORMANCE_NOTE_CONFIRMS,
	    arena_format(bench->arena,
		"holds %" PRId64 " after the answer with number %" PRId64,
		call->holds, bench->number));
}

static void
judge_first(
    struct conformance_bench *bench, const struct conformance_call *call)
{
	if (call->scheme != CONFORMANCE_SCHEME_PASSWORD)
		bench->first = "no Client ID and password";
	else if (call->holds || json_text(call->body, "lease"))
		bench->first = "a lease already: set the client up anew";
}

void
conformance_judge_call(
    struct conformance_call *call, struct conformance_bench *bench)
{
	bool is_first = !bench->known;
	const char *id;

	bench->body = json_load_object(
	    call->request.body, call->request.bytes, NULL, 0);
	call->body = bench->body;
	id = arena_text(bench->arena, json_text(call->body, "request_id"));
	call->id = id ? id : "";
	(void)json_int64(&call->holds, call->body, "holds", 0, INT64_MAX);
	judge_form(bench, call);
	judge_members(bench, call);
	judge_id(bench, call);
	judge_credentials(bench, call);
	if (is_first)
		judge_first(bench, call);
	judge_device(bench, call);
	judge_confirms(bench, call);
}
