/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_membership.h: members.N.*, why a client is out of compliance and what
 * mends it; nothing for one that is not.
 */
#ifndef LEASEHOLD_CGI_PAGE_MEMBERSHIP_H
#define LEASEHOLD_CGI_PAGE_MEMBERSHIP_H

#include "cgi/request.h"
#include "engine/base/fault.h"

/* On the license server, of one client, as the next row; *shown counts them. */
enum fault page_membership_show_client(
    size_t *shown, struct request *request, int64_t client) MUST_CHECK;
/* On a client, of itself. */
enum fault page_membership_show_own(struct request *request) MUST_CHECK;

#endif
