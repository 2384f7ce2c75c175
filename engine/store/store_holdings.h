/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_holdings.h: at the center: who holds which license keys on which
 * device, over everything that was issued and not taken back.
 */
#ifndef LEASEHOLD_STORE_STORE_HOLDINGS_H
#define LEASEHOLD_STORE_STORE_HOLDINGS_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include "engine/store/store_center.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct holdings_row {
	const char *customer;		/* by name; "" = of nobody that is known */
	const char *hardware_id, *platform;	/* the latter "" = not known */
	bool is_known;			/* is there a device of that hardware ID? */
	int64_t contact_at;		/* of the device; 0 = it never called */
	const char *serial, *sku, *start_date, *end_date;	/* dates "" = none */
};

/* By customer, device and SKU, found by a customer's name, a hardware ID or a SKU; *matching without offset and limit. */
enum fault store_holdings_list(struct holdings_row **out, size_t *count,
    int64_t *matching, struct arena *arena, struct store *store,
    const struct center_filter *filter) MUST_CHECK;
/*
 * The same rows one after another, however many there are ("offset" and
 * "limit" do not matter): "take" sees each, with text that lasts until it
 * returns, and stops all by a fault.
 */
enum fault store_holdings_each(
    enum fault (*take)(void *with, const struct holdings_row *row), void *with,
    struct store *store, const struct center_filter *filter) MUST_CHECK;

#endif
