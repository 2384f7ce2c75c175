/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heartbeat.c: the countdown of a virtual license server. Does not know who
 * answers its heartbeats.
 */
#include "engine/rules/heartbeat.h"

instant
heartbeat_silent_since(instant last_accepted, int64_t run_seconds, instant now)
{
	instant ran = instant_add(now, -run_seconds);

	return ran < last_accepted ? ran : last_accepted;
}

bool
heartbeat_is_stopped(instant last_accepted, instant now)
{
	return now >= instant_add(last_accepted, HEARTBEAT_LIMIT_SECONDS);
}

bool
heartbeat_is_missed(instant last_accepted, instant now)
{
	return now > instant_add(last_accepted, HEARTBEAT_SECONDS);
}

int64_t
heartbeat_days_left(instant last_accepted, instant now)
{
	instant end = instant_add(last_accepted, HEARTBEAT_LIMIT_SECONDS);

	if (now >= end)
		return 0;
	/* A clock behind the last answer gives no day more. */
	if (now <= last_accepted)
		return HEARTBEAT_LIMIT_SECONDS / SECONDS_PER_DAY;
	return instant_units_pieces(end - now, SECONDS_PER_DAY);
}
