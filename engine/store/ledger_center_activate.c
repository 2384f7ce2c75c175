/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_center_activate.c: an appliance shows an authentication code and gets
 * the license keys that it is worth: once, and again the very same.
 */
#include "engine/store/ledger_center.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_transfer_audit.h"
#include "engine/store/store_issued.h"
#include <assert.h>
#include <string.h>

/* A clock may be so far off; a call that is older is not answered, and one that was answered is remembered as long. */
#define NONCE_SECONDS (2 * SECONDS_PER_HOUR)
/* Far more than a device ever has. */
#define KEYS_MAX 10000

struct work {
	struct center_activation *out;
	struct ledger *ledger;
	const struct keypair *issuer;
	const struct center_caller *caller;
	char code[AUTHCODE_SIZE], tail[AUTHCODE_TAIL_SIZE];
	struct center_authcode_row authcode;
	struct center_device_row device;
	bool is_known;
};

static enum fault
load_device(struct center_device_row *out, bool *is_known,
    struct ledger *ledger, const char *hardware_id)
{
	enum fault fault = store_center_device_load(
	    out, ledger->arena, ledger->store, hardware_id);

	*is_known = !fault;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* A file proves contact when it was made, by a clock that may be ahead, and no later one. */
static int64_t
contact_of(const struct center_device_row *row,
    const struct center_caller *caller, int64_t now)
{
	int64_t at = caller->said_at && caller->said_at < now ? caller->said_at
							      : now;

	return at > row->contact_at ? at : row->contact_at;
}

/* A device that was entered by hand shows its key at its first call; later it is the same. */
static void
take_caller(struct center_device_row *row, const struct center_caller *caller,
    int64_t now)
{
	if (!*row->platform)
		row->platform = caller->platform;
	if (caller->is_by_hand)
		return;
	row->has_device_key = true;
	memcpy(row->device_key, caller->device_key, sizeof(row->device_key));
	row->contact_at = contact_of(row, caller, now);
}

enum fault
ledger_center_activate_contact(
    struct ledger *ledger, const struct center_caller *caller)
{
	struct center_device_row row;
	enum fault fault;
	bool is_known;

