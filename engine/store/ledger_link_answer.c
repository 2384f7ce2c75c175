/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_answer.c: what a license server answered takes the place of what
 * it said before. The answer was verified; here only its age is looked at.
 */
#include "engine/store/ledger_act.h"

#include "engine/rules/surrender.h"
#include "engine/store/ledger_link_leave.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link_auto_lease.h"
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
	row->leader = answer->leader ? answer->leader : "";
	row->leader_until = answer->leader_until;
	row->penalty_until = answer->penalty_until;
	row->success_time = answer->server_time;
	row->lost_at = 0;
	row->notices = answer->notices ? answer->notices : "[]";
	row->compliance = answer->compliance ? answer->compliance : "[]";
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
		 after->feature, ledger_act_units(ledger, units),
		 ledger_act_counts(
		     ledger, after->reserved, after->increment, after->maximum),
		 NULL)))
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

/* ---- what was surrendered ---- */

/* What becomes of one license by an answer, and what is told of it. */
struct turn {
	enum license_surrender next;
	const char *what, *where; /* NULL = nothing is told */
	bool is_told_why;
};

static bool
says(const struct link_surrender *said, const char *state)
{
	return strcmp(said->state, state) == 0;
}

/*
 * It counts here again only by the answer to its latest click: that the recall
 * is done, or that the surrender is refused (engine/rules/surrender.c).
 */
static struct turn
turn_of(const struct license_row *row, const struct link_surrender *said)
{
	enum license_surrender now = row->license.surrender;
	bool is_recall = now == SURRENDER_RECALLING;

	if (says(said, "returned"))
		return (
		    struct turn){ SURRENDER_NONE, "recalled", "from", false };
	if (!is_recall && says(said, "refused"))
		return (struct turn){ SURRENDER_NONE, "did not surrender", "to",
			true };
	if (now == SURRENDER_PENDING && says(said, "accepted"))
		return (struct turn){ SURRENDER_ACCEPTED, "surrendered", "to",
			false };
	return (struct turn){ now, NULL, NULL, is_recall };
}

static enum fault
tell_turn(struct ledger *ledger, const struct license_row *row,
    const char *server, const struct turn *turn)
{
	const char *where = arena_format(ledger->arena,
	    turn->is_told_why ? "%s %s: %s" : "%s %s", turn->where, server,
	    row->surrender_text);

	return where ? ledger_act_event(ledger, EVENT_SURRENDER_CLIENT,
			   row->serial, turn->what, row->sku, where, NULL)
		     : FAULT_MEMORY;
}

/* Every member but the state, which "turn" says. */
static void
take_turn(struct license_row *row, const struct turn *turn,
    const struct link_surrender *said, const char *server_id)
{
	row->license.surrender = turn->next;
	/* With "accepted" comes what a recall would wait for. */
	row->surrender_text = said->text &&
		(turn->is_told_why || says(said, "accepted"))
	    ? said->text
	    : "";
	row->surrender_server = turn->next == SURRENDER_NONE ? "" : server_id;
	if (turn->next == SURRENDER_NONE)
		row->is_surrender_sent = false;
}

static bool
is_same_row(const struct license_row *a, const struct license_row *b)
{
	return a->license.surrender == b->license.surrender &&
	    strcmp(a->surrender_server, b->surrender_server) == 0 &&
	    strcmp(a->surrender_text, b->surrender_text) == 0;
}

static enum fault
turn_license(struct ledger *ledger, const struct link_row *link,
    struct license_row *row, const struct link_surrender *said)
{
	const struct license_row before = *row;
	struct turn turn = turn_of(row, said);
	enum fault fault;

	take_turn(row, &turn, said, link->server_id);
	if (is_same_row(&before, row))
		return FAULT_NONE;
	if ((fault = store_license_surrender(ledger->store, row)) || !turn.what)
		return fault;
	return tell_turn(ledger, row, link->server, &turn);
}

