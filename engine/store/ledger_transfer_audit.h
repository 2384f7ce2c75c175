/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_transfer_audit.h: at the center: what is found against a replacement
 * is recorded, so that it stays found when it is set right. Each finding is a
 * step of its replacement and an event, once.
 */
#ifndef LEASEHOLD_STORE_LEDGER_TRANSFER_AUDIT_H
#define LEASEHOLD_STORE_LEDGER_TRANSFER_AUDIT_H

#include "engine/store/ledger.h"

/* What time brings, of every open one: contracts that lapsed, resets and exchanges that are due. Elsewhere than at a center it does nothing. */
enum fault ledger_transfer_audit_minute(struct ledger *ledger) MUST_CHECK;
/* That device, whose licenses went to a spare, was in contact. */
enum fault ledger_transfer_audit_contact(struct ledger *ledger, int64_t device) MUST_CHECK;

#endif
