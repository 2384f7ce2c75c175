/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_leave.h: what ends, and what stays behind, when a license client
 * leaves its server.
 */
#ifndef LEASEHOLD_STORE_STORE_LINK_LEAVE_H
#define LEASEHOLD_STORE_STORE_LINK_LEAVE_H

#include "engine/store/store_license.h"
#include "engine/store/store_link.h"

struct link_leave {
	struct link_feature_row *leased;	/* of which units run; they end here, and the server holds them until "expires" */
	size_t leased_count;
	struct license_row *licenses;		/* it may have them: they would stay with it and count nowhere here (decision 0029) */
	size_t license_count;
};

/* In the arena. "server_now" INT64_MAX = its clock is not known: then no unit runs. */
enum fault store_link_leave_load(struct link_leave *out, struct arena *arena, struct store *store, int64_t now, int64_t server_now) MUST_CHECK;
/* "CONSEC 60, ACCESS 5"; "" = nothing runs; NULL when the arena is full. */
const char *store_link_leave_units(struct arena *arena, const struct link_leave *leave);
/* Does the server that this license client has, and leaves, know of it, as far as that is known here? */
bool store_link_leave_stays(const struct license_row *row);

#endif
