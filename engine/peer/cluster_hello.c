/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_hello.c: a round of hellos. Decides nothing: who is lost, and what
 * is used in its place, the ledger and the rules say.
 */
#include "engine/peer/cluster_hello.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/text.h"
#include "engine/peer/cluster_post.h"
#include "engine/peer/link_clock.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define FEATURE_MAX_BYTES 64

/* ---- what is said ---- */

static json_t *
units_of(const struct demand_feature *features, size_t count)
{
	json_t *units = json_object();
	size_t i;

	for (i = 0; units && i < count; i++)
		if (features[i].own > 0 &&
		    json_object_set_new(units, features[i].feature->name,
			json_integer((json_int_t)features[i].own))) {
			json_decref(units);
			units = NULL;
		}
	return units;
}

enum fault
cluster_hello_make(const char **out, struct arena *arena, struct store *store,
    const struct appliance *appliance, const struct link_row *link)
{
	struct demand_feature *features;
	enum fault fault;
	size_t count;
	json_t *hello;

	assert(out && arena && store && appliance && link);
	*out = NULL;
	if ((fault = store_link_demand(&features, &count, arena, store,
		 &appliance->catalogue, appliance->product, clock_now(),
		 link_clock_now(link))))
		return fault;
	hello = json_pack("{s:i, s:s, s:o}", "protocol", CLUSTER_HELLO_PROTOCOL,
	    "node", link->client_name, "units", units_of(features, count));
	*out = hello ? json_dump(arena, hello) : NULL;
	json_decref(hello);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

/* ---- what was said ---- */

static bool
is_feature(const char *name)
{
	return *name && strlen(name) <= FEATURE_MAX_BYTES &&
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
	    strlen(name);
}

static const char *
read_units(struct cluster_hello *out, struct arena *arena, json_t *units)
{
	struct cluster_node_units *row;
	const char *name;
	json_t *value;

	json_object_foreach(units, name, value)
	{
		row = &out->units[out->count];
		row->feature = arena_text(arena, name);
		if (out->count == CLUSTER_HELLO_FEATURES_MAX || !row->feature ||
		    !is_feature(name) ||
		    !json_int64(&row->units, units, name, 0, INT64_MAX / 2))
			return "units";
		row->client_name = out->node;
		out->count++;
	}
	return NULL;
}

static const char *
read_hello(struct cluster_hello *out, struct arena *arena, const json_t *hello)
{
	const char *node = json_text(hello, "node");
	json_t *units = json_object_get(hello, "units");
	int64_t protocol;

	if (!json_int64(&protocol, hello, "protocol", CLUSTER_HELLO_PROTOCOL,
		CLUSTER_HELLO_PROTOCOL))
		return "protocol";
	if (!node || !*node || !text_is_alphanumeric(node))
		return "node";
	out->node = arena_text(arena, node);
	return json_is_object(units) ? read_units(out, arena, units) : "units";
}

enum fault
cluster_hello_read(struct cluster_hello *out, const char **reason,
    struct arena *arena, const char *text, size_t bytes)
{
	json_t *hello;

	assert(out && reason && arena && text);
	*out = (struct cluster_hello){ .node = "" };
	*reason = "not a JSON object";
	/* One more than is taken, so that the loop writes nowhere else. */
	out->units = arena_array(
	    arena, CLUSTER_HELLO_FEATURES_MAX + 1, sizeof(*out->units));
	if (!out->units)
		return FAULT_MEMORY;
	if (!(hello = json_load_object(text, bytes, NULL, 0)))
		return FAULT_NONE;
	*reason = read_hello(out, arena, hello);
	json_decref(hello);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* ---- a round ---- */

struct round {
	struct ledger *ledger;
	struct http *http;
	struct link_row link;
	const char *password, *hello;
};

static enum fault
store_heard(struct round *round, const struct cluster_hello *heard)
{
	struct ledger *ledger = round->ledger;
	enum fault fault = ledger_begin(ledger);

	if (fault)
		return fault;
	return ledger_end(ledger,
	    ledger_cluster_hello_heard(ledger, heard->node, heard->units,
		heard->count, link_clock_now(&round->link)));
}

static enum fault
store_failure(struct round *round, const struct cluster_node_row *node,
    enum cluster_failure failure, const struct http_answer *answer,
    const char *detail)
{
	struct ledger *ledger = round->ledger;
	const char *text = cluster_failure_text(
	    ledger->arena, failure, node->address, detail);
	enum fault fault;

	if (!text)
		return FAULT_MEMORY;
	/* Once is enough for a node that stays away. */
	if (strcmp(text, node->failure_text) == 0)
		return FAULT_NONE;
	if ((fault = ledger_begin(ledger)))
		return fault;
	return ledger_end(ledger,
	    ledger_cluster_hello_unreached(
		ledger, node->client_name, text, answer->seen_pin));
}

static enum fault
judge(struct round *round, const struct cluster_node_row *node,
    const struct http_answer *answer)
{
	struct cluster_hello heard;
	const char *reason;
	enum fault fault = cluster_hello_read(&heard, &reason,
	    round->ledger->arena, answer->body, answer->body_bytes);

	if (fault)
		return fault;
	if (reason)
		return store_failure(
		    round, node, CLUSTER_FAILURE_BAD_ANSWER, answer, reason);
	if (strcmp(heard.node, node->client_name) != 0)
		return store_failure(round, node, CLUSTER_FAILURE_OTHER_NODE,
		    answer, heard.node);
	return store_heard(round, &heard);
}

static enum fault
greet(struct round *round, const struct cluster_node_row *node)
{
	struct ledger *ledger = round->ledger;
	const struct cluster_post post = {
		.node = node,
		.state_directory = ledger->appliance->state_directory,
		.cluster = round->link.cluster,
		.password = round->password,
		.path = CLUSTER_POST_HELLO,
		.body = round->hello,
		.seconds = CLUSTER_POST_HELLO_SECONDS,
	};
	struct http_answer answer;
	enum cluster_failure failure;
	enum fault fault = cluster_post_send(
	    &answer, &failure, round->http, ledger->arena, &post);

	if (fault || answer.outcome == HTTP_STOPPED)
		return fault;
	if (failure)
		return store_failure(
		    round, node, failure, &answer, answer.detail);
	return judge(round, node, &answer);
}

static enum fault
greet_all(struct round *round)
{
	struct ledger *ledger = round->ledger;
	struct cluster_node_row *nodes;
	enum fault fault;
	size_t count;

	if ((fault = cluster_hello_make(&round->hello, ledger->arena,
		 ledger->store, ledger->appliance, &round->link)) ||
	    (fault = store_cluster_node_list(
		 &nodes, &count, ledger->arena, ledger->store)))
		return fault;
	for (size_t i = 0; i < count && !fault; i++) {
		ledger->now = clock_now();
		fault = greet(round, &nodes[i]);
		/* Removed meanwhile. */
		if (fault == FAULT_NOT_FOUND)
			fault = FAULT_NONE;
	}
	return fault;
}

static enum fault
watch(struct round *round)
{
	struct ledger *ledger = round->ledger;
	enum fault fault;

	if ((fault = ledger_begin(ledger)))
		return fault;
	return ledger_end(ledger,
	    ledger_cluster_hello_watch(ledger, link_clock_now(&round->link)));
}

enum fault
cluster_hello_round(struct ledger *ledger, struct http *http)
{
	struct round round = { .ledger = ledger, .http = http };
	enum fault fault;

	assert(ledger && http);
	fault = store_link_load(&round.link, ledger->arena, ledger->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_cluster_node_password(
		 &round.password, ledger->arena, ledger->store)))
		return fault;
	if (!*round.link.cluster || !*round.password)
		return FAULT_NONE;
	if ((fault = greet_all(&round)))
		return fault;
	/* The clock may have been set by a sync meanwhile. */
	if ((fault = store_link_load(
		 &round.link, ledger->arena, ledger->store)))
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return watch(&round);
}
