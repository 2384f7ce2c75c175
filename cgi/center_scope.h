/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_scope.h: at the center: whose rows the person who asks may see.
 * Partners see what is theirs and their customers', customers what is theirs;
 * what is somebody else's answers as what is not there.
 */
#ifndef LEASEHOLD_CGI_CENTER_SCOPE_H
#define LEASEHOLD_CGI_CENTER_SCOPE_H

#include "cgi/request.h"
#include "engine/store/store_center.h"

/* For center_filter.scope: 0 = sees everything. */
int64_t center_scope_of(const struct request *request);
/* May it see what belongs to that customer (0 = nobody)? */
enum fault center_scope_admits(
    bool *out, struct request *request, int64_t customer) MUST_CHECK;
/* The device of a hardware ID; a page of 404 was made, and FAULT_NOT_FOUND answered, when there is none to be seen. */
enum fault center_scope_device(struct center_device_row *out,
    struct request *request, const char *hardware_id) MUST_CHECK;

#endif
