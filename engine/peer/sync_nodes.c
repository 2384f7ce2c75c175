/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_nodes.c: from the spool into a request, from an answer into the spool.
 */
#include "engine/peer/sync_nodes.h"

#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/peer/relay_spool.h"
#include "engine/store/store_cluster_node.h"
#include <assert.h>
#include <string.h>

/* False when it is not what the door let in. */
static bool
read_node(struct sync_node *out, struct arena *arena,
    const struct relay_spool_entry *entry)
{
	json_t *from = json_load_object(entry->text, entry->bytes, NULL, 0);

	out->id = entry->id;
	out->authorization = arena_text(
	    arena, json_text(from, "authorization"));
	out->device = arena_text(arena, json_text(from, "device"));
	out->request = arena_text(arena, json_text(from, "request"));
	json_decref(from);
	return out->request != NULL;
}

enum fault
sync_nodes_load(
    struct sync_nodes *out, struct arena *arena, const char *state_directory)
{
	struct relay_spool_entry *entries;
	enum fault fault;
	size_t i, count;

	assert(out && arena && state_directory);
	*out = (struct sync_nodes){ .count = 0 };
	if ((fault = relay_spool_list(
		 &entries, &count, arena, state_directory, CLUSTER_NODES_MAX)))
		return fault;
	out->nodes = arena_array(arena, count, sizeof(*out->nodes));
	if (!out->nodes)
		return FAULT_MEMORY;
	for (i = 0; i < count; i++)
		if (read_node(&out->nodes[out->count], arena, &entries[i]))
			out->count++;
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

static size_t
bytes_of(const json_t *value)
{
	return json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS);
}

bool
sync_nodes_add(json_t *body, struct sync_nodes *nodes)
{
	json_t *list = json_array(), *one;
	size_t i, bytes, used = bytes_of(body) + strlen("\"on_behalf\":[],");
	struct sync_node *node;

	assert(nodes);
	for (i = 0; list && i < nodes->count; i++) {
		node = &nodes->nodes[i];
		one = json_pack("{s:s*, s:s*, s:s}", "authorization",
		    node->authorization, "device", node->device, "request",
		    node->request);
		bytes = one ? bytes_of(one) + 1 : 0;
		node->is_sent = bytes &&
		    used + bytes <= SYNC_NODES_BODY_MAX_BYTES;
		if (node->is_sent && json_array_append(list, one)) {
			json_decref(list);
			list = NULL;
		}
		used += node->is_sent ? bytes : 0;
		json_decref(one);
	}
	if (list && json_array_size(list) == 0) {
		json_decref(list);
		return true;
	}
	return !json_object_set_new(body, "on_behalf", list);
}

bool
sync_nodes_are_sent(const struct sync_nodes *nodes)
{
	size_t i;

	for (i = 0; i < nodes->count; i++)
		if (nodes->nodes[i].is_sent)
			return true;
	return false;
}

static size_t
count_sent(const struct sync_nodes *nodes)
{
	size_t i, count = 0;

	for (i = 0; i < nodes->count; i++)
		count += nodes->nodes[i].is_sent;
	return count;
}

enum fault
sync_nodes_give(struct sync_nodes *nodes, struct arena *arena,
    const char *state_directory, const char *text, size_t bytes)
{
	json_t *answer = json_load_object(text, bytes, NULL, 0);
	json_t *list = json_object_get(answer, "on_behalf");
	enum fault fault = FAULT_NONE;
	const char *one;
	size_t i, next = 0;

	assert(nodes && arena && state_directory);
	/* Answers that cannot be told apart are none. */
	if (json_array_size(list) != count_sent(nodes)) {
		log_line(LOG_SEVERITY_WARNING,
		    "the license server left out answers for other nodes");
		nodes->count = 0;
	}
	for (i = 0; i < nodes->count && !fault; i++) {
		if (!nodes->nodes[i].is_sent)
			continue;
		one = json_dump(arena, json_array_get(list, next++));
		fault = one ? relay_spool_answer(arena, state_directory,
				  nodes->nodes[i].id, one)
			    : FAULT_MEMORY;
	}
	nodes->count = 0;
	json_decref(answer);
	return fault;
}
