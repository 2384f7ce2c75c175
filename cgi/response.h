/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * response.h: an answer, kept whole in memory until it is known to be good,
 * then written once.
 */
#ifndef LEASEHOLD_CGI_RESPONSE_H
#define LEASEHOLD_CGI_RESPONSE_H

#include "engine/base/arena.h"
#include <stddef.h>
#include <stdint.h>

struct response {
	int status;
	const char *content_type;
	const char *location;   /* NULL or where to go; of this site only */
	const char *set_cookie; /* NULL or one whole cookie */
	const char *allow;      /* NULL or the methods of a 405 */
	int64_t retry_after;    /* seconds; 0 = none */
	const char *body;
	size_t body_bytes;
};

/* 303 to "path" of this site; the empty body needs no page. */
void response_redirect(struct response *response, const char *path);
void response_text(struct response *response, int status, const char *text);
/* The CGI header block in the arena, NULL when full. */
char *response_header(struct arena *arena, const struct response *response);

#endif
