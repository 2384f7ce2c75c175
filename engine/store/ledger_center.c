/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_center.c: customers, devices and authentication codes of a center,
 * as its people enter them.
 */
#include "engine/store/ledger_center.h"

#include "engine/base/calendar.h"
#include "engine/base/hardware_id.h"
#include "engine/base/text.h"
#include "engine/store/ledger_act.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

static void
add(struct ledger *ledger, const char *field, enum mistake_kind kind,
    const char *a, const char *b)
{
	mistake_add(&ledger->mistakes, field, kind, a, b);
}

static bool
has_mistakes(const struct ledger *ledger)
{
	return ledger->mistakes.count > 0;
}

/* ---- customers ---- */

enum fault
ledger_center_customer_find(struct center_customer_row *out,
    struct ledger *ledger, const char *field, const char *name)
{
	enum fault fault;

	assert(out && ledger && field && name);
	fault = store_center_customer_load(
	    out, ledger->arena, ledger->store, name);
	if (fault != FAULT_NOT_FOUND)
		return fault;
	add(ledger, field, MISTAKE_CUSTOMER_UNKNOWN, name, NULL);
	return FAULT_NONE;
}

static void
check_customer(
    struct ledger *ledger, const struct center_customer_input *input)
{
	if (!ledger_act_is_printable(input->name, LEDGER_CENTER_NAME_MAX))
		add(ledger, "name", MISTAKE_CUSTOMER_NAME, NULL, NULL);
	if (input->stocks_spares && !input->is_partner)
		add(ledger, "spares", MISTAKE_CUSTOMER_SPARES, NULL, NULL);
}

static const char *
customer_kind(const struct center_customer_row *row)
{
	if (row->stocks_spares)
		return "partner that stocks spares";
	return row->is_partner ? "partner" : "customer";
}

/* One that others rely on stays a partner. */
static enum fault
check_reliance(struct ledger *ledger, const struct center_customer_row *row,
    const struct center_customer_input *input)
{
	bool is_relied_on;
	enum fault fault;

	if (!row->is_partner || input->is_partner)
		return FAULT_NONE;
	fault = store_center_customer_is_relied_on(
	    &is_relied_on, ledger->store, row->id);
	if (!fault && is_relied_on)
		add(ledger, "partner", MISTAKE_CUSTOMER_LOOKED_AFTER,
		    row->name, NULL);
	return fault;
}

static enum fault
take_partner(struct center_customer_row *row, struct ledger *ledger,
    const struct center_customer_input *input)
{
	struct center_customer_row partner = { .id = 0 };
	enum fault fault;

	if ((fault = check_reliance(ledger, row, input)) || !input->partner)
		return fault;
	if (*input->partner &&
	    (fault = ledger_center_customer_find(
		 &partner, ledger, "of", input->partner)))
		return fault;
	if (partner.id && !partner.is_partner)
		add(ledger, "of", MISTAKE_CUSTOMER_NO_PARTNER, partner.name,
		    NULL);
	if (partner.id && partner.id == row->id)
		add(ledger, "of", MISTAKE_CUSTOMER_OWN_PARTNER, NULL, NULL);
	row->partner = partner.id;
	row->partner_name = input->partner;
	return FAULT_NONE;
}

static enum fault
save_customer(struct ledger *ledger, struct center_customer_row *row,
    const struct center_customer_input *input)
{
	enum fault fault;

	if ((fault = take_partner(row, ledger, input)) || has_mistakes(ledger))
		return fault;
	row->is_partner = input->is_partner;
	row->stocks_spares = input->stocks_spares;
	row->row_version++;
	if ((fault = store_center_customer_save(ledger->store, row)))
		return fault;
	return ledger_act_event(ledger, EVENT_CUSTOMER_SAVED, row->name,
	    customer_kind(row), NULL, NULL, NULL);
}

enum fault
ledger_center_customer_add(int64_t *id, struct ledger *ledger,
    const struct center_customer_input *input)
{
	struct center_customer_row row;
	enum fault fault;

	assert(ledger && input && input->name);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	check_customer(ledger, input);
	fault = store_center_customer_load(
	    &row, ledger->arena, ledger->store, input->name);
	if (!fault)
		add(ledger, "name", MISTAKE_CUSTOMER_THERE, row.name, NULL);
	if (has_mistakes(ledger) || (fault && fault != FAULT_NOT_FOUND))
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	row = (struct center_customer_row){ .name = input->name,
		.made_at = ledger->now };
	if ((fault = save_customer(ledger, &row, input)))
		return fault;
	if (id)
		*id = row.id;
	return FAULT_NONE;
}

