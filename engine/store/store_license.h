/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_license.h: installed license statements as rows.
 */
#ifndef LEASEHOLD_STORE_STORE_LICENSE_H
#define LEASEHOLD_STORE_STORE_LICENSE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/license.h"
#include "engine/store/store.h"

struct license_row {
	struct license license;		/* dates as instants, pairing done */
	enum license_state state;	/* at the instant asked for */
	const char *serial, *issuer, *kid, *sku, *feature, *org, *statement, *added_by;
	const char *start_date, *end_date;	/* "" when absent */
	int64_t added_at;
	int64_t surrender_at;	/* of its last surrender or recall; grows strictly */
	bool is_surrender_sent;	/* a server may know of it */
	const char *surrender_server;	/* ID of the server that has it or is to have it; "" = none was named yet */
	int64_t left_at;	/* since when the server that has it is not this client's any more; 0 = it is, or nobody has it */
	const char *left_server;	/* its address, as it was entered; "" likewise */
	const char *surrender_text;	/* what that server said last: why it refused, or what a recall waits for */
	int announced;
	int64_t distrusted_at;	/* 0 = its key is believed, and says what the row says */
};

/* All, by feature then end; with states at "now". */
enum fault store_license_list(struct license_row **out, size_t *count, struct arena *arena, struct store *store, int64_t now) MUST_CHECK;
/* The rules' view of one feature's licenses. */
enum fault store_license_snapshot(struct license **out, size_t *count, struct arena *arena, struct store *store, const char *feature) MUST_CHECK;
/* own(f) at an instant. */
enum fault store_license_total(int64_t *out, struct store *store, const char *feature, int64_t at) MUST_CHECK;
/* One of them, by serial (of whatever issuer); FAULT_NOT_FOUND when there is none. */
enum fault store_license_load(struct license_row *out, struct arena *arena, struct store *store, const char *serial, int64_t now) MUST_CHECK;
/* Is a switch license ("member", "license-server") active? */
enum fault store_license_switch(bool *out, struct store *store, const char *feature, int64_t now) MUST_CHECK;

/* For ledger_license.c. Is that statement there already? */
enum fault store_license_exists(bool *out, struct store *store, const char *issuer, const char *serial) MUST_CHECK;
/* Takes the texts, units, kind and dates of "row" and of row->license. */
enum fault store_license_insert(struct store *store, const struct license_row *row) MUST_CHECK;
/* Writes ended_at, activated_at, expired_at and announced of "row". */
enum fault store_license_mark(struct store *store, const struct license_row *row) MUST_CHECK;
/* 0 = believed again. */
enum fault store_license_distrust(struct store *store, int64_t id, int64_t at) MUST_CHECK;
/* Were all verified by that list of issuers, after "since" and not after "now"? And: they are, now. */
enum fault store_license_is_verified(bool *out, struct store *store, const char *digest, int64_t since, int64_t now) MUST_CHECK;
enum fault store_license_verified(struct store *store, const char *digest, int64_t now) MUST_CHECK;
enum fault store_license_delete(struct store *store, int64_t id) MUST_CHECK;

/* For ledger_surrender.c and ledger_link_answer.c: writes license.surrender and the surrender_ members of "row". */
enum fault store_license_surrender(struct store *store, const struct license_row *row) MUST_CHECK;
/* Marks all that are being surrendered or recalled, or are surrendered, as sent. */
enum fault store_license_surrender_sent(struct store *store) MUST_CHECK;
/* The server of one ID goes on under another: what was surrendered to it is there. */
enum fault store_license_surrender_follow(struct store *store, const char *server_id, const char *next) MUST_CHECK;
/* Is it that server which says whether this license comes back? No other one is believed or told of it. */
bool store_license_surrender_is_with(const struct license_row *row, const char *server_id);
/*
 * The server is left, which is at "server" and in the link still. What it was
 * never told of counts here again; the rest stays with it and counts nowhere
 * here (decision 0029). "now" > 0.
 */
enum fault store_license_surrender_leave(struct store *store, const char *server, int64_t now) MUST_CHECK;
/* The server in the link is of that ID: what was left with it, or under the key that it signs leases with, is with it again. */
enum fault store_license_surrender_rejoin(struct store *store, const char *server_id) MUST_CHECK;

#endif
