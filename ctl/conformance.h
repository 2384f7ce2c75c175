/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance.h: the rules of the lease protocol tried on a license server,
 * one after the other, by a client account set aside for it. Unless a feature
 * may be grown it asks for no users, so that it leases no more than its
 * Reserved Count.
 */
#ifndef LEASEHOLD_CTL_CONFORMANCE_H
#define LEASEHOLD_CTL_CONFORMANCE_H

#include "engine/base/arena.h"
#include "engine/base/keypair.h"
#include "engine/peer/http.h"

struct conformance {
	struct arena *arena;
	struct http *http;
	struct keypair *device;		/* the account is bound to it at first contact */
	struct http_request target;	/* whom, and how it is believed */
	const char *client, *password;
	const char *grow;	/* a feature that may be grown; NULL = none, no more than its Reserved Count is leased */

	char hardware_id[17];
	const char *body;	/* of the sync that was answered; NULL = none yet */
	const char *answer;	/* to it */
	const char *token;
	int64_t number, epoch;
	int64_t users;		/* that a request asks for, where it names a feature */
};

/* NULL: the rule is kept; else what was seen instead, in the arena. */
#define CHECK(function, id, rule) const char *function(struct conformance *conformance);
#define GROWTH(function, id, rule) CHECK(function, id, rule)
#include "ctl/conformance_checks.tbl"
#undef GROWTH
#undef CHECK

#endif
