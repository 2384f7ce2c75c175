/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.c: what a gateway may write. Does not know what is asked.
 */
#include "agent/question.h"

#include "engine/base/json.h"
#include "engine/base/text.h"
#include <string.h>

#define NAME_MAX_BYTES         1024
#define USER_MAX_CHARACTERS    256
#define GATEWAY_MAX_CHARACTERS 64
#define ID_MAX_BYTES           128

/* Characters up to "most"; 0 when empty, too long, or not printable. */
static size_t
printable(const char *text, size_t most_bytes)
{
	size_t bytes = text ? strnlen(text, most_bytes + 1) : 0, step, i;
	size_t characters = 0;

	if (bytes > most_bytes)
		return 0;
	for (i = 0; i < bytes; i += step, characters++) {
		step = text_utf8_sequence(text + i, bytes - i);
		/* Controls, those of Latin 1 too. */
		if (!step || (unsigned char)text[i] < 0x20 || text[i] == 0x7f ||
		    (step == 2 && (unsigned char)text[i] == 0xc2 &&
			(unsigned char)text[i + 1] < 0xa0))
			return 0;
	}
	return characters;
}

const char *
question_text(const json_t *request, const char *name)
{
	const json_t *value = json_object_get(request, name);

	return value && !json_is_null(value) ? json_text(request, name) : "";
}

bool
question_is_user(const char *text)
{
	size_t characters = printable(text, NAME_MAX_BYTES);

	return characters > 0 && characters <= USER_MAX_CHARACTERS;
}

bool
question_is_id(const char *text)
{
	return printable(text, ID_MAX_BYTES) > 0 && !strchr(text, ' ');
}

bool
question_is_gateway(const char *text)
{
	size_t characters = printable(text, NAME_MAX_BYTES);

	return characters > 0 && characters <= GATEWAY_MAX_CHARACTERS &&
	    !strchr(text, ' ');
}
