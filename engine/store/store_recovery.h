/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_recovery.h: inside this room only: what a restore from a copy leaves
 * in the rows, and who has not been heard of since (rules.md 15).
 */
#ifndef LEASEHOLD_STORE_STORE_RECOVERY_H
#define LEASEHOLD_STORE_STORE_RECOVERY_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdint.h>

struct recovery_row {
	int64_t epoch;
	int64_t epoch_at;	/* when this epoch began; 0 = never restored */
	int64_t recovering_at;	/* the same until the recovery is over; 0 = it is */
};

enum fault store_recovery_load(struct recovery_row *out, struct store *store) MUST_CHECK;
/* A new epoch of a license server: who synced in it begins with nobody, and no answer of before is given again. */
enum fault store_recovery_begin(struct store *store, int64_t now) MUST_CHECK;
enum fault store_recovery_end(struct store *store) MUST_CHECK;
/* The epoch and the mark of time are no lower than these, of the store that a copy replaces. */
enum fault store_recovery_raise(struct store *store, int64_t epoch, int64_t clock_mark) MUST_CHECK;
/* What is needed of the store that is replaced. */
enum fault store_recovery_marks(int64_t *epoch, int64_t *clock_mark, struct store *store) MUST_CHECK;
/* A license client: its lease document is forgotten, and it knows no time of its server's before the next sync. */
enum fault store_recovery_forget_lease(struct store *store) MUST_CHECK;

/*
 * Clients, "but" left out, that did not sync in this epoch and may hold units
 * of the feature (NULL = of any): they have counts of it, a running part, or a
 * license surrendered, or somebody changed them since.
 */
enum fault store_recovery_silent(int64_t *out, struct store *store, const struct recovery_row *recovery, const char *feature, int64_t but, int64_t now) MUST_CHECK;
/* All parts of a client, on whatever paper. */
enum fault store_recovery_drop_lease(struct store *store, int64_t client) MUST_CHECK;

#endif
