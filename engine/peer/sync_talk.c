/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_talk.c: how one question gets through and what it comes back as.
 */
#include "engine/peer/sync_talk.h"

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "engine/peer/link_clock.h"
#include "engine/peer/link_network.h"
#include "engine/store/ledger.h"
#include <string.h>

/* A leader that did not ask for this node is left alone so long. */
#define LEADER_PAUSE_MS 30000
#define INTERNAL        "internal"

static bool
fail(struct sync_talk *talk, enum link_failure failure, const char *detail)
{
	talk->failure = failure;
	talk->detail = detail ? detail : "";
	return false;
}

/* The answer's clock is anchored to when that ID was first sent. */
static void
note_first(struct sync_talk *talk)
{
	if (talk->first_wall)
		return;
	talk->first_elapsed_ms = clock_elapsed_ms();
	talk->first_wall = clock_now();
}

static enum fault
send_over(struct sync_talk *talk, struct http_request *request, bool is_meeting)
{
	struct http *http = talk->line->http;
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
send_request(
    struct sync_talk *talk, struct http_request *request, bool is_meeting)
{
	const char *state = talk->line->appliance->state_directory;
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
fill_request(struct http_request *out, struct sync_talk *talk,
    const struct sync_ask *ask)
{
	memset(out, 0, sizeof(*out));
	out->url = arena_format(
	    talk->arena, "https://%s" SYNC_ASK_PATH, talk->link.server);
	out->verify = talk->link.verify;
	out->ca_file = talk->line->ca_file;
	out->pin = talk->link.pin;
	out->body = ask ? ask->body : NULL;
	out->body_bytes = ask ? ask->bytes : 0;
	out->headers = ask ? ask->headers : NULL;
	return out->url ? FAULT_NONE : FAULT_MEMORY;
}

/* Nobody has confirmed a key yet: learn the one there is, say nothing. */
static enum fault
meet(struct sync_talk *talk)
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
ask_leader(bool *is_answered, struct sync_talk *talk,
    const struct sync_ask_input *input, const struct sync_ask *ask)
{
	struct sync_line *line = talk->line;
	enum fault fault;

	*is_answered = false;
	if (!talk->leader.may_ask || clock_elapsed_ms() < line->leader_after_ms)
		return FAULT_NONE;
	note_first(talk);
	talk->network_used = INTERNAL;
	fault = sync_leader_ask(&talk->answer, is_answered, &talk->leader,
	    line->http, talk->arena, input, ask);
	if (!*is_answered)
		line->leader_after_ms = clock_elapsed_ms() + LEADER_PAUSE_MS;
	return fault;
}

static enum fault
ask_once(struct sync_talk *talk, bool with_token)
{
	const struct sync_ask_input input = { talk->line->appliance,
		talk->line->device, &talk->link, talk->request_id,
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
note_refusal(struct sync_talk *talk)
{
	const char *detail;
	enum link_failure failure = link_failure_of_answer(
	    &detail, talk->arena, &talk->answer);

	fail(talk, failure, detail);
}

static enum fault
judge(struct sync_talk *talk)
{
	const struct link_row *link = &talk->link;
	struct sync_expectation expectation = {
		.request_id = talk->request_id,
		.client_name = link->client_name,
		.hardware_id = talk->line->appliance->hardware_id,
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
new_request(struct sync_talk *talk)
{
	talk->first_wall = 0;
	talk->sent_at = clock_now();
	return random_hex(talk->request_id, (SYNC_ASK_ID_SIZE - 1) / 2);
}

/* The administrator may have entered another server while this one was asked. */
enum fault
sync_talk_is_current(bool *is_current, struct sync_talk *talk)
{
	const struct link_row *old = &talk->link;
	struct link_row link;
	enum fault fault = store_link_load(&link, talk->arena, talk->store);

	*is_current = !fault && strcmp(link.server, old->server) == 0 &&
	    strcmp(link.client_name, old->client_name) == 0 &&
	    strcmp(link.network, old->network) == 0 &&
	    strcmp(link.password, old->password) == 0 &&
	    strcmp(link.pin, old->pin) == 0 && link.verify == old->verify &&
	    link.epoch == old->epoch && link.number == old->number;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* Committed before it is said: from then on a server may know. */
static enum fault
load_news(struct sync_talk *talk)
{
	static const struct actor actor = { "System", "" };
	struct ledger ledger;
	enum fault fault;
	bool is_current;

	if ((fault = store_begin(talk->store)))
		return fault;
	ledger_init(&ledger, talk->store, talk->line->appliance, talk->arena,
	    &actor, clock_now());
	/* What is surrendered to another server is not for this one. */
	fault = sync_talk_is_current(&is_current, talk);
	talk->is_outdated = !is_current;
	if (!fault && is_current)
		fault = sync_news_load(&talk->news, &ledger,
		    link_clock_now(&talk->link),
		    talk->line->is_calm ? NULL : talk->link.document);
	return ledger_end(&ledger, fault);
}

/* The same request, as the one refused now may have been answered before; under an ID of its own when the password changes the body. */
static enum fault
ask_with_password(struct sync_talk *talk)
{
	enum fault fault;

	if (!sync_ask_fits_header(&talk->link) && (fault = new_request(talk)))
		return fault;
	return ask_once(talk, false);
}

static bool
has_status(const struct sync_talk *talk, long status)
{
	return talk->answer.outcome == HTTP_ANSWERED &&
	    talk->answer.status == status;
}

/* A token that is refused costs one more try with the password. */
static enum fault
ask_twice(struct sync_talk *talk)
{
	bool with_token = talk->link.token[0] != '\0';
	enum fault fault = ask_once(talk, with_token);

	if (!fault && with_token && has_status(talk, 401))
		fault = ask_with_password(talk);
	return fault;
}

/* What others sent never stands in the way of this node's own lease. */
static enum fault
ask_with_nodes(struct sync_talk *talk)
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
		    talk->line->appliance->state_directory, talk->answer.body,
		    talk->answer.body_bytes);
	talk->nodes.count = 0;
	return fault;
}

/* Whom to ask, or, once a run, whom to ask for. */
static enum fault
load_cluster(struct sync_talk *talk)
{
	const char *state = talk->line->appliance->state_directory;
	enum fault fault = sync_leader_find(
	    &talk->leader, talk->arena, talk->store, &talk->link);

	if (fault || !talk->leader.is_self)
		return fault;
	return sync_nodes_load(&talk->nodes, talk->arena, state);
}

enum fault
sync_talk_exchange(struct sync_talk *talk)
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
