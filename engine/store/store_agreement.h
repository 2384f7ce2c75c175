/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_agreement.h: who accepted which license agreement, and when.
 */
#ifndef LEASEHOLD_STORE_STORE_AGREEMENT_H
#define LEASEHOLD_STORE_STORE_AGREEMENT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"

struct agreement_row {
	const char *version, *digest, *actor, *address;
	int64_t at;
};

/* The latest acceptance of that text; FAULT_NOT_FOUND when it was never accepted. "digest" NULL = of any text. */
enum fault store_agreement_load(struct agreement_row *out, struct arena *arena, struct store *store, const char *digest) MUST_CHECK;

/* For ledger_agreement.c. */
enum fault store_agreement_insert(struct store *store, const struct agreement_row *row) MUST_CHECK;

#endif
