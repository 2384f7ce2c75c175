/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_transfer.c: see ledger_transfer.h. What may be done, the rules say.
 */
#include "engine/store/ledger_transfer.h"

#include "engine/base/calendar.h"
#include "engine/base/hardware_id.h"
#include "engine/rules/instant.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_center.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/license_claim.h"
#include "engine/store/store_issued.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define CASE_MAX 64
#define TEXT_MAX 500
/* More spares in a row than one license ever sees. */
#define HEIRS_MAX 1000

static const char *const steps[TRANSFER_ACTS] = {
	[TRANSFER_ACT_REQUEST] = "requested",
	[TRANSFER_ACT_TEST] = "tested",
	[TRANSFER_ACT_CHOOSE_SPARE] = "spare chosen",
	[TRANSFER_ACT_AUTHORISE] = "authorised",
	[TRANSFER_ACT_TRANSFER] = "transferred",
	[TRANSFER_ACT_FOUND_NOTHING] = "no trouble found",
	[TRANSFER_ACT_FOUND_FAULT] = "fault found",
	[TRANSFER_ACT_RESET] = "factory reset confirmed",
	[TRANSFER_ACT_RECEIVE] = "replacement received",
	[TRANSFER_ACT_CANCEL] = "cancelled",
};

struct work {
	struct ledger *ledger;
	struct transfer_row row;
	struct center_customer_row partner;
	struct center_device_row device, spare;
};

static void
add(struct work *work, const char *field, enum mistake_kind kind, const char *a)
{
	mistake_add(&work->ledger->mistakes, field, kind, a, NULL);
}

static bool
has_mistakes(const struct work *work)
{
	return work->ledger->mistakes.count > 0;
}

static void
check_text(struct work *work, const char *field, const char *text)
{
	if (!ledger_act_is_printable(text, TEXT_MAX))
		add(work, field, MISTAKE_TRANSFER_TEXT, NULL);
}

/* ---- what is known ---- */

/* A mistake on that field when there is none. */
static enum fault
find_device(struct center_device_row *out, struct work *work,
    const char *field, const char *hardware_id)
{
	struct ledger *ledger = work->ledger;
	char *tidy = arena_text(ledger->arena, hardware_id);
	enum fault fault;

	if (!tidy)
		return FAULT_MEMORY;
	hardware_id_tidy(tidy);
	fault = store_center_device_load(
	    out, ledger->arena, ledger->store, tidy);
	if (fault != FAULT_NOT_FOUND)
		return fault;
	add(work, field, MISTAKE_DEVICE_UNKNOWN, hardware_id);
	return FAULT_NONE;
}

static bool
is_contract_active(const struct work *work)
{
	const char *last_day = work->device.contract_ends;
	char today[11];

	calendar_date_of(today, work->ledger->now);
	return *last_day && strcmp(today, last_day) <= 0;
}

/* A customer that no partner looks after is any partner's to help. */
static enum fault
learn_owner(struct transfer_facts *facts, struct work *work)
{
	struct center_customer_row owner;
	struct ledger *ledger = work->ledger;
	enum fault fault;

	if (!(facts->has_owner = work->device.customer != 0))
		return FAULT_NONE;
	if ((fault = store_center_customer_load_id(&owner, ledger->arena,
		 ledger->store, work->device.customer)))
		return fault;
	facts->is_of_other_partner = owner.partner &&
	    owner.partner != work->partner.id && owner.id != work->partner.id;
	return FAULT_NONE;
}

static enum fault
learn(struct transfer_facts *facts, struct work *work)
{
	struct store *store = work->ledger->store;
	enum fault fault;

	*facts = (struct transfer_facts){
		.state = work->row.state,
		.partner_stocks_spares = work->partner.stocks_spares,
		.is_contract_active = is_contract_active(work),
		.is_in_service = work->device.state == DEVICE_IN_SERVICE,
		.has_spare = work->spare.id != 0,
		.is_same = work->spare.id == work->device.id,
		.is_stock = work->spare.state == DEVICE_SPARE &&
		    work->spare.customer == work->partner.id,
	};
	if ((fault = learn_owner(facts, work)))
		return fault;
	fault = store_transfer_names(
	    &facts->is_busy, store, work->device.id, work->row.id);
	if (!fault && work->spare.id)
		fault = store_transfer_names(&facts->is_spare_busy, store,
		    work->spare.id, work->row.id);
	return fault;
}

