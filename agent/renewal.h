/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * renewal.h: when the next sync is to begin. By elapsed time, so that a local
 * clock set back does not put it off. Pure.
 */
#ifndef LEASEHOLD_AGENT_RENEWAL_H
#define LEASEHOLD_AGENT_RENEWAL_H

#include "engine/store/store_link.h"
#include <stdbool.h>
#include <stdint.h>

struct renewal {
	int64_t generation;	/* of the sync under way, else of the last one */
	bool is_under_way;
	bool is_wanted;		/* somebody waits for one that has not begun */
	bool is_urgent;		/* a person does: no pause before it */
	bool has_server;
	int64_t due_ms;		/* of the timed one */
	int64_t not_before_ms;
	int64_t seen_next, seen_attempt, seen_version;
};

void renewal_init(struct renewal *renewal);
/* Looks at the row, NULL when no server is set. */
void renewal_look(struct renewal *renewal, const struct link_row *link, int64_t now, int64_t elapsed_ms);
/* Wants a sync that begins after this, without a pause when it is urgent; answers its generation. */
int64_t renewal_want(struct renewal *renewal, bool is_urgent);
/* Elapsed time at which a wanted one may begin; INT64_MAX when none is wanted or one is under way. */
int64_t renewal_ready(const struct renewal *renewal);
/* After a lapse, within so many milliseconds at most. */
void renewal_hasten(struct renewal *renewal, int64_t elapsed_ms, int64_t within_ms);
/* May and should one begin now? */
bool renewal_is_due(const struct renewal *renewal, int64_t elapsed_ms);
void renewal_begin(struct renewal *renewal, int64_t elapsed_ms);
void renewal_end(struct renewal *renewal, bool is_failed, int64_t elapsed_ms);

#endif
