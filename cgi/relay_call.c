/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay_call.c: who may say something, and to whom it goes. What a node sends
 * to the license server passes through unread.
 */
#include "cgi/relay_call.h"

#include "engine/base/base64.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"
#include "engine/peer/agent_call.h"
#include "engine/peer/cluster_hello.h"
#include "engine/peer/cluster_permit.h"
#include "engine/peer/cluster_post.h"
#include "engine/peer/link_clock.h"
#include "engine/peer/relay_spool.h"
#include "engine/rules/cluster.h"
#include "engine/store/store_link_auto_lease.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

#define BASIC "Basic "
/* Less than a node waits. */
#define RELAY_SECONDS 20
/* Servers take header lines of 8 KiB. */
#define HEADER_MAX_BYTES 8192

#define REFUSAL(symbol, code, status, title, detail)                           \
	{ code, status, title, detail },
static const struct service_refusal refusals[RELAY_REFUSAL__COUNT] = {
#include "cgi/relay_refusals.tbl"
};
#undef REFUSAL

struct call {
	struct service_response *out;
	struct arena *arena;
	const struct service_message *message;
	struct relay_service *service;
	struct store *store;
	struct link_row link;
};

/* Always false, for who answers whether it goes on. */
static bool
refuse(struct call *call, enum relay_refusal refusal, int64_t wait_ms)
{
	service_refuse(call->out, call->arena, &refusals[refusal], wait_ms);
	if (refusal == RELAY_REFUSAL_UNAUTHORIZED)
		call->out->challenge = "Basic realm=\"cluster\", "
				       "charset=\"UTF-8\"";
	if (refusal == RELAY_REFUSAL_METHOD)
		call->out->allow = "POST";
	return false;
}

static void
answer(struct call *call, const char *body)
{
	*call->out = (struct service_response){ .status = 200,
		.type = "application/json",
		.body = body };
}

/* ---- who may ask ---- */

static const char *
shown_credentials(const struct call *call)
{
	const char *text = call->message->authorization;
	size_t bytes;

	if (strncasecmp(text, BASIC, strlen(BASIC)) != 0)
		return "";
	text += strlen(BASIC);
	text = (const char *)base64_decode(
	    &bytes, call->arena, text, strlen(text));
	return text && strlen(text) == bytes ? text : "";
}

/* Without a cluster or a password nobody is let in. */
static enum fault
is_known(bool *out, struct call *call)
{
	const char *shown = shown_credentials(call), *password, *wanted;
	enum fault fault;

	*out = false;
	fault = store_link_load(&call->link, call->arena, call->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_cluster_node_password(
		 &password, call->arena, call->store)))
		return fault;
	wanted = cluster_post_credentials(
	    call->arena, call->link.cluster, password);
	if (!wanted)
		return FAULT_MEMORY;
	*out = *call->link.cluster && *password &&
	    secret_equals(shown, strlen(shown), wanted, strlen(wanted));
	return FAULT_NONE;
}

static bool
is_let_in(struct call *call)
{
	struct lease_throttle *throttle = &call->service->throttle;
	const char *address = call->message->address;
	int64_t now_ms = clock_elapsed_ms();
	int64_t wait_ms = lease_throttle_wait(
	    throttle, LEASE_THROTTLE_ADDRESS, address, now_ms);
	bool fits;

	if (wait_ms > 0)
		return refuse(call, RELAY_REFUSAL_TOO_MANY, wait_ms);
	if (is_known(&fits, call))
		return refuse(call, RELAY_REFUSAL_UNAVAILABLE, 0);
	if (fits)
		return true;
	/* Who shows nothing guesses nothing. */
	if (*call->message->authorization)
		lease_throttle_failed(
		    throttle, LEASE_THROTTLE_ADDRESS, address, now_ms);
	log_line(LOG_SEVERITY_NOTICE, "node refused at %s", address);
	return refuse(call, RELAY_REFUSAL_UNAUTHORIZED, 0);
}

static bool
is_listed(struct call *call, const char *node)
{
	struct cluster_node_row row;
	enum fault fault = store_cluster_node_load(
	    &row, call->arena, call->store, node);

	if (!fault)
		return true;
	return refuse(call,
	    fault == FAULT_NOT_FOUND ? RELAY_REFUSAL_UNKNOWN_NODE
				     : RELAY_REFUSAL_UNAVAILABLE,
	    0);
}

