/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_home.c: the bare address leads to the Licensing Summary, at a
 * center to its devices.
 */
#include "cgi/pages.h"

enum fault
page_home_get(struct request *request)
{
	response_redirect(&request->response,
	    request->appliance->role == ROLE_CENTER ? "/center/devices"
						    : "/licensing/summary");
	return FAULT_NONE;
}
