/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server.h: the form of Configure Server, for the pages that act on what
 * stands in it.
 */
#ifndef LEASEHOLD_CGI_PAGE_SERVER_H
#define LEASEHOLD_CGI_PAGE_SERVER_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/ledger.h"

/* What was typed; an empty password is NULL. */
void page_server_input(struct link_input *out, const struct request *request);
/* Leaves with the request what is wrong with it; ends the transaction, nothing is kept. */
enum fault page_server_check(struct ledger *ledger, struct request *request, const struct link_input *input) MUST_CHECK;
/* The page with what was typed and its mistakes. */
enum fault page_server_again(struct request *request) MUST_CHECK;
/* The page as saved, and mistakes of a button on it. */
enum fault page_server_refused(struct request *request) MUST_CHECK;
/* The page with what was typed, or as saved where nothing was, below what a test found. */
enum fault page_server_tested(struct request *request) MUST_CHECK;

#endif