/* ---- hello ---- */

static enum fault
hear(struct call *call, const struct cluster_hello *hello)
{
	const struct actor actor = { "System", "" };
	const struct appliance *appliance = call->service->appliance;
	struct ledger ledger;
	enum fault fault;

	ledger_init(
	    &ledger, call->store, appliance, call->arena, &actor, clock_now());
	if ((fault = ledger_begin(&ledger)))
		return fault;
	return ledger_end(&ledger,
	    ledger_cluster_hello_heard(&ledger, hello->node, hello->units,
		hello->count, link_clock_now(&call->link)));
}

static void
run_hello(struct call *call)
{
	struct cluster_hello hello;
	const char *reason, *said;

	if (cluster_hello_read(&hello, &reason, call->arena,
		call->message->body, call->message->bytes)) {
		refuse(call, RELAY_REFUSAL_UNAVAILABLE, 0);
	} else if (reason) {
		refuse(call, RELAY_REFUSAL_BAD, 0);
	} else if (is_listed(call, hello.node)) {
		if (hear(call, &hello) ||
		    cluster_hello_make(&said, call->arena, call->store,
			call->service->appliance, &call->link))
			refuse(call, RELAY_REFUSAL_UNAVAILABLE, 0);
		else
			answer(call, said);
	}
}

/* ---- relay ---- */

static bool
is_header(const json_t *body, const char *name)
{
	const json_t *value = json_object_get(body, name);
	const char *text = json_text(body, name);

	return !value || (text && strlen(text) <= HEADER_MAX_BYTES);
}

/* The node's name in the arena, NULL when the request is malformed. */
static const char *
read_relay(struct call *call)
{
	json_t *body = json_load_object(
	    call->message->body, call->message->bytes, NULL, 0);
	const char *node = json_text(body, "node");
	int64_t protocol;
	bool is_good = json_int64(&protocol, body, "protocol", 1, 1) && node &&
	    text_is_alphanumeric(node) && json_text(body, "request") &&
	    is_header(body, "authorization") && is_header(body, "device");

	node = is_good ? arena_text(call->arena, node) : NULL;
	json_decref(body);
	return node;
}

/* The agent takes along what waits in the next sync, which comes at once. */
static bool
has_synced(struct call *call)
{
	json_t *request = json_pack("{s:s}", "op", "relay"), *said = NULL;
	bool is_done = false;

	if (request &&
	    !agent_call(&said, call->service->appliance->state_directory,
		request, RELAY_SECONDS))
		is_done = json_bool(said, "ok", false);
	json_decref(request);
	json_decref(said);
	return is_done;
}

static void
relay(struct call *call, const char *node)
{
	const char *state = call->service->appliance->state_directory;
	char id[RELAY_SPOOL_ID_SIZE], *said;
	enum fault fault = relay_spool_put(
	    id, call->arena, state, node, call->message->body);

	if (fault) {
		refuse(call,
		    fault == FAULT_BUSY ? RELAY_REFUSAL_TOO_MANY
					: RELAY_REFUSAL_UNAVAILABLE,
		    fault == FAULT_BUSY ? RELAY_SECONDS * 1000 : 0);
		return;
	}
	/* An answer may be there although the leader's own is not good. */
	(void)has_synced(call);
	if (relay_spool_get(&said, call->arena, state, id))
		refuse(call, RELAY_REFUSAL_NOT_CONNECTED, 0);
	else
		answer(call, said);
	relay_spool_drop(call->arena, state, id);
}

static void
run_relay(struct call *call)
{
	const char *node = read_relay(call);
	int64_t wait_ms;

	if (!node) {
		refuse(call, RELAY_REFUSAL_BAD, 0);
		return;
	}
	if (!is_listed(call, node))
		return;
	if (strcmp(call->link.leader, call->link.client_name) != 0) {
		refuse(call, RELAY_REFUSAL_NOT_LEADER, 0);
		return;
	}
	wait_ms = lease_throttle_spend(&call->service->throttle,
	    LEASE_THROTTLE_PACE, node, clock_elapsed_ms());
	if (wait_ms > 0)
		refuse(call, RELAY_REFUSAL_TOO_MANY, wait_ms);
	else if (call->link.lost_at)
		refuse(call, RELAY_REFUSAL_NOT_CONNECTED, 0);
	else
		relay(call, node);
}

