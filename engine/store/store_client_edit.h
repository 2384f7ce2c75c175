/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client_edit.h: inside this room only: rows of clients written, for
 * the ledger.
 */
#ifndef LEASEHOLD_STORE_STORE_CLIENT_EDIT_H
#define LEASEHOLD_STORE_STORE_CLIENT_EDIT_H

#include "engine/store/store_client.h"

/* Name, password_hash, expiration, platform, product and made_at of "row"; the new row's id in *out. */
enum fault store_client_edit_insert(int64_t *out, struct store *store, const struct client_row *row) MUST_CHECK;
/* The same members, password_version and changed_at; row_version grows. */
enum fault store_client_edit_update(struct store *store, const struct client_row *row) MUST_CHECK;
/* From now on it is known by its documents only; its name is free. */
enum fault store_client_edit_delete(struct store *store, int64_t id, int64_t now) MUST_CHECK;
/* First contact: hardware ID, and device key when it has one. */
enum fault store_client_edit_register(struct store *store, const struct client_row *row) MUST_CHECK;
enum fault store_client_edit_cluster(struct store *store, int64_t id, const char *cluster) MUST_CHECK;
/* Who has that ID, whatever its case: the name as written. FAULT_NOT_FOUND when nobody. */
enum fault store_client_edit_same_name(const char **name, int64_t *id, struct arena *arena, struct store *store, const char *wanted) MUST_CHECK;

/* At most "most" clients whose expiration date passed and is not announced; and mark one. */
enum fault store_client_edit_expired(int64_t **out, size_t *count, struct arena *arena, struct store *store, int64_t most, int64_t now) MUST_CHECK;
enum fault store_client_edit_announce(struct store *store, int64_t id) MUST_CHECK;
/* Configurations that ended by "mark" end at "at" at the latest: the clock went back, and they stay ended. */
enum fault store_client_edit_end(struct store *store, int64_t mark, int64_t at) MUST_CHECK;
/* Deleted clients that hold nothing any more. */
enum fault store_client_edit_purge(struct store *store) MUST_CHECK;

#endif
