/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients_closed.c: see page_clients_closed.h. Decides nothing: the gate
 * has found that the license is missing.
 */
#include "cgi/page_clients_closed.h"

#include <string.h>

#include "cgi/page.h"
#include "engine/store/store_setting.h"

static int
status_for(const struct request *request)
{
	if (request->method == METHOD_POST)
		return 403;
	return strcmp(request->path, "/licensing/clients") ? 404 : 200;
}

enum fault
page_clients_closed_show(struct request *request)
{
	int64_t enabled;
	enum fault fault = store_setting_load(
	    &enabled, request->store, SETTING_SERVER_ENABLED);

	if (fault)
		return fault;
	view_flag(request->view, "closed.is_enabled", enabled);
	view_flag(
	    request->view, "closed.is_refused", request->method == METHOD_POST);
	return page_show(request, "page_clients_closed", status_for(request));
}
