/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_membership.h: what of a lease draws on permanent licenses although its
 * client shows no member license (rules.md 5), part by part. The same on both
 * sides: the server has it in its rows, a client in the last answer.
 */
#ifndef LEASEHOLD_STORE_STORE_MEMBERSHIP_H
#define LEASEHOLD_STORE_STORE_MEMBERSHIP_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include "engine/store/store_link.h"

struct membership_part {
	const char *feature;
	bool is_reserved;
	int64_t units;		/* of the part, those that come from permanent licenses */
	int64_t granted, expires;	/* 0 = the server did not say */
	int64_t since;		/* since when its client is out of compliance; 0 = the server did not say */
};

/* On the server: of one client, by feature and age; none when it shows a member license. */
enum fault store_membership_of(struct membership_part **out, size_t *count, struct arena *arena, struct store *store, int64_t client, int64_t now) MUST_CHECK;
/*
 * On the client: of its own lease, as its server said last and as far as that
 * still runs. None when a member license was installed since: the server has
 * not looked at it yet.
 */
enum fault store_membership_own(struct membership_part **out, size_t *count, struct arena *arena, struct store *store, const struct link_row *link, int64_t now) MUST_CHECK;
/* Units of the parts of the feature that parts[0] has, which come together; *next is the index behind them. */
int64_t store_membership_units(size_t *next, const struct membership_part *parts, size_t count);

#endif
