/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mistake.h: a person's wrong inputs, collected by an act so that all can be
 * shown at once, beside their fields or as lines of the command line.
 */
#ifndef LEASEHOLD_STORE_MISTAKE_H
#define LEASEHOLD_STORE_MISTAKE_H

#include "engine/base/arena.h"
#include "engine/rules/verdict.h"
#include <stddef.h>

#define MISTAKE(symbol, code, sentence) MISTAKE_##symbol,
enum mistake_kind {
#include "engine/store/mistakes.tbl"
	MISTAKE__COUNT
};
#undef MISTAKE

struct mistake {
	enum mistake_kind kind;
	const char *field;	/* "client_id", "reserved.CONSEC" …, the form's names */
	const char *text;	/* whole sentence, in the arena */
};

#define MISTAKES_MAX 64

struct mistakes {
	struct arena *arena;	/* of the request or command */
	size_t count;
	struct mistake items[MISTAKES_MAX];
	size_t warning_count;	/* saved all the same */
	struct mistake warnings[MISTAKES_MAX];
};

void mistake_init(struct mistakes *mistakes, struct arena *arena);
/* "a" and "b" fill {a} and {b}; NULL where the sentence has none. */
void mistake_add(struct mistakes *mistakes, const char *field, enum mistake_kind kind, const char *a, const char *b);
/* A rule's verdict as mistake or warning, its sentence expanded with the numbers and the feature's name. */
void mistake_add_verdict(struct mistakes *mistakes, const char *field, const char *feature, enum verdict verdict, const struct verdict_numbers *numbers);
void mistake_add_warning(struct mistakes *mistakes, const char *field, const char *feature, enum verdict verdict, const struct verdict_numbers *numbers);
const char *mistake_code(enum mistake_kind kind);
/* Sentence of one kind, expanded, in the arena. */
const char *mistake_text(struct arena *arena, enum mistake_kind kind, const char *a, const char *b);
/* Sentence of a verdict, expanded, numbers with thousands separators. */
const char *mistake_verdict_text(struct arena *arena, enum verdict verdict, const char *feature, const struct verdict_numbers *numbers);

#endif
