/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notice.c: fills the sentences of notices.tbl.
 */
#include "cgi/notice.h"

#include <string.h>

#define NOTICE(symbol, sentence) [NOTICE_##symbol] = sentence,
static const char *const sentences[NOTICE__COUNT] = {
#include "cgi/notices.tbl"
};
#undef NOTICE

static const char *
fill(struct arena *arena, const char *sentence, const char *place,
    const char *value)
{
	const char *at = strstr(sentence, place);

	if (!at)
		return sentence;
	return arena_format(arena, "%.*s%s%s", (int)(at - sentence), sentence,
	    value ? value : "", at + strlen(place));
}

const char *
notice_text(
    struct arena *arena, enum notice notice, const char *a, const char *b)
{
	/* {b} first, so that a value that holds a brace is never filled. */
	const char *text = fill(arena, sentences[notice], "{b}", b);

	return text ? fill(arena, text, "{a}", a) : NULL;
}
