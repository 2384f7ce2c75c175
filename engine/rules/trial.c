/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trial.c: the end of a trial, and which lease counts after it. Does not know
 * what was changed.
 */
#include "engine/rules/trial.h"

#define MS 1000

/* Of "whole" what is left after the time from "start" to "end"; none when that goes backward. */
static int64_t
rest(int64_t whole, int64_t start, int64_t end)
{
	int64_t gone;

	if (end < start || __builtin_sub_overflow(end, start, &gone))
		return 0;
	return instant_units_less(whole, gone);
}

int64_t
trial_left(const struct trial *trial, enum trial_boot boot, int64_t elapsed_ms,
    instant now)
{
	int64_t left_ms;

	if (boot == TRIAL_BOOT_OTHER)
		return 0;
	if (boot == TRIAL_BOOT_NAMELESS)
		return rest(trial->seconds, trial->began_at, now);
	left_ms = rest(instant_units_times(trial->seconds, MS), trial->began_ms,
	    elapsed_ms);
	return left_ms / MS + (left_ms % MS > 0);
}

bool
trial_keeps_word(const struct trial_pair *pair)
{
	const struct trial_word *before = &pair->before, *now = &pair->now;

	if (!now->is_known)
		return false;
	if (!before->is_known)
		return pair->is_same_place;
	if (!pair->is_same_key || !pair->is_same_client)
		return false;
	return now->epoch > before->epoch ||
	    (now->epoch == before->epoch && now->number >= before->number);
}
