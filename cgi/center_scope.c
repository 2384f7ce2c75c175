/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_scope.c: see center_scope.h. Knows no page.
 */
#include "cgi/center_scope.h"

#include "cgi/page.h"

int64_t
center_scope_of(const struct request *request)
{
	return request->sign_in.admin.customer;
}

enum fault
center_scope_admits(bool *out, struct request *request, int64_t customer)
{
	return store_center_is_within(
	    out, request->store, center_scope_of(request), customer);
}

enum fault
center_scope_device(struct center_device_row *out, struct request *request,
    const char *hardware_id)
{
	bool is_seen = false;
	enum fault fault = store_center_device_load(
	    out, &request->arena, request->store, hardware_id);

	if (!fault)
		fault = center_scope_admits(&is_seen, request, out->customer);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!fault && is_seen)
		return FAULT_NONE;
	page_error(request, 404, "no_device", hardware_id);
	return FAULT_NOT_FOUND;
}
