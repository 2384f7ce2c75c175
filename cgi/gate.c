/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gate.c: decides whether a page runs. Knows routes, sessions and forms, no
 * page's inside.
 */
#include "cgi/gate.h"

#include <assert.h>
#include <string.h>

#include "cgi/address.h"
#include "cgi/page.h"
#include "cgi/page_clients_closed.h"
#include "cgi/pairs.h"
#include "cgi/route.h"
#include "cgi/session.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"
#include "engine/store/store_agreement.h"
#include "engine/store/store_license.h"

/* Longer addresses are not come back to. */
#define RETURN_MAX 1024

/* A step answers true when the next may run; else the response is made. */
typedef bool gate_step(struct request *request);

static bool
stop(struct request *request, int status, const char *why, const char *detail)
{
	page_error(request, status, why, detail);
	return false;
}

static bool
stop_for(struct request *request, enum fault fault)
{
	page_fault(request, fault);
	return false;
}

static bool
find_route(struct request *request)
{
	const struct route *other;

	request->route = route_find(&other, &request->argument, &request->arena,
	    request->method, request->path);
	if (request->route)
		return true;
	if (!other)
		return stop(request, 404, "not_found", request->path);
	request->response.allow = other->method == METHOD_POST ? "POST"
							       : "GET, HEAD";
	return stop(request, 405, "method", request->path);
}

/* The page asked for, encoded, to come back to; "" for the first one. */
static const char *
return_address(struct request *request)
{
	const char *path = request->path;

	if (request->method != METHOD_GET || !strcmp(path, "/") ||
	    strlen(path) + strlen(request->query) > RETURN_MAX)
		return "";
	if (*request->query)
		path = arena_format(
		    &request->arena, "%s?%s", path, request->query);
	return path ? address_encode(&request->arena, session_next(path))
		    : NULL;
}

static bool
check_session(struct request *request)
{
	const char *path;

	if (request->is_signed_in ||
	    request->route->capability == CAPABILITY_PUBLIC)
		return true;
	path = return_address(request);
	path = path ? arena_format(&request->arena,
			  *path ? "/signin?next=%s" : "/signin%s", path)
		    : NULL;
	if (!path)
		return stop_for(request, FAULT_MEMORY);
	if (request->method == METHOD_POST)
		return stop(request, 403, "signed_out", "");
	response_redirect(&request->response, path);
	return false;
}

/* Why a window is not here. */
static const char *
elsewhere(const struct request *request)
{
	if (request->appliance->role == ROLE_CENTER)
		return "not_on_center";
	if (request->route->roles == ON_CENTER)
		return "only_on_center";
	return appliance_lends(request->appliance) ? "not_on_server"
						   : "not_on_client";
}

static bool
check_role_window(struct request *request)
{
	if (request->route->roles & 1 << request->appliance->role)
		return true;
	return stop(request, 404, elsewhere(request), request->route->help);
}

static bool
check_agreement(struct request *request)
{
	struct agreement_row accepted;
	enum fault fault;
	const char *path;

	if (!request->is_signed_in)
		return true;
	/* It is between the vendor, whose center this is, and whoever runs an appliance. */
	if (request->appliance->role == ROLE_CENTER) {
		request->is_agreement_accepted = true;
		return true;
	}
	fault = store_agreement_load(&accepted, &request->arena, request->store,
	    request->console->agreement.digest);
	if (fault && fault != FAULT_NOT_FOUND)
		return stop_for(request, fault);
	request->is_agreement_accepted = !fault;
	if (!fault || request->route->capability <= CAPABILITY_AGREEMENT)
		return true;
	path = return_address(request);
	path = path ? arena_format(&request->arena, "/agreement?next=%s", path)
		    : NULL;
	if (!path)
		return stop_for(request, FAULT_MEMORY);
	response_redirect(&request->response, path);
	return false;
}

static bool
check_capability(struct request *request)
{
	if (request->route->capability == CAPABILITY_PUBLIC)
		return true;
	if (route_allows(
		request->sign_in.admin.role, request->route->capability))
		return true;
	return stop(request, 403, "capability", request->route->help);
}

