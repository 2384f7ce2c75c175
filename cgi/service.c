/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c: how a program that speaks JSON says no.
 */
#include "cgi/service.h"

#include "engine/base/json.h"
#include <assert.h>

void
service_refuse(struct service_response *out, struct arena *arena,
    const struct service_refusal *refusal, int64_t wait_ms)
{
	json_t *problem;

	assert(out && arena && refusal);
	problem = json_pack("{s:s, s:s, s:i, s:s}", "code", refusal->code,
	    "title", refusal->title, "status", refusal->status, "detail",
	    refusal->detail);
	*out = (struct service_response){ .status = refusal->status,
		.type = "application/problem+json",
		.body = problem ? json_dump(arena, problem) : NULL,
		.retry_after = (wait_ms + 999) / 1000 };
	if (!out->body)
		out->body = "{}";
	json_decref(problem);
}
