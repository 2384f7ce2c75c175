/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_heartbeat.c: see center_heartbeat.h. Which instances fork, the rules
 * say.
 */
#include "cgi/center_heartbeat.h"

#include "cgi/center_call_work.h"
#include "engine/base/hardware_id.h"
#include "engine/base/json.h"
#include "engine/rules/heartbeat.h"
#include "engine/store/ledger_instance.h"
#include "engine/store/ledger_revocation.h"
#include <string.h>

struct beat {
	struct instance_beat told;
	bool is_duplicate;
	const char **revoked;
	size_t revoked_count;
	const char *revocations;
};

static bool
read_word(const char **out, struct center_call *call, const json_t *body,
    const char *name)
{
	const char *text = json_text(body, name);

	*out = text && strlen(text) == INSTANCE_WORD
	    ? arena_text(call->arena, text)
	    : NULL;
	return *out && strspn(*out, "0123456789abcdef") == strlen(*out);
}

static bool
read_beat(struct beat *beat, struct center_call *call)
{
	json_t *body = json_load_object(
	    call->message->body, call->message->bytes, NULL, 0);
	const char *hardware_id = json_text(body, "hardware_id");
	const char *id = hardware_id && hardware_id_is_valid(hardware_id)
	    ? arena_text(call->arena, hardware_id)
	    : NULL;
	bool is_good = id &&
	    read_word(&beat->told.instance, call, body, "instance") &&
	    read_word(&beat->told.boot, call, body, "boot");

	is_good = json_int64(&beat->told.sequence, body, "sequence", 1,
		      INT64_MAX) &&
	    is_good;
	beat->told.hardware_id = id;
	json_decref(body);
	return is_good || center_call_refuse(call, REFUSED_BEAT, 0);
}

static enum fault
note(struct center_call *call, struct ledger *ledger, void *context)
{
	struct beat *beat = context;
	enum fault fault;

	if ((fault = ledger_instance_note(
		 &beat->is_duplicate, ledger, &beat->told)) ||
	    (fault = ledger_instance_revoked(&beat->revoked,
		 &beat->revoked_count, ledger, beat->told.hardware_id)))
		return fault;
	return ledger_revocation_list(
	    &beat->revocations, ledger, &call->issuers);
}

static json_t *
answer_of(const struct beat *beat)
{
	json_t *serials = json_array();

	for (size_t i = 0; serials && i < beat->revoked_count; i++)
		if (json_array_append_new(
			serials, json_string(beat->revoked[i]))) {
			json_decref(serials);
			return NULL;
		}
	return json_pack("{s:b, s:I, s:o, s:s}", "duplicate",
	    beat->is_duplicate, "next", (json_int_t)HEARTBEAT_SECONDS,
	    "revoked", serials, "revocations", beat->revocations);
}

void
center_heartbeat_run(struct center_call *call)
{
	struct beat beat = { .is_duplicate = false };

	if (!read_beat(&beat, call) ||
	    !center_call_read_device(call, beat.told.hardware_id))
		return;
	if (!center_call_is_admitted(call))
		return;
	if (call->is_stranger) {
		center_call_refuse(call, REFUSED_STRANGER, 0);
		return;
	}
	beat.told.sent_at = call->sent_at;
	beat.told.address = call->message->address;
	if (center_call_act(call, note, &beat))
		center_call_answer(call, answer_of(&beat));
}
