/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_guess.h: wrong passwords at the console's sign-in, by typed name and
 * address, whether anybody has that name or not. The name "" stands for all
 * names of one address.
 */
#ifndef LEASEHOLD_STORE_STORE_GUESS_H
#define LEASEHOLD_STORE_STORE_GUESS_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdint.h>

struct guess_row {
	int64_t failures;	/* since the last right one, or since they were forgotten */
	int64_t failed_at;
};

/* Zeros when none is kept. */
enum fault store_guess_load(struct guess_row *out, struct store *store, const char *name, const char *address) MUST_CHECK;
/* One more at "now"; forgets what is older than a day. */
enum fault store_guess_add(struct store *store, const char *name, const char *address, int64_t now) MUST_CHECK;
/* A right password from that address. */
enum fault store_guess_clear(struct store *store, const char *name, const char *address) MUST_CHECK;
/* An administrator unlocks the name for every address. */
enum fault store_guess_clear_name(struct store *store, const char *name) MUST_CHECK;

#endif
