/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recovery.c: how long a restored server is cautious, and which clock it
 * goes by. Does not know clients.
 */
#include "engine/rules/recovery.h"

bool
recovery_is_on(instant recovering_at, int64_t silent_clients, instant now)
{
	return recovering_at != 0 && silent_clients > 0 &&
	    now < instant_add(recovering_at, RECOVERY_LIMIT_SECONDS);
}

instant
recovery_clock(instant mark, instant system)
{
	return instant_later(mark, system);
}
