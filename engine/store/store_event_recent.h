/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_event_recent.h: inside this room only: was an event written lately,
 * so that what happens again and again does not fill the log.
 */
#ifndef LEASEHOLD_STORE_STORE_EVENT_RECENT_H
#define LEASEHOLD_STORE_STORE_EVENT_RECENT_H

#include "engine/store/store_event.h"
#include <stdbool.h>

/* Is there one of that kind about "object" after "since" whose text holds "part"? Looks at the newest events only. */
enum fault store_event_recent(bool *out, struct store *store, enum event_kind kind, const char *object, const char *part, int64_t since) MUST_CHECK;

#endif
