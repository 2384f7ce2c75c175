/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_request.c: what a client may say, member by member. A wrong type or
 * bound refuses the whole request, so that nothing is half understood.
 */
#include "cgi/lease_request.h"

#include "engine/base/json.h"
#include "engine/rules/catalogue.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FEATURE_NAME_MAX  32
#define USERS_MAX         10000000
#define REQUEST_ID_MIN    16
#define REQUEST_ID_MAX    64
#define HARDWARE_ID_CHARS 16
#define TEXT_MAX          64
/* The last second of the year 9999: nobody's clock is honestly later. */
#define SENT_AT_MAX  INT64_C(253402300799)
#define PASSWORD_MAX 1024

/* Members that later versions act upon; here only their types are checked. */
static const struct later {
	const char *name;
	json_type element; /* of the array */
} later_members[] = {
	{ "members", JSON_STRING },
	{ "surrenders", JSON_OBJECT },
	{ "recalls", JSON_OBJECT },
	{ "auto_leases", JSON_OBJECT },
	{ "on_behalf", JSON_OBJECT },
};

struct reader {
	struct lease_request_body *out;
	struct arena *arena;
	const json_t *object;
};

static bool
refuse(const struct reader *reader, const char *name, const char *rule)
{
	snprintf(reader->out->reason, sizeof(reader->out->reason), "%s %s.",
	    name, rule);
	return false;
}

/* Absent members and null are one. */
static const json_t *
member(const struct reader *reader, const char *name)
{
	const json_t *value = json_object_get(reader->object, name);

	return json_is_null(value) ? NULL : value;
}

/* Into the arena; a NULL that is no mistake of the sender shows in arena->failed. */
static bool
keep(const char **out, const struct reader *reader, const char *text)
{
	*out = arena_text(reader->arena, text);
	return *out != NULL;
}

static bool
consists_of(const char *text, size_t low, size_t high, const char *allowed)
{
	size_t length = strlen(text);

	return length >= low && length <= high &&
	    strspn(text, allowed) == length;
}

/* At most TEXT_MAX characters, none of them a control character. */
static bool
is_shown_text(const char *text)
{
	size_t characters = 0;

	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
		characters += ((unsigned char)*text & 0xc0) != 0x80;
	}
	return characters <= TEXT_MAX;
}

static bool
read_shown(const char **out, const struct reader *reader, const char *name)
{
	const char *text = json_text(reader->object, name);

	if (!text || !*text || !is_shown_text(text))
		return refuse(
		    reader, name, "must be a text of 1 to 64 characters");
	return keep(out, reader, text);
}

