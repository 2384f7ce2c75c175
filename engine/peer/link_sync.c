/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_sync.c: asks until both sides agree. Knows when to ask again, what a
 * failure is called and when to try next; what is asked and how an answer is
 * judged stands in sync_ask.c and sync_reply.c.
 */
#include "engine/peer/link_sync.h"

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "engine/peer/link_clock.h"
#include "engine/peer/link_failure.h"
#include "engine/peer/link_files.h"
#include "engine/peer/link_network.h"
#include "engine/peer/sync_ask.h"
#include "engine/peer/sync_leader.h"
#include "engine/peer/sync_news.h"
#include "engine/peer/sync_reply.h"
#include "engine/store/ledger.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* No catalogue has as many, and no server takes more. */
#define FEATURES_MAX     64
#define BACK_OFF_SECONDS 30
#define BACK_OFF_LEAST   2
/* A leader that did not ask for this node is left alone so long. */
#define LEADER_PAUSE_MS 30000
/* A renewal comes up to a tenth of its interval early, so that clients spread. */
#define JITTER_SHARE    10
#define INTERNAL        "internal"
/* A server tells whole seconds: its clock may be as much further when it answers. */
#define SECOND_MS 1000

struct link_sync {
	const struct appliance *appliance;
	struct keypair *device;
	struct http *http;
	const char *ca_file; /* of this run; NULL when there is none */
	int failures; /* in a row */
	/* After a start and after each failure the server may be another one than before: a restored one (rules.md 15). */
	bool is_calm;
	int64_t leader_after_ms; /* elapsed time before which no leader is asked */
};

/* One run. */
struct talk {
	struct link_sync *sync;
	struct store *store;
	struct arena *arena;
	const struct link_sync_input *input;
	struct link_row link;
	struct demand_feature *features;
	size_t feature_count;
	const char **denied; /* features denied in this run */
	size_t denied_count;
	char request_id[SYNC_ASK_ID_SIZE];
	int64_t sent_at; /* as that ID's body says, however often it is sent */
	struct sync_news news; /* likewise */
	struct sync_leader leader;
	struct sync_nodes nodes; /* likewise, of a leader */
	int64_t first_elapsed_ms,
	    first_wall; /* when that ID was first sent; 0 = not yet */
	const char *network_used;
	struct http_answer answer;
	struct sync_reply reply;
	enum link_failure failure;
	const char *detail;
	bool is_outdated; /* another server was entered before this one was asked */
};

/* ---- what is known before asking ---- */

static bool
was_denied(const struct talk *talk, const char *feature)
{
	size_t i;

	for (i = 0; i < talk->denied_count; i++)
		if (strcmp(talk->denied[i], feature) == 0)
			return true;
	return false;
}

static enum fault
note_denials(struct talk *talk)
{
	const char **grown = arena_array(talk->arena,
	    talk->denied_count + talk->feature_count, sizeof(*grown));
	size_t i;

	if (!grown)
		return FAULT_MEMORY;
	for (i = 0; i < talk->denied_count; i++)
		grown[i] = talk->denied[i];
	talk->denied = grown;
	for (i = 0; i < talk->feature_count; i++) {
		if (!talk->features[i].is_denied ||
		    was_denied(talk, talk->features[i].feature->name))
			continue;
		grown[talk->denied_count++] = talk->features[i].feature->name;
	}
	return FAULT_NONE;
}

/* Within one run a denial stands, or two features would take turns. */
static void
keep_denials(struct talk *talk)
{
	size_t i;

	for (i = 0; i < talk->feature_count; i++)
		if (was_denied(talk, talk->features[i].feature->name))
			talk->features[i].is_denied = true;
}

