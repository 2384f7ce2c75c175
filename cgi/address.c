/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.c: percent-encoding (RFC 3986). Knows no page.
 */
#include "cgi/address.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

char *
address_encode(struct arena *arena, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t length = strlen(text), used = 0;
	char *out = arena_alloc(arena, 3 * length + 1);

	assert(arena && text);
	for (size_t i = 0; out && i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (isalnum(c) || c == '-' || c == '_' || c == '.') {
			out[used++] = (char)c;
			continue;
		}
		out[used++] = '%';
		out[used++] = digits[c >> 4];
		out[used++] = digits[c & 15];
	}
	return out;
}
