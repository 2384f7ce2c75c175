/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pairs.h: the bounded reader of name=value texts: form bodies, query strings
 * and cookies. Ours by purpose (architecture.md, routes): at most 1,024 pairs
 * and 64 KiB, valid UTF-8, no NUL, no repeated name.
 */
#ifndef LEASEHOLD_CGI_PAIRS_H
#define LEASEHOLD_CGI_PAIRS_H

#include "engine/base/arena.h"
#include <stddef.h>

#define PAIRS_MAX       1024
#define PAIRS_MAX_BYTES (64 * 1024)

struct pair {
	const char *name;
	const char *value;
};

struct pairs {
	struct pair *items;
	size_t count;
};

enum pairs_state {
	PAIRS_OK,
	PAIRS_TOO_LARGE, /* more bytes or pairs than allowed */
	PAIRS_MALFORMED, /* bad %XX, NUL, not UTF-8, empty name */
	PAIRS_REPEATED,  /* one name twice */
	PAIRS_MEMORY
};

/* application/x-www-form-urlencoded, "length" bytes of it. Sorted by name. */
enum pairs_state pairs_parse_form(
    struct pairs *out, struct arena *arena, const char *text, size_t length);
/* The value of one name, NULL when absent. */
const char *pairs_find(const struct pairs *pairs, const char *name);
/* The value of a cookie in a Cookie header, in the arena; NULL when absent or sent twice. */
const char *
pairs_cookie(struct arena *arena, const char *header, const char *name);

#endif
