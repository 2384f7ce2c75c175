/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.c: the words of verdicts.tbl. Formats nothing.
 */
#include "engine/rules/verdict.h"
#include <stddef.h>

struct words {
	const char *code;
	const char *sentence;
};

#define VERDICT(name, code, sentence) [VERDICT_##name] = { code, sentence },
static const struct words words[VERDICT__COUNT] = {
#include "engine/rules/verdicts.tbl"
};
#undef VERDICT

static size_t
row_of(enum verdict verdict)
{
	return (size_t)verdict < VERDICT__COUNT ? (size_t)verdict : VERDICT_OK;
}

const char *
verdict_code(enum verdict verdict)
{
	return words[row_of(verdict)].code;
}

const char *
verdict_sentence(enum verdict verdict)
{
	return words[row_of(verdict)].sentence;
}
