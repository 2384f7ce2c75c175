/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_revocation.h: license keys that their issuer takes back: the signed
 * list of them at the center, and what an appliance makes of it (rules.md 12).
 * The list is a JWS of typ "leasehold-revocations" over
 * {"iss":…,"iat":…,"serials":[…]}, signed by the key that signs license keys.
 */
#ifndef LEASEHOLD_STORE_LEDGER_REVOCATION_H
#define LEASEHOLD_STORE_LEDGER_REVOCATION_H

#include "engine/store/issuer_keys.h"
#include "engine/store/ledger.h"

/* At the center: takes one key back. Field names of mistakes: serial why. */
enum fault ledger_revocation_take_back(struct ledger *ledger, const char *serial, const char *why) MUST_CHECK;
/* At the center: the list as it is now, signed by each of its keys, the present one first, one a line; in the arena. */
enum fault ledger_revocation_list(const char **out, struct ledger *ledger, const struct issuer_keys *keys) MUST_CHECK;

/*
 * On an appliance: what a trusted issuer took back counts no more, here or
 * surrendered to here, and is never installed again. *is_taken false, and
 * nothing done, when none of the lists, one a line, is signed by one whom this appliance trusts,
 * or older than one that was taken. Nothing that was taken back comes back.
 */
enum fault ledger_revocation_take(bool *is_taken, struct ledger *ledger, const char *list) MUST_CHECK;
/* What was taken back stays so in a new store, as of a factory reset: "from" is the old one. */
enum fault ledger_revocation_carry(struct ledger *ledger, struct store *from) MUST_CHECK;

#endif
