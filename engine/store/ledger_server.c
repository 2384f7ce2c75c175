/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_server.c: the switches and the two times of a license server.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_setting.h"
#include <assert.h>
#include <inttypes.h>

/* What is saved now. */
struct saved {
	int64_t is_enabled, duration, interval;
};

static enum fault
load_saved(struct saved *out, struct store *store)
{
	enum fault fault;

	if ((fault = store_setting_load(
		 &out->is_enabled, store, SETTING_SERVER_ENABLED)))
		return fault;
	if ((fault = store_setting_load(
		 &out->duration, store, SETTING_LEASE_DURATION)))
		return fault;
	return store_setting_load(
	    &out->interval, store, SETTING_RENEWAL_INTERVAL);
}

static void
add_mistake(struct ledger *ledger, const char *field, enum mistake_kind kind,
    enum verdict verdict, int64_t bound_hours)
{
	const struct verdict_numbers numbers = { .bound = bound_hours };

	mistake_add(&ledger->mistakes, field, kind,
	    mistake_verdict_text(ledger->arena, verdict, "", &numbers), NULL);
}

static void
check_times(struct ledger *ledger, const struct server_input *input)
{
	enum verdict duration = allocation_duration_check(input->duration);
	enum verdict interval;
	int64_t bound;

	interval = allocation_interval_check(
	    &bound, input->duration, input->interval);
	/* A bound that follows from a wrong duration would only mislead. */
	if (duration != VERDICT_OK)
		add_mistake(ledger, "duration", MISTAKE_DURATION, duration, 0);
	else if (interval != VERDICT_OK)
		add_mistake(ledger, "interval", MISTAKE_INTERVAL, interval,
		    bound / SECONDS_PER_HOUR);
}

static enum fault
save_switch(struct ledger *ledger, bool is_enabled, bool was_enabled)
{
	enum fault fault;

	if (is_enabled == was_enabled)
		return FAULT_NONE;
	if ((fault = store_setting_save(
		 ledger->store, SETTING_SERVER_ENABLED, is_enabled)))
		return fault;
	return ledger_act_event(ledger, EVENT_SERVER_SWITCHED,
	    setting_rows[SETTING_SERVER_ENABLED].name,
	    is_enabled ? "on" : "off", NULL, NULL, NULL);
}

static enum fault
save_time(struct ledger *ledger, enum setting setting, enum event_kind event,
    int64_t value, int64_t before)
{
	const char *minutes;
	enum fault fault;

	if (value == before)
		return FAULT_NONE;
	if ((fault = store_setting_save(ledger->store, setting, value)))
		return fault;
	minutes = arena_format(
	    ledger->arena, "%" PRId64, value / SECONDS_PER_MINUTE);
	return ledger_act_event(ledger, event, setting_rows[setting].name,
	    minutes, NULL, NULL, NULL);
}

enum fault
ledger_server_save(struct ledger *ledger, const struct server_input *input)
{
	struct saved saved;
	enum fault fault;

	assert(ledger && input);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	check_times(ledger, input);
	if (ledger->mistakes.count > 0)
		return FAULT_NONE;
	if ((fault = load_saved(&saved, ledger->store)))
		return fault;
	if ((fault = save_switch(
		 ledger, input->is_enabled, saved.is_enabled != 0)))
		return fault;
	if ((fault = save_time(ledger, SETTING_LEASE_DURATION,
		 EVENT_DURATION_CHANGED, input->duration, saved.duration)))
		return fault;
	return save_time(ledger, SETTING_RENEWAL_INTERVAL,
	    EVENT_INTERVAL_CHANGED, input->interval, saved.interval);
}

enum fault
ledger_server_enable(struct ledger *ledger)
{
	struct saved saved;
	enum fault fault;

	assert(ledger);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = load_saved(&saved, ledger->store)))
		return fault;
	return save_switch(ledger, true, saved.is_enabled != 0);
}

enum fault
ledger_server_strict(struct ledger *ledger, bool is_on)
{
	enum fault fault;
	int64_t was_on;

	assert(ledger);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = store_setting_load(
		 &was_on, ledger->store, SETTING_STRICT_MEMBERSHIP)) ||
	    is_on == (was_on != 0))
		return fault;
	if ((fault = store_setting_save(
		 ledger->store, SETTING_STRICT_MEMBERSHIP, is_on)))
		return fault;
	return ledger_act_event(ledger, EVENT_STRICT_SWITCHED,
	    setting_rows[SETTING_STRICT_MEMBERSHIP].name, is_on ? "on" : "off",
	    NULL, NULL, NULL);
}
