/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_revocation.h: license keys that their issuer took back, as rows.
 */
#ifndef LEASEHOLD_STORE_STORE_REVOCATION_H
#define LEASEHOLD_STORE_STORE_REVOCATION_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"

enum fault store_revocation_has(bool *out, struct store *store, const char *issuer, const char *serial) MUST_CHECK;
struct revocation_row { const char *issuer, *serial; int64_t since; };
enum fault store_revocation_list(struct revocation_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* The issuer's clock of the newest list that was taken; 0 = none was. */
enum fault store_revocation_newest(int64_t *out, struct store *store) MUST_CHECK;

/* How many installed licenses were revoked. */
enum fault store_revocation_count(int64_t *out, struct store *store) MUST_CHECK;

/* For ledger_revocation.c. *is_new is false when it was known. */
enum fault store_revocation_insert(bool *is_new, struct store *store, const char *issuer, const char *serial, int64_t now) MUST_CHECK;
enum fault store_revocation_set_newest(struct store *store, int64_t at) MUST_CHECK;
/* What is installed of them counts no more from "now" on. */
enum fault store_revocation_mark(struct store *store, int64_t now) MUST_CHECK;
/* At the center: serials of license keys that it took back, oldest first. */
enum fault store_revocation_issued(const char ***out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* False when no good key has that serial. */
enum fault store_revocation_take_back(bool *is_there, struct store *store, const char *serial, const char *why, int64_t now) MUST_CHECK;

#endif
