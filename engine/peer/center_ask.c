/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_ask.c: what is asked, and what an answer is worth. The certificate of
 * the center is always verified; its authority may be one of the appliance's
 * own list.
 */
#include "engine/peer/center_ask.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/peer/device_call.h"
#include "engine/peer/link_files.h"
#include "engine/peer/link_network.h"
#include "engine/store/store_download.h"
#include <assert.h>
#include <string.h>

enum fault
center_ask_open(struct center_ask *out, struct arena *arena,
    const struct appliance *appliance, struct store *store,
    const atomic_bool *stop)
{
	struct download_settings settings;
	struct link_network network;
	enum fault fault;

	assert(out && arena && appliance && store);
	*out = (struct center_ask){ .appliance = appliance };
	if ((fault = store_download_settings(&settings, arena, store)) ||
	    (fault = link_network_choose(&network, arena,
		 appliance->state_directory, settings.network)) ||
	    (fault = link_files_device(
		 &out->device, appliance->state_directory)) ||
	    (fault = http_open(&out->http, stop)))
		return fault;
	out->network = network.local;
	out->center = settings.center;
	out->proxy = settings.proxy;
	out->proxy_user = settings.proxy_user;
	out->proxy_password = settings.proxy_password;
	return FAULT_NONE;
}

void
center_ask_close(struct center_ask *ask)
{
	assert(ask);
	http_close(&ask->http);
	keypair_free(&ask->device);
}

struct call {
	struct center_answer *out;
	struct arena *arena;
	const struct center_ask *ask;
	struct http_answer answer;
	bool is_sent; /* more than a handshake */
};

static enum fault
fail(struct call *call, const char *code, const char *text)
{
	call->out->code = code;
	call->out->text = text;
	return text ? FAULT_NONE : FAULT_MEMORY;
}

/* Why no answer came, and what to do about it. */
static const char *
advice(enum http_outcome outcome)
{
	switch (outcome) {
	case HTTP_NAME_UNKNOWN:
		return "its name is not known. Check the address of the center and this appliance's name servers.";
	case HTTP_NOT_TRUSTED:
	case HTTP_OTHER_KEY:
		return "its certificate is not trusted, so nothing was sent. Add its authority to center-ca.pem in the state directory, or check the address.";
	case HTTP_NETWORK_DOWN:
		return "the network to use is not there. Choose another Preferred Network.";
	case HTTP_TIMEOUT:
		return "it did not answer in time. Try again; a firewall may be in the way.";
	case HTTP_NO_TLS:
		return "it does not speak TLS as it must. Check the address and the port.";
	case HTTP_TOO_LARGE:
	case HTTP_BROKEN:
		return "its answer did not come whole. Try again.";
	case HTTP_STOPPED:
		return "this appliance is about to stop. Try again later.";
	case HTTP_PROXY:
		return "the proxy on the way cannot be reached, or does not let this appliance through. Check its address, user name and password.";
	case HTTP_UNREACHABLE:
	case HTTP_ANSWERED:
		break;
	}
	return "no connection. Check the address, the port and the network.";
}

/* Was any byte of the request sent? */
static bool
was_sent(enum http_outcome outcome)
{
	return outcome == HTTP_ANSWERED || outcome == HTTP_TIMEOUT ||
	    outcome == HTTP_TOO_LARGE || outcome == HTTP_BROKEN ||
	    outcome == HTTP_STOPPED;
}

static enum fault
no_answer(struct call *call)
{
	log_line(LOG_SEVERITY_NOTICE, "center %s: %s",
	    call->ask->center, call->answer.detail);
	call->out->use = call->is_sent && was_sent(call->answer.outcome)
	    ? CENTER_CODE_UNSURE
	    : CENTER_CODE_UNUSED;
	return fail(call, "center_unreachable",
	    arena_format(call->arena, "The center %s: %s",
		call->ask->center,
		advice(call->answer.outcome)));
}

