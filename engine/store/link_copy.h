/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_copy.h: a license client's link with all that its server said, at once:
 * read, put back, and as the text in which it waits while another is tried.
 */
#ifndef LEASEHOLD_STORE_LINK_COPY_H
#define LEASEHOLD_STORE_LINK_COPY_H

#include "engine/store/store_link.h"
#include "engine/store/store_link_auto_lease.h"

struct link_copy {
	struct link_row row;
	struct link_feature_row *
	    features; /* as the server said; what runs of the lease is not filled */
	size_t feature_count;
	struct link_part_row *parts;
	size_t part_count;
	struct link_auto_lease_row *
	    taken; /* without IDs: each time they are written they get new ones */
	size_t taken_count;
};

/* FAULT_NOT_FOUND when no server is configured. */
enum fault link_copy_load(
    struct link_copy *out, struct arena *arena, struct store *store) MUST_CHECK;
/* Inside this room only: takes the place of the present link and of all that its server said. */
enum fault
link_copy_write(struct store *store, const struct link_copy *copy) MUST_CHECK;
/* Inside this room only: only its auto-leased intervals, beside those that are there. */
enum fault link_copy_write_taken(
    struct store *store, const struct link_copy *copy) MUST_CHECK;
/* JSON in the arena, the password in it; NULL when full. */
const char *
link_copy_to_text(struct arena *arena, const struct link_copy *copy);
/* FAULT_DAMAGED when it is no such text. */
enum fault link_copy_of_text(
    struct link_copy *out, struct arena *arena, const char *text) MUST_CHECK;

#endif
