/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_clock.h: the license server's clock, as this client knows it now. No
 * setting of the local clock moves it (rules.md 9.2).
 */
#ifndef LEASEHOLD_PEER_LINK_CLOCK_H
#define LEASEHOLD_PEER_LINK_CLOCK_H

#include "engine/store/store_link.h"
#include <stdint.h>

/* INT64_MAX, at which no lease counts, when it cannot be known. */
int64_t link_clock_now(const struct link_row *link);

#endif
