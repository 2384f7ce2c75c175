/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sentence.c: one pass over a sentence, so that a value is never read as part
 * of it. Does not know what the sentences are about.
 */
#include "engine/store/sentence.h"

#include <assert.h>
#include <string.h>

/* The value named by what stands behind an opening brace; its end in *end. */
static const struct sentence_value *
value_at(const char **end, const char *name,
    const struct sentence_value *values, size_t count)
{
	const char *brace = strchr(name, '}');
	size_t i, length;

	if (!brace)
		return NULL;
	length = (size_t)(brace - name);
	*end = brace + 1;
	for (i = 0; i < count; i++)
		if (strlen(values[i].name) == length &&
		    memcmp(values[i].name, name, length) == 0)
			return &values[i];
	return NULL;
}

/* Writes to "out" unless that is NULL; answers the length either way. */
static size_t
fill(char *out, const char *sentence, const struct sentence_value *values,
    size_t count)
{
	const struct sentence_value *value;
	size_t used = 0, length;
	const char *text, *end;

	while (*sentence) {
		value = *sentence == '{'
		    ? value_at(&end, sentence + 1, values, count)
		    : NULL;
		text = value ? value->text : sentence;
		length = value ? (text ? strlen(text) : 0) : 1;
		if (out && length)
			memcpy(out + used, text, length);
		used += length;
		sentence = value ? end : sentence + 1;
	}
	return used;
}

char *
sentence_fill(struct arena *arena, const char *sentence,
    const struct sentence_value *values, size_t count)
{
	size_t length;
	char *text;

	assert(arena && sentence && (values || count == 0));
	length = fill(NULL, sentence, values, count);
	if ((text = arena_array(arena, length + 1, 1)))
		(void)fill(text, sentence, values, count);
	return text;
}
