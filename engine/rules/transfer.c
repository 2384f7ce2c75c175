/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfer.c: see transfer.h. Knows no key and no date.
 */
#include "engine/rules/transfer.h"

#define IN(state) (1U << TRANSFER_##state)
/* Until the licenses are moved everything can be taken back. */
#define BEFORE (IN(REQUESTED) | IN(TESTED) | IN(AUTHORISED))

struct act {
	unsigned from;		   /* states in which it is the next thing */
	enum transfer_state to;
	bool needs_conditions;	   /* partner, contract, device */
	bool needs_spare;
};

static const struct act acts[] = {
	[TRANSFER_ACT_REQUEST] = { ~0U, TRANSFER_REQUESTED, true, false },
	[TRANSFER_ACT_TEST] = { IN(REQUESTED), TRANSFER_TESTED, true, false },
	/* Another spare is for the vendor to agree to anew. */
	[TRANSFER_ACT_CHOOSE_SPARE] = { IN(TESTED) | IN(AUTHORISED),
	    TRANSFER_TESTED, true, true },
	[TRANSFER_ACT_AUTHORISE] = { IN(TESTED), TRANSFER_AUTHORISED, true,
	    true },
	[TRANSFER_ACT_TRANSFER] = { IN(AUTHORISED), TRANSFER_TRANSFERRED, true,
	    true },
	[TRANSFER_ACT_FOUND_NOTHING] = { IN(TRANSFERRED), TRANSFER_RESET_DUE,
	    false, false },
	[TRANSFER_ACT_FOUND_FAULT] = { IN(TRANSFERRED), TRANSFER_EXCHANGE_DUE,
	    false, false },
	[TRANSFER_ACT_RESET] = { IN(RESET_DUE), TRANSFER_CLOSED, false, false },
	[TRANSFER_ACT_RECEIVE] = { IN(EXCHANGE_DUE), TRANSFER_CLOSED, false,
	    false },
	[TRANSFER_ACT_CANCEL] = { BEFORE, TRANSFER_CANCELLED, false, false },
};

static enum verdict
check_device(const struct transfer_facts *facts)
{
	if (!facts->partner_stocks_spares)
		return VERDICT_TRANSFER_PARTNER;
	if (!facts->is_in_service)
		return VERDICT_TRANSFER_DEVICE;
	if (facts->is_busy)
		return VERDICT_TRANSFER_BUSY;
	if (!facts->has_owner)
		return VERDICT_TRANSFER_OWNER;
	if (facts->is_of_other_partner)
		return VERDICT_TRANSFER_OTHER_PARTNER;
	if (!facts->is_contract_active)
		return VERDICT_TRANSFER_CONTRACT;
	return VERDICT_OK;
}

static enum verdict
check_spare(const struct transfer_facts *facts)
{
	if (!facts->has_spare)
		return VERDICT_TRANSFER_NO_SPARE;
	if (facts->is_same)
		return VERDICT_TRANSFER_SAME;
	if (!facts->is_stock)
		return VERDICT_TRANSFER_STOCK;
	if (facts->is_spare_busy)
		return VERDICT_TRANSFER_SPARE_BUSY;
	return VERDICT_OK;
}

enum verdict
transfer_check(enum transfer_act act, const struct transfer_facts *facts)
{
	const struct act *row = &acts[act];
	enum verdict verdict;

	if (!(row->from & 1U << facts->state))
		return VERDICT_TRANSFER_STATE;
	if (row->needs_conditions &&
	    (verdict = check_device(facts)) != VERDICT_OK)
		return verdict;
	return row->needs_spare ? check_spare(facts) : VERDICT_OK;
}

enum transfer_state
transfer_next(enum transfer_act act)
{
	return acts[act].to;
}

bool
transfer_is_open(enum transfer_state state)
{
	return state != TRANSFER_CLOSED && state != TRANSFER_CANCELLED;
}
