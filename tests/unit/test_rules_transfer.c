/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_transfer.c: every act in every state, and every condition alone.
 */
#include "engine/rules/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct transfer_facts good = {
	.partner_stocks_spares = true,
	.is_contract_active = true,
	.is_in_service = true,
	.has_owner = true,
	.has_spare = true,
	.is_stock = true,
};

/* The one way through, in plain words. */
static bool
may(enum transfer_act act, enum transfer_state state)
{
	switch (act) {
	case TRANSFER_ACT_REQUEST:
		return true;
	case TRANSFER_ACT_TEST:
		return state == TRANSFER_REQUESTED;
	case TRANSFER_ACT_CHOOSE_SPARE:
		return state == TRANSFER_TESTED || state == TRANSFER_AUTHORISED;
	case TRANSFER_ACT_AUTHORISE:
		return state == TRANSFER_TESTED;
	case TRANSFER_ACT_TRANSFER:
		return state == TRANSFER_AUTHORISED;
	case TRANSFER_ACT_FOUND_NOTHING:
	case TRANSFER_ACT_FOUND_FAULT:
		return state == TRANSFER_TRANSFERRED;
	case TRANSFER_ACT_RESET:
		return state == TRANSFER_RESET_DUE;
	case TRANSFER_ACT_RECEIVE:
		return state == TRANSFER_EXCHANGE_DUE;
	case TRANSFER_ACT_CANCEL:
		return state < TRANSFER_TRANSFERRED;
	case TRANSFER_ACTS:
		break;
	}
	return false;
}

static void
each_act_in_each_state(void **state)
{
	(void)state;
	for (int act = 0; act < TRANSFER_ACTS; act++)
		for (int from = 0; from < TRANSFER_STATES; from++) {
			struct transfer_facts facts = good;

			facts.state = (enum transfer_state)from;
			assert_int_equal(
			    transfer_check((enum transfer_act)act, &facts),
			    may((enum transfer_act)act, facts.state)
				? VERDICT_OK
				: VERDICT_TRANSFER_STATE);
		}
}

static void
each_condition_alone(void **state)
{
	static const struct {
		enum transfer_act act;
		enum transfer_state state;
		bool needs_spare;
	} rows[] = {
		{ TRANSFER_ACT_REQUEST, TRANSFER_REQUESTED, false },
		{ TRANSFER_ACT_TEST, TRANSFER_REQUESTED, false },
		{ TRANSFER_ACT_CHOOSE_SPARE, TRANSFER_TESTED, true },
		{ TRANSFER_ACT_AUTHORISE, TRANSFER_TESTED, true },
		{ TRANSFER_ACT_TRANSFER, TRANSFER_AUTHORISED, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct transfer_facts facts = good;
		enum transfer_act act = rows[i].act;

		facts.state = rows[i].state;
#define REFUSES(change, verdict)                                               \
	do {                                                                   \
		struct transfer_facts wrong = facts;                           \
		wrong.change;                                                  \
		assert_int_equal(transfer_check(act, &wrong), verdict);        \
	} while (0)
		REFUSES(partner_stocks_spares = false,
		    VERDICT_TRANSFER_PARTNER);
		REFUSES(is_in_service = false, VERDICT_TRANSFER_DEVICE);
		REFUSES(is_busy = true, VERDICT_TRANSFER_BUSY);
		REFUSES(has_owner = false, VERDICT_TRANSFER_OWNER);
		REFUSES(is_of_other_partner = true,
		    VERDICT_TRANSFER_OTHER_PARTNER);
		REFUSES(is_contract_active = false, VERDICT_TRANSFER_CONTRACT);
		REFUSES(has_spare = false, rows[i].needs_spare
			? VERDICT_TRANSFER_NO_SPARE
			: VERDICT_OK);
		REFUSES(is_same = true, rows[i].needs_spare
			? VERDICT_TRANSFER_SAME
			: VERDICT_OK);
		REFUSES(is_stock = false, rows[i].needs_spare
			? VERDICT_TRANSFER_STOCK
			: VERDICT_OK);
		REFUSES(is_spare_busy = true, rows[i].needs_spare
			? VERDICT_TRANSFER_SPARE_BUSY
			: VERDICT_OK);
	}
}

static void
what_happened_needs_no_conditions(void **state)
{
	static const struct transfer_facts none = { .state =
							TRANSFER_TRANSFERRED };

	(void)state;
	assert_int_equal(transfer_check(TRANSFER_ACT_FOUND_NOTHING, &none),
	    VERDICT_OK);
	assert_int_equal(
	    transfer_check(TRANSFER_ACT_FOUND_FAULT, &none), VERDICT_OK);
}

static void
where_it_stands_afterwards(void **state)
{
	static const enum transfer_state to[TRANSFER_ACTS] = {
		[TRANSFER_ACT_REQUEST] = TRANSFER_REQUESTED,
		[TRANSFER_ACT_TEST] = TRANSFER_TESTED,
		[TRANSFER_ACT_CHOOSE_SPARE] = TRANSFER_TESTED,
		[TRANSFER_ACT_AUTHORISE] = TRANSFER_AUTHORISED,
		[TRANSFER_ACT_TRANSFER] = TRANSFER_TRANSFERRED,
		[TRANSFER_ACT_FOUND_NOTHING] = TRANSFER_RESET_DUE,
		[TRANSFER_ACT_FOUND_FAULT] = TRANSFER_EXCHANGE_DUE,
		[TRANSFER_ACT_RESET] = TRANSFER_CLOSED,
		[TRANSFER_ACT_RECEIVE] = TRANSFER_CLOSED,
		[TRANSFER_ACT_CANCEL] = TRANSFER_CANCELLED,
	};

	(void)state;
	for (int act = 0; act < TRANSFER_ACTS; act++)
		assert_int_equal(
		    transfer_next((enum transfer_act)act), to[act]);
	for (int at = 0; at < TRANSFER_STATES; at++)
		assert_int_equal(transfer_is_open((enum transfer_state)at),
		    at != TRANSFER_CLOSED && at != TRANSFER_CANCELLED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_act_in_each_state),
		cmocka_unit_test(each_condition_alone),
		cmocka_unit_test(what_happened_needs_no_conditions),
		cmocka_unit_test(where_it_stands_afterwards),
	};

	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
