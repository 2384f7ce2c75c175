/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_reclaim.c: takes back what ran out. Nothing depends on its being
 * done in time: a part that ran out counts nowhere from that instant on. It
 * tells of it, once, and tidies up.
 */
#include "engine/store/ledger_reclaim.h"

#include "engine/store/ledger_act.h"
#include "engine/store/store_client_edit.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_other_device.h"
#include <assert.h>
#include <string.h>

/* Clients dealt with at a time, so that no sync waits long for this. */
#define CLIENTS_AT_ONCE 2000

/* What of one feature's lease just ran out, and what of it still runs. */
struct lapse {
	int64_t reserved, quanta;
	int64_t running;
};

static void
add_row(struct lapse *lapse, const struct lease_row *row, bool is_over)
{
	int64_t units = instant_units_times(row->part.size, row->part.count);

	if (row->last != STORE_LEASE_LIVE)
		return;
	if (!is_over)
		lapse->running += units;
	else if (row->part.kind == LEASE_PART_RESERVED)
		lapse->reserved += units;
	else
		lapse->quanta += units;
}

static enum fault
tell(struct ledger *ledger, const char *client, const char *feature,
    const struct lapse *lapse)
{
	enum fault fault = FAULT_NONE;

	if (lapse->reserved == 0 && lapse->quanta == 0)
		return FAULT_NONE;
	if (lapse->running == 0)
		return ledger_act_event(ledger, EVENT_LEASES_LAPSED, client,
		    feature, NULL, NULL, NULL);
	if (lapse->quanta > 0)
		fault = ledger_act_event(ledger, EVENT_QUANTA_LAPSED, client,
		    feature, ledger_act_units(ledger, lapse->quanta), NULL,
		    NULL);
	if (!fault && lapse->reserved > 0)
		fault = ledger_act_event(ledger, EVENT_RESERVED_LAPSED, client,
		    feature, ledger_act_units(ledger, lapse->reserved), NULL,
		    NULL);
	return fault;
}

/* Events of all features, the rows of which stand together. */
static enum fault
tell_all(struct ledger *ledger, const struct client_row *client,
    const struct lease_row *rows, size_t count)
{
	bool is_expired = client->expires <= ledger->now;
	struct lapse lapse = { 0 };
	enum fault fault;

	for (size_t i = 0; i < count; i++) {
		add_row(&lapse, &rows[i],
		    is_expired || rows[i].part.expires <= ledger->now);
		if (i + 1 < count &&
		    strcmp(rows[i].feature, rows[i + 1].feature) == 0)
			continue;
		if ((fault = tell(
			 ledger, client->name, rows[i].feature, &lapse)))
			return fault;
		lapse = (struct lapse){ 0 };
	}
	return FAULT_NONE;
}

enum fault
ledger_reclaim_client(struct ledger *ledger, const struct client_row *client)
{
	struct lease_row *rows;
	enum fault fault;
	size_t count;

	assert(ledger && client && client->id > 0);
	if ((fault = store_lease_list(
		 &rows, &count, ledger->arena, ledger->store, client->id)))
		return fault;
	if ((fault = tell_all(ledger, client, rows, count)))
		return fault;
	/* With the configuration the lease ends, but not what is on paper. */
	if (client->expires <= ledger->now &&
	    (fault = store_lease_close_all(
		 ledger->store, client->id, client->number)))
		return fault;
	return store_lease_delete_expired(
	    ledger->store, client->id, ledger->now);
}

static enum fault
reclaim_id(struct ledger *ledger, int64_t id)
{
	struct client_row client;
	enum fault fault;

	if ((fault = store_client_load_id(
		 &client, ledger->arena, ledger->store, id)))
		return fault;
	return ledger_reclaim_client(ledger, &client);
}

static enum fault
reclaim_leases(struct ledger *ledger)
{
	int64_t *ids;
	enum fault fault;
	size_t count;

	if ((fault = store_lease_expired_clients(&ids, &count, ledger->arena,
		 ledger->store, CLIENTS_AT_ONCE, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = reclaim_id(ledger, ids[i])))
			return fault;
	return FAULT_NONE;
}

static enum fault
end_configuration(struct ledger *ledger, int64_t id)
{
	struct client_row client;
	enum fault fault;

	if ((fault = store_client_load_id(
		 &client, ledger->arena, ledger->store, id)))
		return fault;
	if ((fault = ledger_act_event(ledger, EVENT_CLIENT_EXPIRED, client.name,
		 NULL, NULL, NULL, NULL)))
		return fault;
	if ((fault = store_client_edit_announce(ledger->store, id)))
		return fault;
	return ledger_reclaim_client(ledger, &client);
}

static enum fault
end_configurations(struct ledger *ledger)
{
	int64_t *ids;
	enum fault fault;
	size_t count;

	if ((fault = store_client_edit_expired(&ids, &count, ledger->arena,
		 ledger->store, CLIENTS_AT_ONCE, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = end_configuration(ledger, ids[i])))
			return fault;
	return FAULT_NONE;
}

enum fault
ledger_reclaim(struct ledger *ledger)
{
	enum fault fault;

	assert(ledger);
	if (!appliance_lends(ledger->appliance))
		return FAULT_NONE;
	if ((fault = end_configurations(ledger)))
		return fault;
	if ((fault = reclaim_leases(ledger)))
		return fault;
	if ((fault = store_contact_answer_prune_silent(
		 ledger->store, ledger->now)))
		return fault;
	if ((fault = store_other_device_prune(ledger->store, ledger->now)))
		return fault;
	return store_client_edit_purge(ledger->store);
}
