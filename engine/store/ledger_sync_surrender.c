/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_surrender.c: licenses that a client gives to this server's pool
 * and wants back (rules.md 8). Which message counts, the rules say; here their
 * answers become rows.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/rules/surrender.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_license.h"
#include "engine/store/store_recall.h"
#include "engine/store/store_revocation.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define STATE_ACCEPTED "accepted"
#define STATE_REFUSED  "refused"
#define STATE_RETURNED "returned"
#define STATE_PENDING  "pending"

/* Longer is no serial (license_claim.c). */
#define SERIAL_MAX 128

/* A license of the client, and the newest message about it that was answered. */
struct subject {
	struct license_claim claim;
	struct surrendered_row row; /* id 0 = it never counted here */
	enum surrender_row state;   /* of the row, or what a refusal left */
	int64_t since;
};

/* ---- rows and what is told of them ---- */

/* "what" as in "accepted"; T or what is lent of it may have changed. */
static enum fault
tell(
    struct sync_work *work, const struct surrendered_row *row, const char *what)
{
	struct ledger *ledger = work->ledger;
	enum fault fault;

	work->out->changed = true;
	if ((fault = ledger_act_event(ledger, EVENT_SURRENDER_SERVER,
		 work->client.name, row->serial, row->sku, what, NULL)))
		return fault;
	return ledger_watch_pool(ledger, row->feature);
}

static enum fault
save(struct sync_work *work, struct surrendered_row *row,
    enum surrender_row state, const char *what)
{
	enum fault fault;

	row->client = work->client.id;
	row->state = state;
	row->changed_at = work->ledger->now;
	if ((fault = store_surrendered_save(work->ledger->store, row)))
		return fault;
	return tell(work, row, what);
}

/* ---- is a surrender good? ---- */

static enum fault
is_installed_here(
    bool *out, const struct sync_work *work, const struct license_claim *claim)
{
	return store_license_exists(
	    out, work->ledger->store, claim->issuer, claim->serial);
}

/* VERDICT_OK or the rule that says no. */
static enum fault
judge(enum verdict *out, const struct sync_work *work,
    const struct license_claim *claim)
{
	struct license license;
	const struct surrender_subject subject = {
		.license = &license,
		.feature = claim->sku.feature,
		.is_member = *work->contact.member,
		.has_server = true,
	};
	enum fault fault;
	int64_t grace;

	license_claim_license(&license, claim);
	if ((fault = store_setting_load(
		 &grace, work->ledger->store, SETTING_GRACE)))
		return fault;
	*out = surrender_check(&subject, grace, work->ledger->now);
	return FAULT_NONE;
}

struct refusal {
	const char *code, *text; /* NULL = it is good */
};

static void
refuse(struct refusal *out, struct sync_work *work, enum mistake_kind kind,
    const char *a, const char *b)
{
	out->code = mistake_code(kind);
	out->text = mistake_text(work->ledger->arena, kind, a, b);
}

/* Its hardware ID follows from the key that it signs with: no one else can say that it is this device. */
static bool
has_proven_device(const struct sync_work *work)
{
	return *work->client.hardware_id && work->client.has_device_key;
}

static bool
is_same_device(const struct sync_work *work, const struct surrendered_row *row)
{
	return strcmp(row->hardware_id, work->client.hardware_id) == 0;
}

/*
 * Is it the row of another client that is still there? A device may take a new
 * Client ID, and its licenses go with it, if it proves which one it is.
 */
static bool
is_kept_by_another(
    const struct sync_work *work, const struct surrendered_row *row)
{
	return row->id != 0 && row->client != work->client.id &&
	    !row->is_client_deleted &&
	    !(has_proven_device(work) && is_same_device(work, row));
}

/* Counts this very license for another client? */
static bool
is_of_another(const struct sync_work *work, const struct surrendered_row *row)
{
	return row->state != SURRENDER_ROW_RETURNED &&
	    is_kept_by_another(work, row);
}

