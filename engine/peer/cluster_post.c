/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_post.c: from a node's row to an answer. Does not know what is said.
 */
#include "engine/peer/cluster_post.h"

#include "engine/peer/link_files.h"
#include "engine/peer/link_network.h"
#include <assert.h>
#include <string.h>

#define INTERNAL "internal"

const char *
cluster_post_credentials(
    struct arena *arena, const char *cluster, const char *password)
{
	return arena_format(arena, "%s:%s", cluster, password);
}

static enum fault
fill(struct http_request *out, struct arena *arena,
    const struct cluster_post *post)
{
	const struct cluster_node_row *node = post->node;
	struct link_network network;
	enum fault fault;

	*out = (struct http_request){ .url = arena_format(arena, "https://%s%s",
					  node->address, post->path),
		.verify = node->verify,
		.pin = node->pin,
		.body = post->body,
		.body_bytes = strlen(post->body),
		.seconds = post->seconds };
	if ((fault = link_network_choose(
		 &network, arena, post->state_directory, INTERNAL)))
		return fault;
	out->network = network.local;
	if ((fault = link_files_roots(
		 &out->ca_file, arena, post->state_directory)))
		return fault;
	return out->url ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
meet(struct http_answer *out, enum cluster_failure *failure, struct http *http,
    struct arena *arena, const struct http_request *request)
{
	enum fault fault = http_meet(out, http, arena, request);

	if (fault)
		return fault;
	out->status = 200;
	*failure = cluster_failure_of(out);
	if (*failure == CLUSTER_FAILURE_NONE) {
		*failure = CLUSTER_FAILURE_PIN_UNCONFIRMED;
		out->detail = out->seen_pin;
	}
	return FAULT_NONE;
}

enum fault
cluster_post_send(struct http_answer *out, enum cluster_failure *failure,
    struct http *http, struct arena *arena, const struct cluster_post *post)
{
	const char *headers[2] = {
		http_basic(arena, post->cluster, post->password), NULL
	};
	struct http_request request;
	enum fault fault;

	assert(out && failure && http && post->node && *post->password);
	*failure = CLUSTER_FAILURE_NONE;
	if (!headers[0])
		return FAULT_MEMORY;
	if ((fault = fill(&request, arena, post)))
		return fault;
	if (!request.verify && !*request.pin)
		return meet(out, failure, http, arena, &request);
	request.headers = headers;
	if ((fault = http_post(out, http, arena, &request)))
		return fault;
	*failure = cluster_failure_of(out);
	if (*failure == CLUSTER_FAILURE_PIN_CHANGED)
		out->detail = out->seen_pin;
	else if (out->outcome == HTTP_ANSWERED && *failure)
		out->detail = arena_format(
		    arena, "HTTP status %ld", out->status);
	return out->detail ? FAULT_NONE : FAULT_MEMORY;
}