static enum fault
load_state(struct talk *talk)
{
	const struct appliance *appliance = talk->sync->appliance;
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

/* ---- one exchange ---- */

static bool
fail(struct talk *talk, enum link_failure failure, const char *detail)
{
	talk->failure = failure;
	talk->detail = detail ? detail : "";
	return false;
}

/* The answer's clock is anchored to when that ID was first sent. */
static void
note_first(struct talk *talk)
{
	if (talk->first_wall)
		return;
	talk->first_elapsed_ms = clock_elapsed_ms();
	talk->first_wall = clock_now();
}

static enum fault
send_over(struct talk *talk, struct http_request *request, bool is_meeting)
{
	struct http *http = talk->sync->http;
	enum fault fault;

	if (!is_meeting)
		note_first(talk);
	fault = is_meeting
	    ? http_meet(&talk->answer, http, talk->arena, request)
	    : http_post(&talk->answer, http, talk->arena, request);
	if (!fault && talk->answer.outcome != HTTP_ANSWERED)
		log_line(LOG_SEVERITY_NOTICE, "license server %s: %s",
		    talk->link.server, talk->answer.detail);
	return fault;
}

/* By the preferred network, else by the internal one; once more when a connection broke: the request ID makes that safe. */
static enum fault
send_request(struct talk *talk, struct http_request *request, bool is_meeting)
{
	const char *state = talk->sync->appliance->state_directory;
	struct link_network network;
	enum fault fault;

	if ((fault = link_network_choose(
		 &network, talk->arena, state, talk->link.network)))
		return fault;
	request->network = network.local;
	fault = send_over(talk, request, is_meeting);
	if (!fault && talk->answer.outcome == HTTP_NETWORK_DOWN &&
	    strcmp(network.name, INTERNAL) != 0) {
		if ((fault = link_network_choose(
			 &network, talk->arena, state, INTERNAL)))
			return fault;
		request->network = network.local;
		fault = send_over(talk, request, is_meeting);
	}
	if (!fault && talk->answer.outcome == HTTP_BROKEN)
		fault = send_over(talk, request, is_meeting);
	talk->network_used = network.name;
	return fault;
}

static enum fault
fill_request(
    struct http_request *out, struct talk *talk, const struct sync_ask *ask)
{
	memset(out, 0, sizeof(*out));
	out->url = arena_format(
	    talk->arena, "https://%s" SYNC_ASK_PATH, talk->link.server);
	out->verify = talk->link.verify;
	out->ca_file = talk->sync->ca_file;
	out->pin = talk->link.pin;
	out->body = ask ? ask->body : NULL;
	out->body_bytes = ask ? ask->bytes : 0;
	out->headers = ask ? ask->headers : NULL;
	return out->url ? FAULT_NONE : FAULT_MEMORY;
}

/* Nobody has confirmed a key yet: learn the one there is, say nothing. */
static enum fault
meet(struct talk *talk)
{
	struct http_request request;
	enum fault fault;

	if ((fault = fill_request(&request, talk, NULL)) ||
	    (fault = send_request(talk, &request, true)))
		return fault;
	if (talk->answer.outcome == HTTP_ANSWERED)
		fail(talk, LINK_FAILURE_PIN_UNCONFIRMED, talk->answer.seen_pin);
	else
		fail(talk, link_failure_of_outcome(talk->answer.outcome),
		    talk->answer.detail);
	return FAULT_NONE;
}

/* Through the leader, if there is one that can be asked. */
static enum fault
ask_leader(bool *is_answered, struct talk *talk,
    const struct sync_ask_input *input, const struct sync_ask *ask)
{
	struct link_sync *sync = talk->sync;
	enum fault fault;

	*is_answered = false;
	if (!talk->leader.may_ask ||
	    clock_elapsed_ms() < sync->leader_after_ms)
		return FAULT_NONE;
	note_first(talk);
	talk->network_used = INTERNAL;
	fault = sync_leader_ask(&talk->answer, is_answered, &talk->leader,
	    sync->http, talk->arena, input, ask);
	if (!*is_answered)
		sync->leader_after_ms = clock_elapsed_ms() + LEADER_PAUSE_MS;
	return fault;
}

static enum fault
ask_once(struct talk *talk, bool with_token)
{
	const struct sync_ask_input input = { talk->sync->appliance,
		talk->sync->device, &talk->link, talk->request_id,
		talk->features, talk->feature_count, with_token, talk->sent_at,
		&talk->news, false, &talk->nodes };
	struct http_request request;
	struct sync_ask ask;
	enum fault fault;
	bool is_answered;

	if ((fault = sync_ask_build(&ask, talk->arena, &input)) ||
	    (fault = fill_request(&request, talk, &ask)) ||
	    (fault = ask_leader(&is_answered, talk, &input, &ask)))
		return fault;
	return is_answered ? FAULT_NONE : send_request(talk, &request, false);
}

static void
note_refusal(struct talk *talk)
{
	const char *detail;
	enum link_failure failure = link_failure_of_answer(
	    &detail, talk->arena, &talk->answer);

	fail(talk, failure, detail);
}

static enum fault
judge(struct talk *talk)
{
	const struct link_row *link = &talk->link;
	struct sync_expectation expectation = {
		.request_id = talk->request_id,
		.client_name = link->client_name,
		.hardware_id = talk->sync->appliance->hardware_id,
		.has_server_key = link->has_server_key,
		.epoch = link->epoch,
		.number = link->number,
	};
	enum fault fault;

	memcpy(expectation.server_key, link->server_key,
	    sizeof(expectation.server_key));
	if ((fault = sync_reply_read(&talk->reply, talk->arena,
		 talk->answer.body, talk->answer.body_bytes, &expectation)))
		return fault;
	if (talk->reply.failure)
		fail(talk, talk->reply.failure, talk->reply.detail);
	return FAULT_NONE;
}

static enum fault
new_request(struct talk *talk)
{
	talk->first_wall = 0;
	talk->sent_at = clock_now();
	return random_hex(talk->request_id, (SYNC_ASK_ID_SIZE - 1) / 2);
}

/* The administrator may have entered another server while this one was asked. */
static enum fault
is_same_server(bool *same, struct talk *talk)
{
	const struct link_row *old = &talk->link;
	struct link_row link;
	enum fault fault = store_link_load(&link, talk->arena, talk->store);

	*same = !fault && strcmp(link.server, old->server) == 0 &&
	    strcmp(link.client_name, old->client_name) == 0 &&
	    strcmp(link.network, old->network) == 0 &&
	    strcmp(link.password, old->password) == 0 &&
	    strcmp(link.pin, old->pin) == 0 && link.verify == old->verify &&
	    link.epoch == old->epoch && link.number == old->number;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* Committed before it is said: from then on a server may know. */
static enum fault
load_news(struct talk *talk)
{
	static const struct actor actor = { "System", "" };
	struct ledger ledger;
	enum fault fault;
	bool is_same;

	if ((fault = store_begin(talk->store)))
		return fault;
	ledger_init(&ledger, talk->store, talk->sync->appliance, talk->arena,
	    &actor, clock_now());
	/* What is surrendered to another server is not for this one. */
	fault = is_same_server(&is_same, talk);
	talk->is_outdated = !is_same;
	if (!fault && is_same)
		fault = sync_news_load(&talk->news, &ledger,
		    link_clock_now(&talk->link),
		    talk->sync->is_calm ? NULL : talk->link.document);
	return ledger_end(&ledger, fault);
}

/* The same request, as the one refused now may have been answered before; under an ID of its own when the password changes the body. */
static enum fault
ask_with_password(struct talk *talk)
{
	enum fault fault;

	if (!sync_ask_fits_header(&talk->link) && (fault = new_request(talk)))
		return fault;
	return ask_once(talk, false);
}

static bool
has_status(const struct talk *talk, long status)
{
	return talk->answer.outcome == HTTP_ANSWERED &&
	    talk->answer.status == status;
}

/* A token that is refused costs one more try with the password. */
static enum fault
ask_twice(struct talk *talk)
{
	bool with_token = talk->link.token[0] != '\0';
	enum fault fault = ask_once(talk, with_token);

	if (!fault && with_token && has_status(talk, 401))
		fault = ask_with_password(talk);
	return fault;
}

/* What others sent never stands in the way of this node's own lease. */
static enum fault
ask_with_nodes(struct talk *talk)
{
	enum fault fault = ask_twice(talk);

	if (!fault && sync_nodes_are_sent(&talk->nodes) &&
	    (has_status(talk, 400) || has_status(talk, 413))) {
		talk->nodes.count = 0;
		if (!(fault = new_request(talk)))
			fault = ask_twice(talk);
	}
	if (!fault && has_status(talk, 200) &&
	    sync_nodes_are_sent(&talk->nodes))
		fault = sync_nodes_give(&talk->nodes, talk->arena,
		    talk->sync->appliance->state_directory, talk->answer.body,
		    talk->answer.body_bytes);
	talk->nodes.count = 0;
	return fault;
}

/* Whom to ask, or, once a run, whom to ask for. */
static enum fault
load_cluster(struct talk *talk)
{
	const char *state = talk->sync->appliance->state_directory;
	enum fault fault = sync_leader_find(
	    &talk->leader, talk->arena, talk->store, &talk->link);

	if (fault || !talk->leader.is_self)
		return fault;
	return sync_nodes_load(&talk->nodes, talk->arena, state);
}

static enum fault
exchange(struct talk *talk)
{
	enum fault fault;

	if ((fault = new_request(talk)))
		return fault;
	if (!talk->link.verify && !talk->link.pin[0])
		return meet(talk);
	if ((fault = load_news(talk)) || talk->is_outdated ||
	    (fault = load_cluster(talk)) || (fault = ask_with_nodes(talk)))
		return fault;
	if (talk->answer.outcome != HTTP_ANSWERED)
		fail(talk, link_failure_of_outcome(talk->answer.outcome),
		    talk->answer.outcome == HTTP_OTHER_KEY
			? talk->answer.seen_pin
			: talk->answer.detail);
	else if (talk->answer.status != 200)
		note_refusal(talk);
	else
		return judge(talk);
	return FAULT_NONE;
}

/* ---- what becomes of it ---- */

static int64_t
next_renewal(int64_t renew_after, int64_t now)
{
	return now + renew_after - random_below(renew_after / JITTER_SHARE + 1);
}

static int64_t
next_try(struct talk *talk, int64_t now)
{
	int64_t limit = BACK_OFF_SECONDS, most, wait;
	int i;

	if (store_setting_load(&most, talk->store, SETTING_RENEWAL_INTERVAL))
		most = setting_rows[SETTING_RENEWAL_INTERVAL].value;
	for (i = 1; i < talk->sync->failures && limit < most; i++)
		limit *= 2;
	limit = limit < most ? limit : most;
	wait = BACK_OFF_LEAST + random_below(limit - BACK_OFF_LEAST + 1);
	if (talk->answer.retry_after > wait)
		wait = talk->answer.retry_after;
	return now + (wait < most ? wait : most);
}

/* To which message of ours each word on a license is the answer. */
static enum fault
match_surrenders(struct link_answer *answer, const struct talk *talk)
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
    struct link_sync_result *out, struct talk *talk, struct ledger *ledger)
{
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
	talk->sync->failures = 0;
	talk->sync->is_calm = true;
	return ledger_link_answer(ledger, answer);
}

static enum fault
store_failure(
    struct link_sync_result *out, struct talk *talk, struct ledger *ledger)
{
	const char *pin = talk->failure == LINK_FAILURE_PIN_CHANGED ||
		talk->failure == LINK_FAILURE_PIN_UNCONFIRMED
	    ? talk->answer.seen_pin
	    : NULL;

	out->code = link_failure_code(talk->failure);
	out->text = link_failure_text(
	    talk->arena, talk->failure, talk->link.server, talk->detail);
	if (!out->text)
		return FAULT_MEMORY;
	talk->sync->failures++;
	talk->sync->is_calm = false;
	out->next_sync = next_try(talk, ledger->now);
	return ledger_link_failed(ledger, out->code, out->text,
	    pin && *pin ? pin : NULL, out->next_sync);
}

/* *stored is false when nothing was, because another server was entered meanwhile. */
static enum fault
store_outcome(bool *stored, struct link_sync_result *out, struct talk *talk)
{
	static const struct actor actor = { "System", "" };
	struct ledger ledger;
	enum fault fault;

	*stored = false;
	ledger_init(&ledger, talk->store, talk->sync->appliance, talk->arena,
	    &actor, clock_now());
	if ((fault = ledger_begin(&ledger)))
		return fault;
	fault = is_same_server(stored, talk);
	if (!fault && *stored)
		fault = talk->failure ? store_failure(out, talk, &ledger)
				      : store_answer(out, talk, &ledger);
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
has_shrunk(
    const struct talk *talk, const struct demand_feature *before, size_t count)
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
wants_other(
    const struct talk *talk, const struct demand_feature *before, size_t count)
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
wants_proof(const struct talk *talk)
{
	return !talk->failure && talk->link.number > 0 &&
	    talk->reply.answer.epoch > talk->link.epoch && talk->sync->is_calm;
}

/* What the answer left to say. */
static enum fault
look_again(bool *again, struct talk *talk, const struct demand_feature *before,
    size_t count)
{
	enum fault fault;

	if ((fault = load_state(talk)) || (fault = note_denials(talk)) ||
	    (fault = sync_news_is_stale(
		 again, &talk->news, talk->arena, talk->store, clock_now())))
		return fault;
	keep_denials(talk);
	link_sync_place(talk->features, talk->feature_count, talk->input);
	*again = *again || has_shrunk(talk, before, count) ||
	    wants_other(talk, before, count);
	return FAULT_NONE;
}

/* *again when there is more to say. */
static enum fault
one_round(bool *again, struct link_sync_result *out, struct talk *talk)
{
	const struct demand_feature *before = talk->features;
	size_t count = talk->feature_count;
	enum fault fault;
	bool stored;

	*again = false;
	talk->failure = LINK_FAILURE_NONE;
	talk->is_outdated = false;
	if ((fault = exchange(talk)))
		return fault;
	if (talk->is_outdated) {
		fault = look_again(again, talk, before, count);
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
		talk->sync->is_calm = false;
		*again = true;
		return FAULT_NONE;
	}
	if ((fault = store_outcome(&stored, out, talk)))
		return fault;
	if (stored && talk->failure)
		return FAULT_NONE;
	fault = look_again(again, talk, before, count);
	*again = *again || !stored;
	return fault;
}

static enum fault
list_changes(struct link_sync_result *out, const struct talk *talk,
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
	struct talk talk = {
		.sync = sync, .store = store, .arena = arena, .input = input
	};
	const struct demand_feature *before;
	enum fault fault;
	bool again = true;
	size_t count;
	int round;

	assert(out && sync && store && arena && input);
	memset(out, 0, sizeof(*out));
	out->code = out->text = "";
	fault = load_state(&talk);
	if (fault == FAULT_NOT_FOUND)
		return no_server(out, arena);
	if (fault)
		return fault;
	before = talk.features;
	count = talk.feature_count;
	if ((fault = link_files_roots(&sync->ca_file, arena,
		 sync->appliance->state_directory)))
		return fault;
	link_sync_place(talk.features, count, input);
	for (round = 0; again && round < LINK_SYNC_ROUNDS_MAX; round++) {
		fault = one_round(&again, out, &talk);
		if (fault == FAULT_NOT_FOUND)
			return no_server(out, arena);
		if (fault)
			return fault;
	}
	return list_changes(out, &talk, before, count);
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
	sync->appliance = appliance;
	fault = link_files_device(
	    &sync->device, appliance->state_directory);
	if (!fault)
		fault = http_open(&sync->http, stop);
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
	http_close(&(*sync)->http);
	keypair_free(&(*sync)->device);
	free(*sync);
	*sync = NULL;
}
