/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.h: one request of another machine and the answer to it, as the
 * programs see them that speak JSON. Knows no socket of the web.
 */
#ifndef LEASEHOLD_CGI_SERVICE_H
#define LEASEHOLD_CGI_SERVICE_H

#include "engine/base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct service_message {
	const char *method, *path, *authorization, *address;	/* "" = none */
	const char *body;
	size_t bytes;
	bool is_too_large;
};

struct service_response {
	int status;
	const char *type, *body;
	int64_t retry_after;	/* 0 = no such header */
	const char *challenge;	/* of WWW-Authenticate; NULL = no such header */
	const char *allow;	/* likewise */
};

/* What is said no to, and how. */
struct service_refusal {
	const char *code;
	int status;
	const char *title, *detail;
};
/* As problem+json; "wait_ms" 0 = no Retry-After. */
void service_refuse(struct service_response *out, struct arena *arena,
    const struct service_refusal *refusal, int64_t wait_ms);

#endif
