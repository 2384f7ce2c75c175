/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_watch.h: the one row of what watches over a license server: how far
 * its time has come, whether auto-leasing is punished, whether it recovers
 * from a restore, whether its own figures were found wrong.
 */
#ifndef LEASEHOLD_STORE_STORE_WATCH_H
#define LEASEHOLD_STORE_STORE_WATCH_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdint.h>

struct watch_row {
	int64_t clock_mark;		/* latest instant at which anything was decided; 0 = nothing was */
	int64_t clock_behind_at;	/* the system's clock when it was seen to be behind, 0 = it is not */
	int64_t penalty_until;		/* auto-leasing is off for all until then, 0 = no penalty; may have passed */
	const char *penalty_client, *penalty_text;
	int64_t recovering_at;		/* 0 = not recovering */
	int64_t halted_at;		/* 0 = sound */
	const char *halted_text;
	int64_t sampled_at;		/* when the present figures were folded into the history last */
};

enum fault store_watch_load(struct watch_row *out, struct arena *arena, struct store *store) MUST_CHECK;
/* The instant to read a page at: "system", or the mark when that is later (decision 0015). */
enum fault store_watch_now(int64_t *out, struct store *store, int64_t system) MUST_CHECK;

/* For the ledger only: */
enum fault store_watch_clock(struct store *store, int64_t mark, int64_t behind_at) MUST_CHECK;
/* "until" 0 = it is over. */
enum fault store_watch_penalty(struct store *store, int64_t until, const char *client, const char *text) MUST_CHECK;
enum fault store_watch_recovering(struct store *store, int64_t at) MUST_CHECK;
/* "at" 0 = sound again. */
enum fault store_watch_halted(struct store *store, int64_t at, const char *text) MUST_CHECK;
enum fault store_watch_sampled(struct store *store, int64_t at) MUST_CHECK;

#endif
