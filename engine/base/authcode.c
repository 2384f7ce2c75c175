/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authcode.c: codes for a person to type. Does not know what they are worth.
 */
#include "engine/base/authcode.h"

#include "engine/base/crockford.h"
#include "engine/base/random.h"
#include <assert.h>
#include <string.h>

#define GROUPS	   4
#define GROUP	   5
#define CHARACTERS ((size_t)GROUPS * GROUP)
/* 19 characters of 5 bits each, rounded up. */
#define RANDOM_BYTES 12

/* "plain" has no dashes. */
static void
put_groups(char out[AUTHCODE_SIZE], const char *plain)
{
	size_t at = 0;

	for (size_t i = 0; i < CHARACTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			out[at++] = '-';
		out[at++] = plain[i];
	}
	out[at] = '\0';
}

enum fault
authcode_make(char out[AUTHCODE_SIZE])
{
	uint8_t data[RANDOM_BYTES];
	char plain[CHARACTERS + 1];
	enum fault fault;

	assert(out);
	if ((fault = random_bytes(data, sizeof(data))))
		return fault;
	crockford_encode(plain, CHARACTERS - 1, data, sizeof(data));
	plain[CHARACTERS - 1] = crockford_check(plain, CHARACTERS - 1);
	plain[CHARACTERS] = '\0';
	put_groups(out, plain);
	return FAULT_NONE;
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum authcode_state
authcode_read(char out[AUTHCODE_SIZE], const char *text)
{
	char plain[CHARACTERS + 1];
	size_t count = 0;

	assert(out && text);
	if (strnlen(text, AUTHCODE_SIZE) != AUTHCODE_SIZE - 1)
		return AUTHCODE_SHAPE;
	for (size_t i = 0; i < AUTHCODE_SIZE - 1; i++) {
		char c = upper(text[i]);

		if (i % (GROUP + 1) == GROUP) {
			if (c != '-')
				return AUTHCODE_SHAPE;
		} else if (!crockford_check(&c, 1))
			return AUTHCODE_SHAPE;
		else
			plain[count++] = c;
	}
	plain[count] = '\0';
	if (!crockford_is_valid(plain, count))
		return AUTHCODE_CHECK;
	put_groups(out, plain);
	return AUTHCODE_OK;
}

enum fault
authcode_digest(uint8_t out[DIGEST_BYTES], const char *code)
{
	assert(out && code && strlen(code) == AUTHCODE_SIZE - 1);
	return digest_sha256(out, code, AUTHCODE_SIZE - 1);
}

void
authcode_tail(char out[AUTHCODE_TAIL_SIZE], const char *code)
{
	assert(out && code && strlen(code) == AUTHCODE_SIZE - 1);
	memcpy(out, code + AUTHCODE_SIZE - AUTHCODE_TAIL_SIZE,
	    AUTHCODE_TAIL_SIZE);
}
