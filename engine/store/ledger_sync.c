/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync.c: one conversation of the lease protocol, step by step. A step
 * that refuses ends it. What a feature gets is decided in
 * ledger_sync_feature.c.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/base/text.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_reclaim.h"
#include "engine/store/ledger_sync_cluster.h"
#include "engine/store/store_client_edit.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define SKEW_SECONDS (15 * SECONDS_PER_MINUTE)

/* Features that the catalogue does not know get an answer each, up to here. */
#define UNKNOWN_MAX 16

/* Of a name that nobody has, in an event. */
#define NAME_SHOWN 65

/* ---- what is known, and what the request tells anew ---- */

static const char *
text_or_none(const char *text)
{
	return text ? text : "";
}

/* A device that had no key at first contact: whoever signs was checked before. */
static enum fault
bind_device(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	struct client_row *client = &work->client;
	enum fault fault;

	if (client->has_device_key || !request->has_device_key)
		return FAULT_NONE;
	client->has_device_key = true;
	memcpy(client->device_key, request->device_key, KEYPAIR_PUBLIC_BYTES);
	work->out->changed = true;
	if ((fault = store_client_edit_register(work->ledger->store, client)))
		return fault;
	return ledger_act_event(work->ledger, EVENT_CLIENT_BOUND, client->name,
	    NULL, NULL, NULL, NULL);
}

static enum fault
register_device(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	struct client_row *client = &work->client;
	enum fault fault;

	if (*client->hardware_id)
		return bind_device(work);
	client->hardware_id = request->hardware_id;
	client->has_device_key = request->has_device_key;
	memcpy(client->device_key, request->device_key, KEYPAIR_PUBLIC_BYTES);
	client->registered_at = work->ledger->now;
	work->out->changed = true;
	if ((fault = store_client_edit_register(work->ledger->store, client)))
		return fault;
	return ledger_act_event(work->ledger, EVENT_CLIENT_REGISTERED,
	    client->name, client->hardware_id, NULL, NULL, NULL);
}

static enum fault
load_leases(struct sync_work *work)
{
	return store_lease_list(&work->leases, &work->lease_count,
	    work->ledger->arena, work->ledger->store, work->client.id);
}

/* The features, which stand together, of what was in no document from "holds" on. */
static enum fault
find_freed(struct sync_work *work, int64_t holds)
{
	const struct lease_row *rows = work->leases;
	size_t *count = &work->freed_count;

	work->freed = arena_array(
	    work->ledger->arena, work->lease_count, sizeof(*work->freed));
	if (!work->freed)
		return FAULT_MEMORY;
	for (size_t i = 0; i < work->lease_count; i++)
		if (rows[i].last < holds &&
		    (*count == 0 ||
			strcmp(work->freed[*count - 1], rows[i].feature) != 0))
			work->freed[(*count)++] = rows[i].feature;
	return FAULT_NONE;
}

/* What was confirmed was on its disk. */
static enum fault
tell_set_back(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	const char *holds = arena_format(
	    ledger->arena, "%" PRId64, work->request->holds);
	const char *confirmed = arena_format(
	    ledger->arena, "%" PRId64, work->contact.confirmed);

	return holds && confirmed
	    ? ledger_act_event_seldom(ledger, EVENT_CLIENT_SET_BACK,
		  work->client.name, holds, holds, confirmed)
	    : FAULT_MEMORY;
}

/*
 * A client that names a lower number than before lost its document, not its
 * memory of what it was given: nothing is taken back by that.
 */
static enum fault
confirm_document(struct sync_work *work)
{
	int64_t holds = instant_earlier(
	    work->request->holds, work->contact.number);
	enum fault fault;

	if (work->holds_other || holds == work->contact.confirmed)
		return FAULT_NONE;
	if (holds < work->contact.confirmed)
		return holds > 0 ? tell_set_back(work) : FAULT_NONE;
	work->contact.confirmed = holds;
	/* A plain renewal frees nothing. */
	if ((fault = find_freed(work, holds)) || work->freed_count == 0)
		return fault;
	fault = store_lease_confirm(
	    work->ledger->store, work->client.id, holds);
	return fault ? fault : load_leases(work);
}

