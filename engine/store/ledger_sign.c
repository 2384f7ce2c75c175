/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sign.c: signing in and out of the console, after the password was
 * looked at. Decides nothing about waiting times: that is the gate's matter.
 */
#include "engine/store/ledger.h"

#include "engine/base/text.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_guess.h"
#include <assert.h>

/* What a stranger typed as a name is cut before it is kept for ever. */
#define NAME_SIZE 65

enum fault
ledger_sign_in(struct ledger *ledger, int64_t admin,
    const uint8_t digest[DIGEST_BYTES], const char *csrf)
{
	struct store *store;
	struct admin_row row;
	enum fault fault;

	assert(ledger && digest && csrf && *csrf);
	store = ledger->store;
	if ((fault = store_admin_load_id(&row, ledger->arena, store, admin)) ||
	    (fault = store_sign_in_sweep(store, ledger->now)) ||
	    (fault = store_sign_in_insert(store, admin, digest, csrf,
		 ledger->actor.address, ledger->now)) ||
	    (fault = store_admin_signed_in(
		 store, admin, ledger->actor.address, ledger->now)) ||
	    (fault = store_guess_clear(
		 store, row.name, ledger->actor.address)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_SIGNED_IN, row.name, NULL, NULL, NULL, NULL);
}

static enum fault
note_guess(struct ledger *ledger, const char *name, enum event_kind kind)
{
	char shown[NAME_SIZE];
	struct admin_row row;
	enum fault fault;

	assert(ledger && name);
	fault = store_admin_load(&row, ledger->arena, ledger->store, name);
	if (fault == FAULT_NONE)
		fault = store_admin_failures_save(ledger->store, row.id,
		    row.failures < INT64_MAX ? row.failures + 1 : row.failures,
		    ledger->now);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	(void)text_copy(shown, sizeof(shown), name);
	if ((fault = store_guess_add(ledger->store, shown,
		 ledger->actor.address, ledger->now)) ||
	    (fault = store_guess_add(ledger->store, "",
		 ledger->actor.address, ledger->now)))
		return fault;
	return ledger_act_event(ledger, kind, shown, NULL, NULL, NULL, NULL);
}

enum fault
ledger_sign_in_failed(struct ledger *ledger, const char *name)
{
	return note_guess(ledger, name, EVENT_SIGN_IN_FAILED);
}

enum fault
ledger_sign_password_failed(struct ledger *ledger, const char *name)
{
	return note_guess(ledger, name, EVENT_PASSWORD_FAILED);
}

enum fault
ledger_sign_out(struct ledger *ledger, const uint8_t digest[DIGEST_BYTES])
{
	struct sign_in_row row;
	enum fault fault;

	assert(ledger && digest);
	fault = store_sign_in_load(
	    &row, ledger->arena, ledger->store, digest, ledger->now);
	/* It ended by itself meanwhile. */
	if (fault == FAULT_NOT_FOUND)
		return FAULT_NONE;
	if (fault || (fault = store_sign_in_delete(ledger->store, digest)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_SIGNED_OUT, row.admin.name, NULL, NULL, NULL, NULL);
}
