/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_surrender.c: a license client lends a license of its own to its
 * server, and takes it back. From the click on it counts here no more; it
 * counts again when nobody can have heard of the surrender, or when the server
 * answers the latest click (ledger_link_answer.c).
 */
#include "engine/store/ledger_act.h"

#include "engine/rules/surrender.h"
#include "engine/store/ledger_link_trial.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link_edit.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* One license, and the server that there is. */
struct subject {
	struct license_row row;
	struct link_row link;
	bool has_server;
};

static enum fault
load_link(struct subject *out, struct ledger *ledger)
{
	enum fault fault = store_link_load(
	    &out->link, ledger->arena, ledger->store);

	out->has_server = fault == FAULT_NONE;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* False, and a mistake made, when there is no such license. */
static enum fault
load_subject(
    bool *is_there, struct subject *out, struct ledger *ledger, int64_t license)
{
	struct license_row *rows;
	enum fault fault;
	size_t count, i;

	*is_there = false;
	if ((fault = load_link(out, ledger)) ||
	    (fault = store_license_list(
		 &rows, &count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	for (i = 0; i < count; i++) {
		if (rows[i].license.id != license)
			continue;
		out->row = rows[i];
		*is_there = true;
		return FAULT_NONE;
	}
	mistake_add(&ledger->mistakes, "license", MISTAKE_KEY_UNKNOWN,
	    arena_format(ledger->arena, "%" PRId64, license), NULL);
	return FAULT_NONE;
}

static enum fault
refuse(struct ledger *ledger, enum verdict verdict, const char *feature)
{
	const struct verdict_numbers none = { 0 };
	const char *text = mistake_verdict_text(
	    ledger->arena, verdict, feature, &none);

	if (!text)
		return FAULT_MEMORY;
	mistake_add(
	    &ledger->mistakes, "license", MISTAKE_SURRENDER, text, NULL);
	return FAULT_NONE;
}

/* Instants of clicks grow strictly, whatever the clock says. */
static int64_t
next_since(const struct license_row *row, int64_t now)
{
	int64_t next = instant_add(row->surrender_at, 1);

	return now > next ? now : next;
}

/* The sync that tells the server comes at once. */
static enum fault
save(struct ledger *ledger, const struct subject *subject, const char *what,
    const char *where)
{
	const struct license_row *row = &subject->row;
	const char *server = arena_format(ledger->arena, "%s %s", where,
	    subject->has_server ? subject->link.server : "the license server");
	enum fault fault;

	if (!server)
		return FAULT_MEMORY;
	if ((fault = store_license_surrender(ledger->store, row)) ||
	    (fault = store_link_edit_hasten(ledger->store)))
		return fault;
	return ledger_act_event(ledger, EVENT_SURRENDER_CLIENT, row->serial,
	    what, row->sku, server, NULL);
}

static enum fault
check(enum verdict *out, struct ledger *ledger, const struct subject *subject)
{
	struct surrender_subject asked = {
		.license = &subject->row.license,
		.feature = catalogue_feature(
		    &ledger->appliance->catalogue, subject->row.feature),
		.is_distrusted = subject->row.distrusted_at != 0,
		.has_server = subject->has_server,
		.is_unmet = subject->has_server && !*subject->link.server_id,
	};
	enum fault fault;
	int64_t grace;

	if ((fault = store_setting_load(
		 &grace, ledger->store, SETTING_GRACE)) ||
	    (fault = store_license_switch(
		 &asked.is_member, ledger->store, CATALOGUE_MEMBER, ledger->now)))
		return fault;
	*out = surrender_check(&asked, grace, ledger->now);
	return FAULT_NONE;
}

enum fault
ledger_surrender(struct ledger *ledger, int64_t license)
{
	struct subject subject = { .has_server = false };
	struct license_row *row = &subject.row;
	enum verdict verdict;
	enum fault fault;
	bool is_there;

	assert(ledger);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	/* Who goes back would leave the license with the server that was tried. */
	if ((fault = ledger_link_trial_refuse(ledger, "license")) ||
	    ledger->mistakes.count > 0)
		return fault;
	fault = load_subject(&is_there, &subject, ledger, license);
	if (fault || !is_there)
		return fault;
	/* Clicked twice is clicked. */
	if (row->license.surrender == SURRENDER_PENDING ||
	    row->license.surrender == SURRENDER_ACCEPTED)
		return FAULT_NONE;
	if ((fault = check(&verdict, ledger, &subject)))
		return fault;
	if (verdict != VERDICT_OK)
		return refuse(ledger, verdict, row->feature);
	row->license.surrender = SURRENDER_PENDING;
	row->surrender_at = next_since(row, ledger->now);
	row->is_surrender_sent = false;
	row->surrender_server = subject.link.server_id;
	row->surrender_text = "";
	return save(ledger, &subject, "asked to surrender", "to");
}

/* Nobody was told yet: then it is as if it had not been clicked. */
static enum fault
cancel(struct ledger *ledger, struct subject *subject)
{
	struct license_row *row = &subject->row;

	row->license.surrender = SURRENDER_NONE;
	row->surrender_server = row->surrender_text = "";
	return save(ledger, subject, "took back", "before it reached");
}

static bool
is_same_server(const struct subject *subject)
{
	return subject->has_server &&
	    store_license_surrender_is_with(
		&subject->row, subject->link.server_id);
}

enum fault
ledger_surrender_recall(struct ledger *ledger, int64_t license)
{
	struct subject subject = { .has_server = false };
	struct license_row *row = &subject.row;
	enum verdict verdict;
	enum fault fault;
	bool is_there;

	assert(ledger);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	fault = load_subject(&is_there, &subject, ledger, license);
	if (fault || !is_there || row->license.surrender == SURRENDER_RECALLING)
		return fault;
	if (row->license.surrender == SURRENDER_PENDING &&
	    !row->is_surrender_sent)
		return cancel(ledger, &subject);
	verdict = surrender_recall_check(
	    &row->license, is_same_server(&subject));
	if (verdict != VERDICT_OK)
		return refuse(ledger, verdict, row->feature);
	row->license.surrender = SURRENDER_RECALLING;
	row->surrender_at = next_since(row, ledger->now);
	row->surrender_text = "";
	return save(ledger, &subject, "asked to recall", "from");
}

enum fault
ledger_surrender_sent(struct ledger *ledger)
{
	assert(ledger);
	return store_license_surrender_sent(ledger->store);
}
