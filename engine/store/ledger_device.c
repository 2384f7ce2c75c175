/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_device.c: the device of a license client is replaced by another one
 * (decision 0032). What the former one may still use is held as before; what
 * the new one gets is decided at its first sync.
 */
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/ledger_surrendered.h"

#include "engine/base/calendar.h"
#include "engine/base/hardware_id.h"
#include "engine/store/ledger_sync_cluster.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_allocation.h"
#include "engine/store/store_client_edit.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_former.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_other_device.h"
#include <assert.h>
#include <string.h>

#define FIELD_DEVICE "device"

/* One replacement. */
struct exchange {
	struct ledger *ledger;
	const struct device_input *input;
	struct client_row client; /* as it was */
	const char *hardware_id;  /* of the new device */
};

/* ---- is it one? ---- */

/* NULL when the arena is full. */
static const char *
tidy(struct arena *arena, const char *typed)
{
	char *text = arena_text(arena, typed ? typed : "");

	if (text)
		hardware_id_tidy(text);
	return text;
}

static void
add(struct exchange *exchange, const char *field, enum mistake_kind kind,
    const char *a)
{
	mistake_add(
	    &exchange->ledger->mistakes, field, kind, a, exchange->client.name);
}

static void
check_device(struct exchange *exchange)
{
	const char *bound = exchange->client.hardware_id;

	if (!*bound)
		add(exchange, "", MISTAKE_DEVICE_NONE, NULL);
	else if (!*exchange->hardware_id)
		add(exchange, FIELD_DEVICE, MISTAKE_DEVICE_MISSING, NULL);
	else if (!hardware_id_is_valid(exchange->hardware_id))
		add(exchange, FIELD_DEVICE, MISTAKE_ISSUE_HARDWARE, NULL);
	else if (strcmp(bound, exchange->hardware_id) == 0)
		add(exchange, FIELD_DEVICE, MISTAKE_DEVICE_BOUND, bound);
}

/* Of a restored server: what the device holds, nobody knows yet. */
static enum fault
check_reported(struct exchange *exchange)
{
	bool has;
	enum fault fault = ledger_recovery_has_reported(
	    &has, exchange->ledger, &exchange->client);

	if (!fault && !has)
		mistake_add(&exchange->ledger->mistakes, "",
		    MISTAKE_CLIENT_UNREPORTED, exchange->client.name, NULL);
	return fault;
}

static enum fault
check(struct exchange *exchange)
{
	struct ledger *ledger = exchange->ledger;
	const struct device_input *input = exchange->input;
	enum fault fault;

	if (input->row_version != 0 &&
	    input->row_version != exchange->client.row_version)
		add(exchange, "", MISTAKE_EDIT_CONFLICT, NULL);
	check_device(exchange);
	if ((fault = check_reported(exchange)) || ledger->mistakes.count > 0)
		return fault;
	return ledger_surrendered_part(ledger, &exchange->client,
	    input->keep_surrendered ? "kept, although its device was replaced"
				    : NULL,
	    MISTAKE_DEVICE_SURRENDERED);
}

/* ---- the former device keeps what it has ---- */

static enum fault
part_with(struct exchange *exchange)
{
	struct store *store = exchange->ledger->store;
	const struct client_row *client = &exchange->client;
	enum fault fault;
	int64_t former;

	if ((fault = store_lease_close_all(
		 store, client->id, client->number)) ||
	    (fault = store_contact_answer_delete_all(store, client->id)) ||
	    (fault = store_former_insert(
		 &former, store, client->id, exchange->ledger->now)))
		return fault;
	return store_former_move(store, client->id, former);
}

/* One that had the place before holds its own documents still, and no sum of two devices. */
static enum fault
take_back(struct exchange *exchange, struct contact_row *contact)
{
	struct ledger *ledger = exchange->ledger;
	struct contact_row held;
	int64_t former;
	enum fault fault = store_former_find(
	    &former, ledger->store, exchange->client.id, exchange->hardware_id);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_contact_load(
		 &held, ledger->arena, ledger->store, former)))
		return fault;
	contact->confirmed = held.confirmed;
	contact->epoch = held.epoch;
	contact->unproven = held.unproven;
	return store_former_move(ledger->store, former, exchange->client.id);
}

/* ---- the new one takes the place ---- */

