/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h: what the agent says on its socket, as JSON (docs/session-socket.md).
 */
#ifndef LEASEHOLD_AGENT_ANSWER_H
#define LEASEHOLD_AGENT_ANSWER_H

#include "engine/base/fault.h"
#include <jansson.h>

struct agent;

#define ANSWER(symbol, code, sentence) ANSWER_##symbol,
enum answer {
#include "agent/answers.tbl"
	ANSWER__COUNT
};
#undef ANSWER

/* All are new references; NULL without memory. */
json_t *answer_ok(void);
json_t *answer_refusal(enum answer answer);
/* {"ok":false,"code":…,"text":…} */
json_t *answer_refusal_text(const char *code, const char *text);
/* The store failed; when it is not known whether a commit took place, the agent ends to find out. */
json_t *answer_fault(struct agent *agent, enum fault fault);

#endif
