/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * download.h: one run of Download and Install, from the center's address to
 * installed license keys, for the agent and the command line. Its report is a
 * JSON object:
 *
 *	{"steps":[{"step":"reach","state":"ok","text":"…"}, …],
 *	 "codes":[{"ends_in":"HB2NC","ok":true,"text":"…"}, …],
 *	 "keys":[{"shown":"…","installed":true,"text":"…"}, …],
 *	 "issuers":[{"jwk":{"kid":"…","iss":"…", …},"signer":"…"}, …],"offer":"…",
 *	 "received":2,"installed":2,"done":true,"good":true,"text":"…"}
 *
 * Steps are reach, trust, ask and install; their states waiting, running, ok,
 * failed. "text" says what happened or what to do. "issuers" are issuer keys that are not trusted here, for
 * ledger_issuer_trust(), and the kid of one that is and vouches for it; "offer"
 * says why there are none where a license key was refused, or "".
 */
#ifndef LEASEHOLD_PEER_DOWNLOAD_H
#define LEASEHOLD_PEER_DOWNLOAD_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include "engine/store/store_event.h"
#include <jansson.h>
#include <stdatomic.h>

/* Bytes of text that may hold codes. */
#define DOWNLOAD_CODES_MAX 4096

struct download_wish {
	const struct appliance *appliance;
	struct store *store;	/* of the thread that runs it */
	const char *codes;	/* authentication codes between blanks, commas or line ends; "" = all keys of this appliance */
	struct actor actor;	/* who started it */
	bool is_automatic;
	bool only_revocations;	/* license keys that come along are left alone */
	const atomic_bool *stop;	/* ends it within a second once true; may be NULL */
	/* Called at each step with the report as it is then; NULL = nobody looks. */
	void (*progress)(void *context, const json_t *report);
	void *context;
};

/* A new reference; NULL on a fault. What fails on the way is in the report, and in the history. */
enum fault download_run(json_t **report, const struct download_wish *wish) MUST_CHECK;

#endif
