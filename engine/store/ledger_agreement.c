/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_agreement.c: accepting the license agreement.
 */
#include "engine/store/ledger.h"

#include "engine/store/agreement_file.h"
#include "engine/store/ledger_act.h"
#include "engine/store/store_agreement.h"
#include <assert.h>
#include <string.h>

static enum fault
is_accepted(bool *out, struct ledger *ledger, const char *digest)
{
	struct agreement_row row;
	enum fault fault;

	fault = store_agreement_load(
	    &row, ledger->arena, ledger->store, digest);
	*out = fault == FAULT_NONE;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault
ledger_agreement_needed(bool *out, struct ledger *ledger)
{
	struct agreement_text text;
	bool accepted = false;
	enum fault fault;

	assert(out && ledger && ledger->appliance);
	*out = true;
	if ((fault = agreement_file_load(
		 &text, ledger->arena, ledger->appliance->vendor_directory)) ||
	    (fault = is_accepted(&accepted, ledger, text.digest)))
		return fault;
	*out = !accepted;
	return FAULT_NONE;
}

static enum fault
accept(struct ledger *ledger, const struct agreement_text *text)
{
	const struct agreement_row row = {
		.version = text->version,
		.digest = text->digest,
		.actor = ledger->actor.name,
		.address = ledger->actor.address,
		.at = ledger->now,
	};
	enum fault fault;

	if ((fault = store_agreement_insert(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_AGREEMENT_ACCEPTED, text->version,
	    text->version, NULL, NULL, NULL);
}

enum fault
ledger_agreement_accept(struct ledger *ledger, const char *digest)
{
	struct agreement_text text;
	bool accepted;
	enum fault fault;

	assert(ledger && ledger->appliance && digest);
	if ((fault = agreement_file_load(
		 &text, ledger->arena, ledger->appliance->vendor_directory)))
		return fault;
	if (strcmp(text.digest, digest)) {
		mistake_add(&ledger->mistakes, "agreement",
		    MISTAKE_AGREEMENT_CHANGED, NULL, NULL);
		return FAULT_NONE;
	}
	/* A second click changes nothing. */
	if ((fault = is_accepted(&accepted, ledger, text.digest)) || accepted)
		return fault;
	return accept(ledger, &text);
}