/* A refusal is for a person, in the center's words; what is no answer of a center is said to be none. */
static enum fault
refused(struct call *call, const json_t *said)
{
	const char *code = json_text(said, "code");
	const char *text = json_text(said, "detail");

	if (!code || !text) {
		call->out->use = CENTER_CODE_UNSURE;
		return fail(call, "center_answer",
		    arena_format(call->arena,
			"The center %s answered %ld and nothing that could be "
			"read. Check its address.",
			call->ask->center,
			call->answer.status));
	}
	/* It may have been done, or done before. */
	if (call->answer.status >= 500 || strcmp(code, "replayed") == 0)
		call->out->use = CENTER_CODE_UNSURE;
	return fail(call, arena_text(call->arena, code),
	    arena_text(call->arena, text));
}

static enum fault
take_issuers(struct call *call, const json_t *said)
{
	size_t index;
	json_t *item;

	call->out->issuers = "";
	json_array_foreach(json_object_get(said, "signed"), index, item)
	{
		if (!json_string_value(item))
			continue;
		call->out->issuers = arena_format(call->arena, "%s%s\n",
		    call->out->issuers, json_string_value(item));
		if (!call->out->issuers)
			return FAULT_MEMORY;
	}
	return FAULT_NONE;
}

/* One a line, as for pasting. */
static enum fault
take_keys(struct call *call, const json_t *said)
{
	const char *keys = "";
	size_t index;
	json_t *item;

	json_array_foreach(json_object_get(said, "keys"), index, item)
	{
		const char *key = json_text(item, "key");

		if (!key)
			continue;
		keys = arena_format(call->arena, "%s%s\n", keys, key);
		if (!keys)
			return FAULT_MEMORY;
		call->out->key_count++;
	}
	call->out->keys = keys;
	if (take_issuers(call, said))
		return FAULT_MEMORY;
	call->out->is_unknown = !json_bool(said, "known", true);
	call->out->revocations = json_text(said, "revocations");
	if (call->out->revocations)
		call->out->revocations = arena_text(
		    call->arena, call->out->revocations);
	call->out->was_before = json_bool(said, "before", false);
	call->out->is_duplicate = json_bool(said, "duplicate", false);
	call->out->use = CENTER_CODE_USED;
	return FAULT_NONE;
}

static enum fault
read_answer(struct call *call)
{
	json_t *said;
	enum fault fault;

	if (call->answer.outcome != HTTP_ANSWERED)
		return no_answer(call);
	said = json_load_object(
	    call->answer.body, call->answer.body_bytes, NULL, 0);
	fault = call->answer.status == 200 && said ? take_keys(call, said)
						   : refused(call, said);
	json_decref(said);
	return fault;
}

/* "body" NULL = GET. */
static enum fault
exchange(struct call *call, const char *path, const char *body)
{
	const struct center_ask *ask = call->ask;
	const struct appliance *appliance = ask->appliance;
	const struct device_proof_subject subject = { body ? "POST" : "GET",
		path, body ? body : "", body ? strlen(body) : 0 };
	const char *headers[2] = { NULL, NULL };
	struct http_request request = {
		.url = arena_format(
		    call->arena, "%s%s", ask->center, path),
		.network = ask->network,
		.proxy = ask->proxy,
		.proxy_user = ask->proxy_user,
		.proxy_password = ask->proxy_password,
		.verify = true,
		.body = body,
		.body_bytes = subject.bytes,
		.headers = headers,
	};
	enum fault fault = device_call_make(
	    &headers[0], call->arena, ask->device, &subject, clock_now());

	if (fault)
		return fault;
	if (!request.url)
		return FAULT_MEMORY;
	if ((fault = link_files_center_roots(&request.ca_file, call->arena,
		 appliance->state_directory)))
		return fault;
	call->is_sent = true;
	fault = body
	    ? http_post(&call->answer, ask->http, call->arena, &request)
	    : http_get(&call->answer, ask->http, call->arena, &request);
	return fault ? fault : read_answer(call);
}

/* Takes the object over. */
static enum fault
post(struct call *call, const char *path, json_t *object)
{
	const char *body = object ? json_dump(call->arena, object) : NULL;

	json_decref(object);
	return body ? exchange(call, path, body) : FAULT_MEMORY;
}

/* False when there is nobody to ask. */
static bool
begin(struct call *call, enum fault *fault)
{
	*call->out = (struct center_answer){ .keys = "", .issuers = "" };
	if (*call->ask->center)
		return true;
	*fault = fail(call, "center_none",
	    "No center is known to this appliance. Enter its address under "
	    "Download Licenses, or with leasehold download --center.");
	return false;
}

