/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * activation_file.c: see activation_file.h. Of whom a file came does not
 * matter: what counts is who signed what is in it.
 */
#include "engine/store/activation_file.h"

#include "engine/base/authcode.h"
#include "engine/base/hardware_id.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/store/ledger_download.h"
#include "engine/store/ledger_revocation.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define FILE_TYPE    "leasehold-activation"
#define BETWEEN	     " \t\r\n,;"
#define PLATFORM_MAX 32

/* ---- on the appliance: asked ---- */

static enum fault
read_codes(json_t *list, const char **wrong, struct arena *arena,
    const char *text)
{
	char *rest = NULL, *copy = arena_text(arena, text);
	enum fault fault = copy ? FAULT_NONE : FAULT_MEMORY;

	for (char *word = copy ? strtok_r(copy, BETWEEN, &rest) : NULL;
	     !fault && word; word = strtok_r(NULL, BETWEEN, &rest)) {
		char code[AUTHCODE_SIZE];

		if (authcode_read(code, word) != AUTHCODE_OK ||
		    json_array_size(list) == ACTIVATION_FILE_CODES_MAX) {
			*wrong = word;
			return FAULT_NONE;
		}
		if (json_array_append_new(list, json_string(code)))
			fault = FAULT_MEMORY;
	}
	return fault;
}

enum fault
activation_file_make(const char **out, const char **wrong, struct arena *arena,
    const struct appliance *appliance, const struct keypair *device,
    int64_t now, const char *codes)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	json_t *list = json_array(), *payload = NULL;
	char *text = NULL;
	enum fault fault;

	assert(out && wrong && arena && appliance && device && codes);
	*out = *wrong = NULL;
	keypair_public(public_key, device);
	fault = list ? read_codes(list, wrong, arena, codes) : FAULT_MEMORY;
	if (!fault && !*wrong) {
		payload = json_pack("{s:I, s:s, s:s, s:o, s:O}", "time",
		    (json_int_t)now, "hardware_id", appliance->hardware_id,
		    "platform", appliance->platform, "device_key",
		    keypair_public_to_jwk(public_key), "authcodes", list);
		fault = payload ? jws_sign(&text, arena, device, FILE_TYPE,
				      NULL, payload)
				: FAULT_MEMORY;
	}
	*out = text;
	json_decref(payload);
	json_decref(list);
	return fault;
}

/* ---- at the center ---- */

static const char *
keep(struct arena *arena, const json_t *payload, const char *name, size_t most)
{
	const char *text = json_text(payload, name);

	return text && strlen(text) <= most ? arena_text(arena, text) : NULL;
}

static bool
keep_codes(struct activation_file *out, struct arena *arena,
    const json_t *payload)
{
	const json_t *list = json_object_get(payload, "authcodes");
	size_t index;
	json_t *item;

	if (json_array_size(list) > ACTIVATION_FILE_CODES_MAX)
		return false;
	json_array_foreach(list, index, item)
	{
		const char *code = json_string_value(item);

		if (!code || strlen(code) >= 2 * AUTHCODE_SIZE)
			return false;
		out->codes[out->code_count++] = arena_text(arena, code);
	}
	return !arena->failed;
}

/* The device is its key: whoever signs names itself by it. */
static bool
is_itself(struct activation_file *out, const struct jws *jws)
{
	char derived[HARDWARE_ID_SIZE];

	return keypair_public_from_jwk(out->caller.device_key,
		   json_object_get(jws->payload, "device_key")) &&
	    !hardware_id_of(derived, out->caller.device_key) &&
	    out->caller.hardware_id &&
	    strcmp(derived, out->caller.hardware_id) == 0 &&
	    jws_verify(jws, out->caller.device_key);
}

