/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_session_settings.c: how a license client admits its users.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_setting.h"
#include <assert.h>
#include <inttypes.h>

struct change {
	const char *field;
	enum setting setting;
	int64_t value;
};

static void
check(struct ledger *ledger, const struct change *change)
{
	const struct setting_row *row = &setting_rows[change->setting];
	const char *bounds;

	if (change->value >= row->low && change->value <= row->high)
		return;
	bounds = arena_format(ledger->arena, "%" PRId64 " to %" PRId64,
	    row->low < 0 ? 0 : row->low, row->high);
	mistake_add(&ledger->mistakes, change->field, MISTAKE_FIELD_NUMBER,
	    row->label, bounds);
}

static enum fault
save(struct ledger *ledger, const struct change *change)
{
	const struct setting_row *row = &setting_rows[change->setting];
	const char *before, *after;
	int64_t value;
	enum fault fault;

	if ((fault = store_setting_load(
		 &value, ledger->store, change->setting)) ||
	    value == change->value)
		return fault;
	if ((fault = store_setting_save(
		 ledger->store, change->setting, change->value)))
		return fault;
	before = arena_format(ledger->arena, "%" PRId64, value);
	after = arena_format(ledger->arena, "%" PRId64, change->value);
	if (!before || !after)
		return FAULT_MEMORY;
	return ledger_act_event(ledger, EVENT_ADMISSION_CHANGED, row->name,
	    before, after, NULL, NULL);
}

enum fault
ledger_session_settings(
    struct ledger *ledger, const struct admission_input *input)
{
	const struct change changes[] = {
		{ "mode", SETTING_ADMISSION_MODE, input->mode },
		{ "wait", SETTING_CAPACITY_WAIT, input->wait },
		{ "ahead", SETTING_ASK_AHEAD, input->ahead },
		{ "timeout", SETTING_SESSION_TIMEOUT, input->timeout },
		{ "allowance", SETTING_OVER_CAPACITY, input->allowance },
		{ "default_users", SETTING_DEFAULT_USERS,
		    input->default_users },
	};
	const size_t count = sizeof(changes) / sizeof(changes[0]);
	enum fault fault = FAULT_NONE;

	assert(ledger && input);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	for (size_t i = 0; i < count; i++)
		check(ledger, &changes[i]);
	for (size_t i = 0; i < count && !ledger->mistakes.count && !fault; i++)
		fault = save(ledger, &changes[i]);
	return fault;
}
