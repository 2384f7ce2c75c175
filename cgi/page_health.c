/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_health.c: tells a monitor that the process is up, and nothing else.
 */
#include "cgi/pages.h"

enum fault
page_health_get(struct request *request)
{
	response_text(&request->response, 200, "ok\n");
	return FAULT_NONE;
}
