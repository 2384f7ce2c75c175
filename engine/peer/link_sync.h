/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_sync.h: one conversation of a license client with its license server,
 * from the row that names the server to the rows that hold its answer
 * (rules.md 5, 9; protocol.md 3). For one thread with a store of its own.
 */
#ifndef LEASEHOLD_PEER_LINK_SYNC_H
#define LEASEHOLD_PEER_LINK_SYNC_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/peer/http.h"
#include "engine/rules/demand.h"
#include "engine/store/appliance.h"
#include "engine/store/store.h"
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Ask, show the lease, move what was denied, confirm what shrank, tell what came up; more would be a quarrel. */
#define LINK_SYNC_ROUNDS_MAX 6
/* Token, then password; each through the leader, by the preferred network, by the internal one, and once more when the connection broke; of a leader the same again without its nodes. */
#define LINK_SYNC_TRIES_MAX 16
/* No run asks anything later than this after it began. */
#define LINK_SYNC_SECONDS_MAX (LINK_SYNC_ROUNDS_MAX * LINK_SYNC_TRIES_MAX * HTTP_SECONDS_MAX)

struct link_sync;

struct link_sync_input {
	int64_t users, rdp_users;	/* admitted and waiting, seats to keep free included (decision 0034) */
};

/* A feature whose leased units are others than before. */
struct link_change {
	const char *feature;
	int64_t before, after;
};

struct link_sync_result {
	const char *code, *text;	/* "" = it went well; else why not and what to do */
	int64_t next_sync;		/* 0 when there is no server to ask */
	struct link_change *changes;
	size_t change_count;
};

/* Reads the device key. "stop" (may be NULL) ends a conversation under way within a second once true. */
enum fault link_sync_open(struct link_sync **out, const struct appliance *appliance, const atomic_bool *stop) MUST_CHECK;
void link_sync_close(struct link_sync **sync);
/*
 * Asks, checks, stores; asks again at once when a smaller document has to be
 * confirmed or another feature has to serve what was denied. A failure of the
 * network or a refusal is stored too, with the time of the next try, and is a
 * result. A fault is one of this machine.
 */
enum fault link_sync_run(struct link_sync_result *out, struct link_sync *sync, struct store *store, struct arena *arena, const struct link_sync_input *input) MUST_CHECK;

/*
 * Places the users over the features as link_sync_run asks for them, leaving
 * with each feature, until another has grown, the users that it serves now.
 */
void link_sync_place(struct demand_feature *features, size_t count, const struct link_sync_input *input);

#endif
