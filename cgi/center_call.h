/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_call.h: one call of an appliance to the center, from its headers to
 * its answer (protocol.md 4). Knows no socket of the web.
 */
#ifndef LEASEHOLD_CGI_CENTER_CALL_H
#define LEASEHOLD_CGI_CENTER_CALL_H

#include "cgi/lease_throttle.h"
#include "cgi/service.h"
#include "engine/base/keypair.h"
#include "engine/store/appliance.h"

#define CENTER_CALL_MAX_BYTES ((size_t)16 * 1024)

/* What the process keeps. */
struct center_service {
	const struct appliance *appliance;
	struct lease_throttle throttle;
};

/* Answers always; all text in the arena or fixed. */
void center_call_run(struct service_response *out, struct arena *arena,
    const struct service_message *message, struct center_service *service,
    struct store *store);

#endif
