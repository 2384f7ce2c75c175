/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_session.h: inside this room only: sessions of a gateway's users
 * written, for the ledger. Reading stands in store_link.h.
 */
#ifndef LEASEHOLD_STORE_STORE_SESSION_H
#define LEASEHOLD_STORE_STORE_SESSION_H

#include "engine/store/store_link.h"

/* One that is there goes on since when it began. */
enum fault store_session_save(struct store *store, const struct session_row *row) MUST_CHECK;
/* FAULT_NOT_FOUND when there is none. */
enum fault store_session_delete(struct store *store, const char *id) MUST_CHECK;
/* All of that gateway. */
enum fault store_session_delete_gateway(struct store *store, const char *gateway) MUST_CHECK;
/* Nothing happens when there is none. */
enum fault store_session_seen(struct store *store, const char *id, int64_t seen_at, int64_t over_at) MUST_CHECK;

#endif
