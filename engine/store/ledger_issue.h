/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issue.h: inside this room only: under which name a center signs.
 */
#ifndef LEASEHOLD_STORE_LEDGER_ISSUE_H
#define LEASEHOLD_STORE_LEDGER_ISSUE_H

#include "engine/store/ledger.h"

/* Issuer and key ID of that key, as the center's own list of trusted issuers names them; else its host name and the thumbprint. In the arena. */
enum fault ledger_issue_name(const char **issuer, const char **kid, struct ledger *ledger, const struct keypair *keypair) MUST_CHECK;

#endif
