/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.c: the end of a session that is not renewed. Does not know who
 * renews it.
 */
#include "engine/rules/session.h"

#define MS 1000

int64_t
session_timeout(int64_t own, int64_t setting)
{
	if (own > 0)
		return own;
	return setting > 0 ? setting : 0;
}

int64_t
session_over_ms(int64_t heard_ms, int64_t timeout)
{
	if (timeout <= 0 || timeout > INT64_MAX / MS)
		return INT64_MAX;
	if (heard_ms > INT64_MAX - timeout * MS)
		return INT64_MAX;
	return heard_ms + timeout * MS;
}

bool
session_is_over(int64_t heard_ms, int64_t timeout, int64_t elapsed_ms)
{
	int64_t over_ms = session_over_ms(heard_ms, timeout);

	return over_ms != INT64_MAX && over_ms <= elapsed_ms;
}
