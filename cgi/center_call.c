/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_call.c: which device speaks, whether it said that before, and how
 * often it may guess. What a code is worth the ledger says.
 */
#include "cgi/center_call.h"

#include "cgi/center_call_work.h"
#include "cgi/center_heartbeat.h"
#include "engine/base/clock.h"
#include "engine/base/hardware_id.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/peer/center_ask.h"
#include "engine/peer/device_call.h"
#include "engine/store/ledger_center.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/ledger_transfer.h"
#include <assert.h>
#include <string.h>

#define AUTHCODE_TEXT_MAX 64
#define PLATFORM_MAX	  32

#define REFUSAL(symbol, code, status, title, detail)                           \
	{ code, status, title, detail },
static const struct service_refusal refusals[REFUSED__COUNT] = {
#include "cgi/center_refusals.tbl"
};
#undef REFUSAL

/* Always false, for who answers whether it goes on. */
bool
center_call_refuse(struct center_call *call, enum refused refused, int64_t wait_ms)
{
	service_refuse(call->out, call->arena, &refusals[refused], wait_ms);
	if (refused == REFUSED_UNAUTHORIZED || refused == REFUSED_CLOCK)
		call->out->challenge = "Device realm=\"center\"";
	return false;
}

/* ---- who speaks ---- */

/* A device is named by its key, so that none takes another's name (rules.md 1). */
static bool
derives_from_key(const struct center_call *call)
{
	char derived[HARDWARE_ID_SIZE];

	return !hardware_id_of(derived, call->caller.device_key) &&
	    strcmp(derived, call->caller.hardware_id) == 0;
}

static bool
keep(const char **out, struct center_call *call, const json_t *body, const char *name,
    size_t most)
{
	const char *text = json_text(body, name);

	*out = text && strlen(text) <= most ? arena_text(call->arena, text)
					    : NULL;
	return *out != NULL;
}

/* What the center has of the device that the call names. */
static bool
look_up(struct center_call *call)
{
	enum fault fault = store_center_device_load(&call->device, call->arena,
	    call->store, call->caller.hardware_id);

	call->is_listed = !fault;
	return !fault || fault == FAULT_NOT_FOUND ||
	    center_call_refuse(call, REFUSED_UNAVAILABLE, 0);
}

static bool
read_activation(struct center_call *call)
{
	json_t *body = json_load_object(
	    call->message->body, call->message->bytes, NULL, 0);
	struct center_caller *caller = &call->caller;
	bool is_good = keep(&call->authcode, call, body, "authcode",
			   AUTHCODE_TEXT_MAX) &&
	    keep(&caller->hardware_id, call, body, "hardware_id",
		HARDWARE_ID_SIZE) &&
	    keypair_public_from_jwk(
		caller->device_key, json_object_get(body, "device_key")) &&
	    derives_from_key(call);

	if (!keep(&caller->platform, call, body, "platform", PLATFORM_MAX) ||
	    !catalogue_platform(
		&call->service->appliance->catalogue, caller->platform))
		caller->platform = "";
	json_decref(body);
	return is_good ? look_up(call)
		       : center_call_refuse(call, REFUSED_BAD, 0);
}

/* The device that the path names, by the key that it showed at its activation. */
bool
center_call_read_device(struct center_call *call, const char *hardware_id)
{
	call->caller.hardware_id = hardware_id;
	call->caller.platform = "";
	if (!look_up(call))
		return false;
	/* It has nothing that others must not know of. */
	call->is_stranger = !call->is_listed || !call->device.has_device_key;
	if (!call->is_stranger)
		memcpy(call->caller.device_key, call->device.device_key,
		    sizeof(call->device.device_key));
	return true;
}

