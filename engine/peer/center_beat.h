/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_beat.h: one heartbeat of a virtual license server, from its number to
 * what the center said, for the agent.
 */
#ifndef LEASEHOLD_PEER_CENTER_BEAT_H
#define LEASEHOLD_PEER_CENTER_BEAT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include <stdatomic.h>

struct center_beat {
	const struct appliance *appliance;
	struct store *store;	/* of the thread that runs it */
	const char *boot;	/* 32 hexadecimal digits of this start of the agent */
	const atomic_bool *stop;	/* ends it within a second once true; may be NULL */
};

/* *failure NULL when it was accepted, else why not, in the arena; both are in the store by then. */
enum fault center_beat_send(const char **failure, struct arena *arena, const struct center_beat *beat) MUST_CHECK;

#endif
