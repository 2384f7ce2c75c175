/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_download.h: where an appliance fetches its license keys, and what came
 * of it.
 */
#ifndef LEASEHOLD_STORE_LEDGER_DOWNLOAD_H
#define LEASEHOLD_STORE_LEDGER_DOWNLOAD_H

#include "engine/store/ledger.h"
#include "engine/store/store_download.h"

struct download_input {
	const char *center;	/* "https://HOST" or "https://HOST:PORT"; "" = none; NULL = as it is, likewise below */
	const char *network;
	const bool *is_enabled;
	const char *proxy;	/* "HOST:PORT"; "" = none: user and password go with it */
	const char *proxy_user, *proxy_password;
};
/* Field names of mistakes: center network proxy proxy_user. */
enum fault ledger_download_save(struct ledger *ledger, const struct download_input *input) MUST_CHECK;
/* A run is over; its keys were installed, or not, before. */
enum fault ledger_download_done(struct ledger *ledger, const struct download_row *row) MUST_CHECK;

/* The same of a key file that was carried here: nobody was in contact with the center. */
enum fault ledger_download_filed(struct ledger *ledger, const struct download_row *row) MUST_CHECK;

#endif
