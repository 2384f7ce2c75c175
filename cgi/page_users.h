/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_users.h: what the page of a gateway's users and that of one of them
 * share.
 */
#ifndef LEASEHOLD_CGI_PAGE_USERS_H
#define LEASEHOLD_CGI_PAGE_USERS_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/store_link.h"

/* "place".{user,id,id_url,feature,gateway,began.*,seen.*,over.*} */
void page_users_show_session(struct view place, struct request *request, const struct session_row *row);

#endif
