/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_link_trial.h: a changed connection on trial, as "leasehold link" shows
 * it.
 */
#ifndef LEASEHOLD_CTL_CTL_LINK_TRIAL_H
#define LEASEHOLD_CTL_CTL_LINK_TRIAL_H

#include "ctl/command.h"
#include "engine/store/store_link_trial.h"

struct ctl_link_trial {
	bool is_there;
	struct link_trial_row row;
	const struct link_row *link; /* the changed one; the caller's */
	int64_t left;                /* seconds */
	int64_t seconds;             /* that the next one will have */
};

struct link_moment ctl_link_trial_moment(void);
enum fault ctl_link_trial_load(struct ctl_link_trial *out,
    struct command *command, const struct link_row *link) MUST_CHECK;
/* "trial" (null when there is none) and "trial_seconds" into "link", which it answers. */
json_t *ctl_link_trial_add(json_t *link, const struct ctl_link_trial *trial);
void ctl_link_trial_print(
    struct command *command, const struct ctl_link_trial *trial);

#endif
