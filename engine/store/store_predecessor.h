/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_predecessor.h: the appliances in whose place this one stands
 * (rules.md 8.6). Decides nothing.
 */
#ifndef LEASEHOLD_STORE_STORE_PREDECESSOR_H
#define LEASEHOLD_STORE_STORE_PREDECESSOR_H

#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include "engine/store/store.h"

/* Did this appliance take the place of that one? */
enum fault store_predecessor_is(bool *out, struct store *store, const char *hardware_id) MUST_CHECK;
/*
 * The store of another appliance becomes that of "own": its hardware ID, names,
 * addresses and platform are those of "own" from now on, the other is a
 * predecessor, and no installed key is believed before it was looked at again.
 */
enum fault store_predecessor_become(struct store *store, const struct appliance *own, int64_t now) MUST_CHECK;

#endif