/* The field that a refusal is about; the others are about the whole. */
static const struct {
	enum verdict verdict;
	const char *field;
} fields[] = {
	{ VERDICT_TRANSFER_PARTNER, "partner" },
	{ VERDICT_TRANSFER_DEVICE, "device" },
	{ VERDICT_TRANSFER_BUSY, "device" },
	{ VERDICT_TRANSFER_OWNER, "device" },
	{ VERDICT_TRANSFER_OTHER_PARTNER, "partner" },
	{ VERDICT_TRANSFER_CONTRACT, "device" },
	{ VERDICT_TRANSFER_NO_SPARE, "spare" },
	{ VERDICT_TRANSFER_SAME, "spare" },
	{ VERDICT_TRANSFER_STOCK, "spare" },
	{ VERDICT_TRANSFER_SPARE_BUSY, "spare" },
};

static const char *
field_of(enum verdict verdict)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].verdict == verdict)
			return fields[i].field;
	return "transfer";
}

/* A refusal is a mistake. */
static enum fault
judge(struct work *work, enum transfer_act act)
{
	const struct verdict_numbers none = { 0 };
	struct transfer_facts facts;
	enum verdict verdict;
	enum fault fault = learn(&facts, work);

	if (fault)
		return fault;
	verdict = transfer_check(act, &facts);
	if (verdict != VERDICT_OK)
		mistake_add_verdict(&work->ledger->mistakes, field_of(verdict),
		    "", verdict, &none);
	return FAULT_NONE;
}

/* ---- what is done ---- */

static enum fault
note(struct work *work, enum transfer_act act, const char *text)
{
	struct ledger *ledger = work->ledger;
	const struct transfer_step_row step = { ledger->now,
		ledger->actor.name, steps[act], text };
	enum fault fault;

	work->row.state = transfer_next(act);
	work->row.row_version++;
	if ((fault = store_transfer_save(ledger->store, &work->row)) ||
	    (fault = store_transfer_step(
		 ledger->store, work->row.id, &step)))
		return fault;
	return ledger_act_event(ledger, EVENT_TRANSFER_STEP,
	    work->row.case_number, work->device.hardware_id, steps[act], text,
	    NULL);
}

enum fault
ledger_transfer_request(int64_t *id, struct ledger *ledger,
    const struct transfer_request *request)
{
	struct work work = { .ledger = ledger };
	enum fault fault;

	assert(ledger && request && request->hardware_id && request->partner);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	if (!ledger_act_is_printable(request->case_number, CASE_MAX))
		add(&work, "case", MISTAKE_TRANSFER_CASE, NULL);
	check_text(&work, "fault", request->fault);
	if ((fault = find_device(
		 &work.device, &work, "device", request->hardware_id)) ||
	    (fault = ledger_center_customer_find(
		 &work.partner, ledger, "partner", request->partner)) ||
	    has_mistakes(&work) ||
	    (fault = judge(&work, TRANSFER_ACT_REQUEST)) || has_mistakes(&work))
		return fault;
	work.row = (struct transfer_row){ .case_number = request->case_number,
		.fault = request->fault,
		.partner = work.partner.id,
		.device = work.device.id,
		.customer = work.device.customer,
		.made_at = ledger->now };
	fault = note(&work, TRANSFER_ACT_REQUEST, request->fault);
	if (id)
		*id = work.row.id;
	return fault;
}

static enum fault
load_spare(struct work *work, const struct transfer_input *input)
{
	struct ledger *ledger = work->ledger;

	if (input->hardware_id)
		return find_device(
		    &work->spare, work, "spare", input->hardware_id);
	if (!*work->row.spare_hardware_id)
		return FAULT_NONE;
	return store_center_device_load(&work->spare, ledger->arena,
	    ledger->store, work->row.spare_hardware_id);
}

