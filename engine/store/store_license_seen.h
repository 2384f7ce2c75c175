/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_license_seen.h: inside this room only: every license ever installed
 * here, also after it was deleted, so that none counts as new again.
 */
#ifndef LEASEHOLD_STORE_STORE_LICENSE_SEEN_H
#define LEASEHOLD_STORE_STORE_LICENSE_SEEN_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stdint.h>

/* Was it installed here before? From now on it was. */
enum fault store_license_seen(bool *before, struct store *store, const char *issuer, const char *serial, int64_t now) MUST_CHECK;

#endif
