/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_reply.h: reads the answer of a license server and believes nothing in
 * it that its signature, this request and what is held here do not bear out
 * (protocol.md 3). Pure but for the arena.
 */
#ifndef LEASEHOLD_PEER_SYNC_REPLY_H
#define LEASEHOLD_PEER_SYNC_REPLY_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/peer/link_failure.h"
#include "engine/store/ledger.h"

/* What the answer must fit. */
struct sync_expectation {
	const char *request_id, *client_name, *hardware_id;
	bool has_server_key;	/* false at first contact: the key of the answer is taken */
	uint8_t server_key[KEYPAIR_PUBLIC_BYTES];
	int64_t epoch, number;	/* of the document held; 0 = none */
};

struct sync_reply {
	enum link_failure failure;	/* LINK_FAILURE_NONE: "answer" can be stored */
	const char *detail;		/* what did not fit; "" when all did */
	struct link_answer answer;	/* without anchor, next_sync and network_used */
	int64_t renew_after;		/* seconds */
};

/* "text" is the body of an answer with status 200. All text of *out is in the arena. */
enum fault sync_reply_read(struct sync_reply *out, struct arena *arena, const char *text, size_t bytes, const struct sync_expectation *expectation) MUST_CHECK;

#endif
