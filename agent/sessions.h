/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sessions.h: the users that this gateway serves now, in memory. The store
 * holds the same; what is admitted is decided by these.
 */
#ifndef LEASEHOLD_AGENT_SESSIONS_H
#define LEASEHOLD_AGENT_SESSIONS_H

#include "engine/base/fault.h"
#include "engine/rules/catalogue.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session {
	struct session *next;	/* of the same bucket */
	const char *id, *user, *feature;	/* behind the struct */
	int64_t began_at;
	bool is_rdp;
};

struct sessions {
	struct session **buckets;
	size_t bucket_count, count;
	int64_t users, rdp_users;
};

/* Replaces all by what the store holds. On a fault nothing has changed. */
enum fault sessions_load(struct sessions *sessions, struct store *store, const struct catalogue *catalogue) MUST_CHECK;
void sessions_clear(struct sessions *sessions);
/* NULL when there is none. */
const struct session *sessions_find(const struct sessions *sessions, const char *id);
/* Room for one more, so that sessions_add cannot fail. */
enum fault sessions_reserve(struct session **out, struct sessions *sessions, const char *id, const char *user, const char *feature) MUST_CHECK;
void sessions_add(struct sessions *sessions, struct session *session, bool is_rdp, int64_t now);
/* Releases one that was reserved and not added; accepts NULL inside. */
void sessions_release(struct session **session);
void sessions_remove(struct sessions *sessions, const char *id);
/* All of them, oldest first, in an array that the caller frees; NULL without memory. */
const struct session **sessions_sorted(const struct sessions *sessions);

#endif
