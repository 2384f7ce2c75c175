/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64.c: RFC 4648 in both alphabets. Each text has one value and each
 * value one text: bits beyond the data must be zero, or a signature could be
 * written in several ways.
 */
#include "engine/base/base64.h"

#include <assert.h>
#include <string.h>

#define BITS    6
#define QUANTUM 4

static const char alphabet_url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char alphabet_plain[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
value_of(char c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabet[62])
		return 62;
	return c == alphabet[63] ? 63 : -1;
}

/* Without padding; returns the end. */
static char *
encode(char *out, const uint8_t *data, size_t bytes, const char *alphabet)
{
	uint32_t window = 0;
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < bytes; i++) {
		window = window << 8 | data[i];
		for (bits += 8; bits >= BITS; bits -= BITS)
			*out++ = alphabet[window >> (bits - BITS) & 0x3f];
	}
	if (bits)
		*out++ = alphabet[window << (BITS - bits) & 0x3f];
	return out;
}

static char *
room_for_text(struct arena *arena, size_t bytes)
{
	return arena_array(arena, bytes / 3 + 2, QUANTUM);
}

static uint8_t *
decode(size_t *bytes, struct arena *arena, const char *text, size_t length,
    const char *alphabet)
{
	uint8_t *data, *out;
	uint32_t window = 0;
	unsigned bits = 0;
	size_t i;
	int value;

	if (length % QUANTUM == 1)
		return NULL;
	if (!(data = out = arena_alloc(arena, length / QUANTUM * 3 + 3)))
		return NULL;
	for (i = 0; i < length; i++) {
		if ((value = value_of(text[i], alphabet)) < 0)
			return NULL;
		window = window << BITS | (uint32_t)value;
		bits += BITS;
		if (bits >= 8) {
			bits -= 8;
			*out++ = (uint8_t)(window >> bits);
		}
	}
	if (window & ((1u << bits) - 1))
		return NULL;
	*bytes = (size_t)(out - data);
	return data;
}

char *
base64_url_encode(struct arena *arena, const void *data, size_t bytes)
{
	char *text = room_for_text(arena, bytes);

	assert(data || bytes == 0);
	if (text)
		*encode(text, data, bytes, alphabet_url) = '\0';
	return text;
}

uint8_t *
base64_url_decode(
    size_t *bytes, struct arena *arena, const char *text, size_t length)
{
	assert(bytes && (text || length == 0));
	*bytes = 0;
	return decode(bytes, arena, text, length, alphabet_url);
}

char *
base64_encode(struct arena *arena, const void *data, size_t bytes)
{
	char *text = room_for_text(arena, bytes), *end;

	assert(data || bytes == 0);
	if (!text)
		return NULL;
	end = encode(text, data, bytes, alphabet_plain);
	while ((end - text) % QUANTUM)
		*end++ = '=';
	*end = '\0';
	return text;
}

uint8_t *
base64_decode(
    size_t *bytes, struct arena *arena, const char *text, size_t length)
{
	size_t padding = 0;

	assert(bytes && (text || length == 0));
	*bytes = 0;
	if (length % QUANTUM)
		return NULL;
	while (padding < 2 && padding < length &&
	    text[length - padding - 1] == '=')
		padding++;
	return decode(bytes, arena, text, length - padding, alphabet_plain);
}
