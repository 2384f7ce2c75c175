/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client.h: license clients, their allocations, leases and denials, as
 * pages and programs read them.
 */
#ifndef LEASEHOLD_STORE_STORE_CLIENT_H
#define LEASEHOLD_STORE_STORE_CLIENT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/rules/allocation.h"
#include "engine/rules/lease.h"
#include "engine/store/store.h"

struct client_row {
	int64_t id;
	const char *name, *password_hash;
	int64_t password_version;
	const char *expires_date;	/* "" = none */
	int64_t expires;		/* INSTANT_NEVER = none */
	const char *platform;
	int product;
	int64_t row_version, made_at, changed_at, deleted_at;
	const char *hardware_id;	/* "" = never contacted */
	bool has_device_key;
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	int64_t registered_at;
	const char *cluster;
	int64_t last_contact;		/* 0 = never */
	const char *address, *version;
	int64_t number, confirmed;	/* lease documents */
	const char *member;		/* serial of the member license it showed last; "" = none */
	bool is_replaced;		/* a device that was replaced: the client goes on with another one, this row is deleted */
	int64_t noncompliant_at;	/* since when it draws on permanent units without one; 0 = it does not */
};

/* One feature of one client. */
struct client_feature_row {
	const char *feature;
	struct allocation allocation;	/* zeros when only a lease is left of it */
	int64_t leased;			/* L now */
	int64_t documented;		/* the most that any document gives that it may still hold */
	int64_t held;			/* held_i now (rules.md 3), beside what its replaced devices may still use */
	int64_t releasing;		/* units of documents it may still hold, beyond max(R, L) */
	int64_t releasing_until;	/* when the last of those runs out; 0 = none */
	int64_t expires;		/* latest expiry of its quanta, else of the reserved part; 0 = no lease */
	int64_t reserved_expires;	/* 0 = no reserved part */
	const char *denied_code, *denied_text;	/* of the last sync; "" = nothing denied */
	const char *denied_holders;	/* who has the units, as the JSON that the client was told */
};

/* By Client ID, compared exactly, deleted ones left out. */
enum fault store_client_load(struct client_row *out, struct arena *arena, struct store *store, const char *name) MUST_CHECK;
enum fault store_client_load_id(struct client_row *out, struct arena *arena, struct store *store, int64_t id) MUST_CHECK;
enum fault store_client_count(int64_t *out, struct store *store) MUST_CHECK;
/* Features allocated to it or still leased by it, by name. */
enum fault store_client_features(struct client_feature_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client, int64_t now) MUST_CHECK;
/* Live parts of one client and feature (feature NULL = of all, with names in "features"). */
struct client_part_row { const char *feature; struct lease_part part; };
enum fault store_client_parts(struct client_part_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client, int64_t now) MUST_CHECK;

#endif
