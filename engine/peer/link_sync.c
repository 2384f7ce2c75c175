/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_sync.c: asks until both sides agree. Knows when to ask again, what is
 * stored of an answer or a failure, and when to try next; how one question
 * gets through stands in sync_talk.c.
 */
#include "engine/peer/link_sync.h"

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/peer/link_clock.h"
#include "engine/peer/link_failure.h"
#include "engine/peer/link_files.h"
#include "engine/peer/sync_talk.h"
#include "engine/store/ledger.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* No catalogue has as many, and no server takes more. */
#define FEATURES_MAX     64
#define BACK_OFF_SECONDS 30
#define BACK_OFF_LEAST   2
/* A renewal comes up to a tenth of its interval early, so that clients spread. */
#define JITTER_SHARE 10
/* A server tells whole seconds: its clock may be as much further when it answers. */
#define SECOND_MS 1000

struct link_sync {
	struct sync_line line;
	int failures; /* in a row */
};

struct run {
	struct link_sync *sync;
	struct sync_talk talk;
	const struct link_sync_input *input;
	const char **denied; /* features denied in this run */
	size_t denied_count;
};

/* ---- what is known before asking ---- */

static bool
was_denied(const struct run *run, const char *feature)
{
	size_t i;

	for (i = 0; i < run->denied_count; i++)
		if (strcmp(run->denied[i], feature) == 0)
			return true;
	return false;
}

static enum fault
note_denials(struct run *run)
{
	struct sync_talk *talk = &run->talk;
	const char **grown = arena_array(talk->arena,
	    run->denied_count + talk->feature_count, sizeof(*grown));
	size_t i;

	if (!grown)
		return FAULT_MEMORY;
	for (i = 0; i < run->denied_count; i++)
		grown[i] = run->denied[i];
	run->denied = grown;
	for (i = 0; i < talk->feature_count; i++) {
		if (!talk->features[i].is_denied ||
		    was_denied(run, talk->features[i].feature->name))
			continue;
		grown[run->denied_count++] = talk->features[i].feature->name;
	}
	return FAULT_NONE;
}

/* Within one run a denial stands, or two features would take turns. */
static void
keep_denials(struct run *run)
{
	size_t i;

	for (i = 0; i < run->talk.feature_count; i++)
		if (was_denied(run, run->talk.features[i].feature->name))
			run->talk.features[i].is_denied = true;
}

static enum fault
load_state(struct sync_talk *talk)
{
	const struct appliance *appliance = talk->line->appliance;
	enum fault fault;

	if ((fault = store_link_load(&talk->link, talk->arena, talk->store)))
		return fault;
	if ((fault = store_link_demand(&talk->features, &talk->feature_count,
		 talk->arena, talk->store, &appliance->catalogue,
		 appliance->product, clock_now(), link_clock_now(&talk->link))))
		return fault;
	/* A denial of another time; the users of what was taken since are asked for where they are. */
	for (size_t i = 0; i < talk->feature_count; i++)
		if (talk->features[i].auto_leased > 0)
			talk->features[i].is_denied = false;
	return FAULT_NONE;
}

/* What each would serve if none grew. */
static void
keep_served(int64_t *served, const struct demand_feature *features,
    size_t count, const struct link_sync_input *input)
{
	struct demand_feature still[FEATURES_MAX];
	size_t i, few = count < FEATURES_MAX ? count : FEATURES_MAX;

	for (i = 0; i < few; i++) {
		still[i] = features[i];
		still[i].is_denied = true;
	}
	demand_place(still, few, input->users, input->rdp_users);
	for (i = 0; i < few; i++)
		served[i] = still[i].users < still[i].leased ? still[i].users
							     : still[i].leased;
}

void
link_sync_place(struct demand_feature *features, size_t count,
    const struct link_sync_input *input)
{
	int64_t served[FEATURES_MAX] = { 0 };
	size_t i;

	keep_served(served, features, count, input);
	demand_place(features, count, input->users, input->rdp_users);
	for (i = 0; i < count && i < FEATURES_MAX; i++)
		if (features[i].users < served[i])
			features[i].users = served[i];
}

/* ---- what comes of it ---- */

static int64_t
next_renewal(int64_t renew_after, int64_t now)
{
	return now + renew_after - random_below(renew_after / JITTER_SHARE + 1);
}

static int64_t
next_try(struct run *run, int64_t now)
{
	int64_t limit = BACK_OFF_SECONDS, most, wait;
	int i;

	if (store_setting_load(
		&most, run->talk.store, SETTING_RENEWAL_INTERVAL))
		most = setting_rows[SETTING_RENEWAL_INTERVAL].value;
	for (i = 1; i < run->sync->failures && limit < most; i++)
		limit *= 2;
	limit = limit < most ? limit : most;
	wait = BACK_OFF_LEAST + random_below(limit - BACK_OFF_LEAST + 1);
	if (run->talk.answer.retry_after > wait)
		wait = run->talk.answer.retry_after;
	return now + (wait < most ? wait : most);
}

