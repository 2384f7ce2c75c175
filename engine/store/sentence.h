/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sentence.h: puts values into the sentences of the tables. Each {name} is
 * replaced once; braces inside a value mean nothing.
 */
#ifndef LEASEHOLD_STORE_SENTENCE_H
#define LEASEHOLD_STORE_SENTENCE_H

#include "engine/base/arena.h"
#include <stddef.h>

struct sentence_value {
	const char *name;	/* without braces */
	const char *text;	/* NULL reads as "" */
};

/* The sentence with its values, in the arena; NULL when that is full. A {name} that no value has stays as it is. */
char *sentence_fill(struct arena *arena, const char *sentence, const struct sentence_value *values, size_t count);

#endif
