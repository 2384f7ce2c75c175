/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahead.h: growth asked for before somebody has to wait (decision 0034). How
 * many seats, the rules say; here is when a sync begins for them.
 */
#ifndef LEASEHOLD_AGENT_AHEAD_H
#define LEASEHOLD_AGENT_AHEAD_H

#include "agent/admission.h"
#include "engine/peer/link_sync.h"
#include <stdbool.h>
#include <stdint.h>

struct agent;

struct ahead {
	int64_t after_ms;	/* elapsed time before which none begins for it */
	int64_t leased;		/* units when the sync under way began */
	bool is_asked;		/* and it asked for more */
};

/* Every sync asks for the seats to be kept free, too: what a sync asked for must not be given back by the next. */
void ahead_begin(struct agent *agent, struct link_sync_input *users);
/* Wants a sync when one would bring units for them: not while another is under way, nor after one that failed or brought nothing. */
void ahead_watch(struct agent *agent, const struct link_sync_input *users, int64_t elapsed_ms);
/* After a sync; "users" without the seats. */
void ahead_end(struct agent *agent, const struct link_sync_input *users, int64_t elapsed_ms);

#endif
