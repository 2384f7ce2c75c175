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

enum admin_role { ADMIN_ADMINISTRATOR, ADMIN_OPERATOR, ADMIN_READ_ONLY };

struct admin_row {
	int64_t id;
	const char *name, *password_hash;
	enum admin_role role;
	int64_t made_at, last_sign_in_at;
	const char *last_sign_in_from;
	int64_t failures, failed_at;
};

struct sign_in_row {
	struct admin_row admin;
	const char *csrf, *address, *notice;
	int64_t made_at, seen_at;
};

enum fault store_admin_load(struct admin_row *out, struct arena *arena, struct store *store, const char *name) MUST_CHECK;
enum fault store_admin_list(struct admin_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
enum fault store_admin_hash_save(struct store *store, int64_t id, const char *password_hash) MUST_CHECK;
/* Live sign-in of a cookie's digest at "now" (idle and longest time from the settings); FAULT_NOT_FOUND otherwise. */
enum fault store_sign_in_load(struct sign_in_row *out, struct arena *arena, struct store *store, const uint8_t digest[DIGEST_BYTES], int64_t now) MUST_CHECK;
/* Moves seen_at (written at most once a minute). */
enum fault store_sign_in_touch(struct store *store, const uint8_t digest[DIGEST_BYTES], int64_t now) MUST_CHECK;
/* The notice of the next page; "" clears it. */
enum fault store_sign_in_notice(struct store *store, const uint8_t digest[DIGEST_BYTES], const char *notice) MUST_CHECK;

#endif
