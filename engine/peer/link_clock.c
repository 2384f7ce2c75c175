/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_clock.c: asks this machine's clocks on behalf of the store.
 */
#include "engine/peer/link_clock.h"

#include "engine/base/clock.h"

int64_t
link_clock_now(const struct link_row *link)
{
	int64_t now;

	if (!store_link_server_now(
		&now, link, clock_boot_id(), clock_elapsed_ms(), clock_now()))
		return INT64_MAX;
	return now;
}
