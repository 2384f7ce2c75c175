/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_answer.c: what a license server answered takes the place of what
 * it said before. The answer was verified; here only its age is looked at.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_link_edit.h"
#include <assert.h>
#include <string.h>

/* A document that is older than the one held, or signed by somebody else, was replayed. */
static bool
is_acceptable(const struct link_row *row, const struct link_answer *answer)
{
	if (row->has_server_key &&
	    memcmp(row->server_key, answer->server_key, KEYPAIR_PUBLIC_BYTES) !=
		0)
		return false;
	return answer->epoch > row->epoch ||
	    (answer->epoch == row->epoch && answer->number >= row->number);
}

static void
take_answer(struct link_row *row, const struct link_answer *answer, int64_t now)
{
	row->server_id = answer->server_id;
	row->has_server_key = true;
	memcpy(row->server_key, answer->server_key, KEYPAIR_PUBLIC_BYTES);
	row->token = answer->token ? answer->token : "";
	row->epoch = answer->epoch;
	row->number = answer->number;
	row->document = answer->document;
	row->last_success = row->last_attempt = now;
	row->failure_code = row->failure_text = "";
	row->seen_pin = "";
	row->next_sync = answer->next_sync;
	row->network_used = answer->network_used ? answer->network_used : "";
	row->server_time = answer->server_time;
	row->anchor_boot = answer->anchor_boot ? answer->anchor_boot : "";
	row->anchor_elapsed_ms = answer->anchor_elapsed_ms;
	row->anchor_wall = answer->anchor_wall;
}

static int64_t
units_of(const struct link_answer *answer, const char *feature)
{
	int64_t units = 0;

	for (size_t i = 0; i < answer->part_count; i++)
		if (strcmp(answer->parts[i].feature, feature) == 0 &&
		    answer->parts[i].expires > answer->server_time)
			units = instant_units_add(
			    units, instant_units(answer->parts[i].units));
	return units;
}

static const struct link_feature_row *
find_feature(
    const struct link_feature_row *rows, size_t count, const char *feature)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return &rows[i];
	return NULL;
}

/* "before" NULL: the feature is new. */
static enum fault
tell_feature(struct ledger *ledger, const struct link_row *row,
    const struct link_answer *answer, const struct link_feature_row *after,
    const struct link_feature_row *before)
{
	const char *code = after->denied_code ? after->denied_code : "";
	int64_t units = units_of(answer, after->feature);
	enum fault fault;

	if (units != (before ? before->leased : 0) &&
	    (fault = ledger_act_event(ledger, EVENT_LINK_LEASE, row->server,
		 after->feature, ledger_act_units(ledger, units), NULL, NULL)))
		return fault;
	if (!*code || (before && strcmp(before->denied_code, code) == 0))
		return FAULT_NONE;
	return ledger_act_event(ledger, EVENT_LINK_DENIED, row->server,
	    after->feature, after->denied_text, NULL, NULL);
}

static enum fault
tell_answer(struct ledger *ledger, const struct link_row *row,
    const struct link_answer *answer)
{
	struct link_feature_row *before;
	enum fault fault;
	size_t count;

	if (row->last_success == 0 &&
	    (fault = ledger_act_event(ledger, EVENT_LINK_REGISTERED,
		 row->server, NULL, NULL, NULL, NULL)))
		return fault;
	if ((fault = store_link_features(&before, &count, ledger->arena,
		 ledger->store, answer->server_time)))
		return fault;
	for (size_t i = 0; i < answer->feature_count; i++)
		if ((fault = tell_feature(ledger, row, answer,
			 &answer->features[i],
			 find_feature(
			     before, count, answer->features[i].feature))))
			return fault;
	return FAULT_NONE;
}

enum fault
ledger_link_answer(struct ledger *ledger, const struct link_answer *answer)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && answer && answer->server_id && answer->document);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	if (!is_acceptable(&row, answer))
		return FAULT_DAMAGED;
	if ((fault = tell_answer(ledger, &row, answer)))
		return fault;
	take_answer(&row, answer, ledger->now);
	if ((fault = store_link_edit_save(ledger->store, &row)))
		return fault;
	if ((fault = store_link_edit_features(
		 ledger->store, answer->features, answer->feature_count)))
		return fault;
	return store_link_edit_parts(
	    ledger->store, answer->parts, answer->part_count);
}