static bool
is_same_customer(const struct center_customer_row *row,
    const struct center_customer_input *input)
{
	return row->is_partner == input->is_partner &&
	    row->stocks_spares == input->stocks_spares &&
	    (!input->partner ||
		text_equals_ignoring_case(row->partner_name, input->partner));
}

enum fault
ledger_center_customer_set(
    struct ledger *ledger, const struct center_customer_input *input)
{
	struct center_customer_row row;
	enum fault fault;

	assert(ledger && input && input->name);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	if ((fault = ledger_center_customer_find(
		 &row, ledger, "name", input->name)))
		return fault;
	check_customer(ledger, input);
	if (input->row_version && input->row_version != row.row_version)
		add(ledger, "", MISTAKE_EDIT_CONFLICT, NULL, NULL);
	if (has_mistakes(ledger) || is_same_customer(&row, input))
		return FAULT_NONE;
	return save_customer(ledger, &row, input);
}

/* ---- devices ---- */

static void
check_date(struct ledger *ledger, const char *field, const char *date)
{
	char today[11];

	if (!date || !*date || calendar_date_is_valid(date))
		return;
	calendar_date_of(today, ledger->now);
	add(ledger, field, MISTAKE_ISSUE_DATE, today, NULL);
}

static enum fault
take_owner(struct center_device_row *row, struct ledger *ledger,
    const struct center_device_input *input)
{
	struct center_customer_row customer = { .id = 0 };
	enum fault fault;

	if (!input->customer)
		return FAULT_NONE;
	if (*input->customer &&
	    (fault = ledger_center_customer_find(
		 &customer, ledger, "customer", input->customer)))
		return fault;
	row->customer = customer.id;
	row->customer_name = input->customer;
	return FAULT_NONE;
}

static void
take_text(const char **to, const char *from)
{
	if (from)
		*to = from;
}

static void
check_device(struct ledger *ledger, const struct center_device_input *input)
{
	if (input->serial && *input->serial &&
	    !ledger_act_is_printable(input->serial, LEDGER_CENTER_NAME_MAX))
		add(ledger, "serial", MISTAKE_DEVICE_SERIAL, NULL, NULL);
	if (input->platform && *input->platform &&
	    !catalogue_platform(
		&ledger->appliance->catalogue, input->platform))
		add(ledger, "platform", MISTAKE_PLATFORM_UNKNOWN,
		    input->platform, NULL);
	check_date(ledger, "warranty", input->warranty_ends);
	check_date(ledger, "contract", input->contract_ends);
}

static enum fault
save_device(struct ledger *ledger, struct center_device_row *row,
    const struct center_device_input *input)
{
	enum fault fault;

	check_device(ledger, input);
	if ((fault = take_owner(row, ledger, input)) || has_mistakes(ledger))
		return fault;
	take_text(&row->serial, input->serial);
	take_text(&row->platform, input->platform);
	take_text(&row->warranty_ends, input->warranty_ends);
	take_text(&row->contract_ends, input->contract_ends);
	row->row_version++;
	if ((fault = store_center_device_save(ledger->store, row)))
		return fault;
	return ledger_act_event(ledger, EVENT_DEVICE_SAVED, row->hardware_id,
	    *row->customer_name ? row->customer_name : "nobody",
	    *row->serial ? row->serial : "not known",
	    *row->contract_ends ? row->contract_ends : "none", NULL);
}

enum fault
ledger_center_device_add(
    struct ledger *ledger, const struct center_device_input *input)
{
	struct center_device_row row;
	enum fault fault;

	assert(ledger && input && input->hardware_id);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	if (!hardware_id_is_valid(input->hardware_id))
		add(ledger, "hwid", MISTAKE_ISSUE_HARDWARE, NULL, NULL);
	fault = store_center_device_load(
	    &row, ledger->arena, ledger->store, input->hardware_id);
	if (!fault)
		add(ledger, "hwid", MISTAKE_DEVICE_THERE, input->hardware_id,
		    NULL);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	row.hardware_id = input->hardware_id;
	row.made_at = ledger->now;
	return save_device(ledger, &row, input);
}

enum fault
ledger_center_device_set(
    struct ledger *ledger, const struct center_device_input *input)
{
	struct center_device_row row;
	enum fault fault;

