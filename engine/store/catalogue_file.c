/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalogue_file.c: JSON to the rules' tables. Strict, so that a slip of the
 * pen in the vendor's file is named instead of silently changing what counts.
 */
#include "engine/store/catalogue_file.h"

#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)
#define NAME_BYTES_MAX 64
#define USERS_MAX      INT64_C(10000000)
#define PERCENT_MAX    INT64_C(1000)

/* One object of the file: where it stands, and where complaints go. */
struct reader {
	struct arena *arena;
	char *reason;
	size_t reason_size;
	const char *list; /* "features" … */
	size_t index;
	json_t *object;
};

static const struct {
	const char *word;
	enum feature_kind kind;
} kinds[] = {
	{ "users", FEATURE_USERS },
	{ "rdp", FEATURE_RDP },
	{ "cores", FEATURE_CORES },
	{ "switch", FEATURE_SWITCH },
};

/* The first complaint stays. */
static bool
complain(struct reader *reader, const char *member, const char *what)
{
	if (!reader->reason[0])
		(void)snprintf(reader->reason, reader->reason_size,
		    "%s[%zu].%s: %s", reader->list, reader->index, member,
		    what);
	return false;
}

static bool
complain_about(struct reader *reader, const char *what)
{
	if (!reader->reason[0])
		(void)snprintf(reader->reason, reader->reason_size, "%s: %s",
		    reader->list, what);
	return false;
}

/* Every member of the object is one of "known", a list ended by NULL. */
static bool
has_known_members_only(struct reader *reader, const char *const *known)
{
	const char *const *name;
	json_t *value;
	const char *member;

	if (!json_is_object(reader->object))
		return complain(reader, "", "not an object");
	json_object_foreach(reader->object, member, value)
	{
		for (name = known; *name && strcmp(*name, member); name++)
			continue;
		if (!*name)
			return complain(reader, member, "unknown member");
	}
	return true;
}

static bool
read_text(const char **out, struct reader *reader, const char *member)
{
	const char *text = json_text(reader->object, member);
	size_t length = text ? strlen(text) : 0;

	if (length == 0 || length > NAME_BYTES_MAX)
		return complain(
		    reader, member, "a text of 1 to 64 bytes is wanted");
	*out = arena_text(reader->arena, text);
	return *out != NULL;
}

static bool
read_bool(bool *out, struct reader *reader, const char *member)
{
	const json_t *value = json_object_get(reader->object, member);

	*out = json_is_true(value);
	return json_is_boolean(value) ||
	    complain(reader, member, "true or false is wanted");
}

static bool
read_number(
    int64_t *out, struct reader *reader, const char *member, int64_t high)
{
	return json_int64(out, reader->object, member, 0, high) ||
	    complain(reader, member, "a whole number in range is wanted");
}

static bool
read_kind(enum feature_kind *out, struct reader *reader)
{
	const char *word = json_text(reader->object, "kind");
	size_t i;

	for (i = 0; word && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].word, word) == 0) {
			*out = kinds[i].kind;
			return true;
		}
	}
	return complain(
	    reader, "kind", "users, rdp, cores or switch is wanted");
}

static bool
read_product(
    int *out, struct reader *reader, const json_t *value, const char *member)
{
	const char *name = json_string_value(value);

	*out = name ? catalogue_product(name) : 0;
	return *out || complain(reader, member, "PCS or PPS is wanted");
}

static bool
read_products(int *out, struct reader *reader)
{
	const json_t *list = json_object_get(reader->object, "products"),
		     *value;
	int product;
	size_t i;

	if (json_array_size(list) == 0)
		return complain(reader, "products", "a list is wanted");
	*out = 0;
	json_array_foreach(list, i, value)
	{
		if (!read_product(&product, reader, value, "products"))
			return false;
		if (*out & product)
			return complain(reader, "products", "named twice");
		*out |= product;
	}
	return true;
}

/* "8.0r5" */
static bool
is_version(const char *text)
{
	int major, minor, release, length = 0;

	return text &&
	    sscanf(text, "%4d.%4dr%4d%n", &major, &minor, &release, &length) ==
	    3 &&
	    text[length] == '\0' &&
	    strspn(text, "0123456789.r") == strlen(text);
}

static bool
read_floor(struct version_floor *out, struct reader *reader)
{
	static const char *const known[] = { "product", "version", NULL };

	if (!has_known_members_only(reader, known) ||
	    !read_product(&out->product, reader,
		json_object_get(reader->object, "product"), "product") ||
	    !read_text(&out->version, reader, "version"))
		return false;
	return is_version(out->version) ||
	    complain(reader, "version", "a version such as 8.0r5 is wanted");
}

