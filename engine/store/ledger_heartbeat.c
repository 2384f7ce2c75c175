/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_heartbeat.c: see ledger_heartbeat.h. Sends nothing itself.
 */
#include "engine/store/ledger_heartbeat.h"

#include "engine/base/random.h"
#include "engine/rules/heartbeat.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_instance.h"
#include <assert.h>
#include <inttypes.h>

/* The row, made at the first call: from then on the countdown runs. */
static enum fault
load(struct heartbeat_row *out, struct ledger *ledger)
{
	char *word;
	enum fault fault = store_heartbeat_load(
	    out, ledger->arena, ledger->store);

	assert(ledger->appliance->role == ROLE_VIRTUAL_SERVER);
	if (fault != FAULT_NOT_FOUND)
		return fault;
	if (!(word = arena_alloc(ledger->arena, INSTANCE_WORD + 1)))
		return FAULT_MEMORY;
	if ((fault = random_hex(word, INSTANCE_WORD / 2)))
		return fault;
	out->instance = word;
	out->accepted_at = ledger->now;
	return FAULT_NONE;
}

enum fault
ledger_heartbeat_prepare(struct heartbeat_row *out, struct ledger *ledger)
{
	enum fault fault;

	assert(out && ledger);
	if ((fault = load(out, ledger)))
		return fault;
	out->sequence++;
	out->tried_at = ledger->now;
	return store_heartbeat_save(ledger->store, out);
}

static enum fault
tell_contact(struct ledger *ledger, struct heartbeat_row *row, const char *how)
{
	bool was_told = row->missed_told || row->stopped_told;

	row->accepted_at = ledger->now;
	row->run_seconds = 0;
	row->failure = "";
	row->missed_told = row->stopped_told = false;
	return was_told ? ledger_act_event(ledger, EVENT_HEARTBEAT_ACCEPTED,
			      how, NULL, NULL, NULL, NULL)
			: FAULT_NONE;
}

static enum fault
tell_duplicate(
    struct ledger *ledger, struct heartbeat_row *row, bool is_duplicate)
{
	if (is_duplicate == (row->duplicate_since != 0))
		return FAULT_NONE;
	row->duplicate_since = is_duplicate ? ledger->now : 0;
	return ledger_act_event(ledger,
	    is_duplicate ? EVENT_HEARTBEAT_DUPLICATE : EVENT_HEARTBEAT_ALONE,
	    ledger->appliance->hardware_id, NULL, NULL, NULL, NULL);
}

enum fault
ledger_heartbeat_accepted(struct ledger *ledger, bool is_duplicate)
{
	struct heartbeat_row row;
	enum fault fault;

	assert(ledger);
	if ((fault = load(&row, ledger)) ||
	    (fault = tell_contact(ledger, &row, "heartbeat")) ||
	    (fault = tell_duplicate(ledger, &row, is_duplicate)))
		return fault;
	return store_heartbeat_save(ledger->store, &row);
}

enum fault
ledger_heartbeat_failed(struct ledger *ledger, const char *text)
{
	struct heartbeat_row row;
	enum fault fault;

	assert(ledger && text);
	if ((fault = load(&row, ledger)))
		return fault;
	row.failure = text;
	return store_heartbeat_save(ledger->store, &row);
}

enum fault
ledger_heartbeat_revived(struct ledger *ledger)
{
	struct heartbeat_row row;
	enum fault fault;

	assert(ledger);
	if ((fault = load(&row, ledger)) ||
	    (fault = tell_contact(ledger, &row, "authentication code")))
		return fault;
	return store_heartbeat_save(ledger->store, &row);
}

static enum fault
tell_silence(struct ledger *ledger, struct heartbeat_row *row)
{
	int64_t since = store_heartbeat_silent_since(row, ledger->now);
	enum fault fault = FAULT_NONE;

	if (!row->missed_told && heartbeat_is_missed(since, ledger->now)) {
		row->missed_told = true;
		fault = ledger_act_event(ledger, EVENT_HEARTBEAT_MISSED,
		    arena_format(ledger->arena, "%" PRId64,
			heartbeat_days_left(since, ledger->now)),
		    row->failure, NULL, NULL, NULL);
	}
	if (!fault && !row->stopped_told &&
	    heartbeat_is_stopped(since, ledger->now)) {
		row->stopped_told = true;
		fault = ledger_act_event(ledger, EVENT_HEARTBEAT_STOPPED,
		    row->failure, NULL, NULL, NULL, NULL);
	}
	return fault;
}

enum fault
ledger_heartbeat_minute(struct ledger *ledger, int64_t seconds)
{
	struct heartbeat_row row;
	enum fault fault;

	assert(ledger && seconds >= 0);
	if ((fault = load(&row, ledger)))
		return fault;
	row.run_seconds = instant_add(row.run_seconds, seconds);
	if ((fault = tell_silence(ledger, &row)))
		return fault;
	return store_heartbeat_save(ledger->store, &row);
}
