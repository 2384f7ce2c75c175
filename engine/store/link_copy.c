/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_copy.c: a link and all that belongs to it, as rows and as text. Decides
 * nothing.
 */
#include "engine/store/link_copy.h"

#include "engine/base/base64.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include "engine/store/store_link_edit.h"
#include <assert.h>
#include <string.h>

/* ---- what each row is made of ---- */

enum kind {
	KIND_TEXT,
	KIND_BYTES, /* text in any encoding */
	KIND_INT64,
	KIND_INT,
	KIND_BOOL
};

struct member {
	const char *name;
	enum kind kind;
	size_t offset;
};

#define MEMBER(row, type, member)                                              \
	{                                                                      \
		.name = #member, .kind = type,                                 \
		.offset = offsetof(struct row, member),                        \
	}
#define COUNT(members) (sizeof(members) / sizeof(*(members)))

static const struct member row_members[] = {
	MEMBER(link_row, KIND_TEXT, server),
	MEMBER(link_row, KIND_TEXT, client_name),
	MEMBER(link_row, KIND_BYTES, password),
	MEMBER(link_row, KIND_TEXT, network),
	MEMBER(link_row, KIND_BOOL, verify),
	MEMBER(link_row, KIND_INT64, row_version),
	MEMBER(link_row, KIND_TEXT, pin),
	MEMBER(link_row, KIND_TEXT, seen_pin),
	MEMBER(link_row, KIND_TEXT, server_id),
	MEMBER(link_row, KIND_TEXT, token),
	MEMBER(link_row, KIND_INT64, epoch),
	MEMBER(link_row, KIND_INT64, number),
	MEMBER(link_row, KIND_TEXT, document),
	MEMBER(link_row, KIND_INT64, last_success),
	MEMBER(link_row, KIND_INT64, last_attempt),
	MEMBER(link_row, KIND_TEXT, failure_code),
	MEMBER(link_row, KIND_TEXT, failure_text),
	MEMBER(link_row, KIND_INT64, next_sync),
	MEMBER(link_row, KIND_TEXT, network_used),
	MEMBER(link_row, KIND_INT64, server_time),
	MEMBER(link_row, KIND_TEXT, anchor_boot),
	MEMBER(link_row, KIND_INT64, anchor_elapsed_ms),
	MEMBER(link_row, KIND_INT64, anchor_wall),
	MEMBER(link_row, KIND_TEXT, cluster),
	MEMBER(link_row, KIND_BOOL, offers_to_lead),
	MEMBER(link_row, KIND_TEXT, leader),
	MEMBER(link_row, KIND_INT64, leader_until),
	MEMBER(link_row, KIND_INT64, penalty_until),
	MEMBER(link_row, KIND_INT64, success_time),
	MEMBER(link_row, KIND_INT64, lost_at),
	MEMBER(link_row, KIND_TEXT, notices),
	MEMBER(link_row, KIND_TEXT, compliance),
};

static const struct member feature_members[] = {
	MEMBER(link_feature_row, KIND_TEXT, feature),
	MEMBER(link_feature_row, KIND_INT64, reserved),
	MEMBER(link_feature_row, KIND_INT64, increment),
	MEMBER(link_feature_row, KIND_INT64, maximum),
	MEMBER(link_feature_row, KIND_BOOL, auto_lease),
	MEMBER(link_feature_row, KIND_TEXT, denied_code),
	MEMBER(link_feature_row, KIND_TEXT, denied_text),
};

static const struct member part_members[] = {
	MEMBER(link_part_row, KIND_TEXT, feature),
	MEMBER(link_part_row, KIND_INT, kind),
	MEMBER(link_part_row, KIND_INT64, units),
	MEMBER(link_part_row, KIND_INT64, granted),
	MEMBER(link_part_row, KIND_INT64, expires),
	MEMBER(link_part_row, KIND_BOOL, is_told),
};

static const struct member taken_members[] = {
	MEMBER(link_auto_lease_row, KIND_TEXT, feature),
	MEMBER(link_auto_lease_row, KIND_INT64, units),
	MEMBER(link_auto_lease_row, KIND_INT64, from),
	MEMBER(link_auto_lease_row, KIND_INT64, to),
	MEMBER(link_auto_lease_row, KIND_INT64, taken_at),
};

/* ---- rows to text ---- */

