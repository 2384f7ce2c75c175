/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * duel.h: the shipped rules and the plain model side by side: one step done
 * on both, and every figure of the one held against the other, and both
 * against the invariants of rules.md 3.
 */
#ifndef LEASEHOLD_TESTS_MODEL_DUEL_H
#define LEASEHOLD_TESTS_MODEL_DUEL_H

#include "tests/model/book.h"
#include "tests/model/model.h"
#include <stdio.h>

/* 2025-03-01 00:00 UTC, the midnight at which every duel begins. */
#define DUEL_START INT64_C(1740787200)

enum duel_kind {
	DUEL_PASS,	/* a seconds pass */
	DUEL_ASK,	/* who asks for a users; b = its answer is lost */
	DUEL_REPEAT,	/* who gets the answer it last lost after all */
	DUEL_SAVE,	/* who gets counts a b c; d days to its expiration date, 0 = none */
	DUEL_DELETE,	/* who is deleted */
	DUEL_LICENSE,	/* place who: a units from day b, d = a subscription of c days, else permanent */
	DUEL_LOSE,	/* the license at place who is deleted */
	DUEL_DURATION,	/* D becomes a seconds */
	DUEL_SURRENDER,	/* a client gives a units to the pool */
	DUEL_RECALL,	/* a recall waits for a of those, 0 = none does */
	DUEL_RETURN,	/* the recalled units leave, if they may */
	DUEL_RECOVER,	/* a = the server was restored, 0 = it is well again */
	DUEL_MEMBER,	/* who shows a member license (a) or none */
	DUEL_STRICT,	/* strict membership is a */
	DUEL__COUNT
};

struct duel_step {
	enum duel_kind kind;
	size_t who;
	int64_t a, b, c, d;
};

struct duel {
	struct model model;
	struct book book;
	int64_t stored[MODEL_CLIENTS];	/* number of the document each client has */
	int64_t confirmed[MODEL_CLIENTS];	/* the same as the server knows it */
	int64_t loss_over;		/* when all runs out that was signed before a license was lost */
	bool is_unsettled;		/* T rose before that: see fits() */
	enum verdict denial;		/* of the last request */
	char why[256];			/* what differs, after a step that failed */
};

void duel_init(struct duel *duel);
/* False when the two differ or an invariant broke; duel->why says what. A step that cannot be done changes nothing. */
bool duel_step(struct duel *duel, const struct duel_step *step);
/* The license of that place is gone, and nothing is looked at. */
void duel_lose(struct duel *duel, size_t place);
/* As one line for people. */
void duel_print(FILE *out, const struct duel_step *step);

#endif
