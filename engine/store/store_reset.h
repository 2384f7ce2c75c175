/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_reset.h: is there nothing in a store but what a factory reset left?
 */
#ifndef LEASEHOLD_STORE_STORE_RESET_H
#define LEASEHOLD_STORE_STORE_RESET_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>

/* Is there an event of that code, and no license, client or license server? */
enum fault store_reset_is_new(bool *out, struct store *store, const char *code) MUST_CHECK;

#endif
