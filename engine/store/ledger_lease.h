/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_lease.h: inside this room only: a plan of the rules becomes rows of
 * lease documents (rules.md 3).
 */
#ifndef LEASEHOLD_STORE_LEDGER_LEASE_H
#define LEASEHOLD_STORE_LEDGER_LEASE_H

#include "engine/rules/lease.h"
#include "engine/store/ledger.h"
#include "engine/store/store_lease.h"

/* More parts than this of one feature are put together where that changes little: a lease document must stay small enough to be sent. */
#define LEDGER_LEASE_PARTS_MAX 64

struct lease_change {
	int64_t client;
	const char *feature;
	const struct lease_row *rows;	/* of that client and feature, as stored */
	size_t row_count;
	const struct lease_plan *plan;
	int64_t number;			/* newest document; what is written now stands in the next */
};

/* Puts quanta of one size and expiry together, the older counted as young as the younger, until the plan is short enough. */
void ledger_lease_merge(struct lease_plan *plan);
/* Does a row stay as it is, but for a later expiry or another source of its units? */
bool ledger_lease_goes_on(const struct lease_part *row, const struct lease_plan *plan);
/* *changed: some part is new, gone or smaller; not so when expiries move on. */
enum fault ledger_lease_apply(bool *changed, struct ledger *ledger, const struct lease_change *change) MUST_CHECK;

#endif
