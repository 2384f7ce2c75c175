/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issuer.h: at the center: its issuer keys change. The files do so by
 * themselves (issuer_keys.h); this is what the log says.
 */
#ifndef LEASEHOLD_STORE_LEDGER_ISSUER_H
#define LEASEHOLD_STORE_LEDGER_ISSUER_H

#include "engine/store/ledger.h"

enum fault ledger_issuer_rotated(struct ledger *ledger, const char *kid) MUST_CHECK;
enum fault ledger_issuer_retired(struct ledger *ledger, const char *kid) MUST_CHECK;

#endif