static bool
read_floors(struct feature *out, struct reader *reader)
{
	const json_t *list = json_object_get(reader->object, "floors");
	size_t i, count = json_array_size(list);
	struct reader inner = *reader;
	struct version_floor *floors;

	if (!list)
		return true;
	if (!json_is_array(list))
		return complain(reader, "floors", "a list is wanted");
	if (!(floors = arena_array(reader->arena, count, sizeof(*floors))))
		return false;
	inner.list = "floors";
	for (i = 0; i < count; i++) {
		inner.index = i;
		inner.object = json_array_get(list, i);
		if (!read_floor(&floors[i], &inner))
			return false;
	}
	out->floors = floors;
	out->floor_count = count;
	return true;
}

static bool
read_feature(void *item, struct reader *reader)
{
	static const char *const known[] = { "name", "kind", "products",
		"family", "auto_lease", "role_specific", "floors", NULL };
	struct feature *out = item;

	return has_known_members_only(reader, known) &&
	    read_text(&out->name, reader, "name") &&
	    read_kind(&out->kind, reader) &&
	    read_products(&out->products, reader) &&
	    read_text(&out->family, reader, "family") &&
	    read_bool(&out->auto_lease, reader, "auto_lease") &&
	    read_bool(&out->role_specific, reader, "role_specific") &&
	    read_floors(out, reader);
}

static bool
read_sku(void *item, struct reader *reader)
{
	static const char *const known[] = { "prefix", "feature", "counted",
		NULL };
	struct sku_prefix *out = item;

	return has_known_members_only(reader, known) &&
	    read_text(&out->prefix, reader, "prefix") &&
	    read_text(&out->feature, reader, "feature") &&
	    read_bool(&out->counted, reader, "counted");
}

static bool
read_platform(void *item, struct reader *reader)
{
	static const char *const known[] = { "name", "family", "virtual",
		"users", "over_capacity_percent", NULL };
	struct platform *out = item;

	return has_known_members_only(reader, known) &&
	    read_text(&out->name, reader, "name") &&
	    read_text(&out->family, reader, "family") &&
	    read_bool(&out->is_virtual, reader, "virtual") &&
	    read_number(&out->users_max, reader, "users", USERS_MAX) &&
	    read_number(&out->over_capacity_percent, reader,
		"over_capacity_percent", PERCENT_MAX);
}

/* One of the three lists, all its items of "size" read by "read". */
static void *
read_list(size_t *count, struct reader *reader, const json_t *whole,
    const char *list, size_t size, bool (*read)(void *, struct reader *))
{
	const json_t *items = json_object_get(whole, list);
	char *out;

	reader->list = list;
	*count = json_array_size(items);
	if (*count == 0) {
		(void)complain_about(reader, "a list is wanted");
		return NULL;
	}
	if (!(out = arena_array(reader->arena, *count, size)))
		return NULL;
	for (reader->index = 0; reader->index < *count; reader->index++) {
		reader->object = json_array_get(items, reader->index);
		if (!read(out + reader->index * size, reader))
			return NULL;
	}
	return out;
}

/* ---- what must hold between the lists ---- */

static bool
has_single_features(struct reader *reader, const struct catalogue *catalogue)
{
	size_t i;

	reader->list = "features";
	for (i = 0; i < catalogue->feature_count; i++) {
		reader->index = i;
		if (catalogue_feature(catalogue, catalogue->features[i].name) !=
		    &catalogue->features[i])
			return complain(
			    reader, catalogue->features[i].name, "named twice");
	}
	return true;
}

static bool
has_single_platforms(struct reader *reader, const struct catalogue *catalogue)
{
	size_t i;

	reader->list = "platforms";
	for (i = 0; i < catalogue->platform_count; i++) {
		reader->index = i;
		if (catalogue_platform(
			catalogue, catalogue->platforms[i].name) !=
		    &catalogue->platforms[i])
			return complain(reader, catalogue->platforms[i].name,
			    "named twice");
	}
	return true;
}

static bool
is_repeated(const struct catalogue *catalogue, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++)
		if (strcmp(catalogue->prefixes[i].prefix,
			catalogue->prefixes[index].prefix) == 0)
			return true;
	return false;
}

