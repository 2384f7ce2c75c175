/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * instance.c: see instance.h. A copy of a state directory goes on as another
 * boot, and then the first one is heard of again; a copy of a running machine
 * goes on as the same boot, and numbers are used twice.
 */
#include "engine/rules/instance.h"

enum instance_verdict
instance_judge(
    const struct instance_boot *boot, int64_t sequence, instant sent_at)
{
	if (!boot->is_known)
		return INSTANCE_STARTS;
	if (boot->superseded_at != 0)
		return sent_at > boot->superseded_at ? INSTANCE_FORKS
						     : INSTANCE_LATE;
	if (sequence > boot->sequence)
		return INSTANCE_GOES_ON;
	return sent_at > boot->sent_at ? INSTANCE_FORKS : INSTANCE_LATE;
}