/* Takes back what ran out. */
static enum fault
reclaim_leases(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	enum fault fault;
	size_t i;

	for (i = 0; i < work->lease_count; i++)
		if (work->leases[i].part.expires <= ledger->now)
			break;
	if (i == work->lease_count)
		return FAULT_NONE;
	work->out->changed = true;
	fault = ledger_reclaim_client(ledger, &work->client);
	return fault ? fault : load_leases(work);
}

static enum fault
load_settings(struct sync_work *work)
{
	struct store *store = work->ledger->store;
	int64_t is_strict;
	enum fault fault;

	work->platform = catalogue_platform(
	    &work->ledger->appliance->catalogue, work->client.platform);
	if ((fault = store_setting_load(
		 &work->duration, store, SETTING_LEASE_DURATION)))
		return fault;
	if ((fault = store_setting_load(
		 &is_strict, store, SETTING_STRICT_MEMBERSHIP)))
		return fault;
	work->is_strict = is_strict != 0;
	return store_setting_load(
	    &work->interval, store, SETTING_RENEWAL_INTERVAL);
}

/*
 * A client added again under the ID of a deleted one counts its documents
 * from the instant at which it was made: whoever holds one of the other's
 * takes a lower number for a recorded answer.
 */
static enum fault
load_contact(struct sync_work *work)
{
	struct contact_row *contact = &work->contact;
	enum fault fault;

	fault = store_contact_load(
	    contact, work->ledger->arena, work->ledger->store, work->client.id);
	contact->number = instant_later(contact->number, work->client.made_at);
	return fault;
}

static enum fault
take_state(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	struct store *store = ledger->store;
	int64_t client = work->client.id;
	enum fault fault;

	if ((fault = ledger_sync_answer_begin(work)) ||
	    (fault = load_settings(work)) || (fault = load_contact(work)) ||
	    (fault = store_contact_answer_prune(store, client, ledger->now)) ||
	    (fault = register_device(work)) ||
	    (fault = ledger_sync_cluster_note(work)) ||
	    (fault = ledger_sync_member(work)) ||
	    (fault = ledger_sync_recovering_meet(work)) ||
	    (fault = load_leases(work)) || (fault = confirm_document(work)) ||
	    (fault = reclaim_leases(work)) ||
	    (fault = ledger_sync_auto(work)) ||
	    (fault = store_allocation_list(&work->allocations,
		 &work->allocation_count, ledger->arena, store, client)))
		return fault;
	return store_denial_list(
	    &work->denials, &work->denial_count, ledger->arena, store, client);
}

/* ---- the features ---- */

static bool
is_asked(const struct sync_work *work, const char *name)
{
	for (size_t i = 0; i < work->request->want_count; i++)
		if (strcmp(work->request->wants[i].feature, name) == 0)
			return true;
	return false;
}

static bool
is_allocated(const struct sync_work *work, const char *name)
{
	for (size_t i = 0; i < work->allocation_count; i++)
		if (strcmp(work->allocations[i].feature, name) == 0)
			return true;
	return false;
}

static bool
is_leased(const struct sync_work *work, const char *name)
{
	size_t count;

	return store_lease_of(&count, work->leases, work->lease_count, name) !=
	    NULL;
}

static bool
is_concerned(const struct sync_work *work, const char *name)
{
	return is_allocated(work, name) || is_asked(work, name) ||
	    is_leased(work, name);
}

static enum fault
decide_known(struct sync_work *work)
{
	const struct catalogue *catalogue = &work->ledger->appliance->catalogue;
	enum fault fault;

	for (size_t i = 0; i < catalogue->feature_count; i++) {
		const char *name = catalogue->features[i].name;

		if (!ledger_act_is_counted(work->ledger, name) ||
		    !is_concerned(work, name))
			continue;
		if ((fault = ledger_sync_feature(work, name)))
			return fault;
	}
	return FAULT_NONE;
}

