/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pairs.c: reads name=value texts from anybody. Knows no form and no page.
 */
#include "cgi/pairs.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/text.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes one name or value; NULL for a broken escape, NUL or bad UTF-8. */
static char *
decode(struct arena *arena, const char *text, size_t length)
{
	char *out = arena_alloc(arena, length + 1);
	size_t used = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;

			if (high < 0 || hex_digit(text[i + 2]) < 0)
				return NULL;
			c = (char)(high * 16 + hex_digit(text[i + 2]));
			i += 2;
		}
		if (c == '\0')
			return NULL;
		out[used++] = c;
	}
	out[used] = '\0';
	return text_is_utf8(out, used) ? out : NULL;
}

static int
by_name(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static bool
has_repeats(const struct pairs *pairs)
{
	for (size_t i = 1; i < pairs->count; i++)
		if (!strcmp(pairs->items[i - 1].name, pairs->items[i].name))
			return true;
	return false;
}

static size_t
count_pairs(const char *text, size_t length)
{
	size_t count = length > 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '&';
	return count;
}

static enum pairs_state
read_pair(
    struct pair *out, struct arena *arena, const char *text, size_t length)
{
	const char *equals = memchr(text, '=', length);
	size_t name_length = equals ? (size_t)(equals - text) : length;
	const char *value = equals ? equals + 1 : text + length;

	out->name = decode(arena, text, name_length);
	out->value = decode(arena, value, (size_t)(text + length - value));
	if (!out->name || !out->value)
		return arena->failed ? PAIRS_MEMORY : PAIRS_MALFORMED;
	return *out->name ? PAIRS_OK : PAIRS_MALFORMED;
}

enum pairs_state
pairs_parse_form(
    struct pairs *out, struct arena *arena, const char *text, size_t length)
{
	const char *end = text + length;
	enum pairs_state state;
	size_t count;

	assert(text || !length);
	memset(out, 0, sizeof(*out));
	if (length > PAIRS_MAX_BYTES)
		return PAIRS_TOO_LARGE;
	count = count_pairs(text, length);
	if (count > PAIRS_MAX)
		return PAIRS_TOO_LARGE;
	if (!count)
		return PAIRS_OK;
	out->items = arena_array(arena, count, sizeof(*out->items));
	if (!out->items)
		return PAIRS_MEMORY;
	for (const char *at = text; at <= end;) {
		const char *stop = memchr(at, '&', (size_t)(end - at));

		stop = stop ? stop : end;
		state = read_pair(
		    &out->items[out->count], arena, at, (size_t)(stop - at));
		if (state)
			return state;
		out->count++;
		at = stop + 1;
	}
	qsort(out->items, out->count, sizeof(*out->items), by_name);
	return has_repeats(out) ? PAIRS_REPEATED : PAIRS_OK;
}

const char *
pairs_find(const struct pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->items[i].name, name))
			return pairs->items[i].value;
	return NULL;
}

const char *
pairs_cookie(struct arena *arena, const char *header, const char *name)
{
	size_t name_length = strlen(name);
	const char *found = NULL;

	for (const char *at = header; at && *at;) {
		size_t length = strcspn(at, ";");

		if (length > name_length && !strncmp(at, name, name_length) &&
		    at[name_length] == '=') {
			if (found)
				return NULL;
			found = arena_text_n(arena, at + name_length + 1,
			    length - name_length - 1);
		}
		at += length;
		at += strspn(at, "; ");
	}
	return found;
}
