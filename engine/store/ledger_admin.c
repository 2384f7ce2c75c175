/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_admin.c: administrators come, change their password, are let in
 * again. Sees hashes only.
 */
#include "engine/store/ledger.h"
#include "engine/store/store_guess.h"

#include "engine/store/ledger_act.h"
#include <assert.h>
#include <string.h>

#define NAME_BYTES_MAX 64

static bool
is_admin_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";
	size_t length = strlen(name);

	return length >= 1 && length <= NAME_BYTES_MAX &&
	    strspn(name, letters) == length;
}

/* The administrator of that name, or a mistake and *found false. */
static enum fault
find_admin(
    bool *found, struct admin_row *out, struct ledger *ledger, const char *name)
{
	enum fault fault;

	fault = store_admin_load(out, ledger->arena, ledger->store, name);
	*found = fault == FAULT_NONE;
	if (fault != FAULT_NOT_FOUND)
		return fault;
	mistake_add(
	    &ledger->mistakes, "name", MISTAKE_ADMIN_UNKNOWN, name, NULL);
	return FAULT_NONE;
}

/* Adds the mistake, if there is one. */
static enum fault
check_new_name(struct ledger *ledger, const char *name)
{
	struct admin_row row;
	enum fault fault;

	if (!is_admin_name(name)) {
		mistake_add(
		    &ledger->mistakes, "name", MISTAKE_ADMIN_NAME, NULL, NULL);
		return FAULT_NONE;
	}
	fault = store_admin_load(&row, ledger->arena, ledger->store, name);
	if (fault == FAULT_NONE)
		mistake_add(&ledger->mistakes, "name", MISTAKE_ADMIN_IN_USE,
		    name, NULL);
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault
ledger_admin_add(struct ledger *ledger, const char *name,
    const char *password_hash, enum admin_role role)
{
	struct admin_row row = { .name = name, .role = role };
	enum fault fault;

	assert(ledger && name && password_hash && *password_hash);
	fault = check_new_name(ledger, name);
	if (fault || ledger->mistakes.count)
		return fault;
	row.password_hash = password_hash;
	row.made_at = ledger->now;
	if ((fault = store_admin_insert(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_ADMIN_ADDED, name,
	    store_admin_role_word(role), NULL, NULL, NULL);
}

enum fault
ledger_admin_password(
    struct ledger *ledger, const char *name, const char *password_hash)
{
	struct admin_row row;
	enum fault fault;
	bool found;

	assert(ledger && name && password_hash && *password_hash);
	if ((fault = find_admin(&found, &row, ledger, name)) || !found)
		return fault;
	/* Whoever is signed in with the old password is not any more. */
	if ((fault = store_admin_hash_save(
		 ledger->store, row.id, password_hash)) ||
	    (fault = store_admin_failures_save(ledger->store, row.id, 0, 0)) ||
	    (fault = store_sign_in_delete_all(ledger->store, row.id)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_ADMIN_PASSWORD, name, NULL, NULL, NULL, NULL);
}

enum fault
ledger_admin_unlock(struct ledger *ledger, const char *name)
{
	struct admin_row row;
	enum fault fault;
	bool found;

	assert(ledger && name);
	if ((fault = find_admin(&found, &row, ledger, name)) || !found)
		return fault;
	if ((fault = store_admin_failures_save(ledger->store, row.id, 0, 0)) ||
	    (fault = store_guess_clear_name(ledger->store, row.name)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_ADMIN_UNLOCKED, name, NULL, NULL, NULL, NULL);
}
