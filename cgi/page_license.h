/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_license.h: one installed license, as the summary and its own pages
 * show it.
 */
#ifndef LEASEHOLD_CGI_PAGE_LICENSE_H
#define LEASEHOLD_CGI_PAGE_LICENSE_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/rules/verdict.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link.h"

/* The license that the address names; a page that says so, and FAULT_NOT_FOUND, when there is none. */
enum fault
page_license_find(struct license_row *out, struct request *request) MUST_CHECK;

/* What decides about surrender on this client. */
struct page_license_device {
	struct link_row link;
	bool has_server;
	bool is_member;
	int64_t grace;
};
enum fault page_license_device_load(
    struct page_license_device *out, struct request *request) MUST_CHECK;
/* What the rules say to surrendering it now; to recalling it. */
enum verdict page_license_may_surrender(const struct request *request,
    const struct page_license_device *device, const struct license_row *row);
enum verdict page_license_may_recall(
    const struct page_license_device *device, const struct license_row *row);
/* place.surrender.*: state, since, and which of both may be asked for. */
enum fault page_license_show_surrender(struct view place,
    struct request *request, const struct page_license_device *device,
    const struct license_row *row) MUST_CHECK;

#endif
