/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invariant.c: whether a change made the sums of a feature worse than the
 * rules allow. Does not know how they were counted.
 */
#include "engine/rules/invariant.h"
#include "engine/rules/wide.h"
#include <stdbool.h>
#include <stddef.h>

#define INVARIANT(symbol, sentence) [INVARIANT_##symbol] = sentence,
static const char *const sentences[INVARIANT__COUNT] = {
#include "engine/rules/invariants.tbl"
};
#undef INVARIANT

/* Beyond the limit, and further than before? A limit that fell is no growth. */
static bool
grew_beyond(wide before, wide after, wide limit)
{
	return after > limit && after > before;
}

static bool
fell_below_zero(int64_t before, int64_t after)
{
	return grew_beyond(-(wide)before, -(wide)after, 0);
}

static bool
is_any_negative(const struct invariant_figures *before,
    const struct invariant_figures *after)
{
	return fell_below_zero(before->total, after->total) ||
	    fell_below_zero(before->leased, after->leased) ||
	    fell_below_zero(before->held, after->held) ||
	    fell_below_zero(before->subscription, after->subscription) ||
	    fell_below_zero(
		before->subscription_drawn, after->subscription_drawn) ||
	    fell_below_zero(before->permanent_drawn, after->permanent_drawn);
}

static wide
leased_unheld(const struct invariant_figures *figures)
{
	return (wide)figures->leased - figures->held;
}

/* How far the units by source are from the leased ones. */
static wide
source_gap(const struct invariant_figures *figures)
{
	wide gap = (wide)figures->subscription_drawn +
	    figures->permanent_drawn - figures->leased;

	return gap < 0 ? -gap : gap;
}

/*
 * While more is leased than there is, after a loss, some source must be
 * overdrawn; which one is nobody's mistake.
 */
static bool
is_source_overdrawn(const struct invariant_figures *before,
    const struct invariant_figures *after)
{
	wide permanent = (wide)after->total - after->subscription;

	return after->leased <= after->total &&
	    (grew_beyond(before->subscription_drawn, after->subscription_drawn,
		 after->subscription) ||
		grew_beyond(before->permanent_drawn, after->permanent_drawn,
		    permanent));
}

enum invariant
invariant_check(const struct invariant_figures *before,
    const struct invariant_figures *after)
{
	if (is_any_negative(before, after))
		return INVARIANT_NEGATIVE;
	if (grew_beyond(before->leased, after->leased, after->total))
		return INVARIANT_LEASED_OVER_TOTAL;
	if (grew_beyond(before->held, after->held, after->total))
		return INVARIANT_HELD_OVER_TOTAL;
	if (grew_beyond(leased_unheld(before), leased_unheld(after), 0))
		return INVARIANT_LEASED_OVER_HELD;
	if (grew_beyond(source_gap(before), source_gap(after), 0))
		return INVARIANT_SOURCES_DIFFER;
	if (is_source_overdrawn(before, after))
		return INVARIANT_SOURCE_OVER_TOTAL;
	return INVARIANT_NONE;
}

const char *
invariant_sentence(enum invariant invariant)
{
	size_t row = (size_t)invariant;

	return sentences[row < INVARIANT__COUNT ? row : INVARIANT_NONE];
}