/* To which message of ours each word on a license is the answer. */
static enum fault
match_surrenders(struct link_answer *answer, const struct sync_talk *talk)
{
	size_t i, count = answer->surrender_count;
	struct link_surrender *matched = arena_array(
	    talk->arena, count, sizeof(*matched));

	if (!matched)
		return FAULT_MEMORY;
	for (i = 0; i < count; i++) {
		matched[i] = answer->surrenders[i];
		matched[i].since = sync_news_since(
		    &talk->news, matched[i].serial);
	}
	answer->surrenders = matched;
	return FAULT_NONE;
}

static int64_t
last_reported(const struct sync_news *news)
{
	return news->auto_lease_count
	    ? news->auto_leases[news->auto_lease_count - 1].id
	    : 0;
}

static enum fault
store_answer(
    struct link_sync_result *out, struct run *run, struct ledger *ledger)
{
	struct sync_talk *talk = &run->talk;
	struct link_answer *answer = &talk->reply.answer;

	if (match_surrenders(answer, talk))
		return FAULT_MEMORY;
	answer->reported = last_reported(&talk->news);
	answer->next_sync = next_renewal(talk->reply.renew_after, ledger->now);
	answer->anchor_elapsed_ms = talk->first_elapsed_ms - SECOND_MS;
	answer->anchor_wall = talk->first_wall;
	answer->anchor_boot = clock_boot_id();
	answer->network_used = talk->network_used;
	out->next_sync = answer->next_sync;
	run->sync->failures = 0;
	talk->line->is_calm = true;
	return ledger_link_answer(ledger, answer);
}

static enum fault
store_failure(
    struct link_sync_result *out, struct run *run, struct ledger *ledger)
{
	struct sync_talk *talk = &run->talk;
	const char *pin = talk->failure == LINK_FAILURE_PIN_CHANGED ||
		talk->failure == LINK_FAILURE_PIN_UNCONFIRMED
	    ? talk->answer.seen_pin
	    : NULL;

	out->code = link_failure_code(talk->failure);
	out->text = link_failure_text(
	    talk->arena, talk->failure, talk->link.server, talk->detail);
	if (!out->text)
		return FAULT_MEMORY;
	run->sync->failures++;
	talk->line->is_calm = false;
	out->next_sync = next_try(run, ledger->now);
	return ledger_link_failed(ledger, out->code, out->text,
	    pin && *pin ? pin : NULL, out->next_sync);
}

/* *stored is false when nothing was, because another server was entered meanwhile. */
static enum fault
store_outcome(bool *stored, struct link_sync_result *out, struct run *run)
{
	struct sync_talk *talk = &run->talk;
	static const struct actor actor = { "System", "" };
	struct ledger ledger;
	enum fault fault;

	*stored = false;
	ledger_init(&ledger, talk->store, talk->line->appliance, talk->arena,
	    &actor, clock_now());
	if ((fault = ledger_begin(&ledger)))
		return fault;
	fault = sync_talk_is_current(stored, talk);
	if (!fault && *stored)
		fault = talk->failure ? store_failure(out, run, &ledger)
				      : store_answer(out, run, &ledger);
	return ledger_end(&ledger, fault);
}

/* ---- round after round ---- */

static int64_t
leased_of(const struct demand_feature *features, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(features[i].feature->name, name) == 0)
			return features[i].leased;
	return 0;
}

/* A smaller document has to be confirmed at once, or its units are held for nothing (rules.md 3). */
static bool
has_shrunk(const struct sync_talk *talk, const struct demand_feature *before,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (leased_of(talk->features, talk->feature_count,
			before[i].feature->name) < before[i].leased)
			return true;
	return false;
}

static int64_t
asked_of(const struct demand_feature *features, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(features[i].feature->name, name) == 0)
			return features[i].users;
	return 0;
}

/* What this answer denied, or told of for the first time, lets another feature serve more. */
static bool
wants_other(const struct sync_talk *talk, const struct demand_feature *before,
    size_t count)
{
	const struct demand_feature *feature;
	size_t i;

	for (i = 0; i < talk->feature_count; i++) {
		feature = &talk->features[i];
		if (feature->users > feature->leased &&
		    feature->users >
			asked_of(before, count, feature->feature->name))
			return true;
	}
	return false;
}

/* A new epoch, and the lease held was not shown: the answer would take the place of what proves it. */
static bool
wants_proof(const struct sync_talk *talk)
{
	return !talk->failure && talk->link.number > 0 &&
	    talk->reply.answer.epoch > talk->link.epoch && talk->line->is_calm;
}