/* A device that was entered by hand, or got its licenses by a transfer, shows its key the first time. */
static bool
read_presented(struct center_call *call, const char *hardware_id)
{
	json_t *body = json_load_object(
	    call->message->body, call->message->bytes, NULL, 0);
	bool is_good;

	call->caller.hardware_id = hardware_id;
	call->caller.platform = "";
	is_good = keypair_public_from_jwk(call->caller.device_key,
		      json_object_get(body, "device_key")) &&
	    derives_from_key(call);
	json_decref(body);
	if (!is_good)
		return center_call_refuse(call, REFUSED_BAD, 0);
	if (!look_up(call))
		return false;
	call->is_stranger = !call->is_listed;
	return true;
}

/* ---- how often ---- */

static bool
keeps_pace(struct center_call *call, enum lease_throttle_kind kind,
    const char *name)
{
	int64_t wait = lease_throttle_spend(
	    &call->service->throttle, kind, name, clock_elapsed_ms());

	return wait <= 0 || center_call_refuse(call, REFUSED_TOO_FAST, wait);
}

/* Names cost nothing to make up, and so does what others signed before: only a device of ours that proves itself has a pace of its own. */
static bool
keeps_pace_at_its_address(struct center_call *call)
{
	return keeps_pace(
	    call, LEASE_THROTTLE_PACE_ADDRESS, call->message->address);
}

static bool
is_signed(struct device_call *out, struct center_call *call)
{
	const struct service_message *message = call->message;
	const struct device_proof_subject subject = { message->method,
		message->path, message->body, message->bytes };

	return device_call_check(out, call->arena, call->caller.device_key,
	    message->authorization, &subject);
}

/* Neither is negative: no difference overflows. */
static bool
is_fresh(const struct device_call *signature, int64_t now)
{
	return now >= 0 && signature->time - now <= DEVICE_CALL_FRESH_SECONDS &&
	    now - signature->time <= DEVICE_CALL_FRESH_SECONDS;
}

bool
center_call_is_admitted(struct center_call *call)
{
	struct device_call signature;
	bool is_repeat;

	if (call->is_stranger)
		return keeps_pace_at_its_address(call);
	if (!is_signed(&signature, call))
		return keeps_pace_at_its_address(call) &&
		    center_call_refuse(call, REFUSED_UNAUTHORIZED, 0);
	if (!is_fresh(&signature, clock_now()))
		return keeps_pace_at_its_address(call) &&
		    center_call_refuse(call, REFUSED_CLOCK, 0);
	call->caller.nonce = signature.nonce;
	call->sent_at = signature.time;
	if (store_center_nonce_is_known(&is_repeat, call->store,
		call->caller.hardware_id, signature.nonce))
		return center_call_refuse(call, REFUSED_UNAVAILABLE, 0);
	if (is_repeat)
		return keeps_pace_at_its_address(call) &&
		    center_call_refuse(call, REFUSED_REPLAYED, 0);
	return call->is_listed ? keeps_pace(call, LEASE_THROTTLE_PACE,
				     call->caller.hardware_id)
			       : keeps_pace_at_its_address(call);
}

/* Did this very device have keys before? Then guessers at its address do not hold it back. */
static bool
is_known(const struct center_call *call)
{
	return call->is_listed && call->device.has_device_key &&
	    memcmp(call->device.device_key, call->caller.device_key,
		sizeof(call->device.device_key)) == 0;
}

static bool
may_try(struct center_call *call)
{
	struct lease_throttle *throttle = &call->service->throttle;
	int64_t now_ms = clock_elapsed_ms();
	int64_t wait = lease_throttle_wait(throttle, LEASE_THROTTLE_CLIENT,
	    call->caller.hardware_id, now_ms);

	if (wait <= 0 && !is_known(call))
		wait = lease_throttle_wait(throttle, LEASE_THROTTLE_ADDRESS,
		    call->message->address, now_ms);
	return wait <= 0 || center_call_refuse(call, REFUSED_TOO_MANY, wait);
}

/* Codes are guessed by trying: what is no code of ours counts, whatever is wrong with it. */
static void
note_try(struct center_call *call, const struct center_activation *activation)
{
	struct lease_throttle *throttle = &call->service->throttle;
	int64_t now_ms = clock_elapsed_ms();

	if (!activation->text) {
		lease_throttle_succeeded(throttle, LEASE_THROTTLE_CLIENT,
		    call->caller.hardware_id, now_ms);
		return;
	}
	lease_throttle_failed(throttle, LEASE_THROTTLE_ADDRESS,
	    call->message->address, now_ms);
	lease_throttle_failed(throttle, LEASE_THROTTLE_CLIENT,
	    call->caller.hardware_id, now_ms);
}

