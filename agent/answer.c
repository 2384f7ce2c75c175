/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c: yes and no as JSON.
 */
#include "agent/answer.h"

#include "agent/agent.h"

#include <assert.h>

#define ANSWER(symbol, code, sentence) { code, sentence },
static const struct {
	const char *code;
	const char *sentence;
} answers[ANSWER__COUNT] = {
#include "agent/answers.tbl"
};
#undef ANSWER

json_t *
answer_ok(void)
{
	return json_pack("{s:b}", "ok", 1);
}

json_t *
answer_refusal(enum answer answer)
{
	assert(answer < ANSWER__COUNT);
	return answer_refusal_text(
	    answers[answer].code, answers[answer].sentence);
}

json_t *
answer_refusal_text(const char *code, const char *text)
{
	return json_pack(
	    "{s:b, s:s, s:s}", "ok", 0, "code", code, "text", text);
}

json_t *
answer_fault(struct agent *agent, enum fault fault)
{
	/* Whether it happened is found out from the store at the next start. */
	if (fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	return answer_refusal(ANSWER_STORE);
}
