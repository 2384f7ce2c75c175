/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_probe.h: Test connection: how far a license client gets with a license
 * server, step by step, without leaving anything behind on either side
 * (docs/decisions/0022). Believes whom link_sync.h would believe: nothing but
 * the handshake is sent to anybody else.
 */
#ifndef LEASEHOLD_PEER_LINK_PROBE_H
#define LEASEHOLD_PEER_LINK_PROBE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/peer/http.h"
#include "engine/store/appliance.h"
#include "engine/store/store_link.h"
#include <jansson.h>
#include <stdatomic.h>

/* Each step that is waited for takes no longer. */
#define LINK_PROBE_STEP_SECONDS 5
/* Of all of them, with the handshake that shows the certificate and the other network. */
#define LINK_PROBE_SECONDS_MAX (6 * LINK_PROBE_STEP_SECONDS)
/* A clock that is further off is a mistake (protocol.md 3: answered with a notice). */
#define LINK_PROBE_CLOCK_SECONDS INT64_C(900)

enum link_probe_step {
	LINK_PROBE_DNS,
	LINK_PROBE_TCP,
	LINK_PROBE_TLS,
	LINK_PROBE_SIGN_IN,
	LINK_PROBE_CLOCK,
	LINK_PROBE__COUNT
};

enum link_probe_state {
	LINK_PROBE_NOT_REACHED,	/* an earlier step failed */
	LINK_PROBE_OK,
	LINK_PROBE_FAILED
};

struct link_probe_row {
	enum link_probe_state state;
	const char *code;	/* of link_failures.tbl, "clock"; "" unless it failed */
	const char *text;	/* what was seen, or what to do */
};

struct link_probe {
	struct link_probe_row rows[LINK_PROBE__COUNT];
	const char *network;	/* "internal" "external" "management": the one in use */
	char seen_pin[HTTP_PIN_SIZE];	/* "" before the handshake */
	const struct http_certificate *certificate;	/* likewise NULL */
};

struct link_probe_input {
	const struct appliance *appliance;
	const struct keypair *device;
	const struct link_row *link;	/* server, client_name, password, network, verify, pin */
	const char *ca_file;		/* NULL = none */
};

/* What is to be tried; NULL = as saved. */
struct link_probe_wish {
	const char *server, *client_name, *password, *network;
	bool has_verify, verify;	/* has_verify false = as saved */
};

/*
 * The link to try: what is wished for, else what is "saved" (NULL = nothing).
 * A saved password and a confirmed key are taken only for the server and the
 * Unique ID that they were entered for, else they are "". Its texts are those
 * of the two.
 */
void link_probe_target(struct link_row *out, const struct link_row *saved, const struct link_probe_wish *wish);

/* All text is in the arena. What the network or the server says is no fault. */
enum fault link_probe_run(struct link_probe *out, struct http *http, struct arena *arena, const struct link_probe_input *input) MUST_CHECK;
/* The same with this appliance's device key and roots, as link_probe_to_json(); new reference. "stop" (may be NULL) ends it within a second once true. */
enum fault link_probe_report(json_t **out, const struct appliance *appliance, const struct link_row *link, const atomic_bool *stop) MUST_CHECK;
/* {"network":…,"steps":[{"step","state","code","text"}…],"certificate":{…}|null,"pin":…}; new reference, NULL without memory. */
json_t *link_probe_to_json(const struct link_probe *probe);

#endif
