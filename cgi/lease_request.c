/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_request.c: what a client may say, member by member. A wrong type or
 * bound refuses the whole request, so that nothing is half understood.
 */
#include "cgi/lease_request.h"

#include "engine/base/hardware_id.h"
#include "engine/base/json.h"
#include "engine/rules/catalogue.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FEATURE_NAME_MAX  32
#define COUNT_MAX         10000000
#define REQUEST_ID_MIN    16
#define REQUEST_ID_MAX    64
#define HARDWARE_ID_CHARS 16
#define TEXT_MAX          64
/* The last second of the year 9999: nobody's clock is honestly later. */
#define SENT_AT_MAX  INT64_C(253402300799)
#define PASSWORD_MAX 1024

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
	reader->out->offers_to_lead = json_is_true(leader);
	return keep(&reader->out->cluster, reader, name);
}

/* A device is named by its key, so that none takes another's name (rules.md 1). */
static bool
derives_from_key(const struct lease_request_body *body)
{
	char derived[HARDWARE_ID_SIZE];

	return !hardware_id_of(derived, body->device_key) &&
	    strcmp(derived, body->hardware_id) == 0;
}

static bool
read_device_key(const struct reader *reader)
{
	const json_t *jwk = member(reader, "device_key");

	if (!jwk)
		return true;
	reader->out->has_device_key = keypair_public_from_jwk(
	    reader->out->device_key, jwk);
	if (!reader->out->has_device_key)
		return refuse(
		    reader, "device_key", "must be an Ed25519 key as JWK");
	return derives_from_key(reader->out)
	    ? true
	    : refuse(reader, "hardware_id",
		  "must be the one that derives from device_key");
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
	    !json_int64(&out->users, value, "users", 0, COUNT_MAX))
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

/* ---- arrays ---- */

/* One member that is an array, and how an element of it becomes a struct. */
struct list {
	const char *name, *rule;
	size_t most, size;
	/* Refuses, or writes "out"; "reader" reads the element. */
	bool (*read)(void *out, const struct reader *reader);
};

