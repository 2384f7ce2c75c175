/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notice.h: what just happened, said once on the next page; from notices.tbl.
 */
#ifndef LEASEHOLD_CGI_NOTICE_H
#define LEASEHOLD_CGI_NOTICE_H

#include "engine/base/arena.h"

#define NOTICE(symbol, sentence) NOTICE_##symbol,
enum notice {
#include "cgi/notices.tbl"
	NOTICE__COUNT
};
#undef NOTICE

/* The sentence with its values, in the arena; NULL when that is full. */
const char *notice_text(
    struct arena *arena, enum notice notice, const char *a, const char *b);

#endif