/* ---- answers ---- */

static json_t *
keys_to_json(const struct center_key *keys, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < count; i++)
		if (json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "serial", keys[i].serial,
			    "sku", keys[i].sku, "key", keys[i].statement))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* Takes the object over. */
void
center_call_answer(struct center_call *call, json_t *object)
{
	const char *body = object ? json_dump(call->arena, object) : NULL;

	json_decref(object);
	if (!body)
		center_call_refuse(call, REFUSED_UNAVAILABLE, 0);
	else
		*call->out = (struct service_response){ .status = 200,
			.type = "application/json",
			.body = body };
}

static void
answer_activation(struct center_call *call, const struct center_activation *said)
{
	const struct service_refusal refusal = { said->code, 409,
		"No license keys", said->text };

	if (said->text)
		service_refuse(call->out, call->arena, &refusal, 0);
	else
		center_call_answer(call,
		    json_pack("{s:s, s:b, s:o}", "hardware_id",
			call->caller.hardware_id, "before", said->was_before,
			"keys", keys_to_json(said->keys, said->key_count)));
}

/* ---- acts ---- */

bool
center_call_act(struct center_call *call,
    enum fault (*work)(
	struct center_call *call, struct ledger *ledger, void *context),
    void *context)
{
	const struct actor actor = { "System", call->message->address };
	struct ledger ledger;
	bool is_new = call->is_stranger;
	enum fault fault;

	ledger_init(&ledger, call->store, &call->appliance, call->arena, &actor,
	    clock_now());
	if (!(fault = ledger_begin(&ledger))) {
		if (!call->is_stranger)
			fault = ledger_center_activate_call(
			    &is_new, &ledger, &call->caller);
		if (!fault && is_new)
			fault = work(call, &ledger, context);
		fault = ledger_end(&ledger, fault);
	}
	if (fault)
		return center_call_refuse(call, REFUSED_UNAVAILABLE, 0);
	return is_new || center_call_refuse(call, REFUSED_REPLAYED, 0);
}

static enum fault
take_code(struct center_call *call, struct ledger *ledger, void *context)
{
	return ledger_center_activate(context, ledger, call->issuers.keys[0],
	    &call->caller, call->authcode);
}

static void
activate(struct center_call *call)
{
	struct center_activation said = { .code = NULL };

	if (!center_call_act(call, take_code, &said))
		return;
	note_try(call, &said);
	answer_activation(call, &said);
}

struct holding {
	struct center_key *keys;
	size_t count;
	const char *revocations;
};

/* What is known by any key that was revoked is for everybody; the rest is for the device alone. */
static enum fault
load_holding(struct center_call *call, struct ledger *ledger, void *context)
{
	struct holding *holding = context;
	enum fault fault = call->is_stranger
	    ? FAULT_NONE
	    : ledger_center_activate_keys(&holding->keys, &holding->count,
		  ledger, call->caller.hardware_id);

	return fault ? fault
		     : ledger_revocation_list(
			   &holding->revocations, ledger, &call->issuers);
}

static void
list_keys(struct center_call *call)
{
	struct holding holding = { .keys = NULL };

	if (center_call_act(call, load_holding, &holding))
		center_call_answer(call,
		    json_pack("{s:s, s:b, s:o, s:s}", "hardware_id",
			call->caller.hardware_id, "known", !call->is_stranger,
			"keys", keys_to_json(holding.keys, holding.count),
			"revocations", holding.revocations));
}

