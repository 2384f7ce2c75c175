/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * allocation.h: what a client may have of one feature, and whether an admin
 * may save it so (rules.md 4).
 */
#ifndef LEASEHOLD_RULES_ALLOCATION_H
#define LEASEHOLD_RULES_ALLOCATION_H

#include "engine/rules/instant.h"
#include "engine/rules/verdict.h"
#include <stdbool.h>

#define ALLOCATION_COUNT_MAX INT64_C(10000000)

struct allocation {
	int64_t reserved;
	int64_t increment;
	int64_t maximum;
};

struct allocation_check {
	enum verdict error;	/* VERDICT_OK or the first rule broken */
	enum verdict warning;	/* VERDICT_OK or the most useful warning */
	struct verdict_numbers numbers;
};

/* Least increment the vendor's rule allows: 25 unless M - R < 25, and at least a tenth of M - R (rounded up); 0 when M <= R. */
int64_t allocation_least_increment(const struct allocation *allocation);
/* R + floor((M - R) / I) * I, or R when I is 0. */
int64_t allocation_reachable(const struct allocation *allocation);
/*
 * Checks counts about to be saved. "reservable" is pool_reservable() for
 * this client; "previous_reserved" what is saved now (0 for a new client):
 * a reservation that does not rise is not checked against the pool, unless
 * "made_live" says that an expired configuration becomes live again.
 */
void allocation_check(struct allocation_check *out, const struct allocation *allocation, int64_t previous_reserved, int64_t reservable, bool made_live);
/* Server settings in seconds: D in 24 h..240 h; P in 1 h..D/2 (rules.md 5). numbers.bound is in whole hours for D/2 rounded down. */
enum verdict allocation_duration_check(int64_t duration);
enum verdict allocation_interval_check(int64_t *bound_seconds, int64_t duration, int64_t interval);

#endif
