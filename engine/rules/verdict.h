/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.h: the answers the rules can give, from verdicts.tbl.
 */
#ifndef LEASEHOLD_RULES_VERDICT_H
#define LEASEHOLD_RULES_VERDICT_H

#include "engine/rules/instant.h"

#define VERDICT(name, code, sentence) VERDICT_##name,
enum verdict {
#include "engine/rules/verdicts.tbl"
	VERDICT__COUNT
};
#undef VERDICT

/* The numbers a sentence may name; those a verdict does not use are 0. */
struct verdict_numbers {
	int64_t wanted, available, increment, leased, maximum, reserved;
	int64_t bound, least, reachable, total;
	int64_t average, unallocated, seconds, missing;
	const char *versions;	/* "PCS 8.0r5 or 7.4r12"; NULL = newer ones */
	const char *client;	/* who stands in the way; NULL = none is named */
	const char *until;	/* an instant as text */
};

const char *verdict_code(enum verdict verdict);
/* The sentence with its {placeholders}; base/… callers expand it. */
const char *verdict_sentence(enum verdict verdict);

#endif