/* Leases of features that left the catalogue are released. */
static enum fault
release_unknown(struct sync_work *work)
{
	enum fault fault;

	for (size_t i = 0; i < work->lease_count; i++) {
		const char *name = work->leases[i].feature;

		if (ledger_act_is_counted(work->ledger, name) ||
		    (i > 0 && strcmp(name, work->leases[i - 1].feature) == 0))
			continue;
		if ((fault = ledger_sync_feature(work, name)))
			return fault;
	}
	return FAULT_NONE;
}

static enum fault
answer_unknown(struct sync_work *work)
{
	size_t answered = 0;
	enum fault fault;

	for (size_t i = 0; i < work->request->want_count; i++) {
		const char *name = work->request->wants[i].feature;

		if (ledger_act_is_counted(work->ledger, name) ||
		    is_leased(work, name))
			continue;
		if (answered++ == UNKNOWN_MAX)
			break;
		if ((fault = ledger_sync_feature(work, name)))
			return fault;
	}
	return FAULT_NONE;
}

/* Denials of what the client no longer asks for or has. */
static enum fault
drop_denials(struct sync_work *work)
{
	enum fault fault;

	for (size_t i = 0; i < work->denial_count; i++) {
		const char *name = work->denials[i].feature;

		if (ledger_act_is_counted(work->ledger, name) &&
		    is_concerned(work, name))
			continue;
		if ((fault = store_denial_delete(
			 work->ledger->store, work->client.id, name)))
			return fault;
	}
	return FAULT_NONE;
}

/* Where nothing is decided, fewer documents may be all that changed. */
static enum fault
note_freed(struct sync_work *work)
{
	enum fault fault;

	for (size_t i = 0; i < work->freed_count; i++) {
		const char *name = work->freed[i];

		if (is_concerned(work, name) ||
		    !ledger_act_is_counted(work->ledger, name))
			continue;
		if ((fault = ledger_watch_pool(work->ledger, name)))
			return fault;
	}
	return FAULT_NONE;
}

static enum fault
decide_features(struct sync_work *work)
{
	enum fault fault;

	if ((fault = ledger_sync_surrender(work)) ||
	    (fault = decide_known(work)) || (fault = release_unknown(work)) ||
	    (fault = answer_unknown(work)) || (fault = note_freed(work)) ||
	    (fault = ledger_sync_surrender_return(work)) ||
	    (fault = ledger_sync_compliance_finish(work)))
		return fault;
	return drop_denials(work);
}

/* ---- notices ---- */

static int64_t
clock_skew(const struct sync_work *work)
{
	int64_t skew;

	if (__builtin_sub_overflow(
		work->request->sent_at, work->ledger->now, &skew))
		return work->request->sent_at < 0 ? -INT64_MAX : INT64_MAX;
	return skew;
}

static enum fault
note_clock(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	int64_t skew = clock_skew(work);
	const char *seconds;
	enum fault fault;
	bool is_new = work->contact.skewed_at == 0;

	if (skew >= -SKEW_SECONDS && skew <= SKEW_SECONDS) {
		work->contact.skewed_at = 0;
		return FAULT_NONE;
	}
	if (is_new)
		work->contact.skewed_at = ledger->now;
	seconds = arena_format(ledger->arena, "%" PRId64, skew);
	if ((fault = ledger_sync_answer_notice(work, SYNC_NOTICE_CLOCK_SKEW,
		 seconds, NULL, work->contact.skewed_at)))
		return fault;
	if (!is_new)
		return FAULT_NONE;
	return ledger_act_event(ledger, EVENT_CLOCK_SKEW, work->client.name,
	    seconds, NULL, NULL, NULL);
}

/* The rules go by what the administrator configured; the client is told. */
static enum fault
note_device(struct sync_work *work)
{
	const struct client_row *client = &work->client;
	const char *platform = text_or_none(work->request->platform);
	int product = work->request->product;
	enum fault fault;

	if (*platform && strcmp(platform, client->platform) != 0 &&
	    (fault = ledger_sync_answer_notice(work,
		 SYNC_NOTICE_PLATFORM_DIFFERS, client->platform, platform,
		 work->ledger->now)))
		return fault;
	if (product == 0 || product == client->product)
		return FAULT_NONE;
	return ledger_sync_answer_notice(work, SYNC_NOTICE_PRODUCT_DIFFERS,
	    catalogue_product_name(client->product),
	    catalogue_product_name(product), work->ledger->now);
}

