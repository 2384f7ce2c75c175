/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_network.h: through which of the appliance's networks a conversation
 * goes out (rules.md 9.5). STATE/networks.json names the local address or
 * interface of each: {"internal":"192.0.2.7","management":"eth2"}; without the
 * file only "internal" is configured, and the system chooses its way.
 */
#ifndef LEASEHOLD_PEER_LINK_NETWORK_H
#define LEASEHOLD_PEER_LINK_NETWORK_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"

struct link_network {
	const char *name;	/* "internal" "external" "management" */
	const char *local;	/* address or interface; NULL = the system's choice */
};

/* The preferred one when it is configured, else the internal one. A file that cannot be read is logged and counts as none. */
enum fault link_network_choose(struct link_network *out, struct arena *arena, const char *state_directory, const char *preferred) MUST_CHECK;

#endif
