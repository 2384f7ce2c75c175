/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agent.h: what the parts of this program share. Only main.c makes one; all
 * but the worker's thread run in one thread.
 */
#ifndef LEASEHOLD_AGENT_AGENT_H
#define LEASEHOLD_AGENT_AGENT_H

#include "agent/admission.h"
#include "agent/ahead.h"
#include "agent/group.h"
#include "agent/hello.h"
#include "agent/renewal.h"
#include "agent/sessions.h"
#include "agent/usage.h"
#include "agent/worker.h"
#include "engine/base/arena.h"
#include "engine/store/appliance.h"
#include <stdbool.h>
#include <stdint.h>

struct agent {
	struct appliance appliance;
	struct arena scratch;		/* of one act; whoever uses it clears it first and last */
	struct probe *probe;		/* NULL until a connection was tested (probe.h) */
	struct download_task *download;	/* NULL until license keys were fetched (download_task.h) */
	struct heartbeat_task *heartbeat;	/* NULL unless this is a virtual license server (heartbeat_task.h) */
	struct worker *worker;		/* NULL unless this is a license client */
	struct hello *hello;		/* likewise */
	struct sessions sessions;
	struct group group;
	struct usage usage[USAGE__COUNT];
	struct admission admission;
	struct renewal renewal;
	struct ahead ahead;
	bool is_clock_lost;		/* the license server's clock was not known when last looked */
	int64_t measured_at;		/* second in which "admission" was measured last */
	int64_t noted_timeout;		/* the setting session-timeout as it was last */
	int64_t over_ms;		/* elapsed time before which no session is over */
	int64_t minute_ms;		/* elapsed time of the next minute's work */
	bool has_room_grown;		/* who waits may be admitted now */
	bool is_lost;			/* the license server cannot be reached (auto_leasing.h) */
	bool has_failed;		/* the last sync did; its next try is timed */
	int64_t leader_silent_ms;	/* elapsed time until which the cluster's leader is not asked what may be taken */
	int64_t leader_denied_ms;	/* elapsed time until which its no stands */
	bool has_taken;			/* units were taken meanwhile; true until it was looked */
	bool must_restart;		/* whether a commit took place is not known */
};

#endif