	assert(ledger && input && input->hardware_id);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	fault = store_center_device_load(
	    &row, ledger->arena, ledger->store, input->hardware_id);
	if (fault == FAULT_NOT_FOUND)
		add(ledger, "hwid", MISTAKE_DEVICE_UNKNOWN,
		    input->hardware_id, NULL);
	else if (fault)
		return fault;
	else if (input->row_version && input->row_version != row.row_version)
		add(ledger, "", MISTAKE_EDIT_CONFLICT, NULL, NULL);
	return has_mistakes(ledger) ? FAULT_NONE
				    : save_device(ledger, &row, input);
}

/* ---- authentication codes ---- */

/* As the key will be issued one day: what would be refused then is refused now. */
static void
check_entitlements(struct ledger *ledger,
    const struct center_entitlement_input *entitlements, size_t count)
{
	char most[32];

	if (count == 0)
		add(ledger, "sku", MISTAKE_AUTHCODE_EMPTY, NULL, NULL);
	text_format_thousands(most, LEDGER_CENTER_ENTITLEMENTS_MAX);
	if (count > LEDGER_CENTER_ENTITLEMENTS_MAX)
		add(ledger, "sku", MISTAKE_AUTHCODE_FULL, most, NULL);
	for (size_t i = 0; i < count && !has_mistakes(ledger); i++) {
		const struct issue_input wish = {
			.hardware_id = NULL,
			.sku = entitlements[i].sku,
			.start_date = entitlements[i].start_date,
			.end_date = entitlements[i].end_date,
			.org = "",
		};

		ledger_issue_check(ledger, &wish);
	}
}

static enum fault
insert_code(struct center_authcode_row *row, struct ledger *ledger,
    const char *code)
{
	uint8_t digest[DIGEST_BYTES];
	enum fault fault = authcode_digest(digest, code);

	return fault
	    ? fault
	    : store_center_authcode_insert(ledger->store, row, digest);
}

static enum fault
insert_entitlements(struct ledger *ledger, int64_t authcode,
    const struct center_entitlement_input *entitlements, size_t count)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; !fault && i < count; i++) {
		const struct center_entitlement_row row = {
			.authcode = authcode,
			.sku = ledger_issue_sku(
			    ledger->arena, entitlements[i].sku),
			.start_date = entitlements[i].start_date,
			.end_date = entitlements[i].end_date,
		};

		fault = store_center_entitlement_insert(ledger->store, &row);
	}
	return fault;
}

enum fault
ledger_center_authcode_make(char out[AUTHCODE_SIZE], struct ledger *ledger,
    const char *customer, const struct center_entitlement_input *entitlements,
    size_t count)
{
	struct center_customer_row owner;
	struct center_authcode_row row = { .made_at = ledger->now,
		.made_by = ledger->actor.name };
	char tail[AUTHCODE_TAIL_SIZE];
	enum fault fault;

	assert(out && customer && (entitlements || !count));
	out[0] = '\0';
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	if ((fault = ledger_center_customer_find(
		 &owner, ledger, "customer", customer)))
		return fault;
	check_entitlements(ledger, entitlements, count);
	if (has_mistakes(ledger))
		return FAULT_NONE;
	if ((fault = authcode_make(out)))
		return fault;
	authcode_tail(tail, out);
	row.tail = tail;
	row.customer = owner.id;
	if ((fault = insert_code(&row, ledger, out)) ||
	    (fault = insert_entitlements(ledger, row.id, entitlements, count)))
		return fault;
	return ledger_act_event(ledger, EVENT_AUTHCODE_MADE, owner.name,
	    arena_text(ledger->arena, tail),
	    ledger_act_units(ledger, (int64_t)count), NULL, NULL);
}

enum fault
ledger_center_authcode_revoke(struct ledger *ledger, int64_t id)
{
	struct center_authcode_row row;
	enum fault fault;

	assert(ledger);
	if (!ledger_act_issues(ledger))
		return FAULT_NONE;
	fault = store_center_authcode_load(
	    &row, ledger->arena, ledger->store, id);
	if (fault == FAULT_NOT_FOUND)
		add(ledger, "code", MISTAKE_AUTHCODE_NONE,
		    arena_format(ledger->arena, "%" PRId64, id), NULL);
	else if (fault)
		return fault;
	else if (row.used_at)
		add(ledger, "code", MISTAKE_AUTHCODE_USED, row.tail,
		    row.hardware_id);
	/* Revoked twice is revoked. */
	if (has_mistakes(ledger) || row.revoked_at)
		return FAULT_NONE;
	row.revoked_at = ledger->now;
	if ((fault = store_center_authcode_mark(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_AUTHCODE_REVOKED,
	    row.customer_name, row.tail, NULL, NULL, NULL);
}
