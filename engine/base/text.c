/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c: what counts as text, a number or a Client ID. Knows ASCII and
 * UTF-8 only and never asks the locale.
 */
#include "engine/base/text.h"

#include "engine/base/arena.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#define GROUP_DIGITS 3

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

size_t
text_utf8_sequence(const char *text, size_t length)
{
	/* -1 for what is not well formed or not whole; "" may be no pointer. */
	int bytes = length ? u8_mblen((const uint8_t *)text, length) : 0;

	return bytes > 0 ? (size_t)bytes : 0;
}

bool
text_is_utf8(const char *text, size_t length)
{
	assert(text || length == 0);
	return length == 0 ||
	    (!memchr(text, '\0', length) &&
		!u8_check((const uint8_t *)text, length));
}

bool
text_is_alphanumeric(const char *text)
{
	if (!text || !*text)
		return false;
	for (; *text; text++)
		if (!((*text >= '0' && *text <= '9') ||
			(lower(*text) >= 'a' && lower(*text) <= 'z')))
			return false;
	return true;
}

bool
text_equals_ignoring_case(const char *a, const char *b)
{
	assert(a && b);
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

/* Counts down from 0, since INT64_MIN has no positive twin. */
static bool
parse_negated(int64_t *out, const char *digits)
{
	int64_t value = 0;

	if (!*digits)
		return false;
	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, *digits - '0', &value))
			return false;
	}
	*out = value;
	return true;
}

bool
text_parse_int64(int64_t *out, const char *text, int64_t low, int64_t high)
{
	bool is_negative;
	int64_t value;

	assert(out);
	*out = 0;
	if (!text)
		return false;
	is_negative = *text == '-';
	if (!parse_negated(&value, text + is_negative))
		return false;
	if (!is_negative && __builtin_sub_overflow(0, value, &value))
		return false;
	if (value < low || value > high)
		return false;
	*out = value;
	return true;
}

void
text_format_thousands(char out[32], int64_t value)
{
	char plain[24];
	size_t digits, i, used = 0;
	const char *from = plain;

	snprintf(plain, sizeof(plain), "%" PRId64, value);
	if (*from == '-')
		out[used++] = *from++;
	digits = strlen(from);
	for (i = 0; i < digits; i++) {
		if (i && (digits - i) % GROUP_DIGITS == 0)
			out[used++] = ',';
		out[used++] = from[i];
	}
	out[used] = '\0';
}

const char *
text_thousands(struct arena *arena, int64_t value)
{
	char text[32];

	text_format_thousands(text, value);
	return arena_text(arena, text);
}

/* A cut never leaves half a UTF-8 sequence behind. */
static size_t
cut_at(const char *text, size_t length)
{
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

bool
text_copy(char *out, size_t size, const char *text)
{
	size_t length, kept;

	assert(out && size && text);
	length = strlen(text);
	kept = length < size ? length : cut_at(text, size - 1);
	memcpy(out, text, kept);
	out[kept] = '\0';
	return kept == length;
}

char *
text_trim(char *text)
{
	char *end;

	assert(text);
	while (is_blank(*text))
		text++;
	end = text + strlen(text);
	while (end > text && is_blank(end[-1]))
		end--;
	*end = '\0';
	return text;
}

void
text_hex(char *out, const void *data, size_t bytes)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *from = data;
	size_t i;

	assert(out && (data || bytes == 0));
	for (i = 0; i < bytes; i++) {
		*out++ = digits[from[i] >> 4];
		*out++ = digits[from[i] & 0x0f];
	}
	*out = '\0';
}