/* ---- the answer ---- */

static void
fill_contact(struct sync_work *work)
{
	struct contact_row *contact = &work->contact;

	contact->last_contact = work->ledger->now;
	contact->address = text_or_none(work->request->address);
	contact->version = text_or_none(work->request->version);
	contact->number = work->out->number;
	contact->users = 0;
	for (size_t i = 0; i < work->request->want_count; i++)
		contact->users = instant_units_add(contact->users,
		    instant_units(work->request->wants[i].users));
}

static enum fault
keep_answer(struct sync_work *work)
{
	struct answer_row row = {
		.request_id = work->request->request_id,
		.answer = work->out->answer,
		.document = work->out->document,
		.number = work->out->number,
		.at = work->ledger->now,
	};

	memcpy(row.body_digest, work->request->body_digest, DIGEST_BYTES);
	return store_contact_answer_insert(
	    work->ledger->store, work->client.id, &row);
}

static enum fault
finish(struct sync_work *work)
{
	enum fault fault;

	work->out->number = work->contact.number + 1;
	if ((fault = note_clock(work)) || (fault = note_device(work)) ||
	    (fault = ledger_sync_recovering_tell(work)) ||
	    (fault = ledger_sync_answer_finish(work)))
		return fault;
	fill_contact(work);
	if ((fault = store_contact_save(
		 work->ledger->store, work->client.id, &work->contact)) ||
	    (fault = ledger_sync_recovering_end(work)) ||
	    (fault = keep_answer(work)))
		return fault;
	work->out->status = 200;
	return FAULT_NONE;
}

/* Who only asks whether it would be let in is told, and that is all. */
static enum fault
answer_probe(struct sync_work *work)
{
	const struct ledger *ledger = work->ledger;

	if (!work->request->is_probe)
		return FAULT_NONE;
	work->out->answer = ledger_sync_answer_probe(
	    ledger, work->request->request_id);
	if (!work->out->answer)
		return FAULT_MEMORY;
	work->out->status = 200;
	return FAULT_NONE;
}

/* The first step may refuse; then the others do not happen. */
static enum fault (*const steps[])(struct sync_work *work) = {
	ledger_sync_check,
	answer_probe,
	take_state,
	decide_features,
	finish,
};

enum fault
ledger_sync(struct sync_answer *out, struct ledger *ledger,
    const struct sync_request *request)
{
	struct sync_work work = {
		.ledger = ledger,
		.request = request,
		.out = out,
		.earliest = INSTANT_NEVER,
	};
	enum fault fault = FAULT_NONE;

	assert(out && ledger && request);
	assert(request->request_id && request->hardware_id);
	*out = (struct sync_answer){ .code = "", .text = "" };
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if ((fault = steps[i](&work)) || out->status != 0)
			break;
	ledger_sync_answer_clear(&work);
	return fault;
}

enum fault
ledger_sync_unauthorized(struct ledger *ledger, const char *client_name)
{
	struct client_row client;
	char shown[NAME_SHOWN];
	enum fault fault;

	assert(ledger && client_name);
	fault = store_client_load(
	    &client, ledger->arena, ledger->store, client_name);
	if (!fault)
		return ledger_act_event_seldom(
		    ledger, EVENT_CLIENT_PASSWORD, client.name, "", NULL, NULL);
	if (fault != FAULT_NOT_FOUND)
		return fault;
	/* Names are free to invent: all of them share one event a minute. */
	(void)text_copy(shown, sizeof(shown), client_name);
	return ledger_act_event_seldom(ledger, EVENT_CLIENT_REFUSED, "", "",
	    mistake_text(ledger->arena, MISTAKE_CLIENT_UNKNOWN, shown, NULL),
	    NULL);
}
