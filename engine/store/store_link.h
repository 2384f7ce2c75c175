/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link.h: a license client's server, what it last said, the lease it
 * gave, and the users admitted.
 */
#ifndef LEASEHOLD_STORE_STORE_LINK_H
#define LEASEHOLD_STORE_STORE_LINK_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/rules/catalogue.h"
#include "engine/rules/demand.h"
#include "engine/store/store.h"

struct link_row {
	const char *server, *client_name, *password, *network;
	bool verify;
	int64_t row_version;
	const char *pin, *seen_pin;
	bool has_server_key;
	uint8_t server_key[KEYPAIR_PUBLIC_BYTES];
	const char *server_id, *token;
	int64_t epoch, number;
	const char *document;
	int64_t last_success, last_attempt;
	const char *failure_code, *failure_text;	/* of the last attempt; "" = it succeeded */
	int64_t next_sync;
	const char *network_used;
	int64_t server_time;
	const char *anchor_boot;
	int64_t anchor_elapsed_ms, anchor_wall;
	const char *cluster;		/* "" = in none */
	bool offers_to_lead;
	const char *leader;		/* of the cluster, by the last answer; "" = none */
	int64_t leader_until, penalty_until;
	int64_t success_time;		/* the server's clock of the last answer */
	int64_t lost_at;		/* since when the server cannot be reached; 0 = it can */
	const char *notices, *compliance;	/* JSON arrays, of the last answer */
};

struct link_feature_row {
	const char *feature;
	int64_t reserved, increment, maximum;
	bool auto_lease;
	const char *denied_code, *denied_text;
	int64_t leased;			/* unexpired units by the server's clock */
	int64_t expires;		/* latest of its quanta, else of the reserved part; 0 = none */
	int64_t reserved_expires;	/* 0 = none */
};

struct session_row {
	const char *id, *user, *feature;
	const char *gateway;	/* the program that began it, by its own word; "" = it did not say */
	int64_t began_at;
	int64_t timeout;	/* seconds without a renewal, as the gateway said; 0 = the setting */
	int64_t seen_at, over_at;	/* begun or renewed last; over unless it is renewed, 0 = never. By the wall clock, for people */
};

/* FAULT_NOT_FOUND when no server is configured. */
enum fault store_link_load(struct link_row *out, struct arena *arena, struct store *store) MUST_CHECK;
/* Is it the link with that server, by that Unique ID? What was entered for another is not used there. */
bool store_link_is_with(const struct link_row *link, const char *server, const char *client_name);
/*
 * The server's clock now: the anchor's time plus elapsed boot time. False when
 * it is not known: after a reboot until the anchor was moved to this boot; then
 * no lease counts (rules.md 9.2). Without a boot identity: plus elapsed wall time.
 */
bool store_link_server_now(int64_t *out, const struct link_row *link, const char *boot_id, int64_t elapsed_ms, int64_t wall_now);
/* Is the anchor of another boot, or an hour old? False when there is none, or no boot identity. */
bool store_link_wants_anchor(const struct link_row *link, const char *boot_id, int64_t elapsed_ms);
/*
 * Moves the anchor to now: within one boot by elapsed time; after a reboot,
 * this once, by the wall clock. False, and nothing moved, when that is below
 * the stored mark, which is the wall clock of the last anchor.
 */
bool store_link_anchor(struct link_row *link, const char *boot_id, int64_t elapsed_ms, int64_t wall_now);
/* Features of the last answer, with what of the lease runs at "server_now" (INT64_MAX = nothing counts). */
enum fault store_link_features(struct link_feature_row **out, size_t *count, struct arena *arena, struct store *store, int64_t server_now) MUST_CHECK;
struct link_part_row {
	const char *feature;
	int kind;
	int64_t units, granted, expires;
	bool is_told;	/* its lapse was */
};
enum fault store_link_parts(struct link_part_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/*
 * Everything an admission needs: one row per feature usable here, own, leased
 * and auto-leased units filled. Where a server told its clock and "server_now" is
 * INT64_MAX, own permanent licenses do not count either (rules.md 9.2).
 */
enum fault store_link_demand(struct demand_feature **out, size_t *count, struct arena *arena, struct store *store, const struct catalogue *catalogue, int product, int64_t now, int64_t server_now) MUST_CHECK;

/* Oldest first; of one gateway, or of all with NULL. */
enum fault store_session_list(struct session_row **out, size_t *count, struct arena *arena, struct store *store, const char *gateway) MUST_CHECK;
/* Those whose user, ID or gateway holds "find" in any case ("" = all), newest first. */
struct session_filter { const char *find; int64_t offset, limit; };
enum fault store_session_find(struct session_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct session_filter *filter) MUST_CHECK;
/* The users, or RDP users, who began last: those who would be here in vain were there room for all but "limit". */
enum fault store_session_last(struct session_row **out, size_t *count, struct arena *arena, struct store *store, bool is_rdp, int64_t limit) MUST_CHECK;
enum fault store_session_count(int64_t *users, int64_t *rdp, struct store *store) MUST_CHECK;
enum fault store_session_load(struct session_row *out, struct arena *arena, struct store *store, const char *id) MUST_CHECK;

#endif
