/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_act.c: what the acts of the ledger share: their events, and whether
 * this appliance is one that may act so.
 */
#include "engine/store/ledger_act.h"

#include "engine/base/calendar.h"
#include "engine/base/text.h"
#include "engine/store/store_event_recent.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define SELDOM_SECONDS SECONDS_PER_MINUTE

enum fault
ledger_act_event(struct ledger *ledger, enum event_kind kind,
    const char *object, const char *a, const char *b, const char *c,
    const char *d)
{
	assert(ledger && object);
	return store_event_append(ledger->store, kind, &ledger->actor, object,
	    a, b, c, d, ledger->now);
}

enum fault
ledger_act_event_seldom(struct ledger *ledger, enum event_kind kind,
    const char *object, const char *part, const char *a, const char *b)
{
	enum fault fault;
	bool is_told;

	assert(ledger && object && part);
	if ((fault = store_event_recent(&is_told, ledger->store, kind, object,
		 part, ledger->now - SELDOM_SECONDS)))
		return fault;
	if (is_told)
		return FAULT_NONE;
	return ledger_act_event(ledger, kind, object, a, b, NULL, NULL);
}

static bool
is_role(struct ledger *ledger, bool fits, enum appliance_role wanted)
{
	if (!fits)
		mistake_add(&ledger->mistakes, "", MISTAKE_WRONG_ROLE,
		    appliance_role_word(ledger->appliance->role),
		    appliance_role_word(wanted));
	return fits;
}

bool
ledger_act_lends(struct ledger *ledger)
{
	assert(ledger);
	return is_role(ledger, appliance_lends(ledger->appliance), ROLE_SERVER);
}

bool
ledger_act_borrows(struct ledger *ledger)
{
	assert(ledger);
	return is_role(
	    ledger, ledger->appliance->role == ROLE_CLIENT, ROLE_CLIENT);
}

bool
ledger_act_issues(struct ledger *ledger)
{
	assert(ledger);
	return is_role(
	    ledger, ledger->appliance->role == ROLE_CENTER, ROLE_CENTER);
}

bool
ledger_act_may_serve(
    const struct ledger *ledger, const struct platform *platform)
{
	assert(ledger && platform);
	return ledger->appliance->role != ROLE_VIRTUAL_SERVER ||
	    catalogue_is_served_virtually(
		&ledger->appliance->catalogue, platform);
}

bool
ledger_act_may_lease(const struct ledger *ledger, const struct feature *feature,
    int product, const struct platform *platform)
{
	assert(ledger && feature);
	if (platform && !ledger_act_may_serve(ledger, platform))
		return false;
	return catalogue_is_usable(feature, product, platform);
}

bool
ledger_act_is_counted(const struct ledger *ledger, const char *name)
{
	const struct feature *feature;

	assert(ledger && name);
	feature = catalogue_feature(&ledger->appliance->catalogue, name);
	return feature && feature->kind != FEATURE_SWITCH;
}

const char *
ledger_act_units(struct ledger *ledger, int64_t units)
{
	return text_thousands(ledger->arena, units);
}

const char *
ledger_act_instant(struct ledger *ledger, int64_t at)
{
	char text[CALENDAR_TEXT_MAX];

	assert(ledger);
	calendar_format(text, at);
	return arena_text(ledger->arena, text);
}

const char *
ledger_act_counts(
    struct ledger *ledger, int64_t reserved, int64_t increment, int64_t maximum)
{
	return arena_format(ledger->arena, "%" PRId64 "/%" PRId64 "/%" PRId64,
	    reserved, increment, maximum);
}

/* C0 and C1 control characters and DEL, in well-formed UTF-8. */
static bool
is_control(const unsigned char *at)
{
	return *at < 0x20 || *at == 0x7f ||
	    (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f);
}

bool
ledger_act_is_printable(const char *text, size_t most)
{
	size_t characters = 0;
	const unsigned char *at = (const unsigned char *)text;

	if (!text || !text_is_utf8(text, strlen(text)))
		return false;
	for (; *at; at++) {
		if (is_control(at))
			return false;
		if ((*at & 0xc0) != 0x80)
			characters++;
	}
	return characters >= 1 && characters <= most;
}
