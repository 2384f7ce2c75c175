/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_home.c: the bare address leads to the Licensing Summary.
 */
#include "cgi/pages.h"

enum fault
page_home_get(struct request *request)
{
	response_redirect(&request->response, "/licensing/summary");
	return FAULT_NONE;
}
