/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cluster_failure.c: the table of failures, and which of them an answer is.
 */
#include "engine/peer/cluster_failure.h"

#include "engine/base/json.h"
#include "engine/store/sentence.h"
#include <assert.h>
#include <string.h>

#define CLUSTER_FAILURE(symbol, sentence) sentence,
static const char *const sentences[CLUSTER_FAILURE__COUNT] = {
#include "engine/peer/cluster_failures.tbl"
};
#undef CLUSTER_FAILURE

static const struct {
	const char *code;
	enum cluster_failure failure;
} refusals[] = {
	{ "unauthorized", CLUSTER_FAILURE_REFUSED },
	{ "too_many_requests", CLUSTER_FAILURE_REFUSED },
	{ "unknown_node", CLUSTER_FAILURE_STRANGER },
	{ "not_leader", CLUSTER_FAILURE_NOT_LEADER },
	{ "not_connected", CLUSTER_FAILURE_NOT_CONNECTED },
};

static enum cluster_failure
failure_of_refusal(const struct http_answer *answer)
{
	json_t *problem = json_load_object(
	    answer->body, answer->body_bytes, NULL, 0);
	const char *code = json_text(problem, "code");
	enum cluster_failure failure = CLUSTER_FAILURE_BAD_ANSWER;
	size_t i;

	for (i = 0; code && i < sizeof(refusals) / sizeof(*refusals); i++)
		if (strcmp(refusals[i].code, code) == 0)
			failure = refusals[i].failure;
	json_decref(problem);
	return failure;
}

enum cluster_failure
cluster_failure_of(const struct http_answer *answer)
{
	assert(answer);
	switch (answer->outcome) {
	case HTTP_ANSWERED:
		return answer->status == 200 ? CLUSTER_FAILURE_NONE
					     : failure_of_refusal(answer);
	case HTTP_NAME_UNKNOWN:
		return CLUSTER_FAILURE_NAME_UNKNOWN;
	case HTTP_UNREACHABLE:
		return CLUSTER_FAILURE_UNREACHABLE;
	case HTTP_NETWORK_DOWN:
		return CLUSTER_FAILURE_NETWORK_DOWN;
	case HTTP_TIMEOUT:
		return CLUSTER_FAILURE_TIMEOUT;
	case HTTP_NOT_TRUSTED:
		return CLUSTER_FAILURE_NOT_TRUSTED;
	case HTTP_OTHER_KEY:
		return CLUSTER_FAILURE_PIN_CHANGED;
	case HTTP_NO_TLS:
		return CLUSTER_FAILURE_NO_TLS;
	case HTTP_TOO_LARGE:
		return CLUSTER_FAILURE_BAD_ANSWER;
	case HTTP_PROXY:
	case HTTP_STOPPED:
	case HTTP_BROKEN:
		return CLUSTER_FAILURE_BROKEN;
	}
	return CLUSTER_FAILURE_BROKEN;
}

char *
cluster_failure_text(struct arena *arena, enum cluster_failure failure,
    const char *node, const char *detail)
{
	const struct sentence_value values[] = { { "node", node },
		{ "detail", detail } };

	assert(failure < CLUSTER_FAILURE__COUNT);
	return sentence_fill(arena, sentences[failure], values, 2);
}
