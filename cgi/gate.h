/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gate.h: the one order in which a request is let in: route, method, session,
 * agreement, capability, origin and CSRF, form. Past it a page gets only a
 * permitted, typed request.
 */
#ifndef LEASEHOLD_CGI_GATE_H
#define LEASEHOLD_CGI_GATE_H

#include "cgi/request.h"

/* Runs the request to its answer; request->response is whole afterwards, whatever happened. */
void gate_run(struct request *request);

#endif
