/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_recovering.c: what a sync does differently after a restore. At
 * its first one in an epoch a client shows the lease document it holds, and
 * its lease becomes what that says; growth waits for all who have not.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/base/json.h"
#include "engine/rules/recovery.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_predecessor.h"
#include "engine/store/store_recovery.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* A client that is ahead of this store by more documents than these is not believed. */
#define AHEAD_MAX INT64_C(1000000000)

/* ---- what a document proves ---- */

static bool
is_named(const json_t *document, const char *name, const char *wanted)
{
	const char *text = json_text(document, name);

	return text && strcmp(text, wanted) == 0;
}

static bool
read_part(struct lease_part *out, const json_t *part)
{
	*out = (struct lease_part){ .kind = LEASE_PART_QUANTUM, .count = 1 };
	if (!json_int64(&out->granted, part, "granted", 0, INT64_MAX) ||
	    !json_int64(&out->expires, part, "expires", 0, INT64_MAX))
		return false;
	if (is_named(part, "kind", "reserved")) {
		out->kind = LEASE_PART_RESERVED;
		return json_int64(
		    &out->size, part, "units", 1, ALLOCATION_COUNT_MAX);
	}
	return json_int64(&out->size, part, "size", 1, ALLOCATION_COUNT_MAX) &&
	    json_int64(&out->count, part, "count", 1, ALLOCATION_COUNT_MAX);
}

/* Calls "take" for each part; false when one is not as this server writes them. */
static bool
read_parts(enum fault *fault, struct sync_work *work, const json_t *document,
    enum fault (*take)(struct sync_work *work, const char *feature,
	const struct lease_part *part))
{
	const char *feature;
	struct lease_part part;
	json_t *lease, *one;
	size_t i;

	*fault = FAULT_NONE;
	json_object_foreach(
	    json_object_get(document, "features"), feature, lease)
	{
		json_array_foreach(json_object_get(lease, "parts"), i, one)
		{
			if (!read_part(&part, one))
				return false;
			if (take && (*fault = take(work, feature, &part)))
				return false;
		}
	}
	return true;
}

/* The signature is good; by whom it says it was made must fit, too. */
static bool
is_of_this_server(const struct sync_work *work, const json_t *document)
{
	const char *issuer = json_text(document, "iss");
	bool is_predecessor = false;

	if (!issuer)
		return false;
	if (strcmp(issuer, work->ledger->appliance->hardware_id) == 0)
		return true;
	return !store_predecessor_is(
		   &is_predecessor, work->ledger->store, issuer) &&
	    is_predecessor;
}

/*
 * New reference to what the client shows, when it is the document that it says
 * it holds, of this server, for this client and device; NULL otherwise. One
 * older than it confirmed before the copy was made it has given up: its units
 * may be lent to others since.
 */
static json_t *
read_proof(const struct sync_work *work)
{
	const struct sync_request *request = work->request;
	char reason[128];
	json_t *document = request->proof
	    ? json_load_object(request->proof, strlen(request->proof), reason,
		  sizeof(reason))
	    : NULL;
	enum fault fault;
	int64_t number;

	if (document && is_of_this_server(work, document) &&
	    is_named(document, "client", work->client.name) &&
	    is_named(document, "hardware_id", work->client.hardware_id) &&
	    json_int64(&number, document, "number", 1, INT64_MAX - 1) &&
	    number == request->holds && number >= work->contact.confirmed &&
	    read_parts(&fault, NULL, document, NULL))
		return document;
	json_decref(document);
	return NULL;
}

/* ---- the lease becomes what is proved ---- */

static enum fault
take_part(
    struct sync_work *work, const char *feature, const struct lease_part *part)
{
	if (part->expires <= work->ledger->now)
		return FAULT_NONE;
	return store_lease_insert(work->ledger->store, work->client.id, feature,
	    part, work->contact.number);
}

/* Features that are not looked at in this sync any more. */
static enum fault
note_pools(struct sync_work *work, const struct lease_row *before, size_t count)
{
	enum fault fault;

	for (size_t i = 0; i < count; i++)
		if ((i == 0 ||
			strcmp(before[i].feature, before[i - 1].feature) !=
			    0) &&
		    (fault = ledger_watch_pool(
			 work->ledger, before[i].feature)))
			return fault;
	return FAULT_NONE;
}

/* Is as much leased of each feature of "a" as in "b"? */
static bool
is_covered(const struct lease_row *a, size_t a_count, const struct lease_row *b,
    size_t b_count, instant now)
{
	const struct lease_row *of_a, *of_b;
	size_t i, in_a, in_b;

	for (i = 0; i < a_count; i++) {
		of_a = store_lease_of(&in_a, a, a_count, a[i].feature);
		of_b = store_lease_of(&in_b, b, b_count, a[i].feature);
		if (store_lease_units(of_a, in_a, now) !=
		    store_lease_units(of_b, in_b, now))
			return false;
	}
	return true;
}

