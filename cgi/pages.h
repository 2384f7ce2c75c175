/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pages.h: the handlers and forms that routes.tbl names.
 */
#ifndef LEASEHOLD_CGI_PAGES_H
#define LEASEHOLD_CGI_PAGES_H

#include "cgi/form.h"
#include "cgi/request.h"
#include "engine/base/fault.h"

#define ROUTE(method, path, handler, capability, roles, form, help)            \
	enum fault handler(struct request *request);
#include "cgi/routes.tbl"
#undef ROUTE
#define ROUTE(method, path, handler, capability, roles, form, help)            \
	extern const struct form_table form;
#include "cgi/routes.tbl"
#undef ROUTE

#endif
