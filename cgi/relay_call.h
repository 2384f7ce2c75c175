/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay_call.h: one request of another node of this client's cluster, from its
 * headers to its answer (docs/decisions/0027). Knows no socket of the web.
 */
#ifndef LEASEHOLD_CGI_RELAY_CALL_H
#define LEASEHOLD_CGI_RELAY_CALL_H

#include "cgi/lease_throttle.h"
#include "cgi/service.h"
#include "engine/base/arena.h"
#include "engine/store/appliance.h"
#include <stdbool.h>
#include <stdint.h>

#define RELAY_CALL_MAX_BYTES ((size_t)40 * 1024)

#define REFUSAL(symbol, code, status, title, detail) RELAY_REFUSAL_##symbol,
enum relay_refusal {
#include "cgi/relay_refusals.tbl"
	RELAY_REFUSAL__COUNT
};
#undef REFUSAL

/* What the process keeps. */
struct relay_service {
	const struct appliance *appliance;
	struct lease_throttle throttle;
};

/* Answers always; all text in the arena or fixed. May wait for the license server. */
void relay_call_run(struct service_response *out, struct arena *arena,
    const struct service_message *message, struct relay_service *service,
    struct store *store);

#endif
