/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_admin.h: administrators and their sign-ins. Passwords are checked by
 * the caller (hashing is slow and stands outside transactions).
 */
#ifndef LEASEHOLD_STORE_STORE_ADMIN_H
#define LEASEHOLD_STORE_STORE_ADMIN_H

#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stdint.h>

/* The last three exist at a center only; partner and customer see what is theirs. */
enum admin_role {
	ADMIN_ADMINISTRATOR,
	ADMIN_OPERATOR,
	ADMIN_READ_ONLY,
	ADMIN_SUPPORT_AGENT,
	ADMIN_PARTNER,
	ADMIN_CUSTOMER,
	ADMIN_ROLES
};

struct admin_row {
	int64_t id;
	const char *name, *password_hash;
	enum admin_role role;
	int64_t made_at, last_sign_in_at;
	const char *last_sign_in_from;
	int64_t failures, failed_at;
	int64_t customer;		/* whose partner or customer it is; 0 = of the house */
	const char *customer_name;	/* read only; "" = none */
};

struct sign_in_row {
	struct admin_row admin;
	const char *csrf, *address, *notice;
	int64_t made_at, seen_at;
};

/* "administrator", "operator", "read-only", "support-agent", "partner", "customer"; and back: false when unknown. */
const char *store_admin_role_word(enum admin_role role);
bool store_admin_role_parse(enum admin_role *out, const char *word);

enum fault store_admin_load(struct admin_row *out, struct arena *arena, struct store *store, const char *name) MUST_CHECK;
enum fault store_admin_list(struct admin_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* Does an account of that role see only what is its customer's? */
bool store_admin_is_guest(enum admin_role role);
/* May an account of that role be at such an appliance? */
bool store_admin_role_fits(enum admin_role role, bool is_center);
/* How many have that role. */
enum fault store_admin_count(int64_t *out, struct store *store, enum admin_role role) MUST_CHECK;
enum fault store_admin_hash_save(struct store *store, int64_t id, const char *password_hash) MUST_CHECK;

/* For ledger_admin.c and ledger_sign.c. */
enum fault store_admin_insert(struct store *store, const struct admin_row *row) MUST_CHECK;
/* With its sign-ins. */
enum fault store_admin_delete(struct store *store, int64_t id) MUST_CHECK;
/* "at" 0 clears. */
enum fault store_admin_failures_save(struct store *store, int64_t id, int64_t failures, int64_t at) MUST_CHECK;
enum fault store_admin_signed_in(struct store *store, int64_t id, const char *address, int64_t now) MUST_CHECK;
enum fault store_admin_load_id(struct admin_row *out, struct arena *arena, struct store *store, int64_t id) MUST_CHECK;

/* ---- sign-ins: store_sign_in.c ---- */

/* Live sign-in of a cookie's digest at "now" (idle and longest time from the settings); FAULT_NOT_FOUND otherwise. */
enum fault store_sign_in_load(struct sign_in_row *out, struct arena *arena, struct store *store, const uint8_t digest[DIGEST_BYTES], int64_t now) MUST_CHECK;
/* Moves seen_at (written at most once a minute). */
enum fault store_sign_in_touch(struct store *store, const uint8_t digest[DIGEST_BYTES], int64_t now) MUST_CHECK;
/* The notice of the next page; "" clears it. */
enum fault store_sign_in_notice(struct store *store, const uint8_t digest[DIGEST_BYTES], const char *notice) MUST_CHECK;

/* For ledger_sign.c and ledger_admin.c. */
enum fault store_sign_in_insert(struct store *store, int64_t admin, const uint8_t digest[DIGEST_BYTES], const char *csrf, const char *address, int64_t now) MUST_CHECK;
enum fault store_sign_in_delete(struct store *store, const uint8_t digest[DIGEST_BYTES]) MUST_CHECK;
/* All of one administrator. */
enum fault store_sign_in_delete_all(struct store *store, int64_t admin) MUST_CHECK;
/* Those that are over at "now". */
enum fault store_sign_in_sweep(struct store *store, int64_t now) MUST_CHECK;
/* Those that began after "at", which has not come yet: the clock went back. */
enum fault store_sign_in_forget(struct store *store, int64_t at) MUST_CHECK;

#endif
