/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * migrate.h: brings the tables of a store to the newest schema.
 */
#ifndef LEASEHOLD_STORE_MIGRATE_H
#define LEASEHOLD_STORE_MIGRATE_H

#include "engine/base/fault.h"
#include "engine/store/schema.h"
#include "engine/store/store.h"
#include <stddef.h>
#include <stdint.h>

/* Number of the last step done to it (user_version); 0 = none. */
enum fault migrate_version(int64_t *out, struct store *store) MUST_CHECK;
/*
 * Runs the steps that are missing, all in one exclusive transaction, so that
 * a store is never half of one schema and half of another. References between
 * tables are checked at its end. Foreign keys must be switched off meanwhile.
 */
enum fault migrate_run(struct store *store, const struct schema_step *steps, size_t count) MUST_CHECK;

#endif
