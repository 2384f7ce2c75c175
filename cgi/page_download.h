/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_download.h: what the page Download Licenses consists of.
 */
#ifndef LEASEHOLD_CGI_PAGE_DOWNLOAD_H
#define LEASEHOLD_CGI_PAGE_DOWNLOAD_H

#include "cgi/request.h"
#include <jansson.h>

/* Of a report of download_run(): run.issuers.N.{kid,issuer}, those that are not trusted by now. */
void page_download_issuer_show(struct request *request, const json_t *report);

#endif