/* The transfer and its devices; mistakes when there is none, or somebody went on meanwhile. */
static enum fault
load(struct work *work, const struct transfer_input *input)
{
	struct ledger *ledger = work->ledger;
	enum fault fault;

	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	fault = store_transfer_load(
	    &work->row, ledger->arena, ledger->store, input->id, 0);
	if (fault == FAULT_NOT_FOUND) {
		add(work, "transfer", MISTAKE_TRANSFER_NONE,
		    arena_format(ledger->arena, "%" PRId64, input->id));
		return FAULT_NONE;
	}
	if (fault)
		return fault;
	if (input->row_version && input->row_version != work->row.row_version)
		add(work, "", MISTAKE_EDIT_CONFLICT, NULL);
	if ((fault = store_center_device_load(&work->device, ledger->arena,
		 ledger->store, work->row.hardware_id)) ||
	    (fault = store_center_customer_load_id(&work->partner,
		 ledger->arena, ledger->store, work->row.partner)))
		return fault;
	return load_spare(work, input);
}

/* ---- stock ---- */

/* No license key that is good: it could be used on two devices at once. */
static enum fault
check_has_none(struct work *work, const char *field,
    const struct center_device_row *device)
{
	struct ledger *ledger = work->ledger;
	struct issued_row *keys;
	size_t count;
	enum fault fault = store_issued_list(&keys, &count, ledger->arena,
	    ledger->store, device->hardware_id, INT64_MAX);

	for (size_t i = 0; !fault && i < count; i++)
		if (!keys[i].revoked_at) {
			add(work, field, MISTAKE_STOCK_KEYS,
			    device->hardware_id);
			break;
		}
	return fault;
}

/* What joins a stock is nobody's, or the partner's own, and has no license. */
static enum fault
check_stock(struct work *work, const char *field,
    const struct center_device_row *device)
{
	bool is_busy;
	enum fault fault = store_transfer_names(
	    &is_busy, work->ledger->store, device->id, work->row.id);

	if (fault)
		return fault;
	if (device->state != DEVICE_IN_SERVICE)
		add(work, field, MISTAKE_STOCK_STATE, device->hardware_id);
	if (device->customer && device->customer != work->partner.id)
		add(work, field, MISTAKE_STOCK_OWNER, device->hardware_id);
	if (is_busy)
		add(work, field, MISTAKE_STOCK_BUSY, device->hardware_id);
	return check_has_none(work, field, device);
}

static enum fault
put_into_stock(struct work *work, struct center_device_row *device)
{
	device->state = DEVICE_SPARE;
	device->customer = work->partner.id;
	device->row_version++;
	return store_center_device_save(work->ledger->store, device);
}

/* ---- step by step ---- */

static enum fault
take_replacement(struct work *work)
{
	enum fault fault;

	if (work->spare.id == work->device.id) {
		add(work, "spare", MISTAKE_TRANSFER_REPLACEMENT,
		    work->spare.hardware_id);
		return FAULT_NONE;
	}
	if ((fault = check_stock(work, "spare", &work->spare)) ||
	    has_mistakes(work))
		return fault;
	/* The spare that went into service stays the one that is named. */
	return put_into_stock(work, &work->spare);
}

static enum fault
apply(struct work *work, enum transfer_act act)
{
	if (act == TRANSFER_ACT_CHOOSE_SPARE)
		work->row.spare = work->spare.id;
	if (act == TRANSFER_ACT_FOUND_NOTHING ||
	    act == TRANSFER_ACT_FOUND_FAULT)
		work->row.due_at = instant_add(work->ledger->now,
		    TRANSFER_EXCHANGE_DAYS * SECONDS_PER_DAY);
	if (act != TRANSFER_ACT_RESET && act != TRANSFER_ACT_RECEIVE)
		return FAULT_NONE;
	work->row.due_at = 0;
	return act == TRANSFER_ACT_RESET ? put_into_stock(work, &work->device)
					 : take_replacement(work);
}

#define BY_DEVICE "confirmed by the device"

