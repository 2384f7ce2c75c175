/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients_closed.h: Configure Clients of a virtual license server that
 * has no license-server license yet.
 */
#ifndef LEASEHOLD_CGI_PAGE_CLIENTS_CLOSED_H
#define LEASEHOLD_CGI_PAGE_CLIENTS_CLOSED_H

#include "cgi/request.h"
#include "engine/base/fault.h"

/* Why there is nothing, and what to do; the window itself answers 200, those behind it 404, and what would change something 403. */
enum fault page_clients_closed_show(struct request *request) MUST_CHECK;

#endif
