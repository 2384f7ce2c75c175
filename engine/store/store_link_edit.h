/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_edit.h: inside this room only: the link of a license client
 * written, for the ledger.
 */
#ifndef LEASEHOLD_STORE_STORE_LINK_EDIT_H
#define LEASEHOLD_STORE_STORE_LINK_EDIT_H

#include "engine/store/store_link.h"

/* Every member of the one row; row_version as it is. */
enum fault store_link_edit_save(struct store *store, const struct link_row *row) MUST_CHECK;
/* The next sync is due now; nothing without a link. */
enum fault store_link_edit_hasten(struct store *store) MUST_CHECK;
/* The link and all that its server said, auto-leases included. */
enum fault store_link_edit_delete(struct store *store) MUST_CHECK;
/* What the server said of its features, and the parts it gave, in place of what it said before. */
enum fault store_link_edit_features(struct store *store, const struct link_feature_row *features, size_t count) MUST_CHECK;
enum fault store_link_edit_parts(struct store *store, const struct link_part_row *parts, size_t count) MUST_CHECK;
/* Marks as told the parts that ran out by the server's clock, and only them. */
enum fault store_link_edit_mark_lapsed(struct store *store, int64_t server_now) MUST_CHECK;

#endif
