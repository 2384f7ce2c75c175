/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lighttpd_conf.h: makes lighttpd's configuration for this appliance out of
 * conf/lighttpd.conf.in.
 */
#ifndef LEASEHOLD_CTL_LIGHTTPD_CONF_H
#define LEASEHOLD_CTL_LIGHTTPD_CONF_H

#include "ctl/endpoint.h"
#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <stdbool.h>

#define LIGHTTPD_CONF_TEMPLATE "conf/lighttpd.conf.in"

struct lighttpd_conf {
	const char *state_directory;
	const char *data_directory;
	const char *socket_directory; /* of console.sock and lease.sock */
	const char *hostname;
	const struct endpoint *listen;
	const struct endpoint *redirect; /* NULL = no plain port */
	bool lends;                      /* answers the lease protocol */
	bool borrows; /* a license client: other nodes knock at it */
	bool is_center; /* appliances ask it for license keys */
};

/* Can lighttpd's configuration hold this text? No quotes, backslashes or control characters. */
bool lighttpd_conf_can_hold(const char *text);
/* "https://gw.example:8443", the port left out where browsers know it; NULL when the arena is full. */
const char *
lighttpd_conf_address(struct arena *arena, const struct lighttpd_conf *conf);
/* The whole configuration, in the arena. FAULT_DAMAGED when the template asks for what is not known (logged), or a value cannot be held. */
enum fault lighttpd_conf_fill(char **out, struct arena *arena,
    const struct lighttpd_conf *conf, const char *template_text) MUST_CHECK;

#endif
