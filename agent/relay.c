/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay.c: a sync for the sake of other nodes. What they send lies in the
 * spool; whoever may talk to this socket can only hasten it.
 */
#include "agent/relay.h"

#include "engine/base/clock.h"

/* Less than the door of the cluster waits. */
#define RELAY_WAIT_MS 18000

json_t *
relay_run(struct operation *out, struct agent *agent, json_t *request)
{
	(void)request;
	out->wait = OPERATION_WAIT_SYNC;
	/* Without an actor: nobody pulled. */
	out->request = json_object();
	out->deadline_ms = clock_elapsed_ms() + RELAY_WAIT_MS;
	out->generation = renewal_want(&agent->renewal, false);
	return NULL;
}
