/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license_text.c: mail programs break, quote and indent; a license key comes
 * through. Reads the outer form only: three runs of base64url with two dots,
 * of which the last is a signature of a known length.
 */
#include "engine/store/license_text.h"

#include "engine/base/base64.h"
#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* 64 bytes of Ed25519 signature. */
#define SIGNATURE_CHARACTERS 86
#define KEY_CHARACTERS_MAX   ((size_t)64 * 1024)
/* A header names an algorithm, a key and a type. */
#define HEADER_CHARACTERS_MAX 1024
#define DOTS                  2

static bool
is_base64url(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool
is_indent(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * Behind one line break, with what quoting and indenting put there; NULL when
 * "at" is at none, or when an empty line follows: that ends a paragraph.
 */
static const char *
behind_break(const char *at)
{
	while (is_indent(*at))
		at++;
	/* A soft break of quoted-printable. */
	if (*at == '=')
		for (at++; is_indent(*at); at++)
			continue;
	if (*at != '\n')
		return NULL;
	for (at++; is_indent(*at) || *at == '>' || *at == '|'; at++)
		continue;
	return *at && *at != '\n' ? at : NULL;
}

/* JSON objects begin so in base64url: {" and { followed by a blank or a break. */
static bool
has_header_start(const char *at)
{
	static const char *const starts[] = { "eyJ", "eyA", "ewo", "ew0",
		"ewk" };
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(at, starts[i], 3) == 0)
			return true;
	return false;
}

/* A first run, over line breaks, that a dot ends; its length is 0 when there is none. */
static size_t
gather_header(char out[HEADER_CHARACTERS_MAX], const char *at)
{
	size_t used = 0;

	while (used < HEADER_CHARACTERS_MAX) {
		if (is_base64url(*at))
			out[used++] = *at++;
		else if (*at == '.')
			return used;
		else if (!(at = behind_break(at)))
			return 0;
	}
	return 0;
}

/* The beginning of a whole header, which a line in the middle of a key cannot be. */
static bool
is_key_start(struct arena *arena, const char *at)
{
	char header[HEADER_CHARACTERS_MAX];
	size_t length, bytes;
	uint8_t *json;

	if (!has_header_start(at) || !(length = gather_header(header, at)))
		return false;
	json = base64_url_decode(&bytes, arena, header, length);
	return json && bytes > 1 && json[bytes - 1] == '}';
}

/* One key being gathered. */
struct key {
	char *text;
	size_t used;
	size_t size;
	int dots;
	size_t part; /* characters of the present part */
};

static bool
is_whole(const struct key *key)
{
	return key->dots == DOTS && key->part >= SIGNATURE_CHARACTERS;
}

static bool
take(struct key *key, char c)
{
	if (key->used == key->size)
		return false;
	key->text[key->used++] = c;
	key->part++;
	if (c == '.') {
		key->dots++;
		key->part = 0;
	}
	return true;
}

/* Gathers from "at" on; answers where it ends. */
static const char *
gather(struct key *key, struct arena *arena, const char *at)
{
	const char *next;

	for (;;) {
		if (is_base64url(*at) || (*at == '.' && key->dots < DOTS)) {
			if (!take(key, *at))
				return at;
			at++;
			continue;
		}
		if (is_whole(key) || !(next = behind_break(at)) ||
		    is_key_start(arena, next))
			return at;
		if (!is_base64url(*next) && *next != '.')
			return at;
		at = next;
	}
}

/* Something that begins as a key does, at the beginning of a word. */
static const char *
find_start(const char *text, const char *at)
{
	for (; *at; at++)
		if (has_header_start(at) &&
		    (at == text || (!is_base64url(at[-1]) && at[-1] != '.')))
			return at;
	return NULL;
}

/* The next key, NULL when there is none; "at" moves behind it. */
static char *
next_key(const char **at, char *room, struct arena *arena, const char *text)
{
	struct key key = { .text = room, .size = KEY_CHARACTERS_MAX };
	const char *start;

	while ((start = find_start(text, *at))) {
		key.used = key.part = 0;
		key.dots = 0;
		*at = gather(&key, arena, start);
		if (key.dots > 0)
			return arena_text_n(arena, room, key.used);
	}
	return NULL;
}

enum fault
license_text_find(const char ***out, size_t *count, struct arena *arena,
    const char *text, size_t most)
{
	const char *at = text;
	char *key, *room;

	assert(out && count && arena && text);
	*count = 0;
	*out = arena_array(arena, most, sizeof(**out));
	room = arena_alloc(arena, KEY_CHARACTERS_MAX);
	if (!*out || !room)
		return FAULT_MEMORY;
	while (*count < most && (key = next_key(&at, room, arena, text)))
		(*out)[(*count)++] = key;
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}