static bool
has_good_prefixes(struct reader *reader, const struct catalogue *catalogue)
{
	const struct sku_prefix *prefix;
	bool is_feature;
	size_t i;

	reader->list = "skus";
	for (i = 0; i < catalogue->prefix_count; i++) {
		prefix = &catalogue->prefixes[i];
		reader->index = i;
		if (is_repeated(catalogue, i))
			return complain(reader, prefix->prefix, "named twice");
		is_feature = catalogue_feature(catalogue, prefix->feature) !=
		    NULL;
		if (prefix->counted && !is_feature)
			return complain(
			    reader, prefix->feature, "no such feature");
		if (!prefix->counted && is_feature)
			return complain(reader, prefix->feature,
			    "a feature with units is granted by counted SKUs "
			    "only");
	}
	return true;
}

static bool
has_platform_of(const struct catalogue *catalogue, const char *family)
{
	size_t i;

	for (i = 0; i < catalogue->platform_count; i++)
		if (strcmp(catalogue->platforms[i].family, family) == 0)
			return true;
	return false;
}

static bool
is_family(const struct catalogue *catalogue, const char *family)
{
	return strcmp(family, "any") == 0 || has_platform_of(catalogue, family);
}

static bool
has_known_families(struct reader *reader, const struct catalogue *catalogue)
{
	size_t i;

	reader->list = "features";
	for (i = 0; i < catalogue->feature_count; i++) {
		reader->index = i;
		if (!is_family(catalogue, catalogue->features[i].family))
			return complain(
			    reader, "family", "no platform is of that family");
	}
	return true;
}

/* Optional: without it a virtual license server leases to nobody. */
static bool
read_virtual_families(
    struct catalogue *out, struct reader *reader, const json_t *whole)
{
	const json_t *list = json_object_get(whole, "virtual_server_families");
	size_t i, count = json_array_size(list);
	const char **families, *name;

	reader->list = "virtual_server_families";
	reader->index = 0;
	if (list && !json_is_array(list))
		return complain(reader, "", "a list is wanted");
	if (!(families = arena_array(reader->arena, count, sizeof(*families))))
		return false;
	for (i = 0; i < count; i++) {
		reader->index = i;
		name = json_string_value(json_array_get(list, i));
		if (!name || !has_platform_of(out, name))
			return complain(
			    reader, "", "no platform is of that family");
		families[i] = arena_text(reader->arena, name);
	}
	out->virtual_families = families;
	out->virtual_family_count = count;
	return true;
}

static bool
read_whole(struct catalogue *out, struct reader *reader, json_t *whole)
{
	static const char *const known[] = { "features", "skus", "platforms",
		"virtual_server_families", NULL };

	reader->list = "catalogue";
	reader->object = whole;
	return has_known_members_only(reader, known) &&
	    (out->features = read_list(&out->feature_count, reader, whole,
		 "features", sizeof(*out->features), read_feature)) &&
	    (out->prefixes = read_list(&out->prefix_count, reader, whole,
		 "skus", sizeof(*out->prefixes), read_sku)) &&
	    (out->platforms = read_list(&out->platform_count, reader, whole,
		 "platforms", sizeof(*out->platforms), read_platform)) &&
	    has_single_features(reader, out) &&
	    has_single_platforms(reader, out) &&
	    has_good_prefixes(reader, out) && has_known_families(reader, out) &&
	    read_virtual_families(out, reader, whole);
}

static enum fault
parse(struct catalogue *out, struct arena *arena, const char *text,
    size_t bytes, char *reason, size_t reason_size)
{
	struct reader reader = {
		.arena = arena, .reason = reason, .reason_size = reason_size
	};
	json_t *whole = json_load_object(text, bytes, reason, reason_size);
	bool is_good = whole && read_whole(out, &reader, whole);

	json_decref(whole);
	if (arena->failed)
		return FAULT_MEMORY;
	return is_good ? FAULT_NONE : FAULT_DAMAGED;
}

enum fault
catalogue_file_load(struct catalogue *out, struct arena *arena,
    const char *path, char *reason, size_t reason_size)
{
	enum fault fault;
	size_t bytes;
	char *text;

	assert(out && arena && path && reason && reason_size);
	memset(out, 0, sizeof(*out));
	reason[0] = '\0';
	fault = file_read(&text, &bytes, arena, path, FILE_BYTES_MAX);
	if (!fault)
		fault = parse(out, arena, text, bytes, reason, reason_size);
	if (!fault)
		return FAULT_NONE;
	if (!reason[0])
		(void)snprintf(reason, reason_size, "%s", fault_text(fault));
	log_line(LOG_SEVERITY_ERROR, "%s: %s", path, reason);
	memset(out, 0, sizeof(*out));
	return fault;
}
