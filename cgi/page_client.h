/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client.h: what the pages of one license client share.
 */
#ifndef LEASEHOLD_CGI_PAGE_CLIENT_H
#define LEASEHOLD_CGI_PAGE_CLIENT_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/store_client.h"

/* The client that the address names (an ID, or ~number); FAULT_NOT_FOUND after the 404 page was made. */
enum fault
page_client_find(struct client_row *out, struct request *request) MUST_CHECK;

#endif
