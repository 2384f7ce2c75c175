/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_pool.h: what a license server has to lend, as the summary shows it.
 */
#ifndef LEASEHOLD_CGI_PAGE_POOL_H
#define LEASEHOLD_CGI_PAGE_POOL_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/store_surrendered.h"

/* pools.N.*, forecasts.N.*, groups.N.* and recovering.*: per feature its units, whether it may be auto-leased and why, when it will be used up; and what each platform group may lease. */
enum fault page_pool_show(struct request *request) MUST_CHECK;
/* held.N.*: licenses of clients that count here. */
enum fault page_pool_show_surrendered(struct request *request) MUST_CHECK;
/* One of them: serial, sku, feature, units, client, accepted, recalling; "uncounted" says why it counts nowhere, "waits" what its recall waits for. */
enum fault page_pool_show_held(struct view place, struct request *request,
    const struct surrendered_row *row) MUST_CHECK;

#endif
