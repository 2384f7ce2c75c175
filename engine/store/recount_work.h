/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recount_work.h: one recount in the making, shared by the files recount*.c
 * and nobody else.
 */
#ifndef LEASEHOLD_STORE_RECOUNT_WORK_H
#define LEASEHOLD_STORE_RECOUNT_WORK_H

#include "engine/rules/instant.h"
#include "engine/store/recount.h"

#define DIFFERENCE(symbol, code, sentence) DIFFERENCE_##symbol,
enum difference {
#include "engine/store/differences.tbl"
	DIFFERENCE__COUNT
};
#undef DIFFERENCE

/* One feature, as counted here. */
struct recount_sums {
	int64_t total, subscription;
	int64_t leased, held, drawn;	/* "drawn": of the leased ones, on subscriptions */
};

struct recount_work {
	struct recount *out;
	struct arena *arena;		/* for what is told */
	const struct appliance *appliance;
	struct store *store;
	instant at;			/* everything is counted at this instant */
	int64_t grace;
	struct recount_sums *sums;	/* one for each feature of the catalogue */
};

/* NULL when the catalogue does not count it. */
struct recount_sums *recount_sums_of(const struct recount_work *work, const char *feature);
/* One more thing that does not add up. */
enum fault recount_tell(struct recount_work *work, enum difference difference, const char *a, const char *b, const char *c, const char *d) MUST_CHECK;
/* "10,000" in the arena. */
const char *recount_units(struct recount_work *work, int64_t units);

/* Totals, from the keys of own and of surrendered licenses. */
enum fault recount_license(struct recount_work *work) MUST_CHECK;
/* What is leased and held, client by client; and the sequence of each one's documents. */
enum fault recount_lease(struct recount_work *work) MUST_CHECK;
/* Whether pools, their history, switches and samples say the same. */
enum fault recount_history(struct recount_work *work) MUST_CHECK;

#endif
