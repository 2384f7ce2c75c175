/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recovery.h: a restored server lends nothing new until it knows what its
 * clients hold (rules.md 15).
 */
#ifndef LEASEHOLD_RULES_RECOVERY_H
#define LEASEHOLD_RULES_RECOVERY_H

#include "engine/rules/instant.h"
#include <stdbool.h>

#define RECOVERY_LIMIT_SECONDS (240 * SECONDS_PER_HOUR)

/* Is growth of a feature refused? "recovering_at" 0 = never restored, or overridden; "silent_clients" with a live allocation of it have not synced in this epoch. 240 h, half-open. */
bool recovery_is_on(instant recovering_at, int64_t silent_clients, instant now);
/* The instant to go by: the system's clock, or the mark of what was decided already while that clock is behind it. */
instant recovery_clock(instant mark, instant system);

#endif
