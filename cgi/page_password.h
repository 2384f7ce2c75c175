/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_password.h: a new password, typed twice.
 */
#ifndef LEASEHOLD_CGI_PAGE_PASSWORD_H
#define LEASEHOLD_CGI_PAGE_PASSWORD_H

#include "cgi/request.h"
#include "engine/base/fault.h"

/* The hash of the form's "password", which "password2" repeats, in the arena; NULL and a mistake when it will not do. */
enum fault
page_password_read(const char **out, struct request *request) MUST_CHECK;

#endif
