/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_auto.c: auto-leasing in a sync: what the client says it took
 * while it was alone is written down and compared with what was free then,
 * and its answer says what it may do from now on (rules.md 6).
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_pool_change.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- was it there? ---- */

/* Where the units that others took at one time become more or less. */
struct edge {
	instant at;
	int64_t units;
};

/* One report against the history of its pool, piece by piece: within one, what the others took is one number. */
struct trial {
	const struct auto_lease_interval *judged;
	const struct auto_lease_change *changes;
	size_t change_count;
	struct edge *edges;
	size_t edge_count, edge;
	int64_t others;
};

static int
by_instant(const void *a, const void *b)
{
	const struct edge *one = a, *other = b;

	return (one->at > other->at) - (one->at < other->at);
}

static enum fault
make_edges(struct trial *trial, struct arena *arena,
    const struct auto_lease_interval *others, size_t count)
{
	trial->edges = arena_array(arena, count, 2 * sizeof(*trial->edges));
	if (!trial->edges)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++) {
		trial->edges[trial->edge_count++] = (struct edge){
			others[i].from, others[i].units
		};
		trial->edges[trial->edge_count++] = (struct edge){ others[i].to,
			-others[i].units };
	}
	qsort(
	    trial->edges, trial->edge_count, sizeof(*trial->edges), by_instant);
	return FAULT_NONE;
}

/* Changes of the pool that concern [from, to); the first may lie before. */
static const struct auto_lease_change *
take_changes(size_t *count, struct trial *trial, instant from, instant to)
{
	const struct auto_lease_change *changes = trial->changes;
	size_t left = trial->change_count, used = 0;

	while (left > 1 && changes[1].at <= from) {
		changes++;
		left--;
	}
	trial->changes = changes;
	trial->change_count = left;
	while (used < left && changes[used].at < to)
		used++;
	*count = used;
	return changes;
}

static enum verdict
try_all(struct verdict_numbers *numbers, struct trial *trial)
{
	const struct auto_lease_interval *judged = trial->judged;
	instant at = judged->from, to, when;
	enum verdict verdict = VERDICT_OK;

	for (; at < judged->to && verdict == VERDICT_OK; at = to) {
		struct auto_lease_interval piece = { judged->units, at, 0 };
		struct auto_lease_interval others;
		const struct auto_lease_change *changes;
		size_t count;

		for (; trial->edge < trial->edge_count &&
		     trial->edges[trial->edge].at <= at;
		     trial->edge++)
			trial->others += trial->edges[trial->edge].units;
		to = judged->to;
		if (trial->edge < trial->edge_count)
			to = instant_earlier(to, trial->edges[trial->edge].at);
		piece.to = to;
		others = piece;
		others.units = trial->others;
		changes = take_changes(&count, trial, at, to);
		verdict = auto_lease_reconcile(
		    &when, numbers, changes, count, &others, 1, &piece);
	}
	return verdict;
}

static enum fault
reconcile_within(enum verdict *out, struct verdict_numbers *numbers,
    struct store *store, struct arena *arena,
    const struct auto_lease_report *report)
{
	struct trial trial = { .judged = &report->interval };
	struct auto_lease_change *changes;
	struct auto_lease_interval *others;
	size_t count;
	enum fault fault;

	if ((fault = store_pool_change_list(&changes, &trial.change_count,
		 arena, store, report->feature, report->interval.from)) ||
	    (fault = store_auto_lease_others(
		 &others, &count, arena, store, report)) ||
	    (fault = make_edges(&trial, arena, others, count)))
		return fault;
	trial.changes = changes;
	*out = try_all(numbers, &trial);
	return FAULT_NONE;
}

/* What others took may be much: the memory of one report is free for the next. */
static enum fault
reconcile(enum verdict *out, struct verdict_numbers *numbers,
    struct ledger *ledger, const struct auto_lease_report *report)
{
	struct arena scratch;
	enum fault fault;

	arena_init(&scratch, 0);
	fault = reconcile_within(out, numbers, ledger->store, &scratch, report);
	arena_clear(&scratch);
	return fault;
}

static enum fault
judge(struct sync_work *work, const struct auto_lease_report *report)
{
	struct ledger *ledger = work->ledger;
	struct verdict_numbers numbers;
	enum verdict verdict;
	enum fault fault;

	if ((fault = reconcile(&verdict, &numbers, ledger, report)) ||
	    verdict == VERDICT_OK || work->is_punished)
		return fault;
	work->is_punished = true;
	work->out->changed = true;
	return ledger_watch_auto_punish(ledger, work->client.name,
	    mistake_verdict_text(
		ledger->arena, verdict, report->feature, &numbers));
}

/* ---- what the client says ---- */

