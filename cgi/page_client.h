/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client.h: what the pages of one license client share.
 */
#ifndef LEASEHOLD_CGI_PAGE_CLIENT_H
#define LEASEHOLD_CGI_PAGE_CLIENT_H

#include "cgi/request.h"
#include "cgi/view.h"
#include "engine/base/fault.h"
#include "engine/store/store_client.h"

/* The client that the address names (an ID, or ~number); FAULT_NOT_FOUND after the 404 page was made. */
enum fault
page_client_find(struct client_row *out, struct request *request) MUST_CHECK;
/* page_client_lease.c: lease.N.*, parts.N.*, surrendered.N.* and client.{member,noncompliant,cluster,leader}. */
enum fault page_client_lease_show(
    struct request *request, const struct client_row *client) MUST_CHECK;
/* page_client_device.c: hardware_id, address, contact of the bound device, others.N.* of those that came with its ID and password, and formers.N.* of those that were replaced. */
enum fault page_client_device_show(struct request *request, struct view place,
    const struct client_row *client) MUST_CHECK;
/* "strict" when its form must warn; "client" NULL = a new one. */
enum fault page_client_lease_warn(
    struct request *request, const struct client_row *client) MUST_CHECK;

#endif