static bool
is_whole(struct activation_file *out, struct arena *arena, const char *text)
{
	size_t head = strspn(text, BETWEEN);
	size_t length = strcspn(text + head, BETWEEN);
	struct jws jws;
	bool is_good;

	if (strspn(text + head + length, BETWEEN) !=
		strlen(text + head + length) ||
	    jws_parse(&jws, arena, text + head, length, FILE_TYPE) != JWS_OK)
		return false;
	out->caller.nonce = "";
	out->caller.platform = keep(
	    arena, jws.payload, "platform", PLATFORM_MAX);
	out->caller.hardware_id = keep(
	    arena, jws.payload, "hardware_id", HARDWARE_ID_SIZE);
	is_good = json_int64(&out->caller.said_at, jws.payload, "time", 1,
		      INT64_MAX) &&
	    out->caller.platform && is_itself(out, &jws) &&
	    keep_codes(out, arena, jws.payload);
	jws_clear(&jws);
	return is_good;
}

enum activation_file_state
activation_file_read(struct activation_file *out, struct arena *arena,
    const char *text, int64_t now)
{
	assert(out && arena && text && now >= 0);
	memset(out, 0, sizeof(*out));
	if (!is_whole(out, arena, text))
		return ACTIVATION_FILE_WRONG;
	return out->caller.said_at - now > CENTER_CALLER_FRESH_SECONDS
	    ? ACTIVATION_FILE_AHEAD
	    : ACTIVATION_FILE_GOOD;
}

struct answering {
	struct arena *arena;
	enum fault (*begin)(struct ledger *ledger, void *with);
	void *with;
	const struct issuer_keys *issuers;
	const struct activation_file *file;
	json_t *results, *keys;
	const char *revocations;
};

