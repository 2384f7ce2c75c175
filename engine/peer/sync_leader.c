/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_leader.c: the way through the leader. Believes nothing that comes back:
 * sync_reply.c judges it like any answer.
 */
#include "engine/peer/sync_leader.h"

#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/peer/cluster_post.h"
#include "engine/peer/device_proof.h"
#include <assert.h>
#include <string.h>

#define PROTOCOL 1

static bool
can_be_asked(const struct sync_leader *leader)
{
	const struct cluster_node_row *node = &leader->node;

	return *leader->password && (node->verify || *node->pin) &&
	    !node->lost_at && !*node->failure_text;
}

enum fault
sync_leader_find(struct sync_leader *out, struct arena *arena,
    struct store *store, const struct link_row *link)
{
	enum fault fault;

	assert(out && arena && store && link);
	*out = (struct sync_leader){ .password = "" };
	if (!*link->cluster || !*link->leader)
		return FAULT_NONE;
	out->is_self = strcmp(link->leader, link->client_name) == 0;
	if (out->is_self)
		return FAULT_NONE;
	fault = store_cluster_node_load(&out->node, arena, store, link->leader);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_cluster_node_password(&out->password, arena, store)))
		return fault;
	out->may_ask = can_be_asked(out);
	return FAULT_NONE;
}

/* NULL when there is no such header. */
static const char *
header_of(const struct sync_ask *ask, const char *name)
{
	size_t i, length = strlen(name);

	for (i = 0; i < 2 && ask->headers[i]; i++)
		if (strncmp(ask->headers[i], name, length) == 0 &&
		    strncmp(ask->headers[i] + length, ": ", 2) == 0)
			return ask->headers[i] + length + 2;
	return NULL;
}

static const char *
make_body(struct arena *arena, const struct sync_ask_input *input,
    const struct sync_ask *ask)
{
	json_t *body = json_pack("{s:i, s:s, s:s*, s:s*, s:s}", "protocol",
	    PROTOCOL, "node", input->link->client_name, "authorization",
	    header_of(ask, "Authorization"), "device",
	    header_of(ask, DEVICE_PROOF_HEADER), "request", ask->body);
	const char *text = body ? json_dump(arena, body) : NULL;

	json_decref(body);
	return text;
}

/* A refusal that is about the leader, not about this node. */
static bool
is_about_leader(const json_t *problem)
{
	const char *code = json_text(problem, "code");

	return code && strcmp(code, "cluster_mismatch") == 0;
}

static enum fault
read_answer(bool *is_answered, struct http_answer *out, struct arena *arena)
{
	json_t *relayed = json_load_object(out->body, out->body_bytes, NULL, 0);
	json_t *body = json_object_get(relayed, "answer");
	int64_t status;

	if (!body)
		body = json_object_get(relayed, "problem");
	if (json_int64(&status, relayed, "status", 200, 599) &&
	    json_is_object(body) && !is_about_leader(body)) {
		out->status = (long)status;
		out->body = json_dump(arena, body);
		out->body_bytes = out->body ? strlen(out->body) : 0;
		(void)json_int64(
		    &out->retry_after, relayed, "retry_after", 0, INT32_MAX);
		*is_answered = true;
	}
	json_decref(relayed);
	return out->body ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
sync_leader_ask(struct http_answer *out, bool *is_answered,
    const struct sync_leader *leader, struct http *http, struct arena *arena,
    const struct sync_ask_input *input, const struct sync_ask *ask)
{
	const struct cluster_post post = {
		.node = &leader->node,
		.state_directory = input->appliance->state_directory,
		.cluster = input->link->cluster,
		.password = leader->password,
		.path = CLUSTER_POST_RELAY,
		.body = make_body(arena, input, ask),
		.seconds = CLUSTER_POST_RELAY_SECONDS,
	};
	enum cluster_failure failure;
	enum fault fault;

	assert(out && is_answered && leader->may_ask);
	*is_answered = false;
	if (!post.body)
		return FAULT_MEMORY;
	if ((fault = cluster_post_send(out, &failure, http, arena, &post)))
		return fault;
	if (!failure && (fault = read_answer(is_answered, out, arena)))
		return fault;
	log_line(LOG_SEVERITY_INFO, "leader %s: %s", leader->node.client_name,
	    *is_answered ? "asked for this node"
			 : "did not ask for this node; the license server is "
			   "asked directly");
	return FAULT_NONE;
}