	assert(ledger && caller && !caller->is_by_hand);
	fault = load_device(&row, &is_known, ledger, caller->hardware_id);
	if (fault || !is_known)
		return fault;
	take_caller(&row, caller, ledger->now);
	if (row.state == DEVICE_REPLACED && !caller->confirms_reset &&
	    !caller->said_at &&
	    (fault = ledger_act_event_seldom(ledger, EVENT_REPLACED_CONTACT,
		 row.hardware_id, "", ledger->actor.address, NULL)))
		return fault;
	if ((fault = store_center_device_save(ledger->store, &row)) ||
	    row.state != DEVICE_REPLACED || caller->confirms_reset)
		return fault;
	return ledger_transfer_audit_contact(ledger, row.id);
}

enum fault
ledger_center_activate_call(bool *is_new, struct ledger *ledger,
    const struct center_caller *caller)
{
	enum fault fault;

	assert(is_new && ledger && caller && caller->nonce);
	fault = store_center_nonce_take(is_new, ledger->store,
	    caller->hardware_id, caller->nonce, ledger->now,
	    ledger->now - NONCE_SECONDS);
	return fault || !*is_new
	    ? fault
	    : ledger_center_activate_contact(ledger, caller);
}

/* ---- why not ---- */

static enum fault
refuse(struct work *work, const char *code, const char *text)
{
	work->out->code = code;
	work->out->text = text;
	return text ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
refuse_mistake(struct work *work, enum mistake_kind kind)
{
	return refuse(work, mistake_code(kind),
	    mistake_text(work->ledger->arena, kind, NULL, NULL));
}

static enum fault
refuse_verdict(struct work *work, enum verdict verdict)
{
	const struct verdict_numbers none = { 0 };
	struct ledger *ledger = work->ledger;
	enum fault fault = refuse(work, verdict_code(verdict),
	    mistake_verdict_text(ledger->arena, verdict, "", &none));

	return fault
	    ? fault
	    : ledger_act_event_seldom(ledger, EVENT_ACTIVATION_REFUSED,
		  work->caller->hardware_id, work->tail,
		  arena_text(ledger->arena, work->tail), work->out->text);
}

/* What is no code says nothing of codes that there are. */
static enum fault
find_code(bool *is_there, struct work *work, const char *text)
{
	uint8_t digest[DIGEST_BYTES];
	enum authcode_state state = authcode_read(work->code, text);
	enum fault fault;

	*is_there = false;
	if (state != AUTHCODE_OK)
		return refuse_mistake(work,
		    state == AUTHCODE_CHECK ? MISTAKE_AUTHCODE_CHECK
					    : MISTAKE_AUTHCODE_SHAPE);
	authcode_tail(work->tail, work->code);
	if ((fault = authcode_digest(digest, work->code)))
		return fault;
	fault = store_center_authcode_find(&work->authcode,
	    work->ledger->arena, work->ledger->store, digest);
	if (fault == FAULT_NOT_FOUND)
		return refuse_mistake(work, MISTAKE_AUTHCODE_UNKNOWN);
	*is_there = !fault;
	return fault;
}

static enum verdict
judge(const struct work *work)
{
	const struct center_device_row *device = &work->device;
	const struct center_authcode_row *code = &work->authcode;
	const struct activation asked = {
		.is_revoked = code->revoked_at != 0,
		.is_used = code->used_at != 0,
		.is_same_device = work->is_known && code->device == device->id,
		.is_known = work->is_known,
		.state = device->state,
		.is_same_customer = !work->is_known || !device->customer ||
		    device->customer == code->customer,
	};

	return activation_check(&asked);
}

/* ---- the keys ---- */

/* Whose code it was has the device now, if nobody had it. */
static enum fault
bind_device(struct work *work)
{
	struct ledger *ledger = work->ledger;
	struct center_device_row *device = &work->device;
	struct center_authcode_row *code = &work->authcode;
	enum fault fault;

	if (!work->is_known) {
		device->hardware_id = work->caller->hardware_id;
		device->made_at = ledger->now;
	}
	take_caller(device, work->caller, ledger->now);
	if (!device->customer)
		device->customer = code->customer;
	if ((fault = store_center_device_save(ledger->store, device)))
		return fault;
	code->device = device->id;
	code->used_at = ledger->now;
	return store_center_authcode_mark(ledger->store, code);
}

static enum fault
issue_key(const char **statement, struct work *work,
    const struct center_entitlement_row *entitlement)
{
	const struct issue_input wish = {
		.hardware_id = work->caller->hardware_id,
		.sku = entitlement->sku,
		.start_date = entitlement->start_date,
		.end_date = entitlement->end_date,
		.org = work->authcode.customer_name,
		.entitlement = entitlement->id,
	};

	return ledger_issue(statement, work->ledger, work->issuer, &wish);
}

/* An entitlement whose key could not be made is a mistake of whoever entered it, and nothing of the code is used up. */
static enum fault
issue_keys(struct work *work, const struct center_entitlement_row *rows,
    size_t count)
{
	const char *statement;
	enum fault fault;

	for (size_t i = 0; i < count; i++) {
		if (*rows[i].statement)
			continue;
		if ((fault = issue_key(&statement, work, &rows[i])))
			return fault;
		if (!statement)
			return FAULT_NONE;
	}
	return FAULT_NONE;
}

static enum fault
list_keys(struct work *work)
{
	struct center_activation *out = work->out;
	struct center_entitlement_row *rows;
	struct ledger *ledger = work->ledger;
	size_t count;
	enum fault fault = store_center_entitlement_list(&rows, &count,
	    ledger->arena, ledger->store, work->authcode.id);

	if (fault)
		return fault;
	out->keys = arena_array(ledger->arena, count + 1, sizeof(*out->keys));
	if (!out->keys)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (*rows[i].statement)
			out->keys[out->key_count++] =
			    (struct center_key){ rows[i].serial, rows[i].sku,
				    rows[i].statement };
	return FAULT_NONE;
}

static enum fault
give_keys(struct work *work)
{
	struct ledger *ledger = work->ledger;
	struct center_entitlement_row *rows;
	size_t count;
	enum fault fault;

	work->out->was_before = work->authcode.used_at != 0;
	if (work->out->was_before)
		return list_keys(work);
	if ((fault = bind_device(work)) ||
	    (fault = store_center_entitlement_list(&rows, &count,
		 ledger->arena, ledger->store, work->authcode.id)) ||
	    (fault = issue_keys(work, rows, count)))
		return fault;
	if (ledger->mistakes.count > 0)
		return refuse(work, mistake_code(ledger->mistakes.items[0].kind),
		    ledger->mistakes.items[0].text);
	if ((fault = list_keys(work)))
		return fault;
	return ledger_act_event(ledger, EVENT_ACTIVATED,
	    work->caller->hardware_id, arena_text(ledger->arena, work->tail),
	    work->authcode.customer_name,
	    ledger_act_units(ledger, (int64_t)work->out->key_count), NULL);
}

enum fault
ledger_center_activate(struct center_activation *out, struct ledger *ledger,
    const struct keypair *issuer, const struct center_caller *caller,
    const char *authcode)
{
	struct work work = {
		.out = out, .ledger = ledger, .issuer = issuer, .caller = caller
	};
	enum verdict verdict;
	enum fault fault;
	bool is_there;

	assert(out && ledger && issuer && caller && authcode);
	assert(ledger->appliance->role == ROLE_CENTER);
	*out = (struct center_activation){ .code = NULL };
	if ((fault = find_code(&is_there, &work, authcode)) || !is_there)
		return fault;
	if ((fault = load_device(&work.device, &work.is_known, ledger,
		 caller->hardware_id)))
		return fault;
	verdict = judge(&work);
	return verdict == VERDICT_OK ? give_keys(&work)
				     : refuse_verdict(&work, verdict);
}

enum fault
ledger_center_activate_keys(struct center_key **out, size_t *count,
    struct ledger *ledger, const char *hardware_id)
{
	struct issued_row *rows;
	enum fault fault;
	size_t all;

	assert(out && count && ledger && hardware_id);
	*count = 0;
	if ((fault = store_issued_list(&rows, &all, ledger->arena,
		 ledger->store, hardware_id, KEYS_MAX)))
		return fault;
	*out = arena_array(ledger->arena, all + 1, sizeof(**out));
	if (!*out)
		return FAULT_MEMORY;
	for (size_t i = 0; i < all; i++)
		if (!rows[i].revoked_at)
			(*out)[(*count)++] = (struct center_key){
				rows[i].serial, rows[i].sku,
				rows[i].statement
			};
	return FAULT_NONE;
}
