/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_permit.c: see cluster_permit.h. What is permitted the rules say.
 */
#include "engine/peer/cluster_permit.h"

#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include "engine/peer/cluster_post.h"
#include "engine/peer/http.h"
#include "engine/peer/sync_leader.h"
#include "engine/rules/sku.h"
#include <assert.h>
#include <string.h>

#define PROTOCOL      1
#define ASK_SECONDS   1
#define FEATURE_BYTES 64

static json_t *
list_of(const struct cluster_permit *items, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < count; i++)
		if (json_array_append_new(list,
			json_pack("{s:s, s:I}", "feature", items[i].feature,
			    "units", (json_int_t)items[i].units))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* ---- the node asks ---- */

static const char *
body_of(struct arena *arena, const struct link_row *link,
    const struct cluster_permit *items, size_t count)
{
	json_t *body = json_pack("{s:i, s:s, s:I, s:o}", "protocol", PROTOCOL,
	    "node", link->client_name, "since", (json_int_t)link->success_time,
	    "wishes", list_of(items, count));
	const char *text = body ? json_dump(arena, body) : NULL;

	json_decref(body);
	return text;
}

/* Never more than was wished for, and nothing of what is not named. */
static bool
take_permits(struct cluster_permit *items, size_t count, const json_t *said)
{
	const json_t *list = json_object_get(said, "permits");
	size_t index;
	json_t *item;

	if (!json_is_array(list))
		return false;
	for (size_t i = 0; i < count; i++) {
		int64_t permitted = 0;

		json_array_foreach(list, index, item)
		{
			const char *feature = json_text(item, "feature");

			if (feature && strcmp(feature, items[i].feature) == 0)
				(void)json_int64(&permitted, item, "units", 0,
				    items[i].units);
		}
		items[i].units = permitted;
	}
	return true;
}

static enum fault
post(bool *is_answered, struct arena *arena, const struct cluster_post *post,
    struct cluster_permit *items, size_t count)
{
	struct http *http = NULL;
	struct http_answer answer;
	enum cluster_failure failure = CLUSTER_FAILURE_NONE;
	json_t *said;
	enum fault fault = http_open(&http, NULL);

	if (!fault)
		fault = cluster_post_send(
		    &answer, &failure, http, arena, post);
	http_close(&http);
	if (fault || failure != CLUSTER_FAILURE_NONE)
		return fault;
	said = json_load_object(answer.body, answer.body_bytes, NULL, 0);
	*is_answered = take_permits(items, count, said);
	json_decref(said);
	return FAULT_NONE;
}

enum fault
cluster_permit_ask(bool *is_answered, struct arena *arena,
    const struct appliance *appliance, const struct link_row *link,
    struct cluster_permit *items, size_t count)
{
	struct sync_leader leader;
	struct cluster_post request = {
		.node = &leader.node,
		.state_directory = appliance->state_directory,
		.cluster = link->cluster,
		.path = CLUSTER_POST_PERMIT,
		.seconds = ASK_SECONDS,
	};
	enum fault fault = sync_leader_find(
	    &leader, arena, appliance->store, link);

	assert(is_answered && arena && items && count > 0);
	*is_answered = false;
	if (fault || !leader.may_ask || count > CLUSTER_PERMIT_MAX)
		return fault;
	request.password = leader.password;
	request.body = body_of(arena, link, items, count);
	if (!request.body)
		return FAULT_MEMORY;
	fault = post(is_answered, arena, &request, items, count);
	log_line(LOG_SEVERITY_INFO, "leader %s: %s", leader.node.client_name,
	    *is_answered ? "said what may be taken alone"
			 : "did not say what may be taken alone");
	return fault;
}

/* ---- the leader answers ---- */

static bool
read_items(struct cluster_permit_wish *out, struct arena *arena,
    const json_t *list)
{
	size_t index;
	json_t *item;

	if (!json_is_array(list) || json_array_size(list) > CLUSTER_PERMIT_MAX)
		return false;
	json_array_foreach(list, index, item)
	{
		struct cluster_permit *row = &out->items[out->count++];
		const char *feature = json_text(item, "feature");

		if (!feature || strlen(feature) > FEATURE_BYTES ||
		    !json_int64(
			&row->units, item, "units", 0, SKU_UNITS_MAX))
			return false;
		row->feature = arena_text(arena, feature);
	}
	return !arena->failed;
}

bool
cluster_permit_read(struct cluster_permit_wish *out, struct arena *arena,
    const char *body, size_t bytes)
{
	json_t *object = json_load_object(body, bytes, NULL, 0);
	const char *node = json_text(object, "node");
	int64_t protocol;
	bool is_good;

	assert(out && arena);
	*out = (struct cluster_permit_wish){ .count = 0 };
	is_good = json_int64(&protocol, object, "protocol", PROTOCOL,
		      PROTOCOL) &&
	    node && text_is_alphanumeric(node) &&
	    json_int64(&out->since, object, "since", 0, INT64_MAX) &&
	    read_items(out, arena, json_object_get(object, "wishes"));
	out->node = is_good ? arena_text(arena, node) : NULL;
	json_decref(object);
	return out->node != NULL;
}

const char *
cluster_permit_answer(
    struct arena *arena, const struct cluster_permit_wish *wish)
{
	json_t *body = json_pack(
	    "{s:o}", "permits", list_of(wish->items, wish->count));
	const char *text = body ? json_dump(arena, body) : NULL;

	json_decref(body);
	return text;
}
