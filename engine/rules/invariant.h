/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invariant.h: what must hold after every committed change (rules.md 3).
 */
#ifndef LEASEHOLD_RULES_INVARIANT_H
#define LEASEHOLD_RULES_INVARIANT_H

#include "engine/rules/instant.h"

#define INVARIANT(symbol, sentence) INVARIANT_##symbol,
enum invariant {
#include "engine/rules/invariants.tbl"
	INVARIANT__COUNT
};
#undef INVARIANT

/* One feature's sums. */
struct invariant_figures {
	int64_t total, leased, held;
	int64_t subscription, subscription_drawn, permanent_drawn;
};

/*
 * The first that a change broke, INVARIANT_NONE when it broke none. What was
 * wrong before may stay, but not grow: so renewals go on after a fault. A total
 * that falls (a license lost) breaks nothing by itself. Sources are compared
 * only while no more is leased than there is. With figures of 0 as "before",
 * everything wrong is found, over-allocation after a loss included.
 */
enum invariant invariant_check(const struct invariant_figures *before, const struct invariant_figures *after);
/* With {total} {leased} {held} to be replaced; never NULL. */
const char *invariant_sentence(enum invariant invariant);

#endif
