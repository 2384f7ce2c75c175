/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_backup.h: a copy of a store as it is at one instant, and a copy that
 * takes a store's place.
 */
#ifndef LEASEHOLD_STORE_STORE_BACKUP_H
#define LEASEHOLD_STORE_STORE_BACKUP_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <limits.h>

/*
 * Writes all of an open store, as of now, to a new file of mode 0600; others
 * may go on reading and writing meanwhile. FAULT_BUSY when something of that
 * name is there: it stays as it is. Nothing, or the whole copy, has the name.
 */
enum fault store_backup_write(struct store *store, const char *path) MUST_CHECK;
/*
 * STATE/store.db is replaced by FROM/store.db, a store that nobody has open, in
 * one step: whenever the power goes, one or the other is there. What was there
 * stays beside it under the name "replaced" ("" when there was none). Nobody
 * may use STATE's store: FAULT_BUSY when somebody does.
 */
enum fault store_backup_adopt(char replaced[PATH_MAX], const char *state_directory, const char *from_directory, const char *stamp) MUST_CHECK;

#endif