/* The hardware ID in ".../devices/{hardware id}/WHAT", in the arena; NULL when the path is another. */
static const char *
device_of(struct center_call *call, const char *what)
{
	const char *path = call->message->path;
	size_t head = strlen(CENTER_ASK_DEVICES);
	char id[HARDWARE_ID_SIZE];

	if (strncmp(path, CENTER_ASK_DEVICES, head) != 0 ||
	    strnlen(path + head, HARDWARE_ID_SIZE) < HARDWARE_ID_SIZE - 1 ||
	    strcmp(path + head + HARDWARE_ID_SIZE - 1, what) != 0)
		return NULL;
	memcpy(id, path + head, HARDWARE_ID_SIZE - 1);
	id[HARDWARE_ID_SIZE - 1] = '\0';
	return hardware_id_is_valid(id) ? arena_text(call->arena, id) : NULL;
}

static bool
has_method(struct center_call *call, const char *method)
{
	if (strcmp(call->message->method, method) == 0)
		return true;
	center_call_refuse(call, REFUSED_METHOD, 0);
	call->out->allow = method;
	return false;
}

/* Of a device that never had anything there is nothing to note. */
static enum fault
take_reset(struct center_call *call, struct ledger *ledger, void *context)
{
	(void)context;
	return call->is_stranger
	    ? FAULT_NONE
	    : ledger_transfer_reset(ledger, call->caller.hardware_id);
}

static void
note_reset(struct center_call *call)
{
	call->caller.confirms_reset = true;
	if (center_call_act(call, take_reset, NULL))
		center_call_answer(call,
		    json_pack("{s:b}", "known", !call->is_stranger));
}

/* Whose key signs may change while this program runs. */
static bool
load_issuers(struct center_call *call)
{
	const struct appliance *appliance = call->service->appliance;

	call->appliance = *appliance;
	if (issuer_keys_load(&call->issuers, call->arena,
		appliance->state_directory))
		return center_call_refuse(call, REFUSED_UNAVAILABLE, 0);
	call->appliance.trust = call->issuers.trust;
	return true;
}

static void
list_issuers(struct center_call *call)
{
	const char *body;

	if (issuer_keys_publish(
		&body, call->arena, &call->issuers, clock_now())) {
		center_call_refuse(call, REFUSED_UNAVAILABLE, 0);
		return;
	}
	*call->out = (struct service_response){ .status = 200,
		.type = "application/jwk-set+json",
		.body = body };
}

static void
route(struct center_call *call)
{
	const char *device;

	if (call->message->is_too_large)
		center_call_refuse(call, REFUSED_TOO_LARGE, 0);
	else if (strcmp(call->message->path, CENTER_ASK_ACTIVATIONS) == 0) {
		if (has_method(call, "POST") && read_activation(call) &&
		    center_call_is_admitted(call) && may_try(call))
			activate(call);
	} else if (strcmp(call->message->path, CENTER_ASK_ISSUERS) == 0) {
		if (has_method(call, "GET") && keeps_pace_at_its_address(call))
			list_issuers(call);
	} else if (strcmp(call->message->path, CENTER_ASK_HEARTBEATS) == 0) {
		if (has_method(call, "POST"))
			center_heartbeat_run(call);
	} else if ((device = device_of(call, CENTER_ASK_KEYS))) {
		bool is_first = strcmp(call->message->method, "POST") == 0;

		if ((is_first ? read_presented(call, device)
			      : has_method(call, "GET") &&
				    center_call_read_device(call, device)) &&
		    center_call_is_admitted(call))
			list_keys(call);
	} else if ((device = device_of(call, CENTER_ASK_RESETS))) {
		if (has_method(call, "POST") &&
		    center_call_read_device(call, device) &&
		    center_call_is_admitted(call))
			note_reset(call);
	} else
		center_call_refuse(call, REFUSED_NOT_FOUND, 0);
}

void
center_call_run(struct service_response *out, struct arena *arena,
    const struct service_message *message, struct center_service *service,
    struct store *store)
{
	struct center_call call = { .out = out,
		.arena = arena,
		.message = message,
		.service = service,
		.store = store };

	assert(out && arena && message && service && store);
	if (load_issuers(&call))
		route(&call);
	issuer_keys_free(&call.issuers);
}
