/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_link.h: a client's leases, users and contact with its server, as the
 * summary and Configure Server both show them.
 */
#ifndef LEASEHOLD_CGI_PAGE_LINK_H
#define LEASEHOLD_CGI_PAGE_LINK_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/store_link.h"

/* link.*, features.N.*, sessions.*; *has_server = one is configured. */
enum fault page_link_show(bool *has_server, struct request *request) MUST_CHECK;

#endif
