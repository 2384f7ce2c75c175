/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_transfer_audit.c: see ledger_transfer_audit.h. What is a finding,
 * transfer_audit.c says.
 */
#include "engine/store/ledger_transfer_audit.h"

#include "engine/store/ledger_act.h"
#include "engine/store/transfer_audit.h"
#include <assert.h>

static enum fault
record(struct ledger *ledger, const struct transfer_row *row, const char *text)
{
	const struct transfer_step_row step = { ledger->now,
		ledger->actor.name, TRANSFER_AUDIT_FINDING, text };
	enum fault fault;
	bool is_new;

	if (!text)
		return FAULT_MEMORY;
	fault = store_transfer_step_once(
	    &is_new, ledger->store, row->id, &step);
	return fault || !is_new
	    ? fault
	    : ledger_act_event(ledger, EVENT_TRANSFER_FINDING,
		  row->case_number, text, NULL, NULL, NULL);
}

static enum fault
look_at(struct ledger *ledger, const struct transfer_row *row)
{
	const char *found[TRANSFER_AUDIT_FINDINGS];
	size_t count = transfer_audit_findings(
	    found, ledger->arena, row, ledger->now);
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; !fault && i < count; i++)
		fault = record(ledger, row, found[i]);
	return fault;
}

enum fault
ledger_transfer_audit_minute(struct ledger *ledger)
{
	struct transfer_row *rows;
	size_t count;
	enum fault fault;

	assert(ledger);
	if (ledger->appliance->role != ROLE_CENTER)
		return FAULT_NONE;
	fault = store_transfer_open(
	    &rows, &count, ledger->arena, ledger->store);
	for (size_t i = 0; !fault && i < count; i++)
		fault = look_at(ledger, &rows[i]);
	return fault;
}

enum fault
ledger_transfer_audit_contact(struct ledger *ledger, int64_t device)
{
	struct transfer_row row;
	enum fault fault;

	assert(ledger && device > 0);
	fault = store_transfer_from(
	    &row, ledger->arena, ledger->store, device);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return look_at(ledger, &row);
}
