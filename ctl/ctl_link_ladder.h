/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_link_ladder.h: what ends while nothing is heard of the server, as
 * "leasehold link show" tells it.
 */
#ifndef LEASEHOLD_CTL_CTL_LINK_LADDER_H
#define LEASEHOLD_CTL_CTL_LINK_LADDER_H

#include "ctl/command.h"
#include "engine/store/store_link_ladder.h"

enum fault ctl_link_ladder_load(struct link_ladder *out,
    struct command *command, const struct link_row *link) MUST_CHECK;
/* "ladder", an array, into "link", which it answers; NULL when memory failed. */
json_t *ctl_link_ladder_add(json_t *link, const struct link_ladder *ladder);
void ctl_link_ladder_print(
    struct command *command, const struct link_ladder *ladder);

#endif
