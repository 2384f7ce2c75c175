/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h: one request to the console, from its first byte to its answer.
 */
#ifndef LEASEHOLD_CGI_REQUEST_H
#define LEASEHOLD_CGI_REQUEST_H

#include "cgi/form.h"
#include "cgi/render.h"
#include "cgi/response.h"
#include "cgi/view.h"
#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/store/agreement_file.h"
#include "engine/store/appliance.h"
#include "engine/store/mistake.h"
#include "engine/store/store_admin.h"

enum method {
	METHOD_GET,
	METHOD_POST
};

/* What the process keeps from request to request. */
struct console {
	struct appliance *appliance;
	struct render *render;
	struct agreement_text agreement;
};

struct request {
	const struct console *console;
	struct appliance *appliance;
	struct store *store;
	struct arena arena;
	int64_t now; /* what a page shows holds at this instant; stands still while the system's clock is behind */
	int64_t system_now; /* by the system's clock; for page_begin() only */
	int64_t elapsed_ms; /* boot time, for the server's clock on a client */
	const char *boot_id;
	char id[17]; /* shown on error pages, stands in the log */

	enum method method;
	bool is_head;
	const char *path; /* normalized by lighttpd, decoded */
	const char *query;
	const char *body;
	size_t body_bytes;
	const char *content_type, *host, *origin, *fetch_site, *cookies,
	    *address;

	const struct route *route;
	const char *argument; /* the {…} of the route's path, "" without */
	struct form form;
	struct mistakes mistakes; /* in the form; a page adds the ledger's */

	bool is_signed_in;
	struct sign_in_row sign_in;
	uint8_t sign_in_digest[DIGEST_BYTES];
	bool is_agreement_accepted;

	struct view view;
	struct response response;
};

#endif