static enum fault
tell(struct sync_work *work, const struct auto_lease_report *report)
{
	struct ledger *ledger = work->ledger;

	work->out->changed = true;
	return ledger_act_event(ledger, EVENT_AUTO_LEASE_REPORTED,
	    work->client.name, report->feature,
	    ledger_act_units(ledger, report->interval.units),
	    ledger_act_instant(ledger, report->interval.from),
	    ledger_act_instant(ledger, report->interval.to));
}

static enum fault
ignore(struct sync_work *work, const struct sync_auto_lease *said)
{
	struct ledger *ledger = work->ledger;
	const char *what = arena_format(ledger->arena, "%s, %s units, %s to %s",
	    said->feature, ledger_act_units(ledger, said->units),
	    ledger_act_instant(ledger, said->from),
	    ledger_act_instant(ledger, said->to));

	if (!what)
		return FAULT_MEMORY;
	return ledger_sync_answer_notice(
	    work, SYNC_NOTICE_AUTO_LEASE_IGNORED, what, NULL, ledger->now);
}

/* What is longer ago than the history reaches is left out; so is what has not come yet. */
static enum fault
take_interval(struct auto_lease_report *report, struct ledger *ledger,
    const struct sync_auto_lease *said)
{
	instant oldest = ledger->now - AUTO_LEASE_KEEP_SECONDS;

	report->interval.units = said->units;
	report->interval.from = said->from;
	report->interval.to = instant_earlier(said->to, ledger->now);
	if (said->from >= oldest)
		return FAULT_NONE;
	return store_auto_lease_began(
	    &report->interval.from, ledger->store, report, oldest);
}

static enum fault
take_report(struct sync_work *work, const struct sync_auto_lease *said)
{
	struct auto_lease_report report = { .client = work->client.id,
		.feature = said->feature,
		.reported_at = work->ledger->now };
	enum auto_lease_news news;
	enum fault fault;

	if (said->from == said->to)
		return FAULT_NONE;
	if (said->units < 1 || said->units > ALLOCATION_COUNT_MAX ||
	    said->from > said->to ||
	    !ledger_act_is_counted(work->ledger, said->feature))
		return ignore(work, said);
	if ((fault = take_interval(&report, work->ledger, said)))
		return fault;
	if (report.interval.from >= report.interval.to)
		return ignore(work, said);
	if ((fault = store_auto_lease_report(
		 &news, work->ledger->store, &report)) ||
	    news == AUTO_LEASE_KNOWN)
		return fault;
	if (news == AUTO_LEASE_TOO_MANY)
		return ignore(work, said);
	if (news == AUTO_LEASE_NEW && (fault = tell(work, &report)))
		return fault;
	return judge(work, &report);
}

/* ---- what it is told ---- */

static enum fault
load(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	enum fault fault;

	if ((fault = store_watch_load(
		 &work->watch, ledger->arena, ledger->store)))
		return fault;
	if (work->watch.penalty_until <= ledger->now)
		work->watch.penalty_until = 0;
	work->is_halted = work->watch.halted_at != 0;
	return store_auto_lease_list(&work->auto_leases,
	    &work->auto_lease_count, ledger->arena, ledger->store);
}

static enum fault
tell_penalty(struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	const struct verdict_numbers numbers = {
		.client = work->watch.penalty_client,
		.until = ledger_act_instant(ledger, work->watch.penalty_until)
	};

	if (work->watch.penalty_until == 0)
		return FAULT_NONE;
	return ledger_sync_answer_notice(work, SYNC_NOTICE_PENALTY,
	    mistake_verdict_text(
		ledger->arena, VERDICT_AUTO_LEASE_PENALTY, "", &numbers),
	    NULL, work->watch.penalty_until - AUTO_LEASE_PENALTY_SECONDS);
}

bool
ledger_sync_auto_may(const struct sync_work *work, const char *feature)
{
	const struct auto_lease_row *row;

	assert(work && feature);
	row = store_auto_lease_of(
	    work->auto_leases, work->auto_lease_count, feature);
	return row && row->is_on && work->watch.penalty_until == 0;
}

enum fault
ledger_sync_auto(struct sync_work *work)
{
	const struct sync_request *request;
	enum fault fault;

	assert(work && work->notices);
	request = work->request;
	for (size_t i = 0; i < request->auto_lease_count; i++)
		if ((fault = take_report(work, &request->auto_leases[i])))
			return fault;
	if ((fault = load(work)) || (fault = tell_penalty(work)))
		return fault;
	if (work->watch.clock_behind_at == 0)
		return FAULT_NONE;
	return ledger_sync_answer_notice(work, SYNC_NOTICE_SERVER_CLOCK, NULL,
	    NULL, work->watch.clock_behind_at);
}
