/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crockford.c: base32 for people to read aloud. Does not know what it names.
 */
#include "engine/base/crockford.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define BASE 32
#define BITS 5

static const char alphabet[BASE + 1] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static unsigned
bit_at(const uint8_t *data, size_t bytes, size_t bit)
{
	if (bit / 8 >= bytes)
		return 0;
	return (unsigned)data[bit / 8] >> (7 - bit % 8) & 1u;
}

void
crockford_encode(char *out, size_t characters, const void *data, size_t bytes)
{
	size_t i, bit;
	unsigned value;

	assert(out && (data || bytes == 0));
	for (i = 0; i < characters; i++) {
		value = 0;
		for (bit = i * BITS; bit < (i + 1) * BITS; bit++)
			value = value << 1 | bit_at(data, bytes, bit);
		out[i] = alphabet[value];
	}
	out[characters] = '\0';
}

char
crockford_check(const char *text, size_t length)
{
	unsigned sum = 0, factor = 2, addend;
	const char *found;

	assert(text || length == 0);
	while (length--) {
		if (!text[length] || !(found = strchr(alphabet, text[length])))
			return '\0';
		addend = factor * (unsigned)(found - alphabet);
		sum += addend / BASE + addend % BASE;
		factor = 3 - factor;
	}
	return alphabet[(BASE - sum % BASE) % BASE];
}

bool
crockford_is_valid(const char *text, size_t length)
{
	if (!text || length < 2)
		return false;
	return text[length - 1] != '\0' &&
	    crockford_check(text, length - 1) == text[length - 1];
}
