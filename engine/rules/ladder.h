/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ladder.h: what becomes of a license client that hears no more of its
 * server: each thing that ends, when, and how many users there is capacity for
 * from then on (rules.md 6.3, 9.1, 9.3).
 */
#ifndef LEASEHOLD_RULES_LADDER_H
#define LEASEHOLD_RULES_LADDER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/rules/auto_lease.h"
#include "engine/rules/demand.h"

/* What happens at a rung; those of one instant come in this order. */
enum ladder_step {
	LADDER_CONTACT,		/* the last answer of the server */
	LADDER_QUANTA,		/* quanta of a feature lapse */
	LADDER_AUTO_LEASE,	/* auto-leasing of a feature ends, and with it what was taken */
	LADDER_RESERVED,	/* the reserved part of a feature lapses */
	LADDER_OWN		/* nothing leased is left: own licenses only, or the default users */
};

/* Units of one feature that lapse together. */
struct ladder_part {
	size_t feature;		/* index of its row */
	bool is_reserved;
	int64_t units;
	instant expires;
};

struct ladder_rung {
	enum ladder_step step;
	size_t feature;		/* of all but the first and the last */
	int64_t units;		/* that end here; at LADDER_AUTO_LEASE those taken so far */
	instant at;		/* by the server's clock */
	bool is_past;		/* at "now" it has happened: at <= now */
	int64_t capacity;	/* users there is capacity for from then on, without the allowance */
};

/* "leased" and "auto_leased" of the features are worked on; "contacts" has one for each feature. */
struct ladder_input {
	struct demand_feature *features;
	const struct auto_lease_contact *contacts;
	size_t count;
	const struct ladder_part *parts;	/* those that ran at the last success, expired since or not */
	size_t part_count;
	const struct demand_gateway *gateway;
	instant last_success;
	instant now;		/* by the server's clock */
};

/* Rungs that an input can have. */
size_t ladder_most(size_t features, size_t parts);
/*
 * Fills "rungs", which has room for ladder_most of them, ascending, and answers
 * how many there are: 0 when nothing was leased and nothing may be auto-leased.
 * Parts of one feature and kind that lapse together are one rung. Own licenses
 * count as they are now, and units of a cluster's surplus not at all.
 */
size_t ladder_build(struct ladder_rung *rungs, const struct ladder_input *input);
/* Seconds of the 240 h after the last success that are over: 0 ... 864000. */
int64_t ladder_seconds_alone(instant last_success, instant now);

#endif
