/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_ask.h: what a license client says to its license server: the body of
 * one request, and the headers that show who sends it (protocol.md 3).
 */
#ifndef LEASEHOLD_PEER_SYNC_ASK_H
#define LEASEHOLD_PEER_SYNC_ASK_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/peer/sync_news.h"
#include "engine/peer/sync_nodes.h"
#include "engine/rules/demand.h"
#include "engine/store/appliance.h"
#include "engine/store/store_link.h"

#define SYNC_ASK_PATH "/lease/v1/sync"
#define SYNC_ASK_ID_SIZE 33

/* Who says it, to whom, and for how many users. */
struct sync_ask_input {
	const struct appliance *appliance;
	const struct keypair *device;
	const struct link_row *link;
	const char *request_id;
	const struct demand_feature *features;	/* with "users" placed */
	size_t feature_count;
	bool with_token;	/* the token of the link instead of its password */
	int64_t sent_at;	/* one for each request ID: with it the body is the same each time */
	const struct sync_news *news;	/* NULL = none */
	bool is_probe;		/* asks only whether it would be let in */
	struct sync_nodes *nodes;	/* that are asked for along with it; NULL = none */
};

struct sync_ask {
	const char *body;
	size_t bytes;
	const char *headers[3];	/* NULL at the end */
};

/* Do name and password go into a header? Else they are part of the body. */
bool sync_ask_fits_header(const struct link_row *link);
/* All in the arena. */
enum fault sync_ask_build(struct sync_ask *out, struct arena *arena, const struct sync_ask_input *input) MUST_CHECK;

#endif