static enum fault
knock(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask,
    enum fault (*how)(struct http_answer *, struct http *, struct arena *,
	const struct http_request *))
{
	struct call call = { .out = out, .arena = arena, .ask = ask };
	struct http_request request = { .network = ask->network,
		.proxy = ask->proxy,
		.proxy_user = ask->proxy_user,
		.proxy_password = ask->proxy_password,
		.verify = true };
	enum fault fault;

	if (!begin(&call, &fault))
		return fault;
	request.url = arena_format(arena, "%s/", ask->center);
	if (!request.url)
		return FAULT_MEMORY;
	if ((fault = link_files_center_roots(&request.ca_file, arena,
		 ask->appliance->state_directory)) ||
	    (fault = how(&call.answer, ask->http, arena, &request)))
		return fault;
	return call.answer.outcome == HTTP_ANSWERED ? FAULT_NONE
						    : no_answer(&call);
}

enum fault
center_ask_reach(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask)
{
	assert(out && arena && ask);
	return knock(out, arena, ask, http_reach);
}

enum fault
center_ask_trust(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask)
{
	assert(out && arena && ask);
	return knock(out, arena, ask, http_check);
}

enum fault
center_ask_code(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask, const char *authcode)
{
	struct call call = { .out = out, .arena = arena, .ask = ask };
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	enum fault fault;

	assert(out && arena && ask && authcode);
	if (!begin(&call, &fault))
		return fault;
	keypair_public(key, ask->device);
	return post(&call, CENTER_ASK_ACTIVATIONS,
	    json_pack("{s:s, s:s, s:s, s:o}", "authcode", authcode,
		"hardware_id", ask->appliance->hardware_id, "platform",
		ask->appliance->platform, "device_key",
		keypair_public_to_jwk(key)));
}

enum fault
center_ask_heartbeat(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask, const struct center_heartbeat *beat)
{
	struct call call = { .out = out, .arena = arena, .ask = ask };
	enum fault fault;

	assert(out && arena && ask && beat);
	if (!begin(&call, &fault))
		return fault;
	return post(&call, CENTER_ASK_HEARTBEATS,
	    json_pack("{s:s, s:s, s:s, s:I, s:I}", "hardware_id",
		ask->appliance->hardware_id, "instance", beat->instance, "boot",
		beat->boot, "sequence", (json_int_t)beat->sequence, "sent_at",
		(json_int_t)clock_now()));
}

enum fault
center_ask_reset(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask)
{
	struct call call = { .out = out, .arena = arena, .ask = ask };
	enum fault fault;
	const char *path;

	assert(out && arena && ask);
	if (!begin(&call, &fault))
		return fault;
	path = arena_format(arena, CENTER_ASK_DEVICES "%s" CENTER_ASK_RESETS,
	    ask->appliance->hardware_id);
	return path ? exchange(&call, path, "{}") : FAULT_MEMORY;
}

enum fault
center_ask_issuers(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask)
{
	struct call call = { .out = out, .arena = arena, .ask = ask };
	enum fault fault;

	assert(out && arena && ask);
	return begin(&call, &fault) ? exchange(&call, CENTER_ASK_ISSUERS, NULL)
				    : fault;
}

/* A spare has license keys before it ever asked: the center learns its device key with the first call. */
static enum fault
show_key(struct call *call, const char *path)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	keypair_public(key, call->ask->device);
	*call->out = (struct center_answer){ .keys = "" };
	return post(call, path,
	    json_pack("{s:o}", "device_key", keypair_public_to_jwk(key)));
}

enum fault
center_ask_keys(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask)
{
	struct call call = { .out = out, .arena = arena, .ask = ask };
	enum fault fault;
	const char *path;

	assert(out && arena && ask);
	if (!begin(&call, &fault))
		return fault;
	path = arena_format(arena, CENTER_ASK_DEVICES "%s" CENTER_ASK_KEYS,
	    ask->appliance->hardware_id);
	if (!path)
		return FAULT_MEMORY;
	fault = exchange(&call, path, NULL);
	if (fault || out->text || !out->is_unknown)
		return fault;
	return show_key(&call, path);
}
