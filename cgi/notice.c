/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notice.c: fills the sentences of notices.tbl.
 */
#include "cgi/notice.h"

#include "engine/store/sentence.h"

#define NOTICE(symbol, sentence) [NOTICE_##symbol] = sentence,
static const char *const sentences[NOTICE__COUNT] = {
#include "cgi/notices.tbl"
};
#undef NOTICE

const char *
notice_text(
    struct arena *arena, enum notice notice, const char *a, const char *b)
{
	const struct sentence_value values[] = { { "a", a }, { "b", b } };

	return sentence_fill(arena, sentences[notice], values, 2);
}