/* A partner that reset the device before it said that nothing was found need not do it twice. */
static enum fault
go_on(struct work *work, enum transfer_act act)
{
	enum fault fault;

	if (act != TRANSFER_ACT_FOUND_NOTHING ||
	    work->row.reset_at <= work->row.transferred_at)
		return FAULT_NONE;
	fault = apply(work, TRANSFER_ACT_RESET);
	return fault ? fault : note(work, TRANSFER_ACT_RESET, BY_DEVICE);
}

static bool
needs_text(enum transfer_act act)
{
	return act == TRANSFER_ACT_TEST || act == TRANSFER_ACT_FOUND_NOTHING ||
	    act == TRANSFER_ACT_FOUND_FAULT || act == TRANSFER_ACT_CANCEL ||
	    act == TRANSFER_ACT_RESET;
}

enum fault
ledger_transfer_step(struct ledger *ledger, enum transfer_act act,
    const struct transfer_input *input)
{
	struct work work = { .ledger = ledger };
	enum fault fault;

	assert(ledger && input && input->text);
	assert(act != TRANSFER_ACT_REQUEST && act != TRANSFER_ACT_TRANSFER);
	if (needs_text(act))
		check_text(&work, "text", input->text);
	if ((fault = load(&work, input)) || has_mistakes(&work) ||
	    (fault = judge(&work, act)) || has_mistakes(&work) ||
	    (fault = apply(&work, act)) || has_mistakes(&work))
		return fault;
	fault = note(&work, act,
	    act == TRANSFER_ACT_CHOOSE_SPARE || act == TRANSFER_ACT_RECEIVE
		? work.spare.hardware_id
		: input->text);
	return fault ? fault : go_on(&work, act);
}

/* ---- the transfer itself ---- */

static enum fault
issue_successor(const char **serial, struct work *work,
    const struct keypair *issuer, const struct transfer_key_row *key)
{
	const struct issue_input wish = {
		.hardware_id = work->spare.hardware_id,
		.sku = key->sku,
		.start_date = key->start_date,
		.end_date = key->end_date,
		.org = work->row.customer_name,
		.entitlement = key->entitlement,
	};
	struct ledger *ledger = work->ledger;
	struct issued_row *newest;
	const char *statement;
	size_t count;
	enum fault fault = ledger_issue(&statement, ledger, issuer, &wish);

	*serial = "";
	if (fault || !statement)
		return fault;
	if ((fault = store_issued_list(&newest, &count, ledger->arena,
		 ledger->store, work->spare.hardware_id, 1)))
		return fault;
	*serial = newest[0].serial;
	return FAULT_NONE;
}

/* What a license server holds it counts until it hears of the revocation; the spare has it after that. */
static enum fault
move_key(struct work *work, const struct keypair *issuer,
    const struct transfer_key_row *key)
{
	struct ledger *ledger = work->ledger;
	const char *successor = "";
	enum fault fault = ledger_revocation_take_back(ledger, key->serial,
	    arena_format(ledger->arena, "Moved to spare %s, case %s",
		work->spare.hardware_id, work->row.case_number));

	if (fault || has_mistakes(work))
		return fault;
	if (!*key->held_by &&
	    ((fault = issue_successor(&successor, work, issuer, key)) ||
		has_mistakes(work)))
		return fault;
	return store_transfer_key(
	    ledger->store, work->row.id, key->serial, successor);
}

static enum fault
move_keys(struct work *work, const struct keypair *issuer)
{
	struct ledger *ledger = work->ledger;
	struct transfer_key_row *keys;
	size_t count;
	enum fault fault = store_transfer_keys(
	    &keys, &count, ledger->arena, ledger->store, &work->row);

	for (size_t i = 0; !fault && i < count && !has_mistakes(work); i++)
		fault = move_key(work, issuer, &keys[i]);
	return fault;
}

