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

#define LINK_NETWORK_COUNT 3

enum link_network_state {
	LINK_NETWORK_UP,		/* it, or the system's choice */
	LINK_NETWORK_UNCONFIGURED,
	LINK_NETWORK_ABSENT,		/* no interface or address of that name is here */
	LINK_NETWORK_DOWN		/* the interface is down, unplugged or without an address */
};

struct link_network {
	const char *name;	/* "internal" "external" "management" */
	const char *local;	/* address or interface; NULL = the system's choice */
	enum link_network_state state;
};

/* Every network as it is now, "internal" first. A file that cannot be read is logged and counts as none. */
enum fault link_network_list(struct link_network out[LINK_NETWORK_COUNT], struct arena *arena, const char *state_directory) MUST_CHECK;
/* NULL for a name that is none. */
const struct link_network *link_network_find(const struct link_network networks[LINK_NETWORK_COUNT], const char *name);
/* The preferred one when it is up, else the internal one whatever its state. */
const struct link_network *link_network_used(const struct link_network networks[LINK_NETWORK_COUNT], const char *preferred);
/* The one that is used now. */
enum fault link_network_choose(struct link_network *out, struct arena *arena, const char *state_directory, const char *preferred) MUST_CHECK;
/* "up" "unconfigured" "absent" "down": a word for programs. */
const char *link_network_state_name(enum link_network_state state);

#endif
