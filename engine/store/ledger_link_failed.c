/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_failed.c: an attempt that brought no answer. Leases run on; only
 * what the pages show changes.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_link_edit.h"
#include <assert.h>
#include <string.h>

/* Failures by which the server itself says no; the others are between. */
static const char *const refusals[] = {
	"unauthorized",
	"hardware_mismatch",
	"configuration_expired",
	"agreement_missing",
	"server_disabled",
	"virtual_server_stopped",
	"too_many_requests",
	"unsupported_protocol",
};

/*
 * Failures by which the server was not reached, or could not answer: contact
 * is lost. Of the others, too_many_requests changes nothing; the rest is
 * contact, if not the wanted one.
 */
static const char *const losses[] = { "dns", "connect", "network", "timeout",
	"broken", "tls", "tls_verify", "pin_changed", "store_unavailable" };

static bool
is_among(const char *const *codes, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

static bool
is_refusal(const char *code)
{
	return is_among(refusals, sizeof(refusals) / sizeof(*refusals), code);
}

/* Where contact is not lost nothing more is taken alone, and the agent ends what was. */
static int64_t
lost_at(const struct link_row *row, const char *code, int64_t now)
{
	if (is_among(losses, sizeof(losses) / sizeof(*losses), code))
		return row->lost_at ? row->lost_at : now;
	return strcmp(code, "too_many_requests") == 0 ? row->lost_at : 0;
}

/* Told when it begins, has another reason, or meets another key. */
static enum fault
tell_failure(struct ledger *ledger, const struct link_row *before,
    const char *code, const char *text, const char *seen_pin)
{
	if (seen_pin && *before->pin && strcmp(before->pin, seen_pin) != 0) {
		if (strcmp(before->seen_pin, seen_pin) == 0)
			return FAULT_NONE;
		return ledger_act_event(ledger, EVENT_LINK_PIN_CHANGED,
		    before->server, seen_pin, NULL, NULL, NULL);
	}
	if (strcmp(before->failure_code, code) == 0)
		return FAULT_NONE;
	return ledger_act_event(ledger,
	    is_refusal(code) ? EVENT_LINK_REFUSED : EVENT_LINK_UNREACHABLE,
	    before->server, text, NULL, NULL, NULL);
}

enum fault
ledger_link_failed(struct ledger *ledger, const char *code, const char *text,
    const char *seen_pin, int64_t next_sync)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && code && *code && text);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	if ((fault = tell_failure(ledger, &row, code, text, seen_pin)))
		return fault;
	row.last_attempt = ledger->now;
	row.lost_at = lost_at(&row, code, ledger->now);
	row.failure_code = code;
	row.failure_text = text;
	row.next_sync = next_sync;
	if (seen_pin && strcmp(row.pin, seen_pin) != 0)
		row.seen_pin = seen_pin;
	/* What was refused is not sent again: the password is, next time. */
	if (strcmp(code, "unauthorized") == 0)
		row.token = "";
	return store_link_edit_save(ledger->store, &row);
}
