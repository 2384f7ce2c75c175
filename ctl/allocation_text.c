/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * allocation_text.c: three numbers behind a name.
 */
#include "ctl/allocation_text.h"

#include "engine/base/text.h"
#include <string.h>

/* Reads up to "end" and steps past it. */
static bool
read_number(int64_t *out, char **text, char end)
{
	char *stop = *text + strcspn(*text, "/");

	if (*stop != end)
		return false;
	*stop = '\0';
	if (!text_parse_int64(out, *text, INT64_MIN, INT64_MAX))
		return false;
	*text = stop + (end != '\0');
	return true;
}

bool
allocation_text_read(
    struct client_count *out, struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text),
	     *at = copy ? strchr(copy, '=') : NULL;

	memset(out, 0, sizeof(*out));
	if (!at || at == copy)
		return false;
	*at++ = '\0';
	out->feature = copy;
	return read_number(&out->allocation.reserved, &at, '/') &&
	    read_number(&out->allocation.increment, &at, '/') &&
	    read_number(&out->allocation.maximum, &at, '\0');
}
