/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_admin.c: administrators come, change their password, are let in
 * again. Sees hashes only.
 */
#include "engine/store/ledger.h"
#include "engine/store/ledger_center.h"
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

/* Partners' and customers' people belong to a customer, a partner's to a partner; all others to none. */
static enum fault
find_customer(struct center_customer_row *out, struct ledger *ledger,
    enum admin_role role, const char *customer)
{
	enum fault fault;

	*out = (struct center_customer_row){ .name = "" };
	if (store_admin_is_guest(role) != (*customer != '\0')) {
		mistake_add(&ledger->mistakes, "customer",
		    *customer ? MISTAKE_ADMIN_OF_HOUSE : MISTAKE_ADMIN_OF_WHOM,
		    store_admin_role_word(role), NULL);
		return FAULT_NONE;
	}
	if (!*customer)
		return FAULT_NONE;
	if ((fault = ledger_center_customer_find(
		 out, ledger, "customer", customer)))
		return fault;
	if (out->id && role == ADMIN_PARTNER && !out->is_partner)
		mistake_add(&ledger->mistakes, "customer",
		    MISTAKE_CUSTOMER_NO_PARTNER, out->name, NULL);
	return FAULT_NONE;
}

static void
check_role(struct ledger *ledger, enum admin_role role)
{
	if (!store_admin_role_fits(
		role, ledger->appliance->role == ROLE_CENTER))
		mistake_add(&ledger->mistakes, "role", MISTAKE_ADMIN_ROLE,
		    store_admin_role_word(role),
		    appliance_role_word(ledger->appliance->role));
}

enum fault
ledger_admin_add_for(struct ledger *ledger, const char *name,
    const char *password_hash, enum admin_role role, const char *customer)
{
	struct admin_row row = { .name = name, .role = role };
	struct center_customer_row owner;
	enum fault fault;

	assert(ledger && name && password_hash && *password_hash && customer);
	check_role(ledger, role);
	if ((fault = check_new_name(ledger, name)) ||
	    (fault = find_customer(&owner, ledger, role, customer)) ||
	    ledger->mistakes.count)
		return fault;
	row.password_hash = password_hash;
	row.made_at = ledger->now;
	row.customer = owner.id;
	if ((fault = store_admin_insert(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_ADMIN_ADDED, name,
	    *owner.name ? arena_format(ledger->arena, "%s of %s",
			      store_admin_role_word(role), owner.name)
			: store_admin_role_word(role),
	    NULL, NULL, NULL);
}

enum fault
ledger_admin_add(struct ledger *ledger, const char *name,
    const char *password_hash, enum admin_role role)
{
	return ledger_admin_add_for(ledger, name, password_hash, role, "");
}

/* Nobody could let anybody in any more. */
static enum fault
check_not_last(struct ledger *ledger, const struct admin_row *row)
{
	int64_t count;
	enum fault fault;

	if (row->role != ADMIN_ADMINISTRATOR)
		return FAULT_NONE;
	fault = store_admin_count(&count, ledger->store, ADMIN_ADMINISTRATOR);
	if (!fault && count < 2)
		mistake_add(&ledger->mistakes, "name", MISTAKE_ADMIN_LAST,
		    row->name, NULL);
	return fault;
}

enum fault
ledger_admin_remove(struct ledger *ledger, const char *name)
{
	struct admin_row row;
	enum fault fault;
	bool found;

	assert(ledger && name);
	if ((fault = find_admin(&found, &row, ledger, name)) || !found ||
	    (fault = check_not_last(ledger, &row)) || ledger->mistakes.count)
		return fault;
	if ((fault = store_admin_delete(ledger->store, row.id)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_ADMIN_REMOVED, name, NULL, NULL, NULL, NULL);
}

/* Whoever is signed in with the old password is not any more. */
static enum fault
save_password(struct ledger *ledger, const struct admin_row *row,
    const char *password_hash)
{
	enum fault fault;

	if ((fault = store_admin_hash_save(
		 ledger->store, row->id, password_hash)) ||
	    (fault = store_admin_failures_save(ledger->store, row->id, 0, 0)) ||
	    (fault = store_sign_in_delete_all(ledger->store, row->id)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_ADMIN_PASSWORD, row->name, NULL, NULL, NULL, NULL);
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
	return save_password(ledger, &row, password_hash);
}

enum fault
ledger_admin_password_own(struct ledger *ledger, int64_t admin,
    const char *verified, const char *password_hash)
{
	struct admin_row row;
	enum fault fault;

	assert(ledger && verified && password_hash && *password_hash);
	fault = store_admin_load_id(&row, ledger->arena, ledger->store, admin);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	/* Somebody else reset it, or removed the account, meanwhile. */
	if (fault || strcmp(row.password_hash, verified) != 0) {
		mistake_add(&ledger->mistakes, "present",
		    MISTAKE_PASSWORD_PRESENT, NULL, NULL);
		return FAULT_NONE;
	}
	return save_password(ledger, &row, password_hash);
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