/* Owner and dates go with the licenses; nothing is extended. */
static enum fault
move_dates(struct work *work)
{
	struct store *store = work->ledger->store;
	struct center_device_row *device = &work->device;
	struct center_device_row *spare = &work->spare;
	enum fault fault;

	spare->state = DEVICE_IN_SERVICE;
	spare->customer = device->customer;
	spare->warranty_ends = device->warranty_ends;
	spare->contract_ends = device->contract_ends;
	spare->row_version++;
	device->state = DEVICE_REPLACED;
	device->warranty_ends = device->contract_ends = "";
	device->row_version++;
	if ((fault = store_center_device_save(store, spare)) ||
	    (fault = store_center_device_save(store, device)))
		return fault;
	return store_transfer_codes(store, device->id, spare->id);
}

enum fault
ledger_transfer_run(struct ledger *ledger, const struct keypair *issuer,
    const struct transfer_input *input, const char *typed)
{
	struct work work = { .ledger = ledger };
	enum fault fault;

	assert(ledger && issuer && input && typed);
	if ((fault = load(&work, input)) || has_mistakes(&work))
		return fault;
	if (strcmp(typed, work.row.case_number) != 0)
		add(&work, "typed", MISTAKE_TRANSFER_TYPED,
		    work.row.case_number);
	if ((fault = judge(&work, TRANSFER_ACT_TRANSFER)) ||
	    has_mistakes(&work) || (fault = move_dates(&work)) ||
	    (fault = move_keys(&work, issuer)) || has_mistakes(&work))
		return fault;
	work.row.transferred_at = ledger->now;
	return note(&work, TRANSFER_ACT_TRANSFER, work.spare.hardware_id);
}

/* ---- what a license server holds ---- */

/* Only permanent user counts are ever surrendered (rules.md 8.1). */
static enum fault
check_surrenderable(struct work *work, const char *serial)
{
	struct ledger *ledger = work->ledger;
	struct issued_row key;
	struct sku sku;
	enum fault fault = store_issued_load(
	    &key, ledger->arena, ledger->store, serial);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (sku_parse(&sku, &ledger->appliance->catalogue, key.sku, false) !=
		SKU_OK ||
	    !sku.feature || sku.feature->kind != FEATURE_USERS ||
	    license_claim_has_term(&sku))
		add(work, "serial", MISTAKE_TRANSFER_HOLD, serial);
	return FAULT_NONE;
}

enum fault
ledger_transfer_hold(
    struct ledger *ledger, const char *serial, const char *held_by)
{
	struct work work = { .ledger = ledger };
	bool is_there;
	enum fault fault;

	assert(ledger && serial && held_by);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	if (*held_by)
		check_text(&work, "server", held_by);
	if (*held_by && (fault = check_surrenderable(&work, serial)))
		return fault;
	if (has_mistakes(&work))
		return FAULT_NONE;
	if ((fault = store_transfer_hold(
		 &is_there, ledger->store, serial, held_by)))
		return fault;
	if (is_there)
		return ledger_act_event(ledger, EVENT_KEY_HELD, serial,
		    *held_by ? held_by : "nobody", NULL, NULL, NULL);
	add(&work, "serial", MISTAKE_REVOKE_NONE, serial);
	return FAULT_NONE;
}

static enum fault
find_waiting(const struct transfer_key_row **out, struct work *work,
    const char *serial)
{
	struct ledger *ledger = work->ledger;
	struct transfer_key_row *keys;
	size_t count;
	enum fault fault = store_transfer_keys(
	    &keys, &count, ledger->arena, ledger->store, &work->row);

	*out = NULL;
	for (size_t i = 0; !fault && i < count; i++)
		if (strcmp(keys[i].serial, serial) == 0 &&
		    !*keys[i].successor)
			*out = &keys[i];
	if (!fault && (!*out || !work->row.transferred_at))
		add(work, "serial", MISTAKE_TRANSFER_NOT_HELD, serial);
	return fault;
}

/* The spare may have been replaced meanwhile: who has its licenses now? Each way there was a transfer, the newest the last. */
static enum fault
find_heir(struct work *work)
{
	struct ledger *ledger = work->ledger;
	struct transfer_row next;
	enum fault fault;

	for (int i = 0; work->spare.state != DEVICE_IN_SERVICE && i < HEIRS_MAX;
	    i++) {
		fault = store_transfer_from(
		    &next, ledger->arena, ledger->store, work->spare.id);
		if (!fault)
			fault = store_center_device_load(&work->spare,
			    ledger->arena, ledger->store,
			    next.spare_hardware_id);
		if (fault)
			return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	}
	return FAULT_NONE;
}

