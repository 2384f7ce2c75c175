/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_failure.h: why a license client has no answer, as a stable code and as
 * a sentence that says what to do, from link_failures.tbl.
 */
#ifndef LEASEHOLD_PEER_LINK_FAILURE_H
#define LEASEHOLD_PEER_LINK_FAILURE_H

#include "engine/base/arena.h"
#include "engine/peer/http.h"

#define LINK_FAILURE(symbol, code, sentence) LINK_FAILURE_##symbol,
enum link_failure {
#include "engine/peer/link_failures.tbl"
	LINK_FAILURE__COUNT
};
#undef LINK_FAILURE

const char *link_failure_code(enum link_failure failure);
/* The sentence with {server} and {detail} filled in, in the arena; NULL when it is full. */
char *link_failure_text(struct arena *arena, enum link_failure failure, const char *server, const char *detail);
/* LINK_FAILURE_NONE for HTTP_ANSWERED. */
enum link_failure link_failure_of_outcome(enum http_outcome outcome);
/* Of a refused request: its status and the code in the answer, NULL or unknown ones included. */
enum link_failure link_failure_of_refusal(long status, const char *code);
/* Of an answer other than 200; *detail = "HTTP status 403, code", in the arena, NULL when that is full. */
enum link_failure link_failure_of_answer(const char **detail, struct arena *arena, const struct http_answer *answer);

#endif