/* 1 to "most" bytes, none of them a control character. */
static bool
is_clean_text(const char *text, size_t most)
{
	size_t length = text ? strlen(text) : 0;
	const char *c;

	for (c = text; length && *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return length > 0 && length <= most;
}

/* An instant, by the clock of whoever tells it. */
static bool
read_instant(int64_t *out, const struct reader *reader, const char *name,
    const char *shown)
{
	return json_int64(out, reader->object, name, 0, SENT_AT_MAX)
	    ? true
	    : refuse(reader, shown, "must be whole seconds since 1970");
}

static bool
read_surrender(void *out, const struct reader *reader)
{
	struct sync_surrender *surrender = out;
	const char *key = json_text(reader->object, "key");

	if (!is_clean_text(key, LEASE_REQUEST_MAX_KEY))
		return refuse(reader, "surrenders: key",
		    "must be a text of 1 to 8192 bytes");
	return read_instant(
		   &surrender->since, reader, "since", "surrenders: since") &&
	    keep(&surrender->key, reader, key);
}

static bool
read_recall(void *out, const struct reader *reader)
{
	struct sync_recall *recall = out;
	const char *serial = json_text(reader->object, "serial");

	if (!is_clean_text(serial, LEASE_REQUEST_MAX_SERIAL))
		return refuse(reader, "recalls: serial",
		    "must be a text of 1 to 128 bytes");
	return read_instant(
		   &recall->since, reader, "since", "recalls: since") &&
	    keep(&recall->serial, reader, serial);
}

static bool
read_auto_lease(void *out, const struct reader *reader)
{
	struct sync_auto_lease *taken = out;
	const char *feature = json_text(reader->object, "feature");

	if (!feature || !is_feature_name(feature))
		return refuse(reader, "auto_leases: feature",
		    "must be a name of 1 to 32 visible ASCII characters");
	if (!json_int64(&taken->units, reader->object, "units", 1, COUNT_MAX))
		return refuse(reader, "auto_leases: units",
		    "must be a whole number from 1 to 10000000");
	if (!read_instant(&taken->from, reader, "from", "auto_leases: from") ||
	    !read_instant(&taken->to, reader, "to", "auto_leases: to"))
		return false;
	if (taken->to < taken->from)
		return refuse(
		    reader, "auto_leases: to", "must not be before from");
	return keep(&taken->feature, reader, feature);
}

/* Absent and null read as NULL. */
static bool
read_header(const char **out, const struct reader *reader, const char *name,
    const char *shown)
{
	const char *text = json_text(reader->object, name);

	if (!member(reader, name))
		return true;
	return text ? keep(out, reader, text)
		    : refuse(reader, shown, "must be a text");
}

/* A text is the body to the byte; an object stands for its compact text with sorted names. */
static bool
read_node(void *out, const struct reader *reader)
{
	struct lease_request_node *node = out;
	const json_t *request = member(reader, "request");
	const char *text = json_text(reader->object, "request");

	if (!read_header(&node->authorization, reader, "authorization",
		"on_behalf: authorization") ||
	    !read_header(&node->proof, reader, "device", "on_behalf: device"))
		return false;
	if (json_is_object(request))
		node->text = json_dump(reader->arena, request);
	else if (!text)
		return refuse(reader, "on_behalf: request",
		    "must be an object, or a text that holds one");
	else if (!keep(&node->text, reader, text))
		return false;
	node->bytes = node->text ? strlen(node->text) : 0;
	return node->text != NULL;
}

static const struct list surrender_list = { "surrenders",
	"must be an array of up to 128 objects", LEASE_REQUEST_MAX_SURRENDERS,
	sizeof(struct sync_surrender), read_surrender };
static const struct list recall_list = { "recalls",
	"must be an array of up to 128 objects", LEASE_REQUEST_MAX_RECALLS,
	sizeof(struct sync_recall), read_recall };
static const struct list auto_lease_list = { "auto_leases",
	"must be an array of up to 256 objects", LEASE_REQUEST_MAX_AUTO_LEASES,
	sizeof(struct sync_auto_lease), read_auto_lease };
static const struct list node_list = { "on_behalf",
	"must be an array of up to 64 objects", LEASE_REQUEST_MAX_NODES,
	sizeof(struct lease_request_node), read_node };

/* *out has room for all; *count is 0 when the member is absent. */
static bool
read_list(void **out, size_t *count, const struct reader *reader,
    const struct list *list)
{
	const json_t *array = member(reader, list->name);
	struct reader element = *reader;
	char *items;

	if (array &&
	    (!json_is_array(array) || json_array_size(array) > list->most))
		return refuse(reader, list->name, list->rule);
	*out = items = arena_array(
	    reader->arena, json_array_size(array), list->size);
	for (*count = 0; items && *count < json_array_size(array); ++*count) {
		element.object = json_array_get(array, *count);
		if (!json_is_object(element.object))
			return refuse(reader, list->name, list->rule);
		if (!list->read(items + *count * list->size, &element))
			return false;
	}
	return items != NULL;
}

static bool
read_keys(const struct reader *reader)
{
	static const char rule[] =
	    "must be an array of up to 32 texts of 1 to 8192 bytes";
	struct lease_request_body *out = reader->out;
	const json_t *array = member(reader, "members");
	size_t count = json_array_size(array);
	const char *key;

	if (array &&
	    (!json_is_array(array) || count > LEASE_REQUEST_MAX_MEMBERS))
		return refuse(reader, "members", rule);
	out->members = arena_array(reader->arena, count, sizeof(*out->members));
	for (; out->members && out->member_count < count; out->member_count++) {
		key = json_string_value(
		    json_array_get(array, out->member_count));
		if (!is_clean_text(key, LEASE_REQUEST_MAX_KEY))
			return refuse(reader, "members", rule);
		if (!keep(&out->members[out->member_count], reader, key))
			return false;
	}
	return out->members != NULL;
}

/* Units taken and given back within one second were never counted by anybody. */
static void
drop_empty_auto_leases(struct lease_request_body *body)
{
	size_t i, kept = 0;

	for (i = 0; i < body->auto_lease_count; i++)
		if (body->auto_leases[i].to > body->auto_leases[i].from)
			body->auto_leases[kept++] = body->auto_leases[i];
	body->auto_lease_count = kept;
}

static bool
read_lists(const struct reader *reader)
{
	struct lease_request_body *out = reader->out;
	void *surrenders, *recalls, *auto_leases, *nodes;

	if (!read_keys(reader) ||
	    !read_list(
		&surrenders, &out->surrender_count, reader, &surrender_list) ||
	    !read_list(&recalls, &out->recall_count, reader, &recall_list) ||
	    !read_list(&auto_leases, &out->auto_lease_count, reader,
		&auto_lease_list) ||
	    !read_list(&nodes, &out->node_count, reader, &node_list))
		return false;
	out->surrenders = surrenders;
	out->recalls = recalls;
	out->auto_leases = auto_leases;
	out->nodes = nodes;
	drop_empty_auto_leases(out);
	return true;
}

static bool
read_lease(const struct reader *reader)
{
	const char *lease = json_text(reader->object, "lease");

	if (!member(reader, "lease"))
		return true;
	return lease ? keep(&reader->out->lease, reader, lease)
		     : refuse(reader, "lease", "must be a text");
}

/* What others ask in the same request would not be a question alone. */
static bool
read_probe(const struct reader *reader)
{
	struct lease_request_body *out = reader->out;
	const json_t *probe = member(reader, "probe");

	if (probe && !json_is_boolean(probe))
		return refuse(reader, "probe", "must be true or false");
	out->is_probe = json_is_true(probe);
	return !out->is_probe || out->node_count == 0
	    ? true
	    : refuse(reader, "on_behalf", "must be absent from a probe");
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
	    read_lists(reader) && read_probe(reader) && read_lease(reader);
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
		.cluster = "" };
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
