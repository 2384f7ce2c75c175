/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_request.h: the body of POST /lease/v1/sync, read strictly. A pure
 * function of the bytes: no clock, no store, no socket.
 */
#ifndef LEASEHOLD_CGI_LEASE_REQUEST_H
#define LEASEHOLD_CGI_LEASE_REQUEST_H

#include "engine/base/arena.h"
#include "engine/base/keypair.h"
#include "engine/store/ledger.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEASE_REQUEST_PROTOCOL     1
#define LEASE_REQUEST_MAX_BYTES    ((size_t)64 * 1024)
#define LEASE_REQUEST_MAX_FEATURES 64
/* Elements of an array; a body of 64 KiB has no room for many more. */
#define LEASE_REQUEST_MAX_MEMBERS     32
#define LEASE_REQUEST_MAX_SURRENDERS  128
#define LEASE_REQUEST_MAX_RECALLS     128
#define LEASE_REQUEST_MAX_AUTO_LEASES 256
#define LEASE_REQUEST_MAX_NODES       64
/* Bytes of one license key, and of a serial. */
#define LEASE_REQUEST_MAX_KEY    8192
#define LEASE_REQUEST_MAX_SERIAL 128

enum lease_request_state {
	LEASE_REQUEST_GOOD,
	LEASE_REQUEST_BAD, /* "reason" says why, without quoting */
	LEASE_REQUEST_OTHER_PROTOCOL,
	LEASE_REQUEST_NO_MEMORY
};

/* One node that a leader asks for: what would have come in the headers, and the body as the node sent it. */
struct lease_request_node {
	const char *authorization, *proof; /* NULL = none */
	const char *text;
	size_t bytes;
};

struct lease_request_body {
	char reason[128];
	const char *request_id; /* "" until a good one was read */
	int64_t sent_at;
	const char *hardware_id, *platform, *version;
	const char *cluster; /* "" = none */
	bool offers_to_lead;
	int product;
	bool has_device_key;
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	int64_t holds;
	struct sync_want *wants;
	size_t want_count;
	const char *client, *password; /* NULL = not in the body */
	const char **members; /* license keys */
	size_t member_count;
	struct sync_surrender *surrenders;
	size_t surrender_count;
	struct sync_recall *recalls;
	size_t recall_count;
	struct sync_auto_lease *auto_leases; /* those of no length left out */
	size_t auto_lease_count;
	bool is_probe;	   /* asks only whether it would be let in */
	const char *lease; /* JWS of a lease document, unchecked; NULL = none */
	struct lease_request_node *nodes;
	size_t node_count;
};

/* All text is in the arena. Members it does not know are passed over. */
enum lease_request_state lease_request_parse(struct lease_request_body *out,
    struct arena *arena, const char *text, size_t length);

#endif