static enum fault
find_refusal(
    struct refusal *out, struct sync_work *work, const struct subject *subject)
{
	const struct license_claim *claim = &subject->claim;
	const struct verdict_numbers none = { 0 };
	enum verdict verdict;
	enum fault fault;
	bool is_here, is_revoked;

	*out = (struct refusal){ NULL, NULL };
	if (claim->refusal != MISTAKE__COUNT) {
		refuse(out, work, claim->refusal, claim->a, claim->b);
		return FAULT_NONE;
	}
	if ((fault = store_revocation_has(&is_revoked, work->ledger->store,
		 claim->issuer, claim->serial)))
		return fault;
	if (is_revoked) {
		refuse(out, work, MISTAKE_KEY_REVOKED, NULL, NULL);
		return FAULT_NONE;
	}
	if ((fault = is_installed_here(&is_here, work, claim)) ||
	    (fault = judge(&verdict, work, claim)))
		return fault;
	if (is_here)
		refuse(out, work, MISTAKE_SURRENDER_INSTALLED, NULL, NULL);
	else if (is_of_another(work, &subject->row))
		refuse(out, work, MISTAKE_SURRENDER_OTHER,
		    subject->row.client_name, NULL);
	else if (verdict != VERDICT_OK) {
		out->code = verdict_code(verdict);
		out->text = mistake_verdict_text(work->ledger->arena, verdict,
		    claim->sku.prefix->feature, &none);
	}
	return FAULT_NONE;
}

/* ---- one surrender ---- */

/* What is there already, under that very key: no signature needs to be looked at. */
static struct surrendered_row *
find_held(const struct sync_work *work, const char *key)
{
	for (size_t i = 0; i < work->surrendered_count; i++)
		if (strcmp(work->surrendered[i].statement, key) == 0)
			return &work->surrendered[i];
	return NULL;
}

/* It counts here, and it goes on to. */
static enum fault
confirm(struct sync_work *work, struct surrendered_row *row, int64_t since)
{
	enum surrender_row before = row->state;
	enum surrender_row next = surrender_next(
	    before, row->since, false, since);
	enum fault fault = FAULT_NONE;

	if (row->is_unheard && work->contact.epoch >= work->recovery.epoch &&
	    ((fault = store_surrendered_heard(work->ledger->store, row->id)) ||
		(fault = tell(work, row, "counts again"))))
		return fault;
	if (since > row->since || row->client != work->client.id) {
		row->since = instant_later(row->since, since);
		fault = next != before || row->client != work->client.id
		    ? save(work, row, next, STATE_ACCEPTED)
		    : store_surrendered_save(work->ledger->store, row);
	}
	return fault ? fault
		     : ledger_sync_answer_license(work->surrenders, row->serial,
			   STATE_ACCEPTED, NULL, NULL, 0);
}

/* Nothing is believed of what is not signed, but the serial that it is answered under. */
static enum fault
find_subject(struct subject *out, const struct sync_work *work, const char *key)
{
	const struct license_device device = ledger_sync_member_device(work);
	struct ledger *ledger = work->ledger;
	int64_t closed;
	enum fault fault;

	*out = (struct subject){ .since = INT64_MIN };
	if ((fault = license_claim_read_for(
		 &out->claim, ledger->arena, ledger->appliance, &device, key)))
		return fault;
	if (out->claim.is_signed) {
		fault = store_surrendered_load(&out->row, ledger->arena,
		    ledger->store, out->claim.issuer, out->claim.serial);
		if (fault && fault != FAULT_NOT_FOUND)
			return fault;
	}
	if (out->row.id != 0) {
		out->state = out->row.state;
		out->since = out->row.since;
	}
	if ((fault = store_surrendered_closed(
		 &closed, ledger->store, work->client.id,
		 work->client.hardware_id, out->claim.serial)))
		return fault;
	if (closed != INT64_MIN && out->state == SURRENDER_ROW_NONE)
		out->state = SURRENDER_ROW_RETURNED;
	out->since = instant_later(out->since, closed);
	return FAULT_NONE;
}

