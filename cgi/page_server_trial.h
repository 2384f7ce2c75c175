/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_trial.h: a changed connection on trial, on Configure Server.
 */
#ifndef LEASEHOLD_CGI_PAGE_SERVER_TRIAL_H
#define LEASEHOLD_CGI_PAGE_SERVER_TRIAL_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/ledger.h"
#include "engine/store/store_link_trial.h"

struct link_moment page_server_trial_moment(const struct request *request);
/* form.trial.value; of what is on trial trial.{shown,is_over,until,by,ver,outcome,failure}, trial.before.{server,client_name,network,verify}. */
enum fault page_server_trial_show(struct request *request) MUST_CHECK;
/* ledger_link_trial_again, now. */
enum fault page_server_trial_again(
    struct ledger *ledger, const struct request *request) MUST_CHECK;

#endif
