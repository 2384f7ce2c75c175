/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_check.c: may this request be served at all? A refusal leaves
 * nothing behind but its event.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/rules/heartbeat.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_sync_cluster.h"
#include "engine/store/store_agreement.h"
#include "engine/store/store_event_recent.h"
#include "engine/store/store_heartbeat.h"
#include "engine/store/store_other_device.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define REFUSAL(symbol, status, code, sentence) REFUSAL_##symbol,
enum refusal {
#include "engine/store/refusals.tbl"
	REFUSAL__COUNT
};
#undef REFUSAL

static const struct refusal_row {
	int status;
	const char *code, *sentence;
} refusals[REFUSAL__COUNT] = {
#define REFUSAL(symbol, status, code, sentence)                                \
	[REFUSAL_##symbol] = { status, code, sentence },
#include "engine/store/refusals.tbl"
#undef REFUSAL
};

static void
answer(struct sync_work *work, enum refusal refusal)
{
	work->out->status = refusals[refusal].status;
	work->out->code = refusals[refusal].code;
	work->out->text = refusals[refusal].sentence;
}

static enum fault
refuse(struct sync_work *work, enum refusal refusal)
{
	answer(work, refusal);
	if (!work->client.name)
		return FAULT_NONE;
	return ledger_act_event_seldom(work->ledger, EVENT_CLIENT_REFUSED,
	    work->client.name, work->out->text, work->out->text, NULL);
}

static enum fault
check_client(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	enum fault fault = store_client_load_id(
	    &work->client, ledger->arena, ledger->store, work->request->client);

	if (fault == FAULT_NOT_FOUND)
		return refuse(work, REFUSAL_UNAUTHORIZED);
	if (fault)
		return fault;
	if (work->client.deleted_at != 0 ||
	    work->client.password_version != work->request->password_version)
		return refuse(work, REFUSAL_UNAUTHORIZED);
	return FAULT_NONE;
}

static enum fault
check_repeat(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	struct answer_row kept;
	enum fault fault = store_contact_answer_load(&kept, ledger->arena,
	    ledger->store, work->client.id, work->request->request_id);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (kept.at <= ledger->now - STORE_CONTACT_KEEP_SECONDS)
		return FAULT_NONE;
	if (memcmp(kept.body_digest, work->request->body_digest,
		DIGEST_BYTES) != 0)
		return refuse(work, REFUSAL_REQUEST_REUSED);
	work->out->status = 200;
	work->out->answer = kept.answer;
	work->out->document = kept.document;
	work->out->number = kept.number;
	work->out->is_repeat = true;
	return FAULT_NONE;
}

/* Told once, with both, as a device may have been exchanged on purpose. */
static enum fault
refuse_device(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	struct ledger *ledger = work->ledger;
	struct other_device_row row = {
		.hardware_id = request->hardware_id,
		.platform = request->platform ? request->platform : "",
		.address = request->address ? request->address : "",
		.has_device_key = request->has_device_key,
		.last_at = ledger->now,
	};
	enum fault fault;
	bool is_new, is_told;

	answer(work, REFUSAL_HARDWARE_MISMATCH);
	memcpy(row.device_key, request->device_key, sizeof(row.device_key));
	if ((fault = store_other_device_note(
		 &is_new, ledger->store, work->client.id, &row)) ||
	    !is_new)
		return fault;
	/* Hardware IDs without a key are free to invent: no more than one event a minute. */
	if ((fault = store_event_recent(&is_told, ledger->store,
		 EVENT_DEVICE_CHANGED, work->client.name, "",
		 ledger->now - SECONDS_PER_MINUTE)) ||
	    is_told)
		return fault;
	return ledger_act_event(ledger, EVENT_DEVICE_CHANGED, work->client.name,
	    row.hardware_id, work->client.hardware_id, row.address, NULL);
}

static enum fault
check_hardware(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	const struct client_row *client = &work->client;

	if (*client->hardware_id &&
	    strcmp(client->hardware_id, request->hardware_id) != 0)
		return refuse_device(work);
	if (client->has_device_key && request->has_device_key &&
	    memcmp(client->device_key, request->device_key,
		KEYPAIR_PUBLIC_BYTES) != 0)
		return refuse(work, REFUSAL_HARDWARE_MISMATCH);
	return FAULT_NONE;
}

static enum fault
check_configuration(struct sync_work *work)
{
	if (work->client.expires > work->ledger->now)
		return FAULT_NONE;
	return refuse(work, REFUSAL_CONFIGURATION_EXPIRED);
}

static enum fault
check_agreement(struct sync_work *work)
{
	struct agreement_row agreement;
	enum fault fault = store_agreement_load(
	    &agreement, work->ledger->arena, work->ledger->store, NULL);

	if (fault == FAULT_NOT_FOUND)
		return refuse(work, REFUSAL_AGREEMENT_MISSING);
	return fault;
}

static enum fault
check_switch(struct sync_work *work)
{
	enum fault fault;
	int64_t is_enabled;

	if ((fault = store_setting_load(
		 &is_enabled, work->ledger->store, SETTING_SERVER_ENABLED)))
		return fault;
	if (!is_enabled || !appliance_lends(work->ledger->appliance))
		return refuse(work, REFUSAL_SERVER_DISABLED);
	return FAULT_NONE;
}

/* What it lent before goes on to its expiry; nothing is lent any more (rules.md 11). */
static enum fault
check_heartbeat(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	struct heartbeat_row row;
	enum fault fault;

	if (ledger->appliance->role != ROLE_VIRTUAL_SERVER)
		return FAULT_NONE;
	fault = store_heartbeat_load(&row, ledger->arena, ledger->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return heartbeat_is_stopped(
		   store_heartbeat_silent_since(&row, ledger->now), ledger->now)
	    ? refuse(work, REFUSAL_SERVER_STOPPED)
	    : FAULT_NONE;
}

/* In this order: the first that sets a status has the last word. */
static enum fault (*const checks[])(struct sync_work *work) = {
	check_client,
	check_repeat,
	ledger_sync_cluster_check,
	check_hardware,
	check_configuration,
	check_agreement,
	check_switch,
	check_heartbeat,
};

enum fault
ledger_sync_check(struct sync_work *work)
{
	enum fault fault;

	assert(work && work->request && work->out->status == 0);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if ((fault = checks[i](work)) || work->out->status != 0)
			return fault;
	return FAULT_NONE;
}
