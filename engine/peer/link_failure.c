/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_failure.c: the table of failures, and which of them an outcome is.
 */
#include "engine/peer/link_failure.h"

#include "engine/base/json.h"
#include "engine/store/sentence.h"
#include <assert.h>
#include <string.h>

#define LINK_FAILURE(symbol, code, sentence) { code, sentence },
static const struct {
	const char *code;
	const char *sentence;
} failures[LINK_FAILURE__COUNT] = {
#include "engine/peer/link_failures.tbl"
};
#undef LINK_FAILURE

/* A status that speaks for itself where the answer names no code we know. */
static const struct {
	long status;
	enum link_failure failure;
} by_status[] = {
	{ 401, LINK_FAILURE_UNAUTHORIZED },
	{ 429, LINK_FAILURE_TOO_MANY_REQUESTS },
	{ 500, LINK_FAILURE_SERVER_TROUBLE },
	{ 502, LINK_FAILURE_SERVER_TROUBLE },
	{ 503, LINK_FAILURE_SERVER_TROUBLE },
	{ 504, LINK_FAILURE_SERVER_TROUBLE },
};

/* Codes that a server may name; others of ours are found out here. */
static const enum link_failure refusals[] = {
	LINK_FAILURE_UNAUTHORIZED,
	LINK_FAILURE_HARDWARE_MISMATCH,
	LINK_FAILURE_CONFIGURATION_EXPIRED,
	LINK_FAILURE_AGREEMENT_MISSING,
	LINK_FAILURE_SERVER_DISABLED,
	LINK_FAILURE_SERVER_STOPPED,
	LINK_FAILURE_TOO_MANY_REQUESTS,
	LINK_FAILURE_SERVER_TROUBLE,
	LINK_FAILURE_VERSION,
};

const char *
link_failure_code(enum link_failure failure)
{
	assert(failure < LINK_FAILURE__COUNT);
	return failures[failure].code;
}

char *
link_failure_text(struct arena *arena, enum link_failure failure,
    const char *server, const char *detail)
{
	const struct sentence_value values[] = { { "server", server },
		{ "detail", detail } };

	assert(failure < LINK_FAILURE__COUNT);
	return sentence_fill(arena, failures[failure].sentence, values, 2);
}

enum link_failure
link_failure_of_outcome(enum http_outcome outcome)
{
	switch (outcome) {
	case HTTP_ANSWERED:
		return LINK_FAILURE_NONE;
	case HTTP_NAME_UNKNOWN:
		return LINK_FAILURE_NAME_UNKNOWN;
	case HTTP_UNREACHABLE:
		return LINK_FAILURE_UNREACHABLE;
	case HTTP_NETWORK_DOWN:
		return LINK_FAILURE_NETWORK_DOWN;
	case HTTP_TIMEOUT:
		return LINK_FAILURE_TIMEOUT;
	case HTTP_NOT_TRUSTED:
		return LINK_FAILURE_NOT_TRUSTED;
	case HTTP_OTHER_KEY:
		return LINK_FAILURE_PIN_CHANGED;
	case HTTP_NO_TLS:
		return LINK_FAILURE_NO_TLS;
	case HTTP_TOO_LARGE:
		return LINK_FAILURE_PROTOCOL;
	case HTTP_STOPPED:
		return LINK_FAILURE_STOPPED;
	case HTTP_PROXY:
	case HTTP_BROKEN:
		return LINK_FAILURE_BROKEN;
	}
	return LINK_FAILURE_BROKEN;
}

enum link_failure
link_failure_of_refusal(long status, const char *code)
{
	size_t i;

	for (i = 0; code && i < sizeof(refusals) / sizeof(*refusals); i++)
		if (strcmp(failures[refusals[i]].code, code) == 0)
			return refusals[i];
	for (i = 0; i < sizeof(by_status) / sizeof(*by_status); i++)
		if (by_status[i].status == status)
			return by_status[i].failure;
	return LINK_FAILURE_PROTOCOL;
}

enum link_failure
link_failure_of_answer(const char **detail, struct arena *arena,
    const struct http_answer *answer)
{
	json_t *problem = json_load_object(
	    answer->body, answer->body_bytes, NULL, 0);
	const char *code = json_text(problem, "code");
	enum link_failure failure = link_failure_of_refusal(
	    answer->status, code);

	*detail = arena_format(arena, "HTTP status %ld%s%s", answer->status,
	    code ? ", " : "", code ? code : "");
	json_decref(problem);
	return failure;
}
