/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center.h: what the pages of the vendor's console share.
 */
#ifndef LEASEHOLD_CGI_PAGE_CENTER_H
#define LEASEHOLD_CGI_PAGE_CENTER_H

#include "cgi/notice.h"
#include "cgi/paging.h"
#include "cgi/request.h"
#include "engine/store/store_center.h"
#include "engine/store/store_transfer.h"

/* A list a page at a time: which rows, and what came of it. */
struct page_center_list {
	struct center_filter filter;
	struct paging paging;
	size_t count;     /* of the rows of the page */
	int64_t matching; /* of all rows that the filter admits */
};

/* What page_center_query asks for, shown in its form again (query.*), within what the person may see; a POST shows the first page of all. A page number that is none is 1, and no mistake. */
struct page_center_list page_center_list_of(struct request *request);
/* Must the rows be read again, because their page was beyond the last? The filter then names the last. */
bool page_center_list_again(struct page_center_list *list, enum fault fault);
/* {hwid,path,serial,platform,customer,state,warranty,contract,warranty_over,contract_over,contact.*} */
enum fault page_center_device_facts(struct request *request, struct view place,
    const struct center_device_row *row) MUST_CHECK;
/* platforms.N.{name,chosen} */
void page_center_platforms_show(struct request *request, const char *chosen);
/* As typed, in groups and small letters perhaps, made the one form; in the arena. */
const char *page_center_hardware_id(struct request *request, const char *typed);
/* The license keys of a hardware ID, newest first: keys.N.{serial,sku,start,end,at.*,actor,revoked.*,why,statement,may_revoke} */
enum fault page_center_keys_show(
    struct request *request, const char *hardware_id) MUST_CHECK;
/* {id,path,case,partner,customer,device,spare,state,made.*,transferred.*,findings.N.text} */
void page_center_transfer_facts(struct request *request, struct view place,
    const struct transfer_row *row);
/* The one of the request's number. A page of 404 was made, and FAULT_NOT_FOUND answered, when there is none to be seen. */
enum fault page_center_transfer_find(
    struct transfer_row *out, struct request *request) MUST_CHECK;
/* Its page as it is by now, with what was typed and the mistakes of the request. */
enum fault page_center_transfer_again(struct request *request) MUST_CHECK;
/* To the page of that device, with a notice of up to two texts there. */
enum fault
page_center_device_done(struct request *request, const char *hardware_id,
    enum notice notice, const char *first, const char *second) MUST_CHECK;
/* The page of the request's device, as it is by now, with the mistakes of the request. */
enum fault page_center_device_again(struct request *request) MUST_CHECK;
/* In the arena; NULL when that is full. */
const char *page_center_transfer_path(struct request *request, int64_t id);
/* codes.N.{id,tail,customer,state,made.*,by,used.*,hwid,device_path,worth.N.{sku,start,end,serial}} */
enum fault page_center_code_facts(struct request *request, struct view place,
    const struct center_authcode_row *row) MUST_CHECK;

#endif
