/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_vendor.c: the logo of the vendor whose pack this appliance has.
 */
#include "cgi/pages.h"

#include "cgi/page.h"
#include "engine/base/file.h"
#include "engine/store/vendor_pack.h"

enum fault
page_vendor_logo_get(struct request *request)
{
	const struct vendor_pack *pack = request->appliance->vendor;
	char *data;
	size_t bytes;
	enum fault fault;

	if (!pack || !pack->logo) {
		page_error(request, 404, "not_found", request->path);
		return FAULT_NONE;
	}
	if ((fault = file_read(&data, &bytes, &request->arena, pack->logo,
		 VENDOR_PACK_LOGO_MAX)))
		return fault;
	request->response.status = 200;
	request->response.content_type = pack->logo_type;
	request->response.body = data;
	request->response.body_bytes = bytes;
	return FAULT_NONE;
}
