/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.c: jansson, with what it would let pass refused: deep nesting (it
 * parses by recursion) and names that come twice (two readers may disagree
 * about which counts).
 */
#include "engine/base/json.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Ours nest less than ten deep. */
#define MAX_DEPTH 32

static bool
is_too_deep(const char *text, size_t length)
{
	bool is_inside_string = false;
	size_t i, depth = 0;

	for (i = 0; i < length; i++) {
		if (is_inside_string) {
			if (text[i] == '\\')
				i++;
			else if (text[i] == '"')
				is_inside_string = false;
		} else if (text[i] == '"') {
			is_inside_string = true;
		} else if (text[i] == '{' || text[i] == '[') {
			if (++depth > MAX_DEPTH)
				return true;
		} else if ((text[i] == '}' || text[i] == ']') && depth) {
			depth--;
		}
	}
	return false;
}

static void
give_reason(char *reason, size_t reason_size, int line, const char *text)
{
	/* jansson quotes the input, which may be a secret, behind " near ". */
	const char *quote = strstr(text, " near ");
	int length = quote ? (int)(quote - text) : (int)strlen(text);

	if (reason && reason_size)
		snprintf(reason, reason_size, "line %d: %.*s",
		    line < 1 ? 1 : line, length, text);
}

json_t *
json_load_object(
    const char *text, size_t length, char *reason, size_t reason_size)
{
	json_error_t error;
	json_t *value;

	assert(text || length == 0);
	if (reason && reason_size)
		reason[0] = '\0';
	if (is_too_deep(text, length)) {
		give_reason(reason, reason_size, 1, "nested too deeply");
		return NULL;
	}
	value = json_loadb(
	    length ? text : "", length, JSON_REJECT_DUPLICATES, &error);
	if (!value) {
		give_reason(reason, reason_size, error.line, error.text);
		return NULL;
	}
	if (!json_is_object(value)) {
		give_reason(reason, reason_size, 1, "not an object");
		json_decref(value);
		return NULL;
	}
	return value;
}

const char *
json_text(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	const char *text = json_string_value(value);

	return text && strlen(text) == json_string_length(value) ? text : NULL;
}

bool
json_int64(int64_t *out, const json_t *object, const char *name, int64_t low,
    int64_t high)
{
	const json_t *value = json_object_get(object, name);
	int64_t number = json_integer_value(value);

	assert(out);
	*out = 0;
	if (!json_is_integer(value) || number < low || number > high)
		return false;
	*out = number;
	return true;
}

bool
json_bool(const json_t *object, const char *name, bool otherwise)
{
	const json_t *value = json_object_get(object, name);

	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

char *
json_dump(struct arena *arena, const json_t *value)
{
	const size_t flags = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY;
	size_t length = json_dumpb(value, NULL, 0, flags);
	char *text;

	assert(arena);
	if (length == 0 || !(text = arena_array(arena, length + 1, 1)))
		return NULL;
	return json_dumpb(value, text, length, flags) == length ? text : NULL;
}
