/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * response.c: the header block of an answer. Knows no page.
 */
#include "cgi/response.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void
response_redirect(struct response *response, const char *path)
{
	assert(path && path[0] == '/' && path[1] != '/');
	response->status = 303;
	response->content_type = "text/plain; charset=utf-8";
	response->location = path;
	response->body = "";
	response->body_bytes = 0;
}

void
response_text(struct response *response, int status, const char *text)
{
	response->status = status;
	response->content_type = "text/plain; charset=utf-8";
	response->body = text;
	response->body_bytes = strlen(text);
}

/* A header line, or nothing when there is no value or it could split. */
static const char *
line(struct arena *arena, const char *name, const char *value)
{
	if (!value || strpbrk(value, "\r\n"))
		return "";
	return arena_format(arena, "%s: %s\r\n", name, value);
}

char *
response_header(struct arena *arena, const struct response *response)
{
	const char *location = line(arena, "Location", response->location);
	const char *cookie = line(arena, "Set-Cookie", response->set_cookie);
	const char *allow = line(arena, "Allow", response->allow);
	const char *retry = "";

	if (response->retry_after > 0)
		retry = arena_format(arena, "Retry-After: %" PRId64 "\r\n",
		    response->retry_after);
	if (!location || !cookie || !allow || !retry)
		return NULL;
	return arena_format(arena,
	    "Status: %d\r\nContent-Type: %s\r\nContent-Length: "
	    "%zu\r\nCache-Control: no-store\r\n%s%s%s%s\r\n",
	    response->status, response->content_type, response->body_bytes,
	    location, cookie, allow, retry);
}
