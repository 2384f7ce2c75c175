/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_act.h: inside this room only: what the acts of the ledger share.
 */
#ifndef LEASEHOLD_STORE_LEDGER_ACT_H
#define LEASEHOLD_STORE_LEDGER_ACT_H

#include "engine/store/ledger.h"

/* An event by the ledger's actor, now. */
enum fault ledger_act_event(struct ledger *ledger, enum event_kind kind, const char *object, const char *a, const char *b, const char *c, const char *d) MUST_CHECK;
/* What may come again and again: not written when there was one about that object within the last minute whose text holds "part" ("" = any). */
enum fault ledger_act_event_seldom(struct ledger *ledger, enum event_kind kind, const char *object, const char *part, const char *a, const char *b) MUST_CHECK;
/* Is this a license server? If not, a mistake. */
bool ledger_act_lends(struct ledger *ledger);
/* Is this a license client? If not, a mistake. */
bool ledger_act_borrows(struct ledger *ledger);
/* Is this a center? If not, a mistake. */
bool ledger_act_issues(struct ledger *ledger);
/* May this server lease the feature to a client of that product and platform (NULL = not known)? */
bool ledger_act_may_lease(const struct ledger *ledger, const struct feature *feature, int product, const struct platform *platform);
/* Is it a platform of a family that this server leases to? */
bool ledger_act_may_serve(const struct ledger *ledger, const struct platform *platform);
/* Does the catalogue know the feature, and have units of it? */
bool ledger_act_is_counted(const struct ledger *ledger, const char *name);
/* "10,000" in the arena. */
const char *ledger_act_units(struct ledger *ledger, int64_t units);
/* As a person reads it, in the arena. */
const char *ledger_act_instant(struct ledger *ledger, int64_t at);
/* "50/25/100": Reserved, Incremental and Maximum Count, in the arena. */
const char *ledger_act_counts(struct ledger *ledger, int64_t reserved, int64_t increment, int64_t maximum);
/* 1 to "most" characters, none of them a control character? */
bool ledger_act_is_printable(const char *text, size_t most);

#endif
