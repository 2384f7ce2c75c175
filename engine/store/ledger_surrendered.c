/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_surrendered.c: licenses of clients that count here, when issuers lose
 * their trust, when somebody installs one, and when its client goes.
 */
#include "engine/store/ledger_surrendered.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/license_claim.h"
#include "engine/store/store_revocation.h"
#include "engine/store/store_surrendered.h"
#include <assert.h>
#include <string.h>

/* Does the row say what its key says, of that device? What platform the client is configured as is no matter of the key. */
static bool
is_right(const struct surrendered_row *row, const struct license_claim *claim)
{
	return claim->refusal == MISTAKE__COUNT && claim->sku.feature &&
	    strcmp(claim->issuer, row->issuer) == 0 &&
	    strcmp(claim->serial, row->serial) == 0 &&
	    strcmp(claim->sku.feature->name, row->feature) == 0 &&
	    claim->sku.units == row->units &&
	    !license_claim_has_term(&claim->sku);
}

static enum fault
verify(struct ledger *ledger, const struct surrendered_row *row)
{
	const struct license_device device = {
		.hardware_id = row->hardware_id,
		.platform = "",
		.role = ROLE_CLIENT,
	};
	struct license_claim claim;
	enum fault fault;
	bool is_good, is_revoked;

	if ((fault = license_claim_read_for(&claim, ledger->arena,
		 ledger->appliance, &device, row->statement)))
		return fault;
	if ((fault = store_revocation_has(
		 &is_revoked, ledger->store, row->issuer, row->serial)))
		return fault;
	is_good = is_right(row, &claim) && !is_revoked;
	if (is_good == (row->distrusted_at == 0))
		return FAULT_NONE;
	if ((fault = store_surrendered_distrust(
		 ledger->store, row->id, is_good ? 0 : ledger->now)) ||
	    (fault = ledger_act_event(ledger,
		 is_good ? EVENT_LICENSE_BELIEVED : EVENT_LICENSE_DISTRUSTED,
		 row->serial, row->sku, row->serial, NULL, NULL)))
		return fault;
	return ledger_watch_pools_changed(ledger, row->feature);
}

enum fault
ledger_surrendered_verify(struct ledger *ledger)
{
	struct surrendered_row *rows;
	enum fault fault;
	size_t count;

	assert(ledger);
	if ((fault = store_surrendered_list(
		 &rows, &count, ledger->arena, ledger->store, 0)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = verify(ledger, &rows[i])))
			return fault;
	return FAULT_NONE;
}

enum fault
ledger_surrendered_holder(const char **client, struct ledger *ledger,
    const char *issuer, const char *serial)
{
	struct surrendered_row row;
	enum fault fault;

	assert(client && ledger && issuer && serial);
	*client = NULL;
	fault = store_surrendered_load(
	    &row, ledger->arena, ledger->store, issuer, serial);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (row.state != SURRENDER_ROW_RETURNED)
		*client = row.client_name;
	return FAULT_NONE;
}

/* "L-1 CONSEC-ADD-50U, L-2 …" */
static const char *
name_all(struct arena *arena, const struct surrendered_row *rows, size_t count)
{
	const char *text = "";

	for (size_t i = 0; text && i < count; i++)
		text = arena_format(arena, "%s%s%s %s", text,
		    i == 0 ? "" : ", ", rows[i].serial, rows[i].sku);
	return text;
}

enum fault
ledger_surrendered_part(struct ledger *ledger, const struct client_row *client,
    const char *kept, enum mistake_kind kind)
{
	struct surrendered_row *rows;
	const char *names;
	enum fault fault;
	size_t count;

	assert(ledger && client && client->id > 0);
	if ((fault = store_surrendered_list(
		 &rows, &count, ledger->arena, ledger->store, client->id)) ||
	    count == 0)
		return fault;
	for (size_t i = 0; kept && i < count; i++)
		if ((fault = ledger_act_event(ledger, EVENT_SURRENDER_SERVER,
			 client->name, rows[i].serial, rows[i].sku, kept,
			 NULL)))
			return fault;
	if (kept)
		return FAULT_NONE;
	if (!(names = name_all(ledger->arena, rows, count)))
		return FAULT_MEMORY;
	mistake_add(&ledger->mistakes, "", kind, client->name, names);
	return FAULT_NONE;
}
