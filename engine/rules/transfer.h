/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfer.h: at the center: a spare takes the place of a defective device, and
 * what becomes of that one afterwards (rules.md 12).
 */
#ifndef LEASEHOLD_RULES_TRANSFER_H
#define LEASEHOLD_RULES_TRANSFER_H

#include "engine/rules/verdict.h"
#include <stdbool.h>

/* How far one has come. */
enum transfer_state {
	TRANSFER_REQUESTED,	/* a case, a defective device, a partner */
	TRANSFER_TESTED,	/* the partner has tested the device */
	TRANSFER_AUTHORISED,	/* the vendor agrees, for that spare */
	TRANSFER_TRANSFERRED,	/* the spare has the licenses; the old device waits for its second test */
	TRANSFER_RESET_DUE,	/* no trouble was found: the old device is to be reset */
	TRANSFER_EXCHANGE_DUE,	/* it is faulty: its replacement is on its way */
	TRANSFER_CLOSED,	/* stock is whole again */
	TRANSFER_CANCELLED,
	TRANSFER_STATES
};

enum transfer_act {
	TRANSFER_ACT_REQUEST,
	TRANSFER_ACT_TEST,
	TRANSFER_ACT_CHOOSE_SPARE,
	TRANSFER_ACT_AUTHORISE,
	TRANSFER_ACT_TRANSFER,
	TRANSFER_ACT_FOUND_NOTHING,	/* the second test: no trouble found */
	TRANSFER_ACT_FOUND_FAULT,
	TRANSFER_ACT_RESET,		/* the factory reset of the old device is confirmed */
	TRANSFER_ACT_RECEIVE,		/* its replacement has come */
	TRANSFER_ACT_CANCEL,
	TRANSFER_ACTS
};

/* What is known when one is asked for; those of the spare only once one is chosen. */
struct transfer_facts {
	enum transfer_state state;	/* not looked at for a request */
	bool partner_stocks_spares;	/* the partner is authorised to */
	bool is_contract_active;	/* of the customer's device, on this day */
	bool is_in_service;		/* the defective device is: no spare, and not replaced */
	bool has_owner;			/* it is known whose the defective device is */
	bool is_of_other_partner;	/* another partner looks after that customer */
	bool is_busy;			/* another open transaction names it */
	bool has_spare;
	bool is_same;			/* spare and defective device are one */
	bool is_stock;			/* the spare is a spare, of that very partner */
	bool is_spare_busy;		/* another open transaction names the spare */
};

#define TRANSFER_EXCHANGE_DAYS 5

/* Is it the next thing, and is nothing in the way? Conditions are looked at again at each step up to the transfer. */
enum verdict transfer_check(enum transfer_act act, const struct transfer_facts *facts);
/* Where it stands after that act, which was checked. */
enum transfer_state transfer_next(enum transfer_act act);
/* Can it still be gone on with, and does it hold its devices? */
bool transfer_is_open(enum transfer_state state);

#endif
