/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_network.h: the networks of this appliance, for Configure Server.
 */
#ifndef LEASEHOLD_CGI_PAGE_SERVER_NETWORK_H
#define LEASEHOLD_CGI_PAGE_SERVER_NETWORK_H

#include "cgi/request.h"
#include "engine/base/fault.h"

/* network.{internal,external,management}.{chosen,state,local}, network.{used,used_state,used_local}; where another is used than preferred, network.{wanted,why,local}. */
enum fault page_server_network_show(struct request *request, const char *preferred) MUST_CHECK;

#endif
