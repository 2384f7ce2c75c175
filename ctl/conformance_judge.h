/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_judge.h: looks over each request that comes to the bench, for
 * the rules that every request has to keep.
 */
#ifndef LEASEHOLD_CTL_CONFORMANCE_JUDGE_H
#define LEASEHOLD_CTL_CONFORMANCE_JUDGE_H

#include "ctl/conformance_bench.h"

/* A request ID that came, and what it was answered; "answer" NULL = nothing that counts. */
struct conformance_known {
	struct conformance_known *next;
	const char *id, *body, *answer, *lease;
	int64_t number, epoch;
};

/* Reads the body and who says it, and notes each rule that it breaks. */
void conformance_judge_call(struct conformance_call *call, struct conformance_bench *bench);
/* The first breach of a rule is kept. */
void conformance_judge_note(struct conformance_bench *bench, enum conformance_note note, const char *seen);
/* NULL when it never came. */
struct conformance_known *conformance_judge_known(const struct conformance_bench *bench, const char *id);

#endif
