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

/* "recovering_at" 0 = never restored, or overridden; "silent_clients" with a live allocation of the feature have not synced in this epoch. Half-open. */
bool recovery_is_on(instant recovering_at, int64_t silent_clients, instant now);
/* The instant that time stands still at when the system's clock is behind what was decided already, else that clock. */
instant recovery_clock(instant mark, instant system);

#endif