enum fault
ledger_transfer_returned(struct ledger *ledger, const struct keypair *issuer,
    int64_t id, const char *serial)
{
	const struct transfer_input input = { .id = id };
	struct work work = { .ledger = ledger };
	const struct transfer_key_row *key;
	const char *successor;
	enum fault fault;

	assert(ledger && issuer && serial);
	if ((fault = load(&work, &input)) || has_mistakes(&work) ||
	    (fault = find_waiting(&key, &work, serial)) ||
	    has_mistakes(&work) || (fault = find_heir(&work)) ||
	    (fault = issue_successor(&successor, &work, issuer, key)) ||
	    has_mistakes(&work))
		return fault;
	if ((fault = store_transfer_key(
		 ledger->store, work.row.id, serial, successor)))
		return fault;
	return ledger_act_event(ledger, EVENT_KEY_RETURNED, serial,
	    work.spare.hardware_id, successor, NULL, NULL);
}

/* ---- the old device, and the vendor's eye on it ---- */

enum fault
ledger_transfer_reset(struct ledger *ledger, const char *hardware_id)
{
	struct work work = { .ledger = ledger };
	struct transfer_input input = { .text = "" };
	enum fault fault;

	assert(ledger && hardware_id);
	if ((fault = find_device(
		 &work.device, &work, "device", hardware_id)) ||
	    has_mistakes(&work))
		return fault;
	if ((fault = store_transfer_reset(
		 ledger->store, work.device.id, ledger->now)) ||
	    (fault = ledger_act_event(ledger, EVENT_DEVICE_RESET,
		 work.device.hardware_id, NULL, NULL, NULL, NULL)) ||
	    (fault = store_transfer_waiting(
		 &input.id, ledger->store, work.device.id)))
		return fault;
	input.text = BY_DEVICE;
	return input.id ? ledger_transfer_step(
			      ledger, TRANSFER_ACT_RESET, &input)
			: FAULT_NONE;
}

enum fault
ledger_transfer_notice(struct ledger *ledger, int64_t id, const char *date)
{
	const struct transfer_input input = { .id = id };
	struct work work = { .ledger = ledger };
	struct transfer_step_row step = { ledger->now, ledger->actor.name,
		"audit opened", date };
	enum fault fault;

	assert(ledger && date);
	if ((fault = load(&work, &input)) || has_mistakes(&work))
		return fault;
	if (!calendar_date_start(&work.row.notice_at, date)) {
		char today[11];

		calendar_date_of(today, ledger->now);
		add(&work, "date", MISTAKE_ISSUE_DATE, today);
		return FAULT_NONE;
	}
	work.row.row_version++;
	if ((fault = store_transfer_save(ledger->store, &work.row)) ||
	    (fault = store_transfer_step(ledger->store, id, &step)))
		return fault;
	return ledger_act_event(ledger, EVENT_AUDIT_OPENED,
	    work.row.case_number, date, NULL, NULL, NULL);
}

enum fault
ledger_transfer_stock(
    struct ledger *ledger, const char *hardware_id, const char *partner)
{
	struct work work = { .ledger = ledger };
	enum fault fault;

	assert(ledger && hardware_id && partner);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	if ((fault = find_device(&work.device, &work, "hwid", hardware_id)) ||
	    (fault = ledger_center_customer_find(
		 &work.partner, ledger, "partner", partner)) ||
	    has_mistakes(&work))
		return fault;
	if (!work.partner.stocks_spares)
		add(&work, "partner", MISTAKE_STOCK_PARTNER,
		    work.partner.name);
	if ((fault = check_stock(&work, "hwid", &work.device)) ||
	    has_mistakes(&work))
		return fault;
	if ((fault = put_into_stock(&work, &work.device)))
		return fault;
	return ledger_act_event(ledger, EVENT_STOCKED, work.device.hardware_id,
	    work.partner.name, NULL, NULL, NULL);
}