/* What a machine said badly is left out: it is only shown. */
static json_t *
text_to_json(const char *text)
{
	return json_string(text_is_utf8(text, strlen(text)) ? text : "");
}

static json_t *
bytes_to_json(struct arena *arena, const char *text)
{
	return json_string(base64_url_encode(arena, text, strlen(text)));
}

static json_t *
member_to_json(
    struct arena *arena, const struct member *member, const void *row)
{
	const void *at = (const char *)row + member->offset;

	switch (member->kind) {
	case KIND_TEXT:
		return text_to_json(*(const char *const *)at);
	case KIND_BYTES:
		return bytes_to_json(arena, *(const char *const *)at);
	case KIND_INT64:
		return json_integer(*(const int64_t *)at);
	case KIND_INT:
		return json_integer(*(const int *)at);
	case KIND_BOOL:
	default:
		return json_boolean(*(const bool *)at);
	}
}

static json_t *
row_to_json(struct arena *arena, const struct member *members, size_t count,
    const void *row)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < count; i++)
		if (json_object_set_new(object, members[i].name,
			member_to_json(arena, &members[i], row))) {
			json_decref(object);
			return NULL;
		}
	return object;
}

static json_t *
rows_to_json(struct arena *arena, const struct member *members,
    size_t member_count, const void *rows, size_t count, size_t size)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < count; i++)
		if (json_array_append_new(array,
			row_to_json(arena, members, member_count,
			    (const char *)rows + i * size))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

const char *
link_copy_to_text(struct arena *arena, const struct link_copy *copy)
{
	const struct link_row *row = &copy->row;
	const char *key = row->has_server_key
	    ? base64_url_encode(arena, row->server_key, sizeof(row->server_key))
	    : "";
	const char *text;
	json_t *object;

	assert(arena && copy);
	if (!key)
		return NULL;
	object = json_pack("{s:o, s:s, s:o, s:o, s:o}", "link",
	    row_to_json(arena, row_members, COUNT(row_members), row),
	    "server_key", key, "features",
	    rows_to_json(arena, feature_members, COUNT(feature_members),
		copy->features, copy->feature_count, sizeof(*copy->features)),
	    "parts",
	    rows_to_json(arena, part_members, COUNT(part_members), copy->parts,
		copy->part_count, sizeof(*copy->parts)),
	    "taken",
	    rows_to_json(arena, taken_members, COUNT(taken_members),
		copy->taken, copy->taken_count, sizeof(*copy->taken)));
	text = object ? json_dump(arena, object) : NULL;
	json_decref(object);
	return text;
}

/* ---- text to rows ---- */

static bool
take_text(void *at, struct arena *arena, const json_t *object, const char *name)
{
	const char *text = json_text(object, name);

	if (text)
		text = arena_text(arena, text);
	*(const char **)at = text;
	return text != NULL;
}

static bool
take_bytes(
    void *at, struct arena *arena, const json_t *object, const char *name)
{
	const char *text = json_text(object, name);
	size_t bytes;

	*(const char **)at = text
	    ? (const char *)base64_url_decode(&bytes, arena, text, strlen(text))
	    : NULL;
	return *(const char **)at != NULL;
}

static bool
take_int(void *at, const json_t *object, const char *name)
{
	int64_t value;
	bool is_there = json_int64(&value, object, name, 0, INT32_MAX);

	*(int *)at = (int)value;
	return is_there;
}

static bool
take_member(const struct member *member, void *row, struct arena *arena,
    const json_t *object)
{
	void *at = (char *)row + member->offset;

	switch (member->kind) {
	case KIND_TEXT:
		return take_text(at, arena, object, member->name);
	case KIND_BYTES:
		return take_bytes(at, arena, object, member->name);
	case KIND_INT64:
		return json_int64(
		    at, object, member->name, INT64_MIN, INT64_MAX);
	case KIND_INT:
		return take_int(at, object, member->name);
	case KIND_BOOL:
	default:
		*(bool *)at = json_bool(object, member->name, false);
		return true;
	}
}

static bool
take_row(const struct member *members, size_t count, void *row,
    struct arena *arena, const json_t *object)
{
	for (size_t i = 0; i < count; i++)
		if (!take_member(&members[i], row, arena, object))
			return false;
	return true;
}

/* NULL when one of them is not right; *count rows of "size" in the arena. */
static void *
take_rows(size_t *count, struct arena *arena, const json_t *array,
    const struct member *members, size_t member_count, size_t size)
{
	void *rows;

	*count = json_array_size(array);
	if (!json_is_array(array) ||
	    !(rows = arena_array(arena, *count + 1, size)))
		return NULL;
	for (size_t i = 0; i < *count; i++)
		if (!take_row(members, member_count, (char *)rows + i * size,
			arena, json_array_get(array, i)))
			return NULL;
	return rows;
}

static bool
take_key(struct link_row *out, struct arena *arena, const char *text)
{
	uint8_t *key;
	size_t bytes;

	if (!text || !*text)
		return text != NULL;
	key = base64_url_decode(&bytes, arena, text, strlen(text));
	if (!key || bytes != sizeof(out->server_key))
		return false;
	memcpy(out->server_key, key, bytes);
	out->has_server_key = true;
	return true;
}

static bool
take_copy(struct link_copy *out, struct arena *arena, const json_t *object)
{
	out->features = take_rows(&out->feature_count, arena,
	    json_object_get(object, "features"), feature_members,
	    COUNT(feature_members), sizeof(*out->features));
	out->parts = take_rows(&out->part_count, arena,
	    json_object_get(object, "parts"), part_members, COUNT(part_members),
	    sizeof(*out->parts));
	out->taken = take_rows(&out->taken_count, arena,
	    json_object_get(object, "taken"), taken_members,
	    COUNT(taken_members), sizeof(*out->taken));
	return out->features && out->parts && out->taken &&
	    take_key(&out->row, arena, json_text(object, "server_key")) &&
	    take_row(row_members, COUNT(row_members), &out->row, arena,
		json_object_get(object, "link"));
}

enum fault
link_copy_of_text(struct link_copy *out, struct arena *arena, const char *text)
{
	char reason[128] = "a member is missing";
	json_t *object;
	bool is_right;

	assert(out && arena && text);
	*out = (struct link_copy){ .features = NULL };
	object = json_load_object(text, strlen(text), reason, sizeof(reason));
	is_right = object && take_copy(out, arena, object);
	json_decref(object);
	if (is_right)
		return FAULT_NONE;
	if (arena->failed)
		return FAULT_MEMORY;
	log_line(LOG_SEVERITY_ERROR, "the link of before a trial: %s", reason);
	return FAULT_DAMAGED;
}

/* ---- the store ---- */

enum fault
link_copy_load(struct link_copy *out, struct arena *arena, struct store *store)
{
	enum fault fault;

	assert(out && arena && store);
	*out = (struct link_copy){ .features = NULL };
	if ((fault = store_link_load(&out->row, arena, store)) ||
	    (fault = store_link_features(&out->features, &out->feature_count,
		 arena, store, INT64_MAX)) ||
	    (fault = store_link_parts(
		 &out->parts, &out->part_count, arena, store)))
		return fault;
	return store_link_auto_lease_list(
	    &out->taken, &out->taken_count, arena, store);
}

enum fault
link_copy_write_taken(struct store *store, const struct link_copy *copy)
{
	enum fault fault = FAULT_NONE;

	assert(store && copy);
	for (size_t i = 0; !fault && i < copy->taken_count; i++)
		fault = store_link_auto_lease_insert(store, &copy->taken[i]);
	return fault;
}

/* Parts are told of in the order in which they run out: up to the latest one. */
static enum fault
mark_told(struct store *store, const struct link_copy *copy)
{
	int64_t latest = INT64_MIN;

	for (size_t i = 0; i < copy->part_count; i++)
		if (copy->parts[i].is_told && copy->parts[i].expires > latest)
			latest = copy->parts[i].expires;
	return store_link_edit_mark_lapsed(store, latest);
}

enum fault
link_copy_write(struct store *store, const struct link_copy *copy)
{
	enum fault fault;

	assert(store && copy);
	if ((fault = store_link_edit_delete(store)) ||
	    (fault = store_link_edit_save(store, &copy->row)) ||
	    (fault = store_link_edit_features(
		 store, copy->features, copy->feature_count)) ||
	    (fault = store_link_edit_parts(
		 store, copy->parts, copy->part_count)) ||
	    (fault = mark_told(store, copy)))
		return fault;
	return link_copy_write_taken(store, copy);
}
