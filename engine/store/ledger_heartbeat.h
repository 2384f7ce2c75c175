/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_heartbeat.h: on a virtual license server: its contact with the center,
 * and what comes of having none (rules.md 11). On an appliance of another role
 * nothing of it is called.
 */
#ifndef LEASEHOLD_STORE_LEDGER_HEARTBEAT_H
#define LEASEHOLD_STORE_LEDGER_HEARTBEAT_H

#include "engine/store/ledger.h"
#include "engine/store/store_heartbeat.h"

/* One is about to be sent: its number is stored before, so that none is ever used twice. *out as it is then. */
enum fault ledger_heartbeat_prepare(struct heartbeat_row *out, struct ledger *ledger) MUST_CHECK;
/* The center took it. */
enum fault ledger_heartbeat_accepted(struct ledger *ledger, bool is_duplicate) MUST_CHECK;
/* It did not; "text" for a person. */
enum fault ledger_heartbeat_failed(struct ledger *ledger, const char *text) MUST_CHECK;
/* An authentication code was entered, and the center took that: as good as a heartbeat. */
enum fault ledger_heartbeat_revived(struct ledger *ledger) MUST_CHECK;
/* Called by the agent each minute, with the seconds that it ran since: tells once of what was missed, and of the stop. */
enum fault ledger_heartbeat_minute(struct ledger *ledger, int64_t seconds) MUST_CHECK;

#endif