/* Configure Clients comes with the license of a virtual license server (rules.md 11). */
static bool
check_server_license(struct request *request)
{
	bool is_licensed = true;
	enum fault fault = FAULT_NONE;

	if (request->route->roles & WITH_SERVER_LICENSE &&
	    request->appliance->role == ROLE_VIRTUAL_SERVER)
		fault = store_license_switch(&is_licensed, request->store,
		    CATALOGUE_LICENSE_SERVER, request->now);
	if (!fault && !is_licensed)
		fault = page_clients_closed_show(request);
	if (fault)
		return stop_for(request, fault);
	return is_licensed;
}

/* A browser that names another site as the origin is not our form. */
static bool
is_foreign(const struct request *request)
{
	const char *origin = request->origin;

	if (*request->fetch_site &&
	    strcmp(request->fetch_site, "same-origin") &&
	    strcmp(request->fetch_site, "none"))
		return true;
	if (!*origin)
		return false;
	return strncmp(origin, "https://", 8) ||
	    !text_equals_ignoring_case(origin + 8, request->host);
}

static bool
check_origin(struct request *request)
{
	if (request->method == METHOD_POST && is_foreign(request))
		return stop(request, 403, "origin", "");
	return true;
}

static bool
csrf_is_good(const struct request *request, const char *word)
{
	if (!word)
		return false;
	if (request->route->capability == CAPABILITY_PUBLIC)
		return session_guest_csrf_is_good(request, word);
	return secret_equals(word, strlen(word), request->sign_in.csrf,
	    strlen(request->sign_in.csrf));
}

static bool
read_pairs(struct pairs *pairs, struct request *request)
{
	const char *text = request->method == METHOD_POST ? request->body
							  : request->query;
	size_t length = request->method == METHOD_POST ? request->body_bytes
						       : strlen(request->query);

	if (request->method == METHOD_POST &&
	    strncmp(
		request->content_type, "application/x-www-form-urlencoded", 33))
		return stop(request, 415, "content_type", "");
	switch (pairs_parse_form(pairs, &request->arena, text, length)) {
	case PAIRS_OK:
		return true;
	case PAIRS_TOO_LARGE:
		return stop(request, 413, "too_large", "");
	case PAIRS_MALFORMED:
	case PAIRS_REPEATED:
		return stop(request, 400, "malformed", "");
	case PAIRS_MEMORY:
		break;
	}
	return stop_for(request, FAULT_MEMORY);
}

static bool
check_form(struct request *request)
{
	struct pairs pairs;

	if (!read_pairs(&pairs, request))
		return false;
	if (request->method == METHOD_POST &&
	    !csrf_is_good(request, pairs_find(&pairs, "csrf")) &&
	    request->route->capability != CAPABILITY_PUBLIC)
		return stop(request, 403, "csrf", "");
	switch (form_read(&request->form, &request->mistakes, &request->arena,
	    request->route->form, &pairs, &request->appliance->catalogue)) {
	case FORM_OK:
		break;
	case FORM_UNKNOWN_FIELD:
		return stop(request, 400, "malformed", "");
	case FORM_MEMORY:
		return stop_for(request, FAULT_MEMORY);
	}
	if (request->method == METHOD_POST &&
	    !csrf_is_good(request, pairs_find(&pairs, "csrf")))
		mistake_add(
		    &request->mistakes, "", MISTAKE_FORM_EXPIRED, NULL, NULL);
	return true;
}

static gate_step *const steps[] = {
	find_route,
	check_session,
	check_role_window,
	check_agreement,
	check_capability,
	check_server_license,
	check_origin,
	check_form,
};

void
gate_run(struct request *request)
{
	enum fault fault;

	fault = session_load(request);
	if (!fault && request->is_signed_in)
		fault = store_sign_in_touch(
		    request->store, request->sign_in_digest, request->now);
	if (fault) {
		page_fault(request, fault);
		return;
	}
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!steps[i](request))
			return;
	fault = request->route->handler(request);
	if (fault)
		page_fault(request, fault);
	assert(request->response.status);
}