/* ---- permits ---- */

/* Of a feature that this leader never heard of the node alone knows. */
static int64_t
permitted(struct call *call, const struct link_feature_row *rows, size_t count,
    const struct cluster_permit_wish *wish, size_t index)
{
	const struct cluster_permit *item = &wish->items[index];
	int64_t now = link_clock_now(&call->link);

	for (size_t i = 0; i < count; i++) {
		struct auto_lease_contact contact;

		if (strcmp(rows[i].feature, item->feature) != 0)
			continue;
		contact = store_link_auto_lease_contact(&call->link, &rows[i]);
		return cluster_permit(item->units, wish->since,
		    call->link.success_time, auto_lease_ends(&contact), now);
	}
	return item->units;
}

static enum fault
note_permits(struct call *call, const struct cluster_permit_wish *wish)
{
	const struct actor actor = { "System", "" };
	struct ledger ledger;
	enum fault fault;

	ledger_init(&ledger, call->store, call->service->appliance,
	    call->arena, &actor, clock_now());
	if ((fault = ledger_begin(&ledger)))
		return fault;
	for (size_t i = 0; !fault && i < wish->count; i++)
		if (wish->items[i].units > 0)
			fault = ledger_cluster_permitted(&ledger, wish->node,
			    wish->items[i].feature, wish->items[i].units);
	return ledger_end(&ledger, fault);
}

static enum fault
permit(struct call *call, struct cluster_permit_wish *wish)
{
	struct link_feature_row *rows;
	size_t count;
	enum fault fault = store_link_features(
	    &rows, &count, call->arena, call->store, 0);

	for (size_t i = 0; !fault && i < wish->count; i++)
		wish->items[i].units = permitted(call, rows, count, wish, i);
	return fault ? fault : note_permits(call, wish);
}

static void
run_permit(struct call *call)
{
	struct cluster_permit_wish wish;
	const char *said;

	if (!cluster_permit_read(&wish, call->arena, call->message->body,
		call->message->bytes)) {
		refuse(call, RELAY_REFUSAL_BAD, 0);
		return;
	}
	if (!is_listed(call, wish.node))
		return;
	if (strcmp(call->link.leader, call->link.client_name) != 0)
		refuse(call, RELAY_REFUSAL_NOT_LEADER, 0);
	else if (!call->link.lost_at)
		refuse(call, RELAY_REFUSAL_CONNECTED, 0);
	else if (link_clock_now(&call->link) == INT64_MAX)
		refuse(call, RELAY_REFUSAL_NOT_CONNECTED, 0);
	else if (permit(call, &wish) ||
	    !(said = cluster_permit_answer(call->arena, &wish)))
		refuse(call, RELAY_REFUSAL_UNAVAILABLE, 0);
	else
		answer(call, said);
}

void
relay_call_run(struct service_response *out, struct arena *arena,
    const struct service_message *message, struct relay_service *service,
    struct store *store)
{
	struct call call = { out, arena, message, service, store, { 0 } };
	bool is_hello, is_relay, is_permit;

	assert(out && arena && message && service && store);
	*out = (struct service_response){ 0 };
	is_hello = strcmp(message->path, CLUSTER_POST_HELLO) == 0;
	is_relay = strcmp(message->path, CLUSTER_POST_RELAY) == 0;
	is_permit = strcmp(message->path, CLUSTER_POST_PERMIT) == 0;
	if (!is_hello && !is_relay && !is_permit)
		refuse(&call, RELAY_REFUSAL_NOT_FOUND, 0);
	else if (strcmp(message->method, "POST") != 0)
		refuse(&call, RELAY_REFUSAL_METHOD, 0);
	else if (message->is_too_large)
		refuse(&call, RELAY_REFUSAL_TOO_LARGE, 0);
	else if (is_let_in(&call) && is_hello)
		run_hello(&call);
	else if (!out->status && is_permit)
		run_permit(&call);
	else if (!out->status)
		run_relay(&call);
}
