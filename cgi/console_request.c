/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_request.c: one request from FastCGI to the gate and back. Knows no
 * page.
 */
#include "cgi/console_request.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "cgi/gate.h"
#include "cgi/page.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "engine/base/text.h"
#include "engine/store/store_watch.h"

#define REQUEST_MEMORY ((size_t)64 * 1024 * 1024)

static const char *
parameter(const FCGX_Request *fcgi, const char *name)
{
	const char *value = FCGX_GetParam(name, fcgi->envp);

	return value ? value : "";
}

static bool
read_method(struct request *request, const char *method)
{
	request->is_head = !strcmp(method, "HEAD");
	if (!strcmp(method, "POST"))
		request->method = METHOD_POST;
	else if (!strcmp(method, "GET") || request->is_head)
		request->method = METHOD_GET;
	else
		return false;
	return true;
}

static bool
read_body(struct request *request, FCGX_Request *fcgi)
{
	int64_t length;
	char *body;

	request->body = "";
	if (request->method != METHOD_POST)
		return true;
	if (!text_parse_int64(
		&length, parameter(fcgi, "CONTENT_LENGTH"), 0, PAIRS_MAX_BYTES))
		return false;
	body = arena_alloc(&request->arena, (size_t)length + 1);
	if (!body || FCGX_GetStr(body, (int)length, fcgi->in) != length)
		return false;
	request->body = body;
	request->body_bytes = (size_t)length;
	return true;
}

static void
read_parameters(struct request *request, const FCGX_Request *fcgi)
{
	request->path = arena_format(&request->arena, "%s%s",
	    parameter(fcgi, "SCRIPT_NAME"), parameter(fcgi, "PATH_INFO"));
	request->path = request->path ? request->path : "";
	request->query = parameter(fcgi, "QUERY_STRING");
	request->content_type = parameter(fcgi, "CONTENT_TYPE");
	request->host = parameter(fcgi, "HTTP_HOST");
	request->origin = parameter(fcgi, "HTTP_ORIGIN");
	request->fetch_site = parameter(fcgi, "HTTP_SEC_FETCH_SITE");
	request->cookies = parameter(fcgi, "HTTP_COOKIE");
	request->address = parameter(fcgi, "REMOTE_ADDR");
}

static void
answer(struct request *request, FCGX_Request *fcgi)
{
	const struct response *response = &request->response;
	char *header = response_header(&request->arena, response);

	if (!header) {
		FCGX_PutS(
		    "Status: 500\r\nContent-Length: 0\r\n\r\n", fcgi->out);
		return;
	}
	FCGX_PutS(header, fcgi->out);
	assert(response->body_bytes <= INT_MAX);
	if (!request->is_head)
		FCGX_PutStr(
		    response->body, (int)response->body_bytes, fcgi->out);
}

void
console_request_run(const struct console *console, FCGX_Request *fcgi)
{
	struct request request = { .console = console };

	arena_init(&request.arena, REQUEST_MEMORY);
	request.appliance = console->appliance;
	request.store = console->appliance->store;
	request.system_now = clock_now();
	/* A store that does not answer is the page's fault to tell of. */
	(void)!store_watch_now(&request.now, request.store, request.system_now);
	request.elapsed_ms = clock_elapsed_ms();
	request.boot_id = clock_boot_id();
	request.argument = "";
	request.view = view_new();
	mistake_init(&request.mistakes, &request.arena);
	if (random_hex(request.id, 8))
		text_copy(request.id, sizeof(request.id), "unknown");
	read_parameters(&request, fcgi);
	if (!read_method(&request, parameter(fcgi, "REQUEST_METHOD"))) {
		request.response.allow = "GET, HEAD, POST";
		page_error(&request, 405, "method", "");
	} else if (!read_body(&request, fcgi)) {
		page_error(&request, 413, "too_large", "");
	} else {
		gate_run(&request);
	}
	answer(&request, fcgi);
	view_free(&request.view);
	arena_clear(&request.arena);
}
