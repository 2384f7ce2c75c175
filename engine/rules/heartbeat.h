/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heartbeat.h: how long a virtual license server works without its cloud
 * (rules.md 11).
 */
#ifndef LEASEHOLD_RULES_HEARTBEAT_H
#define LEASEHOLD_RULES_HEARTBEAT_H

#include "engine/rules/instant.h"
#include <stdbool.h>

#define HEARTBEAT_SECONDS (8 * SECONDS_PER_HOUR)
#define HEARTBEAT_LIMIT_SECONDS (24 * SECONDS_PER_DAY)

/*
 * Since when it was silent: not later than the last accepted heartbeat, nor
 * than it has run without one, should its clock stand still meanwhile.
 */
instant heartbeat_silent_since(instant last_accepted, int64_t run_seconds, instant now);
/* Stopped from 24 days after the last accepted heartbeat on. */
bool heartbeat_is_stopped(instant last_accepted, instant now);
/* Is the countdown shown: was a slot missed? At the slot itself, 8 h after the last, it is due and not missed. */
bool heartbeat_is_missed(instant last_accepted, instant now);
/* Days left, a begun one included: 24 on the first, 1 on the last, 0 only when it is stopped. */
int64_t heartbeat_days_left(instant last_accepted, instant now);

#endif