/* "has_shown": a document, else that there is none. */
static enum fault
tell_change(struct sync_work *work, const struct lease_row *before,
    size_t count, bool has_shown)
{
	struct ledger *ledger = work->ledger;
	struct lease_row *after;
	enum fault fault;
	size_t after_count;

	if ((fault = store_lease_list(&after, &after_count, ledger->arena,
		 ledger->store, work->client.id)))
		return fault;
	if (is_covered(before, count, after, after_count, ledger->now) &&
	    is_covered(after, after_count, before, count, ledger->now))
		return FAULT_NONE;
	if (!has_shown)
		return ledger_act_event(ledger, EVENT_PROOF_NONE,
		    work->client.name, NULL, NULL, NULL, NULL);
	return ledger_act_event(ledger, EVENT_PROOF_HONORED, work->client.name,
	    arena_format(ledger->arena, "%" PRId64, work->request->holds), NULL,
	    NULL, NULL);
}

/* "document" NULL: it holds nothing. */
static enum fault
replace_lease(struct sync_work *work, const json_t *document)
{
	struct ledger *ledger = work->ledger;
	struct lease_row *before;
	enum fault fault;
	size_t count;

	if ((fault = store_lease_list(&before, &count, ledger->arena,
		 ledger->store, work->client.id)) ||
	    (fault = store_recovery_drop_lease(ledger->store, work->client.id)))
		return fault;
	work->out->changed = true;
	work->contact.confirmed = work->contact.number;
	if (document && !read_parts(&fault, work, document, take_part))
		return fault;
	if ((fault = tell_change(work, before, count, document != NULL)))
		return fault;
	return note_pools(work, before, count);
}

static enum fault
honor(struct sync_work *work, const json_t *document)
{
	work->contact.number = instant_later(
	    work->contact.number, work->request->holds);
	return replace_lease(work, document);
}

/* ---- the first sync of an epoch ---- */

/* Of what was signed before, does the client hold nothing any more? */
static bool
has_moved_on(const struct sync_work *work)
{
	const struct contact_row *contact = &work->contact;
	int64_t holds = work->request->holds;

	return contact->unproven > 0 && holds >= contact->unproven &&
	    holds <= contact->number;
}

/*
 * The number that it names is of a document signed before the restore: the
 * ones from now on must lie above it, so that none is confirmed by mistake.
 */
static void
pass_over(struct sync_work *work)
{
	int64_t holds = work->request->holds;

	if (holds > work->contact.number &&
	    holds - work->contact.number <= AHEAD_MAX)
		work->contact.number = holds;
}

static bool
is_over(const struct sync_work *work)
{
	return work->ledger->now >=
	    instant_add(work->recovery.epoch_at, RECOVERY_LIMIT_SECONDS);
}

static enum fault
meet(struct sync_work *work)
{
	json_t *document = read_proof(work);
	enum fault fault = FAULT_NONE;

	if (document) {
		fault = honor(work, document);
	} else if (work->request->holds == 0) {
		fault = replace_lease(work, NULL);
	} else if (!has_moved_on(work)) {
		pass_over(work);
		work->holds_other = true;
		work->is_unproven = !is_over(work);
	}
	json_decref(document);
	return fault;
}

enum fault
ledger_sync_recovering_meet(struct sync_work *work)
{
	struct recovery_row *row = &work->recovery;
	enum fault fault;

	assert(work && work->client.hardware_id);
	if ((fault = store_recovery_load(row, work->ledger->store)))
		return fault;
	work->is_first = row->epoch_at != 0 && work->contact.epoch < row->epoch;
	if (work->is_first && (fault = meet(work)))
		return fault;
	if (!work->is_unproven) {
		work->contact.epoch = row->epoch;
		work->contact.unproven = 0;
	} else if (work->contact.unproven == 0) {
		work->contact.unproven = work->contact.number + 1;
	}
	return FAULT_NONE;
}

/* ---- growth, and what is said of it ---- */

/* "feature" NULL = any. */
static enum fault
is_waiting(bool *out, const struct sync_work *work, const char *feature)
{
	const struct recovery_row *row = &work->recovery;
	enum fault fault;
	int64_t silent;

	*out = work->is_unproven;
	if (*out || row->recovering_at == 0)
		return FAULT_NONE;
	fault = store_recovery_silent(&silent, work->ledger->store, row,
	    feature, work->client.id, work->ledger->now);
	*out = !fault &&
	    recovery_is_on(row->recovering_at, silent, work->ledger->now);
	return fault;
}

enum fault
ledger_sync_recovering(bool *out, struct sync_work *work, const char *feature)
{
	assert(out && work && feature);
	return is_waiting(out, work, feature);
}

enum fault
ledger_sync_recovering_tell(struct sync_work *work)
{
	enum fault fault;
	bool waits;

	assert(work);
	if ((fault = is_waiting(&waits, work, NULL)) || !waits)
		return fault;
	return ledger_sync_answer_notice(
	    work, SYNC_NOTICE_RECOVERING, NULL, NULL, work->recovery.epoch_at);
}

enum fault
ledger_sync_recovering_end(struct sync_work *work)
{
	assert(work);
	if (!work->is_first || work->is_unproven ||
	    work->recovery.recovering_at == 0)
		return FAULT_NONE;
	return ledger_recovery_sweep(work->ledger);
}
