/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfer_audit.h: at the center: what an auditor wants to know of the
 * replacements: every step, every license that moved, and what is not as it
 * should be.
 */
#ifndef LEASEHOLD_STORE_TRANSFER_AUDIT_H
#define LEASEHOLD_STORE_TRANSFER_AUDIT_H

#include "engine/base/csv.h"
#include "engine/store/store_transfer.h"

#define TRANSFER_AUDIT_FINDING "finding"	/* the step that records one */
#define TRANSFER_AUDIT_FINDINGS 3	/* at most, of one replacement */

/* What is not as it should be now: sentences in the arena; answers how many. What was is among the steps. */
size_t transfer_audit_findings(const char *out[TRANSFER_AUDIT_FINDINGS], struct arena *arena, const struct transfer_row *row, int64_t now);
/* "requested", "tested" …: stable words. */
const char *transfer_audit_word(enum transfer_state state);
/* One line for each step, each license that moved, and each finding. The caller frees it. */
enum fault transfer_audit_csv(struct csv *csv, struct arena *arena, struct store *store, int64_t scope, int64_t now) MUST_CHECK;

#endif
