/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recount.h: everything counted anew, from the parts of leases and from the
 * license keys alone, and compared with what this appliance goes by
 * (decision 0017). Shares no sum with the code that grants.
 */
#ifndef LEASEHOLD_STORE_RECOUNT_H
#define LEASEHOLD_STORE_RECOUNT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include <stdbool.h>
#include <stddef.h>

/* So many are told one by one. */
#define RECOUNT_TOLD_MAX 100

struct recount_difference {
	const char *code;	/* "total" … of differences.tbl */
	const char *text;
};

struct recount {
	struct recount_difference items[RECOUNT_TOLD_MAX];
	size_t count;		/* of the items */
	int64_t found;		/* in all */
	bool is_over;		/* more is held than there is, as after a license was lost: among the items, but no mistake by itself */
	int64_t licenses, clients, parts;	/* looked at */
};

/* Works inside a transaction of the caller's, of one snapshot; "system_now" is the system's clock. Texts are in the arena. */
enum fault recount_run(struct recount *out, struct arena *arena, const struct appliance *appliance, int64_t system_now) MUST_CHECK;
/* Does all add up, apart from what is over? */
bool recount_is_sound(const struct recount *recount);

#endif