static enum fault
activate(struct answering *answering, const char *code)
{
	struct center_activation said = { .code = NULL };
	const char *ends_in = strrchr(code, '-');
	struct ledger ledger;
	enum fault fault = answering->begin(&ledger, answering->with);

	if (fault)
		return fault;
	fault = ledger_center_activate(&said, &ledger,
	    answering->issuers->keys[0], &answering->file->caller, code);
	if ((fault = ledger_end(&ledger, fault)))
		return fault;
	return json_array_append_new(answering->results,
		   json_pack("{s:s, s:b, s:s}", "ends_in",
		       ends_in ? ends_in + 1 : "", "ok", !said.text, "text",
		       said.text ? said.text
			   : said.was_before
			   ? "The same license keys as before."
			   : "Activated."))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

static enum fault
list_all(struct answering *answering)
{
	struct center_key *keys;
	struct ledger ledger;
	size_t count;
	enum fault fault = answering->begin(&ledger, answering->with);

	if (fault)
		return fault;
	fault = ledger_center_activate_contact(
	    &ledger, &answering->file->caller);
	if (!fault)
		fault = ledger_center_activate_keys(&keys, &count, &ledger,
		    answering->file->caller.hardware_id);
	if (!fault)
		fault = ledger_revocation_list(
		    &answering->revocations, &ledger, answering->issuers);
	fault = ledger_end(&ledger, fault);
	for (size_t i = 0; !fault && i < count; i++)
		if (json_array_append_new(
			answering->keys, json_string(keys[i].statement)))
			fault = FAULT_MEMORY;
	return fault;
}

enum fault
activation_file_answer(const char **out, struct arena *arena,
    enum fault (*begin)(struct ledger *ledger, void *with), void *with,
    const struct issuer_keys *issuers, const struct activation_file *file)
{
	struct answering answering = { arena, begin, with, issuers, file,
		json_array(), json_array(), "" };
	json_t *whole = NULL;
	enum fault fault = answering.results && answering.keys ? FAULT_NONE
							       : FAULT_MEMORY;

	assert(out && arena && begin && issuers && file);
	*out = NULL;
	for (size_t i = 0; !fault && i < file->code_count; i++)
		fault = activate(&answering, file->codes[i]);
	if (!fault && !(fault = list_all(&answering))) {
		whole = json_pack("{s:s, s:O, s:O, s:s}", "hardware_id",
		    file->caller.hardware_id, "results", answering.results,
		    "keys", answering.keys, "revocations",
		    answering.revocations);
		*out = whole ? json_dump(arena, whole) : NULL;
		fault = *out ? FAULT_NONE : FAULT_MEMORY;
	}
	json_decref(whole);
	json_decref(answering.results);
	json_decref(answering.keys);
	return fault;
}

/* ---- on the appliance: answered ---- */

static enum fault
take_results(struct activation_answer *out, struct arena *arena,
    const json_t *said)
{
	const json_t *list = json_object_get(said, "results");
	size_t index;
	json_t *item;

	out->results = arena_array(
	    arena, json_array_size(list) + 1, sizeof(*out->results));
	if (!out->results)
		return FAULT_MEMORY;
	json_array_foreach(list, index, item)
	{
		const char *ends_in = json_text(item, "ends_in");
		const char *text = json_text(item, "text");

		out->results[out->result_count++] = (struct activation_result){
			arena_text(arena, ends_in ? ends_in : ""),
			arena_text(arena, text ? text : ""),
			json_bool(item, "ok", false)
		};
	}
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* In the history, beside what came over the network. */
static enum fault
note(struct ledger *ledger, const struct activation_answer *answer)
{
	struct download_row row = { .began_at = ledger->now,
		.ended_at = ledger->now,
		.started_by = ledger->actor.name,
		.codes = DOWNLOAD_CODES_FILE,
		.received = (int64_t)answer->key_count,
		.is_good = true };

	for (size_t i = 0; i < answer->result_count; i++) {
		row.codes = arena_format(ledger->arena, "%s%s%s", row.codes,
		    i ? ", " : ": ", answer->results[i].ends_in);
		row.is_good &= answer->results[i].is_good;
		if (!row.codes)
			return FAULT_MEMORY;
	}
	for (size_t i = 0; i < answer->key_count; i++) {
		row.installed += answer->keys[i].is_installed &&
		    !answer->keys[i].is_duplicate;
		row.is_good &= answer->keys[i].is_installed ||
		    answer->keys[i].is_duplicate;
	}
	row.text = arena_format(ledger->arena,
	    "%" PRId64 " license key%s came, %" PRId64 " of them new.%s",
	    row.received, row.received == 1 ? "" : "s", row.installed,
	    row.is_good ? "" : " Not all of it was good.");
	return row.text ? ledger_download_filed(ledger, &row) : FAULT_MEMORY;
}

static enum fault
take_keys(struct activation_answer *out, struct ledger *ledger,
    const json_t *said)
{
	const char *revocations = json_text(said, "revocations");
	const char *text = "";
	bool is_taken;
	size_t index;
	json_t *item;
	enum fault fault = FAULT_NONE;

	json_array_foreach(json_object_get(said, "keys"), index, item)
	{
		const char *key = json_string_value(item);

		if (key && text)
			text = arena_format(ledger->arena, "%s%s\n", text, key);
	}
	if (!text)
		return FAULT_MEMORY;
	if (revocations)
		fault = ledger_revocation_take(&is_taken, ledger, revocations);
	if (!fault && *text)
		fault = ledger_license_add(
		    &out->keys, &out->key_count, ledger, text);
	return fault;
}

enum fault
activation_file_install(
    struct activation_answer *out, struct ledger *ledger, const char *text)
{
	json_t *said = json_load_object(text, strlen(text), NULL, 0);
	const char *hardware_id = json_text(said, "hardware_id");
	enum fault fault = FAULT_NONE;

	assert(out && ledger && text);
	*out = (struct activation_answer){ .why = NULL };
	if (!hardware_id || !json_is_array(json_object_get(said, "keys")))
		out->why = "This is no key file. Take the file with which the "
			   "center answered the activation file, whole.";
	else if (strcmp(hardware_id, ledger->appliance->hardware_id) != 0)
		out->why = arena_format(ledger->arena,
		    "This key file is for the appliance %.16s, and this one is "
		    "%s. Nothing was installed.",
		    hardware_id, ledger->appliance->hardware_id);
	else if (!(fault = take_results(out, ledger->arena, said)) &&
	    !(fault = take_keys(out, ledger, said)))
		fault = note(ledger, out);
	json_decref(said);
	return fault;
}
