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

enum lease_request_state {
	LEASE_REQUEST_GOOD,
	LEASE_REQUEST_BAD, /* "reason" says why, without quoting */
	LEASE_REQUEST_OTHER_PROTOCOL,
	LEASE_REQUEST_NO_MEMORY
};

struct lease_request_body {
	char reason[128];
	const char *request_id; /* "" until a good one was read */
	int64_t sent_at;
	const char *hardware_id, *platform, *version;
	const char *cluster; /* "" = none */
	int product;
	bool has_device_key;
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	int64_t holds;
	struct sync_want *wants;
	size_t want_count;
	const char *client, *password; /* NULL = not in the body */
	const char *
	    unsupported; /* "surrenders, recalls": given, but not acted upon; "" = nothing */
};

/* All text is in the arena. Members it does not know are passed over. */
enum lease_request_state lease_request_parse(struct lease_request_body *out,
    struct arena *arena, const char *text, size_t length);

#endif
