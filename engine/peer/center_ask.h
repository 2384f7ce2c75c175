/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_ask.h: an appliance asks its vendor's center for its license keys:
 * those of an authentication code, or all that it has. What comes is installed
 * by nobody here: the ledger looks at every signature.
 */
#ifndef LEASEHOLD_PEER_CENTER_ASK_H
#define LEASEHOLD_PEER_CENTER_ASK_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/peer/http.h"
#include "engine/store/appliance.h"

#define CENTER_ASK_ACTIVATIONS "/center/v1/activations"
#define CENTER_ASK_ISSUERS     "/center/v1/issuers"
#define CENTER_ASK_HEARTBEATS  "/center/v1/heartbeats"
#define CENTER_ASK_DEVICES     "/center/v1/devices/"
#define CENTER_ASK_KEYS	       "/keys"
#define CENTER_ASK_RESETS      "/resets"

/* What is known of a code after it was sent, or was not. */
enum center_code_use {
	CENTER_CODE_UNUSED,	/* the center did not take it */
	CENTER_CODE_USED,	/* its keys are this device's */
	CENTER_CODE_UNSURE	/* no answer came: sent again, it gives the same keys */
};

struct center_answer {
	const char *code, *text;	/* of a failure, for a person; NULL = it went well */
	enum center_code_use use;	/* of center_ask_code */
	bool was_before;		/* this device had the keys of the code already */
	const char *keys;		/* one a line; "" = none */
	size_t key_count;
	bool is_unknown;		/* center_ask_keys: the center never heard of this device */
	bool is_duplicate;		/* center_ask_heartbeat: another one uses this hardware ID */
	const char *issuers;		/* center_ask_issuers: its set of issuer keys, signed by each, one a line */
	const char *revocations;	/* the signed lists, one a line, for ledger_revocation_take; NULL = none came */
};

struct center_ask {
	const struct appliance *appliance;
	struct http *http;
	struct keypair *device;
	const char *network;		/* local address or interface; NULL = any */
	const char *center;		/* "https://HOST[:PORT]"; "" = none is known */
	const char *proxy, *proxy_user, *proxy_password;	/* "" = none */
};

/* By the settings in "store" (of the calling thread); text in the arena. "stop" as for http_open. Closed also after a fault. */
enum fault center_ask_open(struct center_ask *out, struct arena *arena,
    const struct appliance *appliance, struct store *store,
    const atomic_bool *stop) MUST_CHECK;
void center_ask_close(struct center_ask *ask);

/* Can it be reached? And is its certificate trusted? Nothing is sent; "use" stays CENTER_CODE_UNUSED. */
enum fault center_ask_reach(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask) MUST_CHECK;
enum fault center_ask_trust(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask) MUST_CHECK;

/* "authcode" as authcode_read writes it. Text in the arena. */
enum fault center_ask_code(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask, const char *authcode) MUST_CHECK;
/* One that starts again has another "boot"; both words are 32 hexadecimal digits. */
struct center_heartbeat {
	const char *instance, *boot;
	int64_t sequence;
};
enum fault center_ask_heartbeat(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask,
    const struct center_heartbeat *beat) MUST_CHECK;
/* This device was reset to its factory state. */
enum fault center_ask_reset(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask) MUST_CHECK;
/* Its issuer keys, for issuer_keys_offered. */
enum fault center_ask_issuers(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask) MUST_CHECK;
/* All good license keys of this device. */
enum fault center_ask_keys(struct center_answer *out, struct arena *arena,
    const struct center_ask *ask) MUST_CHECK;

#endif
