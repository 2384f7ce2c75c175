/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_ladder.h: what ends, and when, while a license client hears
 * nothing of its server.
 */
#ifndef LEASEHOLD_STORE_STORE_LINK_LADDER_H
#define LEASEHOLD_STORE_STORE_LINK_LADDER_H

#include "engine/base/arena.h"
#include "engine/rules/ladder.h"
#include "engine/store/appliance.h"
#include "engine/store/store_link.h"

struct link_ladder {
	struct ladder_rung *rungs;	/* ascending; their instants are the server's clock */
	size_t count;			/* 0 = nothing leased, no contact so far, or no clock to tell by */
	const struct demand_feature *features;	/* that "feature" of a rung points into */
	int64_t seconds_alone;		/* since the last success, at most 240 h */
	int64_t ends_at;		/* 240 h after it */
};

/* The ladder of that link. "server_now" INT64_MAX: the server's clock is not known, nothing to show. */
enum fault store_link_ladder_load(struct link_ladder *out, struct arena *arena, struct store *store, const struct appliance *appliance, const struct link_row *link, int64_t now, int64_t server_now) MUST_CHECK;
/* Name of a step on pages and in JSON: contact, quanta, auto_lease, reserved, own. */
const char *store_link_ladder_name(enum ladder_step step);
/* Whose units end at a rung; "" at the first and the last. */
const char *store_link_ladder_feature(const struct link_ladder *ladder, const struct ladder_rung *rung);

#endif