/* What the answer left to say. */
static enum fault
look_again(bool *again, struct run *run, const struct demand_feature *before,
    size_t count)
{
	struct sync_talk *talk = &run->talk;
	enum fault fault;

	if ((fault = load_state(talk)) || (fault = note_denials(run)) ||
	    (fault = sync_news_is_stale(
		 again, &talk->news, talk->arena, talk->store, clock_now())))
		return fault;
	keep_denials(run);
	link_sync_place(talk->features, talk->feature_count, run->input);
	*again = *again || has_shrunk(talk, before, count) ||
	    wants_other(talk, before, count);
	return FAULT_NONE;
}

/* *again when there is more to say. */
static enum fault
one_round(bool *again, struct link_sync_result *out, struct run *run)
{
	struct sync_talk *talk = &run->talk;
	const struct demand_feature *before = talk->features;
	size_t count = talk->feature_count;
	enum fault fault;
	bool stored;

	*again = false;
	talk->failure = LINK_FAILURE_NONE;
	talk->is_outdated = false;
	if ((fault = sync_talk_exchange(talk)))
		return fault;
	if (talk->is_outdated) {
		fault = look_again(again, run, before, count);
		*again = true;
		return fault;
	}
	if (talk->failure == LINK_FAILURE_STOPPED) {
		out->code = link_failure_code(talk->failure);
		out->text = link_failure_text(
		    talk->arena, talk->failure, "", "");
		return out->text ? FAULT_NONE : FAULT_MEMORY;
	}
	if (wants_proof(talk)) {
		talk->line->is_calm = false;
		*again = true;
		return FAULT_NONE;
	}
	if ((fault = store_outcome(&stored, out, run)))
		return fault;
	if (stored && talk->failure)
		return FAULT_NONE;
	fault = look_again(again, run, before, count);
	*again = *again || !stored;
	return fault;
}

static enum fault
list_changes(struct link_sync_result *out, const struct sync_talk *talk,
    const struct demand_feature *before, size_t count)
{
	const struct demand_feature *feature;
	int64_t was;
	size_t i;

	out->changes = arena_array(
	    talk->arena, talk->feature_count, sizeof(*out->changes));
	if (!out->changes)
		return FAULT_MEMORY;
	for (i = 0; i < talk->feature_count; i++) {
		feature = &talk->features[i];
		was = leased_of(before, count, feature->feature->name);
		if (was != feature->leased)
			out->changes[out->change_count++] =
			    (struct link_change){ feature->feature->name, was,
				    feature->leased };
	}
	return FAULT_NONE;
}

static enum fault
no_server(struct link_sync_result *out, struct arena *arena)
{
	out->code = link_failure_code(LINK_FAILURE_NO_SERVER);
	out->text = link_failure_text(arena, LINK_FAILURE_NO_SERVER, "", "");
	return out->text ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
link_sync_run(struct link_sync_result *out, struct link_sync *sync,
    struct store *store, struct arena *arena,
    const struct link_sync_input *input)
{
	struct run run = { .sync = sync,
		.talk = { .line = &sync->line, .store = store, .arena = arena },
		.input = input };
	const struct demand_feature *before;
	enum fault fault;
	bool again = true;
	size_t count;
	int round;

	assert(out && sync && store && arena && input);
	memset(out, 0, sizeof(*out));
	out->code = out->text = "";
	fault = load_state(&run.talk);
	if (fault == FAULT_NOT_FOUND)
		return no_server(out, arena);
	if (fault)
		return fault;
	before = run.talk.features;
	count = run.talk.feature_count;
	if ((fault = link_files_roots(&sync->line.ca_file, arena,
		 sync->line.appliance->state_directory)))
		return fault;
	link_sync_place(run.talk.features, count, input);
	for (round = 0; again && round < LINK_SYNC_ROUNDS_MAX; round++) {
		fault = one_round(&again, out, &run);
		if (fault == FAULT_NOT_FOUND)
			return no_server(out, arena);
		if (fault)
			return fault;
	}
	return list_changes(out, &run.talk, before, count);
}

enum fault
link_sync_open(struct link_sync **out, const struct appliance *appliance,
    const atomic_bool *stop)
{
	struct link_sync *sync;
	enum fault fault;

	*out = NULL;
	if (!(sync = calloc(1, sizeof(*sync))))
		return FAULT_MEMORY;
	sync->line.appliance = appliance;
	fault = link_files_device(
	    &sync->line.device, appliance->state_directory);
	if (!fault)
		fault = http_open(&sync->line.http, stop);
	if (fault)
		link_sync_close(&sync);
	*out = sync;
	return fault;
}

void
link_sync_close(struct link_sync **sync)
{
	if (!*sync)
		return;
	http_close(&(*sync)->line.http);
	keypair_free(&(*sync)->line.device);
	free(*sync);
	*sync = NULL;
}
