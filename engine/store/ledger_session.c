/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_session.c: a gateway's users come and go. Whether there is room for
 * one was decided by demand_admit() in the same transaction.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_session.h"
#include <assert.h>
#include <string.h>

#define USER_CHARACTERS_MAX    256
#define GATEWAY_CHARACTERS_MAX 64

static bool
may_be(const struct ledger *ledger, const char *name)
{
	const struct feature *feature = catalogue_feature(
	    &ledger->appliance->catalogue, name);

	return !*name || (feature && feature->kind == FEATURE_RDP);
}

static void
check(struct ledger *ledger, const struct session_row *row)
{
	if (!ledger_act_is_printable(row->user, USER_CHARACTERS_MAX))
		mistake_add(&ledger->mistakes, "user", MISTAKE_USER_INVALID,
		    NULL, NULL);
	if (!may_be(ledger, row->feature))
		mistake_add(&ledger->mistakes, "feature",
		    MISTAKE_FEATURE_UNKNOWN, row->feature, NULL);
	if (*row->gateway &&
	    !ledger_act_is_printable(row->gateway, GATEWAY_CHARACTERS_MAX))
		mistake_add(&ledger->mistakes, "gateway",
		    MISTAKE_GATEWAY_INVALID, NULL, NULL);
	if (row->timeout < 0 || row->timeout > LEDGER_SESSION_TIMEOUT_MAX)
		mistake_add(&ledger->mistakes, "timeout",
		    MISTAKE_TIMEOUT_INVALID, NULL, NULL);
}

enum fault
ledger_session_begin(struct ledger *ledger, const struct session_row *row)
{
	struct session_row saved;

	assert(ledger && row && row->id && *row->id && row->user);
	assert(row->feature && row->gateway);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	check(ledger, row);
	if (ledger->mistakes.count > 0)
		return FAULT_NONE;
	saved = *row;
	saved.began_at = saved.seen_at = ledger->now;
	return store_session_save(ledger->store, &saved);
}

enum fault
ledger_session_end(struct ledger *ledger, const char *id)
{
	assert(ledger && id);
	return store_session_delete(ledger->store, id);
}

enum fault
ledger_session_dismiss(struct ledger *ledger, const char *id)
{
	struct session_row row;
	enum fault fault;

	assert(ledger && id);
	if ((fault = store_session_load(
		 &row, ledger->arena, ledger->store, id)) ||
	    (fault = store_session_delete(ledger->store, id)))
		return fault;
	return ledger_act_event(ledger, EVENT_SESSION_DISMISSED, row.user, id,
	    *row.gateway ? row.gateway : "-", NULL, NULL);
}

enum fault
ledger_session_end_gateway(struct ledger *ledger, const char *gateway)
{
	assert(ledger && gateway && *gateway);
	return store_session_delete_gateway(ledger->store, gateway);
}

enum fault
ledger_session_timed_out(
    struct ledger *ledger, const struct session_row *row, int64_t timeout)
{
	const char *seconds;
	enum fault fault;

	assert(ledger && row && timeout > 0);
	if ((fault = store_session_delete(ledger->store, row->id)))
		return fault;
	if (!(seconds = ledger_act_units(ledger, timeout)))
		return FAULT_MEMORY;
	return ledger_act_event(ledger, EVENT_SESSION_TIMED_OUT, row->user,
	    row->id, *row->gateway ? row->gateway : "-", seconds, NULL);
}

enum fault
ledger_session_seen(
    struct ledger *ledger, const char *id, int64_t seen_at, int64_t over_at)
{
	assert(ledger && id);
	return store_session_seen(ledger->store, id, seen_at, over_at);
}

enum fault
ledger_session_refused(
    struct ledger *ledger, const char *user, const char *text)
{
	assert(ledger && user && text);
	return ledger_act_event_seldom(
	    ledger, EVENT_SESSION_REFUSED, user, text, text, NULL);
}