static bool
read_request_id(const struct reader *reader)
{
	const char *text = json_text(reader->object, "request_id");

	if (!text ||
	    !consists_of(text, REQUEST_ID_MIN, REQUEST_ID_MAX,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_-"))
		return refuse(reader, "request_id",
		    "must be 16 to 64 of A-Z a-z 0-9 _ -");
	return keep(&reader->out->request_id, reader, text);
}

static bool
read_hardware_id(const struct reader *reader)
{
	const char *text = json_text(reader->object, "hardware_id");

	if (!text ||
	    !consists_of(text, HARDWARE_ID_CHARS, HARDWARE_ID_CHARS,
		"0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
		return refuse(reader, "hardware_id",
		    "must be 16 of 0-9 A-H J K M N P-T V-Z");
	return keep(&reader->out->hardware_id, reader, text);
}

static bool
read_product(const struct reader *reader)
{
	const char *text = json_text(reader->object, "product");

	reader->out->product = text ? catalogue_product(text) : 0;
	return reader->out->product
	    ? true
	    : refuse(reader, "product", "must be PCS or PPS");
}

static bool
read_numbers(const struct reader *reader)
{
	struct lease_request_body *out = reader->out;

	if (!json_int64(
		&out->sent_at, reader->object, "sent_at", 0, SENT_AT_MAX))
		return refuse(
		    reader, "sent_at", "must be whole seconds since 1970");
	if (member(reader, "holds") &&
	    !json_int64(&out->holds, reader->object, "holds", 0, INT64_MAX))
		return refuse(
		    reader, "holds", "must be a whole number, 0 or more");
	return true;
}

static bool
read_cluster(const struct reader *reader)
{
	const json_t *cluster = member(reader, "cluster");
	const json_t *leader = json_object_get(cluster, "leader");
	const char *name = json_text(cluster, "name");

	if (!cluster)
		return true;
	if (!json_is_object(cluster) || !name || !is_shown_text(name))
		return refuse(reader, "cluster.name",
		    "must be a text of up to 64 characters");
	if (leader && !json_is_boolean(leader))
		return refuse(
		    reader, "cluster.leader", "must be true or false");
	return keep(&reader->out->cluster, reader, name);
}

static bool
read_device_key(const struct reader *reader)
{
	const json_t *jwk = member(reader, "device_key");

	if (!jwk)
		return true;
	reader->out->has_device_key = keypair_public_from_jwk(
	    reader->out->device_key, jwk);
	return reader->out->has_device_key
	    ? true
	    : refuse(reader, "device_key", "must be an Ed25519 key as JWK");
}

static bool
read_credentials(const struct reader *reader)
{
	const char *client = json_text(reader->object, "client");
	const char *password = json_text(reader->object, "password");

	if (member(reader, "client") &&
	    (!client || !*client ||
		!keep(&reader->out->client, reader, client)))
		return refuse(reader, "client", "must be a text");
	if (!member(reader, "password"))
		return true;
	if (!password || strlen(password) > PASSWORD_MAX)
		return refuse(
		    reader, "password", "must be a text of up to 1024 bytes");
	return keep(&reader->out->password, reader, password);
}

static bool
is_feature_name(const char *name)
{
	const char *c;

	for (c = name; *c > ' ' && *c < 0x7f; c++)
		;
	return *c == '\0' && c != name && c - name <= FEATURE_NAME_MAX;
}

static bool
read_want(struct sync_want *out, const struct reader *reader, const char *name,
    const json_t *value)
{
	/* A key may hold no NUL: jansson refuses it. */
	if (!is_feature_name(name))
		return refuse(reader, "features",
		    "must have names of 1 to 32 visible ASCII characters");
	if (!json_is_object(value) ||
	    !json_int64(&out->users, value, "users", 0, USERS_MAX))
		return refuse(reader, "features: users",
		    "must be a whole number from 0 to 10000000");
	return keep(&out->feature, reader, name);
}

static bool
read_features(const struct reader *reader)
{
	struct lease_request_body *out = reader->out;
	json_t *features = json_object_get(reader->object, "features"), *value;
	const char *name;

	if (!json_is_object(features) ||
	    json_object_size(features) > LEASE_REQUEST_MAX_FEATURES)
		return refuse(reader, "features",
		    "must be an object of up to 64 members");
	out->wants = arena_array(
	    reader->arena, json_object_size(features), sizeof(*out->wants));
	if (!out->wants)
		return false;
	json_object_foreach(features, name,
	    value) if (!read_want(&out->wants[out->want_count++], reader, name,
			   value)) return false;
	return true;
}

static bool
has_only(const json_t *array, json_type element)
{
	size_t i;

	if (!json_is_array(array))
		return false;
	for (i = 0; i < json_array_size(array); i++)
		if (json_typeof(json_array_get(array, i)) != element)
			return false;
	return true;
}

/* Adds "name" to the list of what is not acted upon. */
static bool
note(const struct reader *reader, const char *name)
{
	struct lease_request_body *out = reader->out;

	out->unsupported = arena_format(reader->arena, "%s%s%s",
	    out->unsupported, *out->unsupported ? ", " : "", name);
	return out->unsupported != NULL;
}

static bool
read_later_members(const struct reader *reader)
{
	const size_t count = sizeof(later_members) / sizeof(later_members[0]);
	const struct later *later;
	const json_t *value;

	for (later = later_members; later < later_members + count; later++) {
		if (!(value = member(reader, later->name)))
			continue;
		if (!has_only(value, later->element))
			return refuse(reader, later->name,
			    later->element == JSON_STRING
				? "must be an array of texts"
				: "must be an array of objects");
		if (json_array_size(value) && !note(reader, later->name))
			return false;
	}
	value = member(reader, "lease");
	if (value && !json_is_string(value))
		return refuse(reader, "lease", "must be a text");
	return value ? note(reader, "lease") : true;
}

static bool
read_members(const struct reader *reader)
{
	return read_numbers(reader) && read_hardware_id(reader) &&
	    read_shown(&reader->out->platform, reader, "platform") &&
	    read_product(reader) &&
	    read_shown(&reader->out->version, reader, "version") &&
	    read_cluster(reader) && read_device_key(reader) &&
	    read_credentials(reader) && read_features(reader) &&
	    read_later_members(reader);
}

/* What another version says beyond its number and request ID is not ours to judge. */
static enum lease_request_state
read_object(const struct reader *reader)
{
	int64_t protocol;
	bool has_id = read_request_id(reader);

	if (!json_int64(
		&protocol, reader->object, "protocol", INT64_MIN, INT64_MAX)) {
		refuse(reader, "protocol", "must be a whole number");
		return LEASE_REQUEST_BAD;
	}
	if (protocol != LEASE_REQUEST_PROTOCOL)
		return LEASE_REQUEST_OTHER_PROTOCOL;
	return has_id && read_members(reader) ? LEASE_REQUEST_GOOD
					      : LEASE_REQUEST_BAD;
}

enum lease_request_state
lease_request_parse(struct lease_request_body *out, struct arena *arena,
    const char *text, size_t length)
{
	struct reader reader = { out, arena, NULL };
	enum lease_request_state state = LEASE_REQUEST_BAD;
	json_t *object;

	assert(out && arena && (text || length == 0));
	*out = (struct lease_request_body){ .request_id = "",
		.hardware_id = "",
		.platform = "",
		.version = "",
		.cluster = "",
		.unsupported = "" };
	if (length > LEASE_REQUEST_MAX_BYTES) {
		refuse(&reader, "The body", "has more than 65536 bytes");
		return LEASE_REQUEST_BAD;
	}
	reader.object = object = json_load_object(
	    text, length, out->reason, sizeof(out->reason));
	if (object)
		state = read_object(&reader);
	json_decref(object);
	if (!out->request_id)
		out->request_id = "";
	return state == LEASE_REQUEST_BAD && arena->failed
	    ? LEASE_REQUEST_NO_MEMORY
	    : state;
}
