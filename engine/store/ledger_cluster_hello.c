/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_cluster_hello.c: what was heard of the other nodes, and since when
 * one is lost. By the license server's clock as this client knows it, which no
 * setting of the local clock moves (rules.md 9.2).
 */
#include "engine/store/ledger_cluster.h"

#include "engine/store/ledger_act.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

static enum fault
tell_back(struct ledger *ledger, const struct cluster_node_row *row)
{
	return ledger_act_event(
	    ledger, EVENT_NODE_BACK, row->client_name, NULL, NULL, NULL, NULL);
}

enum fault
ledger_cluster_hello_heard(struct ledger *ledger, const char *client_name,
    const struct cluster_node_units *units, size_t count, int64_t server_now)
{
	struct cluster_node_row row;
	enum fault fault;

	assert(ledger && client_name && (units || count == 0));
	if ((fault = store_cluster_node_load(
		 &row, ledger->arena, ledger->store, client_name)))
		return fault;
	if (row.lost_at && (fault = tell_back(ledger, &row)))
		return fault;
	row.lost_at = 0;
	row.failure_text = "";
	if (server_now != INSTANT_NEVER)
		row.seen_at = server_now;
	if ((fault = store_cluster_node_save(ledger->store, &row)))
		return fault;
	return store_cluster_node_units_save(
	    ledger->store, client_name, units, count);
}

static enum fault
note_pin(struct ledger *ledger, struct cluster_node_row *row, const char *pin)
{
	bool is_changed = *row->pin && strcmp(row->pin, pin) != 0;

	if (strcmp(row->seen_pin, pin) == 0 || strcmp(row->pin, pin) == 0)
		return FAULT_NONE;
	row->seen_pin = pin;
	return is_changed ? ledger_act_event(ledger, EVENT_NODE_PIN_CHANGED,
				row->client_name, pin, NULL, NULL, NULL)
			  : FAULT_NONE;
}

enum fault
ledger_cluster_hello_unreached(struct ledger *ledger, const char *client_name,
    const char *text, const char *seen_pin)
{
	struct cluster_node_row row;
	enum fault fault;

	assert(ledger && client_name && text && *text);
	if ((fault = store_cluster_node_load(
		 &row, ledger->arena, ledger->store, client_name)))
		return fault;
	if (seen_pin && *seen_pin && (fault = note_pin(ledger, &row, seen_pin)))
		return fault;
	row.failure_text = text;
	return store_cluster_node_save(ledger->store, &row);
}

/* The ten days begin when it had been silent for too long, not when somebody looked: an appliance that was off gains no time. */
static enum fault
lose(struct ledger *ledger, struct cluster_node_row *row, int64_t lost_at)
{
	const char *until = ledger_act_instant(
	    ledger, instant_add(lost_at, CLUSTER_SURVIVOR_SECONDS));
	enum fault fault;

	row->lost_at = lost_at;
	if (!until)
		return FAULT_MEMORY;
	if ((fault = store_cluster_node_save(ledger->store, row)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_NODE_LOST, row->client_name, until, NULL, NULL, NULL);
}

enum fault
ledger_cluster_hello_watch(struct ledger *ledger, int64_t server_now)
{
	struct cluster_node_row *rows;
	enum fault fault;
	int64_t interval, lost_at;
	size_t count;

	assert(ledger);
	if (server_now == INSTANT_NEVER)
		return FAULT_NONE;
	if ((fault = store_setting_load(
		 &interval, ledger->store, SETTING_HELLO_INTERVAL)) ||
	    (fault = store_cluster_node_list(
		 &rows, &count, ledger->arena, ledger->store)))
		return fault;
	for (size_t i = 0; i < count && !fault; i++) {
		lost_at = instant_add(
		    rows[i].seen_at, LEDGER_CLUSTER_HELLOS_LOST * interval);
		if (rows[i].seen_at > 0 && !rows[i].lost_at &&
		    server_now >= lost_at)
			fault = lose(ledger, &rows[i], lost_at);
	}
	return fault;
}
