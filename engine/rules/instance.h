/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * instance.h: at the center: does one virtual license server send these
 * heartbeats, or do two in one name (rules.md 11)? Each start of one is a boot
 * with a word of its own, and its heartbeats are numbered.
 */
#ifndef LEASEHOLD_RULES_INSTANCE_H
#define LEASEHOLD_RULES_INSTANCE_H

#include "engine/rules/instant.h"
#include <stdbool.h>

/* What is known of the boot that a heartbeat names. */
struct instance_boot {
	bool is_known;
	int64_t sequence;	/* of its last heartbeat */
	instant sent_at;	/* and when that was sent, by its own clock */
	instant superseded_at;	/* another boot's first heartbeat after it was sent then; 0 = it is the last one heard of */
};

enum instance_verdict {
	INSTANCE_STARTS,	/* a boot not heard of before */
	INSTANCE_GOES_ON,
	INSTANCE_LATE,		/* sent before what was heard already: it says nothing new */
	INSTANCE_FORKS		/* this one goes on though another one followed it, or its numbers are used twice */
};

enum instance_verdict instance_judge(const struct instance_boot *boot, int64_t sequence, instant sent_at);

#endif