/* A late copy of what is refused now must not be accepted when its reason is gone: the client counts the license again. */
static enum fault
answer_refused(struct sync_work *work, const struct subject *subject,
    const struct refusal *refusal, int64_t since)
{
	struct ledger *ledger = work->ledger;
	const char *serial = subject->claim.serial;
	enum fault fault;

	if (!refusal->text)
		return FAULT_MEMORY;
	if (since > subject->since && *serial && strlen(serial) <= SERIAL_MAX) {
		if ((fault = store_surrendered_close(
			 ledger->store, work->client.id, serial, since)))
			return fault;
		if (subject->claim.is_signed &&
		    (fault = ledger_act_event(ledger, EVENT_SURRENDER_SERVER,
			 work->client.name, serial, subject->claim.sku_text,
			 arena_format(
			     ledger->arena, "refused: %s", refusal->text),
			 NULL)))
			return fault;
		work->out->changed = true;
	}
	return ledger_sync_answer_license(work->surrenders, serial,
	    STATE_REFUSED, refusal->code, refusal->text, 0);
}

static enum fault
accept(struct sync_work *work, struct subject *subject, const char *key,
    int64_t since)
{
	struct surrendered_row *row = &subject->row;
	const struct license_claim *claim = &subject->claim;
	enum fault fault;

	row->issuer = claim->issuer;
	row->serial = claim->serial;
	row->sku = claim->sku_text;
	row->feature = claim->sku.feature->name;
	row->units = claim->sku.units;
	row->statement = key;
	row->since = since;
	row->accepted_at = work->ledger->now;
	if (row->distrusted_at != 0 &&
	    (fault = store_surrendered_distrust(
		 work->ledger->store, row->id, 0)))
		return fault;
	if ((fault = save(work, row, SURRENDER_ROW_ACCEPTED, STATE_ACCEPTED)))
		return fault;
	return ledger_sync_answer_license(
	    work->surrenders, row->serial, STATE_ACCEPTED, NULL, NULL, 0);
}

/* It counts for another Client ID, and who says that it is that device does not prove it: nothing is given back. */
static enum fault
answer_elsewhere(const struct sync_work *work, json_t *answers,
    const struct surrendered_row *row)
{
	const char *text = mistake_text(work->ledger->arena,
	    MISTAKE_SURRENDER_OTHER, row->client_name, NULL);

	return !text ? FAULT_MEMORY
		     : ledger_sync_answer_license(answers, row->serial,
			   STATE_PENDING, mistake_code(MISTAKE_SURRENDER_OTHER),
			   text, 0);
}

static bool
counts_here(enum surrender_row state)
{
	return state == SURRENDER_ROW_ACCEPTED ||
	    state == SURRENDER_ROW_RECALLING;
}

static enum fault
take_surrender(struct sync_work *work, const struct sync_surrender *surrender)
{
	struct surrendered_row *held = find_held(work, surrender->key);
	struct subject subject;
	struct refusal refusal;
	enum surrender_row next;
	enum fault fault;

	if (held)
		return confirm(work, held, surrender->since);
	if ((fault = find_subject(&subject, work, surrender->key)))
		return fault;
	/* The key of a license that counts here, written another way or of a device that was deleted. */
	if (counts_here(subject.state) && !is_of_another(work, &subject.row) &&
	    subject.claim.refusal == MISTAKE__COUNT)
		return confirm(work, &subject.row, surrender->since);
	if (is_of_another(work, &subject.row) &&
	    is_same_device(work, &subject.row))
		return answer_elsewhere(work, work->surrenders, &subject.row);
	next = surrender_next(
	    subject.state, subject.since, false, surrender->since);
	if ((fault = find_refusal(&refusal, work, &subject)))
		return fault;
	if (refusal.code)
		return answer_refused(
		    work, &subject, &refusal, surrender->since);
	if (next == SURRENDER_ROW_ACCEPTED)
		return accept(work, &subject, surrender->key, surrender->since);
	return ledger_sync_answer_license(work->surrenders,
	    subject.claim.serial, STATE_RETURNED, NULL, NULL, 0);
}

