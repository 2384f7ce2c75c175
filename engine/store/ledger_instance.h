/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_instance.h: at the center: heartbeats of virtual license servers, and
 * which of them share a name (rules.md 11).
 */
#ifndef LEASEHOLD_STORE_LEDGER_INSTANCE_H
#define LEASEHOLD_STORE_LEDGER_INSTANCE_H

#include "engine/store/ledger.h"

#define INSTANCE_WORD 32	/* hexadecimal digits that name an instance, or a boot of it */

struct instance_beat {
	const char *hardware_id, *instance, *boot, *address;
	int64_t sequence;
	int64_t sent_at;	/* by the clock of the sender, who signed it */
};

/* Notes it. *is_duplicate: two use this hardware ID, since now or before. */
enum fault ledger_instance_note(bool *is_duplicate, struct ledger *ledger, const struct instance_beat *beat) MUST_CHECK;
/* Serials of its license keys that were revoked; text in the arena. */
enum fault ledger_instance_revoked(const char ***out, size_t *count, struct ledger *ledger, const char *hardware_id) MUST_CHECK;
/* The vendor knows that one is left. A mistake on "hwid" when it was not marked. */
enum fault ledger_instance_clear(struct ledger *ledger, const char *hardware_id) MUST_CHECK;

#endif
