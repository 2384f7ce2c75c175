/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_download.h: where an appliance fetches its license keys.
 */
#ifndef LEASEHOLD_STORE_LEDGER_DOWNLOAD_H
#define LEASEHOLD_STORE_LEDGER_DOWNLOAD_H

#include "engine/store/ledger.h"

/* The address of the vendor's center: "https://HOST" or "https://HOST:PORT"; "" = none. Field name of mistakes: center. */
enum fault ledger_download_center(struct ledger *ledger, const char *url) MUST_CHECK;

#endif