/* ---- one recall ---- */

static enum fault
find_recalled(struct surrendered_row *out, const struct sync_work *work,
    const struct sync_recall *recall)
{
	return store_surrendered_of(out, work->ledger->arena,
	    work->ledger->store, work->client.id, work->client.hardware_id,
	    recall->serial);
}

/* Before features are decided: what is recalled is not for new units any more. */
static enum fault
mark_recall(struct sync_work *work, const struct sync_recall *recall)
{
	struct surrendered_row row;
	enum surrender_row next;
	enum fault fault = find_recalled(&row, work, recall);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!fault && is_of_another(work, &row))
		return FAULT_NONE;
	if (fault || is_kept_by_another(work, &row))
		return strlen(recall->serial) > SERIAL_MAX
		    ? FAULT_NONE
		    : store_surrendered_close(work->ledger->store,
			  work->client.id, recall->serial, recall->since);
	next = surrender_next(row.state, row.since, true, recall->since);
	if (next == row.state && recall->since <= row.since)
		return FAULT_NONE;
	row.client = work->client.id;
	row.since = instant_later(row.since, recall->since);
	if (next != row.state)
		return save(work, &row, next, "recall asked for");
	return store_surrendered_save(work->ledger->store, &row);
}

static enum fault
answer_recall(struct sync_work *work, const struct sync_recall *recall)
{
	struct surrendered_row row;
	struct recall_state state;
	enum fault fault = find_recalled(&row, work, recall);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!fault && is_of_another(work, &row))
		return answer_elsewhere(work, work->recalls, &row);
	/* It was surrendered anew since: that surrender is answered. */
	if (!fault && row.state == SURRENDER_ROW_ACCEPTED)
		return FAULT_NONE;
	if (!fault && row.state == SURRENDER_ROW_RECALLING) {
		/* Of everybody's documents, this client's fresh ones among them. */
		if ((fault = store_recall_load(&state, work->ledger->arena,
			 work->ledger->store, &row, work->ledger->now)))
			return fault;
		if (state.verdict != VERDICT_OK)
			return ledger_sync_answer_license(work->recalls,
			    row.serial, STATE_PENDING,
			    verdict_code(state.verdict), state.text,
			    state.numbers.missing);
		if ((fault = save(
			 work, &row, SURRENDER_ROW_RETURNED, STATE_RETURNED)))
			return fault;
	}
	return ledger_sync_answer_license(
	    work->recalls, recall->serial, STATE_RETURNED, NULL, NULL, 0);
}

