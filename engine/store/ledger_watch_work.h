/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_work.h: inside this room only: what the files ledger_watch*.c
 * and the acts that change a pool share.
 */
#ifndef LEASEHOLD_STORE_LEDGER_WATCH_WORK_H
#define LEASEHOLD_STORE_LEDGER_WATCH_WORK_H

#include "engine/store/ledger.h"
#include "engine/store/store_pool.h"

/* ---- ledger_watch_pool.c ---- */

/* T and Σ held of a feature from "at" on, noted when either differs from the last note. */
enum fault ledger_watch_pool_note(struct ledger *ledger, const char *feature, int64_t at, int64_t total, int64_t held) MUST_CHECK;
/* Notes, at its very instant, whatever ended by itself after "since" and up to ledger->now: parts, configurations, licenses. Nothing else has changed since then. */
enum fault ledger_watch_pool_elapsed(struct ledger *ledger, int64_t since) MUST_CHECK;

#endif
