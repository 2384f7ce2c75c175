/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.h: the one SQLite database of an appliance (STATE/store.db). The only
 * room that knows SQL is this one. One store per thread; never shared.
 * WAL, synchronous=FULL, foreign keys on, STRICT tables, a busy handler that
 * sleeps 300 us (platform.md 0.4).
 */
#ifndef LEASEHOLD_STORE_STORE_H
#define LEASEHOLD_STORE_STORE_H

#include "engine/base/fault.h"
#include <stdbool.h>
#include <stdint.h>

struct store;

/* Makes an empty store with the newest schema, mode 0600; FAULT_BUSY when one is there already. */
enum fault store_create(struct store **out, const char *state_directory) MUST_CHECK;
/* Opens an existing one: FAULT_NOT_FOUND when missing (never makes one), FAULT_DAMAGED when it is not ours, newer than this program, or fails quick_check. Older schemas are migrated under an exclusive lock. "check" runs quick_check (start-up and verify). */
enum fault store_open(struct store **out, const char *state_directory, bool check) MUST_CHECK;
/* From now on this connection keeps few pages in memory: for one of many that read. */
enum fault store_keep_little(struct store *store) MUST_CHECK;
/* Sets *store to NULL; accepts NULL inside. */
void store_close(struct store **store);

/* BEGIN IMMEDIATE. Everything that writes runs inside one; reads of one page may use store_begin_read for one snapshot. */
enum fault store_begin(struct store *store) MUST_CHECK;
enum fault store_begin_read(struct store *store) MUST_CHECK;
/* FAULT_UNKNOWN_OUTCOME on an I/O error at commit: answer 503, end the process, let the repeat find out. */
enum fault store_commit(struct store *store) MUST_CHECK;
/* Also fine when SQLite rolled back by itself. */
void store_rollback(struct store *store);
/* One act of a batch: savepoint, then keep or undo. */
enum fault store_savepoint(struct store *store) MUST_CHECK;
enum fault store_keep(struct store *store) MUST_CHECK;
enum fault store_undo(struct store *store) MUST_CHECK;

/* Full integrity_check and foreign_key_check; FAULT_DAMAGED with the first finding logged. */
enum fault store_verify(struct store *store) MUST_CHECK;

#endif
