/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.h: what all pages share: the frame, errors, notices, the ledger's door.
 */
#ifndef LEASEHOLD_CGI_PAGE_H
#define LEASEHOLD_CGI_PAGE_H

#include "cgi/notice.h"
#include "cgi/request.h"
#include "cgi/route.h"
#include "engine/base/csv.h"
#include "engine/base/fault.h"
#include "engine/store/ledger.h"

/* The page of templates/<name>.cs with everything in request->view. */
enum fault
page_show(struct request *request, const char *name, int status) MUST_CHECK;
/* The same with the form's mistakes, status 422; 409 after an edit conflict. */
enum fault
page_show_again(struct request *request, const char *name) MUST_CHECK;
/* Did somebody else save meanwhile? Then the page shows what is saved now. */
bool page_has_conflict(const struct request *request);
/* A page that only says what is wrong; "why" is one of templates/error.cs's words, "detail" a value it shows. */
void page_error(
    struct request *request, int status, const char *why, const char *detail);
/* The error page of a fault. */
void page_fault(struct request *request, enum fault fault);
/* 303 with a notice on the next page. */
enum fault page_done(struct request *request, const char *path,
    enum notice notice, const char *a, const char *b) MUST_CHECK;
/* Opens a transaction for an act of this administrator. */
enum fault
page_begin(struct ledger *ledger, struct request *request) MUST_CHECK;
/* Ends it; the ledger's mistakes join the form's. Nothing was kept when *is_kept is false. */
enum fault page_end(bool *is_kept, struct ledger *ledger,
    struct request *request, enum fault fault) MUST_CHECK;
/* The table is the answer, unless "fault" is one. Frees it. */
enum fault page_csv(
    struct request *request, struct csv *csv, enum fault fault) MUST_CHECK;
/* Address of a client's page: by ID, or by number for one that is too long. */
const char *
page_client_path(struct request *request, const char *name, int64_t id);

#endif
