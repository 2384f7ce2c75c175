/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_leave.h: what ends when the license server is left, whether for
 * another one or for none.
 */
#ifndef LEASEHOLD_CGI_PAGE_SERVER_LEAVE_H
#define LEASEHOLD_CGI_PAGE_SERVER_LEAVE_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/ledger.h"

/* leave.{is_something,server,client_name}, leave.leased.N.{feature,units,expires.*}, leave.licenses.N.{serial,sku,id}; nothing without a server. */
enum fault page_server_leave_show(struct request *request) MUST_CHECK;
/* A mistake on field "leave" when the input names another server or ID, units of the one that is left run, and nobody said that this is meant. Called inside the transaction that saves it. */
enum fault page_server_leave_check(struct ledger *ledger,
    const struct request *request, const struct link_input *input) MUST_CHECK;

#endif