/* What a recall of it would wait for, so that its administrator knows before asking. */
static enum fault
forewarn(struct sync_work *work, json_t *answer)
{
	struct surrendered_row row;
	struct recall_state state;
	enum fault fault = store_surrendered_of(&row, work->ledger->arena,
	    work->ledger->store, work->client.id, work->client.hardware_id,
	    json_string_value(json_object_get(answer, "serial")));

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (row.state != SURRENDER_ROW_ACCEPTED)
		return FAULT_NONE;
	if ((fault = store_recall_load(&state, work->ledger->arena,
		 work->ledger->store, &row, work->ledger->now)) ||
	    state.verdict == VERDICT_OK)
		return fault;
	return json_object_set_new(
		   answer, "code", json_string(verdict_code(state.verdict))) ||
		json_object_set_new(answer, "text", json_string(state.text)) ||
		json_object_set_new(answer, "missing",
		    json_integer((json_int_t)state.numbers.missing))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

static enum fault
forewarn_all(struct sync_work *work)
{
	enum fault fault = FAULT_NONE;
	json_t *answer;
	size_t i;

	json_array_foreach(work->surrenders, i, answer)
	{
		const char *state = json_string_value(
		    json_object_get(answer, "state"));

		if (!fault && strcmp(state, STATE_ACCEPTED) == 0)
			fault = forewarn(work, answer);
	}
	return fault;
}

/* ---- what the client does not name ---- */

static bool
is_named(const struct sync_work *work, const struct surrendered_row *row)
{
	const struct sync_request *request = work->request;

	for (size_t i = 0; i < request->surrender_count; i++)
		if (strcmp(request->surrenders[i].key, row->statement) == 0)
			return true;
	for (size_t i = 0; i < request->recall_count; i++)
		if (strcmp(request->recalls[i].serial, row->serial) == 0)
			return true;
	return false;
}

/*
 * A restored server may hold what was recalled after its copy was made: it
 * leaves the pool at once, as the client counts it. At any other time, or
 * under another Client ID, a license that is not named is one that the device
 * forgot: it is reminded.
 */
static enum fault
settle_unnamed(struct sync_work *work, struct surrendered_row *row)
{
	if (!work->is_first || row->client != work->client.id)
		return ledger_sync_answer_license(work->surrenders, row->serial,
		    STATE_ACCEPTED, NULL, NULL, 0);
	row->since = instant_later(row->since, work->request->sent_at);
	return save(work, row, SURRENDER_ROW_RETURNED,
	    "returned: the client does not name it any more");
}

/* ---- all of them ---- */

static enum fault
add_held(struct sync_work *work, const struct surrendered_row *more,
    size_t count)
{
	struct surrendered_row *rows = arena_array(work->ledger->arena,
	    work->surrendered_count + count + 1, sizeof(*rows));
	size_t total = work->surrendered_count;

	if (!rows)
		return FAULT_MEMORY;
	for (size_t i = 0; i < total; i++)
		rows[i] = work->surrendered[i];
	for (size_t i = 0; i < count; i++)
		if (more[i].client != work->client.id)
			rows[total++] = more[i];
	work->surrendered = rows;
	work->surrendered_count = total;
	return FAULT_NONE;
}

/* Those of the client, and those that its device gave under other Client IDs. */
static enum fault
load_held(struct sync_work *work)
{
	struct surrendered_row *more;
	size_t count;
	enum fault fault = store_surrendered_list(&work->surrendered,
	    &work->surrendered_count, work->ledger->arena, work->ledger->store,
	    work->client.id);

	if (fault || !has_proven_device(work))
		return fault;
	fault = store_surrendered_list_device(&more, &count,
	    work->ledger->arena, work->ledger->store,
	    work->client.hardware_id);
	return fault ? fault : add_held(work, more, count);
}

enum fault
ledger_sync_surrender(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	enum fault fault;

	assert(work && work->surrenders && work->contact.member);
	if ((fault = load_held(work)))
		return fault;
	for (size_t i = 0; i < work->surrendered_count; i++)
		if (!is_named(work, &work->surrendered[i]) &&
		    (fault = settle_unnamed(work, &work->surrendered[i])))
			return fault;
	for (size_t i = 0; i < request->surrender_count; i++)
		if ((fault = take_surrender(work, &request->surrenders[i])))
			return fault;
	for (size_t i = 0; i < request->recall_count; i++)
		if ((fault = mark_recall(work, &request->recalls[i])))
			return fault;
	return FAULT_NONE;
}

enum fault
ledger_sync_surrender_return(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	enum fault fault;

	assert(work && work->recalls);
	for (size_t i = 0; i < request->recall_count; i++)
		if ((fault = answer_recall(work, &request->recalls[i])))
			return fault;
	return forewarn_all(work);
}
