/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_request.h: FastCGI's parameters as a request, and the answer back.
 * With console_main.c the only place of the console that includes FastCGI.
 */
#ifndef LEASEHOLD_CGI_CONSOLE_REQUEST_H
#define LEASEHOLD_CGI_CONSOLE_REQUEST_H

#include "cgi/request.h"
#include <fcgiapp.h>

/* Reads, runs and answers one accepted request. */
void console_request_run(const struct console *console, FCGX_Request *fcgi);

#endif
