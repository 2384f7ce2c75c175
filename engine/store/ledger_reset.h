/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_reset.h: an appliance after its factory reset.
 */
#ifndef LEASEHOLD_STORE_LEDGER_RESET_H
#define LEASEHOLD_STORE_LEDGER_RESET_H

#include "engine/store/ledger.h"

/* The first act in its new store: that it was reset, who may sign in, and by which network the center is asked. */
enum fault ledger_reset_first(struct ledger *ledger, const char *admin, const char *password_hash, const char *network) MUST_CHECK;
/* Was it reset, and has it no license key and no client since? */
bool ledger_reset_is_new(const struct appliance *appliance);

#endif
