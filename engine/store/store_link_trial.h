/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_trial.h: a changed connection on trial, and the one of before
 * that comes back unless the change is kept (decision 0023).
 */
#ifndef LEASEHOLD_STORE_STORE_LINK_TRIAL_H
#define LEASEHOLD_STORE_STORE_LINK_TRIAL_H

#include "engine/store/link_copy.h"

struct link_trial_row {
	struct link_copy before;
	int64_t began_at, seconds;
	const char *boot;	/* identity of the boot in which it began; "" = not known */
	int64_t elapsed_ms;	/* elapsed boot time then */
	const char *actor;	/* who changed it */
};

/* Now, by the clock that no one can set. */
struct link_moment {
	const char *boot_id;
	int64_t elapsed_ms;
};

/* FAULT_NOT_FOUND when nothing is on trial. */
enum fault store_link_trial_load(struct link_trial_row *out, struct arena *arena, struct store *store) MUST_CHECK;
/* Is something? Cheap enough to be asked each second. */
enum fault store_link_trial_is_there(bool *out, struct store *store) MUST_CHECK;
/* Seconds left; 0 = over, though the connection of before may not be back yet (trial_left). "now" is the wall clock. */
int64_t store_link_trial_left(const struct link_trial_row *row, const struct link_moment *moment, int64_t now);
/* What was said during the trial counts beside the connection of before, too (trial_keeps_word). "link": the present one. */
bool store_link_trial_keeps_word(const struct link_trial_row *row, const struct link_row *link);
/* Has anything been asked by the present connection since the change, and was it answered? */
enum link_trial_outcome {
	LINK_TRIAL_UNTRIED,
	LINK_TRIAL_FAILED,
	LINK_TRIAL_CONNECTED
};
enum link_trial_outcome store_link_trial_outcome(const struct link_row *link);
/* The same on pages and in JSON: untried, failed, connected. */
const char *store_link_trial_outcome_name(const struct link_row *link);

/* Inside this room only: written for the ledger. In place of any other. */
enum fault store_link_trial_save(struct store *store, struct arena *arena, const struct link_trial_row *row) MUST_CHECK;
enum fault store_link_trial_delete(struct store *store) MUST_CHECK;

#endif
