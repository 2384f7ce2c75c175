/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_recovery.c: whether a restored license server still has to hear of
 * its clients, and the end of that.
 */
#include "engine/store/ledger_recovery.h"

#include "engine/rules/recovery.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_contact.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_recovery.h"
#include "engine/store/store_surrendered.h"
#include <assert.h>

#define ALL_REPORTED "every client has reported"
#define TIME_IS_OVER "240 hours have passed"

static enum fault
is_on(bool *out, struct recovery_row *row, struct ledger *ledger,
    const char *feature)
{
	enum fault fault;
	int64_t silent;

	*out = false;
	if ((fault = store_recovery_load(row, ledger->store)) ||
	    row->recovering_at == 0)
		return fault;
	if ((fault = store_recovery_silent(
		 &silent, ledger->store, row, feature, 0, ledger->now)))
		return fault;
	*out = recovery_is_on(row->recovering_at, silent, ledger->now);
	return FAULT_NONE;
}

enum fault
ledger_recovery_is_on(
    bool *out, int64_t *since, struct ledger *ledger, const char *feature)
{
	struct recovery_row row;
	enum fault fault;

	assert(out && since && ledger);
	fault = is_on(out, &row, ledger, feature);
	*since = row.recovering_at;
	return fault;
}

enum fault
ledger_recovery_sweep(struct ledger *ledger)
{
	struct recovery_row row;
	enum fault fault;
	bool goes_on, is_late;

	assert(ledger);
	if ((fault = is_on(&goes_on, &row, ledger, NULL)) ||
	    row.recovering_at == 0 || goes_on)
		return fault;
	if ((fault = store_recovery_end(ledger->store)) ||
	    (fault = store_surrendered_unheard(ledger->store)) ||
	    (fault = ledger_watch_pools_all(ledger)))
		return fault;
	is_late = ledger->now >=
	    instant_add(row.recovering_at, RECOVERY_LIMIT_SECONDS);
	return ledger_act_event(ledger, EVENT_RECOVERED, "",
	    is_late ? TIME_IS_OVER : ALL_REPORTED, NULL, NULL, NULL);
}

enum fault
ledger_recovery_has_reported(
    bool *out, struct ledger *ledger, const struct client_row *client)
{
	struct recovery_row row;
	struct contact_row contact;
	enum fault fault;

	assert(out && ledger && client);
	*out = true;
	if ((fault = store_recovery_load(&row, ledger->store)) ||
	    row.recovering_at == 0)
		return fault;
	if ((fault = store_contact_load(
		 &contact, ledger->arena, ledger->store, client->id)))
		return fault;
	*out = contact.epoch >= row.epoch || client->made_at > row.epoch_at ||
	    !recovery_is_on(row.recovering_at, 1, ledger->now);
	return FAULT_NONE;
}

enum fault
ledger_recovery_marks(struct recovery_marks *out, struct store *store)
{
	assert(out && store);
	return store_recovery_marks(&out->epoch, &out->clock_mark, store);
}

enum fault
ledger_recovery_restore(
    struct ledger *ledger, const struct recovery_marks *replaced)
{
	enum fault fault;

	assert(ledger && replaced);
	if ((fault = store_recovery_raise(
		 ledger->store, replaced->epoch, replaced->clock_mark)) ||
	    (fault = ledger_watch_clock(ledger)))
		return fault;
	return ledger_watch_restored(ledger);
}
