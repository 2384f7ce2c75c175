/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trial.h: a changed connection to the license server on trial (decision
 * 0023): how long it still is, and whose word counts when the one of before
 * comes back.
 */
#ifndef LEASEHOLD_RULES_TRIAL_H
#define LEASEHOLD_RULES_TRIAL_H

#include "engine/rules/instant.h"
#include <stdbool.h>
#include <stdint.h>

/* The boot in which a trial began, seen from now. */
enum trial_boot {
	TRIAL_BOOT_SAME,
	TRIAL_BOOT_OTHER,
	TRIAL_BOOT_NAMELESS	/* neither has an identity: only the wall clock is left */
};

struct trial {
	int64_t seconds;	/* how long */
	int64_t began_ms;	/* elapsed boot time */
	instant began_at;	/* wall clock */
};

/*
 * Seconds left, a begun one counted whole; 0 = it is over. By elapsed boot
 * time, whatever the wall clock says. Over at once after a reboot, which left
 * no mark of how long it took; without boot identities when the wall clock
 * went back.
 */
int64_t trial_left(const struct trial *trial, enum trial_boot boot, int64_t elapsed_ms, instant now);

/* What a license server said last by a connection. */
struct trial_word {
	bool is_known;		/* it has signed anything at all */
	int64_t epoch, number;	/* of the lease document */
};

/* The connection of before, and the one on trial. */
struct trial_pair {
	struct trial_word before, now;
	bool is_same_place;	/* server and Unique ID as entered */
	bool is_same_key;	/* that signs the documents; of two that are known */
	bool is_same_client;	/* Unique ID alone */
};

/*
 * Does what was said during the trial go on counting when the connection of
 * before is back? Only where one and the same server said both, of one
 * client, and the trial's is not the older: it may have lent elsewhere what
 * the newer document does not give. Otherwise what was said before counts
 * again, and nothing of the trial.
 */
bool trial_keeps_word(const struct trial_pair *pair);

#endif