/* The key by which it proved its hardware ID when it came as a second device; without, it shows one later. */
static enum fault
find_key(struct client_row *row, struct ledger *ledger)
{
	struct other_device_row *others;
	size_t count;
	enum fault fault = store_other_device_list(
	    &others, &count, ledger->arena, ledger->store, row->id);

	row->has_device_key = false;
	for (size_t i = 0; !fault && i < count; i++)
		if (others[i].has_device_key &&
		    strcmp(others[i].hardware_id, row->hardware_id) == 0) {
			row->has_device_key = true;
			memcpy(row->device_key, others[i].device_key,
			    sizeof(row->device_key));
		}
	return fault;
}

static enum fault
bind(struct exchange *exchange)
{
	struct ledger *ledger = exchange->ledger;
	struct client_row row = exchange->client;
	enum fault fault;

	row.hardware_id = exchange->hardware_id;
	row.changed_at = ledger->now;
	if ((fault = find_key(&row, ledger)) ||
	    (fault = store_former_bind(ledger->store, &row)))
		return fault;
	return store_other_device_drop(
	    ledger->store, row.id, exchange->hardware_id);
}

/* Its documents go on from the former one's number, so that none is taken for an older one. */
static enum fault
begin_anew(struct exchange *exchange)
{
	const struct client_row *client = &exchange->client;
	struct contact_row contact = {
		.address = "",
		.version = "",
		.member = "",
		.number = client->number,
	};
	enum fault fault;

	if ((fault = take_back(exchange, &contact)) ||
	    (fault = store_contact_save(
		 exchange->ledger->store, client->id, &contact)) ||
	    (fault = ledger_sync_cluster_leave(exchange->ledger, client)))
		return fault;
	return store_client_edit_cluster(
	    exchange->ledger->store, client->id, "");
}

static enum fault
settle_pools(struct exchange *exchange)
{
	struct ledger *ledger = exchange->ledger;
	struct allocation_row *counts;
	size_t count;
	enum fault fault = store_allocation_list(
	    &counts, &count, ledger->arena, ledger->store, exchange->client.id);

	for (size_t i = 0; !fault && i < count; i++)
		fault = ledger_watch_pools_changed(ledger, counts[i].feature);
	return fault;
}

/* "CONSEC 50 until 2025-03-11 00:00, …", "nothing" */
static const char *
tell_kept(struct ledger *ledger, const struct former_row *rows, size_t count,
    const char *hardware_id)
{
	const char *text = "";
	char until[CALENDAR_TEXT_MAX];

	for (size_t i = 0; text && i < count; i++) {
		if (strcmp(rows[i].hardware_id, hardware_id) != 0)
			continue;
		calendar_format(until, rows[i].until);
		text = arena_format(ledger->arena, "%s%s%s %s until %s", text,
		    *text ? ", " : "", ledger_act_units(ledger, rows[i].units),
		    rows[i].feature, until);
	}
	return text && !*text ? "nothing" : text;
}

static enum fault
tell(struct exchange *exchange)
{
	struct ledger *ledger = exchange->ledger;
	const struct client_row *client = &exchange->client;
	struct former_row *rows;
	const char *kept;
	size_t count;
	enum fault fault = store_former_list(&rows, &count, ledger->arena,
	    ledger->store, client->id, ledger->now);

	if (fault)
		return fault;
	if (!(kept = tell_kept(ledger, rows, count, client->hardware_id)))
		return FAULT_MEMORY;
	return ledger_act_event(ledger, EVENT_DEVICE_REPLACED, client->name,
	    exchange->hardware_id, client->hardware_id, kept, NULL);
}

enum fault
ledger_device_replace(
    struct ledger *ledger, int64_t id, const struct device_input *input)
{
	struct exchange exchange = { .ledger = ledger, .input = input };
	enum fault fault;

	assert(ledger && id > 0 && input);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	exchange.hardware_id = tidy(ledger->arena, input->hardware_id);
	if (!exchange.hardware_id)
		return FAULT_MEMORY;
	if ((fault = store_client_load_id(
		 &exchange.client, ledger->arena, ledger->store, id)))
		return fault;
	if (exchange.client.deleted_at != 0)
		return FAULT_NOT_FOUND;
	if ((fault = check(&exchange)) || ledger->mistakes.count > 0)
		return fault;
	if ((fault = part_with(&exchange)) || (fault = bind(&exchange)) ||
	    (fault = begin_anew(&exchange)) ||
	    (fault = settle_pools(&exchange)))
		return fault;
	return tell(&exchange);
}