/* No server can hold another one, whatever it says. */
static bool
can_be_surrendered(const struct ledger *ledger, const struct license_row *row)
{
	const struct surrender_subject subject = { .license = &row->license,
		.feature = catalogue_feature(
		    &ledger->appliance->catalogue, row->feature) };
	enum verdict verdict = surrender_check(&subject, 0, ledger->now);

	return verdict != VERDICT_SURRENDER_NOT_COUNTED &&
	    verdict != VERDICT_SURRENDER_NOT_PERMANENT;
}

/*
 * The server reminds of a license that was not named to it: this appliance was
 * set back to a copy of an earlier time. It counts there, so not here.
 */
static enum fault
remember(struct ledger *ledger, const struct link_row *link,
    struct license_row *row, const struct link_surrender *said)
{
	static const struct turn turn = { SURRENDER_ACCEPTED,
		"found surrendered", "to", false };
	int64_t next = instant_add(row->surrender_at, 1);
	enum fault fault;

	if (said->since != 0 || !says(said, "accepted") ||
	    !can_be_surrendered(ledger, row))
		return FAULT_NONE;
	take_turn(row, &turn, said, link->server_id);
	row->surrender_at = instant_later(ledger->now, next);
	row->is_surrender_sent = true;
	fault = store_license_surrender(ledger->store, row);
	return fault ? fault : tell_turn(ledger, row, link->server, &turn);
}

/* Whom a license was not surrendered to has no say about it: a new server at the same address refuses what the one before it still counts. */
static bool
is_asked(const struct link_row *link, const struct license_row *row)
{
	return store_license_surrender_is_with(row, link->server_id);
}

static enum fault
take_surrender(struct ledger *ledger, const struct link_row *link,
    struct license_row *row, const struct link_surrender *said)
{
	if (strcmp(row->serial, said->serial) != 0)
		return FAULT_NONE;
	if (row->license.surrender == SURRENDER_NONE)
		return remember(ledger, link, row, said);
	return row->surrender_at == said->since && is_asked(link, row)
	    ? turn_license(ledger, link, row, said)
	    : FAULT_NONE;
}

static enum fault
take_surrenders(struct ledger *ledger, const struct link_row *link,
    const struct link_answer *answer)
{
	struct license_row *rows;
	enum fault fault;
	size_t count, i, k;

	if (answer->surrender_count == 0)
		return FAULT_NONE;
	fault = store_license_list(
	    &rows, &count, ledger->arena, ledger->store, ledger->now);
	for (i = 0; !fault && i < count; i++)
		for (k = 0; !fault && k < answer->surrender_count; k++)
			fault = take_surrender(
			    ledger, link, &rows[i], &answer->surrenders[k]);
	return fault;
}

/* Another appliance signs with the very key that this client holds the server to: its spare, restored from its copy. */
static enum fault
follow_server(struct ledger *ledger, const struct link_row *row,
    const struct link_answer *answer)
{
	if (!row->has_server_key || !*row->server_id ||
	    strcmp(row->server_id, answer->server_id) == 0)
		return FAULT_NONE;
	return store_license_surrender_follow(
	    ledger->store, row->server_id, answer->server_id);
}

/* ---- what was auto-leased ---- */

/* What began after the request was written goes into the next one. */
static enum fault
take_auto_leases(struct ledger *ledger, const struct link_answer *answer)
{
	enum fault fault = ledger_auto_lease_end(
	    ledger, NULL, answer->server_time);

	return fault
	    ? fault
	    : store_link_auto_lease_forget(ledger->store, answer->reported);
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
	/* First what was over before: by the contact that there was. */
	if ((fault = tell_answer(ledger, &row, answer)) ||
	    (fault = ledger_auto_lease_lapse(ledger, answer->server_time)) ||
	    (fault = follow_server(ledger, &row, answer)))
		return fault;
	take_answer(&row, answer, ledger->now);
	if ((fault = store_link_edit_save(ledger->store, &row)) ||
	    (fault = ledger_link_leave_rejoin(ledger, &row)))
		return fault;
	if ((fault = take_surrenders(ledger, &row, answer)) ||
	    (fault = take_auto_leases(ledger, answer)))
		return fault;
	if ((fault = store_link_edit_features(
		 ledger->store, answer->features, answer->feature_count)))
		return fault;
	return store_link_edit_parts(
	    ledger->store, answer->parts, answer->part_count);
}
