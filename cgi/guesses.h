/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guesses.h: how long whoever guesses passwords of the console waits.
 */
#ifndef LEASEHOLD_CGI_GUESSES_H
#define LEASEHOLD_CGI_GUESSES_H

#include "cgi/request.h"
#include "engine/base/fault.h"

/* Seconds until a password for that user name, from the request's address, is looked at again; 0 = now. */
enum fault guesses_wait(
    int64_t *out, struct request *request, const char *name) MUST_CHECK;

#endif
