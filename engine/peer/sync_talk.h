/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_talk.h: one question to the license server and what came of it: through
 * the leader or directly, by which network, with token or password, and again
 * under the same request ID where a connection broke (protocol.md 3). What is
 * asked stands in sync_ask.c, how an answer is judged in sync_reply.c, when to
 * ask in link_sync.c. For one thread with a store of its own.
 */
#ifndef LEASEHOLD_PEER_SYNC_TALK_H
#define LEASEHOLD_PEER_SYNC_TALK_H

#include "engine/base/keypair.h"
#include "engine/peer/http.h"
#include "engine/peer/link_failure.h"
#include "engine/peer/sync_ask.h"
#include "engine/peer/sync_leader.h"
#include "engine/peer/sync_news.h"
#include "engine/peer/sync_nodes.h"
#include "engine/peer/sync_reply.h"
#include "engine/rules/demand.h"
#include "engine/store/appliance.h"
#include "engine/store/store_link.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What lasts from one run to the next. */
struct sync_line {
	const struct appliance *appliance;
	struct keypair *device;
	struct http *http;
	const char *ca_file;	/* of this run; NULL when there is none */
	/* After a start and after each failure the server may be another one than before: a restored one (rules.md 15). */
	bool is_calm;
	int64_t leader_after_ms;	/* elapsed time before which no leader is asked */
};

/* One run. The caller sets the first part, an exchange fills the second. */
struct sync_talk {
	struct sync_line *line;
	struct store *store;
	struct arena *arena;
	struct link_row link;
	struct demand_feature *features;	/* what to ask for */
	size_t feature_count;

	char request_id[SYNC_ASK_ID_SIZE];
	int64_t sent_at;	/* as that ID's body says, however often it is sent */
	struct sync_news news;	/* likewise */
	struct sync_leader leader;
	struct sync_nodes nodes;	/* likewise, of a leader */
	int64_t first_elapsed_ms, first_wall;	/* when that ID was first sent; 0 = not yet */
	const char *network_used;
	struct http_answer answer;
	struct sync_reply reply;	/* when "failure" is none and nothing is outdated */
	enum link_failure failure;
	const char *detail;	/* of the failure; "" = nothing to add */
	bool is_outdated;	/* another server was entered before this one was asked, so nothing was */
};

/* Asks under a new request ID. What the network or the server did is no fault but "failure". */
enum fault sync_talk_exchange(struct sync_talk *talk) MUST_CHECK;
/* The server, its lease and how it is spoken to are as they were when talk->link was loaded. Within the caller's transaction. */
enum fault sync_talk_is_current(bool *is_current, struct sync_talk *talk) MUST_CHECK;

#endif
