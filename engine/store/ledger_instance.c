/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_instance.c: see ledger_instance.h. What forks, the rules say.
 */
#include "engine/store/ledger_instance.h"

#include "engine/rules/instance.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_instance.h"
#include <assert.h>

static enum fault
judge(enum instance_verdict *out, struct instance_row *row,
    struct ledger *ledger, const struct instance_beat *beat)
{
	struct instance_boot boot;
	enum fault fault = store_instance_load(
	    row, ledger->arena, ledger->store, beat->hardware_id, beat->boot);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	boot = (struct instance_boot){ .is_known = !fault,
		.sequence = row->sequence,
		.sent_at = row->sent_at,
		.superseded_at = row->superseded_at };
	*out = instance_judge(&boot, beat->sequence, beat->sent_at);
	return FAULT_NONE;
}

static enum fault
mark(int64_t *since, struct ledger *ledger, const struct instance_beat *beat)
{
	enum fault fault;

	if (*since)
		return FAULT_NONE;
	*since = ledger->now;
	if ((fault = store_instance_mark(
		 ledger->store, beat->hardware_id, ledger->now)))
		return fault;
	return ledger_act_event(ledger, EVENT_INSTANCE_DUPLICATE,
	    beat->hardware_id, beat->address, NULL, NULL, NULL);
}

enum fault
ledger_instance_note(bool *is_duplicate, struct ledger *ledger,
    const struct instance_beat *beat)
{
	enum instance_verdict verdict;
	struct instance_row row;
	int64_t since;
	enum fault fault;

	assert(is_duplicate && ledger && beat);
	assert(ledger->appliance->role == ROLE_CENTER);
	if ((fault = store_instance_duplicate(
		 &since, ledger->store, beat->hardware_id)) ||
	    (fault = judge(&verdict, &row, ledger, beat)))
		return fault;
	if (verdict == INSTANCE_FORKS &&
	    (fault = mark(&since, ledger, beat)))
		return fault;
	*is_duplicate = since != 0;
	if (verdict == INSTANCE_LATE)
		return FAULT_NONE;
	row.hardware_id = beat->hardware_id;
	row.instance = beat->instance;
	row.boot = beat->boot;
	row.address = beat->address;
	row.sequence = beat->sequence;
	row.sent_at = beat->sent_at;
	row.last_at = ledger->now;
	return store_instance_save(ledger->store, &row);
}

enum fault
ledger_instance_revoked(const char ***out, size_t *count,
    struct ledger *ledger, const char *hardware_id)
{
	assert(out && count && ledger && hardware_id);
	return store_instance_revoked(
	    out, count, ledger->arena, ledger->store, hardware_id);
}

enum fault
ledger_instance_clear(struct ledger *ledger, const char *hardware_id)
{
	int64_t since;
	enum fault fault;

	assert(ledger && hardware_id);
	if ((fault = store_instance_duplicate(
		 &since, ledger->store, hardware_id)))
		return fault;
	if (!since) {
		mistake_add(&ledger->mistakes, "hwid",
		    MISTAKE_INSTANCE_ALONE, hardware_id, NULL);
		return FAULT_NONE;
	}
	if ((fault = store_instance_mark(ledger->store, hardware_id, 0)))
		return fault;
	return ledger_act_event(ledger, EVENT_INSTANCE_CLEARED, hardware_id,
	    NULL, NULL, NULL, NULL);
}
