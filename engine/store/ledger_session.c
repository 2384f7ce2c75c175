/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_session.c: a gateway's users come and go. Whether there is room for
 * one was decided by demand_admit() in the same transaction.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_session.h"
#include <assert.h>
#include <string.h>

#define USER_CHARACTERS_MAX 256

enum fault
ledger_session_begin(struct ledger *ledger, const char *id, const char *user,
    const char *feature)
{
	struct session_row row = {
		.id = id, .user = user, .feature = feature ? feature : ""
	};

	assert(ledger && id && *id);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	if (!ledger_act_is_printable(user, USER_CHARACTERS_MAX))
		mistake_add(&ledger->mistakes, "user", MISTAKE_USER_INVALID,
		    NULL, NULL);
	if (*row.feature && strcmp(row.feature, STORE_SESSION_RDP) != 0)
		mistake_add(&ledger->mistakes, "feature",
		    MISTAKE_FEATURE_UNKNOWN, row.feature, NULL);
	if (ledger->mistakes.count > 0)
		return FAULT_NONE;
	row.began_at = ledger->now;
	return store_session_save(ledger->store, &row);
}

enum fault
ledger_session_end(struct ledger *ledger, const char *id)
{
	assert(ledger && id);
	return store_session_delete(ledger->store, id);
}

enum fault
ledger_session_refused(
    struct ledger *ledger, const char *user, const char *text)
{
	assert(ledger && user && text);
	return ledger_act_event_seldom(
	    ledger, EVENT_SESSION_REFUSED, user, text, text, NULL);
}
