/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_beat.c: see center_beat.h.
 */
#include "engine/peer/center_beat.h"

#include "engine/base/clock.h"
#include "engine/peer/center_ask.h"
#include "engine/store/ledger_heartbeat.h"
#include "engine/store/ledger_revocation.h"
#include <assert.h>

static enum fault
begin(struct ledger *ledger, struct arena *arena,
    const struct center_beat *beat)
{
	static const struct actor actor = { "System", "" };

	ledger_init(ledger, beat->store, beat->appliance, arena, &actor,
	    clock_now());
	return ledger_begin(ledger);
}

static enum fault
prepare(struct heartbeat_row *row, struct arena *arena,
    const struct center_beat *beat)
{
	struct ledger ledger;
	enum fault fault = begin(&ledger, arena, beat);

	return fault ? fault
		     : ledger_end(&ledger,
			   ledger_heartbeat_prepare(row, &ledger));
}

static enum fault
note(struct arena *arena, const struct center_beat *beat,
    const struct center_answer *answer)
{
	struct ledger ledger;
	bool is_taken;
	enum fault fault = begin(&ledger, arena, beat);

	if (fault)
		return fault;
	if (answer->text)
		fault = ledger_heartbeat_failed(&ledger, answer->text);
	else
		fault = ledger_heartbeat_accepted(
		    &ledger, answer->is_duplicate);
	if (!fault && answer->revocations)
		fault = ledger_revocation_take(
		    &is_taken, &ledger, answer->revocations);
	return ledger_end(&ledger, fault);
}

static enum fault
send(struct center_answer *answer, struct arena *arena,
    const struct center_ask *ask, const struct center_beat *beat)
{
	struct heartbeat_row row;
	enum fault fault = prepare(&row, arena, beat);
	const struct center_heartbeat wire = { row.instance, beat->boot,
		row.sequence };

	return fault ? fault
		     : center_ask_heartbeat(answer, arena, ask, &wire);
}

enum fault
center_beat_send(const char **failure, struct arena *arena,
    const struct center_beat *beat)
{
	struct center_answer answer;
	struct center_ask ask;
	enum fault fault;

	assert(failure && arena && beat->boot);
	*failure = NULL;
	fault = center_ask_open(
	    &ask, arena, beat->appliance, beat->store, beat->stop);
	if (!fault && !(fault = send(&answer, arena, &ask, beat)) &&
	    !(fault = note(arena, beat, &answer)))
		*failure = answer.text;
	center_ask_close(&ask);
	return fault;
}
