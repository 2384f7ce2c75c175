/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sessions.h: the users that this gateway serves now, in memory. The store
 * holds the same; what is admitted is decided by these.
 */
#ifndef LEASEHOLD_AGENT_SESSIONS_H
#define LEASEHOLD_AGENT_SESSIONS_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include "engine/store/store_link.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session {
	struct session *next;	/* of the same bucket */
	struct session *together;	/* next of those that one commit stores */
	const char *id, *user, *feature, *gateway;	/* behind the struct */
	int64_t began_at;
	int64_t timeout;	/* seconds, as the gateway said; 0 = the setting */
	int64_t heard_ms;	/* elapsed time of its begin or last renewal, or since when the agent runs */
	int64_t seen_at;	/* the same by the wall clock, for people */
	bool is_rdp;
	bool is_pending;	/* admitted, not stored yet */
	bool is_leaving;	/* ended, not stored yet */
	bool is_renewed;	/* the store shows an older renewal */
};

struct sessions {
	struct session **buckets;
	size_t bucket_count, count;
	int64_t users, rdp_users;
};

/* Replaces all by what the store holds, heard of at "elapsed_ms": nobody could renew while no agent ran. On a fault nothing has changed. */
enum fault sessions_load(struct sessions *sessions, struct store *store, int64_t elapsed_ms) MUST_CHECK;
void sessions_clear(struct sessions *sessions);
/* NULL when there is none. */
struct session *sessions_find(const struct sessions *sessions, const char *id);
/* A copy of "row", who counts as an RDP user when it names a feature, and room for it, so that sessions_add cannot fail. */
enum fault sessions_reserve(struct session **out, struct sessions *sessions, const struct session_row *row) MUST_CHECK;
void sessions_add(struct sessions *sessions, struct session *session, int64_t elapsed_ms);
/* Releases one that was reserved and not added; accepts NULL inside. */
void sessions_release(struct session **session);
void sessions_remove(struct sessions *sessions, const char *id);
/* It goes on from now. */
void sessions_renew(struct session *session, int64_t now, int64_t elapsed_ms);
/* The row of it, as far as the agent knows; over_at is left 0. */
struct session_row sessions_row(const struct session *session);
/* The next one behind "last" (NULL = from the start) in no order; NULL at the end. */
struct session *sessions_next(const struct sessions *sessions, const struct session *last);
/* All of them, oldest first, in an array that the caller frees; NULL without memory. */
const struct session **sessions_sorted(const struct sessions *sessions);

#endif
